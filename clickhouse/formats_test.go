package clickhouse_test

import (
	"database/sql"
	"io"
	"strings"
	"testing"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

func count(t *testing.T, db *clickhouse.DB) (n uint64) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM t").Scan(&n))
	return n
}

// Rows that stand in the statement are not cut at a newline, nor taken for statements.
func TestRowsBehindTheStatement(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n"))
	for _, statement := range []string{
		"INSERT INTO t FORMAT JSONEachRow\n{\"n\":1}\n{\"n\":2}\n\n{\"n\":3, \"s\": \"a;\\nb\"}",
		"INSERT INTO t FORMAT JSONEachRow {\"n\":1}\n\n{\"n\":2}\n{\"n\":3}",
		"-- why\nINSERT INTO t (n, s) SETTINGS async_insert = 0 FORMAT TSV\n1\ta\n2\t\n3\tc\n",
		"INSERT INTO t (n, s) FORMAT CSV\n1,\"a\n\nb\"\n2,;\n3,x\n",
	} {
		require.NoError(t, db.Exec(t.Context(), statement), statement)
		assert.EqualValues(t, 3, count(t, db), statement)
		require.NoError(t, db.Exec(t.Context(), "TRUNCATE TABLE t"))
	}
}

func TestFormatsThroughTheDriver(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n"))
	err := db.InsertFormat(t.Context(), "CSV", "INSERT INTO t (n, s)", strings.NewReader("1,\"a\n\nb\"\n2,c\n"))
	if !db.Embedded() && err != nil {
		t.Skip("the native protocol has no formats: ", err)
	}
	require.NoError(t, err)
	rows, err := db.QueryFormat(t.Context(), "CSVWithNames", "SELECT n, s FROM t ORDER BY n")
	require.NoError(t, err)
	defer rows.Close()
	text, err := io.ReadAll(rows)
	require.NoError(t, err)
	assert.Equal(t, "\"n\",\"s\"\n1,\"a\n\nb\"\n2,\"c\"\n", string(text))
}

func TestWaysToWriteAnInsert(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	statements := []string{"INSERT INTO t", "INSERT INTO t(n)", "insert into `t` (`n`) VALUES", "INSERT INTO t SETTINGS async_insert = 0",
		"INSERT INTO t (n) SETTINGS async_insert = 0", "INSERT INTO " + db.Database() + ".t FORMAT Native"}
	for _, statement := range statements {
		batch, err := db.PrepareBatch(t.Context(), statement)
		require.NoError(t, err, statement)
		require.NoError(t, batch.Append(uint64(10)), statement)
		require.NoError(t, batch.Send(), statement)
	}
	assert.EqualValues(t, len(statements), count(t, db))
}

// What a server refuses must not work on the embedded engine.
func TestOneStatementAtATime(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n;"))
	for _, statements := range []string{"SELECT 1; SELECT 2", "INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", "DROP TABLE t; SELECT 1"} {
		var exception *driver.Exception
		require.ErrorAs(t, db.Exec(t.Context(), statements), &exception, statements)
		assert.EqualValues(t, 62, exception.Code)
	}
	assert.Zero(t, count(t, db))
}

func TestNoRows(t *testing.T) {
	db := clickhousetest.Open(t)
	var n uint64
	require.ErrorIs(t, db.QueryRow(t.Context(), "SELECT number FROM numbers(5) WHERE number > 7").Scan(&n), sql.ErrNoRows)
}
