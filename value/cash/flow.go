package cash

import (
	"errors"
	"fmt"
	"math"
)

// Flow is what comes in and goes out, in one currency. Payments of a month fall on its end.
type Flow struct {
	Upfront float64   // paid on the first day
	In, Out []float64 // of each month; the shorter one goes on with nothing
}

// months is how long the flow is.
func (f Flow) months() int { return max(len(f.In), len(f.Out)) }

func at(amounts []float64, month int) float64 {
	if month < len(amounts) {
		return amounts[month]
	}
	return 0
}

// ErrRate refuses a yearly discount rate of −100 % or less, which no factor belongs to.
var ErrRate = errors.New("a discount rate must be a number above −1 (−100 %)")

// Present is what the two sides of a flow are worth on the first day.
type Present struct {
	In  float64
	Out float64 // what is paid on the first day included
}

// Discount is the present value of both sides at a yearly rate (0.1 is 10 %): month t counts ÷ (1 + rate)^(t/12),
// t = 1 for the first, as in Brealey, Myers & Allen, Principles of Corporate Finance, on annual rates compounded
// within the year. It fails with ErrRate.
func (f Flow) Discount(rate float64) (Present, error) {
	if !(rate > -1) || math.IsInf(rate, 1) {
		return Present{}, ErrRate
	}
	p := Present{Out: f.Upfront}
	for month := range f.months() {
		factor := Power(1+rate, -float64(month+1)/12)
		p.In += float64(at(f.In, month) * factor)
		p.Out += float64(at(f.Out, month) * factor)
	}
	return p, nil
}

// Net is the net present value: −C₀ + Σ (Bₜ − Cₜ) ÷ (1 + d)^(t/12).
func (p Present) Net() float64 { return p.In - p.Out }

// Return is the return on investment, (PV of benefits − PV of costs) ÷ PV of costs; ok is false where nothing is paid.
func (p Present) Return() (roi float64, ok bool) {
	if p.Out <= 0 {
		return 0, false
	}
	return p.Net() / p.Out, true
}

// Payback is the first month at whose end what came in makes up for what was paid until then, not discounted: 1 for
// the first month. ok is false where that does not come within the flow.
func (f Flow) Payback() (month int, ok bool) {
	sum := -f.Upfront
	for month := range f.months() {
		if sum += at(f.In, month) - at(f.Out, month); sum >= 0 {
			return month + 1, true
		}
	}
	return 0, false
}

// Even is a flow of the same amounts each month.
func Even(upfront, in, out float64, months int) (Flow, error) {
	if months < 0 {
		return Flow{}, fmt.Errorf("a flow cannot have %d months", months)
	}
	f := Flow{Upfront: upfront, In: make([]float64, months), Out: make([]float64, months)}
	for i := range months {
		f.In[i], f.Out[i] = in, out
	}
	return f, nil
}

// Annuity is what one unit at the end of each of so many months is worth on the first day, and Flow.Discount for an even
// flow: it lets ten thousand draws share one sum.
func Annuity(rate float64, months int) (float64, error) {
	if !(rate > -1) || math.IsInf(rate, 1) {
		return 0, ErrRate
	}
	sum := 0.0
	for t := 1; t <= months; t++ {
		sum += Power(1+rate, -float64(t)/12)
	}
	return sum, nil
}
