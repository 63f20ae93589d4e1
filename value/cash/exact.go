package cash

import "math"

// The functions here give the same bits on every machine, which those of package math do not: it has assembler for some
// processors, and Go may join a product and a sum into one instruction that rounds once, where the processor has it.
// Hence the explicit conversions, which forbid that (Go's specification, "Floating-point operators"). Frexp, Ldexp and
// Sqrt are exact by definition. The errors of log and exp are a few units in the last place.

const (
	ln2High = 0x1.62e42fee00000p-1 // the first 33 bits of ln 2: k × ln2High is exact for every exponent k
	ln2Low  = 0x1.a39ef35793c76p-33
)

// The coefficients of the two series, the highest power first: of artanh(s) ÷ s by s², of which |s| < 0.172 leaves
// nothing behind the last place, and of e^r by r, |r| < 0.35.
var (
	artanh = [...]float64{1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11, 1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1}
	taylor = [...]float64{1.0 / 87178291200, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320,
		1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1}
)

// log is the natural logarithm of a positive number: x = f · 2^k with f around 1, ln f = 2 artanh((f−1) ÷ (f+1)).
func log(x float64) float64 {
	f, k := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f, k = f+f, k-1
	}
	s := (f - 1) / (f + 1)
	square, sum := float64(s*s), 0.0
	for _, c := range artanh {
		sum = float64(sum*square) + c
	}
	e := float64(k)
	return float64(e*ln2High) + (float64(e*ln2Low) + float64(2*float64(s*sum)))
}

// exp is e^x for |x| up to some hundreds: x = k ln 2 + r.
func exp(x float64) float64 {
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	r := (x - float64(k*ln2High)) - float64(k*ln2Low)
	sum := 0.0
	for _, c := range taylor {
		sum = float64(sum*r) + c
	}
	return math.Ldexp(sum, int(k))
}

// Power is x^y for a positive x, the same on every machine.
func Power(x, y float64) float64 {
	if y == 0 || x == 1 {
		return 1
	}
	return exp(float64(y * log(x)))
}
