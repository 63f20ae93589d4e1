package dashboard

import (
	"html/template"
	"strings"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// courseView is a figure over a year by closed weeks: the picture for a desk, the same for a phone, and its table.
type courseView struct {
	Wide, Narrow template.HTML
	Rows         []courseRow // targets, and then weeks, the newest first
	Targets      []targetLine
	Weeks        int
	Marks        []string // what was done meanwhile, by the numbers of the picture
	Missing      string   // why there is no picture; "" where there is one
	Hidden       bool
}

type courseRow struct {
	Date, Rate, Active, Enabled, Target, Note string
	Hidden                                    bool
}

const courseWeeks = 52

// lastSunday is the last closed ISO week's end that is not after day; day itself counts when it is closed.
func lastSunday(day, today adoption.Day) adoption.Day {
	day = min(day, today-1)
	if monday := day.Monday(); monday+6 == day {
		return day
	}
	return day.Monday() - 1
}

// yearOf is the question for a unit's closed weeks: those that end in the filter's period, or the year up to its last day
// where that is no longer than the 28 days of one week's figure.
func yearOf(unit string, f filter, today adoption.Day) query.AdoptionQuestion {
	_, day := f.days(today - 1)
	to := max(lastSunday(day, today), 0)
	from := max(to-7*courseWeeks+1, 0)
	if f.long() {
		from = min(f.From, to)
	}
	tool := f.Tool
	if tool == "" {
		tool = adoption.AllTools
	}
	return query.AdoptionQuestion{Unit: unit, Tool: tool, From: from, To: to, Grain: adoption.ByWeek}
}

// weekly lays the rows of an answer over the weeks of its question: nil where a week has none. Weeks before the
// first row are left out: nothing was known then.
func weekly(q query.AdoptionQuestion, rows []query.AdoptionRow, today adoption.Day) (ends []adoption.Day, byWeek []*query.AdoptionRow) {
	byDate := make(map[adoption.Day]*query.AdoptionRow, len(rows))
	for i := range rows {
		if rows[i].Unit == q.Unit {
			byDate[rows[i].Date] = &rows[i]
		}
	}
	for _, end := range adoption.PeriodEnds(q.From, q.To, q.Grain, today) {
		row := byDate[end.Date]
		if row == nil && len(ends) == 0 {
			continue
		}
		ends, byWeek = append(ends, end.Date), append(byWeek, row)
	}
	return ends, byWeek
}

func (d *reader) courseView(id, unit string, ends []adoption.Day, rows []*query.AdoptionRow, year yearAnswer, minGroup int) courseView {
	points := make([]chart.Point, len(rows))
	view := courseView{Weeks: len(rows)}
	if len(rows) == 0 {
		view.Missing = d.words.text("missing.no_data")
		return view
	}
	marks, lines, byWeek := d.courseMarks(ends, year.events)
	for i, row := range rows {
		points[i] = d.ratePoint(row, ends[i], minGroup)
		view.Rows = append(view.Rows, d.courseRow(row, points[i], ends[i], byWeek[i]))
	}
	if noneKnown(points) {
		newest := points[len(points)-1]
		view.Missing, view.Hidden = newest.Text, newest.State == chart.Hidden
		return view
	}
	for i, j := 0, len(view.Rows)-1; i < j; i, j = i+1, j-1 {
		view.Rows[i], view.Rows[j] = view.Rows[j], view.Rows[i]
	}
	goals := goalsOfYear(year.targets, ends)
	d.withTargets(&view, goals)
	plans, axis := d.plans(goals, ends)
	trend := chart.Trend{Meta: chart.Meta{ID: id, Title: d.words.text("course.title", "unit", unit), Desc: d.words.text("course.desc", "n", len(rows))},
		Points: points, Plans: plans, Gaps: d.gaps(rows), Marks: marks, Limit: 1, Axis: func(v float64) string { return d.percent(v, 0) },
		RunningLabel: d.words.text("chart.running")}
	view.Marks = lines
	trend.Width, trend.Height, trend.Ticks = 1120, 280, d.weekTicks(axis, 1)
	view.Wide = trend.SVG()
	trend.ID += "n"
	trend.Width, trend.Height, trend.Ticks = 358, 220, d.weekTicks(axis, 3)
	view.Narrow = trend.SVG()
	return view
}

func (d *reader) ratePoint(row *query.AdoptionRow, end adoption.Day, minGroup int) chart.Point {
	p := chart.Point{Label: d.words.text("course.week", "date", d.date(end))}
	switch {
	case row == nil:
		p.State, p.Text = chart.NoData, d.words.text("missing.no_data")
	case row.Suppressed:
		p.State, p.Text = chart.Hidden, d.hidden(row.Enabled, minGroup)
	case row.AdoptionRate == nil:
		p.State, p.Text = chart.NoData, d.words.text("missing.nobody")
	default:
		p.Value, p.Text = *row.AdoptionRate, d.percent(*row.AdoptionRate, 1)
	}
	return p
}

func (d *reader) courseRow(row *query.AdoptionRow, p chart.Point, end adoption.Day, done string) courseRow {
	r := courseRow{Date: d.date(end), Rate: p.Text, Note: done, Hidden: p.State == chart.Hidden}
	if row == nil {
		return r
	}
	r.Enabled = count(d.locale, row.Enabled)
	if row.Active28 != nil {
		r.Active = count(d.locale, *row.Active28)
	}
	if row.Trust.GapDays > 0 {
		r.Note = strings.TrimPrefix(r.Note+"; "+d.words.text("trust.gap_days", "n", row.Trust.GapDays), "; ")
	}
	return r
}

// gaps are the runs of weeks whose window touches days without data.
func (d *reader) gaps(rows []*query.AdoptionRow) []chart.Gap {
	var gaps []chart.Gap
	for i, row := range rows {
		if row == nil || row.Trust.GapDays == 0 {
			continue
		}
		if n := len(gaps); n > 0 && gaps[n-1].To == i-1 {
			gaps[n-1].To = i
			continue
		}
		gaps = append(gaps, chart.Gap{From: i, To: i, Label: d.words.text("chart.gap")})
	}
	return gaps
}

// weekTicks names the weeks of a course: days where it is short, else every nth month, and fewer of them over more than a year.
func (d *reader) weekTicks(ends []adoption.Day, every int) []chart.Tick {
	switch weeks := len(ends); {
	case weeks <= lifecycleWeeks:
		return d.dayTicks(ends, 1+every)
	case weeks > courseWeeks+1:
		return d.monthTicks(ends, 3*every)
	}
	return d.monthTicks(ends, every)
}

// monthTicks names every nth month at its first week; the first tick, and the first of each year, bear the year.
func (d *reader) monthTicks(ends []adoption.Day, every int) []chart.Tick {
	var ticks []chart.Tick
	months, named := 0, 0
	for i, end := range ends {
		if i == 0 || end.FirstOfMonth() == ends[i-1].FirstOfMonth() {
			continue
		}
		if months%every == 0 {
			ticks = append(ticks, chart.Tick{Index: i, Label: d.month(end, end.Time().Year() != named)})
			named = end.Time().Year()
		}
		months++
	}
	return ticks
}
