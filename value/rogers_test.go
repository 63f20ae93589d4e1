package value_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value"
)

// 50 people: 2.5 % are 1.25, so the second fills the innovators; 16 % are 8; 50 % are 25; 84 % are 42.
// The categories hold 2, 6, 17, 17 and 8.
func TestCategoriesAreOfTheEnabledInTheOrderOfAdoption(t *testing.T) {
	got, ok := value.Rogers([]float64{0, 1, 2, 2, 7, 8, 30}, 50)
	require.True(t, ok)
	require.Equal(t, []value.Category{
		{"innovators", 0.025, 2, 2, 2},
		{"early_adopters", 0.16, 6, 6, 5},
		{"early_majority", 0.5, 17, 17, 6},
		{"late_majority", 0.84, 17, 5, -1},
		{"laggards", 1, 8, 0, -1},
	}, got)
}

// Ten people: 0.25 → the 1st, 1.6 → the 2nd, 5 → the 5th, 8.4 → the 9th.
func TestInASmallGroupCategoriesAreWholePeople(t *testing.T) {
	got, ok := value.Rogers([]float64{1, 10}, 10)
	require.True(t, ok)
	var sizes []float64
	var weeks []int
	for _, c := range got {
		require.Equal(t, c.Size, c.Adopters)
		sizes, weeks = append(sizes, c.Size), append(weeks, c.Week)
	}
	require.Equal(t, []float64{1, 1, 3, 4, 1}, sizes)
	require.Equal(t, []int{0, 1, 1, 1, 1}, weeks)
}

func TestNobodyHasNoCategories(t *testing.T) {
	for _, enabled := range []float64{0, -1, math.NaN()} {
		_, ok := value.Rogers(nil, enabled)
		require.False(t, ok)
	}
	_, ok := value.Rogers([]float64{2, 1}, 5)
	require.False(t, ok)
	got, ok := value.Rogers(nil, 5)
	require.True(t, ok)
	require.Len(t, got, 5)
	require.Equal(t, -1, got[0].Week)
}

// Every adopter is in one category: the first whose share is not below his place among the enabled.
func TestCategoriesCountEveryAdopterOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 500 {
		enabled := 1 + r.IntN(3_000)
		adopters := r.IntN(enabled + 1)
		got, ok := value.Rogers([]float64{float64(adopters)}, float64(enabled))
		require.True(t, ok)
		want := make([]float64, 5)
		open := make([]bool, 5) // whether the one who fills it is still to come
		place := 0
		for i, mille := range []int{25, 160, 500, 840, 1000} {
			open[i] = true
			for place < adopters && open[i] {
				if place*1000 >= mille*enabled { // the people before this one are the share already
					open[i] = false
					break
				}
				place++
				want[i]++
			}
		}
		for i, c := range got {
			require.Equal(t, want[i], c.Adopters, "%d of %d: %s", adopters, enabled, c.Name)
		}
	}
}
