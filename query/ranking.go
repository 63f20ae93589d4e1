package query

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"uptake/adoption"
)

// ranking lists the children of the page's unit, and their rest: the worst gap to the unit's own rate first, in people
// (enabled × (rate of the unit whose page it is − own rate): that many more would be active if the child did as well
// as the whole). Those without a rate come last, the larger first.
func (b *book) ranking() []Ranked {
	list := []Ranked{}
	for _, unit := range b.order {
		row := b.rows[unit][b.date]
		if row.Headcount == 0 && row.ActiveNotEnabled != nil && *row.ActiveNotEnabled == 0 {
			continue // nobody is there and nothing is hidden: no line is lost
		}
		list = append(list, b.rank(row))
	}
	slices.SortStableFunc(list, func(x, y Ranked) int {
		if x.Rate == nil || y.Rate == nil {
			return cmp.Or(compareBool(x.Rate == nil, y.Rate == nil), cmp.Compare(y.Head, x.Head), cmp.Compare(x.Unit.ID, y.Unit.ID))
		}
		return cmp.Or(cmp.Compare(orZero(y.Gap), orZero(x.Gap)), cmp.Compare(*x.Rate, *y.Rate), cmp.Compare(x.Unit.ID, y.Unit.ID))
	})
	return list
}

// rank is the line of one unit.
func (b *book) rank(row AdoptionRow) Ranked {
	r := Ranked{Unit: UnitRef{row.Unit, row.UnitName}, HasPage: !row.Suppressed, Active: row.Active28, Enabled: row.Enabled,
		Head: row.Headcount, ShownIn: row.ShownIn, Trend: b.trend(row.Unit, rate)}
	r.Rate, r.Missing = b.value(row.Unit, b.date, rate)
	before, _ := b.value(row.Unit, b.before, rate)
	r.Change = change(r.Rate, before)
	if whole, _ := b.value(b.unit, b.date, rate); whole != nil && r.Rate != nil {
		gap := float64(row.Enabled) * (*whole - *r.Rate)
		r.Gap = &gap
		r.GapWords = b.gapWords(gap)
	}
	r.Verdict = b.verdict(row, r)
	return r
}

func (b *book) gapWords(gap float64) string {
	whose := "the company's rate"
	if b.unit != adoption.Company {
		whose = "the rate of " + b.name()
	}
	switch n := math.Round(gap); {
	case n > 0:
		return people(uint64(n)) + " short of " + whose
	case n < 0:
		return people(uint64(-n)) + " ahead of " + whose
	}
	return "at " + whose
}

// verdict is one word. Falling and rising: the rate differs from that of the earlier day that the page compares with by at least 5 points and by
// more than chance makes among so many units. Ahead and behind: it differs by at least 5 points from the rate of the
// page's unit, and by more than chance makes in one. What is bad is said before what is good, what changes before what
// stays. Where data is missing in one of the windows, nothing is said about a change.
func (b *book) verdict(row AdoptionRow, r Ranked) Verdict {
	switch {
	case row.Suppressed:
		return Hidden
	case r.Rate == nil:
		return Unknown
	}
	whole, _ := b.row(b.date)
	moved := b.moved(row.Unit, wordDoubt)
	apart := whole.AdoptionRate != nil && math.Abs(*r.Rate-*whole.AdoptionRate) >= newsworthy &&
		differs(*r.Rate, row.Enabled, *whole.AdoptionRate, whole.Enabled, wordDoubt)
	switch {
	case moved < 0:
		return Falling
	case b.stalled(row.Unit):
		return Stalled
	case apart && r.orGap() > 0:
		return Behind
	case moved > 0:
		return Rising
	case apart:
		return Ahead
	}
	return Typical
}

func (r Ranked) orGap() float64 { return orZero(r.Gap) }

// moved is the change of a unit's rate on the earlier day where it is news, at a doubt shared by all units, else 0.
func (b *book) moved(unit string, doubt float64) float64 {
	now, here := b.rowOf(unit, b.date)
	before, there := b.rowOf(unit, b.before)
	if !here || !there || now.AdoptionRate == nil || before.AdoptionRate == nil || now.Trust.GapDays+before.Trust.GapDays > 0 || len(b.newSources(b.before)) > 0 {
		return 0
	}
	change := *now.AdoptionRate - *before.AdoptionRate
	if math.Abs(change) < newsworthy || !differs(*now.AdoptionRate, now.Enabled, *before.AdoptionRate, before.Enabled, doubt/float64(len(b.order)+1)) {
		return 0
	}
	return change
}

// stalled tells whether a unit, not yet at 80 % and below the rate of the whole, has not grown for 8 weeks (by a point
// at most) while half of its siblings, three of them at least, grew by 5 points or more.
func (b *book) stalled(unit string) bool {
	whole, _ := b.value(b.unit, b.date, rate)
	now, _ := b.value(unit, b.date, rate)
	grown := b.growth(unit)
	if whole == nil || now == nil || grown == nil || *now >= min(*whole, lowCoverage) || *grown > 0.01 {
		return false
	}
	others, enough := b.siblingsGrowth(unit)
	return enough && others >= newsworthy
}

// growth is the change of a unit's rate over the last 8 weeks; nil where a part of them is unknown.
func (b *book) growth(unit string) *float64 {
	first := b.date - stallPoints*trendStep
	now, here := b.rowOf(unit, b.date)
	before, there := b.rowOf(unit, first)
	if !here || !there || now.Trust.GapDays+before.Trust.GapDays > 0 || len(b.newSources(b.date-WindowDays)) > 0 {
		return nil
	}
	return change(now.AdoptionRate, before.AdoptionRate)
}

// siblingsGrowth is the median growth of the other children that are shown; enough: they are three at least.
func (b *book) siblingsGrowth(unit string) (middle float64, enough bool) {
	var grown []float64
	for _, sibling := range b.order {
		if sibling == unit || strings.HasSuffix(sibling, adoption.RestSuffix) {
			continue
		}
		if g := b.growth(sibling); g != nil {
			grown = append(grown, *g)
		}
	}
	if len(grown) < 3 {
		return 0, false
	}
	slices.Sort(grown)
	return median(grown), true
}

func orZero(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}
