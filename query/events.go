package query

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"uptake/adoption"
	"uptake/value/ledger"
)

// Event is a moment at which something was done to a unit that its course may show: a campaign of any kind, a pilot, a new stage of
// a roll-out. It is what somebody entered, and says nothing of what came of it.
type Event struct {
	Day  adoption.Day
	Kind string // one of campaign.Kinds, EventPilot or EventStage
	Name string // of the campaign or pilot; the stage that was reached
	Tool string // its name
	Unit string // the name of the unit, of the first of several
}

// Kinds of Event beside those of campaigns.
const (
	EventPilot = "pilot"
	EventStage = "stage"
)

// EventsQuestion asks for what was done to a unit, or to one above or below it, with a tool, on the days From to To.
type EventsQuestion struct {
	Unit, Tool string // Tool adoption.AllTools: with any
	From, To   adoption.Day
}

// Events answers what was done, the oldest first. A pilot that was withdrawn was none. NotFound for an unknown unit.
func (c *Company) Events(ctx context.Context, q EventsQuestion) ([]Event, error) {
	var told []Event
	err := c.consistently(ctx, func(snap *snapshot) error {
		top, err := snap.place(q.Unit)
		if err != nil {
			return err
		}
		told = nil // it may be asked again
		add := func(day adoption.Day, kind, name, tool string, units ...string) {
			if day >= q.From && day <= q.To && (q.Tool == adoption.AllTools || tool == q.Tool) && snap.tree.touches(top, units) {
				told = append(told, Event{day, kind, name, snap.toolName(tool), snap.tree.nodes[snap.tree.byID[units[0]]].unit.Name})
			}
		}
		return c.eachEvent(ctx, add)
	})
	slices.SortStableFunc(told, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
	return told, err
}

// eachEvent goes through what the ledger holds.
func (c *Company) eachEvent(ctx context.Context, add func(day adoption.Day, kind, name, tool string, units ...string)) error {
	campaigns, err := c.Campaigns(ctx)
	if err != nil {
		return err
	}
	for _, one := range campaigns.Campaigns {
		add(one.Plan.Start, one.Plan.Kind, one.Plan.Name, one.Plan.Tool, one.Plan.Units...)
	}
	pilots, err := c.Pilots(ctx)
	if err != nil {
		return err
	}
	for _, one := range pilots.Pilots {
		if one.Withdrawn == nil {
			add(one.Plan.Start, EventPilot, one.Plan.Name, one.Plan.Tool, one.Plan.Treated...)
		}
	}
	rollouts, err := entries(ctx, c, ledger.Stage, func(r ledger.Record) (body stageBody, err error) { return body, readEntry(r, &body) })
	if err != nil {
		return err
	}
	for _, r := range rollouts {
		for _, m := range r.Moves {
			add(m.Day, EventStage, string(m.Stage), r.Tool, r.Unit)
		}
	}
	return nil
}

// touches tells whether one of the units is a place, or lies above or below it. The small groups of a unit are no place of which
// more is known than that they lie below it.
func (t *tree) touches(top place, units []string) bool {
	return slices.ContainsFunc(units, func(id string) bool {
		at, known := t.byID[id]
		return known && (t.within(top.node, at) || !top.rest && t.within(at, top.node))
	})
}
