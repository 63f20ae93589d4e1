package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// One person with access to the wiki since 2026-03-01, by licences that overlap (03-20 to 03-31) and one that follows on the
// next day (05-01), who had looked at it on 02-10 already. What counts is the first activity that is not before access.
func TestWhoBegan(t *testing.T) {
	c := open(t, "UTC", "2026-05-06")
	c.place("sales", "2026-01-01", 1)
	c.license(1, "wiki", "2026-03-01", "2026-03-31")
	c.license(1, "wiki", "2026-03-20", "2026-04-30")
	c.license(1, "wiki", "2026-05-01", "2026-12-31")
	first := event(c, 1, "wiki", "view", "2026-03-05T12:00:00Z")
	c.post(event(c, 1, "wiki", "view", "2026-02-10T12:00:00Z"), first, event(c, 1, "wiki", "view", "2026-04-10T12:00:00Z"))
	is := func(unit, date, enabled, active, used string) {
		t.Helper()
		require.Equal(t, []beginning{{day(t, enabled), day(t, active), day(t, used)}}, c.read().begin[cell{day(t, date), unit, "wiki"}])
	}
	is("sales", "2026-05-06", "2026-03-01", "2026-02-10", "2026-03-05")
	require.EqualValues(t, 1, count(t, c.db, "SELECT uniqExact(first_day) FROM kpi_begin WHERE tool = 'wiki'"), "one span of access")

	// It turns out that nothing was done on 03-05: the day that remains is known to the facts alone.
	first.Quantity = 0
	c.post(first)
	is("sales", "2026-05-06", "2026-03-01", "2026-02-10", "2026-04-10")

	// In another unit he or she does not begin anew.
	c.place("legal", "2026-04-20", 1)
	is("legal", "2026-05-06", "2026-03-01", "2026-02-10", "2026-04-10")
	is("sales", "2026-04-19", "2026-03-01", "2026-02-10", "2026-04-10")

	// Access is said to have begun earlier, and so did the use.
	c.license(1, "wiki", "2026-02-01", "2026-02-20")
	is("legal", "2026-05-06", "2026-02-01", "2026-02-10", "2026-02-10")
}

// Only the persons are looked at whose beginnings an arrival can have moved, and nobody because a day passes. Persons 1 and 2
// are in the groups 1 and 2.
func TestWhatABeginningCosts(t *testing.T) {
	c := open(t, "UTC", "2026-05-06")
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "view", "2026-05-04T12:00:00Z"))
	c.read()
	written := func(arrive func()) (groups []adoption.Day) {
		before := runsOf(t, c.db, "kpi_begin")
		arrive()
		c.read()
		for group, run := range runsOf(t, c.db, "kpi_begin") {
			if run != before[group] {
				groups = append(groups, group)
			}
		}
		return groups
	}
	require.Equal(t, []adoption.Day{2}, written(func() { c.post(event(c, 2, "wiki", "view", "2026-05-06T09:00:00Z")) }))
	require.Empty(t, written(func() {
		c.post(event(c, 1, "wiki", "post", "2026-05-06T09:00:00Z"), event(c, 2, "wiki", "post", "2026-05-06T10:00:00Z"))
	}), "both had begun")
	require.Empty(t, written(func() { c.setToday(c.today + 3) }))
	require.Equal(t, []adoption.Day{1}, written(func() { c.place("legal", "2026-05-08", 1) }))
	require.Equal(t, []adoption.Day{1}, written(func() { c.post(event(c, 1, "wiki", "view", "2026-04-20T12:00:00Z")) }))
}
