package value

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// What is demanded of a curve before it is fitted, and of a fit before it is believed.
const (
	shapeLevel = 0.95 // of the F test of the curve against a constant number of adopters a week
	peakLevel  = 0.99 // of the F test of the curve against those whose peak is still to come
	mostPeople = 1e11 // no count of people is greater; squares of such numbers are still exact enough
)

// check demands a cumulative curve of 0..enabled people and finds its first week with an adopter.
func check(curve []float64, enabled float64) (start int, reason Reason) {
	if !(enabled >= 0 && enabled <= mostPeople) {
		return 0, BadCurve
	}
	before := 0.0
	for _, n := range curve {
		if !(n >= before && n <= enabled) { // so written, it catches NaN
			return 0, BadCurve
		}
		before = n
	}
	if before == 0 {
		return 0, NoAdopters
	}
	for curve[start] == 0 {
		start++
	}
	return start, ""
}

// differences are the adopters of each week of a cumulative curve.
func differences(curve []float64) []float64 {
	weekly, before := make([]float64, len(curve)), 0.0
	for i, n := range curve {
		weekly[i], before = n-before, n
	}
	return weekly
}

// beginningUnseen tells whether the first week holds people who adopted before the data begin: all there are, or more
// than the innovators (2.5 % of the enabled) while the next three weeks brought less than half of what even a spread
// without imitation brings after such a week, beyond chance (three standard deviations of a Poisson count). Fitted
// all the same, such a curve has p far too high: Jiang, Bass & Bass (2006), "Virtual Bass model and the left-hand
// data-truncation bias in diffusion of innovation studies", International Journal of Research in Marketing 23(1).
func beginningUnseen(weekly []float64, adopters, enabled float64) bool {
	const (
		innovators = 0.025
		weeks      = 3
	)
	first := weekly[0]
	if first <= innovators*enabled {
		return false
	}
	if first == adopters {
		return true
	}
	var brought, expected float64
	staying := 1 - first/enabled
	for i, next := 1, first*staying; i <= weeks; i, next = i+1, next*staying {
		brought, expected = brought+weekly[i], expected+next
	}
	return expected-brought > max(expected/2, 3*math.Sqrt(expected))
}

func squaresAroundMean(values []float64) float64 {
	var mean, sum float64
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		sum += (x - mean) * (x - mean)
	}
	return sum
}

// hasShape tells whether the curve, with the sum of squares it leaves, explains the weekly adopters better than a
// constant number does: the F test of its two parameters more.
func hasShape(around, sum, adopters float64, weeks int) bool {
	if around <= 1e-18*adopters*adopters { // constant but for rounding
		return false
	}
	freedom := float64(weeks - params)
	statistic := (around - sum) / (params - 1) / (sum / freedom)
	return statistic > distuv.F{D1: params - 1, D2: freedom}.Quantile(shapeLevel)
}

// peakPassed tells whether the data speak against every curve whose peak is still to come: the F test of the best fit
// against the best one that peaks at the end of the weeks, which is one parameter less. Without it, m is estimated
// near the last count whatever it is: Van den Bulte & Lilien (1997), "Bias and systematic change in the parameter
// estimates of macro-level diffusion models", Marketing Science 16(4). Because m is at most the enabled, a curve that
// is past the half of them cannot peak later, and passes easily.
func peakPassed(l leastSquares, sum float64) bool {
	freedom := float64(len(l.weekly) - params)
	statistic := (l.bestPeakingAtEnd() - sum) / (sum / freedom)
	return statistic > distuv.F{D1: 1, D2: freedom}.Quantile(peakLevel)
}

// bestPeakingAtEnd is the least sum of squares of the curves whose peak is the end of the weeks T: those with
// ln(q/p) = (p+q)T. For each q, one p < q solves it, and the best m is known.
func (l leastSquares) bestPeakingAtEnd() float64 {
	const ratio = 1.05 // from one q to the next
	end, best := float64(len(l.weekly)), math.Inf(1)
	for q := 0.1 / end; q < maxQ; q *= ratio {
		p := peakingAt(end, q)
		if p < minP {
			break // for greater q, it is smaller still
		}
		if _, sum := l.bestM(p, q); sum < best {
			best = sum
		}
	}
	return best
}

// peakingAt is the p with which a curve of imitation q peaks at t: p·e^(pt) = q·e^(−qt), halved down to.
func peakingAt(t, q float64) float64 {
	want := q * math.Exp(-q*t)
	low, high := 0.0, want
	for range 60 {
		if middle := (low + high) / 2; middle*math.Exp(middle*t) < want {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
