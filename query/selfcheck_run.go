package query

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"uptake/adoption"
)

const (
	checkedUnits   = 40 // of one day: all of them where there are no more
	checkedRecent  = 2  // days that are over, counted anew every time
	checkedOlder   = 3  // days before them, chosen by chance
	checkedTries   = 5  // while a refresh comes between
	checkedBetween = 2 * time.Second
	directly       = "" // the unit of a total of all people
)

// selfCheck is one run.
type selfCheck struct {
	c      *Company
	checks uint64
	days   []adoption.Day
	failed map[SelfCheckFailure]bool
}

// do runs all checks.
func (r *selfCheck) do(ctx context.Context) error {
	first, last, err := r.c.checkable(ctx)
	if err != nil || last < first {
		return err
	}
	for month := last.FirstOfMonth(); month.EndOfMonth() >= first; month = (month - 1).FirstOfMonth() {
		from, to := max(month, first), min(month.EndOfMonth(), last)
		if err := r.settled(ctx, from-6, to, func() error { return r.within(ctx, from, to) }); err != nil {
			return err
		}
	}
	r.days = chooseDays(first, last)
	for _, day := range r.days {
		if err := r.settled(ctx, day-HabitDays-6, day, func() error { return r.anew(ctx, day) }); err != nil {
			return err
		}
	}
	for _, sunday := range chooseSundays(first, last) {
		if err := r.settled(ctx, 0, sunday, func() error { return r.weekAnew(ctx, sunday) }); err != nil {
			return err
		}
	}
	return r.settled(ctx, last-6, last, func() error { return r.parents(ctx, last) })
}

// chooseDays are the last days that are over and some of those before, each once.
func chooseDays(first, last adoption.Day) []adoption.Day {
	var days []adoption.Day
	for d := last; d >= first && d > last-checkedRecent; d-- {
		days = append(days, d)
	}
	if older := int(last-first) + 1 - checkedRecent; older > 0 {
		for _, at := range rand.Perm(older)[:min(older, checkedOlder)] {
			days = append(days, first+adoption.Day(at))
		}
	}
	return days
}

// chooseSundays are the last Sunday that is over and one before it. The week of the first Sunday began with figures.
func chooseSundays(first, last adoption.Day) []adoption.Day {
	latest := (last + 1).Monday() - 1
	earliest := (first + 6).Monday() + 6
	if latest < earliest {
		return nil
	}
	if weeks := int(latest-earliest) / 7; weeks > 0 {
		return []adoption.Day{latest, latest - 7*adoption.Day(1+rand.IntN(weeks))}
	}
	return []adoption.Day{latest}
}

// settled runs a check against figures that stand still: it is repeated where a refresh wrote the days from..to in the
// meantime, and what it had found is forgotten. Changes of the directory are stored before the figures follow, so while
// one waits there is nothing to compare with.
func (r *selfCheck) settled(ctx context.Context, from, to adoption.Day, check func() error) error {
	for range checkedTries {
		before, waiting, err := r.c.stamp(ctx, from, to)
		if err != nil {
			return err
		}
		if waiting == 0 {
			checks, failed := r.checks, r.failed
			r.failed = map[SelfCheckFailure]bool{}
			if err := check(); err != nil {
				return err
			}
			after, waiting, err := r.c.stamp(ctx, from, to)
			if err != nil {
				return err
			}
			if after == before && waiting == 0 {
				for f := range failed {
					r.failed[f] = true
				}
				return nil
			}
			r.checks, r.failed = checks, failed
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(checkedBetween):
		}
	}
	return errUnsettled
}

// fail notes a figure that is not what it should be.
func (r *selfCheck) fail(check string, at unitTool, day adoption.Day, figure string) {
	if at.unit == directly {
		at.unit = adoption.Company
	}
	if at.tool == "" {
		at.tool = adoption.AllTools
	}
	r.failed[SelfCheckFailure{Check: check, Unit: at.unit, Tool: at.tool, Date: day, Figure: figure}] = true
}

// Figures in the columns of the statements that count anew and of those that read what is shown.
var (
	sizeFigures  = []string{"enabled"}
	useFigures   = []string{"active_1", "active_7", "active_28", "active_not_enabled", "active_days", "creators", "responders", "consumers", "engagement_score", "actions"}
	weekFigures  = []string{"new", "returning", "resurrected", "dormant"}
	totalFigures = []string{"active_28", "active_not_enabled"}
)

// within holds the rows of some days against each other.
func (r *selfCheck) within(ctx context.Context, from, to adoption.Day) error {
	p, err := r.c.checkParams(ctx, from, to)
	if err != nil {
		return err
	}
	for _, step := range []struct{ check, sql string }{{"within", checkWithinSQL}, {"within", checkWithinSizeSQL}, {"week", checkWeeksSQL}} {
		err := r.c.eachChecked(ctx, step.sql, p, func(scan scanner) error {
			var day time.Time
			var at unitTool
			var figure string
			err := scan(&day, &at.unit, &at.tool, &figure)
			r.fail(step.check, at, dayOf(day), figure)
			return err
		})
		if err != nil {
			return err
		}
	}
	return r.c.eachChecked(ctx, checkRowsSQL, p, func(scan scanner) error {
		var rows uint64
		err := scan(&rows)
		r.checks += rows
		return err
	})
}

// anew counts sizes and use of a day anew, and the active people of the whole company.
func (r *selfCheck) anew(ctx context.Context, day adoption.Day) error {
	p, err := r.c.checkParams(ctx, max(day-WindowDays+1, 0), day)
	if err != nil {
		return err
	}
	units, err := r.c.unitsToCheck(ctx, day)
	if err != nil {
		return err
	}
	p["day"], p["units"] = day.String(), textList(units)
	for _, step := range []struct {
		check, anew, shown string
		figures            []string
	}{{"facts", checkSizeAnewSQL, checkSizeShownSQL, sizeFigures}, {"facts", checkUseAnewSQL, checkUseShownSQL, useFigures}, {"total", checkTotalAnewSQL, checkTotalShownSQL, totalFigures}} {
		if err := r.compare(ctx, step.check, day, step.anew, step.shown, step.figures, p); err != nil {
			return err
		}
	}
	if err := r.recount(ctx, day, p, dayRecounts(day)); err != nil {
		return err
	}
	return r.habitsAnew(ctx, day, p["units"])
}

// weekAnew counts the life cycle, cohorts and beginnings of the week that ends with a Sunday anew.
func (r *selfCheck) weekAnew(ctx context.Context, sunday adoption.Day) error {
	p, err := r.c.checkParams(ctx, 0, sunday)
	if err != nil {
		return err
	}
	units, err := r.c.unitsToCheck(ctx, sunday)
	if err != nil {
		return err
	}
	p["day"], p["units"] = sunday.String(), textList(units)
	if err := r.compare(ctx, "facts", sunday, checkWeekAnewSQL, checkWeekShownSQL, weekFigures, p); err != nil {
		return err
	}
	return r.recount(ctx, sunday, p, weekRecounts(sunday))
}

// compare holds what readers see against what was counted anew. A row that is missing on one side is one of zeros.
func (r *selfCheck) compare(ctx context.Context, check string, day adoption.Day, anew, shown string, figures []string, p params) error {
	want, err := r.c.countChecked(ctx, checkWithSQL+anew, p, len(figures))
	if err != nil {
		return err
	}
	got, err := r.c.countChecked(ctx, shown, p, len(figures))
	if err != nil {
		return err
	}
	for at := range got {
		if want[at] == nil {
			want[at] = make([]float64, len(figures))
		}
	}
	for at, values := range want {
		seen := got[at]
		if seen == nil {
			seen = make([]float64, len(figures))
		}
		for i, figure := range figures {
			r.checks++
			if !alike(values[i], seen[i]) {
				if at.tool == "" && (figure == "enabled" || check == "total") {
					figure = "headcount"
				}
				r.fail(check, at, day, figure)
			}
		}
	}
	return nil
}

// alike tells whether two sums are the same: of scores, which are fractions, the order may change the last digits.
func alike(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a)) }

// pick chooses at most n of a list by chance, and keeps their order.
func pick(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	chosen := rand.Perm(len(list))[:n]
	slices.Sort(chosen)
	picked := make([]string, n)
	for i, at := range chosen {
		picked[i] = list[at]
	}
	return picked
}
