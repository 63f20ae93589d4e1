package cash_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/cash"
)

// yearly puts amounts at the ends of years.
func yearly(amounts ...float64) []float64 {
	months := make([]float64, 12*len(amounts))
	for i, a := range amounts {
		months[12*i+11] = a
	}
	return months
}

// The worked example of the Wikipedia article "Net present value" (as of 2024): 100,000 paid, 10,000 a year received for
// 12 years at 10 %. Its table gives the present values of the years and the sum, 68,136.91; so NPV = −31,863.09.
func TestTheNetPresentValueOfTheTextbook(t *testing.T) {
	in := make([]float64, 12)
	for i := range in {
		in[i] = 10_000
	}
	p, err := cash.Flow{Upfront: 100_000, In: yearly(in...)}.Discount(0.10)
	require.NoError(t, err)
	require.InDelta(t, 68_136.91, p.In, 0.01)
	require.InDelta(t, -31_863.09, p.Net(), 0.01)
}

// Microsoft's documentation of the function NPV of Excel, example 1: 10 % a year, −10,000 at the end of the first year
// (so it is discounted too), then 3,000, 4,200 and 6,800: 1,188.44. Example 2: 8 %, 40,000 paid at once; 8,000, 9,200,
// 10,000, 12,000, 14,500: 1,922.06; with a loss of 9,000 in a sixth year: −3,749.47.
func TestTheNetPresentValuesOfExcel(t *testing.T) {
	for _, c := range []struct {
		flow cash.Flow
		rate float64
		npv  float64
	}{
		{cash.Flow{In: yearly(0, 3_000, 4_200, 6_800), Out: yearly(10_000)}, 0.10, 1_188.44},
		{cash.Flow{Upfront: 40_000, In: yearly(8_000, 9_200, 10_000, 12_000, 14_500)}, 0.08, 1_922.06},
		{cash.Flow{Upfront: 40_000, In: yearly(8_000, 9_200, 10_000, 12_000, 14_500), Out: yearly(0, 0, 0, 0, 0, 9_000)}, 0.08, -3_749.47},
	} {
		p, err := c.flow.Discount(c.rate)
		require.NoError(t, err)
		require.InDelta(t, c.npv, p.Net(), 0.005)
	}
}

// By hand: 1,200 paid; 300 in and 100 out a month. Net 200 a month: after 6 months 1,200. At a rate of 0 over 12 months
// in = 3,600, out = 1,200 + 1,200 = 2,400: return 1,200 ÷ 2,400 = 0.5.
func TestPaybackAndReturn(t *testing.T) {
	f, err := cash.Even(1_200, 300, 100, 12)
	require.NoError(t, err)
	month, ok := f.Payback()
	require.True(t, ok)
	require.Equal(t, 6, month)
	p, err := f.Discount(0)
	require.NoError(t, err)
	roi, ok := p.Return()
	require.True(t, ok)
	require.InDelta(t, 0.5, roi, 1e-12)

	never, err := cash.Even(1_201, 300, 200, 12) // 1,200 after a year
	require.NoError(t, err)
	_, ok = never.Payback()
	require.False(t, ok)

	free, err := cash.Even(0, 300, 0, 3)
	require.NoError(t, err)
	month, ok = free.Payback()
	require.True(t, ok)
	require.Equal(t, 1, month, "it makes up for nothing at the first end of a month")
	dear, err := cash.Even(0, 100, 101, 36)
	require.NoError(t, err)
	_, ok = dear.Payback()
	require.False(t, ok, "nothing is paid on the first day, and yet it never pays back")
	p, err = free.Discount(0.1)
	require.NoError(t, err)
	_, ok = p.Return()
	require.False(t, ok, "nothing is paid: there is no rate")
}

// An even flow is its annuity: in closed form a ÷ ((1+d)^(1/12) − 1) × (1 − (1+d)^(−n/12)).
func TestTheAnnuityIsTheClosedForm(t *testing.T) {
	const rate, months = 0.1, 36
	monthly := math.Pow(1+rate, 1.0/12) - 1
	a, err := cash.Annuity(rate, months)
	require.NoError(t, err)
	require.InDelta(t, (1-math.Pow(1+rate, -months/12.0))/monthly, a, 1e-9)
	f, err := cash.Even(0, 7, 0, months)
	require.NoError(t, err)
	p, err := f.Discount(rate)
	require.NoError(t, err)
	require.InDelta(t, 7*a, p.In, 1e-9)
}

func TestARateThatIsNone(t *testing.T) {
	for _, rate := range []float64{-1, -2, math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := cash.Flow{In: []float64{1}}.Discount(rate)
		require.ErrorIs(t, err, cash.ErrRate)
		_, err = cash.Annuity(rate, 1)
		require.ErrorIs(t, err, cash.ErrRate)
	}
	_, err := cash.Even(0, 0, 0, -1)
	require.Error(t, err)
}
