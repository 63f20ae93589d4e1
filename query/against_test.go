package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestParseAgainst(t *testing.T) {
	for text, want := range map[string]Against{"": AgainstBefore, "before": AgainstBefore, "year": AgainstYearAgo} {
		got, err := ParseAgainst(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := ParseAgainst("decade")
	assert.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	assert.Equal(t, "compare", adoption.Public(err).Field)
	assert.Contains(t, adoption.Public(err).Message, "Write before or year.")
}

// A year before a Sunday is a Sunday: 1 November 2026 − 52 · 7 days = 2 November 2025.
func TestAPageIsComparedWithTheSameWeeksOfTheYearBefore(t *testing.T) {
	s := unpublishedYear(t)
	then := day("2025-11-02")
	s.events("feed", "wiki", day("2025-09-01"), day("2025-12-31"))
	heads := []any{"east", 100, "west", 60, "legal", 3}
	s.heads(then, heads...)
	s.sizes(then, "wiki", heads...)
	for unit, active := range map[string]uint64{"east": 40, "west": 30, "legal": 2} {
		s.use(then, unit, "wiki", rawUse{active28: active, activeDays: 14 * active, consumers: active, score: 50 * float64(active), actions: 10 * active})
	}
	s.publish()
	ctx := context.Background()

	// Now 126 of 200 = 63 %, then 72 of 163 = 44.2 %: 18.8 points. z = 0.188 ÷ √(0.545·0.455·(1/200 + 1/163)) = 3.6.
	page, err := s.Overview(ctx, OverviewQuestion{Tool: "wiki", Against: AgainstYearAgo})
	require.NoError(t, err)
	assert.Equal(t, then, page.Previous)
	assert.Equal(t, AgainstYearAgo, page.Against)
	assert.Equal(t, "rose", page.Answer.Rule)
	assert.Equal(t, "Adoption of Team wiki rose to 63 % (+19 points against the same four weeks a year before): 126 of 200 people with access were active in the last 28 days.", page.Answer.Text)
	assert.InDelta(t, 72./163, *page.Figures[0].Previous, 1e-9)
	assert.InDelta(t, .63-72./163, *page.Figures[0].Change, 1e-9)
	assert.InDelta(t, 54, *page.Figures[1].Change, 1e-9, "126 − 72 people")
	require.Len(t, page.Figures[0].Trend, 13, "the trend stays that of 13 weeks")
	assert.InDelta(t, .45, *page.Figures[0].Trend[0].Value, 1e-9)
	assert.Empty(t, page.Cautions)

	// Then Legal had 3 people with access, and Sales would have told how many of them were active: both stay hidden.
	require.Len(t, page.Ranking, 2)
	for _, r := range page.Ranking {
		assert.NotNil(t, r.Rate, r.Unit.ID)
		assert.Nil(t, r.Change, r.Unit.ID)
	}
	sales, err := s.UnitPage(ctx, UnitQuestion{Unit: "sales", Tool: "wiki", Against: AgainstYearAgo})
	require.NoError(t, err)
	assert.Nil(t, sales.Figures[0].Previous)
	assert.Equal(t, MissingHidden, sales.Figures[0].Gone)

	// The other comparison of the same page, as it was.
	page, err = s.Overview(ctx, OverviewQuestion{Tool: "wiki"})
	require.NoError(t, err)
	assert.Equal(t, day("2026-10-04"), page.Previous)
	assert.InDelta(t, .06, *page.Figures[0].Change, 1e-9)

	_, err = s.Overview(ctx, OverviewQuestion{Against: "decade"})
	assert.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
}

func TestWithoutFiguresOfAYearAgoThePageSaysSo(t *testing.T) {
	page, err := yearCompany(t).Overview(context.Background(), OverviewQuestion{Tool: "wiki", Against: AgainstYearAgo})
	require.NoError(t, err)
	assert.Equal(t, "alone", page.Answer.Rule)
	assert.Equal(t, "Adoption of Team wiki is 63 %: 126 of 200 people with access were active in the last 28 days. There are no figures of a year ago to compare with.", page.Answer.Text)
	assert.Nil(t, page.Before)
	for _, f := range page.Figures {
		assert.Nil(t, f.Previous, f.Key)
		assert.Nil(t, f.Change, f.Key)
		assert.Equal(t, MissingNoData, f.Gone, f.Key)
	}
}

// Of a year ago the sentences claim no more than of four weeks ago.
func TestTheAnswerAgainstAYearAgoClaimsNoMoreThanTheDataTells(t *testing.T) {
	yearAgo := func(active uint64, gap int) *book {
		b := bookOf(unitSeries{"a", 1000, []uint64{640}})
		b.against, b.before = AgainstYearAgo, pageDay-364
		row := handRow(adoption.Company, b.before, 1000, active)
		row.Trust.GapDays = gap
		b.add(row, adoption.Company)
		b.add(handRow("a", b.before, 1000, active), adoption.Company)
		b.snap.feeds[0].firstDay = pageDay - 400 // 364 + 27 = 391 days back
		return b
	}
	const of = ": 640 of 1,000 people with access were active in the last 28 days."
	for _, c := range []struct {
		book             *book
		rule, text, warn string
		verdict          Verdict
	}{
		{yearAgo(580, 0), "rose", "Adoption rose to 64 % (+6 points against the same four weeks a year before)" + of, "", Rising},
		{yearAgo(700, 0), "fell", "Adoption fell to 64 % (−6 points against the same four weeks a year before)" + of, "", Falling},
		{yearAgo(580, 2), "uncertain", "Adoption is 64 % (+6 points against the same four weeks a year before)" + of + " The two periods were not fed by the same data.",
			"Data is missing for 2 days of the four weeks a year before: changes may be overstated.", Rising},
	} {
		p := c.book.pageOf()
		assert.Equal(t, c.rule, p.Answer.Rule)
		assert.Equal(t, c.text, p.Answer.Text)
		assert.Equal(t, c.verdict, p.Ranking[0].Verdict, c.rule)
		if c.warn != "" {
			assert.Equal(t, c.warn, p.Cautions[0].Text)
		}
	}
	late := yearAgo(580, 0)
	late.snap.feeds = append(late.snap.feeds, feed{source: "new", tool: "wiki", firstDay: pageDay - 100, lastDay: pageDay})
	p := late.pageOf()
	assert.Equal(t, "uncertain", p.Answer.Rule)
	assert.Equal(t, "Data of new is not there for all of the four weeks a year before, so a part of the change is new data.", p.Cautions[0].Text)
	assert.Equal(t, Typical, p.Ranking[0].Verdict, "no word on a change that may be new data")
}
