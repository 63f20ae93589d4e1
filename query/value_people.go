package query

import (
	"context"

	"uptake/adoption"
	"uptake/value/campaign"
)

// valueTools are the tools that people are counted for.
func (b *valueBook) valueTools() []string {
	return append(b.tools[:len(b.tools):len(b.tools)], adoption.AllTools)
}

// valueHabits enters how many have the habit, where it is told.
func (c *Company) valueHabits(ctx context.Context, snap *snapshot, b *valueBook) error {
	s := snap.tree.whole()
	for _, tool := range b.valueTools() {
		rows, err := c.habitsEverywhere(ctx, &portion{snap: snap, scope: s, tool: tool, ends: []adoption.PeriodEnd{{Date: b.day}}})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if e := b.entries[[2]string{row.Unit, row.Tool}]; e != nil && e.shown != nil && row.Power != nil {
				habitual := *row.Power + *row.Habitual
				e.shown.Habitual = &habitual
			}
		}
	}
	return nil
}

// valueRetained enters how many of those who began in the weeks of the span were active four weeks later. It is known
// where every such week is told; of a span of which no week is four weeks ago, it is not.
func (c *Company) valueRetained(ctx context.Context, snap *snapshot, b *valueBook, from, to adoption.Day) error {
	var ends []adoption.PeriodEnd
	for d := from.Monday() + 6; d <= min(to, c.complete()-7*campaign.RetainedWeek); d += 7 {
		if d-6 >= from && snap.days[d] {
			ends = append(ends, adoption.PeriodEnd{Date: d})
		}
	}
	if len(ends) == 0 {
		return nil
	}
	for _, tool := range b.valueTools() {
		g, err := c.cohortGate(ctx, snap, 0, tool, adoption.ByWeek, ends)
		if err != nil {
			return err
		}
		for n, node := range snap.tree.nodes {
			if e := b.entries[[2]string{node.unit.ID, tool}]; e != nil && e.shown != nil {
				e.shown.Retained = stayed(g, place{node: n}, ends)
			}
		}
	}
	return nil
}

// stayed adds up who was active four weeks after each of some weeks; nil where it is not told of one.
func stayed(g *cohortGate, at place, ends []adoption.PeriodEnd) *uint64 {
	sum := uint64(0)
	for _, end := range ends {
		for _, row := range g.cohortRows(at, end, false) {
			n, told := activeAfter(row)
			if !told {
				return nil
			}
			sum += uint64(n)
		}
	}
	return &sum
}

// valueSeats enters the seats that are paid for, and those that are idle, where they are told.
func (c *Company) valueSeats(ctx context.Context, snap *snapshot, b *valueBook) error {
	rows, err := c.seatsEverywhere(ctx, snap, b.day)
	if err != nil {
		return err
	}
	for _, row := range rows {
		e := b.entries[[2]string{row.Unit, row.Tool}]
		if e == nil || e.shown == nil {
			continue
		}
		if e.bought = row.Bought; row.Bought != nil {
			e.shown.Seats = *row.Bought
		}
		e.shown.Unused, e.shown.Unassigned = row.Unused, row.Unassigned
	}
	return nil
}
