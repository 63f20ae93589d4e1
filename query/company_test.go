package query

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// yearCompany is Sales (East 100, West 60) and Legal (40), all with access to the wiki, 13 weeks up to yesterday
// (Sunday 2026-11-01). East grew from 40 to 76 active people by three a week, the others stood at 30 and 20. The chat is
// open: nobody has listed it, 12 people of East use it.
func yearCompany(t testing.TB) *store {
	s := unpublishedYear(t)
	s.publish()
	return s
}

// unpublishedYear is the same before its figures are published.
func unpublishedYear(t testing.TB) *store {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "Sales East")
	s.unit("west", "sales", "Sales West")
	s.unit("legal", "company", "Legal")
	s.exec("INSERT INTO tools VALUES ('wiki', 'Team wiki', 'wiki', 'Maker', 250, 0, '', 1)")
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-01-01"), day("2026-11-01"))
	s.events("proxy", "chat", day("2026-01-05"), day("2026-11-01"))
	heads := []any{"east", 100, "west", 60, "legal", 40}
	for _, first := range []string{"2026-08-01", "2026-09-01", "2026-10-01"} {
		s.heads(day(first), heads...)
	}
	for i := range uint64(13) {
		d := day("2026-08-09") + adoption.Day(7*i)
		s.heads(d, heads...)
		s.sizes(d, "wiki", heads...)
		for unit, active := range map[string]uint64{"east": 40 + 3*i, "west": 30, "legal": 20} {
			for _, tool := range []string{"wiki", "all"} {
				s.use(d, unit, tool, rawUse{active28: active, activeDays: 14 * active, consumers: active, score: 50 * float64(active), actions: 10 * active})
			}
		}
		s.use(d, "east", "chat", rawUse{active28: 12, activeDays: 12, consumers: 12, actions: 12})
	}
	return s
}

func TestTheOverview(t *testing.T) {
	s := yearCompany(t)
	page, err := s.Overview(context.Background(), OverviewQuestion{Tool: "wiki"})
	require.NoError(t, err)
	assert.Equal(t, StateReady, page.State)
	assert.Equal(t, day("2026-11-01"), page.Date, "yesterday is the last closed day")
	assert.Equal(t, day("2026-10-04"), page.Previous)
	// Now 76 + 30 + 20 = 126 of 200, 28 days before 64 + 30 + 20 = 114: 6 points, z = 0.06 ÷ √(0.6·0.4·2/200) = 1.2.
	assert.Equal(t, "Adoption of Team wiki is 63 % (+6 points on the 28 days before): 126 of 200 people with access were active in the last 28 days. The change may be chance.", page.Answer.Text)

	require.Len(t, page.Figures, 5)
	rate := page.Figures[0]
	assert.InDelta(t, 0.63, *rate.Value, 1e-9)
	assert.InDelta(t, 0.57, *rate.Previous, 1e-9)
	assert.InDelta(t, 0.06, *rate.Change, 1e-9)
	assert.Equal(t, "126 ÷ 200 = 63.0 %", rate.Worked)
	assert.Equal(t, "of 200 people with access", rate.Denominator)
	assert.Equal(t, []string{"feed"}, rate.Sources)
	require.Len(t, rate.Trend, 13)
	assert.InDelta(t, 0.45, *rate.Trend[0].Value, 1e-9) // 90 of 200
	assert.Equal(t, "200 with access − 74 inactive = 126", page.Figures[1].Worked)
	assert.Equal(t, "6,300 points ÷ 200 people = 31.5", page.Figures[2].Worked)      // 50 · 126
	assert.Equal(t, "1,764 person-days ÷ 28 ÷ 126 = 50.0 %", page.Figures[3].Worked) // 14 · 126
	assert.Equal(t, "0 people", page.Figures[4].Worked)

	// Legal: 20 of 40, gap 40 · (0.63 − 0.5) = 5.2. Sales: 106 of 160 = 66.25 %.
	require.Len(t, page.Ranking, 2)
	assert.Equal(t, "legal", page.Ranking[0].Unit.ID)
	assert.Equal(t, "5 people short of the company's rate", page.Ranking[0].GapWords)
	assert.Equal(t, "sales", page.Ranking[1].Unit.ID)
	assert.Empty(t, page.Cautions)
	_, err = json.Marshal(page)
	require.NoError(t, err)
}

func TestTheOverviewOfAllToolsNamesTheOneThatNobodyListed(t *testing.T) {
	page, err := yearCompany(t).Overview(context.Background(), OverviewQuestion{})
	require.NoError(t, err)
	require.NotEmpty(t, page.Attention)
	assert.Equal(t, "12 people use chat, which nobody has listed or licensed.", page.Attention[0].Sentence)
	assert.Equal(t, "of 200 people", page.Figures[0].Denominator, "one tool is open to everybody, so all tools are")
}

func TestTheUnitPage(t *testing.T) {
	s := yearCompany(t)
	page, err := s.UnitPage(context.Background(), UnitQuestion{Unit: "east"})
	require.NoError(t, err)
	assert.Equal(t, []UnitRef{{"company", "Company"}, {"sales", "Sales"}}, page.Path)
	assert.Empty(t, page.Ranking)
	require.Len(t, page.Tools, 2)
	assert.Equal(t, "Team wiki", page.Tools[0].Tool.Name)
	assert.Equal(t, u64(76), page.Tools[0].Row.Active28)
	assert.Equal(t, u64(12), page.Tools[1].Row.Active28)

	sales, err := s.UnitPage(context.Background(), UnitQuestion{Unit: "sales", Tool: "wiki", To: day("2026-10-25")})
	require.NoError(t, err)
	assert.Equal(t, day("2026-10-25"), sales.Date)
	assert.Equal(t, "30 of 60", number(float64(*sales.Ranking[0].Active))+" of "+number(float64(sales.Ranking[0].Enabled)))
	assert.Contains(t, sales.Ranking[0].GapWords, "short of the rate of Sales")

	_, err = s.UnitPage(context.Background(), UnitQuestion{Unit: "nowhere"})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

func TestPagesOfSmallGroups(t *testing.T) {
	s := salesCompany(t)
	west, err := s.UnitPage(context.Background(), UnitQuestion{Unit: "west", Tool: "wiki", To: day("2026-10-31")})
	require.NoError(t, err)
	assert.Equal(t, StateHidden, west.State)
	assert.Equal(t, "sales.rest", west.Now.ShownIn)
	for _, f := range west.Figures[:4] {
		assert.Nil(t, f.Value, f.Key)
		assert.Equal(t, MissingHidden, f.Missing, f.Key)
		assert.Empty(t, f.Worked, f.Key)
	}
	rest, err := s.UnitPage(context.Background(), UnitQuestion{Unit: "sales.rest", Tool: "wiki", To: day("2026-10-31")})
	require.NoError(t, err)
	assert.Equal(t, "Sales West with 3 others", rest.Unit.Name)
	assert.Equal(t, f64(0.5), rest.Figures[0].Value)
	assert.Equal(t, []UnitRef{{"company", "Company"}, {"sales", "Sales"}}, rest.Path)
}

func TestPagesOfACompanyWithoutAnything(t *testing.T) {
	s := newStore(t)
	page, err := s.Overview(context.Background(), OverviewQuestion{})
	require.NoError(t, err)
	assert.Equal(t, StateEmpty, page.State)
	assert.Equal(t, "empty", page.Answer.Rule)
	for _, f := range page.Figures {
		assert.Nil(t, f.Value)
		assert.Equal(t, MissingNoData, f.Missing)
	}
	answer, err := s.Adoption(context.Background(), AdoptionQuestion{From: day("2026-10-01"), To: day("2026-11-02")})
	require.NoError(t, err)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"rows":[]`)
	trust, err := s.Trust(context.Background())
	require.NoError(t, err)
	assert.Empty(t, trust.Sources)
	gauges, err := s.Gauges(context.Background())
	require.NoError(t, err)
	assert.Nil(t, gauges.Date)
	all, err := s.Units(context.Background())
	require.NoError(t, err)
	assert.Nil(t, all.Date)
	assert.Len(t, all.Units, 2)
}

// On the day of the very first event a page about yesterday would say that nothing has come.
func TestThePageOfTheFirstDayIsThatDay(t *testing.T) {
	s := newStore(t) // today is 2026-11-02
	s.events("feed", "wiki", day("2026-11-02"), day("2026-11-02"))
	for _, d := range []string{"2026-11-01", "2026-11-02"} {
		s.heads(day(d), "sales", 20)
	}
	s.use(day("2026-11-02"), "sales", "all", rawUse{active1: 9, active7: 9, active28: 9, activeDays: 9, consumers: 9, actions: 9})
	s.publish()
	page, err := s.Overview(context.Background(), OverviewQuestion{})
	require.NoError(t, err)
	assert.Equal(t, day("2026-11-02"), page.Date)
	assert.True(t, page.Running)
	assert.Equal(t, uint64(9), *page.Now.Active28)

	s.events("feed", "wiki", day("2026-11-01"), day("2026-11-01"))
	s.publish()
	page, err = s.Overview(context.Background(), OverviewQuestion{})
	require.NoError(t, err)
	assert.Equal(t, day("2026-11-01"), page.Date, "from the second day on: closed days")
}

func TestUnitsAreListedAsATree(t *testing.T) {
	s := salesCompany(t)
	answer, err := s.Units(context.Background())
	require.NoError(t, err)
	assert.Equal(t, day("2026-10-31"), *answer.Date)
	assert.Equal(t, []UnitLine{
		{ID: "company", Name: "Company", Headcount: 43, Depth: 0, Children: 3, Kind: "company"},
		{ID: "legal", Name: "legal", Parent: "company", Headcount: 8, Depth: 1, Kind: "unit"},
		{ID: "sales", Name: "Sales", Parent: "company", Headcount: 35, Depth: 1, Children: 3, Kind: "unit"},
		{ID: "east", Name: "Sales East", Parent: "sales", Headcount: 20, Depth: 2, Kind: "unit"},
		{ID: "west", Name: "Sales West", Parent: "sales", Headcount: 12, Depth: 2, Kind: "unit"},
		{ID: "sales.direct", Name: "Sales (placed directly)", Parent: "sales", Headcount: 3, Depth: 2, Kind: "direct"},
		{ID: "unassigned", Name: "Unassigned", Parent: "company", Depth: 1, Kind: "unassigned"},
	}, answer.Units)
}

func TestToolsAreListed(t *testing.T) {
	s := yearCompany(t)
	s.exec("INSERT INTO tools VALUES ('planned', 'Planned', 'mail', '', 0, 0, '', 2)")
	answer, err := s.Tools(context.Background())
	require.NoError(t, err)
	first, chatFirst, last := day("2026-01-01"), day("2026-01-05"), day("2026-11-01")
	assert.Equal(t, []ToolEntry{
		{ID: "all", Name: "All tools", Denominator: "headcount", Sources: []string{"feed", "proxy"}, FirstDay: &first, LastDay: &last, Counted: true},
		{ID: "chat", Name: "chat", Denominator: "headcount", Sources: []string{"proxy"}, FirstDay: &chatFirst, LastDay: &last, Counted: true},
		{ID: "planned", Name: "Planned", Category: "mail", Denominator: "headcount", Sources: []string{}},
		{ID: "wiki", Name: "Team wiki", Category: "wiki", Vendor: "Maker", Seats: 250, Denominator: "enabled", Sources: []string{"feed"}, FirstDay: &first, LastDay: &last, Counted: true},
	}, answer.Tools)
}

// laggard is a Freshness that has fallen behind.
type laggard struct{ asOf time.Time }

func (l laggard) Settled(context.Context) (bool, error) { return false, nil }
func (l laggard) AsOf() time.Time                       { return l.asOf }

func TestTrust(t *testing.T) {
	s := salesCompany(t) // today is 2026-11-02; the feed spoke from 10-01 to 11-01
	s.Freshness = laggard{time.Date(2026, 11, 2, 9, 58, 0, 0, time.UTC)}
	s.exec(`INSERT INTO rejected VALUES ('2026-11-01', 'feed', 'action', 'unknown', 4), ('2026-11-01', 'feed', 'time', 'too old', 6), ('2026-10-31', 'feed', 'action', 'unknown', 3),
		('2026-11-02', 'broken', 'actor', 'missing', 9), ('2026-09-01', 'feed', 'time', 'too old', 100)`)
	answer, err := s.Trust(context.Background())
	require.NoError(t, err)
	assert.False(t, answer.Settled)
	assert.Equal(t, "2026-11-02T09:58:00Z", answer.DataUntil.Format(time.RFC3339))
	require.Len(t, answer.Sources, 2)
	broken, feed := answer.Sources[0], answer.Sources[1]
	assert.Equal(t, "broken", broken.Source)
	assert.Nil(t, broken.FirstDay)
	assert.Equal(t, uint64(9), broken.Days[27].Rejected)
	assert.Equal(t, []string{"wiki"}, feed.Tools)
	assert.Equal(t, day("2026-10-01"), *feed.FirstDay)
	assert.Equal(t, "2026-11-01T09:00:00Z", feed.LastEvent.UTC().Format(time.RFC3339))
	assert.Equal(t, int64(60), *feed.LagSeconds)
	assert.Equal(t, int64(24*3600+59*60), *feed.SilentSeconds) // 11-01 09:01 to 11-02 10:00
	assert.Equal(t, uint64(13), feed.Rejected)
	assert.Equal(t, uint64(7), feed.UnknownActions)
	assert.Equal(t, []Rejection{{"action", "unknown", 7}, {"time", "too old", 6}}, feed.Reasons)
	require.Len(t, feed.Days, 28)
	assert.Equal(t, SourceDay{Day: day("2026-11-01"), Events: 10, Rejected: 10}, feed.Days[26])
	assert.Equal(t, SourceDay{Day: day("2026-11-02")}, feed.Days[27])
	assert.Empty(t, feed.Gaps)
	// As in TestARowHoldsTheFiguresOfMETRICS: 23 of 30.
	require.Len(t, answer.Coverage, 2)
	assert.Equal(t, ToolCoverage{Tool: "all", Date: day("2026-10-31"), Coverage: f64(23.0 / 30), Low: true}, answer.Coverage[0])
}

func TestCoverageRevealsNoSmallGroup(t *testing.T) {
	for _, c := range []struct {
		name       string
		enabled    int    // of 20 people of a; the others of a are the rest
		unassigned uint64 // active people without membership
		want       *float64
	}{
		{"everybody is in the directory", 20, 0, f64(1)},
		{"too few are not", 20, 4, nil},
		{"enough are not", 20, 6, f64(10.0 / 16)},
		{"others of a are few: unassigned is hidden with them", 17, 6, nil},
		{"enabled people are few: all active people would tell theirs", 3, 6, nil},
	} {
		s := newStore(t)
		d := day("2026-10-31")
		s.licensed("wiki")
		s.events("feed", "wiki", d, d)
		s.heads(d, "a", 20)
		s.sizes(d, "wiki", "a", c.enabled)
		s.use(d, "a", "wiki", rawUse{active28: 10})
		s.use(d, "unassigned", "wiki", rawUse{activeNotEnabled: c.unassigned})
		s.publish()
		assert.Equal(t, c.want, s.ask("company", "wiki", "2026-10-31", false)[0].Trust.Coverage, c.name)
	}
}

func TestGauges(t *testing.T) {
	s := salesCompany(t)
	answer, err := s.Gauges(context.Background())
	require.NoError(t, err)
	assert.Equal(t, day("2026-10-31"), *answer.Date)
	var got []string
	for _, row := range answer.Rows {
		assert.False(t, row.Suppressed)
		if row.Tool == "wiki" {
			got = append(got, row.Unit)
		}
	}
	assert.Equal(t, []string{"company", "legal", "sales", "sales.rest", "east", "unassigned"}, got)
	assert.Equal(t, 4, answer.Hidden) // west and sales.direct, of wiki and of all
	assert.Equal(t, 0, answer.LeftOut)
}

func TestGaugesAreBounded(t *testing.T) {
	a := &GaugesAnswer{}
	for i := range maxGauges + 10 {
		a.Rows = append(a.Rows, AdoptionRow{RowFrame: RowFrame{Headcount: uint64(i % 100)}})
	}
	a.cut()
	assert.Len(t, a.Rows, maxGauges)
	assert.Equal(t, 10, a.LeftOut)
	for _, row := range a.Rows {
		assert.Positive(t, row.Headcount+1)
	}
}
