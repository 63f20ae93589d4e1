package query

import (
	"context"
	"fmt"
	"slices"
	"time"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/pilot"
)

// PilotEntry registers a pilot, or changes one that has not begun.
type PilotEntry struct {
	pilot.Plan
	Amendment
}

// PilotAnswer is a pilot and what the weeks say of it.
type PilotAnswer struct {
	Plan       pilot.Plan       `json:"plan"`
	Signature                   // of the plan, whoever froze it
	Registered time.Time        `json:"registered"` // when the plan was written as it is
	Match      *MatchAnswer     `json:"match"`      // how the comparison units were offered; nil where they were chosen
	Frozen     *time.Time       `json:"frozen"`     // when the judgement was written down for good; nil before
	Judgement  *pilot.Judgement `json:"judgement"`  // nil in a list, before it is frozen, and of one that was withdrawn
	Withdrawn  *WithdrawnPilot  `json:"withdrawn"`  // nil where it was not
}

// PilotsAnswer is all pilots, by id.
type PilotsAnswer struct {
	Pilots []PilotAnswer `json:"pilots"`
}

// pilotBody is what the ledger keeps of a pilot.
type pilotBody struct {
	Plan       pilot.Plan       `json:"plan"`
	Match      *MatchAnswer     `json:"match"`
	Registered time.Time        `json:"registered"`
	Author     string           `json:"author"`
	Reason     string           `json:"reason"`
	Judgement  *pilot.Judgement `json:"judgement"` // nil until it is frozen
	Withdrawn  *WithdrawnPilot  `json:"withdrawn,omitempty"`
}

// frozenBy is the author of a judgement: nobody's hand is in it.
const frozenBy = "Uptake"

// RegisterPilot writes a pilot into the ledger before its start. Comparison units that are left out are offered
// (PilotMatch), and the offer is kept. Errors: InvalidParameter with the field, NotFound for units and tools, Conflict
// where somebody else has changed the pilot or it has begun.
func (c *Company) RegisterPilot(ctx context.Context, author string, e PilotEntry) (*PilotAnswer, error) {
	body := pilotBody{Plan: e.Fill(), Author: author, Reason: e.Reason, Registered: c.now().UTC().Truncate(time.Second)}
	if err := c.unbegun(ctx, e); err != nil {
		return nil, err
	}
	if len(body.Plan.Comparison) == 0 && len(body.Plan.Treated) > 0 {
		match, err := c.PilotMatch(ctx, MatchQuestion{Units: body.Plan.Treated, Tool: body.Plan.Outcome.Tool, To: c.Today() - 1})
		if err != nil {
			return nil, err
		}
		for _, m := range match.Offered {
			body.Plan.Comparison = append(body.Plan.Comparison, m.Unit)
		}
		body.Match = match
	}
	if err := body.Plan.Check(c.Today()); err != nil {
		return nil, err
	}
	if err := c.consistently(ctx, func(snap *snapshot) error { return snap.checkPilot(body.Plan) }); err != nil {
		return nil, err
	}
	if err := c.fixAssumptions(ctx, &body.Plan.Outcome); err != nil {
		return nil, err
	}
	r, err := c.enter(ctx, ledger.Pilot, e.ID, author, e.Amendment, body)
	if err != nil {
		return nil, err
	}
	return c.judged(ctx, r, body)
}

// unbegun refuses to change a pilot from its first day on.
func (c *Company) unbegun(ctx context.Context, e PilotEntry) error {
	if e.Based == 0 {
		return nil
	}
	_, body, err := c.pilot(ctx, e.ID)
	switch {
	case err != nil:
		return err
	case body.Withdrawn != nil:
		return alreadyWithdrawn(body)
	case body.Plan.Start <= c.Today():
		return &adoption.Error{Code: adoption.Conflict, Field: "start", Message: fmt.Sprintf(
			"This pilot began on %s and is not changed any more: who knows the weeks can choose units, dates and success so that they please. Register another one.", body.Plan.Start)}
	}
	return nil
}

// checkPilot refuses units and tools that are not known, and units that hold each other.
func (s *snapshot) checkPilot(p pilot.Plan) error {
	if err := s.hasTool(p.Tool); err != nil {
		return err
	}
	if p.Outcome.Tool != "" {
		if err := s.hasTool(p.Outcome.Tool); err != nil {
			return &adoption.Error{Code: adoption.NotFound, Field: "outcome.tool", Message: fmt.Sprintf("There is no tool %q.", p.Outcome.Tool)}
		}
	}
	taken := map[int]string{}
	for _, side := range []struct {
		field string
		units []string
	}{{"treated", p.Treated}, {"comparison", p.Comparison}} {
		for _, unit := range side.units {
			at, known := s.tree.find(unit)
			if !known || at.rest || s.tree.nodes[at.node].kind == kindCompany || s.tree.nodes[at.node].kind == kindUnassigned {
				return &adoption.Error{Code: adoption.NotFound, Field: side.field, Message: fmt.Sprintf("There is no unit %q that could take part.", unit)}
			}
			for other, name := range taken {
				if s.tree.within(at.node, other) || s.tree.within(other, at.node) {
					return adoption.Invalid(side.field, fmt.Sprintf("%q and %q hold the same people. Name one of them.", unit, name))
				}
			}
			taken[at.node] = unit
		}
	}
	return nil
}

// within tells whether a node is another or lies below it.
func (t *tree) within(node, top int) bool { return slices.Contains(t.path(node), top) }

// Pilots lists all pilots with their plans, and the judgement of those that are frozen.
func (c *Company) Pilots(ctx context.Context) (*PilotsAnswer, error) {
	all, err := entries(ctx, c, ledger.Pilot, func(r ledger.Record) (PilotAnswer, error) {
		body, err := readPilot(r)
		return body.answer(r), err
	})
	if err != nil {
		return nil, err
	}
	return &PilotsAnswer{all}, nil
}

// Pilot is one pilot with what the weeks say of it. Once it has ended and all of its weeks are in the figures, the
// judgement is written into the ledger, and is asked from there ever after. NotFound where there is none.
func (c *Company) Pilot(ctx context.Context, id string) (*PilotAnswer, error) {
	r, body, err := c.pilot(ctx, id)
	if err != nil {
		return nil, err
	}
	return c.judged(ctx, r, body)
}

func (c *Company) pilot(ctx context.Context, id string) (ledger.Record, pilotBody, error) {
	r, err := c.Ledger().Latest(ctx, ledger.Pilot, id)
	if err != nil {
		return r, pilotBody{}, err
	}
	body, err := readPilot(r)
	return r, body, err
}

func readPilot(r ledger.Record) (body pilotBody, err error) {
	return body, readEntry(r, &body)
}

func (b pilotBody) answer(r ledger.Record) PilotAnswer {
	a := PilotAnswer{Plan: b.Plan, Signature: Signature{r.Revision, b.Author, b.Reason}, Registered: b.Registered, Match: b.Match, Judgement: b.Judgement, Withdrawn: b.Withdrawn}
	if b.Judgement != nil {
		a.Frozen = &r.At
	}
	return a
}

// judged is the answer for a pilot as it stands in the ledger.
func (c *Company) judged(ctx context.Context, r ledger.Record, body pilotBody) (*PilotAnswer, error) {
	if body.Judgement == nil && body.Withdrawn == nil {
		j, err := c.judge(ctx, body.Plan)
		if err != nil {
			return nil, err
		}
		settled, err := c.settled(ctx)
		if err != nil {
			return nil, err
		}
		if j.Interim || !settled {
			a := body.answer(r)
			a.Judgement = j
			return &a, nil
		}
		if r, body, err = c.freeze(ctx, r, body, j); err != nil {
			return nil, err
		}
	}
	a := body.answer(r)
	return &a, nil
}

// freeze writes a judgement down. Where somebody else has done so in the meantime, theirs holds.
func (c *Company) freeze(ctx context.Context, r ledger.Record, body pilotBody, j *pilot.Judgement) (ledger.Record, pilotBody, error) {
	body.Judgement = j
	frozen, err := c.enter(ctx, ledger.Pilot, r.ID, frozenBy, Amendment{r.Revision, "judged after its end"}, body)
	if adoption.CodeOf(err) == adoption.Conflict {
		return c.pilot(ctx, r.ID)
	}
	return frozen, body, err
}

// complete is the last day that the figures are complete for; 0 where nobody knows.
func (c *Company) complete() adoption.Day {
	asOf := c.now()
	if c.Freshness != nil {
		asOf = c.Freshness.AsOf()
	}
	if asOf.IsZero() {
		return 0
	}
	return min(c.Today(), adoption.DayOf(asOf, c.zone())) - 1
}

// judge holds the two sides of a pilot against each other, as far as the figures go.
func (c *Company) judge(ctx context.Context, p pilot.Plan) (*pilot.Judgement, error) {
	var j pilot.Judgement
	err := c.sides(ctx, p, func(s sides) { j = pilot.Judge(p, s.treated, s.comparison, s.until, int(c.minGroup())) })
	return &j, err
}

// sides are the series of both sides of a plan.
type sides struct {
	treated, comparison []pilot.Series
	days                []adoption.Day // of the plan's ends, those that the series have values of
	until               adoption.Day   // the last day that the figures are complete for
}

// sides reads the series of a plan as far as the figures go, and hands them on.
func (c *Company) sides(ctx context.Context, p pilot.Plan, use func(sides)) error {
	until := c.complete()
	return c.consistently(ctx, func(snap *snapshot) error {
		before, after := p.Ends()
		ends := slices.DeleteFunc(slices.Concat(before, after), func(d adoption.Day) bool { return d > until })
		units := snap.known(slices.Concat(p.Treated, p.Comparison))
		tool := p.Outcome.Tool
		if tool == "" { // a result from outside: of no tool, so the people are all of the unit
			tool = adoption.AllTools
		}
		w, err := c.weekly(ctx, snap, units, tool, ends)
		if err != nil {
			return err
		}
		value := func(row AdoptionRow) *float64 { return pilotValue(p.Outcome.Metric, row) }
		if name, external := p.Outcome.Result(); external {
			found, err := c.results(ctx, name, units, w.days)
			if err != nil {
				return err
			}
			value = func(row AdoptionRow) *float64 { return found.value(p.Outcome.Aggregate, row) }
		}
		if p.Outcome.Metric == pilot.Hours {
			if value, err = c.pilotHours(ctx, snap, p.Outcome, w.days); err != nil {
				return err
			}
		}
		side := func(units []string) (all []pilot.Series) {
			for _, unit := range units {
				all = append(all, w.seriesOf(unit, p, until, value))
			}
			return all
		}
		use(sides{side(p.Treated), side(p.Comparison), w.days, until})
		return nil
	})
}

// known keeps of units those that the tree still has.
func (s *snapshot) known(units []string) []string {
	return slices.DeleteFunc(units, func(unit string) bool { _, ok := s.tree.find(unit); return !ok })
}
