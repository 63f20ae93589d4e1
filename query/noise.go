package query

import "math"

// The chance of taking chance for news that is put up with: in a word or sentence that stands beside its number, and over
// all that a list of what needs attention looks at.
const (
	wordDoubt = 0.05
	listDoubt = 0.05
)

// newsworthy is the smallest change of a share that is worth a word, however certain it is.
const newsworthy = 0.05

// differs tells whether two shares, a of n people and b of m, differ by more than chance would make them, at the given
// doubt (see chance). Whoever compares many pairs divides the doubt among them (Bonferroni).
func differs(a float64, n uint64, b float64, m uint64, doubt float64) bool {
	p, known := chance(a, n, b, m)
	return known && p < doubt
}

// chance is the probability that two groups, of n and m people, whose true share is the same show shares at least as
// far apart as a and b: the two-proportion z-test, pooled, two-sided, without a correction for continuity (Fleiss,
// Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., chapter 3). Not known where a group is empty.
// The people of two windows are largely the same, so of two windows the true probability is smaller still. It is too
// large, never too small, also for means of values between 0 and 1 other than shares: none varies more than a share.
func chance(a float64, n uint64, b float64, m uint64) (p float64, known bool) {
	if n == 0 || m == 0 {
		return 0, false
	}
	x, y := float64(n), float64(m)
	pooled := (a*x + b*y) / (x + y)
	deviation := math.Sqrt(pooled * (1 - pooled) * (1/x + 1/y))
	if a == b || deviation == 0 {
		return 1, true
	}
	return math.Erfc(math.Abs(a-b) / deviation / math.Sqrt2), true
}

// median is the middle of values in order, the mean of the middle two of an even number.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
