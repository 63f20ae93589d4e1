package clickhouse_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"uptake/clickhouse"
)

var driverNamed = driver.Named

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	holder := startChild(t, "hold", dir)
	require.Equal(t, "opened", holder.line(t))

	second := startChild(t, "open", dir)
	assert.Equal(t, string(clickhouse.Locked), second.line(t))
	assert.Contains(t, second.line(t), "Another Uptake process uses this data directory")
	require.NoError(t, second.Wait())

	require.NoError(t, holder.in.Close())
	require.NoError(t, holder.Wait())
	third := startChild(t, "open", dir)
	assert.Equal(t, "opened", third.line(t))
	require.NoError(t, third.Wait())
}

func TestForeignHolderOfTheEnginesOwnLockIsRecognised(t *testing.T) {
	dir := t.TempDir()
	first := startChild(t, "open", dir)
	require.Equal(t, "opened", first.line(t))
	require.NoError(t, first.Wait())
	status, err := os.OpenFile(filepath.Join(dir, "clickhouse", "status"), os.O_RDWR|os.O_CREATE, 0o600)
	require.NoError(t, err)
	defer status.Close()
	require.NoError(t, unix.Flock(int(status.Fd()), unix.LOCK_EX))
	second := startChild(t, "open", dir)
	assert.Equal(t, string(clickhouse.Locked), second.line(t))
}

func TestRowsOfFinishedInsertsSurviveKill9(t *testing.T) {
	dir := t.TempDir()
	var acknowledged uint64
	for range 3 {
		inserter := startChild(t, "insert", dir)
		for range 20 + rand.IntN(20) {
			n, err := strconv.ParseUint(inserter.line(t), 10, 64)
			require.NoError(t, err)
			acknowledged = max(acknowledged, n)
		}
		require.NoError(t, inserter.Process.Kill()) // somewhere in the middle of the next insert
		_ = inserter.Wait()

		counter := startChild(t, "count", dir)
		var batches, rows, torn uint64
		_, err := fmt.Sscan(counter.line(t), &batches, &rows, &torn)
		require.NoError(t, err)
		require.NoError(t, counter.Wait())
		assert.GreaterOrEqual(t, batches, acknowledged, "acknowledged batches are missing")
		assert.Zero(t, torn, "a batch is there in part")
	}
}

// ballast is the file that is removed to make room.
const ballast = "ballast"

// fillDisk is the child of TestFullDisk.
func fillDisk(ctx context.Context, db *clickhouse.DB) error {
	if err := createRows(ctx, db); err != nil {
		return err
	}
	noise := make([]byte, 2000)
	var stored uint64
	var failure error
	for number := uint64(0); failure == nil; number++ {
		failure = insertRows(ctx, db, number, func(int) string {
			for i := range noise {
				noise[i] = byte(rand.Uint32())
			}
			return string(noise)
		})
		if failure == nil {
			stored++
		}
	}
	var complete uint64
	if err := db.QueryRow(ctx, "SELECT countIf(n = 1000) FROM (SELECT count() AS n FROM rows GROUP BY batch)").Scan(&complete); err != nil {
		return fmt.Errorf("read on a full disk: %w", err)
	}
	fmt.Println(clickhouse.CodeOf(failure), stored, complete)
	fmt.Println(clickhouse.Explain(failure))
	// The engine cannot help itself: even TRUNCATE wants a megabyte. Someone makes room.
	if err := os.Remove(filepath.Join(os.Getenv(childDir), ballast)); err != nil {
		return err
	}
	return insertRows(ctx, db, 0, func(int) string { return "fits again" })
}

func TestFullDisk(t *testing.T) {
	dir := smallDisk(t, 48<<20)
	require.NoError(t, os.WriteFile(filepath.Join(dir, ballast), make([]byte, 16<<20), 0o600))
	filler := startChild(t, "fill", dir)
	var code string
	var stored, complete uint64
	_, err := fmt.Sscan(filler.line(t), &code, &stored, &complete)
	require.NoError(t, err)
	assert.Equal(t, string(clickhouse.DiskFull), code)
	assert.Equal(t, stored, complete, "what was acknowledged before is still there")
	assert.Contains(t, filler.line(t), "The disk that ClickHouse writes to is full")
	for filler.out.Scan() {
		t.Error(filler.out.Text())
	}
	require.NoError(t, filler.Wait(), "after space was made, inserts work again")
}

func TestFullDiskAtTheStart(t *testing.T) {
	dir := smallDisk(t, 4<<20)
	for i := 0; ; i++ {
		if os.WriteFile(filepath.Join(dir, "ballast"+strconv.Itoa(i)), make([]byte, 4096), 0o600) != nil {
			break
		}
	}
	opener := startChild(t, "open", dir)
	assert.Equal(t, string(clickhouse.DiskFull), opener.line(t))
}

func TestMissingLibrary(t *testing.T) {
	opener := startChild(t, "open", t.TempDir(), "UPTAKE_LIBCHDB=/nowhere/libchdb.so")
	assert.Equal(t, string(clickhouse.MissingLibrary), opener.line(t))
	message := opener.line(t)
	for _, hint := range []string{"make build", "UPTAKE_LIBCHDB", "UPTAKE_CLICKHOUSE_DSN", "/nowhere/libchdb.so"} {
		assert.Contains(t, message, hint)
	}
}

func TestBrokenLibrary(t *testing.T) {
	file := filepath.Join(t.TempDir(), "libchdb.so")
	require.NoError(t, os.WriteFile(file, []byte("no library"), 0o600))
	opener := startChild(t, "open", t.TempDir(), "UPTAKE_LIBCHDB="+file)
	assert.Equal(t, string(clickhouse.MissingLibrary), opener.line(t))
}

func TestDataDirectoryIsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	opener := startChild(t, "open", file)
	assert.Equal(t, string(clickhouse.InvalidConfig), opener.line(t))
}

// reopen is the child of TestReopenInOneProcess.
func reopen(ctx context.Context, db *clickhouse.DB) error {
	dir := os.Getenv(childDir)
	if err := createRows(ctx, db); err != nil {
		return err
	}
	for round := range uint64(5) {
		if err := insertRows(ctx, db, round, func(int) string { return "x" }); err != nil {
			return err
		}
		other, err := db.Use(ctx, "other")
		if err != nil {
			return err
		}
		// A statement that runs while the engine closes is ended, not waited for.
		slow := make(chan error, 1)
		go func() { slow <- other.Exec(ctx, "SELECT max(sipHash64(number)) FROM numbers(200000000000)") }()
		time.Sleep(100 * time.Millisecond)
		if err := errors.Join(other.Close(), db.Close()); err != nil {
			return err
		}
		if err := <-slow; clickhouse.CodeOf(err) != clickhouse.Closed {
			return fmt.Errorf("the slow statement ended with %w", err)
		}
		if err := db.Ping(ctx); clickhouse.CodeOf(err) != clickhouse.Closed {
			return fmt.Errorf("a closed store answers %w", err)
		}
		if db, err = clickhouse.Open(ctx, clickhouse.Config{DataDir: dir, DrainTimeout: 200 * time.Millisecond}); err != nil {
			return err
		}
	}
	if _, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: dir + "/elsewhere"}); clickhouse.CodeOf(err) != clickhouse.InvalidConfig {
		return fmt.Errorf("a second directory: %w", err)
	}
	again, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: filepath.Join(dir, ".", "sub", "..")})
	if err != nil {
		return err
	}
	return errors.Join(printCount(ctx, again), again.Close(), db.Close())
}

func TestReopenInOneProcess(t *testing.T) {
	c := startChild(t, "reopen", t.TempDir())
	assert.Equal(t, "5 5000 0", c.line(t))
	require.NoError(t, c.Wait())
}

// provokeFaults shows that the signals are still Go's after the engine started.
func provokeFaults() (err error) {
	for range 3 {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "nil pointer") {
					err = fmt.Errorf("no panic but %v", r)
				}
			}()
			var nothing *bytes.Buffer
			nothing.WriteByte(1)
		}()
	}
	runtime.GC()
	fmt.Println("survived")
	return err
}

func TestNilPointersStillPanic(t *testing.T) {
	c := startChild(t, "segv", t.TempDir())
	assert.Equal(t, "survived", c.line(t))
	require.NoError(t, c.Wait())
}
