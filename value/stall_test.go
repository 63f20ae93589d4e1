package value_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value"
)

// A tool for 1,000 people with p = 0.01, q = 0.2, so (p+q) = 0.21 and q/p = 20; its peak is in week ln(20)/0.21 = 14.3.
//
//	F(18) = (1 − e^−3.78) ÷ (1 + 20·e^−3.78) = 0.97718 ÷ 1.45646 = 0.6709
//	F(26) = (1 − e^−5.46) ÷ (1 + 20·e^−5.46) = 0.99575 ÷ 1.08508 = 0.9177: 246.7 people expected in 8 weeks, a quarter is 61.7
//	F(21) = (1 − e^−4.41) ÷ (1 + 20·e^−4.41) = 0.98784 ÷ 1.24311 = 0.7947
//	F(29) = (1 − e^−6.09) ÷ (1 + 20·e^−6.09) = 0.99773 ÷ 1.04532 = 0.9545: 159.8 people expected, a quarter is 39.9
func TestAStallIsAQuarterOfWhatWasExpectedBelowFourFifths(t *testing.T) {
	after := func(weeks int, brought float64) []float64 {
		curve := bassCurve(1_000, 0.01, 0.2, weeks)
		last := curve[weeks-1]
		for i := range 8 {
			curve = append(curve, last+brought*float64(i+1)/8)
		}
		return curve
	}
	for _, c := range []struct {
		weeks             int
		brought           float64
		expected, reached float64
		stalled           bool
	}{
		{18, 0, 246.7, 0.6709, true},
		{18, 61, 246.7, 0.7319, true},
		{18, 62, 246.7, 0.7329, false}, // more than a quarter
		{21, 0, 159.8, 0.7947, true},
		{21, 5, 159.8, 0.7997, true},
		{21, 6, 159.8, 0.8007, false}, // four fifths are reached
	} {
		stall, err := value.Stalled(after(c.weeks, c.brought), 1_000)
		require.NoError(t, err)
		require.Equal(t, c.stalled, stall.Stalled, "%+v", c)
		require.InDelta(t, c.brought, stall.Brought, 1e-9)
		require.InDelta(t, c.expected, stall.Expected, 0.1)
		require.InDelta(t, c.reached, stall.Reached, 0.0001)
		require.InDelta(t, 1_000, stall.Fit.M, 0.1)
		require.Equal(t, c.weeks, stall.Fit.Weeks)
	}
}

func TestWhereNoFitExistsAStallIsUnknown(t *testing.T) {
	whole := bassCurve(1_000, 0.01, 0.2, 40)
	for _, c := range []struct {
		name  string
		curve []float64
		want  value.Reason
	}{
		{"as long as the weeks looked at", whole[:8], value.TooFewWeeks},
		{"nine weeks before them", whole[:17], value.TooFewWeeks},
		{"all of it in the last weeks", append(make([]float64, 30), whole[:8]...), value.TooFewWeeks},
		{"nobody", make([]float64, 40), value.NoAdopters},
		{"no curve", []float64{3, 2}, value.BadCurve},
	} {
		stall, err := value.Stalled(c.curve, 1_000)
		var no *value.NoFit
		require.True(t, errors.As(err, &no), c.name)
		require.Equal(t, c.want, no.Reason, c.name)
		require.Zero(t, stall)
	}
}
