package query

import (
	"cmp"
	"slices"

	"uptake/adoption"
)

// byJudgement says of a day and tool which values of which attribute are hidden. It is made of sizes alone.
type byJudgement struct {
	small  bool // the company itself: nothing is shown
	names  [attributeCount][]string
	values [attributeCount][]byValue // in the order of names

	heads [attributeCount]map[string]uint64 // everybody's by value, of the day, whatever the tool
}

// byValue is one value of an attribute.
type byValue struct {
	people uint64 // with access
	order  uint64 // headcount on the first of the month
	hidden bool
}

// placedCell is a cell as a judgement needs it: of the people with access to a tool.
type placedCell struct {
	unit   int32                 // the group that the units show it in
	values [attributeCount]int32 // places among the names of each attribute
	seat   int32                 // the piece of those that figures about seats are told of (seatPieces), 0 is none
	people uint64
}

// judgeAttributes decides what is shown: each attribute by the rules for the children of one parent, and then, one
// attribute after the other, as much less of it as it takes that nothing small can be computed from all of them, the
// units and the seats together (joint.go). names are the values of each attribute, order the headcounts that small ones are put
// together by; units is how many groups the units show.
func judgeAttributes(cells []placedCell, names [attributeCount][]string, order [attributeCount]map[string]uint64, units int, k uint64) *byJudgement {
	j := newByJudgement(cells, names, order)
	everybody := uint64(0)
	for _, c := range cells {
		everybody += c.people
	}
	if j.small = small(everybody, k); j.small || everybody == 0 || k < 2 {
		return j
	}
	for m := range j.values {
		j.divide(m, k)
	}
	if safe, _ := j.view(cells, attributeCount).joint(units, k).safe(); safe {
		return j
	}
	for upTo := 1; upTo <= attributeCount; upTo++ {
		j.protect(cells, upTo, units, k)
	}
	return j
}

// newByJudgement counts the people, and hides nothing.
func newByJudgement(cells []placedCell, names [attributeCount][]string, order [attributeCount]map[string]uint64) *byJudgement {
	j := &byJudgement{names: names}
	for m := range names {
		j.values[m] = make([]byValue, len(names[m]))
		for i, name := range names[m] {
			j.values[m][i].order = order[m][name]
		}
	}
	for _, c := range cells {
		for m, at := range c.values {
			j.values[m][at].people += c.people
		}
	}
	return j
}

// divide hides the small values of an attribute and their complement.
func (j *byJudgement) divide(m int, k uint64) {
	s := attributeTree(j.names[m]).whole() // value i is node i + 1
	people, order := make([]uint64, len(s.nodes)), make([]uint64, len(s.nodes))
	for i, v := range j.values[m] {
		people[i+1], order[i+1] = v.people, v.order
	}
	sumUp(s, people, addCount)
	p := divide(s, people, order, k)
	for i := range j.values[m] {
		j.values[m][i].hidden = p.hidden[i+1]
	}
}

// protect hides values of the last of the first upTo attributes, the smallest that matters first, until nothing small
// can be computed. When all are hidden, the attribute tells no more than the company's row. Then it looks for values that
// need not have been hidden.
func (j *byJudgement) protect(cells []placedCell, upTo, units int, k uint64) {
	last := upTo - 1
	for step := 1; ; step++ {
		view := j.view(cells, upTo)
		safe, suspects := view.joint(units, k).safe()
		shown := j.shown(last)
		if safe && step == 1 {
			return
		}
		if safe || len(shown) == 0 {
			j.release(cells, upTo, units, k)
			return
		}
		inDoubt := map[int32]bool{}
		for _, c := range suspects {
			inDoubt[c.at[last]] = true
		}
		doubtful := slices.DeleteFunc(slices.Clone(shown), func(i int) bool { return !inDoubt[view.column[last][i]] })
		if len(doubtful) == 0 {
			doubtful = shown
		}
		// One by one, but not for ever.
		for _, i := range doubtful[:min(max(step-8, 1), len(doubtful))] {
			j.values[last][i].hidden = true
		}
	}
}

// releaseCells bounds the work of release: cells looked at.
const releaseCells = 2_000_000

// release shows values of the last of the first upTo attributes again, the smallest first, where that is safe: one that
// was hidden as the complement may have been the wrong one.
func (j *byJudgement) release(cells []placedCell, upTo, units int, k uint64) {
	values := j.values[upTo-1]
	held, tries := uint64(0), 1+releaseCells/max(len(cells), 1)
	for _, v := range values {
		if v.hidden {
			held += v.people
		}
	}
	for _, i := range j.bySize(upTo - 1) {
		v := &values[i]
		if !v.hidden || v.people < k || small(held-v.people, k) || tries == 0 {
			continue
		}
		tries--
		v.hidden = false
		if safe, _ := j.view(cells, upTo).joint(units, k).safe(); safe {
			held -= v.people
		} else {
			v.hidden = true
		}
	}
}

// jointView is cells by the groups that some attributes show them in.
type jointView struct {
	cells   []jointCell
	columns int
	column  [attributeCount][]int32 // of each attribute the group of each value: all hidden ones are one group
}

// view is that of the first upTo attributes; of the others, everybody is in one group.
func (j *byJudgement) view(cells []placedCell, upTo int) *jointView {
	v := &jointView{cells: make([]jointCell, len(cells)), columns: 1}
	for m := range v.column {
		v.column[m] = make([]int32, len(j.values[m]))
		if m >= upTo {
			continue
		}
		rest := v.columns
		v.columns++
		for i, value := range j.values[m] {
			if v.column[m][i] = int32(rest); !value.hidden {
				v.column[m][i] = int32(v.columns)
				v.columns++
			}
		}
	}
	pieces := 0
	for i, c := range cells {
		one := &v.cells[i]
		one.unit, one.people = c.unit, c.people
		for m := range upTo {
			one.at[m] = v.column[m][c.values[m]]
		}
		if c.seat > 0 {
			one.at[attributeCount] = int32(v.columns) + c.seat - 1
			pieces = max(pieces, int(c.seat))
		}
	}
	v.columns += pieces
	return v
}

func (v *jointView) joint(units int, k uint64) *joint { return newJoint(v.cells, units, v.columns, k) }

// shown lists the values of an attribute that are not hidden, the smallest first.
func (j *byJudgement) shown(m int) (list []int) {
	return slices.DeleteFunc(j.bySize(m), func(i int) bool { return j.values[m][i].hidden })
}

// bySize lists all values of an attribute, the smallest first.
func (j *byJudgement) bySize(m int) (list []int) {
	for i := range j.values[m] {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(j.values[m][a].order, j.values[m][b].order), cmp.Compare(j.names[m][a], j.names[m][b]))
	})
	return list
}

// partition is what is shown of an attribute's tree.
func (j *byJudgement) partition(s *scope, m int) partition {
	p := partition{hidden: make([]bool, len(s.nodes)), rest: make([]bool, len(s.nodes)), people: make([]uint64, len(s.nodes))}
	p.hidden[0] = j.small
	for _, child := range s.nodes[0].children {
		p.hidden[child] = j.small
	}
	for i, v := range j.values[m] {
		leaf, known := s.tree.leaf[j.names[m][i]]
		if !known {
			continue // nobody has this value on any day of the question
		}
		n := s.at[leaf]
		p.people[n] = v.people
		p.hidden[n] = j.small || v.hidden
		p.rest[0] = p.rest[0] || !j.small && v.hidden && v.people > 0
	}
	sumUp(s, p.people, addCount)
	return p
}

// shownGroups numbers the groups that the units show people in, for each leaf of the tree: a leaf that is shown is one
// by itself, hidden ones are in that of their parent's rest. ok is false where the company is hidden.
func (p partition) shownGroups(s *scope) (of []int, n int, ok bool) {
	of = make([]int, len(s.nodes))
	for at, node := range s.nodes {
		switch {
		case node.parent < 0:
			of[at] = -1
		case p.hidden[node.parent]:
			of[at] = of[node.parent]
		case !p.hidden[at]:
			of[at] = -1
		}
		if p.hidden[at] && node.parent >= 0 && !p.hidden[node.parent] {
			of[at] = -2 - node.parent // the rest of its parent
		}
	}
	numbers := map[int]int{}
	for at, node := range s.nodes {
		if len(node.children) > 0 {
			continue
		}
		key := of[at]
		if key == -1 {
			key = at
		}
		if _, known := numbers[key]; !known {
			numbers[key] = len(numbers)
		}
		of[at] = numbers[key]
	}
	return of, len(numbers), !p.hidden[0]
}

// placed are the cells of the people with access to a tool, by what the units show, and the names of their values. s is
// the whole tree; of an open tool that is everybody. seats are the pieces that its seats are told of.
func (b *peopleBook) placed(s *scope, groups []int, tool string, open bool, seats *seatPieces) (cells []placedCell, names [attributeCount][]string) {
	entity := attributePlace[adoption.ByLegacyEntity]
	names = b.names
	entities := s.tree.entities()
	names[entity] = distinct(entities)
	ofUnit, nodeOf := make([]int32, len(b.units)), make([]int, len(b.units))
	for i, unit := range b.units {
		leaf, _ := slices.BinarySearch(s.tree.leaves(), unit)
		at, _ := slices.BinarySearch(names[entity], entities[leaf])
		ofUnit[i], nodeOf[i] = int32(at), s.cell[s.tree.leaf[unit]]
	}
	allowed, seated := b.having(tool)
	cells = make([]placedCell, 0, len(b.cells))
	for _, c := range b.cells {
		if !open && !allowed[c.access] {
			continue
		}
		node := nodeOf[c.unit]
		one := placedCell{unit: int32(groups[node]), values: c.values, people: c.people, seat: seats.at(node, seated[c.access])}
		one.values[entity] = ofUnit[c.unit]
		cells = append(cells, one)
	}
	return cells, names
}
