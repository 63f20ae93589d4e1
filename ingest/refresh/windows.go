package refresh

import (
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"maps"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// What speaks of the 28 days that end with a day (use of tools, how actions spread, both by attributes, too) is counted
// here and not by the store: package tally does in one pass what takes a statement of the store ten times as long, for
// the store has every person's day in 28 windows and adds each up for itself.

var (
	//go:embed windows_with.sql
	windowsWith string
	//go:embed windows.sql
	selectWindows string
)

const (
	// countedAtOnce bounds persons × tools × days that are counted at once, and with it the memory: 10 bytes each.
	countedAtOnce = 20_000_000
	// groupsAtOnce bounds units × tools × days likewise: 200 bytes each.
	groupsAtOnce = 1_000_000
	// readAtOnce bounds the persons × tools × days, with the 27 before, of one statement.
	readAtOnce = 10_000_000
)

// names are what the numbers in the answers of selectWindows stand for.
type names struct {
	tools, units, values []string // by number; 0 is none
	licensed             []bool   // tools, by number
}

// writeWindows computes the planned days of windows.
func (w *work) writeWindows(ctx context.Context) error {
	planned := w.windows()
	if len(planned) == 0 {
		return nil
	}
	names, err := w.readNames(ctx)
	if err != nil {
		return err
	}
	most := min(tally.MostDays, countedAtOnce/w.pairs, groupsAtOnce/(len(names.units)*len(names.tools)))
	for _, part := range near(planned.sorted(), adoption.Day(max(most, 1))) {
		if err := w.writeWindowsOf(ctx, part, names); err != nil {
			return err
		}
		w.step(len(part))
	}
	return nil
}

// windows are the planned days of which any table of windows is written.
func (w *work) windows() days {
	planned := maps.Clone(w.use)
	maps.Copy(planned, w.spread)
	maps.Copy(planned, w.by)
	return planned
}

// writeWindowsOf computes those of days that lie at most tally.MostDays apart.
func (w *work) writeWindowsOf(ctx context.Context, part []adoption.Day, names *names) error {
	s := stretch{part[0], part[len(part)-1]}
	plan := tally.Plan{Units: len(names.units), Tools: len(names.tools), Values: len(names.values), Licensed: names.licensed}
	for _, d := range part {
		bit := uint64(1) << (d - s.from)
		plan.Days |= bit
		if _, by := w.by[d]; by {
			plan.By |= bit
		}
	}
	counted := tally.New(plan)
	groups := 1 + w.pairs*(s.days()+27)/readAtOnce
	for group := range groups {
		if err := w.readWindows(ctx, s, group, groups, counted); err != nil {
			return err
		}
	}
	return w.insertWindows(ctx, s.from, counted, names)
}

// readNames reads the names that the answers of selectWindows have numbers for, and which tools need a licence.
func (w *work) readNames(ctx context.Context) (*names, error) {
	var tools, units, values []string
	var licensed []uint16
	sql := kpiWith + windowsWith + "SELECT tool_names, unit_names, value_names, (SELECT groupUniqArray(tool) FROM licensed)"
	p := w.windowParams(stretch{w.today, w.today})
	if err := w.one(ctx, "read the names of tools and units", sql, p, &tools, &units, &values, &licensed); err != nil {
		return nil, err
	}
	n := &names{append([]string{""}, tools...), append([]string{"unassigned"}, units...), append([]string{""}, values...), make([]bool, len(tools)+1)}
	for _, tool := range licensed {
		n.licensed[tool] = true
	}
	return n, nil
}

func (w *work) windowParams(s stretch) params {
	return w.kpiParams(eachDay(s), stretch{max(s.from-27, 0), s.to})
}

// readWindows counts a group of persons.
func (w *work) readWindows(ctx context.Context, s stretch, group, groups int, counted *tally.Tally) error {
	p := w.windowParams(s)
	p["group"], p["groups"] = group, groups
	var acts, stays, grants []byte
	var r reading
	return w.each(ctx, "read what people did", kpiWith+windowsWith+selectWindows, p, func(scan scanner) error {
		if err := scan(&acts, &stays, &grants); err != nil {
			return err
		}
		if len(acts)%actWidth != 0 || len(stays)%stayWidth != 0 || len(grants)%grantWidth != 0 {
			return fmt.Errorf("read what people did: rows of %d, %d and %d bytes", len(acts), len(stays), len(grants))
		}
		r.read(acts, stays, grants)
		counted.Add(r.acts, r.stays, r.grants)
		return nil
	})
}

// How many bytes selectWindows writes for each.
const (
	actWidth   = 2 + 1 + 1 + 8 + 8
	stayWidth  = 4 + 3*4 + 8
	grantWidth = 2 + 8
)

// reading is a person as selectWindows tells of it.
type reading struct {
	acts   []tally.Act
	stays  []tally.Stay
	grants []tally.Grant
}

func (r *reading) read(acts, stays, grants []byte) {
	r.acts, r.stays, r.grants = r.acts[:0], r.stays[:0], r.grants[:0]
	number := binary.LittleEndian
	for ; len(acts) > 0; acts = acts[actWidth:] {
		r.acts = append(r.acts, tally.Act{Tool: number.Uint16(acts), Offset: acts[2], Responded: acts[3] != 0, Contributed: number.Uint64(acts[4:]), Done: number.Uint64(acts[12:])})
	}
	for ; len(stays) > 0; stays = stays[stayWidth:] {
		r.stays = append(r.stays, tally.Stay{Unit: number.Uint32(stays),
			Values: [tally.Attributes]uint32{number.Uint32(stays[4:]), number.Uint32(stays[8:]), number.Uint32(stays[12:])}, Here: number.Uint64(stays[16:])})
	}
	for ; len(grants) > 0; grants = grants[grantWidth:] {
		r.grants = append(r.grants, tally.Grant{Tool: number.Uint16(grants), On: number.Uint64(grants[2:])})
	}
}
