package query

import (
	"math/big"
	"testing"
)

// equations is a set of linear combinations of unknowns, in echelon form.
type equations struct {
	width int
	rows  [][]*big.Rat
	lead  []int
}

// add takes an equation in, unless it follows from those there are; known tells whether it does.
func (e *equations) add(v []*big.Rat) (known bool) {
	v = e.reduce(v)
	for col, x := range v {
		if x.Sign() == 0 {
			continue
		}
		inverse := new(big.Rat).Inv(x)
		for i := range v {
			v[i] = new(big.Rat).Mul(v[i], inverse)
		}
		e.rows, e.lead = append(e.rows, v), append(e.lead, col)
		return false
	}
	return true
}

func (e *equations) reduce(v []*big.Rat) []*big.Rat {
	v = append([]*big.Rat{}, v...)
	for i, row := range e.rows {
		factor := v[e.lead[i]]
		if factor.Sign() == 0 {
			continue
		}
		for col := range v {
			if row[col].Sign() != 0 {
				v[col] = new(big.Rat).Sub(v[col], new(big.Rat).Mul(factor, row[col]))
			}
		}
	}
	return v
}

func (e *equations) determines(v []*big.Rat) bool {
	for _, x := range e.reduce(v) {
		if x.Sign() != 0 {
			return false
		}
	}
	return true
}

func (e *equations) vector(ones ...int) []*big.Rat {
	v := make([]*big.Rat, e.width)
	for i := range v {
		v[i] = new(big.Rat)
	}
	for _, at := range ones {
		v[at].SetInt64(1)
	}
	return v
}

// bits lists the positions of the ones in value, each moved by offset.
func bits(value uint64, offset int) []int {
	var ones []int
	for i := 0; value>>i != 0; i++ {
		if value>>i&1 == 1 {
			ones = append(ones, i+offset)
		}
	}
	return ones
}

// assertNothingSmall demands that no set of leaves with a population of 1 to k−1 has a determined sum. Unknown i of the
// equations, from offset on, belongs to leaf i. Leaves without people are known to be zero.
func assertNothingSmall(t *testing.T, e *equations, population []uint64, offset int, k uint64, what string) {
	t.Helper()
	for i, people := range population {
		if people == 0 {
			e.add(e.vector(offset + i))
		}
	}
	for set := uint64(1); set < 1<<len(population); set++ {
		var people uint64
		members := bits(set, 0)
		for _, i := range members {
			people += population[i]
		}
		if small(people, k) && e.determines(e.vector(bits(set, offset)...)) {
			t.Fatalf("%s: the figure of leaves %v, %d people with k = %d, can be computed", what, members, people, k)
		}
	}
}
