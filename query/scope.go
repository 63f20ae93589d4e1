package query

// scope is the part of a tree that a question needs: the nodes that are opened, and their children. A child that is
// not opened holds everybody below it. Small groups are judged from the top down, each parent by its children alone,
// so a scope with everything from the company down to the unit asked for gives the same judgement as the whole tree.
type scope struct {
	nodes []scopeNode // the company first, every node before its children
	at    map[int]int // node of the tree → its index here
	cell  []int       // node of the tree → index here of the node that it is counted in
	tree  *tree
}

type scopeNode struct {
	node     int // in the tree
	parent   int // here; −1 for the company
	children []int
}

// around opens the way from the company to each of the nodes, and these nodes themselves.
func (t *tree) around(nodes ...int) *scope {
	open := make([]bool, len(t.nodes))
	for _, n := range nodes {
		for _, at := range t.path(n) {
			open[at] = true
		}
	}
	s := &scope{tree: t, at: map[int]int{}, cell: make([]int, len(t.nodes))}
	for n := range t.nodes {
		parent := t.nodes[n].parent
		if parent >= 0 && !open[parent] {
			s.cell[n] = s.cell[parent]
			continue
		}
		here := len(s.nodes)
		sn := scopeNode{node: n, parent: -1}
		if parent >= 0 {
			sn.parent = s.at[parent]
			s.nodes[sn.parent].children = append(s.nodes[sn.parent].children, here)
		}
		s.nodes = append(s.nodes, sn)
		s.at[n], s.cell[n] = here, here
	}
	return s
}

// whole opens every node.
func (t *tree) whole() *scope {
	all := make([]int, len(t.nodes))
	for n := range all {
		all[n] = n
	}
	return t.around(all...)
}

// sumUp adds the values of every node to its parent's, so that values given for people placed directly become
// those of each node with all below it.
func sumUp[T any](s *scope, values []T, add func(into *T, from T)) {
	for n := len(s.nodes) - 1; n > 0; n-- {
		add(&values[s.nodes[n].parent], values[n])
	}
}

// within marks some nodes and all below them.
func (s *scope) within(of ...int) []bool {
	inside := make([]bool, len(s.nodes))
	for _, n := range of {
		inside[n] = true
	}
	for n, node := range s.nodes { // parents come before their children
		if node.parent >= 0 && inside[node.parent] {
			inside[n] = true
		}
	}
	return inside
}

func addCount(into *uint64, from uint64) { *into += from }
