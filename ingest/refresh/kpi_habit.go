package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

//go:embed kpi_habit.sql
var kpiHabit string

const (
	habitWeeks = 12 // ISO weeks that a habit is judged by (METRICS: Habit)
	habitSpan  = 7 * habitWeeks
	// habitDaysAtOnce is how many days surely lie in eight weeks, which one statement sorts people for.
	habitDaysAtOnce = 50
)

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

// writeHabits computes the planned days of habits. A statement reads 12 weeks more than it computes, so many days at
// once are much cheaper than each by itself.
func (w *work) writeHabits(ctx context.Context) error {
	for _, s := range w.habits.stretches(1, habitDaysAtOnce) {
		first := s.from.Monday() - habitSpan
		err := w.insertKPI(ctx, "sort people by their habits", "INSERT INTO kpi_habit (day, run, unit, tool, power, habitual, novice, low)",
			kpiHabit, eachDay(s), stretch{max(first, 0), max(s.to.Monday()-1, 0)}, params{"first": int(first)})
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	return nil
}
