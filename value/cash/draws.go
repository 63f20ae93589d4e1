package cash

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"sync"
)

// Draws takes the same number of samples of every doubtful amount. It samples by Latin hypercube (McKay, Beckman &
// Conover 1979): each amount takes the middle of each of n equally likely slices of its distribution once, in an order
// of its own that follows from the seed and the amount's name. So quantiles of one amount are exact to a slice, and the
// same seed gives the same figures, whatever else is drawn, and on every machine (see exact.go).
type Draws struct {
	n    int
	seed uint64
}

// NewDraws draws n times, n at least 1.
func NewDraws(n int, seed uint64) Draws { return Draws{max(n, 1), seed} }

// N is how many samples each amount has.
func (d Draws) N() int { return d.n }

// Of are the samples of the amount of a name.
func (d Draws) Of(name string, r Range) []float64 {
	samples := make([]float64, d.n)
	alpha, beta, doubtful := r.shape()
	if !doubtful {
		for i := range samples {
			samples[i] = r.Likely
		}
		return samples
	}
	slices := sliced(alpha, beta, d.n)
	for i, slice := range d.order(name) {
		samples[i] = r.Low + float64((r.High-r.Low)*slices[slice])
	}
	return samples
}

// order is the order in which a name takes its slices: a shuffle of its own (Fisher & Yates, in Durstenfeld's form), so
// that it stays the same whatever becomes of that of Go's library. PCG is laid down by its paper.
func (d Draws) order(name string) []int32 {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // cannot fail
	source := rand.NewPCG(d.seed, hash.Sum64())
	order := make([]int32, d.n)
	for i := range order {
		other, _ := bits.Mul64(source.Uint64(), uint64(i)+1) // 0..i, as even as 2^64 over i+1 allows
		order[i] = order[other]
		order[other] = int32(i)
	}
	return order
}

// betaShape names a distribution and the number of its slices.
type betaShape struct {
	alpha, beta float64
	n           int
}

// known are the slices of the shapes that were drawn last: most inputs share a few.
var known = struct {
	sync.Mutex
	slices map[betaShape][]float64
}{slices: map[betaShape][]float64{}}

const knownShapes = 256 // of 80 kB each, for 10,000 slices

// sliced are the quantiles of beta in the middle of n equally likely slices. The caller only reads them.
func sliced(alpha, beta float64, n int) []float64 {
	shape := betaShape{alpha, beta, n}
	known.Lock()
	list, there := known.slices[shape]
	known.Unlock()
	if there {
		return list
	}
	list = quantiles(alpha, beta, n)
	known.Lock()
	defer known.Unlock()
	if len(known.slices) >= knownShapes {
		clear(known.slices)
	}
	known.slices[shape] = list
	return list
}
