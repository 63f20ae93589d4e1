package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// weekly is one event of a person in each of so many weeks, from a Monday on, each standing for quantity actions.
func weekly(c *company, person uint64, tool, first string, weeks int, quantity uint64) []adoption.Event {
	c.t.Helper()
	var events []adoption.Event
	for i := range weeks {
		e := event(c, person, tool, "view", (day(c.t, first)+adoption.Day(7*i)).String()+"T12:00:00Z")
		e.Quantity = quantity
		events = append(events, e)
	}
	return events
}

// Monday 2026-03-30 is judged by the 12 weeks from Monday 2026-01-05 (03-30 is 84 days later) to Sunday 2026-03-29, and
// so is each day up to Sunday 2026-04-05. Of the people of Sales, by that day,
//
//	1 was active in 9 weeks with 20 actions each: 180 ÷ 12 = 15, power;
//	2 in 9 weeks, 19 each: 171 ÷ 12 = 14.25, habitual;
//	3 in 8 weeks, 1,000 each: too few weeks, novice;
//	4 once, 12 actions: 12 ÷ 12 = 1, novice;
//	5 once, 11 actions: low;
//	6 with nine views of the wiki and nine of the chat, in other weeks: 9 ÷ 12 in each tool, low, and of all tools
//	  18 ÷ 12 in 12 weeks, habitual: weeks 1–9 the wiki, 4–12 the chat;
//	7 on Monday 03-30 itself, 500 times: that week does not end before any of its days, none;
//	8 not at all: none.
func TestHabits(t *testing.T) {
	c := open(t, "UTC", "2026-04-14")
	c.place("sales", "2026-01-01", 1, 2, 3, 4, 5, 6, 7, 8)
	c.post(weekly(c, 1, "wiki", "2026-01-05", 9, 20)...)
	c.post(weekly(c, 2, "wiki", "2026-01-26", 9, 19)...) // the last one on 03-23
	c.post(weekly(c, 3, "wiki", "2026-01-05", 8, 1000)...)
	c.post(weekly(c, 4, "wiki", "2026-01-05", 1, 12)...)
	c.post(weekly(c, 5, "wiki", "2026-03-23", 1, 11)...)
	c.post(weekly(c, 6, "wiki", "2026-01-05", 9, 1)...)
	c.post(weekly(c, 6, "chat", "2026-01-26", 9, 1)...)
	c.post(weekly(c, 7, "wiki", "2026-03-30", 1, 500)...)
	f := c.read()
	at := func(d, tool string) habitCell { return f.habit[cell{day(t, d), "sales", tool}] }
	for _, d := range []string{"2026-03-30", "2026-04-05"} {
		// wiki: 6 has 9 active weeks, 9 actions.
		require.Equal(t, habitCell{power: 1, habitual: 2, novice: 2, low: 1}, at(d, "wiki"), d)
		require.Equal(t, habitCell{habitual: 1}, at(d, "chat"), d)
		require.Equal(t, habitCell{power: 1, habitual: 2, novice: 2, low: 1}, at(d, "all"), d)
	}
	// A week later the week of 01-05 has left: 1 has 8 weeks, 160 actions, novice; 3 stays novice; 4 is none; 6 has 8 weeks and
	// 8 actions of the wiki, low; 7 has come, novice.
	require.Equal(t, habitCell{habitual: 1, novice: 3, low: 2}, at("2026-04-06", "wiki"))
	// In all tools 6 was active in each of the 11 weeks from 01-12 to 03-23.
	require.Equal(t, habitCell{habitual: 2, novice: 3, low: 1}, at("2026-04-06", "all"))
	// Sunday 03-29 does not yet count its own week: 2 has 8 weeks and 152 actions, novice; 5 is none. The week of 2025-12-29 was
	// empty, so 1 is power, 6 habitual.
	require.Equal(t, habitCell{power: 1, habitual: 1, novice: 3}, at("2026-03-29", "wiki"))
}

// A correction of an old day changes the habits of the days of the 12 weeks after its week, and no other: of Wednesday
// 2026-01-07 those from Monday 01-12 to Sunday 04-05 (01-12 + 83 days).
func TestHabitsThatALateEventChanges(t *testing.T) {
	c := open(t, "UTC", "2026-05-06")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "view", "2026-01-01T12:00:00Z"))
	c.read()
	runs := func() map[adoption.Day]uint64 { return runsOf(t, c.db, "kpi_habit") }
	before := runs()
	c.post(event(c, 1, "wiki", "view", "2026-01-07T12:00:00Z"))
	f := c.read()
	var first, last adoption.Day
	for d, run := range runs() {
		if run != before[d] {
			if first == 0 || d < first {
				first = d
			}
			last = max(last, d)
		}
	}
	require.Equal(t, "2026-01-12", first.String())
	require.Equal(t, "2026-04-05", last.String())
	require.Equal(t, habitCell{low: 1}, f.habit[cell{last, "sales", "wiki"}])
	require.Zero(t, f.habit[cell{last + 1, "sales", "wiki"}])
}

// Figures of a version that knew neither habits nor histograms get theirs with the next refresh, without anything that arrives.
func TestHabitsOfOlderFigures(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-03-10")
	c.place("sales", "2026-01-01", 1, 2)
	c.post(weekly(c, 1, "wiki", "2026-01-05", 9, 30)...)
	want := c.read()
	for _, delete := range []string{"DELETE FROM kpi_habit WHERE 1", "DELETE FROM kpi_spread WHERE 1", "DELETE FROM refreshed WHERE about IN ('kpi_habit', 'kpi_spread')"} {
		require.NoError(t, c.db.Exec(t.Context(), delete+" SETTINGS lightweight_deletes_sync = 2"))
	}
	c.restart(c.db)
	require.NotEmpty(t, want.habit)
	require.NotEmpty(t, want.spread)
	require.Empty(t, difference(want, c.read()))
}
