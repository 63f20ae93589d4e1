package value

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// params is the number of parameters of a Bass curve: m, p and q, in this order in every vector.
const params = 3

type vector [params]float64

// Bounds of p and q, per week. At p = 5 the first week brings 99.3 % of all; at the lower end of p, the first of a
// billion people adopts by himself in a week.
const (
	minP = 1e-9
	maxP = 5
	maxQ = 10
)

// bassShare is F(t), the share of m that has adopted t weeks after the start, and its derivatives by p and q.
func bassShare(t, p, q float64) (f, byP, byQ float64) {
	e := math.Exp(-(p + q) * t)
	ratio := q / p
	d := 1 + ratio*e
	f = (1 - e) / d
	common := t * e * (1 + ratio)
	byP = (common + (1-e)*e*ratio/p) / (d * d)
	byQ = (common - (1-e)*e/p) / (d * d)
	return f, byP, byQ
}

// bassNext is the share of m that has adopted one week after it was share: the solution of Bass's equation
// dF/dt = (p + qF)(1 − F) from there.
func bassNext(share, p, q float64) float64 {
	if share >= 1 {
		return 1
	}
	left := (1 - share) / (p + q*share) * math.Exp(-(p + q))
	return (1 - p*left) / (1 + q*left)
}

// discreteRegression is Bass's own estimate (1969): the adopters of a period as a parabola in the adopters before it,
// n(t) = a + b·N(t−1) + c·N(t−1)², where a = pm, b = q − p, c = −q/m. ok tells whether it is a Bass curve at all.
func discreteRegression(weekly []float64) (v vector, ok bool) {
	x, y := mat.NewDense(len(weekly), params, nil), mat.NewVecDense(len(weekly), nil)
	scale := 0.0 // columns of like size keep the normal equations solvable
	for _, n := range weekly {
		scale += n
	}
	before := 0.0
	for i, n := range weekly {
		x.SetRow(i, []float64{1, before / scale, before / scale * before / scale})
		y.SetVec(i, n)
		before += n
	}
	var solved mat.VecDense
	if solved.SolveVec(x, y) != nil {
		return v, false
	}
	a, b, c := solved.AtVec(0), solved.AtVec(1)/scale, solved.AtVec(2)/scale/scale
	root := b*b - 4*a*c
	if c >= 0 || root < 0 || a <= 0 {
		return v, false
	}
	m := (-b - math.Sqrt(root)) / (2 * c)
	v = vector{m, a / m, -c * m}
	return v, v[1] > 0 && v[2] > 0
}

func clamp(x, low, high float64) float64 { return min(max(x, low), high) }
