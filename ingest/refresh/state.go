package refresh

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"uptake/adoption"
)

var (
	//go:embed state.sql
	selectState string
	//go:embed access.sql
	selectAccess string
	//go:embed last_run.sql
	selectLastRun string
)

// state is what the figures that readers see were computed with.
type state struct {
	from, upTo adoption.Day // the days with figures
	zone       string       // the zone in which days were cut
	access     string       // which tools have licences, and whether "all" is open to everyone
	begin      string       // what kpi_begin rests on, see beginState
	cells      string       // what kpi_cell counts people by, see countedBy
}

// Names in the table settings.
const (
	settingZone   = "timezone"
	settingAccess = "tools"
	settingBegin  = "begin"
	settingCells  = "cells"
)

// any tells whether there are figures at all.
func (s state) any() bool { return s.upTo > 0 }

// allOpen tells whether there is a tool without licences, so that everyone has access to "all".
func (s state) allOpen() bool { return strings.HasPrefix(s.access, "open") }

// readState reads what the last refresh left.
func (r *Refresher) readState(ctx context.Context) (*state, error) {
	var s state
	r.shown = shown{}
	err := r.each(ctx, "find the days with figures", selectState, nil, func(scan scanner) error {
		var table string
		var day time.Time
		var run uint64
		err := scan(&table, &day, &run)
		r.shown.set(table, dayOf(day), run)
		return err
	})
	if err != nil {
		return nil, err
	}
	if figures := slices.Sorted(maps.Keys(r.shown["kpi_use"])); len(figures) > 0 {
		s.from, s.upTo = figures[0], figures[len(figures)-1]
	}
	err = r.each(ctx, "read the settings of the figures", "SELECT name, value FROM settings FINAL", nil, func(scan scanner) error {
		var name, value string
		err := scan(&name, &value)
		switch name {
		case settingZone:
			s.zone = value
		case settingAccess:
			s.access = value
		case settingBegin:
			s.begin = value
		case settingCells:
			s.cells = value
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := r.one(ctx, "find the highest run number", selectLastRun, nil, &r.lastRun); err != nil {
		return nil, err
	}
	return &s, nil
}

// shown is the run of each table and day that readers see.
type shown map[string]map[adoption.Day]uint64

func (s shown) set(table string, d adoption.Day, run uint64) {
	if s[table] == nil {
		s[table] = map[adoption.Day]uint64{}
	}
	s[table][d] = run
}

// nextRun is a number higher than any used before, also by earlier processes: readers take the highest.
func (r *Refresher) nextRun() uint64 {
	r.lastRun = max(r.lastRun+1, uint64(max(r.now().UnixNano(), 1)))
	return r.lastRun
}

// readAccess finds what figures rest on besides events and people, among it what decides about access without looking at
// people, and the first day with an event (today if there is none).
func (w *work) readAccess(ctx context.Context) (first adoption.Day, err error) {
	var some bool
	var day time.Time
	is := &w.rests
	err = w.one(ctx, "find what figures rest on", selectAccess, params{"run": w.run, "written": w.facts.sorted()},
		&is.rows, &is.people, &is.licences, &w.tools.licensed, &w.tools.open, &some, &day)
	if err != nil {
		return 0, err
	}
	is.tools = fmt.Sprintf("licensed %q open %q", w.tools.licensed, w.tools.open)
	all := "licensed"
	if len(w.tools.open) > 0 {
		all = "open"
	}
	w.is.access = fmt.Sprintf("%s %q", all, w.tools.licensed)
	if !some {
		return w.today, nil
	}
	return dayOf(day), nil
}

// storeState remembers what the figures were computed with.
func (w *work) storeState(ctx context.Context) error {
	if w.is.zone == w.was.zone && w.is.access == w.was.access && w.is.begin == w.was.begin && w.is.cells == w.was.cells {
		return nil
	}
	batch, err := w.db.PrepareBatch(ctx, "INSERT INTO settings (name, value, version)")
	if err != nil {
		return fmt.Errorf("remember the settings of the figures: %w", err)
	}
	defer batch.Close()
	for name, value := range map[string]string{settingZone: w.is.zone, settingAccess: w.is.access, settingBegin: w.is.begin, settingCells: w.is.cells} {
		if err := batch.Append(name, value, w.run); err != nil {
			return fmt.Errorf("remember the settings of the figures: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("remember the settings of the figures: %w", err)
	}
	return nil
}
