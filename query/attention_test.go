package query

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// watchOf is what the rules see of the company that bookOf makes, in a year whose first weeks were like the first of
// the series. The feed has brought events daily; everybody active was so weekly; nobody drops out.
func watchOf(series ...unitSeries) *watch {
	b := bookOf(series...)
	w := &watch{k: 5, book: b, company: b.rows[adoption.Company], events: map[string]map[adoption.Day]uint64{"feed": {}},
		tools: map[string]map[string]map[adoption.Day]AdoptionRow{"wiki": {}}}
	for unit, rows := range b.rows {
		for i := range watchPoints {
			row, there := rows[w.point(i)]
			if !there {
				row = rows[w.point(trendPoints-1)]
				row.Date = w.point(i)
			}
			row.Active7, row.Returning, row.Dormant = row.Active28, row.Active28, u64(0)
			rows[w.point(i)] = row
		}
		w.tools["wiki"][unit] = rows
	}
	for d := pageDay - feedDays + 1; d <= pageDay; d++ {
		w.events["feed"][d] = 100
	}
	w.look()
	return w
}

// silent lets a source bring nothing since a day.
func (w *watch) silent(source string, since adoption.Day) {
	var gaps gapDays
	for d := since; d <= pageDay; d++ {
		delete(w.events[source], d)
		gaps = append(gaps, d)
	}
	w.snap.gaps[source] = gaps
}

func rules(items []AttentionItem) (names []string) {
	for _, i := range items {
		names = append(names, i.Rule)
	}
	return names
}

// salesFell: 240 of 300 until 20 September (the seventh of the 13 points), then fewer week by week.
func salesFell() *watch {
	fall := []uint64{240, 240, 240, 240, 240, 240, 240, 240, 240, 230, 210, 195, 180}
	return watchOf(unitSeries{"sales", 300, fall}, unitSeries{"legal", 2000, ramp(0.5, 0.6, 2000)})
}

func TestAttentionNamesAUnitThatFellWhileTheCompanyRose(t *testing.T) {
	w := salesFell()
	items := w.items()
	require.Equal(t, []string{ruleFell, ruleRose}, rules(items), "and legal rose ten points meanwhile")
	i := items[0]
	// The others, legal: of 2000 people 1133 on 4 October, 1067 on 6 September, 1000 on 9 August, 1200 now. Sales fell 60 of 300
	// = 20 points from each of these days; less what legal rose, 3.35, 6.65 and 10 points, the last is the farthest from chance.
	// Company: 240 + 1000 of 2300 = 53.9 %, now 180 + 1200 of 2300 = 60.0 %.
	assert.Equal(t, "Adoption in sales fell 20 points since 9 August 2026, while the company rose 6 points.", i.Sentence)
	assert.Equal(t, "240 of 300 active then, 180 of 300 people now.", i.Evidence.Words)
	assert.Equal(t, UnitRef{"sales", "sales"}, i.Unit)
	assert.Equal(t, day("2026-08-09"), *i.Since)
	assert.InDelta(t, 300*0.3, i.Weight, 1e-9)
	assert.InDelta(t, 0.8, *i.Evidence.Before, 1e-9)
	assert.InDelta(t, 0.6, *i.Evidence.After, 1e-9)
	assert.InDelta(t, 1240.0/2300, *i.Evidence.CompanyBefore, 1e-9)
	assert.InDelta(t, 0.6, *i.Evidence.CompanyAfter, 1e-9)
	assert.Less(t, *i.Evidence.P, w.bound())
	assert.Equal(t, "/api/v1/compare?against=previous&from=2026-08-10&to=2026-11-01&tool=all&unit=sales", i.Link)
	// 3 units × (4 comparisons + 2 of seats of the one licensed tool) + 1 source + 1 coverage + 1.
	assert.Equal(t, 21, w.looks())
	assert.Equal(t, Falling, w.ranking()[1].Verdict)
}

// A change is not told where it is not known to be one.
func TestAttentionKeepsSilentAboutAFall(t *testing.T) {
	every := func(change func(*AdoptionRow, int)) func(*watch) {
		return func(w *watch) {
			for i := range watchPoints {
				row := w.rows["sales"][w.point(i)]
				change(&row, i)
				w.rows["sales"][w.point(i)] = row
			}
		}
	}
	for why, change := range map[string]func(*watch){
		"data is missing now":                  every(func(r *AdoptionRow, i int) { r.Trust.GapDays = map[bool]int{true: 1}[i == 0] }),
		"data is missing then":                 every(func(r *AdoptionRow, i int) { r.Trust.GapDays = map[bool]int{true: 2}[i > 0] }),
		"it was hidden":                        every(func(r *AdoptionRow, i int) { r.AdoptionRate = map[bool]*float64{true: r.AdoptionRate}[i == 0] }),
		"its access changed by more than 20 %": every(func(r *AdoptionRow, i int) { r.Enabled = map[bool]uint64{true: 300, false: 239}[i == 0] }),
		"a source began inside the windows": func(w *watch) {
			w.snap.feeds = append(w.snap.feeds, feed{source: "new", tool: "wiki", firstDay: pageDay - 40, lastDay: pageDay})
		},
	} {
		w := salesFell()
		change(w)
		w.look()
		assert.NotContains(t, rules(w.items()), ruleFell, why)
	}
}

func TestNobodyIsBlamedWhenAllFallAlike(t *testing.T) {
	var series []unitSeries
	for _, id := range strings.Split("abcdef", "") {
		series = append(series, unitSeries{id, 300, []uint64{240, 240, 240, 240, 240, 240, 240, 240, 240, 230, 210, 195, 180}})
	}
	assert.Empty(t, watchOf(series...).items())
}

func TestAttentionNamesAUnitThatRose(t *testing.T) {
	w := watchOf(unitSeries{"sales", 300, []uint64{150, 150, 150, 150, 150, 150, 150, 150, 150, 165, 180, 195, 210}}, unitSeries{"legal", 2000, []uint64{1000}})
	items := w.items()
	require.Equal(t, []string{ruleRose}, rules(items))
	// 50 % to 70 %; the company from 1150 to 1210 of 2300, 2.6 points.
	assert.Equal(t, "Adoption in sales rose 20 points since 4 October 2026, while the company rose only 3 points.", items[0].Sentence)
	assert.Empty(t, watched{items: items}.decisions(), "good news needs no decision")
}

func TestAttentionNamesAUnitThatStandsStill(t *testing.T) {
	w := watchOf(unitSeries{"still", 400, []uint64{120}}, unitSeries{"a", 400, ramp(0.4, 0.7, 400)}, unitSeries{"b", 400, ramp(0.4, 0.6, 400)}, unitSeries{"c", 400, ramp(0.3, 0.6, 400)})
	var stalled []AttentionItem
	for _, i := range w.items() {
		if i.Rule == ruleStalled {
			stalled = append(stalled, i)
		}
	}
	require.Len(t, stalled, 1)
	// Eight weeks of a, b, c: 8/12 of 30, 20 and 30 points are 20, 13.3 (160 → 213.3, 187 → 240: 53 of 400 = 13.25) and 20.
	assert.Equal(t, "Adoption in still has not grown for 8 weeks, while half of the units beside it gained 20 points or more.", stalled[0].Sentence)
	assert.Equal(t, "120 of 400 people active, no change on eight weeks before.", stalled[0].Evidence.Words)
}

// 400 people, 200 of them active weekly; of these 20 a week did not come back, since four weeks 60. In the rest of the
// company it is 5 of 100 all the time.
func TestAttentionNamesAUnitWhosePeopleDropOut(t *testing.T) {
	w := watchOf(unitSeries{"sales", 400, []uint64{200}}, unitSeries{"legal", 2000, []uint64{1000}})
	for i := range watchPoints {
		at := w.point(i)
		dropped := uint64(20)
		if i < 4 {
			dropped = 60
		}
		for unit, n := range map[string][2]uint64{"sales": {dropped, 200 - dropped}, "legal": {50, 950}, "company": {50 + dropped, 1150 - dropped}} {
			row := w.rows[unit][at]
			row.Dormant, row.Returning = u64(n[0]), u64(n[1])
			w.rows[unit][at] = row
		}
	}
	w.look()
	items := w.items()
	require.Equal(t, []string{ruleDormant}, rules(items))
	// pageDay, 1 November, is a Sunday: the four weeks are those from 5 October on. Company: 110 of 1200.
	assert.Equal(t, "People in sales drop out more often: since 5 October 2026, 30 % of those active in one week were not active in the next; before, 10 % were. In the company it is 9 %.", items[0].Sentence)
	assert.Equal(t, "240 of 800 weeks of people who had been active the week before, over 4 weeks; before that 160 of 1,600.", items[0].Evidence.Words)
	assert.InDelta(t, 200*0.2, items[0].Weight, 1e-9)
	assert.Equal(t, "/api/v1/lifecycle?from=2026-08-10&to=2026-11-01&tool=all&unit=sales", items[0].Link)
}

func TestAttentionNamesUseWithoutAccess(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{50}}, unitSeries{"b", 100, []uint64{50}})
	line := func(unit string, without *uint64) AdoptionRow {
		return AdoptionRow{RowFrame: RowFrame{Unit: unit, UnitName: unit, Tool: "wiki", Date: pageDay, Denominator: DenominatorEnabled, Headcount: 120, Enabled: 100}, ActiveNotEnabled: without}
	}
	w.byTool = []AdoptionRow{line("a", u64(4)), line("b", u64(7)), line("c", nil)}
	items := w.items()
	require.Equal(t, []string{ruleNoAccess}, rules(items))
	assert.Equal(t, "7 people of b use Wiki without recorded access.", items[0].Sentence)
	assert.Equal(t, "100 of its 120 people have access; these 7 were active in the 28 days to 1 November 2026.", items[0].Evidence.Words)
	assert.Equal(t, ToolRef{"wiki", "Wiki"}, items[0].Tool)
}

func TestAttentionNamesAToolThatNobodyListed(t *testing.T) {
	w := watchOf(unitSeries{"a", 100, []uint64{50}})
	w.snap.tools = append(w.snap.tools, toolInfo{Tool: adoption.Tool{ID: "rogue", Name: "rogue"}, counted: true})
	w.snap.feeds = append(w.snap.feeds, feed{source: "proxy", tool: "rogue", firstDay: day("2026-03-01"), lastDay: pageDay})
	w.byTool = []AdoptionRow{{RowFrame: RowFrame{Unit: "company", UnitName: "Company", Tool: "rogue", Date: pageDay, Denominator: DenominatorHeadcount, Headcount: 100, Enabled: 100}, Active28: u64(20)}}
	items := w.items()
	require.Equal(t, []string{ruleNotListed}, rules(items))
	assert.Equal(t, "20 people use rogue, which nobody has listed or licensed.", items[0].Sentence)
	assert.Equal(t, "First seen on 1 March 2026; 20 of 100 people were active in the 28 days to 1 November 2026.", items[0].Evidence.Words)
}

func TestAttentionNamesAUnitWhereFewContribute(t *testing.T) {
	w := watchOf(unitSeries{"research", 120, []uint64{80}}, unitSeries{"b", 1000, []uint64{700}})
	w.spreads = map[string]map[string]map[adoption.Day]spreadRow{"wiki": {}}
	line := func(unit string, d adoption.Day, active, half, contributions uint64) {
		share := float64(half) / float64(active)
		w.addSpread(spreadRow{RowFrame: RowFrame{Unit: unit, UnitName: unit, Tool: "wiki", Date: d, Enabled: active}, active28: &active, halfMade: &half, halfShare: &share, contributed: &contributions})
	}
	fill := func(half uint64) {
		for _, d := range w.spreadDays() {
			line("company", d, 780, 156, 9000) // a fifth
			line("research", d, 80, half, 1240)
			line("b", d, 700, 140, 7760)
		}
	}
	fill(6) // 7.5 %, under a tenth, and under half of the company's 20 %
	items := w.items()
	require.Equal(t, []string{ruleSpread}, rules(items))
	assert.Equal(t, "6 of 80 people make half of all contributions to Wiki in research.", items[0].Sentence)
	assert.Equal(t, "Half of 1,240 contributions, among 80 people active in the 28 days to 1 November 2026; no different 4 and 8 weeks before.", items[0].Evidence.Words)
	assert.InDelta(t, 80*(0.2-0.075), items[0].Weight, 1e-9)
	assert.Equal(t, "/api/v1/concentration?from=2026-09-06&grain=week&to=2026-11-01&tool=wiki&unit=research", items[0].Link)

	line("research", pageDay-28, 80, 9, 1240)
	assert.Empty(t, w.items(), "9 of 80 four weeks ago: it comes and goes")
	fill(6)
	line("research", pageDay, 80, 6, 99)
	assert.Empty(t, w.items(), "too few contributions")
	fill(6)
	for _, d := range w.spreadDays() {
		line("company", d, 780, 70, 9000)
	}
	assert.Empty(t, w.items(), "9 % in the company: as everywhere")
	for _, d := range w.spreadDays() {
		line("company", d, 780, 39, 9000)
	}
	assert.Equal(t, "39 of 780 people make half of all contributions to Wiki.", w.items()[0].Sentence)
}

func TestWhatPutsFiguresInDoubtComesFirstThenTheHeaviest(t *testing.T) {
	fall := []uint64{240, 240, 240, 240, 240, 240, 240, 240, 240, 230, 210, 195, 180}
	var series []unitSeries
	for _, id := range strings.Split("abcde", "") {
		series = append(series, unitSeries{id, 300, fall})
	}
	series = append(series, unitSeries{"large", 30_000, []uint64{20_000}})
	w := watchOf(series...)
	w.silent("feed", pageDay-3)
	items := w.items()
	require.Equal(t, []string{ruleSilent, ruleFell, ruleFell, ruleFell, ruleFell, ruleFell}, rules(items))
	var units []string
	for _, i := range items[1:] {
		units = append(units, i.Unit.ID)
	}
	assert.Equal(t, strings.Split("abcde", ""), units, "equally heavy: by id")
	assert.Len(t, watched{items: items}.decisions(), mostAttention)
}

// Tails of the binomial distribution, counted out: of 4 coins 3 or 4 are heads in 5 of 16 cases, and of 10 dice none or one
// shows a six in (5/6)^10 + 10·(1/6)·(5/6)^9 = 0.4845.
func TestTailsOfTheBinomialDistribution(t *testing.T) {
	assert.InDelta(t, 5.0/16, upperTail(3, 4, 0.5), 1e-12)
	assert.InDelta(t, 15.0/16, upperTail(1, 4, 0.5), 1e-12)
	assert.InDelta(t, 1, upperTail(0, 4, 0.5), 0)
	assert.InDelta(t, 0.4845167, lowerTail(1, 10, 1.0/6), 1e-7)
	assert.InDelta(t, 1, lowerTail(10, 10, 1.0/6), 0)
	assert.InDelta(t, 1.0/1024, upperTail(10, 10, 0.5), 1e-15)
	assert.InDelta(t, 0.5, upperTail(50_000, 100_000, 0.5), 0.002)
}
