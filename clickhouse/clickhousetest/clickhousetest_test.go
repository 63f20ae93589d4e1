package clickhousetest_test

import (
	"context"
	"strings"
	"testing"

	driver "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/clickhouse/clickhousetest"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

func exists(t *testing.T, db *clickhouse.DB, name string) bool {
	t.Helper()
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM system.databases WHERE name = {name:String}", driver.Named("name", name)).Scan(&n))
	return n > 0
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	outer := clickhousetest.Open(t)
	var inner string
	t.Run("passes / with Ünusual name", func(t *testing.T) {
		db := clickhousetest.Open(t)
		inner = db.Database()
		require.NotEqual(t, outer.Database(), inner)
		require.NoError(t, db.Exec(t.Context(), "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a"))
		require.NoError(t, outer.Exec(t.Context(), "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a"))
		assert.True(t, exists(t, outer, inner))
	})
	assert.False(t, exists(t, outer, inner), "it is dropped when the test has passed")
}

// failing is a test that failed.
type failing struct {
	testing.TB
	cleanups []func()
	log      strings.Builder
}

func (f *failing) Failed() bool             { return true }
func (f *failing) Cleanup(clean func())     { f.cleanups = append(f.cleanups, clean) }
func (f *failing) Logf(_ string, a ...any)  { f.log.WriteString(a[0].(string)) }
func (f *failing) Context() context.Context { return context.Background() }

func TestDatabaseOfAFailedTestIsKept(t *testing.T) {
	db := clickhousetest.Open(t)
	fake := &failing{TB: t}
	name := clickhousetest.Open(fake).Database()
	for _, clean := range fake.cleanups {
		clean()
	}
	assert.True(t, exists(t, db, name))
	assert.Contains(t, fake.log.String(), name)
	require.NoError(t, db.Exec(t.Context(), "DROP DATABASE "+name+" SYNC"))
}
