package effect

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Unit is what was measured of one unit: an outcome in weeks of equal length, in order, before and after the start.
type Unit struct {
	Before, After []float64
}

// change is the mean after less the mean before.
func (u Unit) change() float64 { return stat.Mean(u.After, nil) - stat.Mean(u.Before, nil) }

// Estimate is an effect with its doubt.
type Estimate struct {
	Effect     float64 `json:"effect"` // (T₁ − T₀) − (C₁ − C₀), in the outcome's unit
	Error      float64 `json:"error"`  // its standard error
	Low        float64 `json:"low"`    // of the 95 % interval
	High       float64 `json:"high"`
	P          float64 `json:"p"`          // two-sided, that the effect is 0
	Treated    int     `json:"treated"`    // units
	Comparison int     `json:"comparison"` // units
	Freedom    int     `json:"freedom"`    // degrees of freedom: units − 2
	Treated0   float64 `json:"treated_0"`  // means of the units' means
	Treated1   float64 `json:"treated_1"`
	Compared0  float64 `json:"comparison_0"`
	Compared1  float64 `json:"comparison_1"`
}

// MinUnits is how many units each side must have (VALUE.md: Pilots).
const MinUnits = 3

// TooFew says why there is no estimate.
type TooFew struct{ Treated, Comparison int }

func (e TooFew) Error() string {
	return fmt.Sprintf("%d units took part and %d are compared with them; each side needs at least %d", e.Treated, e.Comparison, MinUnits)
}

// level is that of intervals.
const level = 0.95

// Differences estimates the effect on the treated units against the others: the coefficient δ of
// y = α + β·treat + γ·post + δ·treat·post over the units' means of the two periods, with errors clustered by unit. For
// two periods that is the difference of the mean changes of two independent groups of units, and Student's t with
// units − 2 degrees of freedom judges it (Bertrand, Duflo & Mullainathan 2004, "How much should we trust
// differences-in-differences estimates?", section IV.C, on collapsing time; Donald & Lang 2007). It fails with TooFew.
func Differences(treated, comparison []Unit) (*Estimate, error) {
	if len(treated) < MinUnits || len(comparison) < MinUnits {
		return nil, TooFew{len(treated), len(comparison)}
	}
	e := compare(changes(treated), changes(comparison))
	e.Treated0, e.Treated1 = means(treated)
	e.Compared0, e.Compared1 = means(comparison)
	return e, nil
}

func changes(units []Unit) []float64 {
	list := make([]float64, len(units))
	for i, u := range units {
		list[i] = u.change()
	}
	return list
}

func means(units []Unit) (before, after float64) {
	for _, u := range units {
		before += stat.Mean(u.Before, nil) / float64(len(units))
		after += stat.Mean(u.After, nil) / float64(len(units))
	}
	return before, after
}

// compare is Student's test of two groups of like variance.
func compare(a, b []float64) *Estimate {
	n, m := float64(len(a)), float64(len(b))
	meanA, varA := stat.MeanVariance(a, nil)
	meanB, varB := stat.MeanVariance(b, nil)
	freedom := n + m - 2
	pooled := ((n-1)*varA + (m-1)*varB) / freedom
	e := &Estimate{Effect: meanA - meanB, Error: math.Sqrt(pooled * (1/n + 1/m)), Treated: len(a), Comparison: len(b), Freedom: len(a) + len(b) - 2}
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}
	reach := student.Quantile((1+level)/2) * e.Error
	e.Low, e.High = e.Effect-reach, e.Effect+reach
	switch {
	case e.Error > 0:
		e.P = 2 * student.Survival(math.Abs(e.Effect)/e.Error)
	case e.Effect == 0:
		e.P = 1
	}
	return e
}

// Trend compares the slopes of the weeks before, a unit's by least squares: where they differ, the groups were going
// apart before anything was done, and a difference afterwards says little. The estimate is in outcome a week. It fails
// with TooFew, and where a unit has fewer than three weeks before.
func Trend(treated, comparison []Unit) (*Estimate, error) {
	if len(treated) < MinUnits || len(comparison) < MinUnits {
		return nil, TooFew{len(treated), len(comparison)}
	}
	a, err := slopes(treated)
	if err != nil {
		return nil, err
	}
	b, err := slopes(comparison)
	if err != nil {
		return nil, err
	}
	return compare(a, b), nil
}

// minTrend is how many weeks a slope needs: through two, every line fits.
const minTrend = 3

func slopes(units []Unit) ([]float64, error) {
	list := make([]float64, len(units))
	for i, u := range units {
		if len(u.Before) < minTrend {
			return nil, fmt.Errorf("a trend needs %d weeks before the start, there are %d", minTrend, len(u.Before))
		}
		weeks := make([]float64, len(u.Before))
		for w := range weeks {
			weeks[w] = float64(w)
		}
		_, list[i] = stat.LinearRegression(weeks, u.Before, nil, false)
	}
	return list, nil
}

// Placebo asks for an effect where none can be: the weeks before, as if it had started in their middle. It fails with
// TooFew, and where a unit has fewer than two weeks before.
func Placebo(treated, comparison []Unit) (*Estimate, error) {
	a, err := halves(treated)
	if err != nil {
		return nil, err
	}
	b, err := halves(comparison)
	if err != nil {
		return nil, err
	}
	return Differences(a, b)
}

func halves(units []Unit) ([]Unit, error) {
	list := make([]Unit, len(units))
	for i, u := range units {
		middle := len(u.Before) / 2
		if middle == 0 {
			return nil, fmt.Errorf("a placebo needs 2 weeks before the start, there are %d", len(u.Before))
		}
		list[i] = Unit{Before: u.Before[:middle], After: u.Before[middle:]}
	}
	return list, nil
}

// ChosenForBeingLow warns of regression to the mean: the treated units began lower than the others by more than one
// standard deviation of the units' levels, and such units rise by themselves.
func ChosenForBeingLow(treated, comparison []Unit) bool {
	levels := func(units []Unit) []float64 {
		list := make([]float64, len(units))
		for i, u := range units {
			list[i] = stat.Mean(u.Before, nil)
		}
		return list
	}
	a, b := levels(treated), levels(comparison)
	if len(a) == 0 || len(b) < 2 {
		return false
	}
	mean, deviation := stat.MeanStdDev(b, nil)
	return mean-stat.Mean(a, nil) > deviation
}
