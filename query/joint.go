package query

import (
	mathbits "math/bits"
	"math/rand/v2"
	"slices"
)

// Figures of the same people are shown by units, by the values of several attributes and by seats. Each of these partitions is
// safe by itself (divide), and yet together they can tell what none of them does: where all of a location but two people
// is of one legacy entity, the location less the entity is these two.
//
// What all of them tell together are sums over people of f = t(unit) + Σ x(value): one number for each group shown.
// Nothing small can be computed if every such f that is not zero everywhere is not zero for at least k people. That is so
// where people can be found that make up k bases, no one in two of them: from each base alone f follows for everybody,
// so an f that is not zero anywhere is not zero for somebody of each. (Coding theory: the least weight of a code with k
// disjoint information sets is at least k.) Whether there are such bases is looked for greedily. Where they are not
// found, more is hidden, though it may not be needed.

// jointCell is people who are in the same group of every partition.
type jointCell struct {
	unit   int32                     // the group that the units show them in
	at     [attributeCount + 1]int32 // the groups that the attributes, and last the seats, show them in: columns, each of one of them
	people uint64
}

// joint looks for bases.
type joint struct {
	cells   []jointCell // those that are in no small group first: scarce people are kept for what needs them
	units   int         // how many groups of units there are, numbered from 0
	columns int         // how many groups of attributes and seats
	k       uint64
}

// alikeTries is after how many tries in a row that fell short by the same no more are made.
const alikeTries = 5

// tries is how often bases are looked for in another order before more is hidden: the oftener the fewer people there
// are, because it is there that the order matters.
func (j *joint) tries() int { return min(max(200_000/max(len(j.cells), 1), 2), 30) }

// newJoint sorts cells by the size of the smallest group that they are in, the largest first.
func newJoint(cells []jointCell, units, columns int, k uint64) *joint {
	inUnit, inColumn := make([]uint64, units), make([]uint64, columns)
	for _, c := range cells {
		inUnit[c.unit] += c.people
		for _, column := range c.at {
			inColumn[column] += c.people
		}
	}
	// Sizes from scarceSizes on are all the same: plenty. So sorting is counting.
	const scarceSizes = 4096
	scarce, starts := make([]uint16, len(cells)), [scarceSizes + 2]int{}
	for i, c := range cells {
		least := inUnit[c.unit]
		for _, column := range c.at {
			least = min(least, inColumn[column])
		}
		scarce[i] = uint16(scarceSizes - min(least, scarceSizes))
		starts[scarce[i]+1]++
	}
	for i := range scarceSizes + 1 {
		starts[i+1] += starts[i]
	}
	j := &joint{units: units, columns: columns, k: k, cells: make([]jointCell, len(cells))}
	for i, c := range cells {
		j.cells[starts[scarce[i]]] = c
		starts[scarce[i]]++
	}
	return j
}

// safe tells whether k bases were found. If not, suspects are cells of which too few people are there: some group that
// holds them must not be shown.
func (j *joint) safe() (safe bool, suspects []jointCell) {
	r := rand.New(rand.NewPCG(uint64(len(j.cells)), uint64(j.columns)))
	alike, before := 0, -1
	for range j.tries() {
		if safe, suspects = j.try(r); safe {
			return true, nil
		}
		if len(suspects) != before {
			alike, before = 0, len(suspects)
		}
		if alike++; alike == alikeTries {
			break
		}
		j.shuffle(r)
	}
	return false, suspects
}

// shuffle changes the order among neighbours.
func (j *joint) shuffle(r *rand.Rand) {
	const span = 16
	for from := 0; from < len(j.cells); from += span / 2 {
		part := j.cells[from:min(from+span, len(j.cells))]
		r.Shuffle(len(part), func(a, b int) { part[a], part[b] = part[b], part[a] })
	}
}

func (j *joint) try(r *rand.Rand) (safe bool, suspects []jointCell) {
	left := make([]uint64, len(j.cells))
	for i, c := range j.cells {
		left[i] = c.people
	}
	rank, units := -1, -1
	for round := range j.k {
		b := newBasis(j, r)
		for i := range j.cells {
			if left[i] > 0 && b.take(i) {
				left[i]--
			}
			if b.rank == rank && b.met == units {
				break // all there is
			}
		}
		if round == 0 {
			rank, units = b.rank, b.met
		}
		if b.rank < rank || b.met < units {
			return false, b.outside()
		}
	}
	return true, nil
}

// basis is people from whom f follows for everybody: of each group of units one, and of those whose attributes differ
// from this one's as many as are independent. kernel spans the x that are zero for all differences so far; probe is a
// chance element of it, so that what is not zero for it is independent (but for a chance of 2⁻⁶¹).
type basis struct {
	*joint
	first  []int32 // of each group of units, the cell of the one; −1: nobody yet
	met    int
	rank   int
	kernel [][]uint64
	probe  []uint64
}

func newBasis(j *joint, r *rand.Rand) *basis {
	b := &basis{joint: j, first: make([]int32, j.units), kernel: make([][]uint64, j.columns), probe: make([]uint64, j.columns)}
	for i := range b.first {
		b.first[i] = -1
	}
	for i := range b.kernel {
		b.kernel[i] = make([]uint64, j.columns)
		b.kernel[i][i] = 1
		b.probe[i] = r.Uint64N(prime-1) + 1
	}
	return b
}

// take adds somebody of a cell, where he or she tells something new.
func (b *basis) take(cell int) bool {
	c := &b.cells[cell]
	first := b.first[c.unit]
	if first < 0 {
		b.first[c.unit] = int32(cell)
		b.met++
		return true
	}
	p := b.difference(b.probe, c, &b.cells[first])
	if p == 0 {
		return false
	}
	// The element of the kernel that is given up; a short one keeps the others short.
	pivot, shortest := -1, b.columns+1
	differences := make([]uint64, len(b.kernel))
	for i, x := range b.kernel {
		if differences[i] = b.difference(x, c, &b.cells[first]); differences[i] != 0 {
			if n := filled(x); n < shortest {
				pivot, shortest = i, n
			}
		}
	}
	if pivot < 0 {
		return false // the probe is an element of the kernel, so this cannot be
	}
	given, inverse := b.kernel[pivot], invert(differences[pivot])
	for i, x := range b.kernel {
		if i != pivot && differences[i] != 0 {
			subtract(x, multiply(differences[i], inverse), given)
		}
	}
	subtract(b.probe, multiply(p, inverse), given)
	b.kernel = slices.Delete(b.kernel, pivot, pivot+1)
	b.rank++
	return true
}

// difference is Σ x over the groups of a cell less that over those of another.
func (b *basis) difference(x []uint64, c, first *jointCell) (sum uint64) {
	for i, column := range c.at {
		if other := first.at[i]; other != column {
			sum = add(sum, add(x[column], prime-x[other]))
		}
	}
	return sum
}

// outside are the cells of which f does not follow from the basis, and those that they differ from.
func (b *basis) outside() (cells []jointCell) {
	for i := range b.cells {
		c := &b.cells[i]
		switch first := b.first[c.unit]; {
		case first < 0:
			cells = append(cells, *c)
		case b.difference(b.probe, c, &b.cells[first]) != 0:
			cells = append(cells, *c, b.cells[first])
		}
	}
	return cells
}

// Arithmetic modulo a prime: exact, and fast.
const prime uint64 = 1<<61 - 1

func add(a, b uint64) uint64 {
	s := a + b
	if s >= prime {
		s -= prime
	}
	if s >= prime {
		s -= prime
	}
	return s
}

func multiply(a, b uint64) uint64 {
	high, low := mathbits.Mul64(a, b)
	return add(low&prime, high<<3|low>>61)
}

// invert is a^(prime − 2), Fermat.
func invert(a uint64) uint64 {
	result := uint64(1)
	for n := prime - 2; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = multiply(result, a)
		}
		a = multiply(a, a)
	}
	return result
}

// subtract takes factor × y from x.
func subtract(x []uint64, factor uint64, y []uint64) {
	for i, v := range y {
		if v != 0 {
			x[i] = add(x[i], prime-multiply(factor, v))
		}
	}
}

func filled(x []uint64) (n int) {
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}
