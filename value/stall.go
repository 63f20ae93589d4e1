package value

// What counts as a stall (METRICS: Diffusion).
const (
	StallWeeks    = 8    // the weeks looked at, the last ones of the curve
	stallExpected = 0.25 // fewer than this share of the adopters expected for them
	stallReached  = 0.8  // while fewer than this share of m have adopted
)

// Stall says whether a diffusion has come to a standstill, in the numbers that say why.
type Stall struct {
	Stalled  bool
	Brought  float64 // adopters in the last StallWeeks weeks
	Expected float64 // adopters that the fit before them expected
	Reached  float64 // adopters so far ÷ M of that fit
	Fit      BassFit // the fit to the curve before those weeks
}

// Stalled compares the last 8 weeks of a curve with what a fit to the weeks before them expected: a fit that knows
// the stall would take the standstill for the end of the curve. For the same reason it finds a stall while it is
// fresh; once it has lasted so long that the fit before the 8 weeks knows it, m is what has been reached.
// Whoever raises an alarm should see to it, too, that Expected is a number of people worth waiting for: where it is 2,
// nobody comes in one case of seven. The error is a *NoFit: whether the diffusion stalls cannot be said.
func Stalled(curve []float64, enabled float64) (Stall, error) {
	if _, reason := check(curve, enabled); reason != "" {
		return Stall{}, &NoFit{Reason: reason}
	}
	known := len(curve) - StallWeeks
	if known < 1 || curve[known-1] == 0 {
		return Stall{}, &NoFit{Reason: TooFewWeeks}
	}
	fit, err := Fit(curve[:known], enabled)
	if err != nil {
		return Stall{}, err
	}
	now := curve[len(curve)-1]
	s := Stall{Brought: now - curve[known-1], Expected: fit.Expected(StallWeeks), Reached: now / fit.M, Fit: fit}
	s.Stalled = s.Brought < stallExpected*s.Expected && s.Reached < stallReached
	return s, nil
}
