package worth

import (
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// zone is the use of a tool by people of one loaded rate.
type zone struct {
	rate                     int // the input of the rate
	span, last               byClass
	spanSeconds, lastSeconds float64
}

func (z zone) plus(o zone) zone {
	return zone{z.rate, z.span.plus(o.span), z.last.plus(o.last), z.spanSeconds + o.spanSeconds, z.lastSeconds + o.lastSeconds}
}

func (z zone) minus(o zone) zone {
	return zone{z.rate, z.span.minus(o.span), z.last.minus(o.last), z.spanSeconds - o.spanSeconds, z.lastSeconds - o.lastSeconds}
}

// bounded takes nothing for what would be less: days of a unit may be hidden that are shown of the units below it.
func (z zone) bounded() zone {
	for i := range z.span {
		z.span[i], z.last[i] = max(z.span[i], 0), max(z.last[i], 0)
	}
	z.spanSeconds, z.lastSeconds = max(z.spanSeconds, 0), max(z.lastSeconds, 0)
	return z
}

// zoning parts the use of units by rate. A unit has its own rate or that of the nearest unit above it that has one, and
// what is left of a unit beside the units below it that are shown counts at the unit's own rate. So a unit is the sum of
// the shown units below it and of that rest.
//
// Where a tool has a ceiling, contributions that would save an active person more than that in a week, on the mean of
// the unit and at the likely minutes, are not counted. What is cut does not depend on a draw, so that hours stay linear
// in minutes.
type zoning struct {
	doc   *assumptions.Document
	tree  tree
	in    inputs
	weeks float64 // of the span
	memo  map[[2]string][]zone
}

// of is the use of a tool by a unit, by rate in the order of the inputs; nil where it is not known.
func (z *zoning) of(unit, tool string) []zone {
	key := [2]string{unit, tool}
	use := z.tree.uses[key]
	if use == nil {
		return nil
	}
	if zones, done := z.memo[key]; done {
		return zones
	}
	own := zone{z.in.rateOf(z.tree, unit), use.Span.byClass(), use.Last.byClass(), use.SpanSeconds, use.LastSeconds}
	below, active := zone{rate: own.rate}, 0.0
	var zones []zone
	for _, child := range z.tree.children[unit] {
		if u := z.tree.uses[[2]string{child, tool}]; u != nil {
			below = below.plus(zone{0, u.Span.byClass(), u.Last.byClass(), u.SpanSeconds, u.LastSeconds})
			active += float64(u.Active)
			zones = append(zones, z.of(child, tool)...)
		}
	}
	for i := range zones {
		zones[i] = zones[i].within(own, below)
	}
	zones = append(zones, z.cut(tool, own.minus(below).bounded(), max(float64(use.Active)-active, 0)))
	zones = merged(zones)
	z.memo[key] = zones
	return zones
}

// within makes a part of what the units below have less where all of it is more than the unit above has: their sum is
// then that of the unit, whose figures are those shown.
func (z zone) within(own, below zone) zone {
	fit := func(part, own, below float64) float64 {
		if below <= own {
			return part
		}
		return float64(part * (own / below))
	}
	for i := range z.span {
		z.span[i], z.last[i] = fit(z.span[i], own.span[i], below.span[i]), fit(z.last[i], own.last[i], below.last[i])
	}
	z.spanSeconds = fit(z.spanSeconds, own.spanSeconds, below.spanSeconds)
	z.lastSeconds = fit(z.lastSeconds, own.lastSeconds, below.lastSeconds)
	return z
}

// contribute is the place of the class that a ceiling limits, among adoption.Classes.
const contribute = 0

// cut leaves out the contributions over a tool's ceiling.
func (z *zoning) cut(tool string, own zone, active float64) zone {
	t := z.doc.Tools[tool]
	minutes := t.Minutes[adoption.Contribute].Likely
	if t.Ceiling == nil || minutes <= 0 {
		return own
	}
	aWeek := float64(t.Ceiling.Likely / minutes * active)
	own.span[contribute] = min(own.span[contribute], float64(aWeek*z.weeks))
	own.last[contribute] = min(own.last[contribute], float64(aWeek*lastDays/7))
	return own
}

// merged adds up zones of the same rate and puts them into the order of the inputs.
func merged(zones []zone) []zone {
	slices.SortStableFunc(zones, func(a, b zone) int { return a.rate - b.rate })
	all := zones[:0:0]
	for _, z := range zones {
		if n := len(all); n > 0 && all[n-1].rate == z.rate {
			all[n-1] = all[n-1].plus(z)
			continue
		}
		all = append(all, z)
	}
	return all
}
