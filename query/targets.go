package query

import (
	"context"
	"net/url"
	"time"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/target"
)

// TargetEntry sets a target, or changes one.
type TargetEntry struct {
	target.Plan
	Amendment
}

// TargetAnswer is a target and whether the unit is on course to it.
type TargetAnswer struct {
	Plan target.Plan `json:"plan"`
	Signature
	At      time.Time     `json:"at"`
	Version *uint64       `json:"version"` // of the assumptions that money is worked out with; nil for shares
	Course  target.Course `json:"course"`
}

// TargetsQuestion asks for targets.
type TargetsQuestion struct {
	Unit string // "" is every unit
	Tool string // "" is every tool; "all" is all together
	// Measure, of a page that draws one, spares working the others out; "" is every one. No parameter asks for it.
	Measure target.Measure
}

// TargetsAnswer is the shape of GET /api/v1/targets: targets by id.
type TargetsAnswer struct {
	Header
	Targets []TargetAnswer `json:"targets"`
}

// ParseTargets reads unit and tool. Errors are InvalidParameter and name the field.
func ParseTargets(values url.Values, _ adoption.Day) (q TargetsQuestion, err error) {
	return q, parameters{{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}}.read(values)
}

// SetTarget writes a target into the ledger. Errors: InvalidParameter with the field, NotFound for a unit or tool, Conflict
// where somebody else has changed it.
func (c *Company) SetTarget(ctx context.Context, author string, e TargetEntry) (*TargetAnswer, error) {
	if err := e.Check(c.Today()); err != nil {
		return nil, err
	}
	err := c.consistently(ctx, func(snap *snapshot) error {
		at, err := snap.place(e.Unit)
		if err != nil {
			return err
		}
		if at.rest {
			return adoption.Invalid("unit", "A rest holds other groups from day to day, so it has no target of its own. Name a unit.")
		}
		return snap.hasTool(e.Tool)
	})
	if err != nil {
		return nil, err
	}
	r, err := c.enter(ctx, ledger.Target, e.ID, author, e.Amendment, e.Plan)
	if err != nil {
		return nil, err
	}
	a, err := readTarget(r)
	if err != nil {
		return nil, err
	}
	list := []TargetAnswer{a}
	return &list[0], c.judgeTargets(ctx, list)
}

func readTarget(r ledger.Record) (TargetAnswer, error) {
	a := TargetAnswer{Signature: signatureOf(r), At: r.At}
	return a, readEntry(r, &a.Plan)
}

// Targets answers which targets are set, and whether they are on course. NotFound for an unknown unit or tool.
func (c *Company) Targets(ctx context.Context, q TargetsQuestion) (*TargetsAnswer, error) {
	err := c.consistently(ctx, func(snap *snapshot) error {
		if q.Unit != "" {
			if _, err := snap.place(q.Unit); err != nil {
				return err
			}
		}
		if q.Tool != "" {
			return snap.hasTool(q.Tool)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	all, err := entries(ctx, c, ledger.Target, readTarget)
	if err != nil {
		return nil, err
	}
	answer := &TargetsAnswer{Header: c.header(c.Today()), Targets: []TargetAnswer{}}
	for _, a := range all {
		if (q.Unit == "" || q.Unit == a.Plan.Unit) && (q.Tool == "" || q.Tool == a.Plan.Tool) && (q.Measure == "" || q.Measure == a.Plan.Measure) {
			answer.Targets = append(answer.Targets, a)
		}
	}
	return answer, c.judgeTargets(ctx, answer.Targets)
}

// judgeTargets fills in the course of targets.
func (c *Company) judgeTargets(ctx context.Context, list []TargetAnswer) error {
	return c.consistently(ctx, func(snap *snapshot) error {
		groups := map[targetGroup][]*TargetAnswer{}
		var order []targetGroup // so that they are always read in the same order
		for i := range list {
			g := targetGroup{list[i].Plan.Measure, list[i].Plan.Tool, c.targetEnd(list[i].Plan)}
			if g.measure.Money() {
				g = targetGroup{measure: target.NetCapacity, end: g.end} // both, of all tools, are read at once
			}
			if groups[g] == nil {
				order = append(order, g)
			}
			groups[g] = append(groups[g], &list[i])
		}
		for _, g := range order {
			if err := c.judgeGroup(ctx, snap, g, groups[g]); err != nil {
				return err
			}
		}
		return nil
	})
}

// targetGroup are targets whose figures are read at once.
type targetGroup struct {
	measure target.Measure
	tool    string
	end     adoption.Day // the last day of the newest point
}

// targetEnd is the last day of the last closed week up to a target's day.
func (c *Company) targetEnd(p target.Plan) adoption.Day {
	return (min(c.complete(), p.By) + 1).Monday() - 1
}

// days are those of the points, the oldest first.
func (g targetGroup) days() (days []adoption.Day) {
	for i := target.Points - 1; i >= 0; i-- {
		days = append(days, g.end-adoption.Day(i*target.Step))
	}
	return days
}

func (c *Company) judgeGroup(ctx context.Context, snap *snapshot, g targetGroup, list []*TargetAnswer) error {
	var asked []*TargetAnswer
	for _, a := range list {
		at, known := snap.tree.find(a.Plan.Unit)
		_, tool := snap.tool(a.Plan.Tool)
		switch {
		case !known || at.rest:
			a.Course = target.Silent(target.Unknown, "there is no such unit any more")
		case !tool && a.Plan.Tool != adoption.AllTools:
			a.Course = target.Silent(target.Unknown, "there is no such tool any more")
		default:
			asked = append(asked, a)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var found targetFigures
	var err error
	switch g.measure {
	case target.Adoption:
		found, err = c.targetAdoption(ctx, snap, g, asked)
	case target.Habit:
		found, err = c.targetHabits(ctx, snap, g)
	default:
		found, err = c.targetMoney(ctx, snap, g, asked)
	}
	if err != nil {
		return err
	}
	for _, a := range asked {
		if a.Course.State == "" {
			a.Course = found.course(a.Plan, g, c.complete() >= a.Plan.By)
		}
	}
	return nil
}
