package cash

import (
	"fmt"
	"math"
)

// Range is a doubtful amount: what it is at least, most likely and at most. It is distributed as PERT takes it (Malcolm,
// Roseboom, Clark & Fazar 1959; the modified form of Vose, Risk Analysis, 2008, with shape 4): a beta distribution
// between Low and High with α = 1 + 4 (Likely − Low) ÷ (High − Low) and β = 1 + 4 (High − Likely) ÷ (High − Low).
type Range struct {
	Low    float64 `json:"low"`
	Likely float64 `json:"likely"`
	High   float64 `json:"high"`
}

// Exactly is an amount without doubt.
func Exactly(v float64) Range { return Range{v, v, v} }

// Check says what is wrong with a range, in a plain sentence; nil where nothing is.
func (r Range) Check() error {
	for _, v := range []float64{r.Low, r.Likely, r.High} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("low, likely and high must be numbers")
		}
	}
	if r.Low > r.Likely {
		return fmt.Errorf("low (%g) lies above likely (%g)", r.Low, r.Likely)
	}
	if r.Likely > r.High {
		return fmt.Errorf("likely (%g) lies above high (%g)", r.Likely, r.High)
	}
	return nil
}

// Mean is (low + 4 likely + high) ÷ 6.
func (r Range) Mean() float64 { return (r.Low + float64(4*r.Likely) + r.High) / 6 }

// Variance is (mean − low)(high − mean) ÷ 7.
func (r Range) Variance() float64 { return (r.Mean() - r.Low) * (r.High - r.Mean()) / 7 }

// shape is α and β; ok is false for an amount without doubt.
func (r Range) shape() (alpha, beta float64, ok bool) {
	width := r.High - r.Low
	if width <= 0 {
		return 0, 0, false
	}
	return 1 + 4*(r.Likely-r.Low)/width, 1 + 4*(r.High-r.Likely)/width, true
}
