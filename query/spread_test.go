package query

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// done is what the active people of a unit did in a window, one number a person; contributions are among the actions.
type done struct{ actions, contributions []uint64 }

// spread is one row of kpi_spread, and the row of kpi_use that belongs to it.
func (s *store) spread(d adoption.Day, unit, tool string, people done) {
	s.t.Helper()
	var acted, given adoption.Histogram
	use := rawUse{active28: uint64(len(people.actions))}
	for i, n := range people.actions {
		acted.Add(n, 1)
		use.actions += n
		if c := people.contributions[i]; c > 0 {
			given.Add(c, 1)
			use.creators++
		} else {
			use.consumers++
		}
	}
	if tool == adoption.AllTools {
		use.actions = 0 // as the refresher has it
	}
	s.use(d, unit, tool, use)
	columns := func(h adoption.Histogram) (amounts, people []uint64) {
		amounts, people = []uint64{}, []uint64{}
		for _, bar := range h {
			amounts, people = append(amounts, bar.Amount), append(people, bar.People)
		}
		return amounts, people
	}
	amounts, numbers := columns(acted)
	contributed, contributors := columns(given)
	var contributions uint64
	for _, n := range people.contributions {
		contributions += n
	}
	s.insert("kpi_spread", 7, d, unit, tool, contributions, amounts, numbers, contributed, contributors)
}

// spreadCompany is Sales (East 20 with 16 enabled, West 12, 3 placed directly of whom 2 are enabled) and Legal (8, nobody
// enabled for the wiki), which the chat is not: it is open to all.
func spreadCompany(t testing.TB) *store {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "Sales East")
	s.unit("west", "sales", "Sales West")
	s.unit("legal", "company", "Legal")
	s.licensed("wiki")
	at := day("2026-10-31")
	s.events("feed", "wiki", day("2026-01-01"), at)
	s.events("feed", "chat", day("2026-01-01"), at)
	for _, d := range []adoption.Day{day("2026-10-01"), at} {
		s.heads(d, "east", 20, "west", 12, "sales", 3, "legal", 8)
		s.sizes(d, "wiki", "east", 16, "west", 12, "sales", 2)
	}
	s.spread(at, "east", "wiki", done{[]uint64{40, 4, 8, 12, 8, 20}, []uint64{30, 0, 2, 4, 0, 4}})
	s.spread(at, "west", "wiki", done{[]uint64{4, 100, 4, 6}, []uint64{1, 60, 0, 3}})
	s.spread(at, "sales", "wiki", done{[]uint64{16}, []uint64{16}})
	s.spread(at, "east", "chat", done{[]uint64{1, 1, 1, 1, 1, 1, 1}, []uint64{1, 1, 1, 0, 0, 0, 0}})
	s.spread(at, "legal", "chat", done{[]uint64{5, 5}, []uint64{0, 5}})
	s.spread(at, "east", "all", done{[]uint64{40, 4, 8, 13, 9, 21, 1, 1, 1, 1}, []uint64{30, 0, 2, 5, 1, 5, 0, 0, 0, 0}})
	s.spread(at, "west", "all", done{[]uint64{4, 100, 4, 6}, []uint64{1, 60, 0, 3}})
	s.spread(at, "sales", "all", done{[]uint64{16}, []uint64{16}})
	s.spread(at, "legal", "all", done{[]uint64{5, 5}, []uint64{0, 5}})
	s.publish()
	return s
}

func (s *store) depth(unit, tool string, children bool) []DepthRow {
	s.t.Helper()
	answer, err := s.Depth(context.Background(), AdoptionQuestion{Unit: unit, Tool: tool, From: day("2026-10-31"), To: day("2026-10-31"), Children: children})
	require.NoError(s.t, err)
	assert.Equal(s.t, 28, answer.WindowDays)
	return answer.Rows
}

func (s *store) concentration(unit, tool string, children bool) []ConcentrationRow {
	s.t.Helper()
	answer, err := s.Concentration(context.Background(), AdoptionQuestion{Unit: unit, Tool: tool, From: day("2026-10-31"), To: day("2026-10-31"), Children: children})
	require.NoError(s.t, err)
	return answer.Rows
}

// tell writes figures down, nil as "-".
func tell(figures ...any) string {
	text, _ := json.Marshal(figures)
	return string(text)
}

// Of the wiki: East did 4, 8, 8, 12, 20, 40 (middle 8 and 12: 10, 2.5 a week; 92 ÷ 4 ÷ 6). Sales adds West's 4, 4, 6, 100
// and 16: 4 4 4 6 8 | 8 | 12 16 20 40 100, the middle one 8, 2 a week; 222 ÷ 4 ÷ 11. West (12) stands with the 2 placed
// directly: 4 4 6 16 100, the middle 6, 1.5 a week; 130 ÷ 4 ÷ 5.
func TestDepth(t *testing.T) {
	s := spreadCompany(t)
	rows := s.depth("sales", "wiki", true)
	var got []string
	for _, r := range rows {
		got = append(got, r.Unit+tell(r.Active28, r.ActionsPerWeekMedian, r.ActionsPerWeekMean, r.Breadth, r.ToolsLeftOut))
	}
	assert.Empty(t, cmp.Diff([]string{
		"sales" + tell(11, 2, 222.0/4/11, 1, 0),
		"east" + tell(6, 2.5, 92.0/4/6, 1, 0),
		"west" + tell(nil, nil, nil, nil, 0),
		"sales.direct" + tell(nil, nil, nil, nil, 0),
		"sales.rest" + tell(5, 1.5, 130.0/4/5, 1, 0),
	}, got))

	// Of all tools, East: 1 1 1 1 | 4 8 | 9 13 21 40, middle 6, 1.5 a week. The mean is of the actions that the tools' own rows
	// have: 92 + 7 = 99. Tools used: 6 with the wiki, 7 with the chat, by 10 people.
	east := s.depth("east", "all", false)[0]
	assert.Equal(t, tell(10, 1.5, 99.0/4/10, 1.3, 0), tell(east.Active28, east.ActionsPerWeekMedian, east.ActionsPerWeekMean, east.Breadth, east.ToolsLeftOut))
}

// A tool that is hidden for a group is in neither the mean nor the breadth of all tools, nor in the contributions: of the 3
// people placed directly in Sales 2 have the wiki, and all have the chat, so that as a rest with West both are shown, and
// West alone shows neither.
func TestHiddenToolsAreLeftOutOfDepth(t *testing.T) {
	s := newStore(t)
	s.licensed("plan")
	at := day("2026-10-31")
	s.events("feed", "plan", day("2026-01-01"), at)
	s.events("feed", "chat", day("2026-01-01"), at)
	for _, d := range []adoption.Day{day("2026-10-01"), at} {
		s.heads(d, "a", 20, "b", 20)
		s.sizes(d, "plan", "a", 3, "b", 15) // so b is hidden with a, and only the company shows them
	}
	s.spread(at, "a", "plan", done{[]uint64{100, 50}, []uint64{70, 7}})
	s.spread(at, "b", "plan", done{[]uint64{10}, []uint64{3}})
	s.spread(at, "a", "chat", done{[]uint64{4, 4, 4, 4, 8}, []uint64{1, 1, 1, 1, 8}})
	s.spread(at, "a", "all", done{[]uint64{104, 54, 4, 4, 8}, []uint64{71, 8, 1, 1, 8}})
	s.spread(at, "b", "all", done{[]uint64{10}, []uint64{3}})
	s.publish()
	a := s.depth("a", "all", false)[0]
	// 24 actions of the chat; 5 people of it; the median knows all tools: 4 4 | 8 | 54 104.
	assert.Equal(t, tell(5, 2, 24.0/4/5, 1, 1), tell(a.Active28, a.ActionsPerWeekMedian, a.ActionsPerWeekMean, a.Breadth, a.ToolsLeftOut))
	of := s.concentration("a", "all", false)[0]
	// 12 contributions to the chat. Of all 89 the first made 71.
	assert.Equal(t, tell(5, 5, 12, 1, 0.2, 1), tell(of.Active28, of.Contributors, of.Contributions, of.HalfPeople, of.HalfShare, of.ToolsLeftOut))
	company := s.concentration("", "all", false)[0]
	assert.Equal(t, tell(6, 6, 12+80, 1, 1.0/6, 0), tell(company.Active28, company.Contributors, company.Contributions, company.HalfPeople, company.HalfShare, company.ToolsLeftOut))
	// One person of b was active: 1 of 20, which is shown, but no median of 1.
	b := s.depth("b", "all", false)[0]
	assert.Equal(t, tell(1, nil, 0, 0, 1), tell(b.Active28, b.ActionsPerWeekMedian, b.ActionsPerWeekMean, b.Breadth, b.ToolsLeftOut))
}

// East made 30 + 4 + 4 + 2 = 40 contributions: the first alone made half. Sales made 40 + 64 + 16 = 120: 60 are half, made
// by the one with 60. The rest: 60 + 16 + 3 + 1 = 80, again by that one.
func TestConcentration(t *testing.T) {
	s := spreadCompany(t)
	var got []string
	for _, r := range s.concentration("sales", "wiki", true) {
		got = append(got, r.Unit+tell(r.Active28, r.Contributors, r.Contributions, r.HalfPeople, r.HalfShare))
	}
	assert.Empty(t, cmp.Diff([]string{
		"sales" + tell(11, 8, 120, 1, 1.0/11),
		"east" + tell(6, 4, 40, 1, 1.0/6),
		"west" + tell(nil, nil, nil, nil, nil),
		"sales.direct" + tell(nil, nil, nil, nil, nil),
		"sales.rest" + tell(5, 4, 80, 1, 0.2),
	}, got))
	// 3 people contributed once each to the chat in East: 2 of them made half. In Legal 2 were active: too few.
	east, legal := s.concentration("east", "chat", false)[0], s.concentration("legal", "chat", false)[0]
	assert.Equal(t, tell(7, 3, 3, 2, 2.0/7), tell(east.Active28, east.Contributors, east.Contributions, east.HalfPeople, east.HalfShare))
	assert.Equal(t, tell(2, 1, 5, nil, nil), tell(legal.Active28, legal.Contributors, legal.Contributions, legal.HalfPeople, legal.HalfShare))
	// The contributors are the pyramid's creators, and what a parent has is what its children and the rest have.
	rows := s.concentration("sales", "wiki", true)
	pyramid := s.pyramid(AdoptionQuestion{Unit: "sales", Tool: "wiki", From: day("2026-10-31"), To: day("2026-10-31"), Children: true})
	for i := range rows {
		assert.Equal(t, pyramid[i].Creators, rows[i].Contributors, rows[i].Unit)
	}
	assert.Equal(t, *rows[0].Contributions, *rows[1].Contributions+*rows[4].Contributions)
	assert.Equal(t, *rows[0].Contributors, *rows[1].Contributors+*rows[4].Contributors)
}

func TestDepthOfNobody(t *testing.T) {
	s := spreadCompany(t)
	row := s.depth("legal", "wiki", false)[0] // nobody has access
	assert.Equal(t, tell(0, nil, nil, nil), tell(row.Active28, row.ActionsPerWeekMedian, row.ActionsPerWeekMean, row.Breadth))
	of := s.concentration("unassigned", "wiki", false)[0]
	assert.Equal(t, tell(0, 0, 0, nil, nil), tell(of.Active28, of.Contributors, of.Contributions, of.HalfPeople, of.HalfShare))
	answer, err := newStore(t).Depth(context.Background(), AdoptionQuestion{From: day("2026-10-31"), To: day("2026-10-31")})
	require.NoError(t, err)
	assert.Equal(t, []DepthRow{}, answer.Rows)
	for _, q := range []AdoptionQuestion{{Unit: "nowhere"}, {Tool: "nothing"}} {
		_, err := s.Concentration(context.Background(), q)
		assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	}
}

// Until the first refresh of a new version of the program has run, there are days with figures whose histograms nobody
// knows: nothing is told then, and not that nothing was done.
func TestDepthThatIsNotKnownYet(t *testing.T) {
	s := spreadCompany(t)
	s.exec("DELETE FROM refreshed WHERE about = 'kpi_spread'")
	s.lists.last = nil
	row := s.depth("east", "wiki", false)[0]
	assert.Equal(t, tell(6, nil, nil, nil), tell(row.Active28, row.ActionsPerWeekMedian, row.ActionsPerWeekMean, row.Breadth))
}

// The merged histograms of a deep tree give the median and the concentration of the people themselves, sorted in a list.
func TestDepthEqualsThatOfAListOfPeople(t *testing.T) {
	s := newStore(t)
	at := day("2026-10-31")
	s.events("feed", "chat", day("2026-01-01"), at)
	s.unit("a", "company", "A")
	var actions, given []uint64
	heads := []any{}
	for i, unit := range []string{"a", "a1", "a2", "a3"} {
		if unit != "a" {
			s.unit(unit, "a", unit)
		}
		heads = append(heads, unit, 30)
		var d done
		for p := range uint64(9 + 4*i) {
			n := (p*p*7+uint64(i)*13)%97 + 1
			c := (n * (p + 3) % 11) / 3
			d.actions, d.contributions = append(d.actions, n+c), append(d.contributions, c)
		}
		actions, given = append(actions, d.actions...), append(given, d.contributions...)
		s.spread(at, unit, "chat", d)
	}
	s.heads(day("2026-10-01"), heads...)
	s.heads(at, heads...)
	s.publish()

	slices.Sort(actions)
	n := len(actions)
	median := float64(actions[(n-1)/2]+actions[n/2]) / 2 / 4
	slices.Sort(given)
	var all, made, people uint64
	for _, c := range given {
		all += c
	}
	for 2*made < all {
		people++
		made += given[len(given)-int(people)]
	}
	for _, unit := range []string{"a", "company"} {
		assert.Equal(t, median, *s.depth(unit, "chat", true)[0].ActionsPerWeekMedian, unit)
		row := s.concentration(unit, "chat", true)[0]
		assert.Equal(t, people, *row.HalfPeople, unit)
		assert.InDelta(t, float64(people)/float64(n), *row.HalfShare, math.SmallestNonzeroFloat64)
		assert.Equal(t, all, *row.Contributions)
	}
}
