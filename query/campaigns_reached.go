package query

import (
	"context"
	"fmt"

	"uptake/adoption"
	"uptake/value/campaign"
)

// reachedOf counts people of a campaign by unit, from rows that came through the gates of the life cycle, of habits and of
// cohorts. It adds and subtracts what these show, and can tell no more.
type reachedOf struct {
	snap   *snapshot
	plan   campaign.Plan
	units  []string
	until  adoption.Day
	counts map[string]*campaign.Count
	gaps   map[string]string // why a unit is left out, "" where it is not
}

func (r reachedOf) leaveOut(unit, format string, args ...any) {
	if r.gaps[unit] == "" {
		r.gaps[unit] = fmt.Sprintf(format, args...)
	}
}

// leaveAllOut is for what no unit has.
func (r reachedOf) leaveAllOut(format string, args ...any) {
	for _, unit := range r.units {
		r.leaveOut(unit, format, args...)
	}
}

// activated counts who used the tool for the first time ever, in the ISO weeks from that of the start on.
func (c *Company) activated(ctx context.Context, r reachedOf) error {
	var sundays []adoption.Day
	for d := r.plan.Start.Monday() + 6; d <= r.until; d += 7 {
		if r.snap.days[d] {
			sundays = append(sundays, d)
		}
	}
	if len(sundays) == 0 {
		r.leaveAllOut("there are no figures of its weeks")
		return nil
	}
	w, err := c.weekly(ctx, r.snap, r.units, r.plan.Tool, sundays)
	if err != nil {
		return err
	}
	for _, unit := range r.units {
		for _, d := range sundays {
			row, there := w.rows[unit][d]
			switch g := gap(row, there, d); {
			case g != "":
				r.leaveOut(unit, "%s", g)
			case row.New == nil:
				r.leaveOut(unit, "it is not told how many began in the week to %s", d)
			default:
				r.counts[unit].People += float64(*row.New)
				r.counts[unit].Enabled = float64(row.Enabled)
			}
		}
	}
	return nil
}

// habitual counts how many more have the habit (power or habitual) at the end than on the day before the start.
func (c *Company) habitual(ctx context.Context, r reachedOf) error {
	days := []adoption.PeriodEnd{{Date: r.plan.Start - 1}, {Date: r.until}}
	for _, end := range days {
		if !r.snap.days[end.Date] {
			r.leaveAllOut("there are no figures of %s", end.Date)
			return nil
		}
	}
	nodes := make([]int, len(r.units))
	for i, unit := range r.units {
		nodes[i] = r.snap.tree.byID[unit]
	}
	s := r.snap.tree.around(nodes...) // all at once, so that what is read for one unit serves the others
	for i, unit := range r.units {
		rows, err := c.habitRows(ctx, &portion{snap: r.snap, scope: s, at: place{node: nodes[i]}, tool: r.plan.Tool, ends: days})
		if err != nil {
			return err
		}
		for _, row := range rows {
			switch {
			case row.Power == nil:
				r.leaveOut(unit, "it is not told how many had the habit on %s", row.Date)
			case row.Date < r.plan.Start:
				r.counts[unit].People -= float64(*row.Power + *row.Habitual)
			default:
				r.counts[unit].People += float64(*row.Power + *row.Habitual)
				r.counts[unit].Enabled = float64(row.Enabled)
			}
		}
	}
	return nil
}

// retained counts who began in the weeks of the campaign and was active four weeks later, where those weeks are over.
func (c *Company) retained(ctx context.Context, r reachedOf) error {
	var ends []adoption.PeriodEnd
	for d := r.plan.Start.Monday() + 6; d <= r.plan.End.Monday()+6 && d+7*campaign.RetainedWeek <= r.until; d += 7 {
		if r.snap.days[d] {
			ends = append(ends, adoption.PeriodEnd{Date: d})
		}
	}
	if len(ends) == 0 {
		r.leaveAllOut("no week of it is %d weeks ago", campaign.RetainedWeek)
		return nil
	}
	g, err := c.cohortGate(ctx, r.snap, 0, r.plan.Tool, adoption.ByWeek, ends)
	if err != nil {
		return err
	}
	for _, unit := range r.units {
		at := place{node: r.snap.tree.byID[unit]}
		for _, end := range ends {
			for _, row := range g.cohortRows(at, end, false) {
				n, told := activeAfter(row)
				if !told {
					r.leaveOut(unit, "it is not told how many of those who began in the week to %s stayed", end.Date)
				}
				r.counts[unit].People += n
				r.counts[unit].Enabled = float64(row.Enabled)
			}
		}
	}
	return nil
}

// activeAfter is how many of a cohort were active four weeks later; told is false where that is hidden.
func activeAfter(row RetentionRow) (n float64, told bool) {
	if row.Size != nil && *row.Size == 0 {
		return 0, true
	}
	for _, week := range row.Weeks {
		if week.K == campaign.RetainedWeek && week.Active != nil {
			return float64(*week.Active), true
		}
	}
	return 0, false
}
