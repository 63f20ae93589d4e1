package refresh

import (
	"context"
	_ "embed"
	"maps"

	"uptake/adoption"
)

var (
	//go:embed facts_with.sql
	factsWith string
	//go:embed kpi_with.sql
	kpiWith string
	//go:embed kpi_size.sql
	kpiSize string
)

const sizeDaysAtOnce = 64 // a set of days is a number of 64 bits

// writeKPI computes the KPI days and weeks that are planned.
func (w *work) writeKPI(ctx context.Context) error {
	for _, s := range w.size.stretches(1, sizeDaysAtOnce) {
		err := w.insertKPI(ctx, "count people", "INSERT INTO kpi_size (day, run, unit, tool, people)", kpiSize, eachDay(s), s, nil)
		if err != nil {
			return err
		}
		w.step(s.days())
	}
	if err := w.writeBegin(ctx); err != nil {
		return err
	}
	if err := w.writePairs(ctx); err != nil {
		return err
	}
	if err := w.writeWork(ctx); err != nil {
		return err
	}
	if err := w.writeCounted(ctx); err != nil {
		return err
	}
	return w.writeCells(ctx)
}

// insertKPI runs a KPI statement that places people on the days at and reads the facts of a stretch.
func (w *work) insertKPI(ctx context.Context, what, into, sql string, at []adoption.Day, read stretch, more params) error {
	p := w.kpiParams(at, read)
	maps.Copy(p, more)
	return w.exec(ctx, what, into+"\n"+factsWith+kpiWith+sql, p)
}

// kpiParams are the parameters of facts_with.sql and kpi_with.sql.
func (w *work) kpiParams(at []adoption.Day, read stretch) params {
	p := w.factsParams(read)
	p["at"], p["all_open"] = at, w.is.allOpen()
	return p
}

// factsParams are the parameters of facts_with.sql.
func (w *work) factsParams(read stretch) params {
	written := days{}
	for d := range w.facts {
		if d >= read.from && d <= read.to {
			written.add(d, d)
		}
	}
	return params{"run": w.run, "facts_from": read.from, "facts_to": read.to, "written": written.sorted()}
}

// eachDay lists the days of a stretch.
func eachDay(s stretch) []adoption.Day {
	list := make([]adoption.Day, 0, s.days())
	for d := s.from; d <= s.to; d++ {
		list = append(list, d)
	}
	return list
}
