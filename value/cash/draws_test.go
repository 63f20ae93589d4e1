package cash_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/cash"
)

// The moments of PERT as they are tabled: for low 1, likely 4, high 10 (e.g. Vose, Risk Analysis, 3rd ed.) the mean is
// (1 + 16 + 10) ÷ 6 = 4.5 and the variance (4.5 − 1)(10 − 4.5) ÷ 7 = 2.75. Malcolm et al. (1959) give the mean alike.
func TestTheMomentsOfPERT(t *testing.T) {
	r := cash.Range{Low: 1, Likely: 4, High: 10}
	require.InDelta(t, 4.5, r.Mean(), 1e-12)
	require.InDelta(t, 2.75, r.Variance(), 1e-12)
}

// Samples have the moments of their distribution: mean and variance of the middle of 10,000 slices miss those of the
// whole by less than a thousandth.
func TestDrawsHaveTheMomentsOfTheirRange(t *testing.T) {
	for _, r := range []cash.Range{{1, 4, 10}, {0, 0, 1}, {-3, 5, 5}, {0.25, 0.5, 0.75}, {50, 72, 125}} {
		samples := cash.NewDraws(10_000, 1).Of("x", r)
		mean, square := 0.0, 0.0
		for _, s := range samples {
			require.GreaterOrEqual(t, s, r.Low)
			require.LessOrEqual(t, s, r.High)
			mean += s / 10_000
		}
		for _, s := range samples {
			square += (s - mean) * (s - mean) / 10_000
		}
		require.InDelta(t, r.Mean(), mean, 1e-4*(r.High-r.Low))
		require.InEpsilon(t, r.Variance(), square, 2e-3)
	}
}

// For likely in the middle the distribution is symmetric; where it lies on an end it has the closed form of β(1, 5):
// F(x) = 1 − (1 − x)^5, so the quantile of p is 1 − (1 − p)^(1/5).
func TestQuantilesAreThoseOfTheClosedForm(t *testing.T) {
	samples := cash.NewDraws(10_000, 7).Of("x", cash.Range{Low: 0, Likely: 0, High: 1})
	s := cash.SpreadOf(samples) // sorted now
	for i, x := range samples {
		p := (float64(i) + 0.5) / 10_000
		require.InDelta(t, 1-math.Pow(1-p, 0.2), x, 1e-9, "quantile of %g", p)
	}
	require.InDelta(t, 1-math.Pow(0.9, 0.2), s.P10, 1e-4)
	require.InDelta(t, 1-math.Pow(0.5, 0.2), s.P50, 1e-4)
	require.InDelta(t, 1-math.Pow(0.1, 0.2), s.P90, 1e-4)

	even := cash.NewDraws(10_001, 7).Of("x", cash.Range{Low: 0, Likely: 5, High: 10})
	require.InDelta(t, 5, cash.SpreadOf(even).P50, 1e-9)
}

// The same seed and name give the same samples, whatever else is drawn; another name gives another order of as many.
func TestTheSameSeedTheSameFigures(t *testing.T) {
	r := cash.Range{Low: 0, Likely: 1, High: 3}
	d := cash.NewDraws(1000, 42)
	a, b := d.Of("minutes", r), d.Of("rate", r)
	require.Equal(t, a, cash.NewDraws(1000, 42).Of("minutes", r))
	require.NotEqual(t, a, b)
	require.NotEqual(t, a, cash.NewDraws(1000, 43).Of("minutes", r))
	// Two names are independent: of 1,000 pairs in random order the correlation has a deviation of 1 ÷ √999 = 0.03.
	sum := 0.0
	for i := range a {
		sum += (a[i] - r.Mean()) * (b[i] - r.Mean()) / r.Variance() / 1000
	}
	require.Less(t, math.Abs(sum), 0.12)
	require.ElementsMatch(t, a, b)
}

func TestAnAmountWithoutDoubt(t *testing.T) {
	require.Equal(t, []float64{3, 3}, cash.NewDraws(2, 1).Of("x", cash.Exactly(3)))
}

// By hand: of 1 to 10 the nearest ranks of 10, 50 and 90 % are 1, 5 and 9; 5 are above 5.
func TestSpreadAndShareAbove(t *testing.T) {
	samples := []float64{10, 1, 9, 2, 8, 3, 7, 4, 6, 5}
	require.InDelta(t, 0.5, cash.Above(samples, 5), 1e-12)
	require.Equal(t, cash.Spread{P10: 1, P50: 5, P90: 9}, cash.SpreadOf(samples))
}

func TestRangesThatAreNone(t *testing.T) {
	require.NoError(t, cash.Exactly(0).Check())
	for _, r := range []cash.Range{{2, 1, 3}, {1, 3, 2}, {math.NaN(), 1, 2}, {0, 1, math.Inf(1)}} {
		require.Error(t, r.Check())
	}
}

func BenchmarkDrawsOfANewShape(b *testing.B) {
	d := cash.NewDraws(10_000, 1)
	for i := 0; b.Loop(); i++ {
		d.Of("x", cash.Range{Low: 0, Likely: 1 + float64(i)*1e-6, High: 3})
	}
}
