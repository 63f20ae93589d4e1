package clickhouse_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

// forever is a statement that runs for minutes without an answer.
const forever = "SELECT max(sipHash64(number)) FROM numbers(400000000000)"

func runningStatements(t testing.TB, db *clickhouse.DB, like string) (n uint64) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM system.processes WHERE query LIKE {like:String} AND query NOT LIKE '%system.processes%'",
		driver.Named("like", "%"+like+"%")).Scan(&n))
	return n
}

func TestCancelledContextEndsTheStatement(t *testing.T) {
	db := clickhousetest.Open(t)
	for name, run := range map[string]func(context.Context) error{
		"Exec":     func(ctx context.Context) error { return db.Exec(ctx, forever) },
		"QueryRow": func(ctx context.Context) error { var n uint64; return db.QueryRow(ctx, forever).Scan(&n) },
		"Query": func(ctx context.Context) error { // cancelled between rows
			rows, err := db.Query(ctx, "SELECT number FROM numbers(400000000000)")
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		},
		"INSERT": func(ctx context.Context) error {
			return db.Exec(ctx, "INSERT INTO FUNCTION null('n UInt64') SELECT sipHash64(number) FROM numbers(400000000000)")
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(300*time.Millisecond, cancel)
			begun := time.Now()
			err := run(ctx)
			assert.Less(t, time.Since(begun), 3*time.Second)
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, clickhouse.Cancelled, clickhouse.CodeOf(err))
			require.Eventually(t, func() bool { return runningStatements(t, db, "numbers(400000000000)") == 0 },
				10*time.Second, 50*time.Millisecond, "the statement still runs")
		})
	}
	var one uint8
	require.NoError(t, db.QueryRow(t.Context(), "SELECT 1").Scan(&one))
}

func TestDeadline(t *testing.T) {
	db := clickhousetest.Open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := db.Exec(ctx, forever)
	assert.Less(t, time.Since(begun), 3*time.Second)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, clickhouse.TimedOut, clickhouse.CodeOf(err))

	limited := driver.Context(t.Context(), driver.WithSettings(driver.Settings{"max_execution_time": 1}))
	err = db.Exec(limited, forever)
	assert.Equal(t, clickhouse.TimedOut, clickhouse.CodeOf(err), "%v", err)

	already, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, db.Exec(already, "SELECT 1"), context.Canceled)
	require.Eventually(t, func() bool { return runningStatements(t, db, "numbers(400000000000)") == 0 }, 10*time.Second, 50*time.Millisecond)
}

func TestErrorsCarryTheEnginesCode(t *testing.T) {
	db := clickhousetest.Open(t)
	for statement, want := range map[string]struct {
		number int32
		code   clickhouse.Code
	}{
		"SELECT nothing":               {47, clickhouse.Statement},
		"SELECT * FROM nothing":        {60, clickhouse.Statement},
		"SELEKT 1":                     {62, clickhouse.Statement},
		"SELECT * FROM nowhere.x":      {81, clickhouse.Statement},
		"SELECT throwIf(1)":            {395, clickhouse.Statement},
		"SELECT {x:UInt8}":             {456, clickhouse.Statement},
		"SELECT 1 SETTINGS nosuch = 1": {115, clickhouse.Statement},
		"SELECT groupArray(number) FROM numbers(100000000) SETTINGS max_memory_usage = 10000000": {241, clickhouse.OutOfMemory},
	} {
		err := db.Exec(t.Context(), statement)
		var exception *driver.Exception
		require.ErrorAs(t, err, &exception, statement)
		assert.Equal(t, want.number, exception.Code, "%s: %v", statement, err)
		assert.Equal(t, want.code, clickhouse.CodeOf(err), statement)
		assert.Equal(t, want.code, clickhouse.CodeOf(clickhouse.Explain(err)), statement)
		assert.Equal(t, 1, strings.Count(exception.Message, "DB::Exception")+1, exception.Message)
	}
	assert.NoError(t, clickhouse.Explain(nil))
	assert.Equal(t, clickhouse.Unknown, clickhouse.CodeOf(errors.New("other")))
}

func TestErrorAfterTheFirstRow(t *testing.T) {
	db := clickhousetest.Open(t)
	rows, err := db.Query(t.Context(), "SELECT number, throwIf(number = 1000000, 'the seventh __exception__ seal') FROM numbers(10000000) SETTINGS max_threads = 1")
	require.NoError(t, err)
	seen := 0
	for rows.Next() {
		seen++
	}
	assert.Positive(t, seen)
	var exception *driver.Exception
	require.ErrorAs(t, rows.Err(), &exception)
	assert.EqualValues(t, 395, exception.Code)
	assert.Contains(t, exception.Message, "the seventh")
}

func TestSettingsLastForOneStatement(t *testing.T) {
	db := clickhousetest.Open(t)
	read := func(ctx context.Context) (value string) {
		t.Helper()
		require.NoError(t, db.QueryRow(ctx, "SELECT toString(getSetting('max_block_size'))").Scan(&value))
		return value
	}
	standard := read(t.Context())
	for range 50 {
		set := driver.Context(t.Context(), driver.WithSettings(driver.Settings{"max_block_size": 1234, "log_comment": "it's me"}))
		require.Equal(t, "1234", read(set))
		require.Equal(t, standard, read(t.Context()))
	}
	wrong := driver.Context(t.Context(), driver.WithSettings(driver.Settings{"no_such_setting": 1}))
	var exception *driver.Exception
	require.ErrorAs(t, db.Exec(wrong, "SELECT 1"), &exception)
	assert.EqualValues(t, 115, exception.Code)
	// What a statement sets itself ends with it, too.
	require.NoError(t, db.Exec(t.Context(), "SET max_block_size = 77"))
	for range 10 {
		require.Equal(t, standard, read(t.Context()))
	}
}

func TestDatabasesAreApart(t *testing.T) {
	one, two := clickhousetest.Open(t), clickhousetest.Open(t)
	third, err := one.Use(t.Context(), one.Database()+"_demo")
	require.NoError(t, err)
	defer third.Close()
	defer func() {
		_ = one.Exec(context.Background(), "DROP DATABASE IF EXISTS "+clickhouse.QuoteName(third.Database()))
	}()
	for i, db := range []*clickhouse.DB{one, two, third} {
		require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
		require.NoError(t, db.Exec(t.Context(), fmt.Sprintf("INSERT INTO t SELECT number FROM numbers(%d)", i+1)))
	}
	var group sync.WaitGroup
	for i, db := range []*clickhouse.DB{one, two, third} {
		for range 4 {
			group.Go(func() {
				for range 25 {
					var n uint64
					assert.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
					assert.EqualValues(t, i+1, n)
				}
			})
		}
	}
	group.Wait()
	var name string
	require.NoError(t, third.QueryRow(t.Context(), "SELECT currentDatabase()").Scan(&name))
	assert.Equal(t, third.Database(), name)
	require.NotEmpty(t, third.Version())
}

func TestManyStatementsAtOnce(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (worker UInt64, n UInt64) ENGINE = MergeTree ORDER BY (worker, n)"))
	const workers, rounds, size = 100, 5, 100
	var group sync.WaitGroup
	for worker := range uint64(workers) {
		group.Go(func() {
			for round := range uint64(rounds) {
				batch, err := db.PrepareBatch(t.Context(), "INSERT INTO t (worker, n)")
				if !assert.NoError(t, err) {
					return
				}
				for i := range uint64(size) {
					assert.NoError(t, batch.Append(worker, round*size+i))
				}
				assert.NoError(t, batch.Send())
				var n uint64
				assert.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t WHERE worker = {w:UInt64}", driver.Named("w", worker)).Scan(&n))
				assert.Equal(t, (round+1)*size, n)
			}
		})
	}
	group.Wait()
}

// A reader that holds a result open while it asks further questions must not wait
// for itself, however many there are.
func TestStatementsWhileReading(t *testing.T) {
	db := clickhousetest.Open(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			rows, err := db.Query(t.Context(), "SELECT number FROM numbers(300000)")
			if !assert.NoError(t, err) {
				return
			}
			defer rows.Close()
			for i := 0; i < 3 && rows.Next(); i++ {
				var a, b uint64
				assert.NoError(t, rows.Scan(&a))
				assert.NoError(t, db.QueryRow(t.Context(), "SELECT {a:UInt64}", driver.Named("a", a)).Scan(&b))
				assert.Equal(t, a, b)
			}
		})
	}
	group.Wait()
}

func TestStatementsThatAreNoSelect(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	for _, statement := range []string{"SHOW TABLES", "EXISTS TABLE t", "EXPLAIN SELECT 1", "DESCRIBE TABLE t", "SHOW CREATE TABLE t",
		"WITH 1 AS x SELECT x", "(SELECT 1) UNION ALL (SELECT 2)", "/* a */ -- b\n select 1"} {
		rows, err := db.Query(t.Context(), statement)
		require.NoError(t, err, statement)
		n := 0
		for rows.Next() {
			n++
		}
		require.NoError(t, rows.Err(), statement)
		assert.Positive(t, n, statement)
	}
	require.NoError(t, db.Exec(t.Context(), "WITH x AS (SELECT 5 AS n) INSERT INTO t SELECT n FROM x"))
	require.NoError(t, db.Exec(t.Context(), "OPTIMIZE TABLE t FINAL"))
	rows, err := db.Query(t.Context(), "SELECT n FROM t WHERE n = 6")
	require.NoError(t, err)
	assert.False(t, rows.Next())
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	var n uint64
	require.Error(t, db.QueryRow(t.Context(), "SELECT n FROM t WHERE n = 6").Scan(&n))
}

// Between two calls that say the same, and quiet, nothing was written: what asks does not count, what writes does from its
// beginning to its end, in all databases of the engine.
func TestWritesAreCounted(t *testing.T) {
	db, other := clickhousetest.Open(t), clickhousetest.Open(t)
	if !db.Embedded() {
		_, quiet := db.Writes()
		require.False(t, quiet, "others may write to a server")
		return
	}
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = Memory"))
	before, quiet := other.Writes()
	require.True(t, quiet)
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "WITH 1 AS one SELECT one").Scan(new(uint8)))
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
	still, quiet := db.Writes()
	require.True(t, quiet)
	require.Equal(t, before, still)

	for i, write := range []func() error{
		func() error { return db.Exec(t.Context(), "INSERT INTO t SELECT 1") },
		func() error { return db.Exec(t.Context(), "INSERT INTO t WITH 1 AS one SELECT one") },
		func() error { return db.Exec(t.Context(), "TRUNCATE TABLE t") },
		func() error {
			batch, err := db.PrepareBatch(t.Context(), "INSERT INTO t")
			if err != nil {
				return err
			}
			if err := batch.Append(uint64(1)); err != nil {
				return err
			}
			return batch.Send()
		},
	} {
		require.NoError(t, write())
		after, quiet := other.Writes()
		require.True(t, quiet)
		require.Greater(t, after, before, "write %d", i)
		before = after
	}

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- db.Exec(ctx, "INSERT INTO FUNCTION null('n UInt64') SELECT sipHash64(number) FROM numbers(400000000000)")
	}()
	require.Eventually(t, func() bool { _, quiet := other.Writes(); return !quiet }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.Eventually(t, func() bool { _, quiet := other.Writes(); return quiet }, 10*time.Second, time.Millisecond)
}
