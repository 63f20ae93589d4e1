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

// weekly is what is planned of weeks: Mondays, and the days of habits.
type weekly struct{ weeks, byWeeks, cohorts, habits days }

func (w *work) weekly() weekly { return weekly{w.weeks, w.byWeeks, w.cohorts, w.habits} }

// mondays are those of the weeks of which any table is written.
func (p weekly) mondays() []adoption.Day {
	planned := days{}
	maps.Copy(planned, p.weeks)
	maps.Copy(planned, p.byWeeks)
	maps.Copy(planned, p.cohorts)
	for d := range p.habits {
		planned.add(d.Monday(), d.Monday())
	}
	return planned.sorted()
}

// writeWeeks computes the planned weeks, and days of habits.
func (w *work) writeWeeks(ctx context.Context, of *directory) error {
	anew, moved := w.weekly().less(w.moved.in), w.moved.in
	most := 7 * adoption.Day(max(min(tally.MostWeeks, weekGroupsAtOnce/of.groups()), 1))
	for _, part := range near(anew.mondays(), most) {
		if err := w.countWeeks(ctx, stretch{part[0], part[len(part)-1] + 6}, anew, of); err != nil {
			return err
		}
		w.step(len(part))
	}
	for _, part := range near(moved.mondays(), most) {
		if err := w.moveWeeks(ctx, stretch{part[0], part[len(part)-1] + 6}, moved, of); err != nil {
			return err
		}
		w.step(len(part))
	}
	return nil
}

// countWeeks computes what is planned of a stretch of whole weeks, at most tally.MostWeeks.
func (w *work) countWeeks(ctx context.Context, s stretch, planned weekly, of *directory) error {
	plan := w.planWeeks(s, planned, of)
	read := w.readOf(s, plan)
	counted := tally.NewWeeks(plan)
	groups := 1 + w.pairs*read.days()/weekReadAtOnce
	for group := range groups {
		p := everybody()
		p["first"], p["group"], p["groups"] = int(s.from-habitSpan), group, groups
		if err := w.readWeeks(ctx, read, w.factsNow, p, of.of, of, counted.Add); err != nil {
			return err
		}
	}
	return w.insertWeeks(ctx, counted, plan.Habits, of)
}

// moveWeeks computes weeks of which only some people's facts are others than before, as moveWindows does days.
func (w *work) moveWeeks(ctx context.Context, s stretch, planned weekly, of *directory) error {
	plan := w.planWeeks(s, planned, of)
	read := w.readOf(s, plan)
	counted := tally.NewWeeks(plan)
	if err := w.knowWeeks(ctx, s, planned, of, counted); err != nil {
		return err
	}
	p := w.ofWhom()
	p["first"], p["group"], p["groups"] = int(s.from-habitSpan), 0, 1
	if err := w.readWeeks(ctx, read, w.factsBefore, p, w.moved.asBefore(of), of, counted.Remove); err != nil {
		return err
	}
	if err := w.readWeeks(ctx, read, w.factsNow, p, of.of, of, counted.Add); err != nil {
		return err
	}
	return w.insertWeeks(ctx, counted, plan.Habits, of)
}

// readOf is the stretch of the facts that weeks are computed from.
func (w *work) readOf(s stretch, plan tally.WeeksPlan) stretch {
	read := stretch{s.from - 7, min(s.to, w.today)} // the life cycle looks one week back
	if len(plan.Habits) > 0 {
		read.from = s.from - habitSpan
	}
	return read
}

// planWeeks says what is planned of the weeks of a stretch.
func (w *work) planWeeks(s stretch, planned weekly, of *directory) tally.WeeksPlan {
	plan := tally.WeeksPlan{Names: of.numbers(), First: s.from, Weeks: s.days() / 7, Closed: w.today - 1}
	for i := range plan.Weeks {
		monday, bit := s.from+7*adoption.Day(i), uint32(1)<<i
		for set, of := range map[*uint32]days{&plan.Cycles: planned.weeks, &plan.By: planned.byWeeks, &plan.Cohorts: planned.cohorts} {
			if _, ok := of[monday]; ok {
				*set |= bit
			}
		}
	}
	plan.Cycles |= plan.By
	for d := s.from; d <= s.to; d++ {
		if _, ok := planned.habits[d]; ok {
			plan.Habits = append(plan.Habits, d)
		}
	}
	return plan
}

// readWeeks counts people whose facts are read in an edition. who says what else is known of a person.
func (w *work) readWeeks(ctx context.Context, s stretch, facts edition, p params, who func(uint64) *tally.Person, of *directory, count func([]tally.Did, *tally.Person)) error {
	p["enough"], p["tools"] = tally.Enough, of.toolList()
	var person uint64
	var text []byte
	var did []tally.Did
	return w.eachFact(ctx, "read what people did in weeks", selectWeeks, s, facts, p, func(scan scanner) error {
		if err := scan(&person, &text); err != nil {
			return err
		}
		if err := decode(&did, text, didWidth, readDid); err != nil {
			return err
		}
		count(did, who(person))
		return nil
	})
}
