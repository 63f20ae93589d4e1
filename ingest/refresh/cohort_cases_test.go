package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/refresh"
)

// Mondays: 2026-03-23, 03-30, 04-06, 04-13, 04-20; the week of 03-30 lies in March and April. Today is Wednesday
// 2026-04-22. All are in Sales from January on and may use the wiki, which is open.
//
//	1 begins on Tuesday 03-31 and is active again on 04-08 and 04-20;
//	2 begins on Thursday 04-02 and is active again on 04-20;
//	3 begins on Monday 04-06 and is never seen again;
//	4 begins on Wednesday 04-22, in the week that runs.
func TestCohorts(t *testing.T) {
	c := open(t, "UTC", "2026-04-22")
	c.place("sales", "2026-01-01", 1, 2, 3, 4)
	on := func(person uint64, days ...string) {
		for _, d := range days {
			c.post(event(c, person, "wiki", "view", d+"T12:00:00Z"))
		}
	}
	on(1, "2026-03-31", "2026-04-08", "2026-04-20")
	on(2, "2026-04-02", "2026-04-20")
	on(3, "2026-04-06")
	on(4, "2026-04-22")
	f := c.read()
	at := func(week, unit, cohort, month string) uint64 {
		return f.cohort[cohortCell{day(t, week), unit, "wiki", day(t, cohort), day(t, month)}]
	}
	march, april := "2026-03-01", "2026-04-01"
	require.EqualValues(t, 1, at("2026-03-30", "sales", "2026-03-30", march), "1")
	require.EqualValues(t, 1, at("2026-03-30", "sales", "2026-03-30", april), "2")
	require.EqualValues(t, 1, at("2026-04-06", "sales", "2026-03-30", march))
	require.EqualValues(t, 0, at("2026-04-06", "sales", "2026-03-30", april))
	require.EqualValues(t, 1, at("2026-04-06", "sales", "2026-04-06", april), "3")
	require.EqualValues(t, 0, at("2026-04-13", "sales", "2026-03-30", march), "nobody was active in that week")
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-03-30", march))
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-03-30", april))
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-04-20", april), "4")
	require.Len(t, f.cohort, 2*7, "in the wiki and in all tools")
	new := func(week string) uint64 { return f.week[cell{day(t, week), "sales", "wiki"}].new }
	require.Equal(t, []uint64{2, 1, 0, 1}, []uint64{new("2026-03-30"), new("2026-04-06"), new("2026-04-13"), new("2026-04-20")}, "the sizes of the cohorts")

	// 1 goes to Legal on Monday 04-06: the cohort was counted on Sunday 04-05, and stays where it was. Had the move been on
	// that Sunday, Legal would have it.
	c.place("legal", "2026-04-06", 1)
	f = c.read()
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-03-30", march))
	c.place("legal", "2026-04-05", 1)
	f = c.read()
	require.EqualValues(t, 0, at("2026-04-20", "sales", "2026-03-30", march))
	require.EqualValues(t, 1, at("2026-04-20", "legal", "2026-03-30", march))

	// A late event of 2 on Wednesday 03-25 moves 2 to the cohort of the week before, in every week since.
	on(2, "2026-03-25")
	f = c.read()
	require.EqualValues(t, 0, at("2026-04-20", "sales", "2026-03-30", april))
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-03-23", march))
	require.EqualValues(t, 1, at("2026-03-30", "sales", "2026-03-23", march), "a week after")

	// Five days later the week of 04-20 is over; 3 comes back on its Sunday, which the next day's refresh takes in.
	c.setToday(day(t, "2026-04-27"))
	on(3, "2026-04-26")
	f = c.read()
	require.EqualValues(t, 1, at("2026-04-20", "sales", "2026-04-06", april))
}

// A cohort is followed for 52 weeks after its own: that of Monday 2025-01-06 up to the week of 2026-01-05.
func TestCohortsAreFollowedForAYear(t *testing.T) {
	c := open(t, "UTC", "2026-01-20")
	c.place("sales", "2025-01-01", 1)
	c.post(event(c, 1, "wiki", "view", "2025-01-06T12:00:00Z"), event(c, 1, "wiki", "view", "2026-01-11T12:00:00Z"), event(c, 1, "wiki", "view", "2026-01-12T12:00:00Z"))
	f := c.read()
	at := func(week string) uint64 {
		return f.cohort[cohortCell{day(t, week), "sales", "wiki", day(t, "2025-01-06"), day(t, "2025-01-01")}]
	}
	require.EqualValues(t, []uint64{1, 1, 0}, []uint64{at("2025-01-06"), at("2026-01-05"), at("2026-01-12")})

	// The directory says late that 1 was somewhere else on that first Sunday: each of the weeks has it.
	c.place("legal", "2025-01-12", 1)
	f = c.read()
	require.EqualValues(t, 0, at("2026-01-05"))
	require.EqualValues(t, 1, f.cohort[cohortCell{day(t, "2026-01-05"), "legal", "wiki", day(t, "2025-01-06"), day(t, "2025-01-01")}])
}

// An event of a day on which nobody began writes that day's week and no other; one that moves a beginning, all weeks
// since.
func TestWeeksOfCohortsThatAnEventChanges(t *testing.T) {
	c := open(t, "UTC", "2026-04-22")
	c.place("sales", "2026-01-01", 1)
	c.post(event(c, 1, "wiki", "view", "2026-03-03T12:00:00Z"))
	c.mustEqual()
	written := func() (weeks []string) {
		before := runsOf(t, c.db, "kpi_cohort")
		c.mustEqual()
		after := runsOf(t, c.db, "kpi_cohort")
		for week := day(t, "2026-02-23"); week <= c.today; week += 7 {
			if after[week] != before[week] {
				weeks = append(weeks, week.String())
			}
		}
		return weeks
	}
	c.post(event(c, 1, "wiki", "view", "2026-03-18T12:00:00Z"))
	require.Equal(t, []string{"2026-03-16"}, written())
	c.post(event(c, 1, "wiki", "view", "2026-03-02T12:00:00Z"))
	require.Equal(t, []string{"2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13", "2026-04-20"}, written())
}

// Figures of a version that knew no cohorts get theirs with the next refresh, without anything that arrives; those that a
// large company leaves to a next refresh are not forgotten.
func TestCohortsOfOlderFigures(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-03-10")
	c.place("sales", "2026-01-01", 1, 2)
	c.post(weekly(c, 1, "wiki", "2026-01-05", 9, 30)...)
	want := c.read()
	require.NotEmpty(t, want.cohort)
	for table, about := range map[string]string{"kpi_cohort": "1", "refreshed": "about = 'kpi_cohort'"} {
		require.NoError(t, c.db.Exec(t.Context(), "DELETE FROM "+table+" WHERE "+about+" SETTINGS lightweight_deletes_sync = 2"))
	}
	c.restart(c.db)
	require.Empty(t, difference(want, c.read()))
	c.refresher.SetMost(25)
	require.NoError(t, c.refresher.Touch(t.Context(), refresh.Span{Kind: refresh.KPI, From: day(t, "2026-02-01"), To: day(t, "2026-02-20")}))
	c.post(event(c, 2, "wiki", "view", "2026-01-07T12:00:00Z"))
	c.mustEqual()
	require.EqualValues(t, 2, c.expected().cohort[cohortCell{day(t, "2026-01-05"), "sales", "wiki", day(t, "2026-01-05"), day(t, "2026-01-01")}])
}
