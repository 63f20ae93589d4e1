package query

import (
	"iter"

	"uptake/adoption"
)

// cohortGate lets the figures of cohorts out. Its gate opens the whole tree, so nodes of the scope are those of the
// tree.
type cohortGate struct {
	*gate
	tool     string
	grain    adoption.Grain
	running  adoption.Day // the Monday of the week that runs
	book     *cohortBook
	followed activeOf
}

// firstWeek is the Monday of the first week of the cohort that ends on a day.
func (g *cohortGate) firstWeek(end adoption.Day) adoption.Day {
	if g.grain == adoption.ByMonth {
		return end.FirstOfMonth().Monday()
	}
	return end.Monday()
}

// lastWeek is the Monday of its last week: that of a month may end after it.
func (g *cohortGate) lastWeek(end adoption.Day) adoption.Day {
	if g.grain == adoption.ByMonth {
		return min(end.EndOfMonth().Monday(), g.running)
	}
	return end.Monday()
}

// weeksOf are the Mondays of the weeks of the cohort that ends on a day.
func (g *cohortGate) weeksOf(end adoption.Day) iter.Seq[adoption.Day] {
	return func(yield func(adoption.Day) bool) {
		for week := g.firstWeek(end); week <= g.lastWeek(end); week += 7 {
			if !yield(week) {
				return
			}
		}
	}
}

// cohortRows are those of the cohort that ends on a day, of the place asked for, with children also of its children and
// its rest.
func (g *cohortGate) cohortRows(at place, end adoption.PeriodEnd, children bool) []RetentionRow {
	var rows []RetentionRow
	for _, of := range g.groups(at, g.tool, end.Date, children) {
		rows = append(rows, g.cohortRow(of, end))
	}
	return rows
}

// cohortRow judges the figures of a group and writes down those that may be shown. Who began is part of the life cycle, and
// shown where that is.
func (g *cohortGate) cohortRow(of group, end adoption.PeriodEnd) RetentionRow {
	row := RetentionRow{RowFrame: g.row(of, g.tool, end).RowFrame, Cohort: g.firstWeek(end.Date), Weeks: []RetentionWeek{}}
	if g.grain == adoption.ByMonth {
		row.Cohort = end.Date.FirstOfMonth()
	}
	known := !row.Suppressed
	for week := range g.weeksOf(end.Date) {
		known = known && g.knowsNew(of, week)
	}
	if known {
		row.Size = g.sum(of, end.Date, 0)
	}
	shown := false
	for k := range retentionWeeks + 1 {
		last := g.lastWeek(end.Date) + adoption.Day(7*k)
		if _, written := g.followed[last]; !written {
			break // it is still to come, or a refresh under way has yet to count it
		}
		week := RetentionWeek{K: k, Running: last == g.running}
		if row.Size != nil {
			week.Active = g.sum(of, end.Date, k)
		}
		if week.Active != nil {
			week.Rate = ratio(float64(*week.Active), float64(*row.Size))
			shown = shown || k > 0
		}
		row.Weeks = append(row.Weeks, week)
	}
	row.Suppressed = row.Size == nil || len(row.Weeks) > 1 && !shown
	return row
}

// knowsNew tells whether the life cycle of a week shows who of a group began in it.
func (g *cohortGate) knowsNew(of group, week adoption.Day) bool {
	judged := g.snap.lifecycleDay(week)
	return g.snap.days[judged] && g.visible(g.enabledPartition(judged, g.tool), of)
}

// sum is how many people of a group were active k weeks after they began, of the cohort that ends on a day; nil where that
// may not be shown of all its keys.
func (g *cohortGate) sum(of group, end adoption.Day, k int) *uint64 {
	var sum uint64
	for began := range g.weeksOf(end) {
		week := began + adoption.Day(7*k)
		for _, key := range g.keysOf(began, end) {
			if !g.shows(of, week, key) {
				return nil
			}
			sum += total(g.followed[week][key], of.members, addCount)
		}
	}
	return &sum
}

// keysOf are the keys of a week that belong to the cohort that ends on a day: all of a week's, one of a month's.
func (g *cohortGate) keysOf(week, end adoption.Day) []cohortKey {
	if g.grain == adoption.ByMonth {
		return []cohortKey{{week, end.FirstOfMonth()}}
	}
	keys := []cohortKey{{week, week.FirstOfMonth()}}
	if next := (week + 6).FirstOfMonth(); next != keys[0].month {
		keys = append(keys, cohortKey{week, next})
	}
	return keys
}

// shows tells whether those of a group who began with a key may be counted in a week.
func (g *cohortGate) shows(of group, week adoption.Day, key cohortKey) bool {
	if total(g.followed[key.week][key], of.members, addCount) == 0 {
		return true // nobody began, as its life cycle tells
	}
	hidden := g.book.hidden(week, key)
	return hidden == nil || g.visible(partition{hidden: hidden}, of)
}
