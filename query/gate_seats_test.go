package query

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// Whoever asks for all seats and all adoption of a day learns the figures of no group under k: neither of people who have
// held a seat for 28 days nor of the others. The unknowns are the idle of each leaf among the first, then among the others; what
// adoption tells is the sum of both.
func TestSeatsRevealNoSmallGroup(t *testing.T) {
	told := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		w := randomWorld(r)
		d, n := w.days[0], len(w.leaf)
		for _, tool := range []string{"a", "c"} { // licensed in every world
			g := &seatGate{gate: newGate(w.snap, w.scope, w.raw, w.k), day: d, seats: map[string][]rawSeats{tool: make([]rawSeats, len(w.scope.nodes))}}
			enabled := w.population(g.enabledPeople(d, tool))
			long, short := make([]uint64, n), make([]uint64, n)
			for i, leaf := range w.leaf {
				long[i] = enabled[i] - min(enabled[i], r.Uint64N(w.k))
				if r.IntN(3) == 0 {
					long[i] = enabled[i]
				}
				short[i] = enabled[i] - long[i]
				cell := rawSeats{held: enabled[i], seasoned: long[i]}
				if long[i] > 0 {
					cell.idle = 1 << i
				}
				g.seats[tool][leaf] = cell
			}
			sumUp(w.scope, g.seats[tool], (*rawSeats).add)
			e := &equations{width: 2 * n}
			for _, row := range w.everything(d) {
				if row.Tool != tool || row.Active28 == nil {
					continue
				}
				var ones []int
				for _, i := range bits(*row.Active28, 0) {
					ones = append(ones, i, n+i)
				}
				e.add(e.vector(ones...))
			}
			for at := range w.snap.tree.nodes {
				for _, p := range []place{{node: at}, {node: at, rest: true}} {
					for _, row := range g.rows(p, tool, true) {
						if row.Idle != nil {
							told++
							e.add(e.vector(bits(*row.Idle, 0)...))
						}
					}
				}
			}
			for i := range n {
				if long[i] == 0 {
					e.add(e.vector(i))
				}
				if short[i] == 0 {
					e.add(e.vector(n + i))
				}
			}
			what := fmt.Sprintf("seed %d, tool %s", seed, tool)
			assertNothingSmall(t, e, long, 0, w.k, what+", held for 28 days")
			assertNothingSmall(t, e, short, n, w.k, what+", held for less")
		}
	}
	if told < 300 {
		t.Fatalf("only %d figures were told: the test sees too little", told)
	}
}

// Adoption is shown of u and v, the inactive of both parts together. With those of all who have held their seat for 28 days,
// the first part of u less the second of v is known: (u₁ + v₁) − (v₁ + v₂) = u₁ − v₂. These must be k people, here 5, though
// both parts are large in all: of 1 + 20 and of 20 + 2.
func TestSeatsTellNoDifferenceOfFew(t *testing.T) {
	tree := newTree([]adoption.Unit{{ID: "u", Parent: adoption.Company}, {ID: "v", Parent: adoption.Company}}, nil)
	s := tree.whole()
	judged := func(u, v seatParts) map[seatGroup]bool {
		parts, people := make([]seatParts, len(s.nodes)), make([]uint64, len(s.nodes))
		parts[s.at[tree.byID["u"]]], parts[s.at[tree.byID["v"]]] = u, v
		sumUp(s, parts, (*seatParts).add)
		for n, p := range parts {
			people[n] = p.long + p.short
		}
		j := &seatJudge{scope: s, p: divide(s, people, people, 5), order: people, k: 5, parts: parts}
		j.judge()
		return j.told
	}
	company, of := seatGroup{}, func(id string) seatGroup { return seatGroup{node: s.at[tree.byID[id]]} }
	told := judged(seatParts{1, 20}, seatParts{20, 2})
	require.False(t, told[company] || told[of("u")] || told[of("v")], "1 and 2 are 3")
	told = judged(seatParts{3, 20}, seatParts{20, 2})
	require.True(t, told[company], "3 and 2 are 5")
	require.False(t, told[of("u")] || told[of("v")])
	told = judged(seatParts{7, 20}, seatParts{20, 5})
	require.True(t, told[company] && told[of("u")] && told[of("v")])
	told = judged(seatParts{7, 20}, seatParts{20, 0})
	require.True(t, told[company] && told[of("u")] && told[of("v")], "v has one part only")
}
