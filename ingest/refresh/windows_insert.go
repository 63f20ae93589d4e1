package refresh

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// insertWindows writes what was counted, of each table the days that are planned. first is day 0 of what was counted.
func (w *work) insertWindows(ctx context.Context, first adoption.Day, counted *tally.Tally, names *names) error {
	if err := w.insertUnits(ctx, first, counted, names); err != nil {
		return err
	}
	return w.insertValues(ctx, first, counted, names)
}

func (w *work) insertUnits(ctx context.Context, first adoption.Day, counted *tally.Tally, names *names) error {
	use := w.rows(ctx, "INSERT INTO kpi_use (day, run, unit, tool, active_1, active_7, active_28, active_not_enabled, active_days, creators, responders, consumers, score, actions)")
	defer use.close()
	spread := w.rows(ctx, "INSERT INTO kpi_spread (day, run, unit, tool, contributions, amounts, people, contributed, contributors)")
	defer spread.close()
	err := counted.Units(func(unit uint32, tool uint16, day int, u *tally.Use) error {
		d := first + adoption.Day(day)
		if _, planned := w.use[d]; planned {
			if err := use.add(d.Time(), w.run, names.units[unit], names.tools[tool],
				u.Active1, u.Active7, u.Active28, u.NotEnabled, u.ActiveDays, u.Creators, u.Responders, u.Consumers, u.Score, u.Actions); err != nil {
				return err
			}
		}
		if _, planned := w.spread[d]; !planned || u.Active28 == 0 {
			return nil
		}
		amounts, people := u.Acted.Bars()
		contributed, contributors := u.Contributed.Bars()
		return spread.add(d.Time(), w.run, names.units[unit], names.tools[tool], u.Contributed.Sum(), amounts, people, contributed, contributors)
	})
	if err != nil {
		return err
	}
	if err := use.send(); err != nil {
		return err
	}
	return spread.send()
}

// The attributes in the order in which selectWindows tells them.
var windowAttributes = [tally.Attributes]string{"location", "role", "hire_cohort"}

func (w *work) insertValues(ctx context.Context, first adoption.Day, counted *tally.Tally, names *names) error {
	by := w.rows(ctx, "INSERT INTO kpi_by (day, run, attribute, value, tool, active_1, active_7, active_28, active_days, creators, responders, consumers, score, actions)")
	defer by.close()
	for a, attribute := range windowAttributes {
		err := counted.Values(a, func(value uint32, tool uint16, day int, u *tally.Use) error {
			return by.add((first + adoption.Day(day)).Time(), w.run, attribute, names.values[value], names.tools[tool],
				u.Active1, u.Active7, u.Active28, u.ActiveDays, u.Creators, u.Responders, u.Consumers, u.Score, u.Actions)
		})
		if err != nil {
			return err
		}
	}
	return by.send()
}

// rowsAtOnce bounds the rows of an insert.
const rowsAtOnce = 50_000

// rows are rows on their way into a table, some at a time.
type rows struct {
	w     *work
	ctx   context.Context //nolint:containedctx // of one function, which ends before the rows do
	into  string
	batch driver.Batch
}

func (w *work) rows(ctx context.Context, into string) *rows { return &rows{w: w, ctx: ctx, into: into} }

func (r *rows) add(values ...any) (err error) {
	if r.batch == nil {
		if r.batch, err = r.w.db.PrepareBatch(r.ctx, r.into); err != nil {
			return fmt.Errorf("write figures: %w", err)
		}
	}
	if err := r.batch.Append(values...); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	if r.batch.Rows() < rowsAtOnce {
		return nil
	}
	return r.send()
}

// send writes the rows that are left.
func (r *rows) send() error {
	if r.batch == nil {
		return nil
	}
	err := r.batch.Send()
	r.close()
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

func (r *rows) close() {
	if r.batch != nil {
		_ = r.batch.Close()
		r.batch = nil
	}
}
