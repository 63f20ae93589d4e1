package cash

import (
	"math"
	"slices"
)

// Spread is what a figure comes to in the draws.
type Spread struct {
	P10 float64 `json:"p10"` // nine of ten draws are above it
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// SpreadOf sorts its samples. A percentile is the sample that so many of a hundred do not exceed (nearest rank).
func SpreadOf(samples []float64) Spread {
	slices.Sort(samples)
	n := len(samples)
	return Spread{samples[rank(0.10, n)], samples[rank(0.50, n)], samples[rank(0.90, n)]}
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

// Picker finds spreads faster than by sorting, and without touching the samples. One goroutine may use it at a time.
type Picker struct {
	bucket []uint16 // of each sample
	counts [buckets]int32
	marked [buckets]bool // those that hold a percentile
	few    [3][]float64
}

const buckets = 2048

// Spread is SpreadOf(samples), to the bit; all samples must be finite. It counts samples by value in buckets of equal
// width and sorts only those of the buckets that hold a percentile. The buckets reach as far as some of the samples do;
// what lies beyond is in the first and the last.
func (p *Picker) Spread(samples []float64) Spread {
	low, high := reach(samples)
	scale := (buckets - 1) / (high - low)
	if !(high > low) || math.IsInf(scale, 0) {
		return SpreadOf(slices.Clone(samples))
	}
	if cap(p.bucket) < len(samples) {
		p.bucket = make([]uint16, len(samples))
	}
	bucket := p.bucket[:len(samples)]
	clear(p.counts[:])
	for i, s := range samples {
		at := float64((s - low) * scale)
		if at < 0 {
			at = 0
		} else if at > buckets-1 {
			at = buckets - 1
		}
		b := uint16(int32(at)) & (buckets - 1)
		bucket[i] = b
		p.counts[b]++
	}
	return p.collect(samples, bucket)
}

// reach are the least and the greatest of a hundred or so of the samples, which stand in no order.
func reach(samples []float64) (low, high float64) {
	const some = 128
	low, high = samples[0], samples[0]
	for i := 0; i < len(samples); i += max(1, len(samples)/some) {
		low, high = min(low, samples[i]), max(high, samples[i])
	}
	return low, high
}

// collect sorts the samples of the buckets that hold the three percentiles.
func (p *Picker) collect(samples []float64, bucket []uint16) Spread {
	ranks := [3]int{rank(0.10, len(samples)), rank(0.50, len(samples)), rank(0.90, len(samples))}
	var holds [3]uint16
	for i, r := range ranks {
		for r >= int(p.counts[holds[i]]) {
			r -= int(p.counts[holds[i]])
			holds[i]++
		}
		ranks[i] = r // within its bucket
	}
	for i := range p.few {
		p.few[i] = p.few[i][:0]
	}
	p.mark(holds, true)
	for i, b := range bucket {
		if !p.marked[b&(buckets-1)] {
			continue
		}
		for j := range holds {
			if b == holds[j] {
				p.few[j] = append(p.few[j], samples[i])
			}
		}
	}
	p.mark(holds, false)
	var at [3]float64
	for i := range at {
		slices.Sort(p.few[i])
		at[i] = p.few[i][ranks[i]]
	}
	return Spread{at[0], at[1], at[2]}
}

func (p *Picker) mark(holds [3]uint16, as bool) {
	for _, b := range holds {
		p.marked[b] = as
	}
}

// rank is the place of a percentile among n sorted samples (nearest rank).
func rank(p float64, n int) int { return min(max(int(math.Ceil(float64(p*float64(n))))-1, 0), n-1) }
