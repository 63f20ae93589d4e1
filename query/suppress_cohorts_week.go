package query

import "slices"

// cohortWeek judges one week of activity.
type cohortWeek struct {
	*cohortJudge
	keys    int            // so many keys began before it
	hidden  [][]bool       // by key and node
	atoms   [][]cohortAtom // by key
	classes cohortClasses
}

// judge hides more until the leaves that count of each part are one class.
func (w *cohortWeek) judge() {
	w.join()
	if w.apart() == nil {
		return
	}
	w.classes = append(cohortClasses{}, w.classes...) // from here on they are of this week alone
	for {
		part := w.apart()
		if part == nil || !w.mend(part) {
			return
		}
		w.join()
	}
}

// counts tells whether enough people have begun in a leaf for it to count.
func (w *cohortWeek) counts(leaf int) bool { return w.sofar[w.keys-1][leaf] >= w.k }

// share is how many people of a class an atom has.
type share struct {
	class  int
	people uint64
}

// shares adds up an atom by classes, of leaves that count. The outside holds everybody it shares an atom with: no level is
// below 0 there.
func (w *cohortWeek) shares(a cohortAtom, into []share) []share {
	into = into[:0]
next:
	for i, leaf := range a.leaves {
		if !w.counts(leaf) {
			continue
		}
		class := w.classes.of(leaf)
		for at := range into {
			if into[at].class == class {
				into[at].people += a.people[i]
				continue next
			}
		}
		into = append(into, share{class, a.people[i]})
	}
	if !a.outside {
		return into
	}
	class := w.classes.of(w.classes.outside())
	for at := range into {
		if into[at].class == class {
			into[at].people += w.k
			return into
		}
	}
	return append(into, share{class, w.k})
}

// join makes classes one that hold each other, until none do.
func (w *cohortWeek) join() {
	type pair struct{ one, other int }
	var list []share
	for merged := true; merged; {
		merged = false
		held := map[pair]uint64{}
		for _, atoms := range w.atoms {
			for _, a := range atoms {
				list = w.shares(a, list)
				for _, one := range list {
					for _, other := range list {
						if one.class != other.class {
							held[pair{one.class, other.class}] += one.people
						}
					}
				}
			}
		}
		for p, people := range held {
			if people >= w.k && held[pair{p.other, p.one}] >= w.k && w.classes.join(p.one, p.other) {
				merged = true
			}
		}
	}
}

// apart finds a part whose leaves are not one class: its leaves, and outside where that is in it; nil where there is
// none.
func (w *cohortWeek) apart() []int {
	parts := newCohortClasses(len(w.scope.nodes))
	touched := make([]bool, len(parts))
	for _, atoms := range w.atoms {
		for _, a := range atoms {
			for _, leaf := range a.leaves {
				parts.join(a.leaves[0], leaf)
				touched[leaf] = true
			}
			if a.outside {
				parts.join(a.leaves[0], parts.outside())
				touched[parts.outside()] = true
			}
		}
	}
	class := map[int]int{} // of the first leaf that counts, by part
	bad := -1
	for leaf := len(parts) - 1; leaf >= 0 && bad < 0; leaf-- {
		if !touched[leaf] || leaf != parts.outside() && !w.counts(leaf) {
			continue
		}
		part := parts.of(leaf)
		if first, there := class[part]; !there {
			class[part] = w.classes.of(leaf)
		} else if first != w.classes.of(leaf) {
			bad = part
		}
	}
	if bad < 0 {
		return nil
	}
	var leaves []int
	for leaf := range parts {
		if touched[leaf] && parts.of(leaf) == bad {
			leaves = append(leaves, leaf)
		}
	}
	return leaves
}

// mend hides more, so that the leaves of a part come nearer to being one class. It returns false where nothing is left to
// hide.
func (w *cohortWeek) mend(part []int) bool {
	top, outside := 0, part[len(part)-1] == w.classes.outside()
	if outside {
		if part = part[:len(part)-1]; w.heldOutside() < w.k {
			return w.hideCompany()
		}
	} else {
		top = w.common(part)
	}
	if q, groups := w.bridge(top, part); q >= 0 {
		w.force(q, groups)
		return true
	}
	if outside {
		return w.hideCompany()
	}
	w.force(w.parted(top, part))
	return true
}

// heldOutside is how many people began in keys that the company is hidden of.
func (w *cohortWeek) heldOutside() (people uint64) {
	for q, hidden := range w.hidden {
		if hidden[0] {
			people += w.people[q][0]
		}
	}
	return people
}

// hideCompany hides the company, and so everybody, of the smallest key that it is shown of.
func (w *cohortWeek) hideCompany() bool {
	least := -1
	for q, hidden := range w.hidden {
		if people := w.people[q][0]; !hidden[0] && people > 0 && (least < 0 || people < w.people[least][0]) {
			least = q
		}
	}
	if least < 0 {
		return false
	}
	w.force(least, []int{0})
	return true
}

// common is the lowest node that holds all of some leaves.
func (w *cohortWeek) common(leaves []int) int {
	up := func(n int) int { return w.scope.nodes[n].parent }
	top := leaves[0]
	for _, leaf := range leaves[1:] {
		for top != leaf { // a parent stands before its children
			if top > leaf {
				top = up(top)
			} else {
				leaf = up(leaf)
			}
		}
	}
	return top
}

// bridge finds the key of which hiding the children of top that hold the part makes most of its classes one: those that
// have k people or more there. Of several, the one with the fewest people. −1 where none joins two.
func (w *cohortWeek) bridge(top int, part []int) (key int, groups []int) {
	for _, child := range w.scope.nodes[top].children {
		for _, leaf := range part {
			if w.below(leaf, child) {
				groups = append(groups, child)
				break
			}
		}
	}
	key = -1
	most, least := 1, uint64(0)
	for q, hidden := range w.hidden {
		if hidden[top] {
			continue
		}
		var people uint64
		open := false
		for _, n := range groups {
			people += w.people[q][n]
			open = open || !hidden[n] && w.people[q][n] > 0
		}
		if joined := w.joined(q, part); open && (joined > most || joined == most && key >= 0 && people < least) {
			key, most, least = q, joined, people
		}
	}
	return key, groups
}

// joined counts the classes of a part that have k people or more of a key.
func (w *cohortWeek) joined(q int, part []int) (classes int) {
	people := map[int]uint64{}
	for _, leaf := range part {
		if w.counts(leaf) {
			people[w.classes.of(leaf)] += w.people[q][leaf]
		}
	}
	for _, n := range people {
		if n >= w.k {
			classes++
		}
	}
	return classes
}

// below tells whether a node is another, or lies below it.
func (w *cohortWeek) below(n, top int) bool {
	for n > top {
		n = w.scope.nodes[n].parent
	}
	return n == top
}

// force hides nodes of a key. What is hidden stays so, or what was joined by it would fall apart.
func (w *cohortWeek) force(q int, nodes []int) {
	forced := slices.Clone(w.hidden[q])
	for _, n := range nodes {
		forced[n] = true
	}
	w.hidden[q] = w.divide(q, forced)
	w.atoms[q] = w.atomsOf(q, w.hidden[q])
}

// parted is what to hide where no key joins classes of a part: of the key with the fewest people of those that have some of
// its leaves hidden, the lowest group from top up that is shown.
func (w *cohortWeek) parted(top int, part []int) (key int, group []int) {
	key = -1
	for q, atoms := range w.atoms {
		for _, a := range atoms {
			if slices.Contains(part, a.leaves[0]) && (key < 0 || w.people[q][top] < w.people[key][top]) {
				key = q
			}
		}
	}
	for w.hidden[key][top] { // nobody of its siblings has begun with that key
		top = w.scope.nodes[top].parent
	}
	return key, []int{top}
}

// cohortClasses are disjoint sets of nodes and of the outside, which is the last: each names another of its class, the first of
// a class itself.
type cohortClasses []int

func newCohortClasses(nodes int) cohortClasses {
	c := make(cohortClasses, nodes+1)
	for n := range c {
		c[n] = n
	}
	return c
}

func (c cohortClasses) outside() int { return len(c) - 1 }

func (c cohortClasses) of(n int) int {
	for c[n] != n {
		c[n] = c[c[n]]
		n = c[n]
	}
	return n
}

// join makes one class of two, and tells whether they were two.
func (c cohortClasses) join(a, b int) bool {
	a, b = c.of(a), c.of(b)
	if a == b {
		return false
	}
	c[max(a, b)] = min(a, b)
	return true
}
