package query

import "math"

// doubt is the chance of taking chance for news that the pages put up with, over everything that they compare at once:
// in a word or sentence that stands beside its number, and in what calls for a decision.
const (
	wordDoubt  = 0.05
	alarmDoubt = 0.01
)

// newsworthy is the smallest change of a share that is worth a word, however certain it is.
const newsworthy = 0.05

// differs tells whether two shares, a of n people and b of m, differ by more than chance would make them: the
// two-proportion z-test, two-sided, at the given doubt. Whoever compares many pairs divides the doubt among them
// (Bonferroni). The people of two windows are largely the same, so the true doubt is smaller still.
func differs(a float64, n uint64, b float64, m uint64, doubt float64) bool {
	if n == 0 || m == 0 {
		return false
	}
	x, y := float64(n), float64(m)
	pooled := (a*x + b*y) / (x + y)
	deviation := math.Sqrt(pooled * (1 - pooled) * (1/x + 1/y))
	if deviation == 0 {
		return false
	}
	return math.Abs(a-b)/deviation > math.Sqrt2*math.Erfinv(1-doubt)
}

// median is the middle of values in order, the mean of the middle two of an even number.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
