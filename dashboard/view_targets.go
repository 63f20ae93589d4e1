package dashboard

import (
	"cmp"
	"slices"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/target"
)

// mostAhead is how many weeks the axis goes on to a target at most: no more than it shows of the past, or what was would be a
// stump; a quarter of a year at least, and a year at most. One that is set for later stands at its end.
func mostAhead(weeks int) adoption.Day { return adoption.Day(min(max(weeks, 13), courseWeeks)) }

// targetLine is a target of the unit in words, beside its picture.
type targetLine struct {
	Text, State, Class string
}

// goalsOfYear are the targets of adoption that a year of weeks is held against: those of its unit and tool, the next one
// first. Former ones, from before the year, have no place in it.
func goalsOfYear(all []query.TargetAnswer, ends []adoption.Day) (goals []query.TargetAnswer) {
	for _, a := range all {
		if a.Plan.Measure == target.Adoption && len(ends) > 0 && a.Plan.By >= ends[0] {
			goals = append(goals, a)
		}
	}
	slices.SortStableFunc(goals, func(a, b query.TargetAnswer) int { return cmp.Compare(a.Plan.By, b.Plan.By) })
	return goals
}

// plans are targets as a chart of weeks draws them, and the last days of the weeks that its axis has then. What is expected
// is drawn where the year ends with the figures that it was worked out from, and nowhere else.
func (d *reader) plans(goals []query.TargetAnswer, ends []adoption.Day) (plans []chart.Plan, axis []adoption.Day) {
	axis = ends
	last := ends[len(ends)-1]
	for _, a := range goals {
		by, goal := a.Plan.By, d.percent(a.Plan.Goal, 1)
		plan := chart.Plan{Value: a.Plan.Goal, Label: d.words.text("targets.short", "goal", goal), Text: d.goalSentence(&a)}
		if end := last + 7*mostAhead(len(ends)); by > end {
			by, plan.Beyond, plan.Label = end, true, plan.Label+" →"
		}
		plan.At = float64(by-ends[0]) / 7
		if points := a.Course.Points; a.Course.Forecast != nil && points[len(points)-1].Day == last {
			plan.Expected = &chart.Span{Low: a.Course.Forecast.Low, Mid: a.Course.Forecast.Likely, High: a.Course.Forecast.High}
		}
		for axis[len(axis)-1] < by {
			axis = append(axis[:len(axis):len(axis)], axis[len(axis)-1]+7)
		}
		plans = append(plans, plan)
	}
	return plans, axis
}

// goalSentence is a target with its day, and what is expected on it.
func (d *reader) goalSentence(a *query.TargetAnswer) string {
	text := d.words.text("targets.line", "goal", d.percent(a.Plan.Goal, 1), "date", d.date(a.Plan.By))
	if f := a.Course.Forecast; f != nil {
		text += " " + d.words.text("targets.line_expected", "low", d.percent(f.Low, 1), "high", d.percent(f.High, 1))
	}
	return text
}

// stateView is what may be said of a target, in a word and its class.
func (d *reader) stateView(s target.State) (word, class string) {
	switch {
	case offCourse(s):
		class = "bad"
	case s == target.OnCourse || s == target.Reached:
		class = "good"
	}
	return d.words.text("targets.state." + string(s)), class
}

// withTargets adds the targets of the unit to the view of its year: in words, and above the weeks of its table.
func (d *reader) withTargets(view *courseView, goals []query.TargetAnswer) {
	rows := make([]courseRow, 0, len(goals)+len(view.Rows))
	for _, a := range goals {
		line := targetLine{Text: d.goalSentence(&a)}
		line.State, line.Class = d.stateView(a.Course.State)
		view.Targets = append(view.Targets, line)
		row := courseRow{Date: d.words.text("targets.row", "date", d.date(a.Plan.By)), Target: d.percent(a.Plan.Goal, 1), Note: line.State}
		if f := a.Course.Forecast; f != nil {
			row.Note += ": " + d.words.text("targets.line_expected", "low", d.percent(f.Low, 1), "high", d.percent(f.High, 1))
		}
		rows = append(rows, row)
	}
	view.Rows = append(rows, view.Rows...)
}
