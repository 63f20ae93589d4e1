package query

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// Everywhere at Christmas people are away for a week, and half of one; in summer fewer come for four.
func simHolidays(d adoption.Day) float64 {
	switch {
	case d >= day("2025-12-22") && d <= day("2025-12-31"), d >= day("2026-10-05") && d <= day("2026-10-11"):
		return 0.1
	case d >= day("2026-07-20") && d <= day("2026-08-16"):
		return 0.6
	}
	return 1
}

// alarms counts the items, by rule, that are not true of people who go on as they did.
func (s *simCompany) alarms(items []AttentionItem) map[string]int {
	false_ := map[string]int{}
	for _, i := range items {
		switch {
		case i.Rule == ruleUnused && s.inactive(i.Unit.ID) > usualUnused:
		case i.Rule == ruleNotBegun && 1-s.inactive(i.Unit.ID) < begunBound:
		case i.Rule == ruleSpread && s.half(i.Unit.ID) <= min(fewShare, fewOfCompany*s.half(adoption.Company)):
		default:
			false_[i.Rule]++
		}
	}
	return false_
}

func TestNothingHappensNothingIsTold(t *testing.T) {
	const seeds, weeks = 9, 46
	lists, alarmed, units, perUnit := 0, 0, 0, map[string]int{}
	for seed := range uint64(seeds) {
		s := newSim(seed, []float64{0.95, 0.8, 0.6}[seed%3], 57+weeks, 12, 20, 35, 60, 60, 90, 120, 150, 200, 300)
		s.holiday = simHolidays
		s.unitWeek = []float64{0, 0.15, 0.3}[seed/3%3]
		s.live()
		for week := 0; week < weeks; week += 3 { // the next week's list looks at nearly the same
			w := s.watchOn(watchedDay-adoption.Day(7*week), adoption.Company)
			found := s.alarms(w.items())
			lists, units = lists+1, units+len(s.units)
			for rule, n := range found {
				perUnit[rule] += n
			}
			if len(found) > 0 {
				alarmed++
			}
		}
	}
	total := 0
	for _, n := range perUnit {
		total += n
	}
	t.Logf("%d lists, %d with a false alarm; %d unit-weeks, false alarms %v", lists, alarmed, units, perUnit)
	assert.LessOrEqual(t, 20*total, units, "at most 1 in 20 unit-weeks")
	assert.LessOrEqual(t, 20*alarmed, lists, "at most 1 in 20 lists")
}
