package refresh

import (
	"context"
	_ "embed"
	"errors"
	"maps"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// Life cycle, cohorts and habits speak of ISO weeks.

//go:embed weeks.sql
var selectWeeks string

const (
	// weekGroupsAtOnce bounds units × tools × weeks that are counted at once, and with it the memory: 800 bytes each.
	weekGroupsAtOnce = 250_000
	// weekReadAtOnce bounds the persons × tools × days of one statement.
	weekReadAtOnce = 40_000_000
)

// weekly are the Mondays of the weeks of which any table is written.
func (w *work) weekly() days {
	planned := maps.Clone(w.weeks)
	maps.Copy(planned, w.byWeeks)
	maps.Copy(planned, w.cohorts)
	for d := range w.habits {
		planned.add(d.Monday(), d.Monday())
	}
	return planned
}

// writeWeeks computes the planned weeks, and days of habits.
func (w *work) writeWeeks(ctx context.Context, planned days, names *names) error {
	most := max(min(tally.MostWeeks, weekGroupsAtOnce/names.groups()), 1)
	for _, part := range near(planned.sorted(), 7*adoption.Day(most)) {
		if err := w.writeWeeksOf(ctx, stretch{part[0], part[len(part)-1] + 6}, names); err != nil {
			return err
		}
		w.step(len(part))
	}
	return nil
}

// writeWeeksOf computes those of a stretch of whole weeks, at most tally.MostWeeks.
func (w *work) writeWeeksOf(ctx context.Context, s stretch, names *names) error {
	plan := w.planWeeks(s, names)
	// The life cycle looks one week back, and habits 12; people are placed on a day of a week or, on a Monday, on the day
	// before, those of cohorts in the week in which they began.
	read, placed, began := stretch{s.from - 7, min(s.to, w.today)}, stretch{s.from - 1, s.to}, s.from
	if len(plan.Habits) > 0 {
		read.from = s.from - habitSpan
	}
	if plan.Cohorts != 0 {
		began = max(s.from-cohortSpan, w.firstWeek())
		placed.from = began - 1
	}
	read.from = max(read.from, 0)
	counted := tally.NewWeeks(plan)
	groups := 1 + w.pairs*read.days()/weekReadAtOnce
	for group := range groups {
		p := w.peopleParams(read, placed, group, groups)
		p["first"], p["began_from"], p["enough"] = int(s.from-7*tally.WeeksBefore), max(began, 0), tally.Enough
		if err := w.readWeeks(ctx, p, counted); err != nil {
			return err
		}
	}
	return w.insertWeeks(ctx, counted, plan.Habits, names)
}

// planWeeks says what is planned of the weeks of a stretch.
func (w *work) planWeeks(s stretch, names *names) tally.WeeksPlan {
	plan := tally.WeeksPlan{Names: names.numbers(), First: s.from, Weeks: s.days() / 7, Closed: w.today - 1}
	for i := range plan.Weeks {
		monday, bit := s.from+7*adoption.Day(i), uint32(1)<<i
		for set, planned := range map[*uint32]days{&plan.Cycles: w.weeks, &plan.By: w.byWeeks, &plan.Cohorts: w.cohorts} {
			if _, ok := planned[monday]; ok {
				*set |= bit
			}
		}
	}
	plan.Cycles |= plan.By
	for d := s.from; d <= s.to; d++ {
		if _, ok := w.habits[d]; ok {
			plan.Habits = append(plan.Habits, d)
		}
	}
	return plan
}

// readWeeks counts a group of persons.
func (w *work) readWeeks(ctx context.Context, p params, counted *tally.Weeks) error {
	var didText, beganText, stayText, grantText []byte
	var dids []tally.Did
	var begins []tally.Began
	var stays []tally.Stay
	var grants []tally.Grant
	return w.each(ctx, "read what people did in weeks", factsWith+peopleWith+selectWeeks, p, func(scan scanner) error {
		if err := scan(&didText, &beganText, &stayText, &grantText); err != nil {
			return err
		}
		err := errors.Join(decode(&dids, didText, didWidth, did), decode(&begins, beganText, beganWidth, began), decode(&stays, stayText, stayWidth, stay), decode(&grants, grantText, grantWidth, grant))
		if err != nil {
			return err
		}
		counted.Add(dids, begins, stays, grants)
		return nil
	})
}
