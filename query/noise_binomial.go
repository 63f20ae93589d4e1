package query

import "math"

// upperTail is the probability of x or more of n people where each is one with probability p, independently of the
// others: the sum of the binomial distribution's terms, as far as they count.
func upperTail(x, n uint64, p float64) float64 {
	switch {
	case x == 0:
		return 1
	case float64(x) <= float64(n)*p:
		return 1 - upperTail(n-x+1, n, 1-p) // the other side is the one whose terms fall from the first on
	}
	var sum float64
	for i := x; i <= n; i++ {
		term := binomial(i, n, p)
		if sum += term; term <= sum*1e-17 {
			break
		}
	}
	return min(sum, 1)
}

// lowerTail is the probability of x or fewer.
func lowerTail(x, n uint64, p float64) float64 { return upperTail(n-x, n, 1-p) }

// binomial is the probability of exactly x of n.
func binomial(x, n uint64, p float64) float64 {
	chosen, _ := math.Lgamma(float64(n) + 1)
	these, _ := math.Lgamma(float64(x) + 1)
	those, _ := math.Lgamma(float64(n-x) + 1)
	return math.Exp(chosen - these - those + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
}
