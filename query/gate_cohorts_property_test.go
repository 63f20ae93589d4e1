package query

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// A viewer asks for all cohorts: of each group, its children and its rest, by week and by month. Besides, he knows of each
// group and week how many were active in all, and nobody has moved, so that this is the sum over cohorts. The unknowns are how
// many people of a leaf who began with a key were active in a later week. No set of them that is about fewer than k people
// may be computed, but for what life cycles tell by themselves.

// cohortWorld is a random company in which people begin.
type cohortWorld struct {
	scope *scope
	k     uint64
	days  map[adoption.Day]bool
	today adoption.Day
	first adoption.Day // Monday
	leaf  []int
	keys  []cohortKey
	size  [][]uint64 // by key and leaf
	raw   *raw
	snap  *snapshot
	cells []cohortUnknown
}

// cohortUnknown is who of a leaf and key was active in a week.
type cohortUnknown struct {
	key, leaf int
	week      adoption.Day
}

func cohortsOf(seed uint64) *cohortWorld {
	r := rand.New(rand.NewPCG(seed, 22))
	w := &cohortWorld{k: 2 + r.Uint64N(4), first: day("2026-03-02") + adoption.Day(7*r.IntN(8)), days: map[adoption.Day]bool{}}
	units, n := []adoption.Unit{}, 2+r.IntN(5)
	for i := range n {
		u := adoption.Unit{ID: fmt.Sprintf("u%d", i), Parent: adoption.Company}
		if i > 0 && r.IntN(2) == 0 {
			u.Parent = units[r.IntN(i)].ID
		}
		units = append(units, u)
	}
	weeks := 3 + r.IntN(3)
	w.today = w.first + adoption.Day(7*(weeks-1)+r.IntN(7))
	w.snap = &snapshot{state: state{today: w.today}, tree: newTree(units, nil), days: w.days,
		tools: []toolInfo{{Tool: adoption.Tool{ID: "a"}, licensed: true, counted: true}}}
	w.scope = w.snap.tree.whole()
	for i, node := range w.scope.nodes {
		if len(node.children) == 0 && w.snap.tree.nodes[i].kind != kindUnassigned {
			w.leaf = append(w.leaf, i)
		}
	}
	w.begin(r)
	w.enable(r)
	for q, key := range w.keys {
		for week := key.week + 7; week <= w.today; week += 7 {
			for l := range w.leaf {
				if w.size[q][l] > 0 {
					w.cells = append(w.cells, cohortUnknown{q, l, week})
				}
			}
		}
	}
	return w
}

// begin draws who begins when: few, many or nobody, and in some companies more at first.
func (w *cohortWorld) begin(r *rand.Rand) {
	crowd := r.Uint64N(3) * 2 * w.k
	for week := w.first; week <= w.today; week += 7 {
		g := &cohortGate{grain: adoption.ByWeek}
		for _, key := range g.keysOf(week, week+6) {
			w.keys = append(w.keys, key)
			sizes := make([]uint64, len(w.leaf))
			for l := range sizes {
				switch r.IntN(4) {
				case 0:
				case 1:
					sizes[l] = 1 + r.Uint64N(3*w.k)
				default:
					sizes[l] = 1 + r.Uint64N(w.k)
				}
				if week == w.first && r.IntN(3) > 0 {
					sizes[l] += crowd
				}
			}
			w.size = append(w.size, sizes)
		}
	}
}

// enable draws who has access on the days on which cohorts are placed: those who begin, and some more.
func (w *cohortWorld) enable(r *rand.Rand) {
	w.raw = &raw{sizes: map[dayTool][]uint64{}, use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	for d := w.first.FirstOfMonth(); d <= w.today; d++ {
		w.days[d] = true
		people := make([]uint64, len(w.scope.nodes))
		for l, leaf := range w.leaf {
			people[leaf] = r.Uint64N(2 * w.k)
			for q, key := range w.keys {
				if key.week == w.snap.lifecycleDay(d).Monday() || key.week == d.Monday() {
					people[leaf] += w.size[q][l]
				}
			}
		}
		sumUp(w.scope, people, addCount)
		w.raw.sizes[dayTool{d, ""}], w.raw.sizes[dayTool{d, "a"}] = people, people
	}
}

// sizes are who began, by week.
func (w *cohortWorld) sizes() activeOf {
	all := activeOf{}
	for q, key := range w.keys {
		people := make([]uint64, len(w.scope.nodes))
		for l, leaf := range w.leaf {
			people[leaf] = w.size[q][l]
		}
		sumUp(w.scope, people, addCount)
		if all[key.week] == nil {
			all[key.week] = map[cohortKey][]uint64{}
		}
		all[key.week][key] = people
	}
	return all
}

// answers are all rows that there are, where the unknowns from at on have the values 1, 2, 4, … and the others 0.
func (w *cohortWorld) answers(book *cohortBook, at, most int) []RetentionRow {
	active := w.sizes()
	for i, c := range w.cells {
		key := w.keys[c.key]
		if active[c.week][key] == nil {
			active[c.week][key] = make([]uint64, len(w.scope.nodes))
		}
		if i >= at && i < at+most {
			active[c.week][key][w.leaf[c.leaf]] += 1 << (i - at)
		}
	}
	for week, byKey := range active {
		for key, people := range byKey {
			if key.week < week {
				sumUp(w.scope, people, addCount)
			}
		}
	}
	var rows []RetentionRow
	for _, grain := range []adoption.Grain{adoption.ByWeek, adoption.ByMonth} {
		g := &cohortGate{gate: newGate(w.snap, w.scope, w.raw, w.k), tool: "a", grain: grain, running: w.today.Monday(), book: book, followed: active}
		for _, end := range adoption.PeriodEnds(w.first, w.today, grain, w.today) {
			for n := range w.scope.nodes {
				rows = append(rows, g.cohortRows(place{node: n}, end, true)...)
				rows = append(rows, g.cohortRows(place{node: n, rest: true}, end, false)...)
			}
		}
	}
	return rows
}

// told are the equations that the answers and the life cycles are, and those of the life cycles alone.
func (w *cohortWorld) told(book *cohortBook) (all, lives *equations) {
	all, lives = &equations{width: len(w.cells)}, &equations{width: len(w.cells)}
	const most = 60
	var figures [][]int // the unknowns of each figure
	for at := 0; at == 0 || at < len(w.cells); at += most {
		i := 0
		for _, row := range w.answers(book, at, most) {
			for _, week := range row.Weeks {
				if week.K == 0 || week.Active == nil {
					continue
				}
				if i == len(figures) {
					figures = append(figures, nil)
				}
				figures[i] = append(figures[i], bits(*week.Active, at)...)
				i++
			}
		}
	}
	for week := w.first + 7; week <= w.today; week += 7 {
		for n := range w.scope.nodes {
			var ones []int
			for i, c := range w.cells {
				if c.week == week && slices.Contains(w.snap.tree.path(w.leaf[c.leaf]), n) {
					ones = append(ones, i)
				}
			}
			figures = append(figures, ones)
			lives.add(lives.vector(ones...))
		}
	}
	for _, ones := range figures {
		all.add(all.vector(ones...))
	}
	return all, lives
}

// people is whom a set of unknowns is about.
func (w *cohortWorld) people(set []int) (sum uint64) {
	seen := map[[2]int]bool{}
	for _, i := range set {
		at := [2]int{w.cells[i].key, w.cells[i].leaf}
		if !seen[at] {
			seen[at] = true
			sum += w.size[at[0]][at[1]]
		}
	}
	return sum
}

// attack finds a set about fewer than k people whose figure can be computed, nil where there is none. In a reduced echelon
// such a set is the sum of the rows whose leading unknowns are in it.
func (w *cohortWorld) attack(book *cohortBook) []int {
	all, lives := w.told(book)
	all.backwards()
	var found []int
	var grow func(next int, leads []int, sum []*big.Rat)
	grow = func(next int, leads []int, sum []*big.Rat) {
		if set, plain := onesOf(sum); plain && len(set) > 0 && small(w.people(set), w.k) && !lives.determines(sum) {
			found = set
		}
		for i := next; i < len(all.rows) && found == nil; i++ {
			if more := append(slices.Clone(leads), all.lead[i]); w.people(more) < w.k {
				v := slices.Clone(sum)
				for col, x := range all.rows[i] {
					if x.Sign() != 0 {
						v[col] = new(big.Rat).Add(v[col], x)
					}
				}
				grow(i+1, more, v)
			}
		}
	}
	grow(0, nil, all.vector())
	return found
}

// onesOf lists the ones of a vector; plain, if all else is 0.
func onesOf(v []*big.Rat) (ones []int, plain bool) {
	for i, x := range v {
		switch {
		case x.Sign() == 0:
		case x.Cmp(big.NewRat(1, 1)) == 0:
			ones = append(ones, i)
		default:
			return nil, false
		}
	}
	return ones, true
}

// backwards makes the leading unknown of each row the only one of its column.
func (e *equations) backwards() {
	for i := range e.rows {
		for j := range e.rows {
			factor := e.rows[j][e.lead[i]]
			if i == j || factor.Sign() == 0 {
				continue
			}
			row := slices.Clone(e.rows[j])
			for col, x := range e.rows[i] {
				if x.Sign() != 0 {
					row[col] = new(big.Rat).Sub(row[col], new(big.Rat).Mul(factor, x))
				}
			}
			e.rows[j] = row
		}
	}
}

func TestCohortsRevealNoSmallGroup(t *testing.T) {
	open, shown, hidden := 0, 0, 0
	const worlds = 150
	for seed := range uint64(worlds) {
		w := cohortsOf(seed)
		book := newCohortBook(w.scope, w.sizes(), w.today.Monday(), w.k)
		if set := w.attack(book); set != nil {
			for _, i := range set {
				t.Logf("week %s: key %v, leaf %s, %d people", w.cells[i].week, w.keys[w.cells[i].key], w.scope.id(w.leaf[w.cells[i].leaf]), w.people([]int{i}))
			}
			t.Fatalf("seed %d, k = %d, sizes %v: can be computed", seed, w.k, w.size)
		}
		for _, row := range w.answers(book, 0, 0) {
			for _, week := range row.Weeks {
				if week.K > 0 && week.Active != nil {
					shown++
				} else if week.K > 0 {
					hidden++
				}
			}
		}
		// The attack finds something where each key is judged by itself.
		for week := range book.masks {
			book.masks[week] = newCohortJudge(w.scope, book.keys, peopleOf(w.sizes(), book.keys), w.k).hidden
		}
		if w.attack(book) != nil {
			open++
		}
	}
	t.Logf("%d of %d worlds are open where keys are judged one by one; %d figures are shown, %d hidden", open, worlds, shown, hidden)
	require.Greater(t, open, worlds/10, "the companies need more than that, or the test proves nothing")
	require.Greater(t, shown, hidden/10, "something is shown")
}

func peopleOf(sizes activeOf, keys []cohortKey) (people [][]uint64) {
	for _, key := range keys {
		people = append(people, sizes[key.week][key])
	}
	return people
}
