package effect

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Plan is the size of a pilot: units on each side, and the standard deviation of a unit's change, taken from how units
// changed between two periods of the same lengths in the past.
type Plan struct {
	Treated, Comparison int
	Deviation           float64
}

// ErrPlan refuses a plan that no power belongs to.
var ErrPlan = errors.New("a plan needs at least 3 units on each side and a deviation above 0")

func (p Plan) check() error {
	if p.Treated < MinUnits || p.Comparison < MinUnits || !(p.Deviation > 0) || math.IsInf(p.Deviation, 1) {
		return ErrPlan
	}
	return nil
}

// error is the standard error of the effect.
func (p Plan) error() float64 {
	return p.Deviation * math.Sqrt(1/float64(p.Treated)+1/float64(p.Comparison))
}

// Power is how likely the two-sided test at 5 % finds an effect of this size: the noncentral t distribution with
// units − 2 degrees of freedom and noncentrality effect ÷ standard error (Cohen 1988, Statistical Power Analysis,
// chapter 2). It fails with ErrPlan.
func (p Plan) Power(effect float64) (float64, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	return p.tails().beyond(math.Abs(effect) / p.error()), nil
}

// tails is the test of a plan: its critical value times √(X ÷ freedom), X of chi-squared, in slices of X's distribution
// that are equally likely.
type tails []float64

func (p Plan) tails() tails {
	freedom := float64(p.Treated + p.Comparison - 2)
	critical := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}.Quantile((1 + level) / 2)
	chi := distuv.ChiSquared{K: freedom}
	slices := make(tails, 1000)
	for i := range slices {
		slices[i] = critical * math.Sqrt(chi.Quantile((float64(i)+0.5)/float64(len(slices)))/freedom)
	}
	return slices
}

// beyond is the probability that |Z + shift| exceeds the bound, Z normal: that |T| exceeds its critical value.
func (t tails) beyond(shift float64) float64 {
	sum := 0.0
	for _, bound := range t {
		sum += distuv.UnitNormal.Survival(bound-shift) + distuv.UnitNormal.CDF(-bound-shift)
	}
	return sum / float64(len(t))
}

// Detectable is the smallest effect that is found with the given power, 0.8 as a rule. It fails with ErrPlan, and for a
// power that is not between 0.05 and 1.
func (p Plan) Detectable(power float64) (float64, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	if !(power > 1-level && power < 1) {
		return 0, errors.New("a power lies between 0.05 and 1")
	}
	test := p.tails()
	low, high := 0.0, 1.0 // in standard errors
	for test.beyond(high) < power {
		low, high = high, 2*high
	}
	for range 40 {
		middle := (low + high) / 2
		if test.beyond(middle) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return high * p.error(), nil
}

// Setting is what a unit's change is made of where the outcome is a share: how many people it has, which share of them
// is active in a week, how alike a person's weeks are, and how far units drift apart by themselves.
type Setting struct {
	People        int     // of one unit
	Before, After int     // weeks
	Share         float64 // of people active in a week, between 0 and 1
	Likeness      float64 // correlation of two weeks of the same person, from 0 up to 1
	Drift         float64 // standard deviation of what moves a unit as a whole between the periods, as a share
}

// Deviation is the standard deviation of a unit's change from one period to the other, for a Plan: a person's weeks are
// equally correlated, so the change of a person's mean has the variance p(1 − p)(1 − ρ)(1/m + 1/r) over m weeks before
// and r after (McKenzie 2012, "Beyond baseline and follow-up: the case for more T in experiments", Journal of Development
// Economics 99, section 2.1, on difference in differences); a unit is the mean of its people, and drifts. It fails with
// ErrSetting.
func (s Setting) Deviation() (float64, error) {
	if s.People < 1 || s.Before < 1 || s.After < 1 || !(s.Share > 0 && s.Share < 1) || !(s.Likeness >= 0 && s.Likeness < 1) || !(s.Drift >= 0 && s.Drift < 1) {
		return 0, ErrSetting
	}
	chance := s.Share * (1 - s.Share) * (1 - s.Likeness) / float64(s.People) * (1/float64(s.Before) + 1/float64(s.After))
	return math.Sqrt(chance + s.Drift*s.Drift), nil
}

// ErrSetting refuses a setting that no deviation belongs to.
var ErrSetting = errors.New("a setting needs people, weeks before and after, a share between 0 and 1, and a likeness and a drift of at least 0 and under 1")
