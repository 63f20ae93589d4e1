package cash

// A beta distribution as PERT makes it: α + β = 6, both from 1 to 5. Its quantiles are worked out here and not by a
// library, so that they are the same on every machine (see exact.go).

// quantiles are those in the middle of n equally likely slices. Those below the middle of the range are walked up from
// its low end, those above it down from the high end, where the distribution is that with α and β changed.
func quantiles(alpha, beta float64, n int) []float64 {
	low, high := tail{alpha, beta}, tail{beta, alpha}
	whole := low.area(0.5) + high.area(0.5) // B(α, β)
	below := 0
	for below < n && float64((float64(below)+0.5)*whole) <= float64(low.area(0.5)*float64(n)) {
		below++
	}
	list := make([]float64, n)
	low.walk(whole, n, list[:below])
	above := make([]float64, n-below)
	high.walk(whole, n, above)
	for i, x := range above {
		list[n-1-i] = 1 - x
	}
	return list
}

// tail is the low end of x^(a−1) (1−x)^(b−1), up to the middle.
type tail struct{ a, b float64 }

func (t tail) density(x float64) float64 {
	return exp(float64((t.a-1)*log(x)) + float64((t.b-1)*log(1-x)))
}

// area is the integral of the density from 0 to x ≤ ½, by its power series (Abramowitz & Stegun 26.5.4 in another
// form): x^a Σ (1−b)(2−b)…(n−b) ÷ n! · x^n ÷ (a+n).
func (t tail) area(x float64) float64 {
	factor, sum := 1.0, 1/t.a
	for n := 1.0; n < 200; n++ {
		factor = float64(float64(factor*x) * ((n - t.b) / n))
		term := factor / (t.a + n)
		sum += term
		if term < 1e-18 && term > -1e-18 {
			break
		}
	}
	return float64(Power(x, t.a) * sum)
}

// walk finds the quantiles of the first slices. Each is found from the one before by Newton's steps on the area, which
// is smooth between the ends because a and b are at least 1. To make a table of ten thousand cheap, the area is only
// asked at every 64th; those between come from the density by the classical Runge-Kutta rule for dx/dp = 1 ÷ density,
// whose error over one step is far below the last digit that is ever shown.
func (t tail) walk(whole float64, n int, list []float64) {
	const every = 64
	edge := n / 50 // near the end the density is too flat for steps
	step := whole / float64(n)
	x := 0.0
	for i := range list {
		area := float64((float64(i) + 0.5) * step)
		switch {
		case i == 0:
			x = t.newton(area, min(Power(float64(area*t.a), 1/t.a), 0.5))
		case i < edge || i%every == 0:
			x = t.newton(area, x)
		default:
			x = t.step(x, step)
		}
		list[i] = x
	}
}

// newton finds where the area from 0 has a size, beginning nearby.
func (t tail) newton(area, x float64) float64 {
	for range 60 {
		change := (t.area(x) - area) / t.density(x)
		next := x - change
		if next <= 0 { // too far: the density is flat here
			next = x / 2
		}
		next = min(next, 0.5)
		if change < 1e-15 && change > -1e-15 {
			return next
		}
		x = next
	}
	return x
}

// step goes on by a piece of area.
func (t tail) step(x, area float64) float64 {
	k1 := area / t.density(x)
	k2 := area / t.density(x+float64(0.5*k1))
	k3 := area / t.density(x+float64(0.5*k2))
	k4 := area / t.density(x+k3)
	return x + (k1+float64(2*k2)+float64(2*k3)+k4)/6
}
