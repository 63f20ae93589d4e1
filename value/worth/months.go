package worth

import (
	"math"
	"slices"

	"uptake/adoption"
)

// window are months of the future, counted from the day after the span: 1 is the first. Both ends are in it; it is empty
// where to is before from.
type window struct{ from, to int }

func (w window) months() float64 { return float64(max(w.to-w.from+1, 0)) }

func (w window) holds(o window) bool { return w.from <= o.from && o.to <= w.to }

// calendar puts days into months of 365 ÷ 12 days.
type calendar struct {
	from, to adoption.Day // the span
	horizon  int
}

// after is how many months have passed from the end of the span to the end of a day, rounded.
func (c calendar) after(day adoption.Day) int {
	return int(math.Floor(float64(float64(day-c.to)*yearMonths/yearDays) + 0.5))
}

// future is when a line runs within the horizon. Contracts that follow each other day by day follow each other by months.
func (c calendar) future(from, to *adoption.Day) window {
	w := window{1, c.horizon}
	if from != nil {
		w.from = max(1, c.after(*from-1)+1)
	}
	if to != nil {
		w.to = min(c.horizon, c.after(*to))
	}
	return w
}

// past is for how many months a line ran within the span.
func (c calendar) past(from, to *adoption.Day) float64 {
	first, last := c.from, c.to
	if from != nil {
		first = max(first, *from)
	}
	if to != nil {
		last = min(last, *to)
	}
	return max(float64(last-first)+1, 0) * yearMonths / yearDays
}

// month is the month that a day of the future falls into, 0 for a day that is not after the span.
func (c calendar) month(day adoption.Day) int {
	if day <= c.to {
		return 0
	}
	return int(math.Ceil(float64(float64(day-c.to) * yearMonths / yearDays)))
}

// segments parts the horizon where some window begins or ends: within a segment every month is like the other.
func segments(horizon int, windows []window) (parts []window) {
	begins := []int{1}
	for _, w := range windows {
		if w.to >= w.from {
			begins = append(begins, w.from, w.to+1)
		}
	}
	slices.Sort(begins)
	begins = slices.Compact(begins)
	for i, b := range begins {
		end := horizon
		if i+1 < len(begins) {
			end = min(horizon, begins[i+1]-1)
		}
		if b <= end {
			parts = append(parts, window{b, end})
		}
	}
	return parts
}
