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
	anew, moved := w.moved.windows.split(w.windows())
	for _, part := range near(anew, w.windowsAtOnce(of)) {
		if err := w.countWindows(ctx, part, of); err != nil {
			return err
		}
		w.step(len(part))
	}
	for _, part := range near(moved, w.windowsAtOnce(of)) {
		if err := w.moveWindows(ctx, part, of); err != nil {
			return err
		}
		w.step(len(part))
	}
	return nil
}

// windowsAtOnce is how far apart days may lie that are counted at once.
func (w *work) windowsAtOnce(of *directory) adoption.Day {
	return adoption.Day(max(min(tally.MostDays, countedAtOnce/w.pairs, groupsAtOnce/of.groups()), 1))
}

// windows are the planned days of which any table of windows is written.
func (w *work) windows() days {
	planned := maps.Clone(w.use)
	maps.Copy(planned, w.spread)
	maps.Copy(planned, w.by)
	return planned
}

// countWindows computes days that lie at most tally.MostDays apart.
func (w *work) countWindows(ctx context.Context, part []adoption.Day, of *directory) error {
	s := stretch{part[0], part[len(part)-1]}
	counted := tally.NewWindows(w.planWindows(part, of))
	groups := 1 + w.pairs*(s.days()+27)/readAtOnce
	for group := range groups {
		p := everybody()
		p["group"], p["groups"] = group, groups
		if err := w.readWindows(ctx, s, w.factsNow, p, of, counted.Add); err != nil {
			return err
		}
	}
	return w.insertWindows(ctx, s.from, counted, of)
}

// moveWindows computes days of which only some people's facts are others than before: in the figures that readers see, what these
// people did before is taken away, and what they did now added.
func (w *work) moveWindows(ctx context.Context, part []adoption.Day, of *directory) error {
	s := stretch{part[0], part[len(part)-1]}
	counted := tally.NewWindows(w.planWindows(part, of))
	if err := w.knowWindows(ctx, s.from, part, of, counted); err != nil {
		return err
	}
	p := w.ofWhom()
	p["group"], p["groups"] = 0, 1
	if err := w.readWindows(ctx, s, w.factsBefore, p, of, counted.Remove); err != nil {
		return err
	}
	if err := w.readWindows(ctx, s, w.factsNow, p, of, counted.Add); err != nil {
		return err
	}
	return w.insertWindows(ctx, s.from, counted, of)
}

func (w *work) planWindows(part []adoption.Day, of *directory) tally.WindowsPlan {
	plan := tally.WindowsPlan{Names: of.numbers(), First: part[0]}
	for _, d := range part {
		bit := uint64(1) << (d - part[0])
		plan.Days |= bit
		if _, by := w.by[d]; by {
			plan.By |= bit
		}
	}
	return plan
}

// readWindows counts people whose facts are read in an edition.
func (w *work) readWindows(ctx context.Context, s stretch, facts edition, p params, of *directory, count func([]tally.Act, *tally.Person)) error {
	p["first"], p["tools"] = int(s.from-27), of.toolList()
	var person uint64
	var text []byte
	var acts []tally.Act
	return w.eachFact(ctx, "read what people did", selectWindows, stretch{s.from - 27, s.to}, facts, p, func(scan scanner) error {
		if err := scan(&person, &text); err != nil {
			return err
		}
		if err := decode(&acts, text, actWidth, readAct); err != nil {
			return err
		}
		count(acts, of.of(person))
		return nil
	})
}
