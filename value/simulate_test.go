package value_test

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// share is F(t) of the Bass model, written down once more.
func share(t, p, q float64) float64 {
	return (1 - math.Exp(-(p+q)*t)) / (1 + q/p*math.Exp(-(p+q)*t))
}

// bassCurve is the cumulative curve m·F(1), m·F(2), …
func bassCurve(m, p, q float64, weeks int) []float64 {
	curve := make([]float64, weeks)
	for i := range curve {
		curve[i] = m * share(float64(i+1), p, q)
	}
	return curve
}

func cumulate(weekly []float64) []float64 {
	curve, sum := make([]float64, len(weekly)), 0.0
	for i, n := range weekly {
		sum += n
		curve[i] = sum
	}
	return curve
}

// people lets m people adopt by chance: on each day, everybody who is left does so with the probability
// (p + q·adopters/m)/7. Nothing in it knows of curves, weeks or fits.
func people(m, p, q float64, weeks int, source rand.Source) []float64 {
	curve, adopters := make([]float64, weeks), 0.0
	for i := range curve {
		for range 7 {
			if left := m - adopters; left > 0 {
				hazard := min(1, (p+q*adopters/m)/7)
				adopters += distuv.Binomial{N: left, P: hazard, Src: source}.Rand()
			}
		}
		curve[i] = adopters
	}
	return curve
}

// weeksUntil is the number of weeks after which the model's curve has reached a share of m.
func weeksUntil(reached, p, q float64) int {
	weeks := 1
	for share(float64(weeks), p, q) < reached {
		weeks++
	}
	return weeks
}
