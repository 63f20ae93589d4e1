package refresh_test

import (
	"slices"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// people lists each one's amount, the smallest first.
func (a *answers) people(unit, tool string, d adoption.Day, of func(spreadCell) map[uint64]uint64) (amounts []uint64) {
	for _, u := range a.unitsOf(unit) {
		for amount, people := range of(a.f.spread[cell{d, u, tool}]) {
			amounts = append(amounts, slices.Repeat([]uint64{amount}, int(people))...)
		}
	}
	slices.Sort(amounts)
	return amounts
}

// spread compares depth and concentration.
func (a *answers) spread(tool string, d adoption.Day) {
	a.t.Helper()
	q := query.AdoptionQuestion{Tool: tool, From: d, To: d, Grain: adoption.ByDay, Children: true}
	depth, err := a.ask.Depth(a.t.Context(), q)
	require.NoError(a.t, err)
	for _, row := range depth.Rows {
		acted := a.people(row.Unit, tool, d, func(c spreadCell) map[uint64]uint64 { return c.acted })
		require.Equal(a.t, []int{len(acted)}, told(row.Active28), "depth of %s, %s, %s", row.Unit, tool, d)
		if n := len(acted); n > 0 {
			middle := float64(acted[(n-1)/2]+acted[n/2]) / 2
			require.InDelta(a.t, middle/4, *row.ActionsPerWeekMedian, 1e-9, "depth of %s, %s, %s", row.Unit, tool, d)
		}
	}
	concentration, err := a.ask.Concentration(a.t.Context(), q)
	require.NoError(a.t, err)
	for _, row := range concentration.Rows {
		made := a.people(row.Unit, tool, d, func(c spreadCell) map[uint64]uint64 { return c.contributed })
		require.Equal(a.t, []int{len(made)}, told(row.Contributors), "concentration of %s, %s, %s", row.Unit, tool, d)
		var sum, most uint64
		for _, n := range made {
			sum += n
		}
		half := 0
		for 2*most < sum {
			half++
			most += made[len(made)-half]
		}
		if sum > 0 {
			require.Equal(a.t, []int{half}, told(row.HalfPeople), "concentration of %s, %s, %s", row.Unit, tool, d)
		}
		if tool != "all" {
			require.Equal(a.t, []int{int(sum)}, told(row.Contributions), "concentration of %s, %s, %s", row.Unit, tool, d)
		}
	}
}

// firstUse compares who has begun, how long it took, and activation.
func (a *answers) firstUse(tool string, d adoption.Day) {
	a.t.Helper()
	answer, err := a.ask.FirstUse(a.t.Context(), query.AdoptionQuestion{Tool: tool, From: d, To: d, Grain: adoption.ByDay, Children: true})
	require.NoError(a.t, err)
	for _, row := range answer.Rows {
		var waits []adoption.Day
		enabled30, activated30 := 0, 0
		for _, u := range a.unitsOf(row.Unit) {
			for _, b := range a.f.begin[cell{d, u, tool}] {
				begun := b.used >= 0 && b.used <= d
				if begun {
					waits = append(waits, b.used-b.enabled)
				}
				if b.enabled <= d-30 {
					enabled30++
					if begun && b.used-b.enabled <= 30 {
						activated30++
					}
				}
			}
		}
		slices.Sort(waits)
		require.Equal(a.t, []int{len(waits), enabled30, activated30}, told(row.Started, row.Enabled30, row.Activated30), "first use of %s, %s, %s", row.Unit, tool, d)
		if n := len(waits); n > 0 {
			require.InDelta(a.t, float64(waits[(n-1)/2]+waits[n/2])/2, *row.MedianDays, 1e-9, "first use of %s, %s, %s", row.Unit, tool, d)
		}
	}
}
