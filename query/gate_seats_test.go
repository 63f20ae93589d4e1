package query

import (
	"fmt"
	"math/rand/v2"
	"testing"
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
