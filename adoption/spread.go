package adoption

import (
	"cmp"
	"math"
	"slices"
)

// Bar is how many people did something so many times.
type Bar struct {
	Amount uint64 // of each of them
	People uint64 // never 0 in a Histogram
}

// Histogram is how an amount spreads over people: bars in the order of their amounts, each amount once. The histogram of
// a unit is the merged ones of its children, as medians are not. Who did nothing and counts is in a bar of amount 0.
// Figures are exact while the sum of all amounts is below 2⁵³.
type Histogram []Bar

// Add puts so many people more at an amount.
func (h *Histogram) Add(amount, people uint64) {
	if people == 0 {
		return
	}
	at, found := slices.BinarySearchFunc(*h, amount, func(b Bar, amount uint64) int { return cmp.Compare(b.Amount, amount) })
	if !found {
		*h = slices.Insert(*h, at, Bar{Amount: amount})
	}
	(*h)[at].People += people
}

// Merge is the histogram of the people of both, and changes neither.
func (h Histogram) Merge(other Histogram) Histogram {
	merged := make(Histogram, 0, len(h)+len(other))
	for len(h) > 0 && len(other) > 0 {
		switch cmp.Compare(h[0].Amount, other[0].Amount) {
		case -1:
			merged, h = append(merged, h[0]), h[1:]
		case 1:
			merged, other = append(merged, other[0]), other[1:]
		default:
			merged = append(merged, Bar{Amount: h[0].Amount, People: h[0].People + other[0].People})
			h, other = h[1:], other[1:]
		}
	}
	return append(append(merged, h...), other...)
}

// dense is how many small amounts are counted by place.
const dense = 1024

// Merged is the histogram of the people of all, and changes none. It takes a time proportional to their bars, however many
// they are; merging one after the other looks at the result again each time.
func Merged(all []Histogram) Histogram {
	var few [dense]uint64
	var many Histogram
	for _, h := range all {
		for _, bar := range h {
			if bar.Amount < dense {
				few[bar.Amount] += bar.People
			} else {
				many = append(many, bar)
			}
		}
	}
	merged := Histogram{}
	for amount, people := range few {
		if people > 0 {
			merged = append(merged, Bar{uint64(amount), people})
		}
	}
	slices.SortFunc(many, func(a, b Bar) int { return cmp.Compare(a.Amount, b.Amount) })
	for _, bar := range many {
		if last := len(merged) - 1; last >= 0 && merged[last].Amount == bar.Amount {
			merged[last].People += bar.People
		} else {
			merged = append(merged, bar)
		}
	}
	return merged
}

// People is how many it speaks of.
func (h Histogram) People() (people uint64) {
	for _, bar := range h {
		people += bar.People
	}
	return people
}

// sum is that of the amounts of all people.
func (h Histogram) sum() (sum float64) {
	for _, bar := range h {
		sum += float64(bar.Amount) * float64(bar.People)
	}
	return sum
}

// Mean is the amount per person. ok is false where there is nobody.
func (h Histogram) Mean() (mean float64, ok bool) {
	people := h.People()
	if people == 0 {
		return 0, false
	}
	return h.sum() / float64(people), true
}

// Median is the amount of the person in the middle, of an even number the mean of the middle two. ok is false where
// there is nobody.
func (h Histogram) Median() (median float64, ok bool) { return h.Quantile(0.5) }

// Quantile is the amount that a share q of the people, 0..1, do not exceed: with the people in order, numbered from 0,
// the amount at the place (n − 1)·q, in a straight line between two people (definition 7 of Hyndman & Fan 1996,
// "Sample quantiles in statistical packages", The American Statistician 50(4): that of R, NumPy and spreadsheets).
// ok is false where there is nobody or q is no share.
func (h Histogram) Quantile(q float64) (amount float64, ok bool) {
	people := h.People()
	if people == 0 || !(q >= 0 && q <= 1) {
		return 0, false
	}
	place := float64(people-1) * q
	below := math.Floor(place)
	low := float64(h.amountOf(uint64(below)))
	between := place - below
	if between == 0 {
		return low, true
	}
	return low + between*(float64(h.amountOf(uint64(below)+1))-low), true
}

// amountOf is the amount of the person at a place, numbered from 0 in the order of amounts.
func (h Histogram) amountOf(place uint64) uint64 {
	for _, bar := range h {
		if place < bar.People {
			return bar.Amount
		}
		place -= bar.People
	}
	return h[len(h)-1].Amount
}

// Concentration is how many people made half of all there is, and of how many.
type Concentration struct {
	People, Of uint64
}

// Share is the people of all, 0..1: the smaller it is, the more hangs on few.
func (c Concentration) Share() float64 { return float64(c.People) / float64(c.Of) }

// Concentration is the smallest number of people whose amounts together are at least half of the sum (METRICS:
// concentration; Of are the active people, so that those who are active and contributed nothing belong in the bar of 0).
// Counted from the greatest amount down in whole people: where the half falls inside a bar, as many of its people as
// are needed for it. ok is false where the sum is 0.
func (h Histogram) Concentration() (c Concentration, ok bool) {
	left := h.sum() // twice what is missing to the half
	if left == 0 {
		return Concentration{}, false
	}
	c.Of = h.People()
	for i := len(h) - 1; i >= 0 && left > 0; i-- {
		each := 2 * float64(h[i].Amount)
		if whole := each * float64(h[i].People); whole < left {
			left -= whole
			c.People += h[i].People
			continue
		}
		c.People += uint64(math.Ceil(left / each))
		break
	}
	return c, true
}

// EIIndex is (external − internal) ÷ (external + internal), from −1, all inside, to 1, all with others (Krackhardt &
// Stern 1988, "Informal networks and organizational crises: an experimental simulation", Social Psychology Quarterly
// 51(2)). internal and external are interactions within a unit and with other units. ok is false where there are none.
func EIIndex(internal, external uint64) (index float64, ok bool) {
	in, out := float64(internal), float64(external)
	if in+out == 0 {
		return 0, false
	}
	return (out - in) / (out + in), true
}

// CrossUnit is the share, 0..1, of interactions whose ends are in different units. ok is false where there are none.
func CrossUnit(within, across uint64) (share float64, ok bool) {
	in, out := float64(within), float64(across)
	if in+out == 0 {
		return 0, false
	}
	return out / (in + out), true
}
