package query

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"uptake/adoption"
)

// kind says what a node of the tree stands for.
type kind uint8

const (
	kindCompany    kind = iota
	kindUnit            // a business unit
	kindDirect          // the people placed directly in a unit that has children
	kindUnassigned      // people without membership
)

func (k kind) String() string {
	return [...]string{"company", "unit", "direct", "unassigned"}[k]
}

// node is one group of people that can be asked for.
type node struct {
	unit     adoption.Unit
	kind     kind
	parent   int   // −1 for the company
	children []int // by id; then UNIT.direct, then unassigned
	depth    int
}

// tree is the company's units, the company itself at 0, every node before its children.
type tree struct {
	nodes []node
	byID  map[string]int
	leaf  map[string]int // unit as KPI tables name it → the node of the people placed directly there

	edition *edition // what the figures beside this tree were written under
	placed  []string // the keys of leaf, sorted
}

// newTree builds the tree of the units listed and of those that only people are placed in: these are children of
// the company, named by their id, and so is a parent that nobody has listed. A unit that is its own ancestor is
// put under the company.
func newTree(units []adoption.Unit, placed []string) *tree {
	listed := map[string]adoption.Unit{}
	for _, u := range units {
		if u.Parent == "" {
			u.Parent = adoption.Company
		}
		if u.Name == "" {
			u.Name = u.ID
		}
		listed[u.ID] = u
	}
	named := slices.Clone(placed)
	for _, u := range listed {
		named = append(named, u.Parent)
	}
	for _, id := range named {
		if _, known := listed[id]; !known && id != adoption.Company && id != adoption.Unassigned {
			listed[id] = adoption.Unit{ID: id, Parent: adoption.Company, Name: id}
		}
	}
	breakCircles(listed)

	below := map[string][]adoption.Unit{}
	for _, u := range listed {
		below[u.Parent] = append(below[u.Parent], u)
	}
	t := &tree{byID: map[string]int{}, leaf: map[string]int{}}
	t.grow(adoption.Unit{ID: adoption.Company, Name: "Company"}, kindCompany, -1, below)
	t.placed = slices.Sorted(maps.Keys(t.leaf))
	return t
}

// leaves are the units as KPI tables name them, sorted.
func (t *tree) leaves() []string { return t.placed }

// breakCircles puts units that are their own ancestors under the company, the one with the lowest id of a circle.
func breakCircles(units map[string]adoption.Unit) {
	ids := make([]string, 0, len(units))
	for id := range units {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	safe := map[string]bool{adoption.Company: true}
	for _, id := range ids {
		path := map[string]bool{}
		for at := id; !safe[at]; at = units[at].Parent {
			if path[at] {
				u := units[id]
				u.Parent = adoption.Company
				units[id] = u
				break
			}
			path[at] = true
		}
		for at := range path {
			safe[at] = true
		}
	}
}

// grow adds unit and all below it, and returns its index.
func (t *tree) grow(unit adoption.Unit, k kind, parent int, below map[string][]adoption.Unit) int {
	at := t.add(unit, k, parent)
	children := below[unit.ID]
	if k == kindUnit && len(children) == 0 {
		t.leaf[unit.ID] = at
		return at
	}
	slices.SortFunc(children, func(a, b adoption.Unit) int { return cmp.Compare(a.ID, b.ID) })
	for _, child := range children {
		t.grow(child, kindUnit, at, below)
	}
	direct := adoption.Unit{ID: unit.ID + adoption.DirectSuffix, Parent: unit.ID, Name: unit.Name + " (placed directly)", LegacyEntity: unit.LegacyEntity}
	t.leaf[unit.ID] = t.add(direct, kindDirect, at)
	if k == kindCompany {
		t.leaf[adoption.Unassigned] = t.add(adoption.Unit{ID: adoption.Unassigned, Parent: unit.ID, Name: "Unassigned"}, kindUnassigned, at)
	}
	return at
}

func (t *tree) add(unit adoption.Unit, k kind, parent int) int {
	at := len(t.nodes)
	n := node{unit: unit, kind: k, parent: parent}
	if parent >= 0 {
		n.depth = t.nodes[parent].depth + 1
		t.nodes[parent].children = append(t.nodes[parent].children, at)
	}
	t.nodes = append(t.nodes, n)
	t.byID[unit.ID] = at
	return at
}

// place is a group that a question can be about: a node, or the rest group below it.
type place struct {
	node int
	rest bool
}

// find looks up a unit as a question names it.
func (t *tree) find(id string) (place, bool) {
	if at, ok := t.byID[id]; ok {
		return place{node: at}, true
	}
	if parent, isRest := strings.CutSuffix(id, adoption.RestSuffix); isRest {
		if at, ok := t.byID[parent]; ok && len(t.nodes[at].children) > 0 {
			return place{node: at, rest: true}, true
		}
	}
	return place{}, false
}

// path lists the nodes from the company down to at, at included.
func (t *tree) path(at int) []int {
	var p []int
	for ; at >= 0; at = t.nodes[at].parent {
		p = append(p, at)
	}
	slices.Reverse(p)
	return p
}
