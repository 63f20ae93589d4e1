package query

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// A viewer asks for everything there is about collaboration on some days: every unit and rest, every tool and all of
// them, every span of these days. Unknown to him is how much the people of each leaf of the tree interacted with those
// of each other one, on each day and with each tool. The test demands that the equations he gets determine no figure
// of a small group at either end: that no combination of them is made of unknowns alone whose senders (or receivers)
// are of leaves that together hold 1 to k−1 people of one of the two populations that are judged.
//
// Hiding looks at sizes alone, so an answer can be had of any figures: given powers of two, it tells which unknowns each
// of its figures is made of.

// pairWorld is a random company with two days of sizes.
type pairWorld struct {
	*world
	days   []adoption.Day
	tools  []string
	leaves []int // nodes that people are placed in
	judge  func(*pairGate)
}

func randomPairWorld(r *rand.Rand) *pairWorld {
	for {
		w := &pairWorld{world: randomWorld(r), judge: (*pairGate).judge}
		w.days, w.leaves = w.world.days[:2], w.leaf[:len(w.leaf)-1]
		for _, t := range w.snap.tools[:2] {
			w.tools = append(w.tools, t.ID)
		}
		w.snap.tools = w.snap.tools[:2]
		if len(w.leaves) <= 6 {
			return w
		}
	}
}

// An unknown is a day, a tool, a leaf that sends and one that receives.
func (w *pairWorld) unknowns() int { return len(w.days) * len(w.tools) * len(w.leaves) * len(w.leaves) }

func (w *pairWorld) unknown(d, t, from, to int) int {
	return ((d*len(w.tools)+t)*len(w.leaves)+from)*len(w.leaves) + to
}

// ask answers a question of the company in which the unknowns are what values says: the figures by their names. (People
// placed directly in a unit that they have left have a row, of a group that is shown, only where they did something.)
func (w *pairWorld) ask(at place, tool string, days []adoption.Day, values []uint64) map[string]uint64 {
	g := &pairGate{gate: newGate(w.snap, w.scope, w.raw, w.k), n: at.node, rest: at.rest, days: days,
		end: adoption.PeriodEnd{Date: days[len(days)-1]}, tool: tool, tools: []string{tool}}
	if tool == adoption.AllTools {
		g.tools = w.snap.countedTools()
	}
	w.judge(g)
	g.pairs = newRawPairs(w.scope, at.node)
	for d, day := range w.days {
		if !slices.Contains(days, day) {
			continue
		}
		for t, tool := range w.tools {
			for i, from := range w.leaves {
				for j, to := range w.leaves {
					g.pairs.flowsOf(tool)[w.placeOf(g, from)][w.placeOf(g, to)] += values[w.unknown(d, t, i, j)]
				}
			}
		}
	}
	answer := &CollaborationAnswer{}
	g.write(answer, true)
	figures := map[string]uint64{}
	for _, row := range answer.Rows {
		if row.Internal != nil {
			figures[row.Unit+" internal"], figures[row.Unit+" sent"], figures[row.Unit+" received"] = *row.Internal, *row.Sent, *row.Received
		}
	}
	for i, line := range answer.Matrix.Interactions {
		for j, n := range line {
			figures[answer.Matrix.Units[i]+" to "+answer.Matrix.Units[j]] = n
		}
	}
	return figures
}

// placeOf is the place of the people of a leaf.
func (w *pairWorld) placeOf(g *pairGate, leaf int) int {
	for n := leaf; n >= 0; n = w.scope.nodes[n].parent {
		if place, there := g.pairs.place[n]; there {
			return place
		}
	}
	return g.pairs.outside()
}

// learn is every equation that all answers together give.
func (w *pairWorld) learn() *residues {
	e := &residues{}
	const packed = 60 // powers of two that a figure holds at once
	for _, tool := range append(slices.Clone(w.tools), adoption.AllTools) {
		for _, days := range [][]adoption.Day{w.days[:1], w.days[1:], w.days} {
			for n := range w.scope.nodes {
				for _, rest := range []bool{false, true} {
					rows := map[string][]uint64{}
					for first := 0; first < w.unknowns(); first += packed {
						values := make([]uint64, w.unknowns())
						for i := first; i < min(first+packed, len(values)); i++ {
							values[i] = 1 << (i - first)
						}
						for f, figure := range w.ask(place{node: n, rest: rest}, tool, days, values) {
							if rows[f] == nil {
								rows[f] = make([]uint64, w.unknowns())
							}
							for _, i := range bits(figure, first) {
								rows[f][i] = 1
							}
						}
					}
					for _, f := range slices.Sorted(maps.Keys(rows)) {
						e.add(rows[f])
					}
				}
			}
		}
	}
	return e
}

// side is one of the two ends, and one of the two populations that are judged.
type side struct{ senders, enabled bool }

// ends are the leaf that is looked at, and the other one.
func (s side) ends(one, other int) (from, to int) {
	if s.senders {
		return one, other
	}
	return other, one
}

// breach is a small group of leaves of which something can be computed, nil where there is none.
func (w *pairWorld) breach() []int {
	learned := w.learn()
	for _, s := range []side{{true, false}, {false, false}, {true, true}, {false, true}} {
		if members := w.breachOf(s, learned.clone()); members != nil {
			return members
		}
	}
	return nil
}

func (w *pairWorld) breachOf(s side, e *residues) []int {
	g := newGate(w.snap, w.scope, w.raw, w.k)
	populations := map[[2]int][]uint64{}
	for d, day := range w.days {
		heads := w.population(g.headcount(day))
		for t, tool := range w.tools {
			p := heads
			if s.enabled {
				p = w.population(g.enabledPeople(day, tool))
			}
			populations[[2]int{d, t}] = p
			for i := range w.leaves {
				for j := range w.leaves {
					// Everybody knows what people do who are not there, and with himself nobody does anything. And let there be somebody
					// who knows all about leaves that nobody of the population is in.
					if p[i] == 0 || heads[j] == 0 || i == j && heads[i] == 1 {
						from, to := s.ends(i, j)
						row := make([]uint64, w.unknowns())
						row[w.unknown(d, t, from, to)] = 1
						e.add(row)
					}
				}
			}
		}
	}
	for set := uint64(1); set < 1<<len(w.leaves); set++ {
		members := bits(set, 0)
		theirs := make([]bool, w.unknowns()) // what is not known of those with an end in the set, where it is small
		there := false
		for d, day := range w.days {
			heads := w.population(g.headcount(day))
			for t := range w.tools {
				p := populations[[2]int{d, t}]
				if !w.isSmall(p, members) {
					continue
				}
				for _, i := range members {
					for j := range w.leaves {
						if p[i] > 0 && heads[j] > 0 && (i != j || heads[i] > 1) {
							from, to := s.ends(i, j)
							theirs[w.unknown(d, t, from, to)], there = true, true
						}
					}
				}
			}
		}
		if there && e.within(theirs) {
			return members
		}
	}
	return nil
}

func (w *pairWorld) isSmall(population []uint64, members []int) bool {
	var people uint64
	for _, i := range members {
		people += population[i]
	}
	return small(people, w.k)
}

func TestNoInteractionsOfASmallGroupCanBeComputed(t *testing.T) {
	shown, open := 0, 0
	for seed := range uint64(40) {
		w := randomPairWorld(rand.New(rand.NewPCG(seed, 3)))
		if members := w.breach(); members != nil {
			t.Fatalf("seed %d, k = %d: interactions of leaves %v can be computed", seed, w.k, members)
		}
		shown += len(w.learn().rows)
		// The attack finds something where only what is small by itself is hidden.
		w.judge = judgeCarelessly
		if w.breach() != nil {
			open++
		}
	}
	require.Greater(t, shown, 40*2, "most is hidden: the test proves little")
	require.Greater(t, open, 10, "nothing needs to be hidden beside what is small: the test proves nothing")
}

// judgeCarelessly hides groups that are too small on the last day, and nothing to guard them.
func judgeCarelessly(g *pairGate) {
	g.hides = make([]bool, len(g.scope.nodes))
	for n, people := range g.enabledPeople(g.end.Date, g.tool) {
		parent := g.scope.nodes[n].parent
		g.hides[n] = small(people, g.k) || parent >= 0 && g.hides[parent]
	}
}
