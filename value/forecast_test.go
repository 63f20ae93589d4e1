package value_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value"
)

// People adopt by chance; at some week the curve is fitted, and what they really did 1, 4, 8 and 13 weeks later is held
// against the band. Four of five times it must have been inside: over all 75 to 85 %, 70 to 90 % within each kind of
// diffusion. Counts are whole people and the band includes both its ends, so a count on an end is half inside.
func TestTheBandHoldsFourOfFiveFutures(t *testing.T) {
	source := rand.NewPCG(11, 11)
	horizons := []int{1, 4, 8, 13}
	fitted, inside := 0, make([]float64, len(horizons))
	for _, c := range []struct{ m, p, q, enabled, reached float64 }{
		{1_000, 0.005, 0.2, 1_000, 0.75}, // all will
		{1_000, 0.005, 0.2, 2_500, 0.9},
		{200, 0.01, 0.15, 400, 0.9},
		{200, 0.01, 0.15, 200, 0.75},
		{1_000, 0.05, 0, 1_500, 0.75}, // no imitation
		{5_000, 0.01, 0.1, 8_000, 0.75},
	} {
		weeks := weeksUntil(c.reached, c.p, c.q)
		runs, within := 0, 0.0
		for range 110 {
			curve := people(c.m, c.p, c.q, weeks+13, source)
			fit, err := value.Fit(curve[:weeks], c.enabled)
			if err != nil {
				continue
			}
			runs++
			forecast := fit.Forecast(13)
			for i, ahead := range horizons {
				held := holds(forecast[ahead-1], curve[weeks+ahead-1])
				inside[i] += held
				within += held
			}
		}
		require.Greater(t, runs, 80)
		fitted += runs
		require.InDelta(t, 0.8, within/float64(runs*len(horizons)), 0.1, "%+v", c)
	}
	require.GreaterOrEqual(t, fitted, 500)
	for i, ahead := range horizons {
		require.InDelta(t, 0.8, inside[i]/float64(fitted), 0.05, "%d weeks ahead, of %d", ahead, fitted)
	}
}

// holds is 1 where the count is between the ends of the band, a half where it is one of them.
func holds(p value.Point, count float64) float64 {
	switch {
	case p.Low < count && count < p.High:
		return 1
	case p.Low == count || count == p.High:
		return 0.5
	}
	return 0
}

func TestAForecastGoesOnFromTheLastCount(t *testing.T) {
	curve := bassCurve(10_000, 0.01, 0.15, 25)
	fit, err := value.Fit(curve, 15_000)
	require.NoError(t, err)
	forecast := fit.Forecast(30)
	require.Len(t, forecast, 30)
	require.Empty(t, fit.Forecast(0))
	before := value.Point{Adopters: curve[24], Low: curve[24], High: curve[24]}
	for i, p := range forecast {
		require.Equal(t, i+1, p.Week)
		require.LessOrEqual(t, p.Low, p.Adopters)
		require.LessOrEqual(t, p.Adopters, p.High)
		require.GreaterOrEqual(t, p.Low, before.Low, "nobody un-adopts")
		require.GreaterOrEqual(t, p.Adopters, before.Adopters)
		require.LessOrEqual(t, p.High, 15_000.0)
		before = p
	}
	// The exact curve: in 8 weeks m·F(33), in 30 weeks m·F(55).
	require.InEpsilon(t, 10_000*share(33, 0.01, 0.15), forecast[7].Adopters, 0.02)
	require.InEpsilon(t, 10_000*share(55, 0.01, 0.15), forecast[29].Adopters, 0.02)
	require.InEpsilon(t, 10_000*(share(33, 0.01, 0.15)-share(25, 0.01, 0.15)), fit.Expected(8), 0.001)
	require.Greater(t, forecast[29].High-forecast[29].Low, forecast[0].High-forecast[0].Low)
}

func TestWhenAllHaveAdoptedNothingMoreIsForecast(t *testing.T) {
	curve := people(300, 0.05, 0.3, 60, rand.NewPCG(2, 2))
	require.Equal(t, 300.0, curve[59])
	fit, err := value.Fit(curve, 300)
	require.NoError(t, err)
	require.Equal(t, 300.0, fit.M)
	for _, p := range fit.Forecast(10) {
		require.Equal(t, [3]float64{300, 300, 300}, [3]float64{p.Low, p.Adopters, p.High})
	}
}
