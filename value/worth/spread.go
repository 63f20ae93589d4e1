package worth

import (
	"fmt"
	"math"
	"slices"

	"uptake/value/assumptions"
	"uptake/value/cash"
)

// spreads puts the percentiles of finite samples into a figure.
func (f *Figure) spreads(samples []float64, picker *cash.Picker) {
	s := picker.Spread(samples)
	f.P10, f.P50, f.P90 = finite(s.P10), finite(s.P50), finite(s.P90)
}

// months puts the percentiles of whole months from 1 to the horizon, or +Inf, into a figure.
func (f *Figure) months(samples []float64, horizon int) {
	counts := make([]int, horizon+2)
	for _, s := range samples {
		counts[int(min(s, float64(horizon+1)))]++
	}
	at := func(p float64) *float64 {
		rank := int(math.Ceil(float64(p * float64(len(samples)))))
		for month, n := range counts {
			if rank -= n; rank <= 0 && month <= horizon {
				return finite(float64(month))
			} else if rank <= 0 {
				break
			}
		}
		return nil
	}
	f.P10, f.P50, f.P90 = at(0.10), at(0.50), at(0.90)
	if f.P90 == nil || f.P50 == nil || f.P10 == nil {
		f.Why = notWithin(horizon)
	}
}

func notWithin(horizon int) string { return fmt.Sprintf("not within %d months", horizon) }

// finite is a number that can be shown, nil for one that is none.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	if v == 0 {
		v = 0 // no −0
	}
	return &v
}

// scaled is a figure's spread for a share of it.
func (f Figure) scaled(share float64) Figure {
	by := func(v *float64) *float64 {
		if v == nil {
			return nil
		}
		return finite(float64(*v * share))
	}
	f.P10, f.P50, f.P90, f.Likely = by(f.P10), by(f.P50), by(f.P90), by(f.Likely)
	return f
}

// belief is what inputs do to a figure.
type belief struct {
	grade assumptions.Grade
	mover string
}

// almostAll is how much of a figure the inputs that grade it make.
const almostAll = 0.8

// believe judges a figure by its lanes in the world of moved inputs. What an input makes of a figure is by how much the
// figure changes where the input changes by a hundredth: of a product every factor makes as much, of a sum every part
// as much as it brings. The grade is the worst among the inputs that, the greatest first, make 80 %; one that makes just
// as much as the last of them is among them. A figure that no input changes is 0 because nothing was entered or used: C.
func believe(lanes []float64, in inputs) (b belief) {
	b.grade = assumptions.Assumed
	var made []madeBy
	all, most := 0.0, 0.0
	for i := range in.list {
		if swing := math.Abs(lanes[2+3*i] - lanes[1+3*i]); swing > most {
			most, b.mover = swing, in.list[i].path
		}
		if m := math.Abs(lanes[3+3*i] - lanes[0]); m > 0 {
			made = append(made, madeBy{i, m})
			all += m
		}
	}
	if len(made) == 0 {
		return b
	}
	slices.SortStableFunc(made, func(a, b madeBy) int {
		switch {
		case a.by > b.by:
			return -1
		case a.by < b.by:
			return 1
		}
		return 0
	})
	b.grade = assumptions.Measured
	sum, last := 0.0, 0.0
	for _, m := range made {
		const alike = 1 - 1e-6
		if sum >= float64(almostAll*all) && m.by < float64(last*alike) {
			break
		}
		sum, last = sum+m.by, m.by
		if g := in.list[m.input].Grade; g.Worse(b.grade) {
			b.grade = g
		}
	}
	return b
}

// madeBy is how much of a figure an input makes.
type madeBy struct {
	input int
	by    float64
}
