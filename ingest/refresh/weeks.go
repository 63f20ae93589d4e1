package refresh

import (
	"context"
	_ "embed"
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
func (w *work) writeWeeks(ctx context.Context, of *directory) error {
	most := max(min(tally.MostWeeks, weekGroupsAtOnce/of.groups()), 1)
	for _, part := range near(w.weekly().sorted(), 7*adoption.Day(most)) {
		if err := w.writeWeeksOf(ctx, stretch{part[0], part[len(part)-1] + 6}, of); err != nil {
			return err
		}
		w.step(len(part))
	}
	return nil
}

// writeWeeksOf computes those of a stretch of whole weeks, at most tally.MostWeeks.
func (w *work) writeWeeksOf(ctx context.Context, s stretch, of *directory) error {
	plan := w.planWeeks(s, of)
	read := stretch{s.from - 7, min(s.to, w.today)} // the life cycle looks one week back
	if len(plan.Habits) > 0 {
		read.from = s.from - habitSpan
	}
	counted := tally.NewWeeks(plan)
	groups := 1 + w.pairs*read.days()/weekReadAtOnce
	for group := range groups {
		p := params{"first": int(s.from - habitSpan), "enough": tally.Enough, "group": group, "groups": groups, "tools": of.toolList()}
		if err := w.readWeeks(ctx, read, p, of, counted); err != nil {
			return err
		}
	}
	return w.insertWeeks(ctx, counted, plan.Habits, of)
}

// planWeeks says what is planned of the weeks of a stretch.
func (w *work) planWeeks(s stretch, of *directory) tally.WeeksPlan {
	plan := tally.WeeksPlan{Names: of.numbers(), First: s.from, Weeks: s.days() / 7, Closed: w.today - 1}
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
func (w *work) readWeeks(ctx context.Context, s stretch, p params, of *directory, counted *tally.Weeks) error {
	var person uint64
	var text []byte
	var did []tally.Did
	return w.eachFact(ctx, "read what people did in weeks", selectWeeks, s, p, func(scan scanner) error {
		if err := scan(&person, &text); err != nil {
			return err
		}
		if err := decode(&did, text, didWidth, readDid); err != nil {
			return err
		}
		counted.Add(did, of.of(person))
		return nil
	})
}
