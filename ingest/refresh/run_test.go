package refresh_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// running starts Run with a clock that the test moves, and ends it with the test.
func running(c *company, db driver.Conn) (moveTo func(adoption.Day)) {
	c.t.Helper()
	var now atomic.Pointer[time.Time]
	start := c.now
	now.Store(&start)
	c.refresher = refresh.New(refresh.Config{DB: db, Zone: c.zone, Now: func() time.Time { return *now.Load() }, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(c.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.refresher.Run(ctx) }()
	c.t.Cleanup(func() {
		cancel()
		require.NoError(c.t, <-ended)
	})
	return func(d adoption.Day) {
		c.setToday(d)
		moved := c.now
		now.Store(&moved)
	}
}

func (c *company) waitSettled() {
	c.t.Helper()
	require.Eventually(c.t, func() bool {
		settled, err := c.refresher.Settled(c.t.Context())
		return err == nil && settled
	}, time.Minute, 5*time.Millisecond)
}

// Run brings in what was touched before it started, today's events, late ones and directory changes, and passing days.
func TestRun(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-04-19")
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-04-10T10:00:00Z"))
	require.Zero(t, c.refresher.AsOf(), "nothing is known before the first refresh")

	moveTo := running(c, c.db)
	c.waitSettled()
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))
	require.Equal(t, c.now, c.refresher.AsOf())
	done, total := c.refresher.Progress()
	require.Positive(t, total)
	require.Equal(t, total, done)
	_, _, since := c.refresher.Working()
	require.Zero(t, since, "nothing is under way")

	c.post(event(c, 1, "wiki", "post", "2026-04-19T09:00:00Z"))
	c.waitSettled()
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))

	began := time.Now()
	c.post(event(c, 2, "wiki", "post", "2026-03-10T10:00:00Z"))
	c.place("legal", "2026-04-01", 2)
	c.waitSettled()
	require.Greater(t, time.Since(began), time.Second, "late days are gathered for a while")
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))

	moveTo(c.today + 2)
	c.waitSettled()
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))

	outcome := c.refresher.Outcome()
	require.GreaterOrEqual(t, outcome.Refreshes, uint64(4))
	require.Zero(t, outcome.Failures)
	require.Zero(t, outcome.Pending)
	require.Positive(t, outcome.Took)
}

// Today's events are refreshed at once and changes of the directory are gathered for a while, but figures never count
// people in units that the sizes beside them do not know yet.
func TestPeopleAreCountedWhereTheyArePlaced(t *testing.T) {
	c := open(t, "UTC", "2026-04-19")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "post", "2026-04-10T10:00:00Z"))
	running(c, c.db)
	c.waitSettled()

	release := c.refresher.Exclusive()
	c.place("legal", "2026-01-01", 2)
	c.post(event(c, 2, "wiki", "post", "2026-04-16T09:00:00Z"), event(c, 2, "wiki", "post", "2026-04-19T09:00:00Z"))
	release()
	current := func(table string) string {
		return "SELECT DISTINCT unit FROM " + table + " WHERE (day, run) IN (SELECT day, max(run) FROM refreshed WHERE about = '" + table + "' GROUP BY day)"
	}
	for settled := false; !settled; {
		var err error
		settled, err = c.refresher.Settled(t.Context())
		require.NoError(t, err)
		for _, table := range []string{"kpi_use", "kpi_week"} {
			require.Zero(t, count(t, c.db, "SELECT count() FROM ("+current(table)+") WHERE unit != 'unassigned' AND unit NOT IN ("+current("kpi_size")+")"), table)
		}
	}
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))
}

// A refresh that fails is tried again, and what was touched waits for it.
func TestRunTriesAgain(t *testing.T) {
	c := open(t, "UTC", "2026-04-19")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "post", "2026-04-19T10:00:00Z"))
	running(c, &failing{Conn: c.db, in: 6, way: before})
	c.waitSettled()
	require.Empty(t, difference(c.expected(), readFigures(t, c.db)))
	require.EqualValues(t, 1, c.refresher.Outcome().Failures)
}

// While Exclusive is held no refresh begins, but touching is possible: the directory does it then.
func TestExclusive(t *testing.T) {
	c := open(t, "UTC", "2026-04-19")
	c.mustEqual()
	release := c.refresher.Exclusive()
	c.post(event(c, 1, "wiki", "post", "2026-04-19T10:00:00Z"))
	require.Equal(t, c.now, c.refresher.AsOf(), "touched now, so everything before now is in the figures")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.refresher.Refresh(ctx), context.DeadlineExceeded)
	settled, err := c.refresher.Settled(t.Context())
	require.NoError(t, err)
	require.False(t, settled)
	release()
	release()
	c.mustEqual()
}

// A touch that changes nothing costs no KPI day, and the figures keep their run. (But those that are
// written with the facts of a day: other counterparts, durations and sources leave what people did as it was.)
func TestNothingNew(t *testing.T) {
	c := open(t, "UTC", "2026-04-19")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "post", "2026-04-10T10:00:00Z"))
	c.mustEqual()
	runs := func() (max uint64) {
		require.NoError(t, c.db.QueryRow(t.Context(), "SELECT max(run) FROM refreshed WHERE about LIKE 'kpi%' AND about NOT IN ('kpi_pair', 'kpi_work', 'kpi_action')").Scan(&max))
		return max
	}
	before := runs()
	c.post(c.events[0]) // sent again
	c.mustEqual()
	require.Equal(t, before, runs())
	c.post(event(c, 1, "wiki", "post", "2026-04-11T10:00:00Z"))
	c.mustEqual()
	require.Greater(t, runs(), before)
	require.EqualValues(t, 1, count(t, c.db, "SELECT uniqExact(run) FROM refreshed FINAL WHERE about = 'kpi_use' AND day < '2026-04-11'"), "days before stay as they were")
}

func count(t testing.TB, db driver.Conn, sql string) (n uint64) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

// A process that has refreshed nothing yet knows what the one before has left: all that was touched is in the figures, or
// all that was touched before the oldest that waits.
func TestLookFindsWhatWasLeft(t *testing.T) {
	c := open(t, "UTC", "2026-04-19")
	next := func() *refresh.Refresher {
		r := refresh.New(refresh.Config{DB: c.db, Zone: c.zone, Now: func() time.Time { return c.now.Add(time.Hour) }, Log: slog.New(slog.DiscardHandler)})
		require.Zero(t, r.AsOf())
		require.NoError(t, r.Look(t.Context()))
		settled, err := r.Settled(t.Context())
		require.NoError(t, err)
		require.False(t, settled, "it has not refreshed")
		return r
	}
	require.Zero(t, next().AsOf(), "there are no figures")

	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-04-10T10:00:00Z"))
	require.NoError(t, c.refresher.Refresh(t.Context()))
	require.Equal(t, c.now.Add(time.Hour), next().AsOf())

	require.NoError(t, c.refresher.Touch(t.Context(), refresh.Span{Kind: refresh.Facts, From: 20_000, To: 20_000}))
	left := next()
	require.Equal(t, c.now.Truncate(time.Millisecond), left.AsOf().UTC().Truncate(time.Millisecond), "what waits was touched then")
	require.NoError(t, left.Refresh(t.Context()))
	require.Equal(t, c.now.Add(time.Hour), left.AsOf())
}
