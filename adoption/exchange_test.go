package adoption_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// Three units that send 6 to each other one: 6 is what is expected, whatever stays inside.
func TestExpectedExchange(t *testing.T) {
	require.InDeltaSlice(t, []float64{0, 6, 6}, adoption.ExpectedExchange([][]uint64{{100, 6, 6}, {6, 100, 6}, {6, 6, 0}})[0], 1e-9)

	// a = (2, 3, 5, 1), b = (7, 2, 4, 3): flows of just this form are what is expected of themselves.
	a, b := []uint64{2, 3, 5, 1}, []uint64{7, 2, 4, 3}
	made := make([][]uint64, 4)
	for i := range made {
		for j := range b {
			made[i] = append(made[i], a[i]*b[j]*10)
		}
	}
	for i, row := range adoption.ExpectedExchange(made) {
		for j, e := range row {
			if i != j {
				require.InDelta(t, made[i][j], e, 1e-6)
			} else {
				require.Zero(t, e)
			}
		}
	}

	// Two units have no choice.
	require.Equal(t, [][]float64{{0, 7}, {3, 0}}, adoption.ExpectedExchange([][]uint64{{50, 7}, {3, 60}}))
	require.Equal(t, [][]float64{{0}}, adoption.ExpectedExchange([][]uint64{{5}}))
	require.Empty(t, adoption.ExpectedExchange(nil))
	require.Equal(t, [][]float64{{0, 0}, {0, 0}}, adoption.ExpectedExchange([][]uint64{{9, 0}, {0, 9}}), "nobody has sent anything to others")
}

// Of random flows, what is expected adds up to what each unit sent and received, and prefers nobody: for any four units
// the cross ratio e(i,k)·e(j,l) ÷ e(i,l)·e(j,k) is 1.
func TestExpectedExchangeAddsUpAndPrefersNobody(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		n := 4 + r.IntN(8)
		flows := make([][]uint64, n)
		for i := range flows {
			for range n {
				flows[i] = append(flows[i], 1+r.Uint64N(50))
			}
		}
		expected := adoption.ExpectedExchange(flows)
		for i := range n {
			var sent, received, wantSent, wantReceived float64
			for j := range n {
				sent, received = sent+expected[i][j], received+expected[j][i]
				if i != j {
					wantSent, wantReceived = wantSent+float64(flows[i][j]), wantReceived+float64(flows[j][i])
				}
			}
			require.InDelta(t, wantSent, sent, 1e-6*wantSent)
			require.InDelta(t, wantReceived, received, 1e-6*wantReceived)
		}
		i, j, k, l := 0, 1, 2, 3
		require.InDelta(t, 1, expected[i][k]*expected[j][l]/(expected[i][l]*expected[j][k]), 1e-9)
	}
}

// One unit in the middle, to which the two others talk and who do not talk with each other: all that they do is
// expected, and nothing between them.
func TestExpectedExchangeOfAStar(t *testing.T) {
	expected := adoption.ExpectedExchange([][]uint64{{0, 40, 60}, {30, 0, 0}, {20, 0, 0}})
	require.InDelta(t, 40, expected[0][1], 0.1)
	require.InDelta(t, 20, expected[2][0], 0.1)
	require.InDelta(t, 0, expected[1][2], 0.1)
}
