package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// workCell is what was done on a day: actions in the order of METRICS, those that count towards value, seconds.
type workCell struct {
	done, counted [5]uint64
	seconds       uint64
}

// actionCell names a count by action and source.
type actionCell struct {
	cell
	action, class, source string
}

// countWork counts what enabled people did on the days with figures: by class from what each did on a day with a tool, by
// action from the events themselves.
func (w *world) countWork(f *figures, events []adoption.Event, enabled func(adoption.Person, string, adoption.Day) bool) {
	for key, people := range f.personDay {
		for p, c := range people {
			if key.day < w.horizon || key.day > w.today || !enabled(p, key.tool, key.day) || !c.active() && c.duration == 0 {
				continue
			}
			at := cell{key.day, w.unitOf(p, key.day), key.tool}
			sum := f.work[at]
			for i, n := range []uint64{c.contribute, c.respond, c.share, c.meet, c.consume} {
				sum.done[i] += n
				sum.counted[i] += min(n, 50)
			}
			sum.seconds += min(c.duration, 36_000)
			f.work[at] = sum
		}
	}
	for _, e := range events {
		d, p := e.Day(w.zone), w.identity[e.Actor]
		if e.Class.Active() && e.Quantity > 0 && d >= w.horizon && d <= w.today && enabled(p, e.Tool, d) {
			f.acts[actionCell{cell{d, w.unitOf(p, d), e.Tool}, e.Action, string(e.Class), e.Source}] += e.Quantity
		}
	}
}

// readWork reads kpi_work and kpi_action as readers do.
func readWork(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	var day time.Time
	each(t, db, `SELECT day, unit, tool, contribute, respond, share, meet, consume, counted_contribute, counted_respond, counted_share, counted_meet, counted_consume, seconds
		FROM kpi_work`+seen+`kpi_work' GROUP BY day)`, func(scan func(...any) error) error {
		var at cell
		var c workCell
		err := scan(&day, &at.unit, &at.tool, &c.done[0], &c.done[1], &c.done[2], &c.done[3], &c.done[4],
			&c.counted[0], &c.counted[1], &c.counted[2], &c.counted[3], &c.counted[4], &c.seconds)
		at.day = dayOf(day)
		require.NotContains(t, f.work, at)
		f.work[at] = c
		return err
	})
	each(t, db, `SELECT day, unit, tool, action, class, source, quantity FROM kpi_action`+seen+`kpi_action' GROUP BY day)`, func(scan func(...any) error) error {
		var at actionCell
		var quantity uint64
		err := scan(&day, &at.unit, &at.tool, &at.action, &at.class, &at.source, &quantity)
		at.day = dayOf(day)
		require.NotContains(t, f.acts, at)
		f.acts[at] = quantity
		return err
	})
}

// On 9 April 1 posts 70 times and replies once, in sales; 2, in sales too, posts 30 times, 25 of them brought by another
// source; he was in a session of eleven hours, of which ten count. 3 is in sales and has no licence. On the 10th 1 is in
// legal and likes twice. So on the 9th sales contributed 70 + 30 = 100, of which 50 + 30 = 80 count.
func TestWorkOfADay(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.enrol(3)
	c.place("sales", "2026-01-01", 1, 2, 3)
	c.place("legal", "2026-04-10", 1)
	c.license(1, "wiki", "2026-01-01", "2026-12-31")
	c.license(2, "wiki", "2026-04-09", "2026-04-09")
	many := func(person uint64, action, at, source string, quantity uint64, seconds uint32) adoption.Event {
		e := event(c, person, "wiki", action, at)
		e.Quantity, e.Duration, e.Source = quantity, seconds, source
		return e
	}
	c.post(
		many(1, "post", "2026-04-09T10:00:00Z", "a", 70, 0), many(1001, "reply", "2026-04-09T11:00:00Z", "a", 1, 600),
		many(2, "post", "2026-04-09T10:00:00Z", "a", 5, 0), many(2, "post", "2026-04-09T11:00:00Z", "b", 25, 0),
		many(2, "session", "2026-04-09T12:00:00Z", "b", 1, 11*3600),
		many(3, "post", "2026-04-09T10:00:00Z", "a", 9, 60),
		many(1, "like", "2026-04-10T10:00:00Z", "a", 2, 0), many(2, "like", "2026-04-10T10:00:00Z", "a", 2, 0),
	)
	f := c.read()
	on9, on10 := cell{day(t, "2026-04-09"), "sales", "wiki"}, cell{day(t, "2026-04-10"), "legal", "wiki"}
	require.Equal(t, map[cell]workCell{
		on9:  {done: [5]uint64{100, 1}, counted: [5]uint64{80, 1}, seconds: 600 + 36_000},
		on10: {done: [5]uint64{0, 2}, counted: [5]uint64{0, 2}},
	}, f.work)
	acts := map[actionCell]uint64{
		{on9, "post", "contribute", "a"}: 75, {on9, "post", "contribute", "b"}: 25, {on9, "reply", "respond", "a"}: 1, {on10, "like", "respond", "a"}: 2,
	}
	require.Equal(t, acts, f.acts)

	// A day whose events have gone keeps its counts by action, and its run, when the directory changes: 2 was in north.
	c.refresher = refresh.New(refresh.Config{DB: c.db, Zone: c.zone, Now: func() time.Time { return c.now },
		Retention: func(adoption.Day) adoption.Day { return day(t, "2026-04-10") }})
	c.place("north", "2026-04-01", 2)
	before := runsOf(t, c.db, "kpi_action")[on9.day]
	f = c.readAlone()
	require.Equal(t, workCell{done: [5]uint64{70, 1}, counted: [5]uint64{50, 1}, seconds: 600}, f.work[on9])
	require.Equal(t, acts, f.acts)
	require.Equal(t, before, runsOf(t, c.db, "kpi_action")[on9.day])
	require.Greater(t, runsOf(t, c.db, "kpi_size")[on9.day], before, "so that readers know that they are of other groups")
}

// A database that an earlier version of the program has filled has none of these counts: they are made for its days
// without anything being touched.
func TestWorkOfAnEarlierVersion(t *testing.T) {
	c := open(t, "UTC", "2026-04-20")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "mail", "send", "2026-04-09T10:00:00Z"))
	before := c.read()
	require.Len(t, before.work, 1)
	for _, sql := range []string{"TRUNCATE TABLE kpi_work", "TRUNCATE TABLE kpi_action", "DELETE FROM refreshed WHERE about IN ('kpi_work', 'kpi_action')"} {
		require.NoError(t, c.db.Exec(t.Context(), sql))
	}
	c.restart(c.db)
	require.Empty(t, difference(before, c.read()))
}
