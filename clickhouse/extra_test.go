package clickhouse_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

func TestRepeatedInsertWithATokenCountsOnce(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100"))
	for range 3 {
		ctx := driver.Context(t.Context(), driver.WithSettings(driver.Settings{"insert_deduplication_token": "batch-1"}))
		batch, err := db.PrepareBatch(ctx, "INSERT INTO t")
		require.NoError(t, err)
		for i := range uint64(1000) {
			require.NoError(t, batch.Append(i))
		}
		require.NoError(t, batch.Send())
	}
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
	assert.EqualValues(t, 1000, n)
}

func TestBatchIsOnePart(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), peopleDays))
	insertPeopleDays(t, db, 0, 500_000)
	var parts uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'person_day' AND active").Scan(&parts))
	assert.EqualValues(t, 1, parts)
}

func TestRefusedBatchStoresNothing(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64, CONSTRAINT small CHECK n < 100) ENGINE = MergeTree ORDER BY n"))
	batch, err := db.PrepareBatch(t.Context(), "INSERT INTO t")
	require.NoError(t, err)
	for i := range uint64(1000) {
		require.NoError(t, batch.Append(i))
	}
	var exception *driver.Exception
	require.ErrorAs(t, batch.Send(), &exception)
	assert.EqualValues(t, 469, exception.Code) // VIOLATED_CONSTRAINT
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
	assert.Zero(t, n)
}

func TestCancelledBatch(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64, slow UInt8 MATERIALIZED sleepEachRow(0.01)) ENGINE = MergeTree ORDER BY n"))
	ctx, cancel := context.WithCancel(driver.Context(t.Context(), driver.WithSettings(driver.Settings{"function_sleep_max_microseconds_per_block": 1_000_000_000})))
	defer cancel()
	batch, err := db.PrepareBatch(ctx, "INSERT INTO t (n)")
	require.NoError(t, err)
	for i := range uint64(1000) {
		require.NoError(t, batch.Append(i))
	}
	time.AfterFunc(300*time.Millisecond, cancel)
	begun := time.Now()
	require.ErrorIs(t, batch.Send(), context.Canceled)
	assert.Less(t, time.Since(begun), 2*time.Second)
}

func TestBackupAndRestore(t *testing.T) {
	db := clickhousetest.Open(t)
	if !db.Embedded() {
		t.Skip("where a server may write backups is its own affair")
	}
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	require.NoError(t, db.Exec(t.Context(), "INSERT INTO t SELECT number FROM numbers(1000)"))
	name := filepath.Join(db.BackupDir(), db.Database()+".tar") // the library was built without zip
	require.NoError(t, db.Exec(t.Context(), fmt.Sprintf("BACKUP DATABASE %s TO File('%s')", db.Database(), name)))
	require.NoError(t, db.Exec(t.Context(), "DROP TABLE t SYNC"))
	require.NoError(t, db.Exec(t.Context(), fmt.Sprintf("RESTORE TABLE %s.t FROM File('%s')", db.Database(), name)))
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
	assert.EqualValues(t, 1000, n)
	require.Error(t, db.Exec(t.Context(), fmt.Sprintf("BACKUP DATABASE %s TO File('/tmp/elsewhere.zip')", db.Database())))
}

// smallMemory is the child of TestMemoryLimit.
func smallMemory(ctx context.Context, db *clickhouse.DB) error {
	for range 5 {
		err := db.Exec(ctx, "SELECT length(groupArray(toString(number))) FROM numbers(200000000)")
		fmt.Println(clickhouse.CodeOf(err))
		if err := db.Ping(ctx); err != nil {
			return err
		}
	}
	return nil
}

func TestMemoryLimit(t *testing.T) {
	c := startChild(t, "memory", t.TempDir())
	for range 5 {
		assert.Equal(t, string(clickhouse.OutOfMemory), c.line(t))
	}
	require.NoError(t, c.Wait())
}

func TestExternalTablesAreRefusedWithAReason(t *testing.T) {
	db := clickhousetest.Open(t)
	if !db.Embedded() {
		t.Skip("a server has them")
	}
	table, err := ext.NewTable("people", ext.Column("n", "UInt64"))
	require.NoError(t, err)
	require.NoError(t, table.Append(uint64(1)))
	_, err = db.Query(driver.Context(t.Context(), driver.WithExternalTable(table)), "SELECT n FROM people")
	require.ErrorContains(t, err, "parameter of type Array")
}

func TestHandlesAreIndependent(t *testing.T) {
	one := clickhousetest.Open(t)
	two, err := one.Use(t.Context(), one.Database())
	require.NoError(t, err)
	require.NoError(t, two.Close())
	require.NoError(t, two.Close())
	require.Error(t, two.Ping(t.Context()))
	require.NoError(t, one.Ping(t.Context()))
}
