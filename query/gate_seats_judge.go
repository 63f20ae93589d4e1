package query

import (
	"cmp"
	"slices"
)

// seatParts counts the enabled people of a group in two parts: those who have held their seat for 28 days, and the others.
type seatParts struct{ long, short uint64 }

func (p *seatParts) add(v seatParts) { p.long, p.short = p.long+v.long, p.short+v.short }

// seatGroup is a group that adoption is shown of: a node, or the rest of a node.
type seatGroup struct {
	node int
	rest bool
}

// seatJudge finds the groups of a tool whose long part may be told.
//
// Of each group that adoption is shown of, the inactive of both parts together are known. A group with one part only is
// known in both, whatever is told here. Let groups be told together, and let each of them have both parts: what can be
// computed of them is, but for multiples, the inactive of the first part of some of them less those of the second part of the
// others (all that is told, less what is known of the others). These are the fewest people where of each group it is the
// smaller part: so the smaller parts together (open) must be k people, or nobody. So must be what of a told group is left over
// by those told below it. Then everything that can be computed is made of whole such pieces.
//
// Of a group of few people more than k, no more than those beyond k count. That asks for a little more than this needs, but
// for what attributes need that are judged beside it: k bases, each with somebody of every group and, of one of them, with one
// of the other part, too (joint.go).
type seatJudge struct {
	scope *scope
	p     partition // of the enabled people
	order []uint64  // headcount, by which more is hidden
	k     uint64
	parts []seatParts // by node, of the enabled people
	told  map[seatGroup]bool
}

// judge begins with the company: what lies below a group that is not told is told only where it is known.
func (j *seatJudge) judge() {
	j.told = map[seatGroup]bool{}
	company := seatGroup{}
	if j.p.hidden[0] {
		return
	}
	j.told[company] = j.known(company) || j.open(company) >= j.k
	j.below(company)
}

// below decides about the groups below one.
func (j *seatJudge) below(g seatGroup) {
	var candidates []seatGroup
	var left uint64
	some := false
	for _, kid := range j.kids(g) {
		open := j.open(kid)
		switch {
		case j.known(kid):
			j.told[kid] = true
		case !j.told[g]:
		case open < j.k:
			left, some = left+open, true
		default:
			candidates = append(candidates, kid)
		}
	}
	slices.SortFunc(candidates, func(a, b seatGroup) int {
		return cmp.Or(cmp.Compare(j.heads(a), j.heads(b)), cmp.Compare(j.scope.id(a.node), j.scope.id(b.node)), compareBool(a.rest, b.rest))
	})
	for len(candidates) > 0 && some && left < j.k {
		left += j.open(candidates[0])
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

// known tells whether each of the groups that adoption is shown of in a group has one part only, or nobody.
func (j *seatJudge) known(g seatGroup) bool {
	kids := j.kids(g)
	if len(kids) == 0 {
		sum := j.sum(g)
		return sum.long == 0 || sum.short == 0
	}
	return !slices.ContainsFunc(kids, func(kid seatGroup) bool { return !j.known(kid) })
}

// open is how many people are in the smaller parts of the groups that adoption is shown of in a group.
func (j *seatJudge) open(g seatGroup) (people uint64) {
	kids := j.kids(g)
	if len(kids) == 0 {
		sum := j.sum(g)
		return min(sum.long, sum.short, max(sum.long+sum.short, j.k)-j.k)
	}
	for _, kid := range kids {
		people += j.open(kid)
	}
	return people
}
