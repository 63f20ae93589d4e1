package query

import (
	"cmp"
	"context"
	"slices"

	"uptake/adoption"
)

// pairGate judges interactions. It stands on the gate of the last day, which makes the frame of each row.
//
// A figure is the sum over all interactions from some group of people to some group, over days, with tools. What is
// hidden is decided for groups, not for cells of the matrix: of each day and tool there is the partition of the people
// enabled for it, and that of all people, by whom a unit's interactions can be whether they are enabled or not; a group
// is hidden from an answer if any of them, of any day and tool in it, hides it, and then it is in the rest. So every
// group in an answer, at either end, is on each of the days and for each of the tools a union of whole groups that its
// partitions show, each of nobody or at least k people; every figure of every answer is a sum of figures from one such
// group to another, and sums and differences of these are again made of whole ones. It makes no difference of how many
// days, levels of the tree or tools the answers are that somebody puts together. (Hiding single cells, as hideCells does,
// guards one table against itself, not against those of other levels and spans.)
type pairGate struct {
	*gate
	n     int // the node asked for
	rest  bool
	days  []adoption.Day // in order
	end   adoption.PeriodEnd
	tool  string
	tools []string // that are added up
	pairs *rawPairs

	hides   []bool // by node of the scope
	leftOut int    // tools
}

// pairGate reads what a question is about. nil where there are no figures.
func (c *Company) pairGate(ctx context.Context, snap *snapshot, q CollaborationQuestion) (*pairGate, error) {
	at, err := snap.place(q.Unit)
	if err != nil {
		return nil, err
	}
	if err := snap.hasTool(q.Tool); err != nil {
		return nil, err
	}
	g := &pairGate{rest: at.rest, tool: q.Tool, tools: []string{q.Tool}}
	for d := q.From; d <= q.To; d++ {
		if snap.days[d] {
			g.days = append(g.days, d)
		}
	}
	if len(g.days) == 0 {
		return nil, nil
	}
	last := g.days[len(g.days)-1]
	g.end = adoption.PeriodEnd{Date: last, Running: last >= snap.state.today}
	if q.Tool == adoption.AllTools {
		g.tools = snap.countedTools()
	}
	s := snap.tree.around(at.node)
	g.n = s.at[at.node]
	r, err := c.read(ctx, snap, s, need{days: []adoption.Day{last}, tools: []string{q.Tool}})
	if err != nil {
		return nil, err
	}
	g.gate = newGate(snap, s, r, c.minGroup())
	if err := c.readSmallSizes(ctx, g.gate, g.days, append([]string{g.tool}, g.tools...)); err != nil {
		return nil, err
	}
	g.judge()
	g.pairs, err = c.readPairs(ctx, snap, s, g.n, g.days, g.tools)
	return g, err
}

// judge decides what is hidden, and for "all" which tools are added up.
func (g *pairGate) judge() {
	g.hides = make([]bool, len(g.scope.nodes))
	g.hide(g.hides, "")
	g.hide(g.hides, g.tool)
	if g.tool == adoption.AllTools {
		g.chooseTools()
	}
}

// hide adds to hidden what the partitions of a tool ("": of all people) hide on any of the days.
func (g *pairGate) hide(hidden []bool, tool string) {
	if tool != "" && g.snap.open(tool) {
		return // its people are all people
	}
	for _, d := range g.days {
		for n, is := range g.enabledPartition(d, tool).hidden {
			hidden[n] = hidden[n] || is
		}
	}
}

// pairsInRest is the share of a unit's people who may stand in its rest so that one more tool can be added up.
const pairsInRest = 0.25

// chooseTools decides which tools "all" adds up: all in one answer the same, so that its figures can be compared and add
// up. Beginning with the one that most people have access to, a tool is taken, with what it hides, unless it would hide
// the unit asked for, or leave more than a quarter of its people in the rest. Of sizes alone, as hiding must be.
func (g *pairGate) chooseTools() {
	enabled := func(tool string) uint64 { return g.enabledPeople(g.end.Date, tool)[g.n] }
	order := slices.Clone(g.tools)
	slices.SortFunc(order, func(a, b string) int { return cmp.Or(cmp.Compare(enabled(b), enabled(a)), cmp.Compare(a, b)) })
	g.tools = nil
	for _, tool := range order {
		with := slices.Clone(g.hides)
		g.hide(with, tool)
		if !g.bearable(with) {
			g.leftOut++
			continue
		}
		g.hides, g.tools = with, append(g.tools, tool)
	}
	slices.Sort(g.tools)
}

// bearable tells whether an answer may hide so much instead of what is hidden already.
func (g *pairGate) bearable(with []bool) bool {
	if slices.Equal(with, g.hides) {
		return true
	}
	people := g.headcount(g.end.Date)
	var held uint64
	for _, child := range g.scope.nodes[g.n].children {
		if with[child] {
			held += people[child]
		}
	}
	return with[g.n] == g.hides[g.n] && float64(held) <= pairsInRest*float64(people[g.n])
}

// write fills an answer with what may be shown; false for a rest that does not exist.
func (g *pairGate) write(into *CollaborationAnswer, children bool) (there bool) {
	into.ToolsLeftOut = g.leftOut
	rest, hasRest := g.restOf(g.n)
	if g.rest {
		if hasRest {
			into.Rows = append(into.Rows, g.row(rest))
		}
		return hasRest
	}
	into.Rows = append(into.Rows, g.row(one(g.n)))
	if !children {
		return true
	}
	var shown []group
	for _, child := range g.scope.nodes[g.n].children {
		if !g.takesPart(child) {
			continue
		}
		into.Rows = append(into.Rows, g.row(one(child)))
		if !g.hides[child] {
			shown = append(shown, one(child))
		}
	}
	if hasRest {
		into.Rows = append(into.Rows, g.row(rest))
		shown = append(shown, rest)
	}
	g.writeMatrix(into, shown)
	return true
}

// restOf is the group of the hidden children of a node that is shown, if there are any.
func (g *pairGate) restOf(n int) (rest group, there bool) {
	rest = group{rest: true, node: n}
	for _, child := range g.scope.nodes[n].children {
		if g.hides[child] {
			rest.members = append(rest.members, child)
		}
	}
	return rest, len(rest.members) > 0 && !g.hides[n]
}

// takesPart is false for people without membership, whose interactions nobody counts, and for a group of people placed
// directly in a unit that is empty, as far as one can tell. One that is hidden for its own sake was not empty on some
// day; of one that is shown, the figures tell.
func (g *pairGate) takesPart(child int) bool {
	switch g.treeNode(child).kind {
	case kindUnassigned:
		return false
	case kindDirect:
		if g.headcount(g.end.Date)[child] > 0 || g.hides[g.n] {
			return g.headcount(g.end.Date)[child] > 0
		}
		inside, others := g.places(one(child))
		return g.hides[child] || g.pairs.between(g.tools, inside, inside)+g.pairs.between(g.tools, inside, others)+g.pairs.between(g.tools, others, inside) > 0
	}
	return true
}

// row is that of a group.
func (g *pairGate) row(of group) CollaborationRow {
	row := CollaborationRow{RowFrame: g.gate.row(of, g.tool, g.end).RowFrame}
	row.Trust.GapDays = g.snap.gapDaysWithin(g.tool, g.days[0], g.end.Date)
	if of.rest {
		row.UnitName = g.restName(of)
	}
	row.Suppressed, row.ShownIn = !of.rest && g.hides[of.node], ""
	if row.Suppressed {
		if parent := g.scope.nodes[of.node].parent; parent >= 0 && !g.hides[parent] {
			row.ShownIn = g.scope.id(parent) + adoption.RestSuffix
		}
		return row
	}
	inside, others := g.places(of)
	internal := g.pairs.between(g.tools, inside, inside)
	sent, received := g.pairs.between(g.tools, inside, others), g.pairs.between(g.tools, others, inside)
	row.Internal, row.Sent, row.Received = &internal, &sent, &received
	if index, ok := adoption.EIIndex(internal, sent+received); ok {
		row.EIIndex = &index
	}
	return row
}

// restName is the gate's as long as one child at most stands in a rest only to guard the others. Of many days and tools
// there may be more.
func (g *pairGate) restName(of group) string {
	large := 0
	for _, n := range of.members {
		if !small(g.headcount(g.end.Date)[n], g.k) {
			large++
		}
	}
	if large > 1 {
		return "Small groups of " + g.treeNode(of.node).unit.Name
	}
	return g.name(of, g.tool, g.end.Date)
}

// places are those of a group's people, and all others.
func (g *pairGate) places(of group) (inside, others []int) {
	is := make([]bool, g.pairs.outside()+1)
	for node, place := range g.pairs.place {
		is[place] = slices.Contains(of.members, node) || slices.Contains(of.members, g.scope.nodes[node].parent)
	}
	for place, in := range is {
		if in {
			inside = append(inside, place)
		} else {
			others = append(others, place)
		}
	}
	return inside, others
}

// writeMatrix writes how much the groups shown interact.
func (g *pairGate) writeMatrix(into *CollaborationAnswer, shown []group) {
	if g.hides[g.n] {
		return
	}
	var within, across uint64
	for i, from := range shown {
		line := make([]uint64, len(shown))
		for j, to := range shown {
			senders, _ := g.places(from)
			receivers, _ := g.places(to)
			line[j] = g.pairs.between(g.tools, senders, receivers)
			if i == j {
				within += line[j]
			} else {
				across += line[j]
			}
		}
		into.Matrix.Units = append(into.Matrix.Units, g.id(from))
		into.Matrix.Interactions = append(into.Matrix.Interactions, line)
	}
	if share, ok := adoption.CrossUnit(within, across); ok {
		into.CrossUnit = &share
	}
}
