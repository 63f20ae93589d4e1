package query

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// pageDay is the date of the pages in these tests, a closed day.
var pageDay = day("2026-11-01")

// unitSeries is a unit with its active people at the 13 weekly points; one value stands for all of them.
type unitSeries struct {
	id      string
	enabled uint64
	active  []uint64
}

// bookOf is the company's book, the company being the sum of the units. Data starts long before.
func bookOf(series ...unitSeries) *book {
	b := &book{
		snap: &snapshot{
			state: state{today: pageDay + 1}, tree: newTree(nil, nil), days: map[adoption.Day]bool{pageDay: true}, gaps: map[string]gapDays{},
			tools: []toolInfo{{Tool: adoption.Tool{ID: "wiki", Name: "Wiki"}, listed: true, licensed: true, counted: true}},
			feeds: []feed{{source: "feed", tool: "wiki", firstDay: pageDay - 400, lastDay: pageDay}},
		},
		unit: adoption.Company, tool: adoption.AllTools, date: pageDay, against: AgainstBefore, before: pageDay - WindowDays,
		rows: map[string]map[adoption.Day]AdoptionRow{}, members: map[adoption.Day]string{},
	}
	for i, d := range b.points() {
		var enabled, active uint64
		for _, s := range series {
			n := s.active[min(i, len(s.active)-1)]
			b.add(handRow(s.id, d, s.enabled, n), adoption.Company)
			enabled, active = enabled+s.enabled, active+n
		}
		b.add(handRow(adoption.Company, d, enabled, active), adoption.Company)
	}
	return b
}

func handRow(unit string, d adoption.Day, enabled, active uint64) AdoptionRow {
	share, inactive := float64(active)/float64(enabled), enabled-active
	return AdoptionRow{RowFrame: RowFrame{Unit: unit, UnitName: unit, Tool: adoption.AllTools, Date: d, Denominator: DenominatorEnabled, Headcount: enabled, Enabled: enabled},
		Active28: &active, Inactive: &inactive, ActiveNotEnabled: u64(0), AdoptionRate: &share}
}

func (b *book) pageOf() *Page {
	p := &Page{Unit: UnitRef{b.unit, "Company"}, Tool: *b.toolRef(b.tool), Date: b.date, Previous: b.before, MinGroup: 5, Settled: true}
	b.fill(p)
	return p
}

func TestTheAnswerClaimsNoMoreThanTheDataTells(t *testing.T) {
	// 28 days before is the ninth of the 13 points (index 8).
	step := func(before, now uint64) []uint64 {
		s := make([]uint64, trendPoints)
		for i := range s {
			s[i] = before
		}
		s[trendPoints-1] = now
		return s
	}
	gap := func(b *book, d adoption.Day) {
		row := b.rows[adoption.Company][d]
		row.Trust.GapDays = 3
		b.rows[adoption.Company][d] = row
	}
	for _, c := range []struct {
		book       *book
		change     func(*book)
		rule, text string
	}{
		{bookOf(unitSeries{"a", 1000, step(580, 640)}), nil, "rose",
			"Adoption rose to 64 % (+6 points on the 28 days before): 640 of 1,000 people with access were active in the last 28 days."},
		{bookOf(unitSeries{"a", 1000, step(640, 580)}), nil, "fell",
			"Adoption fell to 58 % (−6 points on the 28 days before): 580 of 1,000 people with access were active in the last 28 days."},
		// 12 of 20 after 10 of 20: 10 points, and nothing but chance. z = 0.10 ÷ √(0.55·0.45·2/20) = 0.64.
		{bookOf(unitSeries{"a", 20, step(10, 12)}), nil, "steady",
			"Adoption is 60 % (+10 points on the 28 days before): 12 of 20 people with access were active in the last 28 days. The change may be chance."},
		// Certain, but less than half a point: 400 of 100,000.
		{bookOf(unitSeries{"a", 100_000, step(60_000, 60_400)}), nil, "steady",
			"Adoption is steady at 60 % (no change on the 28 days before): 60,400 of 100,000 people with access were active in the last 28 days."},
		{bookOf(unitSeries{"a", 1000, step(580, 640)}), func(b *book) { gap(b, b.date) }, "at_least",
			"Adoption is at least 64 %: 640 of 1,000 people with access were active in the last 28 days, and data is missing for 3 days."},
		{bookOf(unitSeries{"a", 1000, step(580, 640)}), func(b *book) { gap(b, b.before) }, "uncertain",
			"Adoption is 64 % (+6 points on the 28 days before): 640 of 1,000 people with access were active in the last 28 days. The two periods were not fed by the same data."},
		{bookOf(unitSeries{"a", 1000, step(580, 640)}), func(b *book) { b.snap.feeds[0].firstDay = pageDay - 50 }, "alone",
			"Adoption is 64 %: 640 of 1,000 people with access were active in the last 28 days. There is no full period before it to compare with."},
		{bookOf(unitSeries{"a", 1000, step(0, 640)}), func(b *book) {
			b.snap.feeds = append(b.snap.feeds, feed{source: "new", tool: "wiki", firstDay: pageDay - 10, lastDay: pageDay})
		}, "uncertain", "Adoption is 64 % (+64 points on the 28 days before): 640 of 1,000 people with access were active in the last 28 days. The two periods were not fed by the same data."},
		{bookOf(unitSeries{"a", 1000, step(580, 640)}), func(b *book) { b.snap.feeds = nil }, "empty",
			"No event has arrived yet. As soon as the first source is connected, adoption is shown here."},
	} {
		if c.change != nil {
			c.change(c.book)
		}
		p := c.book.pageOf()
		assert.Equal(t, c.rule, p.Answer.Rule)
		assert.Equal(t, c.text, p.Answer.Text)
	}
}

func TestTheAnswerNamesThoseWithoutAccess(t *testing.T) {
	b := bookOf(unitSeries{"a", 10, []uint64{6}})
	row := b.rows[adoption.Company][pageDay]
	row.ActiveNotEnabled = u64(73)
	b.rows[adoption.Company][pageDay] = row
	assert.Equal(t, "Adoption is steady at 60 % (no change on the 28 days before): 6 of 10 people with access were active in the last 28 days. 73 more used it without recorded access.", b.pageOf().Answer.Text)

	row.Enabled, row.AdoptionRate, row.Active28 = 0, nil, u64(0)
	b.rows[adoption.Company][pageDay] = row
	assert.Equal(t, "Nobody in Company has access to any tool; 73 people used some all the same in the last 28 days.", b.pageOf().Answer.Text)
	row.ActiveNotEnabled = nil
	b.rows[adoption.Company][pageDay] = row
	assert.Equal(t, "Nobody in Company has access to any tool; how many used some all the same is not shown, to protect small groups.", b.pageOf().Answer.Text)
}

func TestTheRankingPutsTheWorstGapFirst(t *testing.T) {
	// The company: 500 of 800 = 62.5 %. Gaps: a 400·(0.625 − 0.75) = −50, b 300·(0.625 − 0.5) = 37.5, c 100·(0.625 − 0.5) = 12.5.
	b := bookOf(unitSeries{"a", 400, []uint64{300}}, unitSeries{"b", 300, []uint64{150}}, unitSeries{"c", 100, []uint64{50}})
	hidden := AdoptionRow{RowFrame: RowFrame{Unit: "d", UnitName: "d", Date: pageDay, Headcount: 3, Enabled: 3, Suppressed: true}}
	b.add(hidden, adoption.Company)
	list := b.ranking()
	var got []string
	for _, r := range list {
		got = append(got, fmt.Sprintf("%s: %s, %s", r.Unit.ID, r.GapWords, r.Verdict))
	}
	assert.Equal(t, []string{
		"b: 38 people short of the company's rate, behind", // z = 0.125 ÷ √(0.59·0.41·(1/300 + 1/800)) = 3.8
		"c: 13 people short of the company's rate, behind", // z = 0.125 ÷ √(0.61·0.39·(1/100 + 1/800)) = 2.4, limit 1.96
		"a: 50 people ahead of the company's rate, ahead",
		"d: , hidden",
	}, got)
	assert.Nil(t, list[3].Rate)
	assert.Equal(t, MissingHidden, list[3].Missing)
}

func ramp(from, to float64, n uint64) []uint64 {
	s := make([]uint64, trendPoints)
	for i := range s {
		s[i] = uint64(math.Round((from + (to-from)*float64(i)/(trendPoints-1)) * float64(n)))
	}
	return s
}

// Units whose people come and go by chance alone, anew in each window, make hardly any news: words that stand beside their
// number are wrong about as often as their doubt says, 1 in 20 of claims and of units ahead or behind. (What calls for a
// decision is tested in attention_noise_test.go.)
func TestChanceAloneIsHardlyNews(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	claims, apart, moving, lines := 0, 0, 0, 0
	for range 400 {
		var series []unitSeries
		for i := range 12 {
			n := 10 + r.Uint64N(300)
			s := unitSeries{id: fmt.Sprintf("u%d", i), enabled: n, active: make([]uint64, trendPoints)}
			for j := range s.active {
				for range n {
					if r.Float64() < 0.6 {
						s.active[j]++
					}
				}
			}
			series = append(series, s)
		}
		p := bookOf(series...).pageOf()
		if p.Answer.Rule == "rose" || p.Answer.Rule == "fell" {
			claims++
		}
		for _, line := range p.Ranking {
			lines++
			switch line.Verdict {
			case Ahead, Behind:
				apart++
			case Rising, Falling, Stalled:
				moving++
			}
		}
	}
	t.Logf("of 400 pages %d claim a change; of %d units %d are ahead or behind, %d move", claims, lines, apart, moving)
	assert.Less(t, claims, 30)
	assert.Less(t, apart, lines*6/100)
	assert.Less(t, moving, lines/100)
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	assert.Equal(t, []string{"64 %", "0 %", "0.4 %", "100 %", "99.7 %"}, []string{Percent(0.636).in(inEnglish), Percent(0).in(inEnglish), Percent(0.004).in(inEnglish), Percent(1).in(inEnglish), Percent(0.997).in(inEnglish)})
	assert.Equal(t, []string{"+5 points", "−1 point", "no change"}, []string{Points(0.051).in(inEnglish), Points(-0.009).in(inEnglish), Points(0.004).in(inEnglish)})
	assert.Equal(t, []string{"0", "999", "1,000", "1,234,567", "-12,000"}, []string{number(0), number(999), number(1000), number(1234567), number(-12000)})
	assert.Equal(t, []string{"", "a", "a and b", "a, b and c", "a, b, c and 2 more"}, []string{Names(nil).in(inEnglish), Names([]string{"a"}).in(inEnglish), Names([]string{"a", "b"}).in(inEnglish), Names([]string{"a", "b", "c"}).in(inEnglish), Names([]string{"a", "b", "c", "d", "e"}).in(inEnglish)})
}
