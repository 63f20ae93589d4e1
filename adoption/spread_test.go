package adoption_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func histogram(bars ...uint64) (h adoption.Histogram) {
	for i := 0; i < len(bars); i += 2 {
		h.Add(bars[i], bars[i+1])
	}
	return h
}

func TestBarsAreInOrderAndEachAmountIsThereOnce(t *testing.T) {
	h := histogram(5, 1, 0, 2, 9, 0, 5, 3, 2, 1)
	require.Equal(t, adoption.Histogram{{0, 2}, {2, 1}, {5, 4}}, h)
	other := histogram(2, 2, 7, 1)
	require.Equal(t, adoption.Histogram{{0, 2}, {2, 3}, {5, 4}, {7, 1}}, h.Merge(other))
	require.Equal(t, h.Merge(other), other.Merge(h))
	require.Equal(t, adoption.Histogram{{0, 2}, {2, 1}, {5, 4}}, h, "merging changes neither")
	require.Equal(t, adoption.Histogram{{2, 2}, {7, 1}}, other)
	require.Equal(t, uint64(7), h.People())
	require.Zero(t, adoption.Histogram(nil).People())

	merged := h.Merge(nil)
	merged.Add(5, 10)
	require.Equal(t, uint64(4), h[2].People, "nor is a merged one part of it")
}

// People with 1, 1, 1, 4, 10 and 20 actions: the sum is 37, the mean 37/6, the middle two have 1 and 4.
func TestMedianAndMean(t *testing.T) {
	h := histogram(1, 3, 4, 1, 10, 1, 20, 1)
	median, ok := h.Median()
	require.True(t, ok)
	require.Equal(t, 2.5, median)
	mean, ok := h.Mean()
	require.True(t, ok)
	require.InDelta(t, 6.1666667, mean, 1e-6)

	h.Add(3, 1) // 1 1 1 3 4 10 20
	median, _ = h.Median()
	require.Equal(t, 3.0, median)

	_, ok = adoption.Histogram(nil).Median()
	require.False(t, ok)
	_, ok = adoption.Histogram(nil).Mean()
	require.False(t, ok)
}

// Five people with 0, 10, 20, 30, 100: the places 0 to 4. At q = 0.9 the place is 3.6: 30 + 0.6·70 = 72.
func TestQuantilesLieBetweenPeople(t *testing.T) {
	h := histogram(0, 1, 10, 1, 20, 1, 30, 1, 100, 1)
	for q, want := range map[float64]float64{0: 0, 0.25: 10, 0.5: 20, 0.9: 72, 1: 100, 0.125: 5} {
		got, ok := h.Quantile(q)
		require.True(t, ok)
		require.InDelta(t, want, got, 1e-12, "%v", q)
	}
	for _, q := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		_, ok := h.Quantile(q)
		require.False(t, ok, "%v", q)
	}
}

func TestConcentrationIsTheFewestPeopleWithHalf(t *testing.T) {
	for _, c := range []struct {
		name string
		h    adoption.Histogram
		want adoption.Concentration
	}{
		// 100 in all: the one with 50 has the half, exactly.
		{"exactly half", histogram(50, 1, 10, 5), adoption.Concentration{People: 1, Of: 6}},
		// 99 in all, half is 49.5: 49 is not enough, the second one is needed.
		{"just under half", histogram(49, 1, 10, 5), adoption.Concentration{People: 2, Of: 6}},
		// 30 + 10·7 = 100: 30 + 7 + 7 = 44, + 7 = 51: the first and three of the ten.
		{"inside a bar", histogram(30, 1, 7, 10), adoption.Concentration{People: 4, Of: 11}},
		// 10 people with 3 each: 15 is five of them.
		{"all alike", histogram(3, 10), adoption.Concentration{People: 5, Of: 10}},
		// 11 people with 3 each: 16.5 needs six.
		{"all alike, odd", histogram(3, 11), adoption.Concentration{People: 6, Of: 11}},
		// Those who are active and contribute nothing are of the active people.
		{"most contribute nothing", histogram(0, 98, 5, 2), adoption.Concentration{People: 1, Of: 100}},
		{"one", histogram(7, 1), adoption.Concentration{People: 1, Of: 1}},
	} {
		got, ok := c.h.Concentration()
		require.True(t, ok, c.name)
		require.Equal(t, c.want, got, c.name)
	}
	c, _ := histogram(30, 1, 7, 10).Concentration()
	require.InDelta(t, 0.363636, c.Share(), 1e-6)
	for _, h := range []adoption.Histogram{nil, histogram(0, 12)} {
		_, ok := h.Concentration()
		require.False(t, ok, "nothing was made")
	}
}

func TestEIIndexAndCrossUnit(t *testing.T) {
	for _, c := range []struct {
		internal, external uint64
		index, share       float64
	}{
		{30, 10, -0.5, 0.25}, // (10 − 30) ÷ 40; 10 of 40
		{0, 9, 1, 1},
		{9, 0, -1, 0},
		{4, 4, 0, 0.5},
		{math.MaxUint64, math.MaxUint64, 0, 0.5},
	} {
		index, ok := adoption.EIIndex(c.internal, c.external)
		require.True(t, ok)
		require.Equal(t, c.index, index)
		share, ok := adoption.CrossUnit(c.internal, c.external)
		require.True(t, ok)
		require.Equal(t, c.share, share)
	}
	_, ok := adoption.EIIndex(0, 0)
	require.False(t, ok)
	_, ok = adoption.CrossUnit(0, 0)
	require.False(t, ok)
}

// Random companies of up to four units, their amounts as plain lists: what the merged histogram says is what sorting
// and counting the people one by one says.
func TestHistogramsSayWhatListsOfPeopleSay(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 2_000 {
		var merged adoption.Histogram
		var list []uint64
		for range 1 + r.IntN(4) {
			var unit adoption.Histogram
			for range r.IntN(12) {
				amount := r.Uint64N(1 + r.Uint64N(30))
				if r.IntN(10) == 0 {
					amount *= 1_000
				}
				unit.Add(amount, 1)
				list = append(list, amount)
			}
			merged = merged.Merge(unit)
		}
		slices.Sort(list)
		require.True(t, slices.IsSortedFunc(merged, func(a, b adoption.Bar) int { return int(a.Amount) - int(b.Amount) }))
		require.Equal(t, uint64(len(list)), merged.People())
		sum := uint64(0)
		for _, amount := range list {
			sum += amount
		}

		mean, ok := merged.Mean()
		require.Equal(t, len(list) > 0, ok)
		if ok {
			require.Equal(t, float64(sum)/float64(len(list)), mean)
			median, _ := merged.Median()
			require.Equal(t, float64(list[(len(list)-1)/2]+list[len(list)/2])/2, median)
			place := r.IntN(len(list)) // at the place of a person, the quantile is his amount
			if n := len(list) - 1; n > 0 {
				quantile, _ := merged.Quantile(float64(place) / float64(n))
				require.InDelta(t, list[place], quantile, 1e-6*float64(1+list[n]))
			}
		}

		concentration, ok := merged.Concentration()
		require.Equal(t, sum > 0, ok)
		if ok {
			made, people := uint64(0), 0
			for 2*made < sum {
				people++
				made += list[len(list)-people]
			}
			require.Equal(t, adoption.Concentration{People: uint64(people), Of: uint64(len(list))}, concentration)
		}
	}
}

// Merging all at once and one after the other are the same, for amounts small and large.
func TestMergedHistograms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var all []adoption.Histogram
		want := adoption.Histogram{}
		for range r.IntN(6) {
			var h adoption.Histogram
			for range r.IntN(40) {
				h.Add([]uint64{r.Uint64N(8), 1020 + r.Uint64N(8), r.Uint64() >> r.IntN(64)}[r.IntN(3)], 1+r.Uint64N(3))
			}
			all, want = append(all, h), want.Merge(h)
		}
		before := fmt.Sprint(all)
		require.Equal(t, want, adoption.Merged(all))
		require.Equal(t, before, fmt.Sprint(all))
	}
}
