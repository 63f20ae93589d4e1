package value

import "math"

// leastSquares is the problem of Srinivasan & Mason (1986): the curve whose differences m·(F(t) − F(t−1)) come
// nearest to the weekly adopters, within bounds.
type leastSquares struct {
	weekly    []float64
	low, high vector
}

// residuals returns the sum of squares at v; gradient is Jᵀr and normal is JᵀJ, of the model's Jacobian J.
func (l leastSquares) residuals(v vector) (sum float64, gradient vector, normal [params][params]float64) {
	var f0, p0, q0 float64
	for i, n := range l.weekly {
		f1, p1, q1 := bassShare(float64(i+1), v[1], v[2])
		row := vector{f1 - f0, v[0] * (p1 - p0), v[0] * (q1 - q0)}
		r := n - v[0]*row[0]
		sum += r * r
		for a := range row {
			gradient[a] += row[a] * r
			for b := range row {
				normal[a][b] += row[a] * row[b]
			}
		}
		f0, p0, q0 = f1, p1, q1
	}
	return sum, gradient, normal
}

// bestM is the m within the bounds that is best for p and q, for which the problem is linear.
func (l leastSquares) bestM(p, q float64) (m, sum float64) {
	var xy, xx, yy, f0 float64
	for i, n := range l.weekly {
		f1, _, _ := bassShare(float64(i+1), p, q)
		xy += n * (f1 - f0)
		xx += (f1 - f0) * (f1 - f0)
		yy += n * n
		f0 = f1
	}
	m = clamp(xy/xx, l.low[0], l.high[0])
	return m, yy - 2*m*xy + m*m*xx
}

// solve starts from the best point of a coarse grid, and from the discrete regression where that is a Bass curve;
// the sum of squares may have more than one minimum.
func (l leastSquares) solve() (best vector, sum float64, converged bool) {
	sum = math.Inf(1)
	start := vector{}
	for _, p := range []float64{1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3} {
		for _, q := range []float64{0, 0.03, 0.06, 0.12, 0.25, 0.5, 1} {
			if m, s := l.bestM(p, q); s < sum {
				start, sum = vector{m, p, q}, s
			}
		}
	}
	best, sum, converged = l.descend(start)
	if seed, ok := discreteRegression(l.weekly); ok {
		for i := range seed {
			seed[i] = clamp(seed[i], l.low[i], l.high[i])
		}
		if other, s, ok := l.descend(seed); ok && (!converged || s < sum) {
			best, sum, converged = other, s, true
		}
	}
	return best, sum, converged
}

// descend is Levenberg's and Marquardt's method (Marquardt 1963: each parameter damped by its own curvature), projected
// on the bounds: a parameter at a bound that the gradient pushes against rests.
func (l leastSquares) descend(v vector) (vector, float64, bool) {
	const (
		most      = 500
		tolerance = 1e-10
	)
	damping := 1e-3
	sum, gradient, normal := l.residuals(v)
	for range most {
		step, ok := l.step(v, gradient, normal, damping)
		if !ok {
			return v, sum, false
		}
		next, moved := v, 0.0
		for i := range next {
			next[i] = clamp(v[i]+step[i], l.low[i], l.high[i])
			moved = max(moved, math.Abs(next[i]-v[i])/(math.Abs(v[i])+1e-12))
		}
		if moved < tolerance {
			return v, sum, true
		}
		nextSum, nextGradient, nextNormal := l.residuals(next)
		if !(nextSum <= sum) { // NaN is no improvement
			if damping *= 10; damping > 1e20 {
				return v, sum, false
			}
			continue
		}
		v, sum, gradient, normal = next, nextSum, nextGradient, nextNormal
		damping = max(damping/10, 1e-15)
	}
	return v, sum, false
}

// free lists the parameters that are not at a bound against which the gradient pushes.
func (l leastSquares) free(v, gradient vector) []int {
	var free []int
	for i := range v {
		if l.low[i] < l.high[i] && (v[i] > l.low[i] || gradient[i] > 0) && (v[i] < l.high[i] || gradient[i] < 0) {
			free = append(free, i)
		}
	}
	return free
}

// step solves the damped normal equations for the free parameters, by Cholesky's factors of the matrix scaled to a
// diagonal of ones, for m is of another size than p and q. ok is false where it is not positive definite.
func (l leastSquares) step(v, gradient vector, normal [params][params]float64, damping float64) (step vector, ok bool) {
	free := l.free(v, gradient)
	var scale, right vector
	var lower [params][params]float64
	for i, a := range free {
		if scale[i] = math.Sqrt(normal[a][a]); !(scale[i] > 0) || math.IsInf(scale[i], 0) {
			return step, false
		}
		right[i] = gradient[a] / scale[i]
		for j := range i + 1 {
			x := normal[a][free[j]] / scale[i] / scale[j]
			if i == j {
				x = 1 + damping
			}
			for k := range j {
				x -= lower[i][k] * lower[j][k]
			}
			switch {
			case i > j:
				lower[i][j] = x / lower[j][j]
			case x > 0:
				lower[i][i] = math.Sqrt(x)
			default:
				return step, false
			}
		}
	}
	for i := range free { // forward, then backward
		for k := range i {
			right[i] -= lower[i][k] * right[k]
		}
		right[i] /= lower[i][i]
	}
	for i := len(free) - 1; i >= 0; i-- {
		for k := i + 1; k < len(free); k++ {
			right[i] -= lower[k][i] * right[k]
		}
		right[i] /= lower[i][i]
		step[free[i]] = right[i] / scale[i]
	}
	return step, true
}
