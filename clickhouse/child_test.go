package clickhouse_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
)

// The engine can be opened on one directory in one process, so tests of opening,
// locking and crashing start this test binary again, in one of these roles.
const (
	childRole = "UPTAKE_CLICKHOUSE_TEST_CHILD"
	childDir  = "UPTAKE_CLICKHOUSE_TEST_DIR"
)

// child is the binary in a role, with its standard input and output.
type child struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startChild(t *testing.T, role, dir string, env ...string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childRole+"="+role, childDir+"="+dir), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return &child{Cmd: cmd, in: in, out: bufio.NewScanner(out)}
}

// line returns the next line that the child prints.
func (c *child) line(t *testing.T) string {
	t.Helper()
	require.True(t, c.out.Scan(), "the child ended without a word")
	return c.out.Text()
}

// runChild plays a role and returns the exit code.
func runChild(role string) int {
	ctx := context.Background()
	config := clickhouse.Config{DataDir: os.Getenv(childDir), DrainTimeout: 200 * time.Millisecond}
	if role == "memory" {
		config.MaxMemory = 1 << 30
	}
	db, err := clickhouse.Open(ctx, config)
	if err != nil {
		fmt.Println(clickhouse.CodeOf(err))
		fmt.Println(err)
		return 0
	}
	switch role {
	case "open": // says that it could open
		fmt.Println("opened")
	case "hold": // keeps the directory until its input ends
		fmt.Println("opened")
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "insert": // inserts until it is killed, and counts what was acknowledged
		err = insertForever(ctx, db)
	case "fill": // inserts until it fails, then shows that reading works and deleting helps
		err = fillDisk(ctx, db)
	case "count":
		err = printCount(ctx, db)
	case "reopen": // closes and opens again and again
		err = reopen(ctx, db)
	case "memory": // asks for more than it may have
		err = smallMemory(ctx, db)
	case "segv": // makes faults that Go turns into panics
		err = provokeFaults()
	default:
		err = fmt.Errorf("no role %s", role)
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

const childBatch = 1000

func createRows(ctx context.Context, db *clickhouse.DB) error {
	return db.Exec(ctx, "CREATE TABLE IF NOT EXISTS rows (batch UInt64, n UInt64, text String) ENGINE = MergeTree ORDER BY (batch, n)")
}

func insertRows(ctx context.Context, db *clickhouse.DB, number uint64, text func(int) string) error {
	batch, err := db.PrepareBatch(ctx, "INSERT INTO rows")
	if err != nil {
		return err
	}
	defer batch.Close()
	for i := range childBatch {
		if err := batch.Append(number, uint64(i), text(i)); err != nil {
			return err
		}
	}
	return batch.Send()
}

func insertForever(ctx context.Context, db *clickhouse.DB) error {
	if err := createRows(ctx, db); err != nil {
		return err
	}
	for number := uint64(1); ; number++ {
		if err := insertRows(ctx, db, number, func(int) string { return "some\ntext" }); err != nil {
			return err
		}
		fmt.Println(number)
	}
}

func printCount(ctx context.Context, db *clickhouse.DB) error {
	var batches, rows, torn uint64
	err := db.QueryRow(ctx, `SELECT count(), sum(n), countIf(n % {size:UInt64} != 0) FROM (SELECT batch, count() AS n FROM rows GROUP BY batch)`,
		driverNamed("size", childBatch)).Scan(&batches, &rows, &torn)
	fmt.Println(batches, rows, torn)
	return err
}
