package migrations_test

import (
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

func load(t *testing.T, files map[string]string) []migrations.Migration {
	t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := migrations.Load(folder)
	require.NoError(t, err)
	return all
}

const (
	one = "CREATE TABLE IF NOT EXISTS one (a UInt8) ENGINE = MergeTree ORDER BY a"
	two = "CREATE TABLE IF NOT EXISTS two (a UInt8) ENGINE = MergeTree ORDER BY a"
)

func TestUpIsRepeatable(t *testing.T) {
	db := clickhousetest.Open(t)
	before, err := migrations.Status(t.Context(), db)
	require.NoError(t, err)
	require.NotEmpty(t, before)
	for _, s := range before {
		require.True(t, s.Applied.IsZero(), s.Name)
	}
	require.NoError(t, migrations.Up(t.Context(), db))
	first, err := migrations.Status(t.Context(), db)
	require.NoError(t, err)
	for _, s := range first {
		require.False(t, s.Applied.IsZero(), s.Name)
	}
	require.NoError(t, migrations.Up(t.Context(), db))
	second, err := migrations.Status(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, first, second, "a second start applies nothing")
}

func TestTwoStartersAtOnce(t *testing.T) {
	db := clickhousetest.Open(t)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { errs[i] = migrations.Up(t.Context(), db) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	states, err := migrations.Status(t.Context(), db)
	require.NoError(t, err)
	for _, s := range states {
		require.False(t, s.Applied.IsZero(), s.Name)
	}
}

func TestAnotherPastIsRefusedBeforeAnythingChanges(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Apply(t.Context(), db, load(t, map[string]string{"0001_one.sql": one})))

	changed := load(t, map[string]string{"0001_one.sql": one + " -- changed", "0002_two.sql": two})
	err := migrations.Apply(t.Context(), db, changed)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "0001_one.sql was changed")
	var tables uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'two'").Scan(&tables))
	require.Zero(t, tables)

	err = migrations.Apply(t.Context(), db, nil)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "0001_one.sql was applied to this database but is not part of this program")
}

func TestAFailedStatementIsNotRecorded(t *testing.T) {
	db := clickhousetest.Open(t)
	err := migrations.Apply(t.Context(), db, load(t, map[string]string{"0001_one.sql": "CREATE TABLE nonsense"}))
	require.ErrorContains(t, err, "apply migration 0001_one.sql")
	require.NoError(t, migrations.Apply(t.Context(), db, load(t, map[string]string{"0001_one.sql": one})))
}

func TestNamesAreChecked(t *testing.T) {
	for _, name := range []string{"1_one.sql", "0002_one.sql", "0001-one.sql"} {
		_, err := migrations.Load(fstest.MapFS{name: &fstest.MapFile{Data: []byte(one)}})
		require.Error(t, err, name)
	}
}
