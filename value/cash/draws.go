package cash

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mathext"
)

// Draws takes the same number of samples of every doubtful amount. It samples by Latin hypercube (McKay, Beckman &
// Conover 1979): each amount takes the middle of each of n equally likely slices of its distribution once, in an order
// of its own that follows from the seed and the amount's name. So quantiles of one amount are exact to a slice, and the
// same seed gives the same figures, whatever else is drawn.
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
		samples[i] = r.Low + (r.High-r.Low)*slices[slice]
	}
	return samples
}

// order is the order in which a name takes its slices.
func (d Draws) order(name string) []int {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // cannot fail
	return rand.New(rand.NewPCG(d.seed, hash.Sum64())).Perm(d.n)
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

const knownShapes = 64

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

// quantiles walks up the distribution: each quantile is found from the one before by Newton's steps on the distribution
// function, which is smooth between 0 and 1 because α and β are at least 1. To make a table of ten thousand cheap, the
// function itself is only asked at every 64th; those between come from the density by the classical Runge-Kutta rule
// for dx/dp = 1 ÷ f(x), whose error over one step is far below the last digit that is ever shown.
func quantiles(alpha, beta float64, n int) []float64 {
	list := make([]float64, n)
	norm := logBeta(alpha, beta)
	inverse := func(x float64) float64 { // dx/dp
		return math.Exp(norm - (alpha-1)*math.Log(x) - (beta-1)*math.Log1p(-x))
	}
	const every = 64
	edge := n / 50 // near the ends the density is too flat for steps
	step := 1 / float64(n)
	for i := range list {
		p := (float64(i) + 0.5) * step
		if i < edge || i >= n-edge || i%every == 0 {
			list[i] = mathext.InvRegIncBeta(alpha, beta, p)
			continue
		}
		x := list[i-1]
		k1 := inverse(x)
		k2 := inverse(x + step/2*k1)
		k3 := inverse(x + step/2*k2)
		k4 := inverse(x + step*k3)
		list[i] = x + step/6*(k1+2*k2+2*k3+k4)
	}
	return list
}

func logBeta(a, b float64) float64 {
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}

// Spread is what a figure comes to in the draws.
type Spread struct {
	P10 float64 `json:"p10"` // nine of ten draws are above it
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// SpreadOf sorts its samples. A percentile is the sample that so many of a hundred do not exceed (nearest rank).
func SpreadOf(samples []float64) Spread {
	slices.Sort(samples)
	rank := func(p float64) float64 {
		return samples[min(max(int(math.Ceil(p*float64(len(samples))))-1, 0), len(samples)-1)]
	}
	return Spread{rank(0.10), rank(0.50), rank(0.90)}
}

// Above is the share of samples above a bound.
func Above(samples []float64, bound float64) float64 {
	n := 0
	for _, s := range samples {
		if s > bound {
			n++
		}
	}
	return float64(n) / float64(len(samples))
}
