package query

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"uptake/adoption"
)

// A viewer asks for everything there is about some days: every unit, its children, its rest, every tool and all of
// them. What he gets are sums over people of leaves of the tree. The test sets up the linear equations that these
// sums are, with one unknown a leaf, tool and population, and demands that they determine the figure of no set of leaves
// whose population is smaller than k: that its indicator lies outside the space that the equations span.
//
// Each unknown has a value of its own power of two, so that which unknowns a figure is made of is read off the figure
// itself and not off the code under test.

const unassignedBits = 6 // the low bits hold the number of unassigned active people, itself a population

// world is a random company with its raw figures.
type world struct {
	snap  *snapshot
	scope *scope
	raw   *raw
	k     uint64
	leaf  []int // nodes that people are placed in; the last one is unassigned
	days  []adoption.Day
}

const propertyDay adoption.Day = 20_402 // Monday 2025-11-10; the week's rows are closed

func randomWorld(r *rand.Rand) *world {
	w := &world{k: 2 + r.Uint64N(6)}
	units, n := []adoption.Unit{}, 2+r.IntN(7)
	for i := range n {
		u := adoption.Unit{ID: fmt.Sprintf("u%d", i), Parent: adoption.Company}
		if i > 0 && r.IntN(2) == 0 {
			u.Parent = units[r.IntN(i)].ID
		}
		units = append(units, u)
	}
	tools := []toolInfo{
		{Tool: adoption.Tool{ID: "a"}, licensed: true, counted: true},
		{Tool: adoption.Tool{ID: "b"}, licensed: r.IntN(3) > 0, counted: true},
		{Tool: adoption.Tool{ID: "c"}, licensed: true, counted: r.IntN(2) == 0},
	}
	w.snap = &snapshot{state: state{today: propertyDay + 100}, tree: newTree(units, nil), tools: tools, days: map[adoption.Day]bool{}}
	w.scope = w.snap.tree.whole()
	for i := range w.snap.tree.nodes {
		if len(w.snap.tree.nodes[i].children) == 0 && w.snap.tree.nodes[i].kind != kindUnassigned {
			w.leaf = append(w.leaf, i)
		}
	}
	w.leaf = append(w.leaf, w.snap.tree.byID[adoption.Unassigned])
	w.raw = &raw{sizes: map[dayTool][]uint64{}, use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	for d := propertyDay; d < propertyDay+7; d++ {
		w.days = append(w.days, d)
		w.fill(r, d)
	}
	w.sizes(r, propertyDay.FirstOfMonth())
	for _, tool := range []string{"a", "b", "c", adoption.AllTools} {
		weeks := make([]rawWeek, len(w.scope.nodes))
		for i, leaf := range w.leaf[:len(w.leaf)-1] {
			weeks[leaf].returning = 1 << i
		}
		sumUp(w.scope, weeks, (*rawWeek).add)
		w.raw.weeks[dayTool{propertyDay, tool}] = weeks
	}
	return w
}

// sizes draws headcounts and enabled people of a day: many leaves near k, some empty.
func (w *world) sizes(r *rand.Rand, d adoption.Day) {
	w.snap.days[d] = true
	heads := make([]uint64, len(w.scope.nodes))
	enabled := map[string][]uint64{}
	for _, tool := range []string{"a", "b", "c", adoption.AllTools} {
		enabled[tool] = make([]uint64, len(w.scope.nodes))
	}
	for _, leaf := range w.leaf[:len(w.leaf)-1] {
		switch r.IntN(4) {
		case 0:
			heads[leaf] = 0
		case 1:
			heads[leaf] = r.Uint64N(4 * w.k)
		default:
			heads[leaf] = r.Uint64N(2 * w.k)
		}
		var most uint64
		for _, tool := range []string{"a", "b", "c"} {
			enabled[tool][leaf] = r.Uint64N(heads[leaf] + 1)
			if r.IntN(3) == 0 {
				enabled[tool][leaf] = heads[leaf]
			}
			most = max(most, enabled[tool][leaf])
		}
		enabled[adoption.AllTools][leaf] = most + r.Uint64N(heads[leaf]-most+1)
	}
	sumUp(w.scope, heads, addCount)
	w.raw.sizes[dayTool{d, ""}] = heads
	for tool, people := range enabled {
		sumUp(w.scope, people, addCount)
		w.raw.sizes[dayTool{d, tool}] = people
	}
}

// fill gives a day its sizes and figures.
func (w *world) fill(r *rand.Rand, d adoption.Day) {
	w.sizes(r, d)
	last := len(w.leaf) - 1
	for ti, tool := range []string{"a", "b", "c", adoption.AllTools} {
		use := make([]rawUse, len(w.scope.nodes))
		actions := make([]uint64, len(w.scope.nodes))
		g := newGate(w.snap, w.scope, w.raw, w.k)
		for i, leaf := range w.leaf[:last] {
			heads, enabled := g.headcount(d)[leaf], g.enabledPeople(d, tool)[leaf]
			if enabled > 0 {
				use[leaf].active28 = 1 << i
				actions[leaf] = 1 << (ti*last + i)
				use[leaf].actions = actions[leaf]
			}
			if heads > enabled {
				use[leaf].activeNotEnabled = 1 << (unassignedBits + i)
			}
		}
		if r.IntN(3) > 0 {
			use[w.leaf[last]].activeNotEnabled = r.Uint64N(3 * w.k)
		}
		sumUp(w.scope, use, (*rawUse).add)
		sumUp(w.scope, actions, addCount)
		w.raw.use[dayTool{d, tool}], w.raw.actions[dayTool{d, tool}] = use, actions
	}
}

// everything is every row that can be asked for on a day: each place, with children, each tool.
func (w *world) everything(d adoption.Day) []AdoptionRow {
	g := newGate(w.snap, w.scope, w.raw, w.k)
	var rows []AdoptionRow
	for n := range w.snap.tree.nodes {
		for _, tool := range []string{"a", "b", "c", adoption.AllTools} {
			rows = append(rows, g.rows(place{node: n}, tool, adoption.PeriodEnd{Date: d}, true)...)
			rows = append(rows, g.rows(place{node: n, rest: true}, tool, adoption.PeriodEnd{Date: d}, false)...)
		}
	}
	return rows
}

func (w *world) population(people []uint64) []uint64 {
	p := make([]uint64, len(w.leaf))
	for i, leaf := range w.leaf {
		p[i] = people[leaf]
	}
	return p
}

func TestNoFigureOfASmallGroupCanBeComputed(t *testing.T) {
	for seed := range uint64(150) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 1)))
		d := w.days[0]
		g := newGate(w.snap, w.scope, w.raw, w.k)
		n := len(w.leaf)
		rows := w.everything(d)
		acts := &equations{width: 4 * n}
		for ti, tool := range []string{"a", "b", "c", adoption.AllTools} {
			e := &equations{width: 2 * n} // the enabled of each leaf, then the others of each
			for _, row := range rows {
				if row.Tool != tool {
					continue
				}
				w.observe(e, row)
				if row.Actions != nil && *row.Actions > 0 {
					acts.add(acts.vector(w.actionUnknowns(row)...))
				}
			}
			what := fmt.Sprintf("seed %d, tool %s", seed, tool)
			enabled, others := w.population(g.enabledPeople(d, tool)), w.population(g.otherPeople(d, tool))
			for i := range n { // what nobody is in is known to be zero, in both populations
				if enabled[i] == 0 {
					e.add(e.vector(i))
				}
			}
			assertNothingSmall(t, e, others, n, w.k, what+", the others")
			assertNothingSmall(t, e, enabled, 0, w.k, what+", the enabled")
			if tool != adoption.AllTools {
				for i := range n {
					if enabled[i] == 0 {
						acts.add(acts.vector(ti*n + i))
					}
				}
			}
		}
		for ti, tool := range []string{"a", "b", "c"} {
			assertNothingSmall(t, acts, w.population(g.enabledPeople(d, tool)), ti*n, w.k, fmt.Sprintf("seed %d, actions of %s", seed, tool))
		}
	}
}

// observe adds what a row tells about active_28, active_not_enabled and, by its coverage, about both.
func (w *world) observe(e *equations, row AdoptionRow) {
	n := len(w.leaf)
	if row.Active28 != nil {
		e.add(e.vector(bits(*row.Active28, 0)...))
	}
	if v := row.ActiveNotEnabled; v != nil {
		ones := bits(*v>>unassignedBits, n)
		if *v&(1<<unassignedBits-1) != 0 {
			ones = append(ones, 2*n-1)
		}
		e.add(e.vector(ones...))
	}
	use := w.raw.use[dayTool{row.Date, row.Tool}]
	lost, everybody := use[w.leaf[n-1]].activeNotEnabled, use[0].active28+use[0].activeNotEnabled
	if row.Trust.Coverage != nil && lost > 0 {
		// 1 − coverage = lost ÷ everybody: (lost ÷ everybody) · Σ all unknowns − the unassigned one = 0
		v := e.vector()
		for i := range v {
			v[i].SetFrac(new(big.Int).SetUint64(lost), new(big.Int).SetUint64(everybody))
		}
		v[2*n-1] = new(big.Rat).Sub(v[2*n-1], big.NewRat(1, 1))
		e.add(v)
	}
}

// actionUnknowns reads off a row which leaves' actions with which tool it adds up.
func (w *world) actionUnknowns(row AdoptionRow) []int {
	last, n := len(w.leaf)-1, len(w.leaf)
	var ones []int
	for _, bit := range bits(*row.Actions, 0) {
		ones = append(ones, bit/last*n+bit%last)
	}
	return ones
}

func TestLifeCyclesRevealNoSmallGroupOfTheWeeksLastDay(t *testing.T) {
	for seed := range uint64(150) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 2)))
		g := newGate(w.snap, w.scope, w.raw, w.k)
		for _, tool := range []string{"a", "b", "c", adoption.AllTools} {
			e := &equations{width: len(w.leaf)}
			for _, d := range w.days {
				for _, row := range w.everything(d) {
					if row.Tool == tool && row.Returning != nil {
						e.add(e.vector(bits(*row.Returning, 0)...))
					}
				}
			}
			sunday := w.days[6]
			assertNothingSmall(t, e, w.population(g.enabledPeople(sunday, tool)), 0, w.k, fmt.Sprintf("seed %d, tool %s", seed, tool))
		}
	}
}
