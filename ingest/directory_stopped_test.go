package ingest

import (
	"context"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// leavingConn has its asker give up when rows of a table are about to be written.
type leavingConn struct {
	driver.Conn
	table string
	leave context.CancelFunc
}

func (c *leavingConn) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	batch, err := c.Conn.PrepareBatch(ctx, query, opts...)
	if strings.Contains(query, c.table) {
		c.leave()
	}
	return batch, err
}

// A file whose import is stopped is in wholly or not at all: before its rows are written nothing goes in, and what was begun to
// be written is written to its end.
func TestAnImportThatIsStoppedLeavesNoHalfFile(t *testing.T) {
	r := newDirectoryRig(t)
	file := peopleHeader + "\na@x.de,sales,2026-06-01,,,,\nb@x.de,it,2026-06-01,,,,\n"
	rows := func() []string { return r.dump(`toString(count())]), '') FROM people FINAL`) }
	stopIn := func(table string) error {
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		r.Directory.db = &leavingConn{Conn: r.db, table: table, leave: leave}
		_, err := r.Import(ctx, "people", strings.NewReader(file), false)
		return err
	}
	require.ErrorIs(t, stopIn("INSERT INTO identity"), context.Canceled)
	require.Equal(t, []string{"0"}, rows())
	require.NoError(t, stopIn("INSERT INTO people"))
	require.Equal(t, []string{"2"}, rows())

	o := NewOutcomes(r.db, r.zone)
	outcomes := "unit,date,metric,value\nsales,2026-06-02,leads,41\nit,2026-06-02,leads,2\n"
	ctx, leave := context.WithCancel(t.Context())
	o.db = &leavingConn{Conn: r.db, table: "INSERT INTO outcomes", leave: leave}
	_, err := o.Import(ctx, "crm", strings.NewReader(outcomes), true)
	require.NoError(t, err)
	require.Equal(t, []string{"2"}, r.dump(`toString(count())]), '') FROM outcomes FINAL`))
	_, err = o.Import(ctx, "crm", strings.NewReader(strings.Replace(outcomes, "41", "42", 1)), true)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []string{"41"}, r.dump(`toString(value)]), '') FROM outcomes FINAL WHERE unit = 'sales'`))
}
