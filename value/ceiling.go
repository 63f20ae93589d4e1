package value

import (
	"math"
	"math/rand/v2"
	"slices"
)

// ceiling is one m that the curve may end at, with the p and q that fit best if it does, and how far these may be off.
type ceiling struct {
	m, p, q float64
	// Cholesky's factors of the covariance of p and q: p = p + pp·z₁, q = q + qp·z₁ + qq·z₂.
	pp, qp, qq float64
	likelihood float64 // log
	weight     float64
}

// ceilings are the m that the data leave open, with the sum of the weights up to each.
type ceilings struct {
	all []ceiling
	sum []float64
}

// What is thought of m before the data speak: either everybody enabled will adopt, as with a tool that all have to
// use, or any number between the adopters so far and the enabled, all equally likely.
const (
	ceilingSteps = 40
	everybody    = 0.25
)

// ceilings weighs each m by its likelihood, p and q integrated out by Laplace's method. Least squares gives one m with
// a symmetric error; what is really known is lopsided (not below the count, not above the enabled, a long tail above
// the estimate), and counts are not independent of those before them, which makes its error too small (Boswijk &
// Franses 2005, "On the econometrics of the Bass diffusion model", Journal of Business & Economic Statistics 23(3)).
func (f BassFit) ceilings() ceilings {
	var c ceilings
	best := math.Inf(-1)
	room := f.enabled - f.adopters
	for i := range ceilingSteps + 1 {
		x := float64(i) / ceilingSteps // squared: finer near the adopters so far, where the curve is sensitive to m
		one := f.suppose(f.adopters + room*x*x)
		best = max(best, one.likelihood)
		one.weight = (1 - everybody) * (x + 0.25/ceilingSteps) * 2 / ceilingSteps // the part of the room it stands for
		if i == ceilingSteps {
			one.weight = one.weight/2 + everybody
		}
		c.all = append(c.all, one)
	}
	total := 0.0
	for i := range c.all {
		one := &c.all[i]
		one.weight *= math.Exp((one.likelihood-best)/f.dispersion) * one.pp * one.qq
		if one.weight > 0 { // a weight that is no number is none
			total += one.weight
		}
		c.sum = append(c.sum, total)
	}
	return c
}

// draw picks an m by weight, and a p and q about the best for it.
func (c ceilings) draw(source rand.Source) vector {
	r := rand.New(source)
	at, _ := slices.BinarySearch(c.sum, r.Float64()*c.sum[len(c.sum)-1])
	one := c.all[min(at, len(c.all)-1)]
	const tries = 100 // for a p and q that are not negative; nearly always, the first does
	for range tries {
		z1, z2 := r.NormFloat64(), r.NormFloat64()
		p, q := one.p+one.pp*z1, one.q+one.qp*z1+one.qq*z2
		if p > minP && q >= 0 {
			return vector{one.m, min(p, maxP), min(q, maxQ)}
		}
	}
	return vector{one.m, one.p, one.q}
}

// suppose finds the p and q that are most likely if the curve ends at m. Adoption is a counting process with the
// intensity (p + q·N/m)·(m − N): in a week, about p·A + q·B adopt, where A is the time that people had not adopted in
// it and B the part of it that they had adopters around them. Given m, that is linear: a Poisson regression with
// two coefficients that are not negative, solved by scoring.
func (f BassFit) suppose(m float64) ceiling {
	a, b := f.exposure(m)
	sumN, sumA, sumB := f.adopters, 0.0, 0.0
	for i := range a {
		sumA, sumB = sumA+a[i], sumB+b[i]
	}
	// The best without imitation, and the best without innovation, are where scoring ends when it leaves the quadrant.
	p, q := sumN/sumA/2, sumN/sumB/2
	likelihood := f.likelihood(a, b, p, q)
	for range 100 {
		stepP, stepQ := f.score(a, b, p, q)
		nextP, nextQ := p+stepP, q+stepQ
		switch {
		case nextQ < 0:
			nextP, nextQ = sumN/sumA, 0
		case nextP < 0:
			nextP, nextQ = 0, sumN/sumB
		}
		next := f.likelihood(a, b, nextP, nextQ)
		for half := 0; !(next >= likelihood) && half < 40; half++ {
			nextP, nextQ = (p+nextP)/2, (q+nextQ)/2
			next = f.likelihood(a, b, nextP, nextQ)
		}
		gain := next - likelihood
		if !(gain > 0) {
			break
		}
		p, q, likelihood = nextP, nextQ, next
		if gain < 1e-9 {
			break
		}
	}
	one := ceiling{m: m, p: max(p, minP), q: q, likelihood: likelihood}
	one.pp, one.qp, one.qq = f.factors(a, b, one.p, one.q)
	return one
}

// exposure is A and B of each week, by the count in its middle.
func (f BassFit) exposure(m float64) (a, b []float64) {
	a, b = make([]float64, f.Weeks), make([]float64, f.Weeks)
	at := 0.0
	for i, n := range f.weekly {
		middle := at + n/2
		a[i] = max(m-middle, 0.25) // at m itself, the last one may have adopted at once
		b[i] = a[i] * middle / m
		at += n
	}
	return a, b
}

// likelihood is that of the weekly adopters, but for a constant.
func (f BassFit) likelihood(a, b []float64, p, q float64) float64 {
	sum := 0.0
	for i, n := range f.weekly {
		mean := p*a[i] + q*b[i]
		sum -= mean
		if n > 0 {
			sum += n * math.Log(mean)
		}
	}
	return sum
}

// information is Fisher's, of p and q.
func information(a, b []float64, p, q float64) (pp, pq, qq float64) {
	for i := range a {
		mean := p*a[i] + q*b[i]
		pp, pq, qq = pp+a[i]*a[i]/mean, pq+a[i]*b[i]/mean, qq+b[i]*b[i]/mean
	}
	return pp, pq, qq
}

// score is the step of Fisher's scoring.
func (f BassFit) score(a, b []float64, p, q float64) (stepP, stepQ float64) {
	var byP, byQ float64
	for i, n := range f.weekly {
		rest := n/(p*a[i]+q*b[i]) - 1
		byP, byQ = byP+rest*a[i], byQ+rest*b[i]
	}
	pp, pq, qq := information(a, b, p, q)
	det := pp*qq - pq*pq
	return (byP*qq - byQ*pq) / det, (byQ*pp - byP*pq) / det
}

// factors are Cholesky's factors of the covariance: the inverse of the information, times the dispersion.
func (f BassFit) factors(a, b []float64, p, q float64) (pp, qp, qq float64) {
	iPP, iPQ, iQQ := information(a, b, p, q)
	det := iPP*iQQ - iPQ*iPQ
	pp = math.Sqrt(f.dispersion * iQQ / det)
	qp = -f.dispersion * iPQ / det / pp
	qq = math.Sqrt(f.dispersion / iQQ)
	return pp, qp, qq
}
