package refresh

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"uptake/adoption"
)

var tables = []string{"person_day", "source_day", "unknown_day", "kpi_size", "kpi_use", "kpi_begin", "kpi_week", "kpi_cell", "kpi_by", "kpi_by_week", "kpi_habit", "kpi_spread", "kpi_cohort", "pair_day", "kpi_pair", "kpi_work", "kpi_action"}

const (
	// graceful is how long rows stay after readers were told of newer ones: a reader may have been told before.
	graceful = time.Minute
	// Deleting costs about as much for one day as for many, so it waits for many or for long.
	deleteFrom  = 32
	deleteAfter = 10 * time.Minute
	// deleteMost bounds what one statement has to compare each row with.
	deleteMost = 500
)

// written names rows: a day of a table, written in a run.
type written struct {
	table string
	day   adoption.Day
	run   uint64
}

// garbage is what nobody reads any more.
type garbage struct {
	swept bool // nothing is in the tables that is neither shown nor listed here
	rows  []stale
}

// stale rows have been of no use since then.
type stale struct {
	written
	since time.Time
}

// supersede notes what a published refresh has taken the place of.
func (w *work) supersede() {
	for table, set := range w.written() {
		for d := range set {
			if run, ok := w.shown[table][d]; ok {
				w.garbage.rows = append(w.garbage.rows, stale{written{table, d, run}, time.Now()})
			}
			w.shown.set(table, d, w.run)
		}
	}
}

// Clean deletes rows that readers have not been sent to for a while, when it is worth it. Run calls it.
func (r *Refresher) Clean(ctx context.Context) error {
	release, err := r.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if r.published == nil {
		return nil // what readers see is not known
	}
	if !r.garbage.swept {
		if err := r.sweep(ctx); err != nil {
			return err
		}
	}
	for _, table := range tables {
		if err := r.deleteStale(ctx, table, time.Now()); err != nil {
			return err
		}
	}
	return nil
}

// sweep lists what crashed and failed refreshes and earlier processes have left in the tables.
func (r *Refresher) sweep(ctx context.Context) error {
	known := map[written]bool{}
	for _, s := range r.garbage.rows {
		known[s.written] = true
	}
	var found []stale
	for _, table := range tables {
		err := r.each(ctx, "find superseded figures", "SELECT day, run FROM "+table+" GROUP BY day, run", nil, func(scan scanner) error {
			var day time.Time
			row := written{table: table}
			err := scan(&day, &row.run)
			row.day = dayOf(day)
			if r.shown[table][row.day] != row.run && !known[row] {
				found = append(found, stale{row, time.Now()})
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	r.garbage.rows = append(r.garbage.rows, found...)
	r.garbage.swept = true
	return nil
}

// deleteStale deletes those rows of a table that have been stale for long enough, if they are many or it is long.
func (r *Refresher) deleteStale(ctx context.Context, table string, now time.Time) error {
	var old []written
	worth := false
	for _, s := range r.garbage.rows {
		if s.table == table && now.Sub(s.since) >= r.grace {
			old = append(old, s.written)
			worth = worth || now.Sub(s.since) >= deleteAfter
		}
	}
	if !worth && len(old) < deleteFrom {
		return nil
	}
	for part := range slices.Chunk(old, deleteMost) {
		p := params{"pairs": pairList(part)}
		if err := r.exec(ctx, "delete superseded figures", "DELETE FROM "+table+" WHERE (day, run) IN {pairs:Array(Tuple(Date, UInt64))}", p); err != nil {
			return err
		}
		gone := map[written]bool{}
		for _, row := range part {
			gone[row] = true
		}
		r.garbage.rows = slices.DeleteFunc(r.garbage.rows, func(s stale) bool { return gone[s.written] })
	}
	return nil
}

// pairList writes days and runs as an Array(Tuple(Date, UInt64)) parameter.
func pairList(rows []written) string {
	pairs := make([]string, len(rows))
	for i, row := range rows {
		pairs[i] = fmt.Sprintf("('%s',%d)", row.day, row.run)
	}
	return "[" + strings.Join(pairs, ",") + "]"
}

//go:embed raw_months.sql
var selectRawMonths string

// ForgetRaw drops the raw events that the retention does not keep, a whole month at a time. Facts stay. A month goes
// when every reporting day that its events can be on is frozen.
func (r *Refresher) ForgetRaw(ctx context.Context) error {
	release, err := r.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	// The first day kept may begin on the UTC day before.
	kept := r.retention(r.today()) - 1
	if kept <= 0 {
		return nil
	}
	var months []string
	err = r.each(ctx, "find raw events past their retention", selectRawMonths, params{"kept": kept}, func(scan scanner) error {
		var month string
		err := scan(&month)
		months = append(months, month)
		return err
	})
	if err != nil {
		return err
	}
	for _, month := range months {
		if err := r.exec(ctx, "drop raw events past their retention", "ALTER TABLE events DROP PARTITION ID {month:String}", params{"month": month}); err != nil {
			return err
		}
		r.log.Info("raw events past their retention dropped", "month", month)
	}
	return nil
}
