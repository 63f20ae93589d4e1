package query

import "cmp"

// cellNetwork finds out whether the figures of small groups of cells can be computed from what a table shows.
//
// Its nodes are the rows and the columns, and one more of each for the totals, so that a hidden total is a hidden cell
// like others. Every equation that an attacker has belongs to a node: its hidden cells add up to something known. A sum
// that he can make of them has a level at each node, and the figure of a set of cells comes out where, over each
// hidden cell, the row's level is one above the column's if the cell is of the set, and the same if not. So the sets
// that can be computed are, or are made of, those that a set X of nodes cuts out: all hidden cells from rows in X to
// columns not in X, where no hidden cell leads from a column in X to a row that is not, and no hidden total leads out
// of X at all. The least people that such a set with a given cell can hold is the least cut that parts the cell's row
// from its column, and by Ford and Fulkerson the greatest flow from one to the other: over a hidden cell from its row to
// its column as many as it speaks of, back without bound, over a hidden total without bound both ways. A cell is safe where
// the flow is k or more. (Gusfield 1988, "A graph theoretic approach to statistical data security", SIAM Journal on
// Computing 17(3), for tables whose totals are all shown; Hsu & Kao 2002, "Statistical disclosure control with general
// cell suppressions", for others.)
type cellNetwork struct {
	table cellTable
	k     uint64 // more than k flows nowhere, so k is without bound
	whose cellGroup
	nodes [][]int // the arcs that leave each
	arcs  []cellArc
	flow  []uint64 // what an arc has left in the search that runs
}

// cellArc is one of a pair: arc i goes back the way of arc i^1.
type cellArc struct {
	to   int
	room uint64
}

// cellGroup says whose people count once in a cut: those of each cell, or those of a row or column however many of its
// cells are cut.
type cellGroup uint8

const (
	byCell cellGroup = iota
	byRow
	byColumn
)

func newCellNetwork(t cellTable, k uint64, whose cellGroup) *cellNetwork {
	rows, columns := len(t.rows)+1, len(t.columns)+1
	n := &cellNetwork{table: t, k: k, whose: whose}
	switch whose { // a node more for each group, behind or before a bottleneck of its size
	case byCell:
		n.nodes = make([][]int, rows+columns)
	case byRow:
		n.nodes = make([][]int, 2*rows+columns)
		for i, row := range t.rows {
			n.arc(n.row(i), n.group(i), row.people)
		}
	case byColumn:
		n.nodes = make([][]int, rows+2*columns)
		for j, column := range t.columns {
			n.arc(n.group(j), n.column(j), column.people)
		}
	}
	return n
}

func (n *cellNetwork) row(i int) int    { return i }
func (n *cellNetwork) column(j int) int { return len(n.table.rows) + 1 + j }
func (n *cellNetwork) group(g int) int  { return len(n.table.rows) + len(n.table.columns) + 2 + g }

func (n *cellNetwork) arc(from, to int, room uint64) {
	n.nodes[from] = append(n.nodes[from], len(n.arcs))
	n.nodes[to] = append(n.nodes[to], len(n.arcs)+1)
	n.arcs = append(n.arcs, cellArc{to: to, room: min(room, n.k)}, cellArc{to: from})
}

// cellWay is an arc that hiding something opens.
type cellWay struct {
	from, to int
	room     uint64
}

// ways are the arcs of a hidden cell or total, there and back. ok is false for an empty cell, which is known to be 0.
func (n *cellNetwork) ways(at cellPlace) (there, back cellWay, ok bool) {
	row, column := n.row(at.row), n.column(at.column)
	there, back = cellWay{row, column, n.k}, cellWay{column, row, n.k}
	if at.row == len(n.table.rows) || at.column == len(n.table.columns) {
		return there, back, true
	}
	people := n.table.cells[at.row][at.column]
	switch n.whose {
	case byCell:
		there.room = people
	case byRow:
		there.from = n.group(at.row)
	case byColumn:
		there.to = n.group(at.column)
	}
	return there, back, people > 0
}

func (n *cellNetwork) hide(at cellPlace) {
	if there, back, ok := n.ways(at); ok {
		n.arc(there.from, there.to, there.room)
		n.arc(back.from, back.to, back.room)
	}
}

// protects tells whether every set with the hidden cell whose figure can be computed holds at least k people.
func (n *cellNetwork) protects(c cellPlace) bool {
	n.flow = n.flow[:0]
	for _, a := range n.arcs {
		n.flow = append(n.flow, a.room)
	}
	for flow := uint64(0); flow < n.k; {
		more := n.augment(n.row(c.row), n.column(c.column))
		if more == 0 {
			return false
		}
		flow += more
	}
	return true
}

// augment sends what it can along one of the shortest ways, 0 where there is none (Edmonds & Karp).
func (n *cellNetwork) augment(from, to int) (sent uint64) {
	reached := make([]bool, len(n.nodes))
	reached[from] = true
	by := make([]int, len(n.nodes)) // the arc that a node was reached by
	for queue := []int{from}; len(queue) > 0 && !reached[to]; queue = queue[1:] {
		for _, a := range n.nodes[queue[0]] {
			if next := n.arcs[a].to; n.flow[a] > 0 && !reached[next] {
				reached[next], by[next] = true, a
				queue = append(queue, next)
			}
		}
	}
	if !reached[to] {
		return 0
	}
	sent = n.k
	for at := to; at != from; at = n.arcs[by[at]^1].to {
		sent = min(sent, n.flow[by[at]])
	}
	for at := to; at != from; at = n.arcs[by[at]^1].to {
		n.flow[by[at]] -= sent
		n.flow[by[at]^1] += sent
	}
	return sent
}

// detour is what must be hidden so that more can flow from the row of a cell to its column than the search that has just
// ended let through: of all ways there, over what is hidden already and what is shown, the one that hides the least. It
// hides totals only where cells alone do not do (all is connected by totals), then the fewest people, by the order of the
// complement; of equal ways, it takes the first in the order of rows and columns. (Dijkstra.)
func (h *hiding) detour(n *cellNetwork, c cellPlace) []cellPlace {
	from, to := n.row(c.row), n.column(c.column)
	type stop struct {
		cost  cellCost
		by    int // the node before
		place cellPlace
		hides bool // the way from there hides place
		known bool
		done  bool
	}
	stops := make([]stop, len(n.nodes))
	stops[from].known = true
	reach := func(at, next int, s stop) {
		if old := &stops[next]; !old.done && (!old.known || s.cost.less(old.cost)) {
			s.by, s.known = at, true
			*old = s
		}
	}
	for !stops[to].done {
		at := -1
		for i, s := range stops {
			if s.known && !s.done && (at < 0 || s.cost.less(stops[at].cost)) {
				at = i
			}
		}
		stops[at].done = true
		cost := stops[at].cost
		for _, a := range n.nodes[at] {
			if n.flow[a] > 0 {
				reach(at, n.arcs[a].to, stop{cost: cost})
			}
		}
		h.shownAt(n, at, func(place cellPlace, next int) {
			reach(at, next, stop{cost: cost.with(h, place), place: place, hides: true})
		})
	}
	var hidden []cellPlace
	for at := to; at != from; at = stops[at].by {
		if stops[at].hides {
			hidden = append(hidden, stops[at].place)
		}
	}
	return hidden
}

// shownAt calls open for each cell and total that is shown and, once hidden, leads on from a node.
func (h *hiding) shownAt(n *cellNetwork, at int, open func(place cellPlace, next int)) {
	try := func(place cellPlace) {
		there, back, ok := n.ways(place)
		switch {
		case !ok || *h.flag(place):
		case there.from == at:
			open(place, there.to)
		case back.from == at:
			open(place, back.to)
		}
	}
	rows, columns := len(h.rows)+1, len(h.columns)+1
	row, column := at, at-rows
	if group := at - rows - columns; group >= 0 {
		if n.whose == byColumn {
			return // leads to its column, and nowhere else
		}
		row = group
	}
	if row < rows {
		for j := range columns {
			try(cellPlace{row, j})
		}
		return
	}
	for i := range rows {
		try(cellPlace{i, column})
	}
}

// cellCost is what a way hides: the people of totals, and of cells.
type cellCost struct{ totals, cells uint64 }

func (c cellCost) less(d cellCost) bool {
	return cmp.Or(cmp.Compare(c.totals, d.totals), cmp.Compare(c.cells, d.cells)) < 0
}

func (c cellCost) with(h *hiding, place cellPlace) cellCost {
	if place.row == len(h.rows) || place.column == len(h.columns) {
		c.totals += h.people[place.row][place.column]
		return c
	}
	c.cells += h.size(place)
	return c
}

// size is what the complement is chosen by.
func (h *hiding) size(at cellPlace) uint64 {
	if h.order != nil {
		return h.order[at.row][at.column]
	}
	return h.people[at.row][at.column]
}
