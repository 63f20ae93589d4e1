package query

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/clickhouse/clickhousetest"
)

// The engine itself says what a reader's statement and one of the self-check may take: half a gigabyte at most.
func TestStatementsAreBound(t *testing.T) {
	c := &Company{DB: clickhousetest.Open(t)}
	bound := func(each func(t *testing.T, row func(scanner) error) error) (bytes uint64) {
		t.Helper()
		require.NoError(t, each(t, func(scan scanner) error { return scan(&bytes) }))
		return bytes
	}
	const sql = "SELECT toUInt64(getSetting('max_memory_usage'))"
	assert.EqualValues(t, 500e6, bound(func(t *testing.T, row func(scanner) error) error { return c.each(t.Context(), sql, nil, row) }))
	assert.EqualValues(t, 450e6, bound(func(t *testing.T, row func(scanner) error) error { return c.eachChecked(t.Context(), sql, nil, row) }))
}
