package value_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value"
)

// refused demands that no fit exists, and returns why.
func refused(t *testing.T, curve []float64, enabled float64) value.NoFit {
	t.Helper()
	fit, err := value.Fit(curve, enabled)
	var no *value.NoFit
	require.True(t, errors.As(err, &no), "%v", err)
	require.Zero(t, fit)
	require.Contains(t, err.Error(), string(no.Reason))
	return *no
}

func TestKnownParametersAreFoundAgain(t *testing.T) {
	for _, c := range []struct{ m, p, q, enabled float64 }{
		{10_000, 0.01, 0.15, 20_000},
		{10_000, 0.0005, 0.4, 10_001},
		{130_000, 0.03, 0.08, 130_000}, // everybody will: m is at its bound
		{2_000, 0.2, 0, 3_000},         // without imitation
		{2_000, 0.08, 0.05, 3_000},     // falls from the first week on
	} {
		curve := bassCurve(c.m, c.p, c.q, weeksUntil(0.85, c.p, c.q)+5)
		fit, err := value.Fit(curve, c.enabled)
		require.NoError(t, err)
		require.InEpsilon(t, c.m, fit.M, 1e-4)
		require.InEpsilon(t, c.p, fit.P, 1e-3)
		require.InDelta(t, c.q, fit.Q, 1e-4)
		require.InDelta(t, 1, fit.R2, 1e-6)

		for i := range curve { // whole people
			curve[i] = math.Round(curve[i])
		}
		fit, err = value.Fit(curve, c.enabled)
		require.NoError(t, err)
		require.InEpsilon(t, c.m, fit.M, 0.01)
		require.InEpsilon(t, c.p, fit.P, 0.05)
		require.InDelta(t, c.q, fit.Q, 0.01)
	}
}

// Weekly counts that are off by up to a fifth, at random: the parameters come out within a tenth, a fifth, a tenth.
func TestNoiseIsFittedThrough(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 50 {
		m, p, q := 5_000.0, 0.01, 0.15
		weekly, before := []float64{}, 0.0
		for _, n := range bassCurve(m, p, q, 40) {
			weekly = append(weekly, math.Round((n-before)*(0.8+0.4*r.Float64())))
			before = n
		}
		fit, err := value.Fit(cumulate(weekly), 9_000)
		require.NoError(t, err)
		require.InEpsilon(t, m, fit.M, 0.1)
		require.InEpsilon(t, p, fit.P, 0.3)
		require.InEpsilon(t, q, fit.Q, 0.15)
	}
}

func TestWeeksBeforeTheFirstAdopterDoNotCount(t *testing.T) {
	curve := bassCurve(10_000, 0.01, 0.15, 35)
	want, err := value.Fit(curve, 20_000)
	require.NoError(t, err)
	require.Zero(t, want.Start)
	got, err := value.Fit(append(make([]float64, 9), curve...), 20_000)
	require.NoError(t, err)
	require.Equal(t, 9, got.Start)
	require.Equal(t, []float64{want.M, want.P, want.Q, want.Peak}, []float64{got.M, got.P, got.Q, got.Peak})
	require.Equal(t, 35, got.Weeks)
}

// The curve heads for 10,000; only 8,000 are enabled, of whom 7,700 have adopted.
func TestMStaysWithinTheEnabled(t *testing.T) {
	curve := bassCurve(10_000, 0.01, 0.15, weeksUntil(0.77, 0.01, 0.15))
	fit, err := value.Fit(curve, 8_000)
	require.NoError(t, err)
	require.True(t, fit.Bounded)
	require.Equal(t, 8_000.0, fit.M)
	for _, p := range fit.Forecast(52) {
		require.LessOrEqual(t, p.High, 8_000.0)
	}
}

func TestWhatIsNoCurveIsRefused(t *testing.T) {
	good := bassCurve(100, 0.01, 0.15, 40)
	with := func(at int, n float64) []float64 {
		curve := append([]float64{}, good...)
		curve[at] = n
		return curve
	}
	for name, c := range map[string]struct {
		curve   []float64
		enabled float64
	}{
		"falls":               {with(20, good[18]), 200},
		"negative":            {with(0, -1), 200},
		"not a number":        {with(20, math.NaN()), 200},
		"infinite":            {with(39, math.Inf(1)), 200},
		"more than enabled":   {good, good[39] - 1},
		"enabled no number":   {good, math.NaN()},
		"enabled infinite":    {good, math.Inf(1)},
		"enabled negative":    {nil, -1},
		"more than mankind":   {with(39, 1e300), 1e300},
		"nobody, yet enabled": {with(0, 1), 0},
	} {
		require.Equal(t, value.NoFit{Reason: value.BadCurve}, refused(t, c.curve, c.enabled), name)
	}
}

func TestWhatDoesNotSpreadIsRefused(t *testing.T) {
	flat := func(n float64) []float64 {
		curve := make([]float64, 30)
		for i := range curve {
			curve[i] = n
		}
		return curve
	}
	line := make([]float64, 30)
	for i := range line {
		line[i] = 7 * float64(i+1)
	}
	require.Equal(t, value.NoAdopters, refused(t, nil, 100).Reason)
	require.Equal(t, value.NoAdopters, refused(t, flat(0), 100).Reason)
	require.Equal(t, value.NoFit{Reason: value.TooFewWeeks, Weeks: 1}, refused(t, []float64{3}, 100))
	require.Equal(t, value.NoFit{Reason: value.TooFewWeeks, Weeks: 9}, refused(t, append(make([]float64, 50), bassCurve(100, 0.1, 0.5, 9)...), 100))
	require.Equal(t, value.BeginningUnseen, refused(t, flat(60), 100).Reason, "all at once, and nobody since")
	require.Equal(t, value.BeginningUnseen, refused(t, flat(100), 100).Reason, "everybody at once")
	require.Equal(t, value.NoShape, refused(t, line, 1_000).Reason, "as many every week")
	line[29]++
	require.Equal(t, value.NoShape, refused(t, line, 1_000).Reason, "as many every week, but one")
}

// The data begin after half of the way: 500 of 1,000 are there in the first week, then the curve goes on.
func TestACurveWithoutItsBeginningIsRefused(t *testing.T) {
	whole := bassCurve(1_000, 0.005, 0.15, 60)
	require.Equal(t, value.BeginningUnseen, refused(t, whole[weeksUntil(0.8, 0.005, 0.15):], 1_000).Reason)
	// Where most adopt at once because they were all told to, the weeks after it go on in step: 30 % of those who
	// are left each week.
	_, err := value.Fit(bassCurve(1_000, 0.36, 0, 14), 1_000)
	require.NoError(t, err)
}

// A rise without an end in sight. The exact curve shows its end long before the inflection; chance hides it.
func TestBeforeTheInflectionThereIsNoFit(t *testing.T) {
	// Doubles every five weeks, and 2 % of the enabled are reached.
	curve := make([]float64, 24)
	for i := range curve {
		curve[i] = math.Round(4 * math.Pow(2, float64(i)/5))
	}
	require.Equal(t, value.NoFit{Reason: value.BeforeInflection, Weeks: 24}, refused(t, curve, 5_000))
}

// Of people who adopt by chance, at a third of the way: nearly never a fit. Near the end: nearly always.
func TestFitsExistAfterTheInflectionAndNotBefore(t *testing.T) {
	source := rand.NewPCG(7, 7)
	for _, c := range []struct{ m, p, q, enabled float64 }{
		{1_000, 0.005, 0.2, 1_500}, {5_000, 0.01, 0.1, 20_000}, {400, 0.01, 0.15, 800},
	} {
		fits := func(reached float64) (n int) {
			for range 100 {
				if _, err := value.Fit(people(c.m, c.p, c.q, weeksUntil(reached, c.p, c.q), source), c.enabled); err == nil {
					n++
				}
			}
			return n
		}
		require.LessOrEqual(t, fits(0.33), 3)
		require.GreaterOrEqual(t, fits(0.92), 95)
	}
}

func TestTheSameCurveGivesTheSameFit(t *testing.T) {
	curve := people(800, 0.01, 0.15, 40, rand.NewPCG(1, 1))
	first, err := value.Fit(curve, 1_000)
	require.NoError(t, err)
	second, err := value.Fit(append([]float64{}, curve...), 1_000)
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Equal(t, first.Forecast(20), second.Forecast(20))
}
