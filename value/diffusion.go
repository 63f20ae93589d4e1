// Package value holds the money and the models of Uptake: pure functions over numbers, without a database and without
// a clock. Today that is the diffusion of a tool (METRICS: Diffusion). It knows nothing of units, tools and people.
package value

import (
	"fmt"
	"math"
)

// MinWeeks is how many weeks a fit needs, from the first adopter on. Fits on fewer than ten periods were found
// unusable by Heeler & Hustad (1980), "Problems in predicting new product growth for consumer durables", Management
// Science 26(10).
const MinWeeks = 10

// Reason says why no fit exists.
type Reason string

const (
	BadCurve         Reason = "bad_curve"         // no cumulative curve of at most enabled people: a caller's fault
	NoAdopters       Reason = "no_adopters"       // nobody has adopted yet
	TooFewWeeks      Reason = "too_few_weeks"     // fewer than MinWeeks since the first adopter
	BeginningUnseen  Reason = "beginning_unseen"  // most of the spread happened before the data begin
	NoShape          Reason = "no_shape"          // no better than a constant number of adopters a week
	BeforeInflection Reason = "before_inflection" // the peak of the weekly adopters may still lie ahead
	NotConverged     Reason = "not_converged"     // the least squares found no minimum
)

// NoFit is the error of Fit: nothing may be forecast.
type NoFit struct {
	Reason Reason
	Weeks  int // since the first adopter, its week included
}

func (e *NoFit) Error() string {
	return fmt.Sprintf("no Bass fit: %s after %d weeks", e.Reason, e.Weeks)
}

// BassFit is a Bass curve fitted to weekly counts: N(t) = M·(1 − e^−(P+Q)t) ÷ (1 + (Q/P)·e^−(P+Q)t), t in weeks since
// week Start of the curve began.
type BassFit struct {
	M       float64 // people who will have adopted in the end: from the adopters so far to the enabled
	P, Q    float64 // coefficients of innovation and of imitation, per week
	Bounded bool    // the best M would be above the enabled and was held there
	R2      float64 // of the weekly adopters: the share of their variance about their mean that the curve explains
	RMSE    float64 // of the weekly adopters, people
	Weeks   int     // weeks fitted
	Start   int     // index in the curve of the first of them, which is the first with an adopter
	Peak    float64 // when most adopt, in weeks since Start began: the inflection of N. 0 where the weeks only fall

	weekly     []float64
	adopters   float64 // the last count of the curve
	enabled    float64
	dispersion float64 // of a week's adopters about what the weeks before it let expect: variance ÷ mean, at least 1
}

// Fit fits the Bass model to a curve of cumulative adopters, one count a week, of the enabled people. Weeks before the
// first adopter do not count: diffusion begins with him. The error is always a *NoFit.
//
// The estimate is that of Srinivasan & Mason (1986), "Nonlinear least squares estimation of new product diffusion
// models", Marketing Science 5(2): least squares on the differences of the cumulative curve, seeded by Bass's own
// discrete regression (1969), here within adopters ≤ m ≤ enabled, p > 0, q ≥ 0. The same curve always gives the same fit.
func Fit(curve []float64, enabled float64) (BassFit, error) {
	start, reason := check(curve, enabled)
	if reason != "" {
		return BassFit{}, &NoFit{Reason: reason}
	}
	f := BassFit{
		Start: start, Weeks: len(curve) - start, weekly: differences(curve[start:]),
		adopters: curve[len(curve)-1], enabled: enabled,
	}
	if reason := f.estimate(); reason != "" {
		return BassFit{}, &NoFit{Reason: reason, Weeks: f.Weeks}
	}
	return f, nil
}

// estimate fills in the fit, or says why there is none.
func (f *BassFit) estimate() Reason {
	switch {
	case f.Weeks < MinWeeks:
		return TooFewWeeks
	case beginningUnseen(f.weekly, f.adopters, f.enabled):
		return BeginningUnseen
	}
	problem := leastSquares{weekly: f.weekly, low: vector{f.adopters, minP, 0}, high: vector{f.enabled, maxP, maxQ}}
	best, sum, converged := problem.solve()
	if !converged {
		return NotConverged
	}
	f.M, f.P, f.Q = best[0], best[1], best[2]
	f.Bounded = f.M >= f.enabled
	if f.Q > f.P {
		f.Peak = math.Log(f.Q/f.P) / (f.P + f.Q)
	}
	around := squaresAroundMean(f.weekly)
	f.R2, f.RMSE = 1-sum/around, math.Sqrt(sum/float64(f.Weeks))
	switch {
	case !hasShape(around, sum, f.adopters, f.Weeks):
		return NoShape
	case f.Peak >= float64(f.Weeks) || !peakPassed(problem, sum):
		return BeforeInflection
	}
	f.dispersion = f.disperse()
	return ""
}

// Expected is how many more adopt within so many weeks after the curve, when it goes on from its last count along
// the fitted Bass equation.
func (f BassFit) Expected(weeks int) float64 {
	at := f.adopters
	for range weeks {
		at = f.M * bassNext(at/f.M, f.P, f.Q)
	}
	return at - f.adopters
}

// disperse is Pearson's statistic per degree of freedom of the weekly adopters, each against what the fit expects
// after the count before it, for a count of that mean out of those who are left.
func (f *BassFit) disperse() float64 {
	var at, chi float64
	for _, n := range f.weekly {
		mean := f.M*bassNext(at/f.M, f.P, f.Q) - at
		staying := 1 - mean/max(f.M-at, 1)
		chi += (n - mean) * (n - mean) / max(mean, 0.5) / max(staying, 0.1) // no division by a week without expectation
		at += n
	}
	return max(1, chi/float64(f.Weeks-params))
}
