package query

import (
	"context"
	"fmt"

	"uptake/adoption"
	"uptake/value/worth"
)

// valueBook is what the gates show of every unit and tool: all that value is worked out from.
type valueBook struct {
	day     adoption.Day // the last with figures in the span, on which people are counted
	tools   []string
	entries map[[2]string]*valueEntry // by unit and tool, all tools together among these
}

// valueEntry is what is shown of a unit and a tool.
type valueEntry struct {
	frame             RowFrame
	shown             *worth.Use // nil where it is hidden or not known, with the reason in why
	why               string
	days, daysLeftOut int
	bought            *uint64
}

// children lists the children of a unit that there are on the book's day.
func (b *valueBook) children(snap *snapshot, unit string) (ids []string) {
	for _, child := range snap.tree.nodes[snap.tree.byID[unit]].children {
		id := snap.tree.nodes[child].unit.ID
		if e := b.entries[[2]string{id, adoption.AllTools}]; e != nil && (snap.tree.nodes[child].kind != kindDirect || e.frame.Headcount > 0) {
			ids = append(ids, id)
		}
	}
	return ids
}

// valueBook asks for what is shown of a span.
func (c *Company) valueBook(ctx context.Context, snap *snapshot, from, to adoption.Day) (*valueBook, error) {
	b, err := c.moneyBook(ctx, snap, from, to)
	if err != nil || b.day < from {
		return b, err
	}
	if err := c.valueHabits(ctx, snap, b); err != nil {
		return nil, err
	}
	return b, c.valueRetained(ctx, snap, b, from, to)
}

// moneyBook is a book without habits and retained people, which only costs per person need.
func (c *Company) moneyBook(ctx context.Context, snap *snapshot, from, to adoption.Day) (*valueBook, error) {
	b := &valueBook{day: min(to, snap.state.today), tools: snap.countedTools(), entries: map[[2]string]*valueEntry{}}
	for b.day >= from && !snap.days[b.day] {
		b.day--
	}
	if b.day < from {
		return b, nil
	}
	if err := c.valuePeople(ctx, snap, b); err != nil {
		return nil, err
	}
	if err := c.valueWork(ctx, snap, b, from, to); err != nil {
		return nil, err
	}
	return b, c.valueSeats(ctx, snap, b)
}

// valuePeople enters every unit and tool with its people; the use of those that are shown.
func (c *Company) valuePeople(ctx context.Context, snap *snapshot, b *valueBook) error {
	in := inquiry{unit: adoption.Company, tools: b.valueTools(), ends: []adoption.PeriodEnd{{Date: b.day, Running: b.day >= snap.state.today}}}
	for _, n := range snap.tree.nodes[1:] {
		in.beside = append(in.beside, n.unit.ID)
	}
	rows, err := c.rows(ctx, snap, in)
	if err != nil {
		return err
	}
	for _, row := range rows {
		e := &valueEntry{frame: row.RowFrame, why: whyHidden(row.RowFrame)}
		if row.Active28 != nil {
			e.shown = &worth.Use{Unit: row.Unit, Tool: row.Tool, Headcount: row.Headcount, Enabled: row.Enabled, Active: *row.Active28}
		}
		b.entries[[2]string{row.Unit, row.Tool}] = e
	}
	return nil
}

// whyHidden is why a row tells nothing; "" where it tells.
func whyHidden(f RowFrame) string {
	switch {
	case !f.Suppressed:
		return ""
	case f.ShownIn != "":
		return "the group is too small to be shown on " + f.Date.String() + "; it is counted in the units above it"
	}
	return fmt.Sprintf("the group is hidden on %s, because a small group could be told from it", f.Date)
}

// valueWork enters what was done in the span and in the 28 days that end with the book's day. Where either is not known,
// there is no use to value.
func (c *Company) valueWork(ctx context.Context, snap *snapshot, b *valueBook, from, to adoption.Day) error {
	for _, part := range []struct {
		from, to adoption.Day
		into     func(e *valueEntry, counts worth.Counts, seconds float64, row *ActionsRow)
	}{
		{from, to, func(e *valueEntry, counts worth.Counts, seconds float64, row *ActionsRow) {
			e.shown.Span, e.shown.SpanSeconds, e.days, e.daysLeftOut = counts, seconds, row.Days, row.DaysLeftOut
		}},
		{windowStart(b.day), b.day, func(e *valueEntry, counts worth.Counts, seconds float64, _ *ActionsRow) {
			e.shown.Last, e.shown.LastSeconds = counts, seconds
		}},
	} {
		rows, err := c.actionsRows(ctx, snap, ActionsQuestion{Unit: adoption.Company, Tool: adoption.AllTools, From: part.from, To: part.to, By: ByClass, everywhere: true})
		if err != nil {
			return err
		}
		for i := range rows {
			row := &rows[i]
			e := b.entries[[2]string{row.Unit, row.Tool}]
			if e == nil || e.shown == nil || row.CountedContribute == nil {
				continue
			}
			part.into(e, worth.Counts{adoption.Contribute: *row.CountedContribute, adoption.Respond: *row.CountedRespond, adoption.Share: *row.CountedShare,
				adoption.Meet: *row.CountedMeet, adoption.Consume: *row.CountedConsume}, float64(*row.Seconds), row)
		}
	}
	for key, e := range b.entries {
		if e.shown != nil && key[1] != adoption.AllTools && (e.shown.Span == nil || e.shown.Last == nil) {
			e.shown, e.why = nil, "on no day of the span is it known what was done, or the group is hidden on each"
		}
	}
	return nil
}
