package query

import (
	"context"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"uptake/adoption"
	"uptake/value/pilot"
)

//go:embed outcomes.sql
var outcomesSQL string

// weekly holds the rows of some units at the ends of weeks, as the gate let them through, for what is worked out from
// them: pilots and the offer of units like others. It can tell no more than the rows do.
type weekly struct {
	rows map[string]map[adoption.Day]AdoptionRow // by unit
	days []adoption.Day                          // that figures exist for
}

// weekly reads the rows of units in a tool. All units are known.
func (c *Company) weekly(ctx context.Context, snap *snapshot, units []string, tool string, days []adoption.Day) (*weekly, error) {
	w := &weekly{rows: map[string]map[adoption.Day]AdoptionRow{}}
	if len(units) == 0 || len(days) == 0 {
		return w, nil
	}
	ends := make([]adoption.PeriodEnd, len(days))
	for i, d := range days {
		ends[i] = adoption.PeriodEnd{Date: d}
		if snap.days[d] {
			w.days = append(w.days, d)
		}
	}
	rows, err := c.rows(ctx, snap, inquiry{unit: units[0], beside: units[1:], tools: []string{tool}, ends: ends})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if w.rows[row.Unit] == nil {
			w.rows[row.Unit] = map[adoption.Day]AdoptionRow{}
		}
		w.rows[row.Unit][row.Date] = row
	}
	return w, nil
}

// pilotValue is a pilot's metric of a row that is shown; nil where it has nothing to divide by.
func pilotValue(metric string, row AdoptionRow) *float64 {
	enabled := float64(row.Enabled)
	switch metric {
	case "adoption":
		return row.AdoptionRate
	case "weekly_active":
		return ratio(float64(zeroIfHidden(row.Active7)), enabled)
	case "active_days": // stickiness is active days ÷ (28 × active people)
		if row.Stickiness == nil {
			return ratio(0, enabled) // nobody was active
		}
		return ratio(*row.Stickiness*WindowDays*float64(zeroIfHidden(row.Active28)), enabled)
	case "actions":
		return ratio(float64(zeroIfHidden(row.Actions)), enabled)
	case "engagement":
		return row.EngagementScore
	}
	return nil
}

// gap is why nothing can be said of a unit on a day, "" where something can.
func gap(row AdoptionRow, there bool, day adoption.Day) string {
	switch {
	case !there:
		return fmt.Sprintf("there are no figures of it on %s", day)
	case row.Suppressed:
		return fmt.Sprintf("it is hidden on %s, as a small group or to protect one", day)
	case row.Enabled == 0:
		return fmt.Sprintf("nobody had access on %s", day)
	}
	return ""
}

// seriesOf is what a pilot asks of one unit. value is nil where the unit has none in the week that ends on a day.
func (w *weekly) seriesOf(unit string, p pilot.Plan, until adoption.Day, value func(row AdoptionRow) *float64) pilot.Series {
	before, after := p.Ends()
	s := pilot.Series{Unit: unit, Name: unit}
	known := map[adoption.Day]bool{}
	for _, d := range w.days {
		known[d] = true
	}
	read := func(days []adoption.Day) (values []float64) {
		for _, d := range days {
			if !known[d] || d > until { // of no unit is anything known then
				continue
			}
			row, there := w.rows[unit][d]
			if s.Gap == "" {
				s.Gap = gap(row, there, d)
			}
			if d < p.Start && there {
				s.People = row.Enabled
			}
			if there {
				s.Name = row.UnitName
			}
			x := math.NaN()
			if v := value(row); v != nil {
				x = *v
			} else if s.Gap == "" {
				s.Gap = fmt.Sprintf("it has no value for the week to %s", d)
			}
			values = append(values, x)
		}
		return values
	}
	s.Before, s.After = read(before), read(after)
	if s.Gap != "" {
		s.Before, s.After = nil, nil
	}
	return s
}

// results are the sums and counts of a result from outside by unit and week.
type results map[string]map[adoption.Day]struct{ sum, n float64 }

// results reads what was sent from outside of units, for the weeks that end on some days, in order.
func (c *Company) results(ctx context.Context, metric string, units []string, ends []adoption.Day) (results, error) {
	found := results{}
	if len(ends) == 0 {
		return found, nil
	}
	weekOf := map[adoption.Day]adoption.Day{}
	for _, end := range ends {
		for d := end - 6; d <= end; d++ {
			weekOf[d] = end
		}
	}
	p := params{"metric": hex.EncodeToString([]byte(metric)), "units": textList(units), "first": (ends[0] - 6).String(), "last": ends[len(ends)-1].String()}
	err := c.each(ctx, outcomesSQL, p, func(scan scanner) error {
		var unit string
		var date time.Time
		var value float64
		if err := scan(&unit, &date, &value); err != nil {
			return err
		}
		end, asked := weekOf[dayOf(date)]
		if !asked {
			return nil
		}
		if found[unit] == nil {
			found[unit] = map[adoption.Day]struct{ sum, n float64 }{}
		}
		week := found[unit][end]
		week.sum, week.n = week.sum+value, week.n+1
		found[unit][end] = week
		return nil
	})
	return found, err
}

// value is the result of the week that ends with a row's day.
func (r results) value(aggregate string, row AdoptionRow) *float64 {
	week, there := r[row.Unit][row.Date]
	if !there {
		return nil
	}
	switch aggregate {
	case "mean":
		return ratio(week.sum, week.n)
	case "per_person":
		return ratio(week.sum, float64(row.Headcount))
	}
	return &week.sum
}
