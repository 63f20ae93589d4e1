package query

import (
	"cmp"
	"slices"

	"uptake/adoption"
)

// cohortKey tells those who began apart by what retention adds up: the ISO week, by its Monday, and the month, by its
// first day. A week that lies in two months has two keys. The figures of weeks and of months are sums over keys, so
// nothing can be computed from both that the keys do not tell.
type cohortKey struct{ week, month adoption.Day }

func (a cohortKey) compare(b cohortKey) int {
	return cmp.Or(cmp.Compare(a.week, b.week), cmp.Compare(a.month, b.month))
}

// cohortJudge decides which groups are shown of which key in which week of activity (METRICS: Small groups, rule 5). It
// looks at sizes alone: at how many people of each group began when.
//
// What is known of a week of activity w: of each group and key that is shown, how many people were active; and of each
// group how many were active in all, from its life cycle, which is their sum where nobody has moved since. So hiding
// whom a key has few of (the complement of divide, key by key) does not suffice: where a unit hides one key only, its
// life cycle less the other keys is the hidden figure. A unit that hides something must hide enough, together with
// others that hide as much.
//
// Call atom the hidden children of a shown group, taken together, of one key: the least that is known of them there. What
// can be computed is then: with a level λ for each leaf of the tree and one for each atom, the sets of cells (leaf, key) for
// which both levels of a cell add up to 1, where they add up to 0 for all other cells of atoms. A cell that no other shares
// an atom with is known, and not small. Where the company itself is hidden of a key, nothing is known of the key: its
// atom holds all leaves and one more outside the company, whose level is 0, like its own.
//
// Say that a leaf l holds a leaf y if those of l in the atoms that have people of both are at least k in all, keys taken
// together. In a set of less than k people no leaf that holds another is at a higher level than that, for then all these
// cells of it would be in the set. So two leaves that hold each other are at one level; they are a class, which holds others by all
// its people. It suffices, then, that in each connected part of all atoms those leaves that count are one class: of an
// atom either all of them are in the set or none, and all are at least k. The leaves that do not count are those in which fewer than
// k people have begun so far: they are hidden of every key, protect nobody, and what of them is in the set is all of
// them: their life cycle, which it tells by itself, and by rules of its own.
//
// Where the classes of a part do not become one by themselves, more is hidden, in that week of activity alone: of another key
// the groups concerned, so that they hold each other; or, where no key has enough of them, the group that they are parts of, so
// that others hide with it, at last the company.
//
// All this rests on keys before the week of activity, in the order of time: what was decided about a week that is over stays so.
type cohortJudge struct {
	scope  *scope // the whole tree
	k      uint64
	keys   []cohortKey
	people [][]uint64     // by key and node: those who began
	sofar  [][]uint64     // by key and node: those who began up to it, it included
	firm   [][]uint64     // by key and node: those of people whose leaf counts by then
	hidden [][]bool       // by key and node, before anything is hidden for one week alone
	atoms  [][]cohortAtom // by key, those of hidden
}

// cohortAtom is the hidden children of a group, or the whole company, of one key.
type cohortAtom struct {
	leaves  []int    // those with people
	people  []uint64 // how many
	outside bool     // the company is hidden
}

// newCohortJudge makes a judge. keys are in order; people counts those of each by node, with everybody below.
func newCohortJudge(s *scope, keys []cohortKey, people [][]uint64, k uint64) *cohortJudge {
	j := &cohortJudge{scope: s, k: k, keys: keys, people: people}
	all := make([]uint64, len(s.nodes))
	for q := range keys {
		firm := make([]uint64, len(s.nodes))
		for n, node := range s.nodes {
			all[n] += people[q][n]
			if len(node.children) == 0 && all[n] >= k {
				firm[n] = people[q][n]
			}
		}
		sumUp(s, firm, addCount)
		j.sofar, j.firm = append(j.sofar, slices.Clone(all)), append(j.firm, firm)
		hidden := j.divide(q, nil)
		j.hidden, j.atoms = append(j.hidden, hidden), append(j.atoms, j.atomsOf(q, hidden))
	}
	return j
}

// divide hides of a key what is small and its complement, from the top down, as the divide of one population does, but
// that only people count whose leaf does. forced nodes are hidden in any case; it may be nil.
func (j *cohortJudge) divide(q int, forced []bool) []bool {
	hidden := make([]bool, len(j.scope.nodes))
	must := func(n int) bool { return j.small(q, n) || forced != nil && forced[n] }
	hidden[0] = must(0)
	for n, node := range j.scope.nodes {
		if hidden[n] {
			for _, child := range node.children {
				hidden[child] = true
			}
			continue
		}
		var held uint64
		var others []int
		some := false
		for _, child := range node.children {
			switch {
			case must(child):
				hidden[child] = true
				some = some || j.people[q][child] > 0
				held += j.firm[q][child]
			case j.firm[q][child] > 0:
				others = append(others, child)
			}
		}
		if !some || held >= j.k {
			continue
		}
		slices.SortFunc(others, func(a, b int) int {
			return cmp.Or(cmp.Compare(j.sofar[q][a], j.sofar[q][b]), cmp.Compare(j.scope.id(a), j.scope.id(b)))
		})
		for _, child := range others {
			if held >= j.k {
				break
			}
			hidden[child] = true
			held += j.firm[q][child]
		}
	}
	return hidden
}

// small tells whether a group must not be shown by itself. A shown group has enough people who count for all its
// children to be hidden.
func (j *cohortJudge) small(q, n int) bool { return j.people[q][n] > 0 && j.firm[q][n] < j.k }

// atomsOf are the atoms of a key with two leaves or more, the outside counted.
func (j *cohortJudge) atomsOf(q int, hidden []bool) []cohortAtom {
	var atoms []cohortAtom
	keep := func(a cohortAtom) {
		if len(a.leaves) > 1 || a.outside && len(a.leaves) > 0 {
			atoms = append(atoms, a)
		}
	}
	if hidden[0] {
		a := cohortAtom{outside: true}
		j.gather(&a, q, 0)
		keep(a)
		return atoms
	}
	for n, node := range j.scope.nodes {
		if hidden[n] {
			continue
		}
		var a cohortAtom
		for _, child := range node.children {
			if hidden[child] {
				j.gather(&a, q, child)
			}
		}
		keep(a)
	}
	return atoms
}

// gather adds the leaves below a node to an atom.
func (j *cohortJudge) gather(a *cohortAtom, q, n int) {
	people := j.people[q][n]
	if people == 0 {
		return
	}
	if children := j.scope.nodes[n].children; len(children) > 0 {
		for _, child := range children {
			j.gather(a, q, child)
		}
		return
	}
	a.leaves, a.people = append(a.leaves, n), append(a.people, people)
}

// before is how many keys began before a week of activity.
func (j *cohortJudge) before(week adoption.Day) int {
	n, _ := slices.BinarySearchFunc(j.keys, week, func(key cohortKey, week adoption.Day) int { return cmp.Compare(key.week, week) })
	return n
}

// cohortMasks says, for each week of activity, which nodes are hidden of each key before it.
type cohortMasks map[adoption.Day][][]bool

// masks judges the weeks of activity up to one.
func (j *cohortJudge) masks(last adoption.Day) cohortMasks {
	all := cohortMasks{}
	if len(j.keys) == 0 {
		return all
	}
	classes := newCohortClasses(len(j.scope.nodes)) // what is one class stays so as keys are added
	for week := j.keys[0].week + 7; week <= last; week += 7 {
		w := &cohortWeek{cohortJudge: j, keys: j.before(week), classes: classes}
		w.hidden, w.atoms = slices.Clone(j.hidden[:w.keys]), slices.Clone(j.atoms[:w.keys])
		w.judge()
		all[week] = w.hidden
	}
	return all
}
