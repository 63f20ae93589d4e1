package query

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// residues is a set of linear combinations in echelon form, modulo a prime: exact, but for the improbable case that a
// determinant is a multiple of it, and much faster than fractions.
type residues struct {
	rows [][]uint64
	lead []int
}

const residuePrime = 1<<31 - 1

func (e *residues) clone() *residues {
	return &residues{rows: slices.Clone(e.rows), lead: slices.Clone(e.lead)}
}

func (e *residues) add(v []uint64) {
	for i, row := range e.rows {
		if factor := v[e.lead[i]]; factor != 0 {
			for col := e.lead[i]; col < len(v); col++ {
				v[col] = (v[col] + (residuePrime-factor)*row[col]) % residuePrime
			}
		}
	}
	for col, x := range v {
		if x == 0 {
			continue
		}
		inverse := residuePower(x, residuePrime-2)
		for i := range v {
			v[i] = v[i] * inverse % residuePrime
		}
		at, _ := slices.BinarySearch(e.lead, col)
		e.rows, e.lead = slices.Insert(e.rows, at, v), slices.Insert(e.lead, at, col)
		return
	}
}

func residuePower(x uint64, n int) uint64 {
	result := uint64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = result * x % residuePrime
		}
		x = x * x % residuePrime
	}
	return result
}

// within tells whether some combination, other than 0, is made of the given unknowns alone: it is when what the
// combinations are without these unknowns depends on each other.
func (e *residues) within(theirs []bool) bool {
	others := &residues{}
	for _, row := range e.rows {
		rest := slices.Clone(row)
		for i := range rest {
			if theirs[i] {
				rest[i] = 0
			}
		}
		others.add(rest)
	}
	return len(others.rows) < len(e.rows)
}

func TestResiduesFindWhatFollows(t *testing.T) {
	e := &residues{}
	e.add([]uint64{1, 1, 0})
	require.False(t, e.within([]bool{true, false, true}))
	e.add([]uint64{1, 2, 3})
	e.add([]uint64{2, 3, 3})
	require.Len(t, e.rows, 2, "the third is the sum of the others")
	require.True(t, e.within([]bool{true, false, true}), "2·(1 1 0) − (1 2 3) = (1 0 −3)")
	require.False(t, e.within([]bool{true, false, false}))
}
