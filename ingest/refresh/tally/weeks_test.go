package tally_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// Three weeks are counted, from Monday 2026-03-30 (week 0, the 12th of those that are looked at) on, the third of which
// runs: its people are placed on Wednesday 04-15, yesterday.
func weeks(t *testing.T) tally.WeeksPlan {
	day := func(text string) adoption.Day {
		d, err := adoption.ParseDay(text)
		require.NoError(t, err)
		return d
	}
	return tally.WeeksPlan{
		Names: tally.Names{Units: 3, Tools: 4, Values: 3, Licensed: []bool{false, false, true, false}},
		First: day("2026-03-30"), Weeks: 3, Closed: day("2026-04-15"),
	}
}

const long = adoption.LastDay

// One person uses tool 2, for the first time ever in week 0, not in week 1 and again in week 2; there was nothing before.
// He or she is in unit 1 up to the last day of week 0, then in unit 2, and has a licence on every day but the last one of
// week 1. So unit 1 has someone new in week 0, unit 2 nobody in week 1 and someone resurrected in week 2. All tools together are
// open: there the person is dormant in week 1, in unit 2.
func TestLifeCycle(t *testing.T) {
	plan := weeks(t)
	plan.Cycles, plan.By = 0b111, 0b001
	counted := tally.NewWeeks(plan)
	counted.Add([]tally.Did{{Tool: 2, Week: 12, Done: 1}, {Tool: 2, Week: 14, Done: 1}}, &tally.Person{
		Stays: []tally.Stay{
			{Unit: 1, Values: [3]uint32{1, 2, 1}, To: plan.First + 6},
			{Unit: 2, Values: [3]uint32{1, 1, 1}, From: plan.First + 7, To: long},
		},
		Grants: []tally.Grant{{Tool: 2, To: plan.First + 12}, {Tool: 2, From: plan.First + 14, To: long}},
		Began:  []tally.Began{{Tool: 2, Day: plan.First + 6}, {Tool: tally.AllTools, Day: plan.First + 6}},
	})
	type key struct {
		number uint32
		tool   uint16
		week   adoption.Day
	}
	got := map[key]tally.Cycle{}
	collect := func(number uint32, tool uint16, monday adoption.Day, c tally.Cycle) error {
		got[key{number, tool, (monday - plan.First) / 7}] = c
		return nil
	}
	require.NoError(t, counted.Units(collect))
	require.Equal(t, map[key]tally.Cycle{
		{1, 2, 0}: {New: 1}, {2, 2, 2}: {Resurrected: 1},
		{1, 1, 0}: {New: 1}, {2, 1, 1}: {Dormant: 1}, {2, 1, 2}: {Resurrected: 1},
	}, got)

	clear(got)
	require.NoError(t, counted.Values(1, collect))
	require.Equal(t, map[key]tally.Cycle{{2, 2, 0}: {New: 1}, {2, 1, 0}: {New: 1}}, got, "week 0 only")
}

// Somebody is of another kind on a day than on the next where the weeks before change; and who does nothing is of none.
// By week 0, that is in the weeks 0 to 11 of those looked at, the person has 9 weeks of tool 3 with 20 actions each: 180,
// power. By week 1 the first of these is gone: 8 weeks, 160 actions, novice. Tool 2, which nobody may use without a
// licence, counts for all tools: there are 10 weeks by week 0, and 8 + 1 with 161 actions by week 1, habitual.
func TestHabits(t *testing.T) {
	plan := weeks(t)
	plan.Habits = []adoption.Day{plan.First, plan.First + 6, plan.First + 7}
	counted := tally.NewWeeks(plan)
	var did []tally.Did
	for week := range uint8(9) {
		did = append(did, tally.Did{Tool: 3, Week: week, Done: 20})
	}
	did = append(did, tally.Did{Tool: 2, Week: 9, Done: 1}, tally.Did{Tool: 3, Week: 13, Done: 255}) // the last one is no week before
	counted.Add(did, &tally.Person{Stays: []tally.Stay{{Unit: 1, To: long}}})
	counted.Add(nil, &tally.Person{Stays: []tally.Stay{{Unit: 1, To: long}}})
	got := map[uint16][3]tally.Habit{}
	require.NoError(t, counted.Habits(func(unit uint32, tool uint16, day int, h tally.Habit) error {
		require.EqualValues(t, 1, unit)
		days := got[tool]
		days[day] = h
		got[tool] = days
		return nil
	}))
	require.Equal(t, map[uint16][3]tally.Habit{
		3:              {{Power: 1}, {Power: 1}, {Novice: 1}},
		tally.AllTools: {{Power: 1}, {Power: 1}, {Habitual: 1}},
	}, got)
}

// 12 actions in 12 weeks are one a week, novice; 11 are fewer, low.
func TestFewActions(t *testing.T) {
	plan := weeks(t)
	plan.Habits = []adoption.Day{plan.First}
	counted := tally.NewWeeks(plan)
	for _, done := range []uint8{12, 11, 1} {
		counted.Add([]tally.Did{{Tool: 3, Week: 11, Done: done}}, &tally.Person{Stays: []tally.Stay{{Unit: 1, To: long}}})
	}
	rows := 0
	require.NoError(t, counted.Habits(func(_ uint32, _ uint16, _ int, h tally.Habit) error {
		rows++
		require.Equal(t, tally.Habit{Novice: 1, Low: 2}, h)
		return nil
	}))
	require.Equal(t, 2, rows, "of the tool and of all")
}

// Five people are active in weeks 0 and 1. They began 53 and 52 weeks before week 0, and in its own week on Tuesday 03-31 and
// on Wednesday 04-01: cohorts are followed for 52 weeks, so the first is in none and the second in that of 52 weeks
// before for week 0 only; the next two are one cohort, of two months. The fifth is placed nowhere at the end of that week.
func TestCohorts(t *testing.T) {
	plan := weeks(t)
	plan.Cohorts = 0b011
	counted := tally.NewWeeks(plan)
	did := []tally.Did{{Tool: 3, Week: 12, Done: 1}, {Tool: 3, Week: 13, Done: 1}}
	always := []tally.Stay{{Unit: 1, To: long}}
	began := func(d adoption.Day) []tally.Began { return []tally.Began{{Tool: 3, Day: d}} }
	counted.Add(did, &tally.Person{Stays: always, Began: began(plan.First - 53*7)})
	counted.Add(did, &tally.Person{Stays: always, Began: began(plan.First - 52*7)})
	counted.Add(did, &tally.Person{Stays: always, Began: began(plan.First + 1)})
	counted.Add(did, &tally.Person{Stays: always, Began: began(plan.First + 2)})
	counted.Add(did, &tally.Person{Stays: []tally.Stay{{Unit: 1, To: plan.First + 5}}, Began: began(plan.First + 2)})
	var got []tally.Cohort
	require.NoError(t, counted.Cohorts(func(unit uint32, tool uint16, c tally.Cohort) error {
		require.EqualValues(t, 1, unit)
		require.EqualValues(t, 3, tool)
		got = append(got, c)
		return nil
	}))
	year := plan.First - 52*7 // Monday 2025-03-31
	require.Equal(t, "2025-03-31", year.String())
	require.ElementsMatch(t, []tally.Cohort{
		{plan.First, year, year - 30, 1},
		{plan.First, plan.First, plan.First - 29, 1}, {plan.First, plan.First, plan.First + 2, 1},
		{plan.First + 7, plan.First, plan.First - 29, 1}, {plan.First + 7, plan.First, plan.First + 2, 1},
	}, got)
}
