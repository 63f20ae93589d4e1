package tally

import (
	"maps"
	"math"
	"slices"
)

// Amounts are how much each of some people did, without those who did nothing.
type Amounts struct {
	small []uint32
	large []uint64 // what a small one cannot hold
	sum   uint64

	known map[uint64]uint64 // people by amount, of figures that are known already: people are added to these, and taken away
}

// Known are amounts that are known already: how much all did together, and their bars.
func Known(sum uint64, amounts, people []uint64) Amounts {
	a := Amounts{sum: sum, known: make(map[uint64]uint64, len(amounts))}
	for i, amount := range amounts {
		a.known[amount] = people[i]
	}
	return a
}

// remove takes somebody away who is among them.
func (a *Amounts) remove(amount uint64) {
	a.sum -= amount
	if amount == 0 {
		return
	}
	if a.known == nil {
		a.known = map[uint64]uint64{}
	}
	a.known[amount]--
}

func (a *Amounts) add(amount uint64) {
	a.sum += amount
	switch {
	case amount == 0:
	case a.known != nil:
		a.known[amount]++
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
	if a.known != nil {
		return bars(a.known)
	}
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

func bars(of map[uint64]uint64) (amounts, people []uint64) {
	for _, amount := range slices.Sorted(maps.Keys(of)) {
		if n := of[amount]; n > 0 {
			amounts, people = append(amounts, amount), append(people, n)
		}
	}
	return amounts, people
}
