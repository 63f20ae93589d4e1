package refresh

import (
	"context"
	_ "embed"
	"maps"

	"uptake/adoption"
)

var (
	//go:embed kpi_with.sql
	kpiWith string
	//go:embed kpi_size.sql
	kpiSize string
	//go:embed kpi_week.sql
	kpiWeek string
)

const (
	sizeDaysAtOnce = 64 // a set of days is a number of 64 bits
	weeksAtOnce    = 63 // and the week before the first has a bit, too
)

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
	if err := w.writeWindows(ctx); err != nil {
		return err
	}
	for _, s := range w.weeks.stretches(7, weeksAtOnce) {
		err := w.insertKPI(ctx, "compute the life cycle in weeks", "INSERT INTO kpi_week (day, run, unit, tool, new, returning, resurrected, dormant)",
			kpiWeek, w.placements(s), stretch{s.from - 7, min(s.to+6, w.today)}, params{"first_week": s.from})
		if err != nil {
			return err
		}
		w.step(s.days()/7 + 1)
	}
	if err := w.writeCohorts(ctx); err != nil {
		return err
	}
	if err := w.writeHabits(ctx); err != nil {
		return err
	}
	return w.writeBy(ctx)
}

// insertKPI runs a KPI statement that places people on the days at and reads the facts of a stretch.
func (w *work) insertKPI(ctx context.Context, what, into, sql string, at []adoption.Day, read stretch, more params) error {
	p := w.kpiParams(at, read)
	maps.Copy(p, more)
	return w.exec(ctx, what, into+"\n"+kpiWith+sql, p)
}

// kpiParams are the parameters of kpi_with.sql.
func (w *work) kpiParams(at []adoption.Day, read stretch) params {
	written := days{}
	for d := range w.facts {
		if d >= read.from && d <= read.to {
			written.add(d, d)
		}
	}
	return params{"run": w.run, "at": at, "facts_from": read.from, "facts_to": read.to, "written": written.sorted(), "all_open": w.is.allOpen()}
}

// eachDay lists the days of a stretch.
func eachDay(s stretch) []adoption.Day {
	list := make([]adoption.Day, 0, s.days())
	for d := s.from; d <= s.to; d++ {
		list = append(list, d)
	}
	return list
}

// placements are the days on which people are placed in the weeks of a stretch of Mondays: the week's last day, or,
// while the week runs, the last day that is over.
func (w *work) placements(mondays stretch) []adoption.Day {
	var list []adoption.Day
	for monday := mondays.from; monday <= mondays.to; monday += 7 {
		list = append(list, min(monday+6, w.today-1))
	}
	return list
}
