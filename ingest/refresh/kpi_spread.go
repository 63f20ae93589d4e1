package refresh

import (
	"context"
	_ "embed"
)

//go:embed kpi_spread.sql
var kpiSpread string

// spreadsAtOnce is usesAtOnce for histograms: a statement keeps the sums of every person, tool and day until the end, and
// takes twice the memory for as many.
const spreadsAtOnce = usesAtOnce / 2

// writeSpread computes the planned days of histograms, those whose use of tools is computed: both speak of the same windows.
func (w *work) writeSpread(ctx context.Context) error {
	for _, s := range w.spread.stretches(1, max(min(spreadsAtOnce/w.pairs, useDaysAtOnce), 1)) {
		err := w.insertKPI(ctx, "find how actions spread over people", "INSERT INTO kpi_spread (day, run, unit, tool, contributions, amounts, people, contributed, contributors)",
			kpiSpread, eachDay(s), stretch{max(s.from-27, 0), s.to}, nil)
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	return nil
}
