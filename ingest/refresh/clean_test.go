package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/refresh"
)

// Superseded rows stay for a while, for those who read them, and then go; so does what crashes have left. What readers
// see stays.
func TestClean(t *testing.T) {
	c := open(t, "UTC", "2026-04-30")
	store := &failing{Conn: c.db}
	c.restart(store)
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-03-01T10:00:00Z"))
	c.mustEqual()
	everything := refresh.Span{Kind: refresh.KPI, From: day(t, "2026-03-01"), To: c.today}
	for range 2 {
		require.NoError(t, c.refresher.Touch(t.Context(), everything))
		c.mustEqual()
	}
	rows := func() uint64 { return count(t, c.db, "SELECT count() FROM kpi_size") }
	require.EqualValues(t, 3*61, rows())
	require.NoError(t, c.refresher.Clean(t.Context()))
	require.EqualValues(t, 3*61, rows(), "somebody may be reading them")
	c.refresher.SetGrace(0)
	require.NoError(t, c.refresher.Clean(t.Context()))
	require.EqualValues(t, 61, rows())
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))

	// A refresh fails after it has written; the next process finds the rows.
	require.NoError(t, c.refresher.Touch(t.Context(), everything))
	store.in, store.way = 7, before // find what figures rest on, count who uses what, read the directory (three), write headcounts, and no further
	require.Error(t, c.refresher.Refresh(t.Context()))
	require.EqualValues(t, 2*61, rows())
	c.restart(c.db)
	c.refresher.SetGrace(0)
	c.mustEqual()
	require.EqualValues(t, 3*61, rows())
	require.NoError(t, c.refresher.Clean(t.Context()))
	require.EqualValues(t, 61, rows())
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))
}
