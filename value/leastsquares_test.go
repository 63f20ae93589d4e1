package value

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Five years of a durable, millions, and the estimates that Bass's regression gives, from the solution of an exercise of
// MIT's course 2.555A.
func TestTheDiscreteRegressionIsBasss(t *testing.T) {
	v, ok := discreteRegression([]float64{0.517, 1.169, 1.604, 2.044, 2.286})
	require.True(t, ok)
	require.InDelta(t, 10.5036768, v[0], 1e-6)
	require.InDelta(t, 0.0626032, v[1], 1e-7)
	require.InDelta(t, 0.73766359, v[2], 1e-7)

	for _, weekly := range [][]float64{
		{1, 2, 5, 14, 50, 200},      // c > 0: grows ever faster
		{3, 3, 3, 3, 3, 3},          // no m
		{8, 0, 0, 0, 0, 0, 0},       // two places only
		{math.NaN(), 1, 2, 3, 4, 5}, // nothing
	} {
		_, ok := discreteRegression(weekly)
		require.False(t, ok, "%v", weekly)
	}
}

// Colour televisions 1963–1970: published m = 39.66 million, p = 0.0185, q = 0.6159 (Srinivasan & Mason 1986). Eight
// years are too few for Fit, not for the estimate.
func TestTheEstimateIsTheOnePublishedForColourTelevisions(t *testing.T) {
	weekly := []float64{747, 1480, 2646, 5118, 5777, 5982, 5962, 4631}
	best, _, converged := leastSquares{weekly: weekly, low: vector{32_343, minP, 0}, high: vector{1e6, maxP, maxQ}}.solve()
	require.True(t, converged)
	require.InDelta(t, 39_660, best[0], 5)
	require.InDelta(t, 0.0185, best[1], 0.00005)
	require.InDelta(t, 0.6159, best[2], 0.00005)
}

func TestDerivativesAreThoseOfTheCurve(t *testing.T) {
	for _, c := range [][3]float64{{1, 0.01, 0.2}, {30, 0.001, 0.4}, {5, 0.3, 0}, {12, 1e-6, 1}, {200, 0.02, 0.1}} {
		const h = 1e-7
		at := func(p, q float64) float64 { f, _, _ := bassShare(c[0], p, q); return f }
		_, byP, byQ := bassShare(c[0], c[1], c[2])
		hp := h * c[1]
		require.InDelta(t, (at(c[1]+hp, c[2])-at(c[1]-hp, c[2]))/(2*hp), byP, 1e-5*(1+math.Abs(byP)))
		require.InDelta(t, (at(c[1], c[2]+h)-at(c[1], c[2]-h))/(2*h), byQ, 1e-5*(1+math.Abs(byQ)))
		now, _, _ := bassShare(c[0], c[1], c[2])
		next, _, _ := bassShare(c[0]+1, c[1], c[2])
		require.InDelta(t, next, bassNext(now, c[1], c[2]), 1e-12)
	}
	require.Equal(t, 1.0, bassNext(1, 0.01, 0.2))
}

func TestACurvePeaksWhereItIsMadeTo(t *testing.T) {
	for _, c := range [][2]float64{{10, 0.3}, {50, 0.05}, {30, 0.01}, {12, 1}} {
		p := peakingAt(c[0], c[1])
		require.InEpsilon(t, c[0], math.Log(c[1]/p)/(p+c[1]), 1e-9)
	}
}
