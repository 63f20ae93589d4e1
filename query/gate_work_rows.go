package query

import (
	"slices"

	"uptake/adoption"
)

// activeClasses are those that a row takes actions apart by, in its order.
var activeClasses = slices.DeleteFunc(adoption.Classes(), func(class adoption.Class) bool { return !class.Active() })

// workSum is what a row adds up.
type workSum struct {
	work                        rawWork
	days, leftOut, partsLeftOut int
	parts                       map[partName]uint64
	members                     []int // of a rest: those of the last day on which there is one
	varied                      bool  // a rest was made of others on other days
	restShown                   bool  // the rest of the parent is shown on some day
}

// rowsOf are the rows of a period and a tool: those of the place asked for, or of every node of the scope.
func (g *workGate) rowsOf(tool, period int, p *workPeriod, rest bool, q ActionsQuestion) []ActionsRow {
	nodes := []int{g.top}
	if q.everywhere {
		nodes = nodes[:0]
		for n := range g.scope.nodes {
			nodes = append(nodes, n)
		}
	}
	gaps := g.snap.gapDaysWithin(g.tools[tool], p.from, p.end.Date)
	var rows []ActionsRow
	add := func(of group) {
		sum := g.sum(tool, period, of)
		if g.there(of, p, &sum) {
			row := g.row(of, tool, p, &sum)
			row.Trust.GapDays = gaps
			rows = append(rows, row)
		}
	}
	for _, n := range nodes {
		if !rest {
			add(one(n))
		}
		if q.Children && !rest {
			for _, child := range g.scope.nodes[n].children {
				add(one(child))
			}
		}
		if q.Children || q.everywhere || rest {
			add(group{rest: true, node: n})
		}
	}
	return rows
}

// sum adds up the days of a period on which a group is shown: of a rest, whoever is in it on each of them.
func (g *workGate) sum(tool, period int, of group) workSum {
	s := workSum{parts: map[partName]uint64{}}
	parent := g.scope.nodes[of.node].parent
	for _, piece := range g.pieces[tool] {
		if piece.period != period {
			continue
		}
		members := of.members
		if of.rest {
			if !piece.part.rest[of.node] {
				continue
			}
			members = piece.part.hiddenChildren(g.scope, of.node)
			s.varied = s.varied || s.members != nil && !slices.Equal(s.members, members)
			s.members = members
		} else if piece.part.hidden[of.node] {
			s.leftOut += piece.days
			s.restShown = s.restShown || parent >= 0 && piece.part.rest[parent]
			continue
		}
		s.days += piece.days
		key := pieceOf{tool, piece.first}
		s.work.add(total(g.works[key], members, (*rawWork).add))
		switch {
		case g.by == ByClass:
		case piece.partsKnown:
			g.addParts(&s, g.actionCounts[key], members)
		default:
			s.partsLeftOut += piece.days
		}
	}
	return s
}

// addParts adds the counts of a group's members and of whom they hold.
func (g *workGate) addParts(s *workSum, counts []nodeCount, members []int) {
	for _, count := range counts {
		for n := count.node; n >= 0; n = g.scope.nodes[n].parent {
			if slices.Contains(members, n) {
				s.parts[count.part] += count.quantity
				break
			}
		}
	}
}

// there tells whether a group has a row: a rest that exists on some day, and people placed directly in a unit where there
// are any, or were on a day that is added up.
func (g *workGate) there(of group, p *workPeriod, s *workSum) bool {
	switch {
	case of.rest:
		return s.days > 0
	case g.treeNode(of.node).kind == kindDirect:
		return g.headcount(p.end.Date)[of.node] > 0 || s.work != (rawWork{}) || s.restShown
	}
	return true
}

// row writes down the figures of a group that may be shown.
func (g *workGate) row(of group, tool int, p *workPeriod, s *workSum) ActionsRow {
	if of.rest {
		of.members = s.members
	}
	row := ActionsRow{RowFrame: g.gate.row(of, g.tools[tool], p.end).RowFrame, From: p.from, Days: s.days, DaysLeftOut: s.leftOut + p.unknown, PartsLeftOut: s.partsLeftOut}
	if of.rest && (s.varied || !g.enabledPartition(p.end.Date, g.tools[tool]).rest[of.node]) {
		row.UnitName = "Small groups of " + g.treeNode(of.node).unit.Name
	}
	row.Suppressed, row.ShownIn = s.days == 0 && s.leftOut > 0, ""
	if row.Suppressed && s.restShown {
		row.ShownIn = g.scope.id(g.scope.nodes[of.node].parent) + adoption.RestSuffix
	}
	if s.days == 0 {
		return row
	}
	var quantity uint64
	for _, n := range s.work.done {
		quantity += n
	}
	w := s.work
	row.Quantity, row.Seconds = &quantity, &w.seconds
	row.Contribute, row.Respond, row.Share, row.Meet, row.Consume = &w.done[0], &w.done[1], &w.done[2], &w.done[3], &w.done[4]
	row.CountedContribute, row.CountedRespond, row.CountedShare = &w.counted[0], &w.counted[1], &w.counted[2]
	row.CountedMeet, row.CountedConsume = &w.counted[3], &w.counted[4]
	if g.by != ByClass {
		row.Parts = []ActionPart{}
	}
	for name, n := range s.parts {
		row.Parts = append(row.Parts, ActionPart{Class: adoption.Class(name.class), Action: name.action, Source: name.source, Quantity: n})
	}
	slices.SortFunc(row.Parts, compareParts)
	return row
}
