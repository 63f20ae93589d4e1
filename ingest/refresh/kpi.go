package refresh

import (
	"context"
	_ "embed"
)

//go:embed facts_with.sql
var factsWith string

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

// factsParams are the parameters of facts_with.sql: the facts of a stretch are read.
func (w *work) factsParams(read stretch) params {
	written := days{}
	for d := range w.facts {
		if d >= read.from && d <= read.to {
			written.add(d, d)
		}
	}
	return params{"run": w.run, "facts_from": read.from, "facts_to": read.to, "written": written.sorted()}
}
