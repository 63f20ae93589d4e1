package cash

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mathext"
)

// Package math is right to the last place or nearly so: log, exp and their power may differ from it by a few.
func TestExactFunctionsAgreeWithMath(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		x := math.Exp(40*random.Float64() - 30)
		require.InDelta(t, math.Log(x), log(x), 4e-16*max(1, math.Abs(math.Log(x))))
		y := 60*random.Float64() - 40
		require.InEpsilon(t, math.Exp(y), exp(y), 4e-15)
		require.InEpsilon(t, math.Pow(x, y/40), Power(x, y/40), 1e-14)
	}
	require.Equal(t, 1.0, Power(1.1, 0))
	require.Equal(t, 0.0, log(1))
}

// gonum's inverse of the regularised incomplete beta function is another method (AS 109).
func TestQuantilesAgreeWithGonum(t *testing.T) {
	const n = 1000
	for _, alpha := range []float64{1, 1.2, 2, 3, 3.7, 4.999, 5} {
		list := quantiles(alpha, 6-alpha, n)
		require.True(t, slices.IsSorted(list))
		for i := 0; i < n; i += 7 {
			require.InDelta(t, mathext.InvRegIncBeta(alpha, 6-alpha, (float64(i)+0.5)/n), list[i], 2e-9, "α %g, slice %d", alpha, i)
		}
	}
}

// The bits that every machine must come to: another sum here means other figures under the same seed. They were the same
// compiled for arm64, whose processors join products and sums.
func TestDrawsAreTheSameOnEveryMachine(t *testing.T) {
	sum := uint64(0)
	for i, r := range []Range{{1, 4, 10}, {0, 0, 1}, {0.25, 0.5, 0.75}, {50, 72, 125}} {
		for j, s := range NewDraws(10_000, 42).Of("x", r) {
			sum = sum*31 + math.Float64bits(s) + uint64(i*j)
		}
	}
	require.Equal(t, uint64(0x7313e122ed4ff2c1), sum)
}

func TestThePickerIsTheSort(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var p Picker
	for _, n := range []int{1, 2, 10, 99, 5_000} {
		for _, draw := range []func() float64{random.Float64, random.NormFloat64, random.ExpFloat64, func() float64 { return 7 },
			func() float64 { return float64(random.IntN(3)) }, func() float64 { return math.Exp(20 * random.NormFloat64()) }, func() float64 { return -random.ExpFloat64() * 1e300 }} {
			samples := make([]float64, n)
			for i := range samples {
				samples[i] = draw()
			}
			before := slices.Clone(samples)
			got := p.Spread(samples)
			require.Equal(t, before, samples)
			require.Equal(t, SpreadOf(before), got)
		}
	}
}

func BenchmarkPicker(b *testing.B) {
	samples := NewDraws(10_000, 1).Of("x", Range{0, 1, 3})
	var p Picker
	for b.Loop() {
		p.Spread(samples)
	}
}
