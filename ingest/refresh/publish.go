package refresh

import (
	"context"
	"fmt"
)

// publish lets readers see everything that was written: one insert, so all of it at once.
func (w *work) publish(ctx context.Context) error {
	batch, err := w.db.PrepareBatch(ctx, "INSERT INTO refreshed (about, day, run)")
	if err != nil {
		return fmt.Errorf("publish the figures: %w", err)
	}
	defer batch.Close()
	for table, set := range w.written() {
		for _, d := range set.sorted() {
			if err := batch.Append(table, d.Time(), w.run); err != nil {
				return fmt.Errorf("publish the figures: %w", err)
			}
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("publish the figures: %w", err)
	}
	w.supersede()
	w.passed()
	return w.storeState(ctx)
}

// written are the tables that a refresh writes under its run number, and the days of each.
func (w *work) written() map[string]days {
	return map[string]days{
		"person_day": w.facts, "source_day": w.facts, "unknown_day": w.facts, "pair_day": w.facts, "kpi_pair": w.between, "kpi_work": w.between, "kpi_action": w.acts,
		"kpi_size": w.size, "kpi_use": w.use, "kpi_week": w.weeks, "kpi_cell": w.cells, "kpi_by": w.by, "kpi_by_week": w.byWeeks, "kpi_begin": w.begun, "kpi_habit": w.habits, "kpi_spread": w.spread, "kpi_cohort": w.cohorts,
	}
}
