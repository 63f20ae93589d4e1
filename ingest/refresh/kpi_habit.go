package refresh

import (
	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// habitSpan is the ISO weeks that a habit is judged by (METRICS: Habit), in days.
const habitSpan = 7 * tally.WeeksBefore

// habitsFollow plans the days whose habits the facts of a day are part of: those of the 12 weeks after its own.
func (w *work) habitsFollow(d adoption.Day) {
	next := d.Monday() + 7
	w.habits.add(next, next+habitSpan-1)
}

// noticeNew plans the days that have figures, but not of a table that an earlier version of the program did not know.
func (w *work) noticeNew() {
	for table, set := range map[string]days{"kpi_habit": w.habits, "kpi_spread": w.spread} {
		for d := range w.shown["kpi_use"] {
			if _, there := w.shown[table][d]; !there {
				set.add(d, d)
			}
		}
	}
}
