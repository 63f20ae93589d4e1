package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

var (
	//go:embed pair_day.sql
	insertPairDay string
	//go:embed kpi_pair.sql
	kpiPair string
)

// pairDaysAtOnce bounds what one statement joins. (And a set of days is a number of 64 bits.)
const pairDaysAtOnce = 32

// noticePairs plans the pairs of days whose facts an earlier version of the program wrote without them, as far as the
// events are kept: who addressed whom on a frozen day is not known any more.
func (w *work) noticePairs(kept adoption.Day) {
	for d := range w.shown["person_day"] {
		if _, there := w.shown["pair_day"][d]; !there && d >= kept {
			w.facts.add(d, d)
		}
	}
	for d := range w.shown["kpi_size"] {
		if _, there := w.shown["kpi_pair"][d]; !there {
			w.between.add(d, d)
		}
	}
}

// writePairs computes the planned days of interactions between units.
func (w *work) writePairs(ctx context.Context) error {
	for _, s := range w.between.stretches(1, pairDaysAtOnce) {
		err := w.insertKPI(ctx, "count interactions between units", "INSERT INTO kpi_pair (day, run, tool, from_unit, to_unit, interactions)",
			kpiPair, eachDay(s), s, nil)
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	return nil
}
