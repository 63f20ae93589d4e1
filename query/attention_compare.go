package query

import (
	"math"
	"slices"

	"uptake/adoption"
)

const (
	sameGroup  = 0.20 // a unit whose access changed by so much is another group: nothing is said about its change
	leastNoise = 0.5  // the least that scatter is taken for, of what chance makes among independent people
	ownHistory = 8    // comparisons in the past that a unit needs to be judged by its own scatter
	halfNormal = 0.4549364231195724
)

// comparison is a kind of comparison of a unit's past with its present, against the company's. lag names it.
type comparison struct {
	lag   int // weeks: how far the two periods lie apart; 0: the share of people who drop out
	share func(w *watch, rows func(adoption.Day) (AdoptionRow, bool), at int) (now, then tally, ok bool)
}

// comparisons are all kinds. The windows of adoption are 28 days and never share one.
var comparisons = []comparison{adoptionApart(4), adoptionApart(8), adoptionApart(12), {0, dropOuts}}

// tally is a number of people out of others.
type tally struct{ part, whole float64 }

func (t tally) share() float64         { return t.part / t.whole }
func (t tally) less(other tally) tally { return tally{t.part - other.part, t.whole - other.whole} }
func (t *tally) add(part, others uint64) {
	t.part, t.whole = t.part+float64(part), t.whole+float64(part+others)
}

// variance is that of a share among independent people, whatever each one's own inclination: at most that.
func variance(x, y tally) float64 {
	pooled := (x.part + y.part) / (x.whole + y.whole)
	return pooled * (1 - pooled) * (1/x.whole + 1/y.whole)
}

// difference is how a unit's share changed, and how much more than that of everybody else in the company.
type difference struct {
	now, then               tally
	companyNow, companyThen tally
	own, apart              float64 // the change, and the change less that of the others
	variance                float64 // of apart, among independent people
}

// compare compares a unit as of a point; ok is false where the periods are not fed by the same data, are not fully
// shown, or speak of another group.
func (w *watch) compare(kind comparison, unit string, at int) (d difference, ok bool) {
	if unit == adoption.Company {
		return d, false // there is nobody to compare it with
	}
	d.now, d.then, ok = kind.share(w, func(day adoption.Day) (AdoptionRow, bool) { return w.rowAt(unit, day) }, at)
	if !ok {
		return d, false
	}
	d.companyNow, d.companyThen, ok = kind.share(w, func(day adoption.Day) (AdoptionRow, bool) { row, there := w.company[day]; return row, there }, at)
	if !ok {
		return d, false
	}
	now, then := d.companyNow.less(d.now), d.companyThen.less(d.then)
	if least := float64(w.k); min(d.now.whole, d.then.whole, now.whole, then.whole) < least || min(now.part, then.part) < 0 {
		return d, false
	}
	d.own = d.now.share() - d.then.share()
	d.apart = d.own - (now.share() - then.share())
	d.variance = variance(d.now, d.then) + variance(now, then)
	return d, d.variance > 0
}

// adoptionApart compares adoption in the 28 days that end at a point with that in the 28 days so many weeks before.
func adoptionApart(weeks int) comparison {
	return comparison{weeks, func(w *watch, rows func(adoption.Day) (AdoptionRow, bool), at int) (now, then tally, ok bool) {
		if !w.fedSince(w.point(at+weeks) - WindowDays + 1) {
			return now, then, false
		}
		x, here := rows(w.point(at))
		y, there := rows(w.point(at + weeks))
		if !here || !there || x.AdoptionRate == nil || y.AdoptionRate == nil || x.Trust.GapDays+y.Trust.GapDays > 0 {
			return now, then, false
		}
		now, then = tally{float64(*x.Active28), float64(x.Enabled)}, tally{float64(*y.Active28), float64(y.Enabled)}
		return now, then, math.Abs(now.whole-then.whole) <= sameGroup*max(now.whole, then.whole)
	}}
}

const (
	dropNow    = 4 // closed ISO weeks …
	dropBefore = 8 // … held against so many before
)

// dropOuts compares the share of the people active in a week who were not active in the next, over the last four closed
// ISO weeks, with the eight before. A week counts only where it and its neighbours were no holidays: one brings people to stay away, the
// next brings them back.
func dropOuts(w *watch, rows func(adoption.Day) (AdoptionRow, bool), at int) (now, then tally, ok bool) {
	first := at
	if w.point(at).Monday()+6 > w.date {
		first++ // that week is not over
	}
	counted := [2]int{}
	for i := first; i < first+dropNow+dropBefore; i++ {
		row, there := rows(w.point(i))
		if !there || row.Dormant == nil || row.Returning == nil || row.Trust.GapDays > 0 || !w.fedSince(w.point(i)-2*WindowDays) {
			return now, then, false
		}
		if !w.calm(i) {
			continue
		}
		if i < first+dropNow {
			now.add(*row.Dormant, *row.Returning)
			counted[0]++
		} else {
			then.add(*row.Dormant, *row.Returning)
			counted[1]++
		}
	}
	return now, then, counted[0] >= 2 && counted[1] >= 3 && now.whole > 0 && then.whole > 0
}

// calm tells whether neither the week at a point nor one beside it was a holiday.
func (w *watch) calm(i int) bool {
	for j := max(i-1, 0); j <= i+1; j++ {
		if j >= len(w.ordinary) || !w.ordinary[j] {
			return false
		}
	}
	return true
}

// scatter is how far comparisons of a kind usually lie apart: the square of apart, as a multiple of its variance among
// independent people.
type scatter struct {
	all float64            // over all units looked at
	own map[string]float64 // of a unit
}

// of is the scatter of one unit: its own, or that of all where this is larger or its own is not known.
func (s scatter) of(unit string) float64 { return max(s.all, s.own[unit], leastNoise) }

// scatterOf measures, over a year less the last four weeks. The middle of the squares is taken, which a change in a
// part of the year does not move, over the middle of the square of a standard normal number.
func (w *watch) scatterOf(kind comparison) scatter {
	s := scatter{all: 1, own: map[string]float64{}}
	var all []float64
	for _, unit := range w.units() {
		var own []float64
		for at := 4; at+kind.lag+4 <= watchPoints; at++ {
			if kind.lag > 0 && (!w.quiet(at) || !w.quiet(at+kind.lag)) {
				continue
			}
			if d, ok := w.compare(kind, unit, at); ok {
				own = append(own, d.apart*d.apart/d.variance)
			}
		}
		if len(own) >= ownHistory {
			slices.Sort(own)
			s.own[unit] = median(own) / halfNormal
			all = append(all, own...)
		}
	}
	if len(all) > 0 {
		slices.Sort(all)
		s.all = median(all) / halfNormal
	}
	return s
}

// chance is the probability of a difference at least as large where nothing happened.
func (w *watch) chance(kind comparison, unit string, d difference) float64 {
	return math.Erfc(math.Abs(d.apart) / math.Sqrt(2*d.variance*w.noise[kind.lag].of(unit)))
}
