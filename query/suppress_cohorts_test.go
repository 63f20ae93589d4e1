package query

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// firstMonday is that of the first cohort in these tests; each of the others begins a week later.
var firstMonday = day("2026-03-02")

// judged draws what is hidden of cohorts in the week after the last of them: a line a cohort with the company's own mark, then the
// units', # hidden, · shown. tree names units as "a b c/d": d lies below c. people are those who began, of each unit that has
// no others below it.
func judged(tree string, k uint64, people ...[]uint64) string {
	var units []adoption.Unit
	var leaves []string
	inner := map[string]bool{}
	for _, path := range strings.Fields(tree) {
		parent, id, below := strings.Cut(path, "/")
		if !below {
			parent, id = adoption.Company, path
		}
		inner[parent] = true
		units = append(units, adoption.Unit{ID: id, Parent: parent})
	}
	for _, u := range units {
		if !inner[u.ID] {
			leaves = append(leaves, u.ID)
		}
	}
	t := newTree(units, nil)
	s := t.whole()
	var keys []cohortKey
	var sizes [][]uint64
	for i, row := range people {
		monday := firstMonday + adoption.Day(7*i)
		keys = append(keys, cohortKey{monday, monday.FirstOfMonth()})
		size := make([]uint64, len(s.nodes))
		for l, n := range row {
			size[t.byID[leaves[l]]] = n
		}
		sumUp(s, size, addCount)
		sizes = append(sizes, size)
	}
	last := firstMonday + adoption.Day(7*len(people))
	var lines []string
	for _, hidden := range newCohortJudge(s, keys, sizes, k).masks(last)[last] {
		line := ""
		for _, id := range append([]string{adoption.Company}, ids(units)...) {
			line += map[bool]string{true: "#", false: "·"}[hidden[t.byID[id]]]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, " ")
}

func ids(units []adoption.Unit) (all []string) {
	for _, u := range units {
		all = append(all, u.ID)
	}
	return all
}

// All with k = 5. Cohorts are rows.
func TestCohortsAreHiddenByTheirPeople(t *testing.T) {
	type rows [][]uint64
	for _, c := range []struct {
		name, tree string
		people     rows
		want       string
	}{
		{"nobody small", "a b", rows{{9, 9}, {5, 7}}, "··· ···"},
		{"nobody there", "a b", rows{{9, 9}, {0, 7}}, "··· ···"},
		// 3 of a are hidden, with the 7 of b. In their life cycles both would be seen but for the cohort before.
		{"a small one", "a b", rows{{9, 9}, {3, 7}}, "·## ·##"},
		// Of the two before, the one with fewer people suffices.
		{"one of two", "a b", rows{{30, 30}, {9, 9}, {3, 7}}, "··· ·## ·##"},
		// 3 and 2 of a make 5, beside 7 and 6 of b: they hide each other.
		{"two small ones", "a b", rows{{30, 30}, {3, 7}, {2, 6}}, "··· ·## ·##"},
		// c is the smallest that has people enough to guard a with; b is not concerned.
		{"the smallest sibling", "a b c", rows{{30, 30, 20}, {3, 9, 8}, {2, 9, 8}}, "···· ·#·# ·#·#"},
		// In c only 3 people have ever begun: all that can be told of them is c's life cycle. But they guard nobody, so another
		// is hidden with c, in the one cohort that c is in.
		{"who protects nobody", "a b c", rows{{30, 30, 0}, {9, 8, 3}}, "···· ··##"},
		// Three began in the company: the life cycle less the others would tell of them, so the least of the others is hidden: of a
		// then 9 are hidden, of b 8.
		{"a small one of the company", "a b", rows{{30, 30}, {6, 8}, {3, 0}}, "··· ### ###"},
		// a needs another cohort to hide in, with both b and c; but one has nobody of c, the other nobody of b. So the company is
		// hidden of the smaller one, and, as that leaves 2 of a in sight, of the other.
		{"nothing to hide behind", "a b c", rows{{2, 9, 0}, {3, 0, 9}}, "#### ####"},
		// d has 3 of p's 20, and e the rest. They hide behind the cohort before, within p; q is not concerned.
		{"below a unit", "p p/d p/e q", rows{{9, 9, 30}, {3, 17, 9}}, "··##· ··##·"},
	} {
		assert.Equal(t, c.want, judged(c.tree, 5, c.people...), c.name)
	}
}

// Once enough is hidden in a unit, what was hidden to guard it is shown again.
func TestCohortsAreHiddenNoLongerThanNeeded(t *testing.T) {
	cohorts := [][]uint64{{30, 30}, {3, 7}, {2, 6}, {20, 20}}
	assert.Equal(t, []string{"···", "·## ·##", "··· ·## ·##", "··· ·## ·## ···"}, []string{
		judged("a b", 5, cohorts[:1]...), judged("a b", 5, cohorts[:2]...), judged("a b", 5, cohorts[:3]...), judged("a b", 5, cohorts...),
	})
}

// A decision about a week that is over does not depend on who begins later.
func TestCohortsOfWeeksThatAreOverAreJudgedOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		w := cohortsOf(seed)
		before := newCohortBook(w.scope, w.sizes(), w.today.Monday()-7, w.k).masks
		after := newCohortBook(w.scope, w.sizes(), w.today.Monday(), w.k).masks
		for week, mask := range before {
			assert.Equal(t, mask, after[week], fmt.Sprint(seed, week))
		}
	}
}
