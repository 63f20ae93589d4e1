package refresh

import (
	"context"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// The columns of these tables beside day and run.
const (
	useColumns    = "unit, tool, active_1, active_7, active_28, active_not_enabled, active_days, creators, responders, consumers, score, actions"
	spreadColumns = "unit, tool, contributions, amounts, people, contributed, contributors"
	byColumns     = "attribute, value, tool, active_1, active_7, active_28, active_days, creators, responders, consumers, score, actions"
)

// spreadsAtOnce bounds the rows of an insert that hold what each of many people did: 50,000 of them took 600 MB.
const spreadsAtOnce = 5_000

// insertWindows writes what was counted, of each table the days that are planned. first is day 0 of what was counted.
func (w *work) insertWindows(ctx context.Context, first adoption.Day, counted *tally.Windows, of *directory) error {
	if err := w.insertUnits(ctx, first, counted, of); err != nil {
		return err
	}
	return w.insertValues(ctx, first, counted, of)
}

func (w *work) insertUnits(ctx context.Context, first adoption.Day, counted *tally.Windows, of *directory) error {
	use := w.rows(ctx, "INSERT INTO kpi_use (day, run, "+useColumns+")")
	spread := w.rows(ctx, "INSERT INTO kpi_spread (day, run, "+spreadColumns+")")
	spread.most = spreadsAtOnce
	err := counted.Units(func(unit uint32, tool uint16, day int, u *tally.Use) error {
		d := first + adoption.Day(day)
		if _, planned := w.use[d]; planned {
			if err := use.add(d.Time(), w.run, of.units[unit], of.tools[tool],
				u.Active1, u.Active7, u.Active28, u.NotEnabled, u.ActiveDays, u.Creators, u.Responders, u.Consumers, u.Score, u.Actions); err != nil {
				return err
			}
		}
		if _, planned := w.spread[d]; !planned || u.Active28 == 0 {
			return nil
		}
		amounts, people := u.Acted.Bars()
		contributed, contributors := u.Contributed.Bars()
		return spread.add(d.Time(), w.run, of.units[unit], of.tools[tool], u.Contributed.Sum(), amounts, people, contributed, contributors)
	})
	if err != nil {
		return err
	}
	if err := use.send(); err != nil {
		return err
	}
	return spread.send()
}

func (w *work) insertValues(ctx context.Context, first adoption.Day, counted *tally.Windows, of *directory) error {
	by := w.rows(ctx, "INSERT INTO kpi_by (day, run, "+byColumns+")")
	for a, attribute := range attributes {
		err := counted.Values(a, func(value uint32, tool uint16, day int, u *tally.Use) error {
			return by.add((first + adoption.Day(day)).Time(), w.run, attribute, of.values[value], of.tools[tool],
				u.Active1, u.Active7, u.Active28, u.ActiveDays, u.Creators, u.Responders, u.Consumers, u.Score, u.Actions)
		})
		if err != nil {
			return err
		}
	}
	return by.send()
}
