package pilot_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/pilot"
)

func day(s string) adoption.Day {
	d, err := adoption.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// monday is the first day of the pilot in the tests; it is registered three days before.
var monday, friday = day("2026-09-07"), day("2026-09-04")

// plan runs for 8 weeks, from 2026-09-07 to 2026-11-01.
func plan() pilot.Plan {
	return pilot.Plan{ID: "notes", Name: "Meeting Notes", Tool: "notes", Treated: []string{"a1", "a2", "a3"}, Comparison: []string{"b1", "b2", "b3", "b4"},
		Start: monday, End: monday + 55, Outcome: pilot.Outcome{Metric: "adoption", Tool: "all", Success: 0.1}}
}

func TestEnds(t *testing.T) {
	p := plan().Fill()
	require.Equal(t, 8, p.WeeksBefore)
	require.NoError(t, p.Check(friday))
	before, after := p.Ends()
	// Eight weeks end on the Sundays from 19 July to 6 September. Adoption looks back on 28 days: the first value that knows
	// nothing of the time before is that of 4 October, the end of week 4; the last is that of 1 November.
	require.Len(t, before, 8)
	require.Equal(t, []adoption.Day{day("2026-07-19"), day("2026-09-06")}, []adoption.Day{before[0], before[7]})
	require.Equal(t, []adoption.Day{day("2026-10-04"), day("2026-10-11"), day("2026-10-18"), day("2026-10-25"), day("2026-11-01")}, after)

	p.Outcome.Metric = "weekly_active"
	_, after = p.Ends()
	require.Len(t, after, 8)
	require.Equal(t, day("2026-09-13"), after[0])
}

func TestFill(t *testing.T) {
	p := plan()
	p.Outcome.Tool = ""
	require.Equal(t, "notes", p.Fill().Outcome.Tool)
	p.End = monday + 7*40 - 1
	require.Equal(t, 26, p.Fill().WeeksBefore)
	p.End = monday + 7*12 // 12 weeks and a day
	require.Equal(t, 12, p.Fill().WeeksBefore)
	p.WeeksBefore = 5
	require.Equal(t, 5, p.Fill().WeeksBefore)
	p.Outcome = pilot.Outcome{Metric: "outcome:leads"}
	require.Empty(t, p.Fill().Outcome.Tool)
}

func TestWhatCannotBeRegistered(t *testing.T) {
	external := pilot.Outcome{Metric: "outcome:hours", Aggregate: "sum", MeasuredIn: "hours", Success: -5}
	for name, c := range map[string]struct {
		change func(*pilot.Plan)
		field  string
	}{
		"as it is":               {func(*pilot.Plan) {}, ""},
		"from outside":           {func(p *pilot.Plan) { p.Outcome = external }, ""},
		"no id":                  {func(p *pilot.Plan) { p.ID = "" }, "id"},
		"capitals":               {func(p *pilot.Plan) { p.ID = "Notes" }, "id"},
		"an address of its own":  {func(p *pilot.Plan) { p.ID = "match" }, "id"},
		"where others withdraw":  {func(p *pilot.Plan) { p.ID = "withdrawals" }, "id"},
		"no name":                {func(p *pilot.Plan) { p.Name = "" }, "name"},
		"two lines":              {func(p *pilot.Plan) { p.Name = "a\nb" }, "name"},
		"no tool":                {func(p *pilot.Plan) { p.Tool = "" }, "tool"},
		"begins today":           {func(p *pilot.Plan) { p.Start = friday }, "start"},
		"begins in three years":  {func(p *pilot.Plan) { p.Start, p.End = friday+1000, friday+1100 }, "start"},
		"ends before it begins":  {func(p *pilot.Plan) { p.End = p.Start - 1 }, "end"},
		"runs for three years":   {func(p *pilot.Plan) { p.End = p.Start + 7*105 }, "end"},
		"three weeks":            {func(p *pilot.Plan) { p.End = p.Start + 20 }, "end"},
		"too little before":      {func(p *pilot.Plan) { p.WeeksBefore = 3 }, "weeks_before"},
		"too much before":        {func(p *pilot.Plan) { p.WeeksBefore = 53 }, "weeks_before"},
		"nobody takes part":      {func(p *pilot.Plan) { p.Treated = nil }, "treated"},
		"nobody to compare with": {func(p *pilot.Plan) { p.Comparison = nil }, "comparison"},
		"on both sides":          {func(p *pilot.Plan) { p.Comparison = []string{"b1", "a2"} }, "comparison"},
		"twice":                  {func(p *pilot.Plan) { p.Treated = []string{"a1", "a1"} }, "treated"},
		"too many units":         {func(p *pilot.Plan) { p.Comparison = make([]string, 200) }, "comparison"},
		"no metric":              {func(p *pilot.Plan) { p.Outcome.Metric = "joy" }, "outcome.metric"},
		"no name of a result":    {func(p *pilot.Plan) { p.Outcome.Metric = "outcome:" }, "outcome.metric"},
		"no success":             {func(p *pilot.Plan) { p.Outcome.Success = 0 }, "outcome.success"},
		"success is no number":   {func(p *pilot.Plan) { p.Outcome.Success = math.NaN() }, "outcome.success"},
		"ten points as 10":       {func(p *pilot.Plan) { p.Outcome.Success = 10 }, "outcome.success"},
		"a figure added up":      {func(p *pilot.Plan) { p.Outcome.Aggregate = "sum" }, "outcome.aggregate"},
		"a figure in euros":      {func(p *pilot.Plan) { p.Outcome.MeasuredIn = "EUR" }, "outcome.measured_in"},
		"a result of a tool":     {func(p *pilot.Plan) { p.Outcome = external; p.Outcome.Tool = "all" }, "outcome.tool"},
		"a result how":           {func(p *pilot.Plan) { p.Outcome = external; p.Outcome.Aggregate = "median" }, "outcome.aggregate"},
		"a result in what":       {func(p *pilot.Plan) { p.Outcome = external; p.Outcome.MeasuredIn = "" }, "outcome.measured_in"},
	} {
		p := plan()
		c.change(&p)
		err := p.Fill().Check(friday)
		if c.field == "" {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), name)
		require.Equal(t, c.field, adoption.Public(err).Field, name)
		require.True(t, strings.HasSuffix(adoption.Public(err).Message, "."), name)
	}
}

func TestGrade(t *testing.T) {
	for in, want := range map[string]string{"hours": "A", "EUR": "A", "leads": "", "eur": ""} {
		require.Equal(t, want, pilot.Outcome{Metric: "outcome:x", MeasuredIn: in}.Grade(), in)
	}
	require.Empty(t, pilot.Outcome{Metric: "adoption"}.Grade(), "an uplift in adoption is shown as what it is")
}
