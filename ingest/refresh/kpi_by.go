package refresh

import (
	"maps"
	"time"

	"uptake/adoption"
)

// Figures by location, role and hire cohort cost as much as all others together, so they are there for the ends of
// weeks and months and for the last day only: these are the dates that can be asked for.

// planBy plans what is broken down by attributes, from the days and weeks that are planned, and from those that have
// figures but none of these (an earlier version of the program wrote them).
func (w *work) planBy() {
	seats := w.seatsFollow()
	add := func(to, from days, table string, wanted func(adoption.Day) bool) {
		for d := range from {
			if wanted(d) {
				to.add(d, d)
			}
		}
		for d := range w.shown[map[string]string{"kpi_cell": "kpi_size", "kpi_by": "kpi_use", "kpi_by_week": "kpi_week"}[table]] {
			if _, there := w.shown[table][d]; !there && wanted(d) {
				to.add(d, d)
			}
		}
	}
	add(w.cells, seats, "kpi_cell", func(d adoption.Day) bool { return adoption.Counted(d, w.is.upTo) })
	add(w.by, w.use, "kpi_by", func(d adoption.Day) bool { return adoption.Attributed(d, w.is.upTo) })
	add(w.byWeeks, w.weeks, "kpi_by_week", func(adoption.Day) bool { return true })
}

// countedBy is what people are counted by in kpi_cell. With other words all its days are counted anew.
const countedBy = "unit, attributes, access, seats"

// seatsFollow are the days on which people may have access or seats as they had not: those that are planned for other
// licences, and the days after, until a seat has been held for long enough. After an earlier version of the program these are all.
func (w *work) seatsFollow() days {
	follow := days{}
	for d := range w.size {
		follow.add(d, d+seatDays-1)
	}
	if w.was.cells != countedBy {
		for d := range w.shown["kpi_cell"] {
			follow.add(d, d)
		}
	}
	follow.clip(w.is.from, w.is.upTo)
	w.is.cells = countedBy
	return follow
}

// passed lists the rows of the days that had such figures only because they were the last ones. Nobody asks for them.
func (w *work) passed() {
	since := time.Now()
	for table, kept := range map[string]func(d, last adoption.Day) bool{"kpi_cell": adoption.Counted, "kpi_by": adoption.Attributed} {
		runs := w.shown[table]
		for d := range maps.Clone(runs) {
			if d > w.was.upTo-2 && d <= w.was.upTo && !kept(d, w.is.upTo) {
				w.garbage.rows = append(w.garbage.rows, stale{written{table, d, runs[d]}, since})
				delete(runs, d)
			}
		}
	}
}
