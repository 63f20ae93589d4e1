package refresh

import (
	"context"
	_ "embed"
	"maps"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// Use of tools and how actions spread speak of the 28 days that end with a day; so does both by attributes.

//go:embed windows.sql
var selectWindows string

const (
	// countedAtOnce bounds persons × tools × days that are counted at once, and with it the memory: 10 bytes each.
	countedAtOnce = 20_000_000
	// groupsAtOnce bounds units × tools × days likewise: 200 bytes each.
	groupsAtOnce = 1_000_000
	// readAtOnce bounds the persons × tools × days, with the 27 before, of one statement.
	readAtOnce = 10_000_000
)

// writeWindows computes the planned days of windows.
func (w *work) writeWindows(ctx context.Context, of *directory) error {
	most := min(tally.MostDays, countedAtOnce/w.pairs, groupsAtOnce/of.groups())
	for _, part := range near(w.windows().sorted(), adoption.Day(max(most, 1))) {
		if err := w.writeWindowsOf(ctx, part, of); err != nil {
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
func (w *work) writeWindowsOf(ctx context.Context, part []adoption.Day, of *directory) error {
	s := stretch{part[0], part[len(part)-1]}
	plan := tally.WindowsPlan{Names: of.numbers(), First: s.from}
	for _, d := range part {
		bit := uint64(1) << (d - s.from)
		plan.Days |= bit
		if _, by := w.by[d]; by {
			plan.By |= bit
		}
	}
	counted := tally.NewWindows(plan)
	groups := 1 + w.pairs*(s.days()+27)/readAtOnce
	for group := range groups {
		if err := w.readWindows(ctx, s, group, groups, of, counted); err != nil {
			return err
		}
	}
	return w.insertWindows(ctx, s.from, counted, of)
}

// readWindows counts a group of persons.
func (w *work) readWindows(ctx context.Context, s stretch, group, groups int, of *directory, counted *tally.Windows) error {
	p := params{"first": int(s.from - 27), "group": group, "groups": groups, "tools": of.toolList()}
	var person uint64
	var text []byte
	var acts []tally.Act
	return w.eachFact(ctx, "read what people did", selectWindows, stretch{s.from - 27, s.to}, p, func(scan scanner) error {
		if err := scan(&person, &text); err != nil {
			return err
		}
		if err := decode(&acts, text, actWidth, readAct); err != nil {
			return err
		}
		counted.Add(acts, of.of(person))
		return nil
	})
}
