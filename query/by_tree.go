package query

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"uptake/adoption"
)

// An attribute is a tree of its own: the company, and below it one node for each value. So its values are judged as
// units are, and its figures come through the same gate.

// unknownValue is how the node of those is called of whom the directory does not say.
const unknownValue = "="

// attributeTree has the company at 0 and value i at i + 1; values are sorted, so that ties are decided by them.
func attributeTree(values []string) *tree {
	t := &tree{byID: map[string]int{}, leaf: map[string]int{}}
	t.add(adoption.Unit{ID: adoption.Company, Name: "Company"}, kindCompany, -1)
	for _, value := range values {
		// A value may be called as anything else here is.
		t.leaf[value] = t.add(adoption.Unit{ID: unknownValue + value, Name: value}, kindUnit, 0)
	}
	t.byID[adoption.Unassigned] = 0 // people without a place have no value: none of them is counted here
	return t
}

// entities is the legacy entity of each leaf of the tree, in the order of leaves: that of its unit, or of the nearest
// above that has one; "" where none has.
func (t *tree) entities() []string {
	entities := make([]string, len(t.leaves()))
	for i, unit := range t.leaves() {
		for _, at := range slices.Backward(t.path(t.leaf[unit])) {
			if e := t.nodes[at].unit.LegacyEntity; e != "" {
				entities[i] = e
				break
			}
		}
	}
	return entities
}

// fingerprint tells trees apart whose units are placed otherwise, or are of other legacy entities.
func (t *tree) fingerprint() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, n := range t.nodes {
		fmt.Fprintf(h, "%q %d %d %q\n", n.unit.ID, n.kind, n.parent, n.unit.LegacyEntity)
	}
	h.Sum(sum[:0])
	return sum
}
