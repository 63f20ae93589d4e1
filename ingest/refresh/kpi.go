package refresh

import (
	"context"
	"maps"

	"uptake/adoption"
)

// writeKPI computes the KPI days and weeks that are planned.
func (w *work) writeKPI(ctx context.Context) error {
	if err := w.writeBegin(ctx); err != nil {
		return err
	}
	of, err := w.readDirectory(ctx)
	if err != nil {
		return err
	}
	for _, write := range []func(context.Context, *directory) error{
		w.writeSize, w.writePairs, w.writeWork, w.writeActions, w.writeWindows, w.writeWeeks, w.writeCells,
	} {
		if err := write(ctx, of); err != nil {
			return err
		}
	}
	return nil
}

// edition tells of each day the run under which its facts are to be read.
type edition func(adoption.Day) (run uint64, there bool)

// factsNow are those that readers will see: those that they see, but of the days written what this refresh has written.
func (w *work) factsNow(d adoption.Day) (run uint64, there bool) {
	if _, anew := w.facts[d]; anew {
		return w.run, true
	}
	return w.factsBefore(d)
}

// factsBefore are those that readers see.
func (w *work) factsBefore(d adoption.Day) (run uint64, there bool) {
	run, there = w.shown["person_day"][d]
	return run, there
}

// eachFact calls row for every row of the answer to sql, a statement about the facts of a stretch, in an edition. Without any
// there is nothing to ask.
func (w *work) eachFact(ctx context.Context, what, sql string, s stretch, of edition, more params, row func(scanner) error) error {
	var current []written
	for d := s.from; d <= s.to; d++ {
		if run, there := of(d); there {
			current = append(current, written{"person_day", d, run})
		}
	}
	if len(current) == 0 {
		return nil
	}
	p := params{"from": current[0].day, "to": s.to, "current": pairList(current)}
	maps.Copy(p, more)
	return w.each(ctx, what, sql, p, row)
}
