package effect_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/effect"
)

// changed are units with a change each, from 0.
func changed(by ...float64) []effect.Unit {
	units := make([]effect.Unit, len(by))
	for i, c := range by {
		units[i] = effect.Unit{Before: []float64{0}, After: []float64{c}}
	}
	return units
}

// Student's data of 1908 on two sleeping drugs, as R ships them (dataset sleep). R's t.test(extra ~ group, var.equal =
// TRUE): difference 0.75 − 2.33 = −1.58, t = −1.8608, df = 18, p = 0.07919, interval −3.363874 to 0.203874.
func TestStudentsSleep(t *testing.T) {
	e, err := effect.Differences(
		changed(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
		changed(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4))
	require.NoError(t, err)
	require.InDelta(t, -1.58, e.Effect, 1e-9)
	require.InDelta(t, -1.8608, e.Effect/e.Error, 5e-5)
	require.Equal(t, 18, e.Freedom)
	require.InDelta(t, 0.07919, e.P, 5e-6)
	require.InDelta(t, -3.363874, e.Low, 5e-7)
	require.InDelta(t, 0.203874, e.High, 5e-7)
}

// Card & Krueger (1994), "Minimum wages and employment", table 3: employment in stores of New Jersey 20.44 before and
// 21.03 after, of Pennsylvania 23.33 and 21.17; difference in differences 2.76 (from unrounded means; these give 2.75).
func TestCardAndKrueger(t *testing.T) {
	state := func(before, after float64) []effect.Unit {
		units := make([]effect.Unit, 0, 3)
		for _, d := range []float64{-1, 0, 1} { // stores around the mean
			units = append(units, effect.Unit{Before: []float64{before - d, before - d}, After: []float64{after + d}})
		}
		return units
	}
	e, err := effect.Differences(state(20.44, 21.03), state(23.33, 21.17))
	require.NoError(t, err)
	require.InDelta(t, 2.76, e.Effect, 0.011)
	require.InDeltaSlice(t, []float64{20.44, 21.03, 23.33, 21.17}, []float64{e.Treated0, e.Treated1, e.Compared0, e.Compared1}, 1e-9)
}

// noise is a unit's course: a level of its own, weeks that vary, a common course, and an effect after the start.
func noise(r *rand.Rand, by float64) effect.Unit {
	u := effect.Unit{Before: make([]float64, 8), After: make([]float64, 8)}
	level := 50 + 10*r.NormFloat64()
	drift := r.NormFloat64() // a unit's own change, which its weeks share
	for w := range 8 {
		u.Before[w] = level + 2*r.NormFloat64()
		u.After[w] = level + 3 + drift + by + 2*r.NormFloat64()
	}
	return u
}

func side(r *rand.Rand, n int, by float64) []effect.Unit {
	units := make([]effect.Unit, n)
	for i := range units {
		units[i] = noise(r, by)
	}
	return units
}

// A known effect of 2 lies inside 95 % of intervals: of 1,000 runs 930 to 970 with 40 units (a binomial deviation is
// 7), at least 900 with 6.
func TestIntervalsCoverWhatWasPlanted(t *testing.T) {
	for _, c := range []struct{ treated, comparison, least, most int }{{20, 20, 930, 970}, {10, 30, 930, 970}, {3, 3, 900, 1000}} {
		r := rand.New(rand.NewPCG(5, uint64(c.treated)))
		covered := 0
		for range 1000 {
			e, err := effect.Differences(side(r, c.treated, 2), side(r, c.comparison, 0))
			require.NoError(t, err)
			if e.Low <= 2 && 2 <= e.High {
				covered++
			}
		}
		require.GreaterOrEqual(t, covered, c.least, "%+v", c)
		require.LessOrEqual(t, covered, c.most, "%+v", c)
	}
}

// By hand: changes 5, 6, 7 against 1, 2, 3. Of the 20 ways to choose three of the six only the one seen and its mirror
// have means 4 apart: p = 2 ÷ 20. With all changes alike every way is as extreme: 1.
func TestPermutationByHand(t *testing.T) {
	p, err := effect.Permutation(changed(5, 6, 7), changed(1, 2, 3))
	require.NoError(t, err)
	require.InDelta(t, 0.1, p, 1e-12)
	p, err = effect.Permutation(changed(1, 1, 1), changed(1, 1, 1, 1))
	require.NoError(t, err)
	require.InDelta(t, 1, p, 1e-12)
}

// Without an effect, p ≤ α in at most α of runs, for few units (all assignments) and many (drawn ones), and changes that
// are far from normal. 500 runs: 0.05 is 25 ± 5 of them; 40 is three deviations above.
func TestPermutationIsValid(t *testing.T) {
	for _, n := range []int{4, 12} {
		r := rand.New(rand.NewPCG(9, uint64(n)))
		low := 0
		for range 500 {
			draw := func() []effect.Unit {
				list := make([]float64, n)
				for i := range list {
					list[i] = math.Exp(2 * r.NormFloat64())
				}
				return changed(list...)
			}
			p, err := effect.Permutation(draw(), draw())
			require.NoError(t, err)
			if p <= 0.05 {
				low++
			}
		}
		require.LessOrEqual(t, low, 40, "%d units a side", n)
	}
}

// Cohen (1988), table 2.3.5 (two-sided, 5 %): with n = 20 a side an effect of 0.8 deviations has power 0.69, with
// n = 64 one of 0.5 has 0.80, with n = 26 one of 0.8 has 0.80 (table 2.4.1).
func TestPowerIsCohens(t *testing.T) {
	for _, c := range []struct {
		n        int
		d, power float64
	}{{20, 0.8, 0.69}, {64, 0.5, 0.80}, {26, 0.8, 0.80}, {20, 0, 0.05}} {
		power, err := effect.Plan{c.n, c.n, 1}.Power(c.d)
		require.NoError(t, err)
		require.InDelta(t, c.power, power, 0.01, "%+v", c)
	}
	d, err := effect.Plan{64, 64, 2}.Detectable(0.8)
	require.NoError(t, err)
	require.InDelta(t, 1.0, d, 0.01) // half of a deviation of 2
}

// The effect that a plan says it can detect is found in 80 % of simulated pilots of that size: of 1,000 runs 760 to 840.
func TestPowerIsMetInSimulation(t *testing.T) {
	// A unit's change varies by its drift (1) and the means of 8 weeks of 2 each: √(1 + 4/8 + 4/8) = √2.
	plan := effect.Plan{Treated: 8, Comparison: 12, Deviation: math.Sqrt2}
	by, err := plan.Detectable(0.8)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(3, 3))
	found := 0
	for range 1000 {
		e, err := effect.Differences(side(r, 8, by), side(r, 12, 0))
		require.NoError(t, err)
		if e.P < 0.05 {
			found++
		}
	}
	require.InDelta(t, 800, found, 40)
}

// Groups that were going apart before: slopes 1 and 0 a week, exactly.
func TestTrendAndPlacebo(t *testing.T) {
	rising := effect.Unit{Before: []float64{1, 2, 3, 4}, After: []float64{5}}
	flat := effect.Unit{Before: []float64{2, 2, 2, 2}, After: []float64{2}}
	a, b := []effect.Unit{rising, rising, rising}, []effect.Unit{flat, flat, flat}
	trend, err := effect.Trend(a, b)
	require.NoError(t, err)
	require.InDelta(t, 1, trend.Effect, 1e-12)
	require.Zero(t, trend.P)
	placebo, err := effect.Placebo(a, b) // 3.5 − 1.5
	require.NoError(t, err)
	require.InDelta(t, 2, placebo.Effect, 1e-12)

	_, err = effect.Trend(changed(1, 2, 3), changed(1, 2, 3))
	require.ErrorContains(t, err, "3 weeks")
	_, err = effect.Placebo(changed(1, 2, 3), changed(1, 2, 3))
	require.ErrorContains(t, err, "2 weeks")
}

func TestRegressionToTheMeanIsWarnedOf(t *testing.T) {
	level := func(l float64) effect.Unit { return effect.Unit{Before: []float64{l}, After: []float64{l}} }
	others := []effect.Unit{level(40), level(50), level(60)} // mean 50, deviation 10
	require.True(t, effect.ChosenForBeingLow([]effect.Unit{level(39)}, others))
	require.False(t, effect.ChosenForBeingLow([]effect.Unit{level(41)}, others))
}

func TestTooFewUnits(t *testing.T) {
	few, enough := changed(1, 2), changed(1, 2, 3)
	for _, ask := range []func([]effect.Unit, []effect.Unit) error{
		func(a, b []effect.Unit) error { _, err := effect.Differences(a, b); return err },
		func(a, b []effect.Unit) error { _, err := effect.Trend(a, b); return err },
		func(a, b []effect.Unit) error { _, err := effect.Permutation(a, b); return err },
	} {
		require.Equal(t, effect.TooFew{Treated: 2, Comparison: 3}, ask(few, enough))
		require.Equal(t, effect.TooFew{Treated: 3, Comparison: 2}, ask(enough, few))
	}
	require.ErrorContains(t, effect.TooFew{2, 3}, "at least 3")
	for _, p := range []effect.Plan{{2, 3, 1}, {3, 2, 1}, {3, 3, 0}, {3, 3, math.NaN()}} {
		_, err := p.Power(1)
		require.ErrorIs(t, err, effect.ErrPlan)
		_, err = p.Detectable(0.8)
		require.ErrorIs(t, err, effect.ErrPlan)
	}
	_, err := effect.Plan{3, 3, 1}.Detectable(1)
	require.Error(t, err)
}
