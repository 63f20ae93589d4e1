package query

import (
	"fmt"
	"math/rand/v2"

	"uptake/adoption"
)

// everyWorld is a random company of a day: a tree of three or four levels, and in each of its leaves a few cells of people
// who are alike in all that any answer groups people by.
//
// Hiding looks at sizes alone, so an answer can be had of any figures. Here every figure of cell i is the i-th power of two,
// and what a figure that is told is made of is read off the figure itself, and not off the code under test.
type everyWorld struct {
	snap        *snapshot
	scope       *scope
	k           uint64
	day, sunday adoption.Day // the same in every other world
	cells       []everyCell
	careless    bool // the gate hides only what is small by itself
	forgetful   bool // attributes are judged as if nobody told of seats
}

// everyCell is people who are alike.
type everyCell struct {
	leaf     int
	access   [2]bool // to the tools a and b
	long     bool    // they have held their seats for 28 days
	eligible bool    // they have had access for 30 days
	values   [attributeCount]int32
	people   uint64 // on the day
	then     uint64 // on the week's last day
}

// everyTools are the tools that are asked for, and "all".
var everyTools = []string{"a", "b", adoption.AllTools}

// mostCells keeps a figure of two tools in 64 bits.
const mostCells = 30

func newEveryWorld(seed uint64) *everyWorld {
	r := rand.New(rand.NewPCG(seed, 31))
	w := &everyWorld{k: 5, sunday: propertyDay + 6}
	w.day = propertyDay + adoption.Day(r.IntN(2)*6)
	units := []adoption.Unit{}
	for i := range 3 + r.IntN(5) {
		u := adoption.Unit{ID: fmt.Sprintf("u%d", i), Parent: adoption.Company}
		if i > 1 && r.IntN(3) > 0 {
			u.Parent = units[r.IntN(i)].ID
		}
		units = append(units, u)
	}
	w.snap = &snapshot{state: state{today: propertyDay + 100}, tree: newTree(units, nil),
		days: map[adoption.Day]bool{w.day: true, w.sunday: true},
		tools: []toolInfo{
			{Tool: adoption.Tool{ID: "a"}, licensed: true, counted: true},
			{Tool: adoption.Tool{ID: "b"}, licensed: r.IntN(3) > 0, counted: true},
		}}
	w.scope = w.snap.tree.whole()
	for leaf, n := range w.scope.nodes {
		if len(n.children) > 0 || w.snap.tree.nodes[leaf].kind == kindUnassigned {
			continue
		}
		for range r.IntN(4) {
			if len(w.cells) < mostCells {
				w.cells = append(w.cells, randomCell(r, leaf, w.day == w.sunday))
			}
		}
	}
	return w
}

// randomCell has often fewer people than k.
func randomCell(r *rand.Rand, leaf int, sameDay bool) everyCell {
	c := everyCell{leaf: leaf, access: [2]bool{r.IntN(4) > 0, r.IntN(3) > 0}, long: r.IntN(3) > 0, people: 1 + r.Uint64N(4)}
	if r.IntN(2) == 0 {
		c.people += 4 + r.Uint64N(10)
	}
	c.eligible = c.long && r.IntN(5) > 0
	for _, of := range []adoption.Attribute{adoption.ByLocation, adoption.ByHireCohort} {
		c.values[attributePlace[of]] = r.Int32N(3)
	}
	if c.then = c.people; !sameDay && r.IntN(3) == 0 {
		c.then = r.Uint64N(12)
	}
	return c
}

// enabled are the people of a cell with access to a tool on a day, others those without.
func (w *everyWorld) enabled(c everyCell, tool string, d adoption.Day) uint64 {
	may := w.snap.open(tool)
	for t, id := range everyTools[:2] {
		may = may || c.access[t] && (tool == id || tool == adoption.AllTools)
	}
	if !may {
		return 0
	}
	return w.heads(c, d)
}

func (w *everyWorld) others(c everyCell, tool string) uint64 {
	return w.heads(c, w.day) - w.enabled(c, tool, w.day)
}

func (w *everyWorld) heads(c everyCell, d adoption.Day) uint64 {
	if d == w.sunday {
		return c.then
	}
	return c.people
}

// sums adds up what cells have by the nodes of a scope.
func (w *everyWorld) sums(s *scope, node func(everyCell) int, of func(int, everyCell) uint64) []uint64 {
	sums := make([]uint64, len(s.nodes))
	for i, c := range w.cells {
		sums[node(c)] += of(i, c)
	}
	sumUp(s, sums, addCount)
	return sums
}

// figure is a cell's power of two, of those who are some.
func figure(at int, people uint64) uint64 {
	if people == 0 {
		return 0
	}
	return 1 << at
}

// gate is a gate of a scope with the figures of all cells.
func (w *everyWorld) gate(s *scope, node func(everyCell) int) *gate {
	r := &raw{sizes: map[dayTool][]uint64{}, use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	for _, d := range []adoption.Day{w.day, w.sunday} {
		heads := w.sums(s, node, func(_ int, c everyCell) uint64 { return w.heads(c, d) })
		r.sizes[dayTool{d, ""}], r.sizes[dayTool{d.FirstOfMonth(), ""}] = heads, heads
		for _, tool := range everyTools {
			r.sizes[dayTool{d, tool}] = w.sums(s, node, func(_ int, c everyCell) uint64 { return w.enabled(c, tool, d) })
		}
	}
	for t, tool := range everyTools {
		use, weeks := make([]rawUse, len(s.nodes)), make([]rawWeek, len(s.nodes))
		on := w.sums(s, node, func(i int, c everyCell) uint64 { return figure(i, w.enabled(c, tool, w.day)) })
		off := w.sums(s, node, func(i int, c everyCell) uint64 { return figure(i, w.others(c, tool)) })
		week := w.sums(s, node, func(i int, c everyCell) uint64 { return figure(i, w.enabled(c, tool, w.sunday)) })
		actions := make([]uint64, len(s.nodes))
		for n, v := range on {
			if t < 2 {
				actions[n] = v << (t * len(w.cells))
			}
			use[n] = rawUse{active1: v, active7: v, active28: v, creators: v, responders: v, consumers: v, actions: actions[n], activeNotEnabled: off[n]}
			weeks[n] = rawWeek{week[n], week[n], week[n], week[n]}
		}
		r.use[dayTool{w.day, tool}], r.weeks[dayTool{w.day.Monday(), tool}], r.actions[dayTool{w.day, tool}] = use, weeks, actions
	}
	g := newGate(w.snap, s, r, w.k)
	if w.careless {
		for _, tool := range everyTools {
			for _, d := range []adoption.Day{w.day, w.sunday} {
				g.enabled[dayTool{d, tool}] = carelessly(s, g.enabledPeople(d, tool), w.k)
			}
		}
	}
	return g
}

// units is the gate of the company's tree.
func (w *everyWorld) units() *gate {
	return w.gate(w.scope, func(c everyCell) int { return c.leaf })
}

// carelessly hides what is small by itself, and nothing to guard it.
func carelessly(s *scope, people []uint64, k uint64) partition {
	p := partition{hidden: make([]bool, len(s.nodes)), rest: make([]bool, len(s.nodes)), people: people}
	for n, node := range s.nodes {
		p.hidden[n] = small(people[n], k) || node.parent >= 0 && p.hidden[node.parent]
	}
	return p
}

// by is the gate of an attribute's tree.
func (w *everyWorld) by(units *gate, of adoption.Attribute) *gate {
	m := attributePlace[of]
	names := threeNames()
	j := &byJudge{heads: map[adoption.Day][attributeCount]map[string]uint64{}, judged: map[dayTool]*byJudgement{}}
	for _, d := range []adoption.Day{w.day, w.sunday} {
		everybody, _ := w.placed(make([]int, len(w.scope.nodes)), func(c everyCell) uint64 { return w.heads(c, d) }, nil)
		j.heads[d] = headcounts(everybody, names)
		for _, tool := range everyTools {
			p := units.enabledPartition(d, tool)
			groups, n, ok := p.shownGroups(w.scope)
			seats := w.seats(p, tool, d)
			cells, some := w.placed(groups, func(c everyCell) uint64 { return w.enabled(c, tool, d) }, seats)
			judged := newByJudgement(cells, names, j.heads[d])
			if ok && some {
				judged = judgeAttributes(cells, names, j.heads[d], n, w.k)
			}
			judged.small = judged.small || !ok
			j.judged[dayTool{d, tool}] = judged
		}
	}
	tree := attributeTree(names[m])
	s := tree.whole()
	g := w.gate(s, func(c everyCell) int { return s.at[tree.leaf[names[m][c.values[m]]]] })
	j.tell(g, m)
	for _, tool := range everyTools {
		g.trusts[dayTool{w.day, tool}] = RowTrust{}
	}
	return g
}

// seats are the pieces that figures about a tool's seats are told of on a day.
func (w *everyWorld) seats(p partition, tool string, d adoption.Day) *seatPieces {
	j := &seatJudge{scope: w.scope, p: p, k: w.k, parts: make([]seatParts, len(w.scope.nodes)),
		order: w.sums(w.scope, func(c everyCell) int { return c.leaf }, func(_ int, c everyCell) uint64 { return w.heads(c, d) })}
	if tool == adoption.AllTools || w.snap.open(tool) || w.forgetful {
		return nil
	}
	for _, c := range w.cells {
		part := seatParts{short: w.enabled(c, tool, d)}
		if c.long {
			part = seatParts{long: part.short}
		}
		j.parts[c.leaf].add(part)
	}
	sumUp(w.scope, j.parts, (*seatParts).add)
	j.judge()
	return j.pieces()
}

// placed are the cells with people, by the groups that the units show them in.
func (w *everyWorld) placed(groups []int, people func(everyCell) uint64, seats *seatPieces) (cells []placedCell, some bool) {
	for _, c := range w.cells {
		if n := people(c); n > 0 {
			cells = append(cells, placedCell{unit: int32(groups[c.leaf]), values: c.values, people: n, seat: seats.at(c.leaf, c.long)})
		}
	}
	return cells, len(cells) > 0
}
