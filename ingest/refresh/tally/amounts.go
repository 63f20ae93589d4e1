package tally

import (
	"math"
	"slices"
)

// Amounts are how much each of some people did, without those who did nothing.
type Amounts struct {
	small []uint32
	large []uint64 // what a small one cannot hold
	sum   uint64
}

func (a *Amounts) add(amount uint64) {
	a.sum += amount
	switch {
	case amount == 0:
	case amount <= math.MaxUint32:
		a.small = append(a.small, uint32(amount))
	default:
		a.large = append(a.large, amount)
	}
}

// Sum is what all of them did together.
func (a *Amounts) Sum() uint64 { return a.sum }

// Bars are the amounts, each once and ascending, and how many people did as much.
func (a *Amounts) Bars() (amounts, people []uint64) {
	slices.Sort(a.small)
	slices.Sort(a.large)
	bar := func(amount uint64) {
		if n := len(amounts); n > 0 && amounts[n-1] == amount {
			people[n-1]++
			return
		}
		amounts, people = append(amounts, amount), append(people, 1)
	}
	for _, amount := range a.small {
		bar(uint64(amount))
	}
	for _, amount := range a.large {
		bar(amount)
	}
	return amounts, people
}
