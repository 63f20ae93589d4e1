package clickhouse_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

const peopleDays = "CREATE TABLE person_day (day Date, tool LowCardinality(String), person UInt64, contribute UInt32, respond UInt32, consume UInt32) ENGINE = MergeTree ORDER BY (day, tool, person)"

func insertPeopleDays(t testing.TB, db *clickhouse.DB, first, n int) {
	t.Helper()
	batch, err := db.PrepareBatch(t.Context(), "INSERT INTO person_day")
	require.NoError(t, err)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tools := []string{"chat", "wiki", "mail"}
	for i := first; i < first+n; i++ {
		if err := batch.Append(day.AddDate(0, 0, i/100_000), tools[i%3], uint64(i), uint32(i%10), uint32(i%13), uint32(i%7)); err != nil {
			t.Fatal(err)
		}
	}
	require.NoError(t, batch.Send())
}

func TestMillionRowsInAndOut(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), peopleDays))
	insertPeopleDays(t, db, 0, 1_000_000)
	rows, err := db.Query(t.Context(), "SELECT person, tool FROM person_day ORDER BY person")
	require.NoError(t, err)
	var next uint64
	for rows.Next() {
		var person uint64
		var tool string
		if err := rows.Scan(&person, &tool); err != nil || person != next {
			t.Fatalf("row %d is %d, %v", next, person, err)
		}
		next++
	}
	require.NoError(t, rows.Err())
	assert.EqualValues(t, 1_000_000, next)
}

// A result is passed on in pieces: one of 400 MB must not cost 400 MB.
func TestLargeResultIsNotHeldInMemory(t *testing.T) {
	db := clickhousetest.Open(t)
	var one uint8
	require.NoError(t, db.QueryRow(t.Context(), "SELECT 1").Scan(&one))
	before, peak, seen := resident(t), 0, 0
	rows, err := db.Query(t.Context(), "SELECT repeat('x', 1000) FROM numbers(400000) SETTINGS max_block_size = 4096")
	require.NoError(t, err)
	for rows.Next() {
		if seen++; seen%20_000 == 0 {
			peak = max(peak, resident(t)-before)
		}
	}
	require.NoError(t, rows.Err())
	assert.Equal(t, 400_000, seen)
	assert.Less(t, peak, 300<<20, "resident memory grew")
}

func TestNothingLeaks(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = Memory"))
	work := func(n int) {
		for i := range n {
			var value uint64
			require.NoError(t, db.QueryRow(t.Context(), "SELECT sum(number) FROM numbers(1000)").Scan(&value))
			if i%10 == 0 {
				require.Error(t, db.Exec(t.Context(), "SELECT nothing"))
				batch, err := db.PrepareBatch(t.Context(), "INSERT INTO t")
				require.NoError(t, err)
				require.NoError(t, batch.Append(uint64(i)))
				require.NoError(t, batch.Send())
				require.NoError(t, db.Exec(t.Context(), "TRUNCATE TABLE t"))
			}
		}
		runtime.GC()
	}
	work(300) // caches and pools fill
	memory, files, routines := resident(t), openFiles(t), runtime.NumGoroutine()
	work(1000)
	assert.LessOrEqual(t, runtime.NumGoroutine(), routines+2)
	assert.LessOrEqual(t, openFiles(t), files+5)
	assert.Less(t, resident(t)-memory, 48<<20, "resident memory grew")
}

// resident is the process's resident memory in bytes.
func resident(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	require.NoError(t, err)
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	require.NoError(t, err)
	return pages * os.Getpagesize()
}

func openFiles(t testing.TB) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(files)
}

func BenchmarkPrepareBatch(b *testing.B) {
	db := clickhousetest.Open(b)
	require.NoError(b, db.Exec(b.Context(), peopleDays))
	const size = 100_000
	rows := 0
	for b.Loop() {
		insertPeopleDays(b, db, rows, size)
		rows += size
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSelectOne(b *testing.B) {
	db := clickhousetest.Open(b)
	for b.Loop() {
		var one uint8
		require.NoError(b, db.QueryRow(b.Context(), "SELECT 1").Scan(&one))
	}
}

func BenchmarkSelectMillionRows(b *testing.B) {
	db := clickhousetest.Open(b)
	for b.Loop() {
		rows, err := db.Query(b.Context(), "SELECT number, toString(number) FROM numbers(1000000)")
		require.NoError(b, err)
		for rows.Next() {
		}
		require.NoError(b, rows.Err())
	}
	b.ReportMetric(1e6*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
