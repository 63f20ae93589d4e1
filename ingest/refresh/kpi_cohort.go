package refresh

import (
	"context"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// cohortSpan is for how many days after its own week a cohort is followed.
const cohortSpan = 7 * tally.CohortWeeks

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

// firstWeek is the Monday of the first week with figures; a week needs one before it.
func (w *work) firstWeek() adoption.Day { return max(w.is.from, 11).Monday() }
