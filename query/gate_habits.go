package query

import "uptake/adoption"

// habitGate judges habits. They speak of the people enabled on a row's day, so the gate's own partition of these decides:
// the figures are sums over the same groups as active_28, and tell no more of small ones than it does.
type habitGate struct {
	*gate
	habits  map[dayTool][]rawHabit
	written map[adoption.Day]uint64 // the days whose habits are known
}

// rows are those of a portion on a day, as gate.rows has them.
func (g *habitGate) rows(p *portion, end adoption.PeriodEnd) []HabitRow {
	var rows []HabitRow
	for _, of := range g.groups(p.at, p.tool, end.Date, p.children) {
		row := HabitRow{RowFrame: g.row(of, p.tool, end).RowFrame}
		before := end.Date.Monday()
		row.Trust.GapDays = g.snap.gapDaysWithin(p.tool, before-HabitDays, before-1)
		g.write(&row, of)
		rows = append(rows, row)
	}
	return rows
}

// write writes down the habits of a group that may be shown, whose row is not hidden, on a day on which they are known.
func (g *habitGate) write(row *HabitRow, of group) {
	if _, known := g.written[row.Date]; !known || row.Suppressed {
		return
	}
	var h rawHabit
	if row.Enabled > 0 {
		h = total(g.habits[dayTool{row.Date, row.Tool}], of.members, (*rawHabit).add)
	}
	none := row.Enabled - min(row.Enabled, h.power+h.habitual+h.novice+h.low)
	row.Power, row.Habitual, row.Novice, row.Low, row.None = &h.power, &h.habitual, &h.novice, &h.low, &none
	row.PowerHabitualRate = ratio(float64(h.power+h.habitual), float64(row.Enabled))
}
