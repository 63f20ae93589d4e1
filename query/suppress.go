package query

import (
	"cmp"
	"slices"
)

// partition says which groups of a tree are shown of one population (METRICS: Small groups, rules 1–3).
// It is made of sizes alone, never of what people did, so that hiding itself tells nothing.
type partition struct {
	hidden []bool   // by node of the scope
	rest   []bool   // its hidden children are shown together, as one group
	people []uint64 // the population that it was made for
}

// divide makes the partition of a population. people counts it by node, with everybody below; order is the headcount
// that the complement is chosen by.
//
// Why nothing small can be computed from what is shown: every population shown is a union of groups (shown leaves and
// the hidden children of one shown parent taken together) that are disjoint and each hold nobody or at least k
// people. Sums and differences of such unions are combinations of whole groups again.
func divide(s *scope, people, order []uint64, k uint64) partition {
	p := partition{hidden: make([]bool, len(s.nodes)), rest: make([]bool, len(s.nodes)), people: people}
	p.hidden[0] = small(people[0], k)
	for n, node := range s.nodes {
		if p.hidden[n] {
			for _, child := range node.children {
				p.hidden[child] = true
			}
			continue
		}
		held := hideChildren(s, &p, node.children, people, order, k)
		p.rest[n] = held > 0
	}
	return p
}

// small tells whether a group must not be shown by itself.
func small(people, k uint64) bool { return people > 0 && people < k }

// hideChildren hides those of the children that are small, then, while these together are small, the next smallest
// that are not empty. It returns how many people the hidden ones hold.
func hideChildren(s *scope, p *partition, children []int, people, order []uint64, k uint64) uint64 {
	var held uint64
	var others []int
	for _, child := range children {
		switch {
		case small(people[child], k):
			p.hidden[child] = true
			held += people[child]
		case people[child] > 0:
			others = append(others, child)
		}
	}
	if !small(held, k) {
		return held
	}
	slices.SortFunc(others, func(a, b int) int {
		return cmp.Or(cmp.Compare(order[a], order[b]), cmp.Compare(s.id(a), s.id(b)))
	})
	for _, child := range others {
		if !small(held, k) {
			break
		}
		p.hidden[child] = true
		held += people[child]
	}
	return held
}

// id is the id of a node of the scope.
func (s *scope) id(n int) string { return s.tree.nodes[s.nodes[n].node].unit.ID }

// hiddenChildren lists the children of n that the partition hides.
func (p partition) hiddenChildren(s *scope, n int) []int {
	var hidden []int
	for _, child := range s.nodes[n].children {
		if p.hidden[child] {
			hidden = append(hidden, child)
		}
	}
	return hidden
}

// shows tells whether the sum over a group, children of the shown node n, can be had from what the partition shows:
// of its members either none is hidden, or the hidden ones are exactly the rest of n.
func (p partition) shows(s *scope, n int, group []int) bool {
	if p.hidden[n] {
		return false
	}
	hidden := 0
	for _, child := range group {
		if p.hidden[child] {
			hidden++
		}
	}
	return hidden == 0 || hidden == len(p.hiddenChildren(s, n))
}
