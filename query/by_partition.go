package query

import (
	"cmp"
	"slices"

	"uptake/adoption"
)

// byJudgement says of a day and tool which values of which attribute are hidden. It is made of sizes alone.
type byJudgement struct {
	small  bool // the company itself: nothing is shown
	values [attributeCount]map[string]*byValue
}

// byValue is one value of an attribute.
type byValue struct {
	people uint64 // with access
	order  uint64 // headcount on the first of the month
	hidden bool
}

// placedCell is a cell as a judgement needs it: of the people with access to a tool.
type placedCell struct {
	unit   int // the group that the units show it in
	values [attributeCount]string
	people uint64
}

// judgeAttributes decides what is shown: each attribute by the rules for the children of one parent, and then, one
// attribute after the other, as much less of it as it takes that nothing small can be computed from all of them and the
// units together (joint.go). units is how many groups the units show.
func judgeAttributes(cells []placedCell, order [attributeCount]map[string]uint64, units int, k uint64) *byJudgement {
	j := &byJudgement{}
	var everybody uint64
	for _, c := range cells {
		everybody += c.people
		for m, value := range c.values {
			if j.values[m] == nil {
				j.values[m] = map[string]*byValue{}
			}
			v := j.values[m][value]
			if v == nil {
				v = &byValue{order: order[m][value]}
				j.values[m][value] = v
			}
			v.people += c.people
		}
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

// judgeSmall is the judgement where the company itself is too small: nothing is shown.
func judgeSmall(cells []placedCell) *byJudgement {
	j := &byJudgement{small: true}
	for m, heads := range headcounts(cells) {
		j.values[m] = map[string]*byValue{}
		for value, people := range heads {
			j.values[m][value] = &byValue{people: people, hidden: true}
		}
	}
	return j
}

// divide hides the small values of an attribute and their complement.
func (j *byJudgement) divide(m int, k uint64) {
	s, people, order, names := j.flat(m)
	p := divide(s, people, order, k)
	for i, name := range names {
		j.values[m][name].hidden = p.hidden[i+1]
	}
}

// flat is an attribute as a scope: value i of names is its node i + 1.
func (j *byJudgement) flat(m int) (s *scope, people, order []uint64, names []string) {
	for name := range j.values[m] {
		names = append(names, name)
	}
	slices.Sort(names)
	s = attributeTree(names).whole()
	people, order = make([]uint64, len(s.nodes)), make([]uint64, len(s.nodes))
	for i, name := range names {
		people[i+1], order[i+1] = j.values[m][name].people, j.values[m][name].order
	}
	sumUp(s, people, addCount)
	return s, people, order, names
}

// protect hides values of the last of the first upTo attributes, the smallest that matters first, until nothing small
// can be computed. When all are hidden, the attribute tells no more than the company's row.
func (j *byJudgement) protect(cells []placedCell, upTo, units int, k uint64) {
	last := upTo - 1
	for step := 1; ; step++ {
		view := j.view(cells, upTo)
		safe, suspects := view.joint(units, k).safe()
		shown := j.shown(last)
		if safe || len(shown) == 0 {
			return
		}
		inDoubt := map[int]bool{}
		for _, c := range suspects {
			inDoubt[c.at[last]] = true
		}
		doubtful := slices.DeleteFunc(slices.Clone(shown), func(name string) bool { return !inDoubt[view.column[last][name]] })
		if len(doubtful) == 0 {
			doubtful = shown
		}
		// One by one, but not for ever.
		for _, name := range doubtful[:min(max(step-8, 1), len(doubtful))] {
			j.values[last][name].hidden = true
		}
	}
}

// jointView is cells by the groups that some attributes show them in.
type jointView struct {
	cells   []jointCell
	columns int
	column  []map[string]int // of each attribute the group of each value: all hidden ones are one group
}

// view is that of the first upTo attributes.
func (j *byJudgement) view(cells []placedCell, upTo int) *jointView {
	v := &jointView{column: make([]map[string]int, upTo)}
	for m := range upTo {
		v.column[m] = map[string]int{}
		rest := v.columns
		v.columns++
		for _, name := range j.shown(m) {
			v.column[m][name] = v.columns
			v.columns++
		}
		for name, value := range j.values[m] {
			if value.hidden {
				v.column[m][name] = rest
			}
		}
	}
	at := make([]int, len(cells)*upTo)
	for i, c := range cells {
		one := at[i*upTo : (i+1)*upTo]
		for m := range upTo {
			one[m] = v.column[m][c.values[m]]
		}
		v.cells = append(v.cells, jointCell{unit: c.unit, at: one, people: c.people})
	}
	return v
}

func (v *jointView) joint(units int, k uint64) *joint { return newJoint(v.cells, units, v.columns, k) }

// shown lists the values of an attribute that are not hidden, the smallest first.
func (j *byJudgement) shown(m int) (names []string) {
	for name, v := range j.values[m] {
		if !v.hidden {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(j.values[m][a].order, j.values[m][b].order), cmp.Compare(a, b))
	})
	return names
}

// partition is what is shown of an attribute's tree.
func (j *byJudgement) partition(s *scope, m int) partition {
	p := partition{hidden: make([]bool, len(s.nodes)), rest: make([]bool, len(s.nodes)), people: make([]uint64, len(s.nodes))}
	p.hidden[0] = j.small
	for n := 1; n < len(s.nodes); n++ {
		v := j.values[m][s.tree.nodes[s.nodes[n].node].unit.Name]
		if p.hidden[n] = j.small || v != nil && v.hidden; v == nil {
			continue
		}
		p.people[n] = v.people
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

// placed are the cells of the people with access to a tool, by what the units show. s is the whole tree.
func (b *peopleBook) placed(s *scope, groups []int, tool string, open bool) []placedCell {
	entities, list := map[string]string{}, s.tree.entities()
	for i, unit := range s.tree.leaves() {
		entities[unit] = list[i]
	}
	var cells []placedCell
	for _, c := range b.cells {
		if !open && !c.access[tool] {
			continue
		}
		at := s.cell[s.tree.leaf[c.unit]]
		one := placedCell{unit: groups[at], values: c.values, people: c.people}
		one.values[attributePlace[adoption.ByLegacyEntity]] = entities[c.unit]
		cells = append(cells, one)
	}
	return cells
}
