package query

import (
	"cmp"
	"slices"
)

// seatParts counts the enabled people of a group in two parts: those who have held their seat for 28 days, and the others.
type seatParts struct{ long, short uint64 }

func (p *seatParts) add(v seatParts) { p.long, p.short = p.long+v.long, p.short+v.short }

// few tells whether one of the parts must not be shown.
func (p seatParts) few(k uint64) bool { return small(p.long, k) || small(p.short, k) }

// seatGroup is a group that adoption is shown of: a node, or the rest of a node.
type seatGroup struct {
	node int
	rest bool
}

// seatJudge finds the groups of a tool whose long part may be told.
//
// Of each group that adoption is shown of, the inactive of both parts together are known. A group with one part only is
// known in both, whatever is told here: it is pinned. Of all others, what is not known by pinned groups below (open) must be
// large enough in both parts before the group is told; and what of a told group is left over by those told and pinned below it
// must be, too. Then everything that can be computed is made of whole pieces, each with parts that are empty or hold k.
type seatJudge struct {
	scope *scope
	p     partition // of the enabled people
	order []uint64  // headcount, by which more is hidden
	k     uint64
	parts []seatParts // by node, of the enabled people
	told  map[seatGroup]bool
}

// judge begins with the company: what lies below a group that is not told is told only where it is pinned.
func (j *seatJudge) judge() {
	j.told = map[seatGroup]bool{}
	company := seatGroup{}
	if j.p.hidden[0] {
		return
	}
	j.told[company] = !j.open(company).few(j.k)
	j.below(company)
}

// below decides about the groups below one.
func (j *seatJudge) below(g seatGroup) {
	var candidates []seatGroup
	var left seatParts
	for _, kid := range j.kids(g) {
		open := j.open(kid)
		switch {
		case j.pinned(kid):
			j.told[kid] = true
		case !j.told[g]:
		case open.few(j.k):
			left.add(open)
		default:
			candidates = append(candidates, kid)
		}
	}
	slices.SortFunc(candidates, func(a, b seatGroup) int {
		return cmp.Or(cmp.Compare(j.heads(a), j.heads(b)), cmp.Compare(j.scope.id(a.node), j.scope.id(b.node)), compareBool(a.rest, b.rest))
	})
	for len(candidates) > 0 && left.few(j.k) {
		left.add(j.open(candidates[0]))
		candidates = candidates[1:]
	}
	for _, kid := range candidates {
		j.told[kid] = true
	}
	for _, kid := range j.kids(g) {
		j.below(kid)
	}
}

// kids are the groups below one that adoption is shown of.
func (j *seatJudge) kids(g seatGroup) []seatGroup {
	if g.rest {
		return nil
	}
	var kids []seatGroup
	for _, child := range j.scope.nodes[g.node].children {
		if !j.p.hidden[child] {
			kids = append(kids, seatGroup{node: child})
		}
	}
	if j.p.rest[g.node] {
		kids = append(kids, seatGroup{g.node, true})
	}
	return kids
}

// sum is a group's parts.
func (j *seatJudge) sum(g seatGroup) seatParts {
	if !g.rest {
		return j.parts[g.node]
	}
	return total(j.parts, j.p.hiddenChildren(j.scope, g.node), (*seatParts).add)
}

// heads is the headcount that a group is chosen by.
func (j *seatJudge) heads(g seatGroup) uint64 {
	if !g.rest {
		return j.order[g.node]
	}
	return total(j.order, j.p.hiddenChildren(j.scope, g.node), addCount)
}

// pinned tells whether a group has one part only.
func (j *seatJudge) pinned(g seatGroup) bool {
	sum := j.sum(g)
	return sum.long == 0 || sum.short == 0
}

// open is what of a group is not known by pinned groups: none of a pinned one.
func (j *seatJudge) open(g seatGroup) seatParts {
	if j.pinned(g) {
		return seatParts{}
	}
	if g.rest || len(j.kids(g)) == 0 {
		return j.sum(g)
	}
	var open seatParts
	for _, kid := range j.kids(g) {
		open.add(j.open(kid))
	}
	return open
}
