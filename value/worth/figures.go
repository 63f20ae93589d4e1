package worth

import (
	"uptake/adoption"
	"uptake/value/cash"
)

// figures are all figures of a cell, and the lanes of its combined net present value in the world of moved inputs.
func (e *evaluator) figures(c *cell, ch change) (figures [names]Figure, moved []float64) {
	plan := e.m.planOf(ch)
	segments, foreign := plan.terms.segments, e.hasForeign(c)
	write := e.writer(c, ch)
	var npv [2]belief // of the cash case and of both
	for n := range names {
		f := &figures[n]
		f.Formula = write.formula(n)
		if foreign && n.mixes() {
			f.Why, f.Grade = WhyTwoCurrencies, "C"
			continue
		}
		if !n.lanes(&c.moved, segments, e.small) {
			f.Why = WhyNothingPaid
			continue
		}
		f.Likely = finite(e.small[0])
		b := believe(e.small, e.m.in)
		switch n { // months change in jumps: they are judged by the value that they are the months of, and returns are, too
		case nNPV:
			npv[0] = b
		case nBothNPV:
			npv[1], moved = b, append(moved, e.small...)
		}
		f.Grade, f.MovedMostBy = b.grade, b.mover
		e.spread(f, n, c, plan)
	}
	if foreign {
		return figures, make([]float64, e.m.asIs.moved.lanes)
	}
	for n, of := range map[name]belief{nROI: npv[0], nPayback: npv[0], nBothROI: npv[1], nBothPayback: npv[1]} {
		figures[n].Grade, figures[n].MovedMostBy = of.grade, of.mover
	}
	return figures, moved
}

// spread draws a figure. Cash of a unit that bears one group only is a share of the group's, which was drawn once.
func (e *evaluator) spread(f *Figure, n name, c *cell, p *plan) {
	if n.linesAlone(&c.drawn) && len(c.borne) == 1 && c.tool != adoption.AllTools {
		b := c.borne[0]
		g := p.shared[b.tool][p.drawn.groups[b.tool][b.group].bearer]
		share := b.share
		if n == nROI || n == nPayback {
			share = 1
		}
		f.take(g[n].scaled(share))
		return
	}
	n.lanes(&c.drawn, p.terms.segments, e.scratch)
	f.drawn(n, e.scratch, p.terms.calendar.horizon, &e.picker)
}

// drawn puts samples into a figure.
func (f *Figure) drawn(n name, samples []float64, horizon int, picker *cash.Picker) {
	switch n {
	case nPayback, nBothPayback:
		f.months(samples, horizon)
		return
	case nNPV, nBothNPV:
		f.Above0 = finite(cash.Above(samples, 0))
	}
	f.spreads(samples, picker)
}

// take takes over what was drawn for another.
func (f *Figure) take(o Figure) {
	f.P10, f.P50, f.P90, f.Above0 = o.P10, o.P50, o.P90, o.Above0
	if o.Why != "" {
		f.Why = o.Why
	}
}

// groupSpreads are the figures of cash of a group, borne whole.
type groupSpreads map[name]Figure

// spreadGroups draws the cash of each group once.
func (p *plan) spreadGroups() map[string]map[string]groupSpreads {
	var picker cash.Picker
	out := make([]float64, p.drawn.lanes)
	tools := map[string]map[string]groupSpreads{}
	for tool, groups := range p.drawn.groups {
		tools[tool] = map[string]groupSpreads{}
		for _, g := range groups {
			spreads, whole := groupSpreads{}, side{d: p.drawn, use: newVectors(p.drawn.lanes, useKinds), lines: g.vectors, share: 1}
			for n := range names {
				if n.linesAlone(&whole) && n.lanes(&whole, p.terms.segments, out) {
					f := Figure{}
					f.drawn(n, out, p.terms.calendar.horizon, &picker)
					spreads[n] = f
				}
			}
			tools[tool][g.bearer] = spreads
		}
	}
	return tools
}

// hasForeign tells whether a cell bears amounts that nobody has entered a rate for.
func (e *evaluator) hasForeign(c *cell) bool {
	for _, b := range c.borne {
		if len(e.m.asIs.drawn.groups[b.tool][b.group].foreign) > 0 {
			return true
		}
	}
	return false
}
