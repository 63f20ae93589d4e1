package query

import (
	"math"

	"uptake/adoption"
)

// moved tells that a unit's adoption fell or rose by five points, by five points more than that of the others in the
// company, and by more than chance. Of the three distances in time the one that is least likely by chance is told.
func (w *watch) moved(unit string) (item AttentionItem, told bool) {
	least := w.bound()
	var best difference
	var weeks int
	for _, kind := range comparisons {
		if kind.lag == 0 {
			continue
		}
		d, ok := w.compare(kind, unit, 0)
		if !ok || d.own*d.apart < 0 || math.Abs(d.own) < newsworthy || math.Abs(d.apart) < newsworthy {
			continue
		}
		if p := w.chance(kind, unit, d); p < least && w.besideHolidays(kind, unit, d) {
			least, best, weeks, told = p, d, kind.lag, true
		}
	}
	if !told {
		return item, false
	}
	return w.movedItem(unit, weeks, best, least), true
}

// besideHolidays tells whether a change is to be seen in ordinary weeks alone, too. A holiday takes more from units whose
// people come now and then than from those whose people come daily, so that the 28 days around one differ between units
// although nothing happened. Where one is in either window, the share reached in a week must have changed the same way in the
// ordinary weeks of both, by half as much at least and by more than chance (at 5 %).
func (w *watch) besideHolidays(kind comparison, unit string, d difference) bool {
	if w.quiet(0) && w.quiet(kind.lag) {
		return true
	}
	now, here := w.ordinaryReach(unit, 0)
	then, there := w.ordinaryReach(unit, kind.lag)
	if !here || !there {
		return false
	}
	change := now.own.share() - then.own.share() - (now.others.share() - then.others.share())
	spread := math.Sqrt((variance(now.own, then.own) + variance(now.others, then.others)) * w.noise[kind.lag].of(unit))
	return change*d.apart > 0 && math.Abs(change) >= math.Abs(d.apart)/2 && math.Erfc(math.Abs(change)/spread/math.Sqrt2) < wordDoubt
}

// weeklyReach is who was active in a week, in a unit and in the rest of the company, on average over some weeks.
type weeklyReach struct{ own, others tally }

// ordinaryReach is that of the ordinary weeks of the 28 days that end at a point.
func (w *watch) ordinaryReach(unit string, at int) (reach weeklyReach, known bool) {
	weeks := 0.0
	for i := at; i < at+4; i++ {
		row, here := w.rowAt(unit, w.point(i))
		company, there := w.company[w.point(i)]
		if !here || !there || !w.ordinary[i] || row.Active7 == nil || company.Active7 == nil {
			continue
		}
		weeks++
		own, all := tally{float64(*row.Active7), float64(row.Enabled)}, tally{float64(*company.Active7), float64(company.Enabled)}
		others := all.less(own)
		reach.own = tally{reach.own.part + own.part, reach.own.whole + own.whole}
		reach.others = tally{reach.others.part + others.part, reach.others.whole + others.whole}
	}
	// The same people week after week: so many people, not so many times as many.
	for _, t := range []*tally{&reach.own, &reach.others} {
		t.part, t.whole = t.part/weeks, t.whole/weeks
	}
	return reach, weeks > 0
}

func (w *watch) movedItem(unit string, weeks int, d difference, p float64) AttentionItem {
	since := w.point(weeks)
	of := w.ref(unit)
	now, _ := w.rowAt(unit, w.date)
	rule, moved := ruleFell, "say.moved.fell"
	if d.own > 0 {
		rule, moved = ruleRose, "say.moved.rose"
	}
	before, after, companyBefore, companyAfter := d.then.share(), d.now.share(), d.companyThen.share(), d.companyNow.share()
	return AttentionItem{
		Rule: rule, Unit: of, Tool: *w.toolRef(w.tool), Since: &since, Weight: d.now.whole * math.Abs(d.apart),
		Said: ItemSaid{
			say(moved, "what", w.adoptionIn(of), "points", saidPoints(math.Round(math.Abs(d.own)*100)), "day", since, "company", course(companyAfter-companyBefore, d.own)),
			say("say.moved.words", "then", Whole(d.then.part), "all_then", Whole(d.then.whole), "now", Whole(d.now.part), "people", saidPeople(now.Enabled)),
			say("say.next.open", "unit", of.Name)},
		Evidence: Evidence{Figure: "adoption_rate", Before: &before, After: &after, CompanyBefore: &companyBefore, CompanyAfter: &companyAfter,
			Count: now.Active28, Of: &now.Enabled, Enabled: now.Enabled, P: &p},
		Link: link("compare", "unit", unit, "tool", w.tool, "from", (since + 1).String(), "to", w.date.String(), "against", AgainstPrevious),
	}
}

// course says what the company did while a unit changed by own.
func course(change, own float64) Said {
	key, n := "say.company.rose", math.Round(change*100)
	if n < 0 {
		key = "say.company.fell"
	}
	switch {
	case n == 0:
		return say("say.company.same")
	case n*own > 0:
		key += "_only"
	}
	return say(key, "points", saidPoints(math.Abs(n)))
}

func saidPoints(n float64) Said { return say("say.points", "n", Whole(n)) }

// dropsOut tells that more of a unit's people than before are active in one week and not in the next: five points more,
// five more than among the others in the company, and more than chance.
func (w *watch) dropsOut(unit string) (item AttentionItem, told bool) {
	kind := comparison{0, dropOuts}
	d, ok := w.compare(kind, unit, 0)
	if !ok || d.own < newsworthy || d.apart < newsworthy {
		return item, false
	}
	p := w.chance(kind, unit, d)
	if p >= w.bound() {
		return item, false
	}
	of := w.ref(unit)
	now, _ := w.rowAt(unit, w.date)
	last := w.date.Monday()
	if last+6 > w.date {
		last -= 7
	}
	since := last - 7*(dropNow-1)
	before, after, companyBefore, companyAfter := d.then.share(), d.now.share(), d.companyThen.share(), d.companyNow.share()
	count, whole := uint64(d.now.part), uint64(d.now.whole)
	return AttentionItem{
		Rule: ruleDormant, Unit: of, Tool: *w.toolRef(w.tool), Since: &since, Weight: d.now.whole / dropNow * d.apart,
		Said: ItemSaid{
			say("say.dormant", "unit", of.Name, "day", since, "now", Percent(after), "then", Percent(before), "company", Percent(companyAfter)),
			say("say.dormant.words", "now", Whole(d.now.part), "all_now", Whole(d.now.whole), "weeks", Whole(dropNow), "then", Whole(d.then.part), "all_then", Whole(d.then.whole)),
			say("say.next.open", "unit", of.Name)},
		Evidence: Evidence{Figure: "dormant", Before: &before, After: &after, CompanyBefore: &companyBefore, CompanyAfter: &companyAfter,
			Count: &count, Of: &whole, Enabled: now.Enabled, P: &p},
		Link: link("lifecycle", "unit", unit, "tool", w.tool, "from", (since - 7*dropBefore).String(), "to", (last + 6).String()),
	}, true
}

// stands tells that a unit has not grown for eight weeks while those beside it have (book.stalled).
func (w *watch) stands(unit string) (item AttentionItem, told bool) {
	if unit == w.unit || !w.stalled(unit) || !w.quiet(0) || !w.quiet(stallPoints) {
		return item, false
	}
	of := w.ref(unit)
	now, _ := w.rowAt(unit, w.date)
	then, _ := w.rowAt(unit, w.point(stallPoints))
	others, _ := w.siblingsGrowth(unit)
	since := w.point(stallPoints)
	companyBefore, companyAfter := w.company[since].AdoptionRate, w.company[w.date].AdoptionRate
	return AttentionItem{
		Rule: ruleStalled, Unit: of, Tool: *w.toolRef(w.tool), Since: &since, Weight: float64(now.Enabled) * others,
		Said: ItemSaid{
			say("say.stalled", "what", w.adoptionIn(of), "weeks", Whole(stallPoints), "points", saidPoints(math.Floor(others*100+1e-9))),
			say("say.stalled.words", "active", Whole(*now.Active28), "people", saidPeople(now.Enabled), "change", Points(*w.growth(unit))),
			say("say.next.open", "unit", of.Name)},
		Evidence: Evidence{Figure: "adoption_rate", Before: then.AdoptionRate, After: now.AdoptionRate, CompanyBefore: companyBefore, CompanyAfter: companyAfter,
			Count: now.Active28, Of: &now.Enabled, Enabled: now.Enabled},
		Link: link("adoption", "unit", w.unit, "tool", w.tool, "from", since.String(), "to", w.date.String(), "grain", string(adoption.ByWeek), "children", "1"),
	}, true
}
