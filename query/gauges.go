package query

import (
	"cmp"
	"context"
	"slices"

	"uptake/adoption"
)

// maxGauges bounds the rows that /metrics publishes: a dozen samples each.
const maxGauges = 2_000

// GaugesAnswer is what /metrics publishes: the KPIs of the last closed day, unit × tool, as far as the gate lets them through.
type GaugesAnswer struct {
	Date    *adoption.Day // the day they are of; nil where no figures exist
	Rows    []AdoptionRow // suppressed rows are left out: a hidden figure is no sample
	LeftOut int           // rows beyond the bound, those with the fewest people first to go
	Hidden  int           // rows that the gate holds back
}

// Gauges are the figures of every unit and tool on the last closed day.
func (c *Company) Gauges(ctx context.Context) (*GaugesAnswer, error) {
	var answer *GaugesAnswer
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer = &GaugesAnswer{}
		day := snap.lastClosed()
		if !snap.days[day] {
			return nil
		}
		answer.Date = &day
		tools := []string{adoption.AllTools}
		for _, t := range snap.tools {
			if t.counted {
				tools = append(tools, t.ID)
			}
		}
		s := snap.tree.whole()
		r, err := c.read(ctx, snap, s, need{days: []adoption.Day{day}, tools: tools})
		if err != nil {
			return err
		}
		g := newGate(snap, s, r, c.minGroup())
		for _, tool := range tools {
			answer.take(g.everyRow(tool, adoption.PeriodEnd{Date: day, Running: day == snap.state.today}))
		}
		answer.cut()
		return nil
	})
	return answer, err
}

// everyRow is a row for each node of the scope and each rest.
func (g *gate) everyRow(tool string, end adoption.PeriodEnd) []AdoptionRow {
	var rows []AdoptionRow
	for n := range g.scope.nodes {
		at := place{node: g.scope.nodes[n].node}
		if g.treeNode(n).kind == kindDirect && g.headcount(end.Date)[n] == 0 {
			continue
		}
		rows = append(rows, g.rows(at, tool, end, false)...)
		rows = append(rows, g.rows(place{node: at.node, rest: true}, tool, end, false)...)
	}
	return rows
}

// take keeps the rows that are shown.
func (a *GaugesAnswer) take(rows []AdoptionRow) {
	for _, row := range rows {
		if row.Suppressed {
			a.Hidden++
			continue
		}
		a.Rows = append(a.Rows, row)
	}
}

// cut drops the rows of the smallest units beyond the bound; the order of the others stays.
func (a *GaugesAnswer) cut() {
	if len(a.Rows) <= maxGauges {
		return
	}
	sizes := make([]uint64, len(a.Rows))
	for i, row := range a.Rows {
		sizes[i] = row.Headcount
	}
	slices.SortFunc(sizes, func(x, y uint64) int { return cmp.Compare(y, x) })
	smallest, room := sizes[maxGauges-1], 0
	for _, size := range sizes[:maxGauges] {
		if size == smallest {
			room++
		}
	}
	kept := a.Rows[:0]
	for _, row := range a.Rows {
		if row.Headcount == smallest {
			room--
		}
		if row.Headcount > smallest || row.Headcount == smallest && room >= 0 {
			kept = append(kept, row)
		}
	}
	a.LeftOut = len(a.Rows) - len(kept)
	a.Rows = kept
}
