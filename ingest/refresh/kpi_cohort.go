package refresh

import (
	"context"
	_ "embed"

	"uptake/adoption"
)

//go:embed kpi_cohort.sql
var kpiCohort string

const (
	// cohortWeeks is for how many weeks after its own a cohort is followed.
	cohortWeeks = 52
	cohortSpan  = 7 * cohortWeeks
	// cohortWeeksAtOnce is how many weeks of activity one statement counts: they have cohorts of 52 weeks more, and a set
	// of weeks is a number of 64 bits.
	cohortWeeksAtOnce = 64 - cohortWeeks
)

// cohortsFollow plans the weeks of activity in which the cohorts of the weeks that hold from..to are counted: those of
// a week are placed on one of its days, or, on a Monday, on the day before.
func (w *work) cohortsFollow(from, to adoption.Day) {
	w.addCohorts(from.Monday(), min((to+1).Monday()+cohortSpan, w.today))
}

func (w *work) addCohorts(from, to adoption.Day) {
	for week := from.Monday(); week <= to; week += 7 {
		w.cohorts.add(week, week)
	}
}

// cohortsOfFacts plans the weeks with days that changed. Where somebody began on another day than before, he or she
// changes from one cohort to another, and with them all weeks since the first change.
func (w *work) cohortsOfFacts(ctx context.Context) error {
	if len(w.changed) == 0 {
		return nil
	}
	for d := range w.changed {
		w.cohorts.add(d.Monday(), d.Monday())
	}
	moved := uint64(1) // a refresh that failed may have moved somebody's first day, and nobody has seen it since
	if w.clean {
		err := w.one(ctx, "count those who began on another day", "SELECT count() FROM first_active WHERE version >= {run:UInt64}", params{"run": w.run}, &moved)
		if err != nil {
			return err
		}
	}
	if moved > 0 {
		w.addCohorts(w.changed.sorted()[0], w.today)
	}
	return nil
}

// noticeCohorts plans the weeks that have figures, but not of cohorts: an earlier version of the program wrote them.
func (w *work) noticeCohorts() {
	for week := range w.shown["kpi_week"] {
		if _, there := w.shown["kpi_cohort"][week]; !there {
			w.cohorts.add(week, week)
		}
	}
}

// leaveCohorts leaves the weeks of cohorts to the refresh that takes up the days before cut: that one plans every week
// that they have cohorts in, so doing it now would be doing it twice. It returns how many it has left.
func (w *work) leaveCohorts(cut adoption.Day) int {
	before := len(w.cohorts)
	w.cohorts.clip(cut.Monday()+cohortSpan+7, w.today)
	return before - len(w.cohorts)
}

// writeCohorts counts the cohorts in the weeks that are planned.
func (w *work) writeCohorts(ctx context.Context) error {
	earliest := w.firstWeek()
	for _, s := range w.cohorts.stretches(7, cohortWeeksAtOnce) {
		first := max(s.from-cohortSpan, earliest)
		err := w.insertKPI(ctx, "follow cohorts", "INSERT INTO kpi_cohort (day, run, unit, tool, cohort, month, people)",
			kpiCohort, w.placements(stretch{first, s.to}), stretch{s.from, min(s.to+6, w.today)},
			params{"first_week": s.from, "first_cohort": first, "lag": int(s.from-first) / 7})
		if err != nil {
			return err
		}
		w.step(s.days()/7 + 1)
	}
	return nil
}

// firstWeek is the Monday of the first week with figures; a week needs one before it.
func (w *work) firstWeek() adoption.Day { return max(w.is.from, 11).Monday() }
