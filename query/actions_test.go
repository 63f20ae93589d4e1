package query

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// work is what the people of a unit did on a day: contributions, of which so many count, and seconds.
func (s *store) work(d adoption.Day, unit, tool string, done, counted, seconds uint64) {
	s.insert("kpi_work", 13, d, unit, tool, done, uint64(0), uint64(0), uint64(0), done, counted, uint64(0), uint64(0), uint64(0), done, seconds)
}

func (s *store) action(d adoption.Day, unit, tool, action string, class adoption.Class, source string, quantity uint64) {
	s.insert("kpi_action", 6, d, unit, tool, action, string(class), source, quantity)
}

// workCompany is Sales (East 20, West 4 or, on 30 October, 6; 3 placed directly) and Legal 8. All have access to the wiki.
// Every day East contributes 100 times (60 count) and consumes as often, West 10, those placed directly 1, Legal 1,000.
// Contributions are posts, of East 30 of them by the bot; what is consumed is viewed.
//
//	             East  West, placed directly                        Legal  Sales
//	28, 29 Oct.  100   4 and 3 people: hidden, 11 in Sales.rest     1,000    111
//	30 Oct.      100   West, of 6, guards the 3: 11 in Sales.rest   1,000    111
//	31 Oct.      100   nobody is placed directly: 10 of West        1,000    110
func workCompany(t testing.TB) *store {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "Sales East")
	s.unit("west", "sales", "Sales West")
	s.unit("legal", "company", "Legal")
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-10-01"), day("2026-11-01"))
	s.heads(day("2026-10-01"), "east", 20, "west", 4, "sales", 3, "legal", 8)
	for d := day("2026-10-28"); d <= day("2026-10-31"); d++ {
		people := []any{"east", 20, "west", 4, "sales", 3, "legal", 8}
		switch d {
		case day("2026-10-30"):
			people[3] = 6
		case day("2026-10-31"):
			people = []any{"east", 20, "west", 6, "legal", 8}
			s.work(d, "west", "wiki", 10, 10, 60)
			s.action(d, "west", "wiki", "post", adoption.Contribute, "feed", 10)
			s.action(d, "west", "wiki", "view", adoption.Consume, "feed", 10)
		}
		s.heads(d, people...)
		s.sizes(d, "wiki", people...)
		s.work(d, "east", "wiki", 100, 60, 600)
		s.action(d, "east", "wiki", "post", adoption.Contribute, "feed", 70)
		s.action(d, "east", "wiki", "post", adoption.Contribute, "bot", 30)
		s.action(d, "east", "wiki", "view", adoption.Consume, "feed", 100)
		if d < day("2026-10-31") {
			for unit, n := range map[string]uint64{"west": 10, "sales": 1} {
				s.work(d, unit, "wiki", n, n, 60)
				s.action(d, unit, "wiki", "post", adoption.Contribute, "feed", n)
				s.action(d, unit, "wiki", "view", adoption.Consume, "feed", n)
			}
		}
		s.work(d, "legal", "wiki", 1000, 50, 0)
		s.action(d, "legal", "wiki", "post", adoption.Contribute, "feed", 1000)
		s.action(d, "legal", "wiki", "view", adoption.Consume, "feed", 1000)
	}
	s.publish()
	return s
}

func (s *store) actions(params string) []ActionsRow {
	s.t.Helper()
	values, err := url.ParseQuery(params)
	require.NoError(s.t, err)
	q, err := ParseActions(values, s.Today())
	require.NoError(s.t, err)
	answer, err := s.Actions(context.Background(), q)
	require.NoError(s.t, err)
	return answer.Rows
}

// brief is a row in short: contributions, those that count, seconds, days, days left out.
type brief struct {
	unit, name, date       string
	done, counted, seconds *uint64
	days, leftOut          int
	suppressed             bool
	shownIn                string
}

func briefly(rows []ActionsRow) (all []brief) {
	for _, r := range rows {
		b := brief{unit: r.Unit, name: r.UnitName, date: r.Date.String()[5:], done: r.Contribute, counted: r.CountedContribute, seconds: r.Seconds,
			days: r.Days, leftOut: r.DaysLeftOut, suppressed: r.Suppressed, shownIn: r.ShownIn}
		all = append(all, b)
	}
	return all
}

func TestActionsOfASpanAreThoseOfTheDaysShown(t *testing.T) {
	s := workCompany(t)
	// Three days of West and of those placed directly are in the rest, the fourth of West is its own. 4 · 100 of East,
	// 3 · 11 in the rest, 10 of West on the last day: 443, those of Sales on four days.
	assert.Equal(t, []brief{
		{unit: "sales", name: "Sales", date: "10-31", done: u64(443), counted: u64(283), seconds: u64(4*600 + 3*120 + 60), days: 4},
		{unit: "east", name: "Sales East", date: "10-31", done: u64(400), counted: u64(240), seconds: u64(2400), days: 4},
		{unit: "west", name: "Sales West", date: "10-31", done: u64(10), counted: u64(10), seconds: u64(60), days: 1, leftOut: 3},
		{unit: "sales.direct", name: "Sales (placed directly)", date: "10-31", done: u64(0), counted: u64(0), seconds: u64(0), days: 1, leftOut: 3},
		{unit: "sales.rest", name: "Small groups of Sales", date: "10-31", done: u64(33), counted: u64(33), seconds: u64(360), days: 3},
	}, briefly(s.actions("unit=sales&tool=wiki&from=2026-10-28&to=2026-10-31&children=1")))

	// By day, the first of them: what is hidden says where it is.
	first := s.actions("unit=sales&from=2026-10-28&to=2026-10-31&children=1&grain=day")[:5]
	assert.Equal(t, brief{unit: "west", name: "Sales West", date: "10-28", leftOut: 1, suppressed: true, shownIn: "sales.rest"}, briefly(first)[2])
	assert.Equal(t, brief{unit: "sales.rest", name: "Small groups of Sales", date: "10-28", done: u64(11), counted: u64(11), seconds: u64(120), days: 1}, briefly(first)[4])
	assert.Equal(t, uint64(22), *first[4].Quantity, "11 contributions, 11 views")
	assert.Equal(t, uint64(11), *first[4].CountedConsume)
	// On the 30th West, of 6, is in the rest only to guard the 3.
	third := s.actions("unit=sales.rest&from=2026-10-30&to=2026-10-30&grain=day")
	assert.Equal(t, []brief{{unit: "sales.rest", name: "Sales West with 3 others", date: "10-30", done: u64(11), counted: u64(11), seconds: u64(120), days: 1}}, briefly(third))

	// Weeks: 28 October is a Wednesday, so the week to Sunday 1 November ends with the last day that has figures.
	weeks := s.actions("from=2026-10-28&to=2026-11-01&grain=week")
	require.Len(t, weeks, 1)
	assert.Equal(t, "wiki", weeks[0].Tool)
	assert.Equal(t, u64(4443), weeks[0].Contribute, "443 of Sales and 4 · 1,000 of Legal")
	assert.Equal(t, 4, weeks[0].Days)
}

func TestActionsByActionAndSource(t *testing.T) {
	s := workCompany(t)
	row := s.actions("unit=sales&from=2026-10-28&to=2026-10-31&by=source")[0]
	assert.Equal(t, []ActionPart{{adoption.Contribute, "post", "bot", 120}, {adoption.Contribute, "post", "feed", 323}, {adoption.Consume, "view", "feed", 443}}, row.Parts)
	assert.Zero(t, row.PartsLeftOut)
	rows := s.actions("unit=sales&from=2026-10-28&to=2026-10-31&by=action&children=1")
	assert.Equal(t, []ActionPart{{adoption.Contribute, "post", "", 10}, {adoption.Consume, "view", "", 10}}, rows[2].Parts, "West, on its one day")
	assert.Equal(t, []ActionPart{{adoption.Contribute, "post", "", 33}, {adoption.Consume, "view", "", 33}}, rows[4].Parts, "the rest, on its three")

	// The directory of the 29th is corrected when its events have gone: East has 19 people, and did less. The counts by
	// action are of other people than those that are judged, so they are not told.
	d := day("2026-10-29")
	s.heads(d, "east", 19, "west", 4, "sales", 3, "legal", 8)
	s.sizes(d, "wiki", "east", 19, "west", 4, "sales", 3, "legal", 8)
	s.work(d, "east", "wiki", 90, 55, 500)
	s.publish()
	row = s.actions("unit=east&from=2026-10-28&to=2026-10-31&by=action")[0]
	assert.Equal(t, u64(390), row.Contribute)
	assert.Equal(t, []ActionPart{{adoption.Contribute, "post", "", 300}, {adoption.Consume, "view", "", 300}}, row.Parts)
	assert.Equal(t, 1, row.PartsLeftOut)
}

func TestWorkOfEveryUnit(t *testing.T) {
	s := workCompany(t)
	answer, err := s.Work(context.Background(), day("2026-10-28"), day("2026-10-31"), "")
	require.NoError(t, err)
	sums := map[string]uint64{}
	for _, row := range answer.Rows {
		if row.CountedContribute != nil {
			sums[row.Unit] = *row.CountedContribute
		}
	}
	assert.Equal(t, map[string]uint64{"company": 483, "unassigned": 0, "legal": 200, "sales": 283, "sales.direct": 0,
		"east": 240, "west": 10, "sales.rest": 33}, sums)
	again, err := s.Work(context.Background(), day("2026-10-28"), day("2026-10-31"), "")
	require.NoError(t, err)
	assert.Equal(t, answer, again)

	// What cannot be asked.
	for params, field := range map[string]string{"by=person": "by", "from=2026-10-02&to=2026-10-01": "from", "grain=year": "grain", "children=yes": "children", "from=2020-01-01&to=2026-01-01": "from"} {
		values, err := url.ParseQuery(params)
		require.NoError(t, err)
		_, err = ParseActions(values, s.Today())
		var wrong *adoption.Error
		require.ErrorAs(t, err, &wrong, params)
		assert.Equal(t, field, wrong.Field)
	}
	for q, code := range map[ActionsQuestion]adoption.Code{{Unit: "nowhere"}: adoption.NotFound, {Tool: "none"}: adoption.NotFound, {Unit: "company.rest"}: adoption.NotFound, {By: "person"}: adoption.InvalidParameter} {
		q.From, q.To = day("2026-10-28"), day("2026-10-31")
		_, err := s.Actions(context.Background(), q)
		assert.Equal(t, code, adoption.CodeOf(err), q)
	}
}
