package query

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// A viewer asks for what was done with a tool on three days: for every unit, its children and its rest, and over every
// span of these days. Unknown to him is what the people of each leaf of the tree did on each day. The test demands that
// the equations he gets determine the figure of no set of leaves whose population is smaller than k: neither on one of the
// days, nor over several on which the set is always that small. Each unknown is a power of two, so that a figure tells
// which ones it is made of.
func TestActionsOfNoSmallGroupCanBeComputed(t *testing.T) {
	seen := 0
	for seed := range uint64(60) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 33)))
		days, n := w.days[:3], len(w.leaf)
		tool := []string{"a", "b", "c"}[seed%3]
		e := &equations{width: len(days) * n}
		for from := range days {
			for to := from; to < len(days); to++ {
				for _, row := range w.actionsOf(tool, days, from, to) {
					require.LessOrEqual(t, row.Days+row.DaysLeftOut, to-from+1)
					if row.Contribute == nil {
						require.Zero(t, row.Days)
						require.Nil(t, row.Parts)
						continue
					}
					seen++
					e.add(e.vector(bits(*row.Contribute, 0)...))
					for _, part := range row.Parts {
						e.add(e.vector(bits(part.Quantity, 0)...))
					}
				}
			}
		}
		populations := make([][]uint64, len(days))
		for d, day := range days {
			populations[d] = w.population(newGate(w.snap, w.scope, w.raw, w.k).enabledPeople(day, tool))
			assertNothingSmall(t, e, populations[d], d*n, w.k, fmt.Sprintf("seed %d, tool %s, day %d", seed, tool, d))
		}
		for set := uint64(1); set < 1<<n; set++ {
			if v, small := smallOnAll(e, populations, set, w.k); small && e.determines(v) {
				t.Fatalf("seed %d, tool %s: what leaves %v did over all days can be computed", seed, tool, bits(set, 0))
			}
		}
	}
	require.Greater(t, seen, 1000)
}

// smallOnAll is the sum of a set of leaves over all days; small tells whether it holds 1 to k−1 people on some, and never more.
func smallOnAll(e *equations, populations [][]uint64, set, k uint64) (v []*big.Rat, isSmall bool) {
	var ones []int
	for d, population := range populations {
		var people uint64
		for _, i := range bits(set, 0) {
			people += population[i]
			ones = append(ones, d*len(population)+i)
		}
		if people >= k {
			return nil, false
		}
		isSmall = isSmall || people > 0
	}
	return e.vector(ones...), isSmall
}

// actionsOf is every row of a span of days. The last day's counts by action are of other people than are judged.
func (w *world) actionsOf(tool string, days []adoption.Day, from, to int) []ActionsRow {
	period := workPeriod{from: days[from], end: adoption.PeriodEnd{Date: days[to]}, days: days[from : to+1]}
	var rows []ActionsRow
	for n := range w.scope.nodes {
		g := &workGate{gate: newGate(w.snap, w.scope, w.raw, w.k), tools: []string{tool}, top: n, by: ByAction,
			written: func(d adoption.Day) bool { return d != days[2] }}
		g.cut([]workPeriod{period})
		asked := g.asked(period.days)
		var works []workLine
		var counts []countLine
		for d := from; d <= to; d++ {
			for i, leaf := range w.leaf {
				if g.enabledPeople(days[d], tool)[leaf] > 0 && g.below(leaf) {
					line := workLine{first: asked.firstOf[0][days[d]], node: leaf}
					line.work.done[0] = 1 << (d*len(w.leaf) + i)
					works = append(works, line)
					counts = append(counts, countLine{first: line.first, node: leaf, part: partName{"contribute", "post", ""}, quantity: line.work.done[0]})
				}
			}
		}
		g.takeWork(works)
		g.takeCounts(counts)
		rows = append(rows, g.rowsOf(0, 0, &period, false, ActionsQuestion{Children: true})...)
		rows = append(rows, g.rowsOf(0, 0, &period, true, ActionsQuestion{})...)
	}
	return rows
}
