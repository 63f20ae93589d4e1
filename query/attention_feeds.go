package query

import (
	"math"
	"slices"

	"uptake/adoption"
)

const (
	silentDays  = 2   // gap days in a row that make a feed silent
	aliveShare  = 0.5 // the other feeds bring at least this share of what they usually do, else it is a holiday
	usualWeeks  = 4   // weeks that "usually" is the middle of
	usualOnDays = 0.5 // share of weeks with events that makes a weekday one on which a source usually brings some
)

// silentFeeds names the sources of the tool that have brought nothing on two or more days on which they usually do, up
// to the date.
func (w *watch) silentFeeds() []AttentionItem {
	sources := w.snap.sources(adoption.AllTools)
	silent := slices.DeleteFunc(slices.Clone(sources), func(source string) bool { _, gaps := w.silence(source); return gaps < silentDays })
	if len(silent) == len(sources) && len(sources) > 1 {
		return w.allSilent(sources)
	}
	var list []AttentionItem
	for _, source := range silent {
		if !slices.Contains(w.snap.sources(w.tool), source) {
			continue
		}
		last, gaps := w.silence(source)
		p := w.silentByChance(source, last, gaps)
		if p >= w.bound() || !w.othersAlive(source, last+1) {
			continue
		}
		list = append(list, w.silentItem(source, last, gaps, p))
	}
	return list
}

// silence is the last day on which a source brought something, and the gaps since; none where that is longer ago than
// feeds are looked at.
func (w *watch) silence(source string) (last adoption.Day, gaps int) {
	for day, n := range w.events[source] {
		if n > 0 {
			last = max(last, day)
		}
	}
	if last == 0 {
		return 0, 0
	}
	return last, len(w.snap.gaps[source].within(last+1, w.date))
}

// silentByChance is the probability of so many days without events on end, from how often it had none before on
// weekdays that usually have some. (Counted as if there had been half a day without more.)
func (w *watch) silentByChance(source string, last adoption.Day, gaps int) float64 {
	first := max(w.snap.firstDay(source), w.date-feedDays+1)
	var had, weeks [7]float64
	for day := first; day <= last; day++ {
		weeks[day.Weekday()]++
		if w.events[source][day] > 0 {
			had[day.Weekday()]++
		}
	}
	without, days := 0.5, 1.0
	for i := range weeks {
		if had[i] >= usualOnDays*weeks[i] {
			without, days = without+weeks[i]-had[i], days+weeks[i]
		}
	}
	return math.Pow(without/days, float64(gaps))
}

// othersAlive tells whether the other sources brought, since a day, at least half of what they usually do on these
// weekdays. Where they did not, people were away. A source without others is taken at its word.
func (w *watch) othersAlive(source string, first adoption.Day) bool {
	var brought, usual float64
	for other := range w.events {
		if other == source {
			continue
		}
		for day := first; day <= w.date; day++ {
			var before []float64
			for i := 1; i <= usualWeeks; i++ {
				before = append(before, float64(w.events[other][day-adoption.Day(7*i)]))
			}
			slices.Sort(before)
			brought, usual = brought+float64(w.events[other][day]), usual+median(before)
		}
	}
	return usual == 0 || brought >= aliveShare*usual
}

func (w *watch) silentItem(source string, last adoption.Day, gaps int, p float64) AttentionItem {
	var names []string
	for _, f := range w.snap.feeds {
		if f.source == source {
			names = append(names, w.snap.toolName(f.tool))
		}
	}
	since, missed, row := last+1, uint64(gaps), w.company[w.date]
	return AttentionItem{
		Rule: ruleSilent, Unit: UnitRef{adoption.Company, w.companyName()}, Tool: *w.toolRef(w.tool), Since: &since, Weight: float64(row.Enabled), Trust: true,
		Said: ItemSaid{
			say("say.silent", "feed", source, "days", saidDays(int(w.date-last)), "tools", Names(names)),
			say("say.silent.words", "day", last),
			say("say.next.feed")},
		Evidence: Evidence{Figure: "gap_days", Count: &missed, Enabled: row.Enabled, P: &p},
		Link:     "/api/v1/trust",
	}
}

// allSilent is told instead where no source brings anything: the company may be closed, or nothing arrives.
func (w *watch) allSilent(sources []string) []AttentionItem {
	var last adoption.Day
	for _, source := range sources {
		day, _ := w.silence(source)
		last = max(last, day)
	}
	since, missed, row := last+1, uint64(w.date-last), w.company[w.date]
	return []AttentionItem{{
		Rule: ruleSilent, Unit: UnitRef{adoption.Company, w.companyName()}, Tool: *w.toolRef(w.tool), Since: &since, Weight: float64(row.Enabled), Trust: true,
		Said: ItemSaid{
			say("say.all_silent", "days", saidDays(int(w.date-last))),
			say("say.all_silent.words", "day", last, "feeds", say("say.feeds", "n", Whole(len(sources)))),
			say("say.next.feeds")},
		Evidence: Evidence{Figure: "gap_days", Count: &missed, Enabled: row.Enabled},
		Link:     "/api/v1/trust",
	}}
}

// lowCoverage names the tool of which the directory knows the fewest of the active people, where that is under 80 %
// beyond chance: the others are in no rate.
func (w *watch) lowCoverage() []AttentionItem {
	var worst *AttentionItem
	var least float64
	for _, tool := range w.chosenTools() {
		row := w.tools[tool][adoption.Company][w.date]
		known := row.Trust.Coverage
		if known == nil || *known >= lowCoverage || row.Active28 == nil || row.ActiveNotEnabled == nil || worst != nil && *known >= least {
			continue
		}
		all := *row.Active28 + *row.ActiveNotEnabled
		lost := uint64(math.Round((1 - *known) * float64(all)))
		p := upperTail(lost, all, 1-lowCoverage)
		if p >= w.bound() {
			continue
		}
		name := w.toolRef(tool)
		least = *known
		worst = &AttentionItem{
			Rule: ruleCoverage, Unit: UnitRef{adoption.Company, w.companyName()}, Tool: *name, Weight: float64(lost), Trust: true,
			Said: ItemSaid{
				say("say.low_coverage", "share", Percent(*known), "tool", name.Name),
				say("say.low_coverage.words", "lost", Whole(lost), "people", saidPeople(all), "day", w.date),
				say("say.next.directory")},
			Evidence: Evidence{Figure: "coverage", After: known, CompanyAfter: known, Count: &lost, Of: &all, Enabled: row.Enabled, P: &p},
			Link:     "/api/v1/trust",
		}
	}
	if worst == nil {
		return nil
	}
	return []AttentionItem{*worst}
}

func (w *watch) companyName() string {
	if row, there := w.company[w.date]; there {
		return row.UnitName
	}
	return w.snap.tree.nodes[0].unit.Name
}
