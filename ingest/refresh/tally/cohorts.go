package tally

import (
	"math/bits"

	"uptake/adoption"
)

// CohortWeeks is for how many weeks after its own a cohort is followed.
const CohortWeeks = 52

// cohorts are those of a group: by the week of the first use, from CohortWeeks before week 0 on, then by the week of
// activity. The first use was in the month in which its week begins, or in the next.
type cohorts [][2]uint32

// countCohorts counts a person in the weeks since the one in which he or she began, placed where that one places people.
func (w *Weeks) countCohorts(of *Person) {
	if w.plan.Cohorts == 0 {
		return
	}
	for _, tool := range w.tools {
		u := &w.uses[tool]
		if u.began < w.plan.cohort(0) {
			continue
		}
		cohort := int(u.began-w.plan.cohort(0)) / 7
		monday := w.plan.cohort(cohort)
		// A cohort is followed from its own week, cohort - CohortWeeks, into the one that has its number.
		weeks := w.plan.Cohorts & (u.used >> WeeksBefore) & (1<<(cohort+1) - 1) &^ (1<<max(cohort-CohortWeeks, 0) - 1)
		placed := w.plan.placed(monday)
		stay := of.On(placed)
		if weeks == 0 || !w.plan.Enabled(of, stay, tool, placed) {
			continue
		}
		in := w.cohortsOf(stay.Unit, tool)
		month := 0
		if u.began.FirstOfMonth() > monday {
			month = 1
		}
		for ; weeks != 0; weeks &= weeks - 1 {
			in[cohort*w.plan.Weeks+bits.TrailingZeros32(weeks)][month] += uint32(w.one)
		}
	}
}

func (w *Weeks) cohortsOf(unit uint32, tool uint16) cohorts {
	in := &w.cohorts[w.plan.place(unit, tool)]
	if *in == nil {
		*in = make(cohorts, (CohortWeeks+w.plan.Weeks)*w.plan.Weeks)
	}
	return *in
}

// KnowCohort lets a unit's cohort begin with what is known, and not with nothing.
func (w *Weeks) KnowCohort(unit uint32, tool uint16, c Cohort) {
	month := 0
	if c.Month > c.Began {
		month = 1
	}
	w.cohortsOf(unit, tool)[w.plan.week(c.Began+7*CohortWeeks)*w.plan.Weeks+w.plan.week(c.Monday)][month] = uint32(c.People)
}

// cohort is the Monday of a cohort's week.
func (p *WeeksPlan) cohort(i int) adoption.Day { return p.monday(i - CohortWeeks) }

// Cohort is one of those who began with a tool in a week and month, and how many of them were active in a later week, or
// in that one. All three days are first ones.
type Cohort struct {
	Monday       adoption.Day // of the week of activity
	Began, Month adoption.Day
	People       uint64
}

// Cohorts calls row for each unit, tool, week and cohort of which somebody was active.
func (w *Weeks) Cohorts(row func(unit uint32, tool uint16, c Cohort) error) error {
	for i, in := range w.cohorts {
		for j, people := range in {
			began := w.plan.cohort(j / w.plan.Weeks)
			for month, n := range people {
				if n == 0 {
					continue
				}
				c := Cohort{w.plan.monday(j % w.plan.Weeks), began, (began + 6*adoption.Day(month)).FirstOfMonth(), uint64(n)}
				if err := row(uint32(i/w.plan.Tools), uint16(i%w.plan.Tools), c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
