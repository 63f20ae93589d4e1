package query

import (
	"context"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// pairs is from, to, interactions triples with a tool on a day.
func (s *store) pairs(d adoption.Day, tool string, triples ...any) {
	var values []any
	for i := 0; i < len(triples); i += 3 {
		values = append(values, tool, triples[i], triples[i+1], uint64(triples[i+2].(int)))
	}
	s.insert("kpi_pair", 4, d, values...)
}

func (s *store) collaborate(question string) *CollaborationAnswer {
	s.t.Helper()
	values, err := url.ParseQuery(question)
	require.NoError(s.t, err)
	q, err := ParseCollaboration(values, s.Today())
	require.NoError(s.t, err)
	answer, err := s.Collaboration(context.Background(), q)
	require.NoError(s.t, err)
	return answer
}

// collaborationLine is what a test says of a row; internal −1 is a hidden one.
type collaborationLine struct {
	unit                     string
	internal, sent, received int
	index                    float64
	shownIn                  string
}

func collaborationLines(rows []CollaborationRow) (lines []collaborationLine) {
	for _, r := range rows {
		line := collaborationLine{unit: r.Unit, internal: -1, index: 9, shownIn: r.ShownIn}
		if r.Internal != nil {
			line.internal, line.sent, line.received = int(*r.Internal), int(*r.Sent), int(*r.Received)
		}
		if r.EIIndex != nil {
			line.index = *r.EIIndex
		}
		if r.Suppressed != (r.Internal == nil) {
			line.unit += " disagrees with itself"
		}
		lines = append(lines, line)
	}
	return lines
}

// twoDays is a company of sales (east 10, west 8), legal 6 and lab 3 people, who chat on 30 and 31 October. lab is too
// small; the smallest beside it is legal, so these two are the rest: 9 people. Nobody is placed in sales itself.
func twoDays(t *testing.T) *store {
	s := newStore(t)
	s.unit("sales", "company", "Sales")
	s.unit("east", "sales", "East")
	s.unit("west", "sales", "West")
	s.unit("legal", "company", "Legal")
	s.unit("lab", "company", "Lab")
	for _, d := range []string{"2026-10-01", "2026-10-30", "2026-10-31"} {
		s.heads(day(d), "east", 10, "west", 8, "legal", 6, "lab", 3)
	}
	s.events("feed", "chat", day("2026-10-30"), day("2026-10-31"))
	s.pairs(day("2026-10-30"), "chat", "east", "east", 40, "east", "west", 10, "west", "east", 5, "west", "west", 20,
		"east", "legal", 4, "legal", "east", 6, "legal", "legal", 30, "lab", "legal", 2, "lab", "lab", 7, "lab", "west", 1)
	s.pairs(day("2026-10-31"), "chat", "east", "east", 2, "legal", "west", 3)
	s.publish()
	return s
}

func TestCollaborationOfACompany(t *testing.T) {
	s := twoDays(t)
	// Inside sales 40 + 10 + 5 + 20 + 2 = 77; from it 4; to it 6 + 3 of legal and 1 of lab. Inside the rest 30 + 2 + 7 = 39.
	a := s.collaborate("from=2026-10-30&to=2026-10-31&tool=chat")
	require.Equal(t, []collaborationLine{
		{"company", 130, 0, 0, -1, ""},
		{"lab", -1, 0, 0, 9, "company.rest"},
		{"legal", -1, 0, 0, 9, "company.rest"},
		{"sales", 77, 4, 10, (14.0 - 77) / 91, ""},
		{"company.rest", 39, 10, 4, (14.0 - 39) / 53, ""},
	}, collaborationLines(a.Rows))
	require.Equal(t, CollaborationMatrix{Units: []string{"sales", "company.rest"}, Interactions: [][]uint64{{77, 4}, {10, 39}}}, a.Matrix)
	require.Equal(t, 14.0/130, *a.CrossUnit)
	require.Equal(t, "Legal with 3 others", a.Rows[4].UnitName)
	require.Equal(t, []any{2, day("2026-10-31"), uint64(27)}, []any{a.WindowDays, a.Rows[0].Date, a.Rows[0].Headcount})

	// All tools are this one. A question without children is the same without them, and so are parts of it.
	all := s.collaborate("from=2026-10-30&to=2026-10-31")
	require.Equal(t, collaborationLines(a.Rows), collaborationLines(all.Rows))
	require.Equal(t, a.Matrix, all.Matrix)
	alone := s.collaborate("from=2026-10-30&to=2026-10-31&children=0")
	require.Equal(t, collaborationLines(all.Rows[:1]), collaborationLines(alone.Rows))
	require.Empty(t, alone.Matrix.Units)
	require.Nil(t, alone.CrossUnit)
	require.Equal(t, collaborationLines(a.Rows[4:]), collaborationLines(s.collaborate("unit=company.rest&from=2026-10-30&to=2026-10-31").Rows))
	require.Equal(t, []collaborationLine{{"company", 5, 0, 0, -1, ""}}, collaborationLines(s.collaborate("from=2026-10-31&to=2026-10-31&children=0").Rows), "one day")
}

func TestCollaborationOfAUnit(t *testing.T) {
	s := twoDays(t)
	const both = "&from=2026-10-30&to=2026-10-31"
	a := s.collaborate("unit=sales" + both)
	// east sends 10 to west and 4 to legal, and gets 5 and 6; west sends 5 and gets 10, 3 of legal and 1 of lab.
	require.Equal(t, []collaborationLine{
		{"sales", 77, 4, 10, (14.0 - 77) / 91, ""},
		{"east", 42, 14, 11, (25.0 - 42) / 67, ""},
		{"west", 20, 5, 14, (19.0 - 20) / 39, ""},
	}, collaborationLines(a.Rows))
	require.Equal(t, CollaborationMatrix{Units: []string{"east", "west"}, Interactions: [][]uint64{{42, 10}, {5, 20}}}, a.Matrix)
	require.Equal(t, 15.0/77, *a.CrossUnit)

	require.Equal(t, []collaborationLine{{"west", 20, 5, 14, (19.0 - 20) / 39, ""}}, collaborationLines(s.collaborate("unit=west"+both).Rows))
	hidden := s.collaborate("unit=lab" + both)
	require.Equal(t, []collaborationLine{{"lab", -1, 0, 0, 9, "company.rest"}}, collaborationLines(hidden.Rows))
	require.Empty(t, hidden.Matrix.Units)
	require.Equal(t, []collaborationLine{{"unassigned", 0, 0, 0, 9, ""}}, collaborationLines(s.collaborate("unit=unassigned"+both).Rows))
	require.Empty(t, s.collaborate("from=2026-09-01&to=2026-09-05").Rows, "no figures of these days")
	for question, field := range map[string]string{"unit=nobody": "unit", "tool=nothing": "tool", "unit=sales.rest&from=2026-10-30&to=2026-10-31": "unit"} {
		values, _ := url.ParseQuery(question)
		q, err := ParseCollaboration(values, s.Today())
		require.NoError(t, err)
		_, err = s.Collaboration(context.Background(), q)
		var told *adoption.Error
		require.ErrorAs(t, err, &told, question)
		require.Equal(t, []any{adoption.NotFound, field}, []any{told.Code, told.Field})
	}
}

// A group that is small on one day is hidden from every answer that has this day in it, and another that guards it on
// another day, too. On the 30th lab (3) is guarded by legal (6). On the 31st lab has 9, legal 4, and north (7) guards it.
func TestCollaborationHidesWhatAnyDayHides(t *testing.T) {
	s := newStore(t)
	s.unit("legal", "company", "Legal")
	s.unit("lab", "company", "Lab")
	s.unit("north", "company", "North")
	s.unit("south", "company", "South")
	s.heads(day("2026-10-01"), "lab", 4, "legal", 6, "north", 7, "south", 20)
	s.heads(day("2026-10-30"), "lab", 3, "legal", 6, "north", 7, "south", 20)
	s.heads(day("2026-10-31"), "lab", 9, "legal", 4, "north", 7, "south", 20)
	s.events("feed", "chat", day("2026-10-30"), day("2026-10-31"))
	for _, d := range []string{"2026-10-30", "2026-10-31"} {
		s.pairs(day(d), "chat", "lab", "legal", 1, "legal", "north", 2, "north", "south", 4, "south", "south", 8)
	}
	s.publish()
	require.Equal(t, []string{"north", "south", "company.rest"}, s.collaborate("from=2026-10-30&to=2026-10-30").Matrix.Units)
	require.Equal(t, []string{"north", "south", "company.rest"}, s.collaborate("from=2026-10-31&to=2026-10-31").Matrix.Units, "lab, the smallest on the first of the month, guards legal")
	both := s.collaborate("from=2026-10-30&to=2026-10-31")
	require.Equal(t, CollaborationMatrix{Units: []string{"north", "south", "company.rest"}, Interactions: [][]uint64{{0, 8, 0}, {0, 16, 0}, {4, 0, 2}}}, both.Matrix)

	s.heads(day("2026-10-31"), "lab", 9, "legal", 12, "north", 4, "south", 20)
	s.publish()
	later := s.collaborate("from=2026-10-30&to=2026-10-31")
	require.Equal(t, []string{"south", "company.rest"}, later.Matrix.Units, "lab and legal of the 30th, north and lab of the 31st")
	require.Equal(t, "Small groups of Company", later.Rows[len(later.Rows)-1].UnitName)
}

// chat is open to everyone; code needs a licence. In wide, 3 of the 10 people of c have one: c is hidden with d (8), 18 of
// 128 people, and both tools are added up. In narrow, 3 of the 20 people of f have one: f and g (10) would be
// hidden, half of the 60 people, so code is left out.
func TestCollaborationOfAllTools(t *testing.T) {
	s := newStore(t)
	for _, u := range []string{"wide", "narrow"} {
		s.unit(u, "company", u)
	}
	for _, u := range []string{"a", "b", "c", "d"} {
		s.unit(u, "wide", u)
	}
	for _, u := range []string{"e", "f", "g"} {
		s.unit(u, "narrow", u)
	}
	s.licensed("code")
	for _, d := range []string{"2026-10-01", "2026-10-30"} {
		s.heads(day(d), "a", 80, "b", 30, "c", 10, "d", 8, "e", 30, "f", 20, "g", 10)
		s.sizes(day(d), "code", "a", 40, "b", 30, "c", 3, "d", 8, "e", 30, "f", 3, "g", 10)
	}
	s.events("feed", "chat", day("2026-10-30"), day("2026-10-30"))
	s.events("feed", "code", day("2026-10-30"), day("2026-10-30"))
	s.pairs(day("2026-10-30"), "chat", "a", "b", 1, "c", "d", 2, "e", "f", 4, "f", "f", 8, "g", "a", 16)
	s.pairs(day("2026-10-30"), "code", "a", "b", 100, "c", "d", 200, "e", "f", 400, "f", "f", 800, "g", "a", 1600)
	s.publish()
	const on = "&from=2026-10-30&to=2026-10-30"

	a := s.collaborate("unit=wide" + on)
	require.Equal(t, CollaborationMatrix{Units: []string{"a", "b", "wide.rest"}, Interactions: [][]uint64{{0, 101, 0}, {0, 0, 0}, {0, 0, 202}}}, a.Matrix)
	require.Zero(t, a.ToolsLeftOut)
	require.Equal(t, collaborationLine{"wide", 303, 0, 1616, (1616.0 - 303) / 1919, ""}, collaborationLines(a.Rows)[0])

	a = s.collaborate("unit=narrow" + on)
	require.Equal(t, CollaborationMatrix{Units: []string{"e", "f", "g"}, Interactions: [][]uint64{{0, 4, 0}, {0, 8, 0}, {0, 0, 0}}}, a.Matrix)
	require.Equal(t, 1, a.ToolsLeftOut)
	require.Equal(t, []string{"e", "narrow.rest"}, s.collaborate("unit=narrow&tool=code"+on).Matrix.Units)
	require.Equal(t, []string{"a", "b", "c", "d"}, s.collaborate("unit=wide&tool=chat"+on).Matrix.Units)
}

// Four units of which a and b send each other 60, and every other pair 10, each way. If nobody preferred anybody, the
// flow from i to j would be x(i)·x(j), by symmetry with x(a) = x(b) = x and x(c) = x(d) = y: x² + 2xy = 80, y² + 2xy = 30.
// So x² = 50 + y² and 2xy = 30 − y²; with z = y²: 4z(50 + z) = (30 − z)², 3z² + 260z − 900 = 0, z = 10/3. Between a and b
// 2 · 160/3 = 106.67 are expected and 120 there are: 1.125. Between c and d 2 · 10/3 = 6.67 are expected, and 20 there
// are: 3, a bridge. The others have 20 of 26.67. c has 600 inside and 60 outside: (60 − 600)/660 = −0.82, a silo; a has
// 1,000 and 160: −0.72, none.
func TestBridgesAndSilos(t *testing.T) {
	s := newStore(t)
	d := day("2026-10-30")
	for _, u := range []string{"a", "b", "c", "d"} {
		s.unit(u, "company", "Unit "+u)
	}
	s.heads(d, "a", 10, "b", 10, "c", 10, "d", 10)
	s.heads(day("2026-10-01"), "a", 10, "b", 10, "c", 10, "d", 10)
	s.events("feed", "chat", d, d)
	s.pairs(d, "chat", "a", "b", 60, "b", "a", 60, "a", "c", 10, "c", "a", 10, "a", "d", 10, "d", "a", 10, "b", "c", 10, "c", "b", 10,
		"b", "d", 10, "d", "b", 10, "c", "d", 10, "d", "c", 10, "a", "a", 1000, "c", "c", 600)
	s.publish()
	a := s.collaborate("from=2026-10-30&to=2026-10-30")
	require.Len(t, a.Bridges, 1)
	b := a.Bridges[0]
	require.Equal(t, []string{"c", "Unit c", "d", "Unit d"}, []string{b.Unit, b.UnitName, b.With, b.WithName})
	require.EqualValues(t, 20, b.Interactions)
	require.InDelta(t, 20.0/3, b.Expected, 1e-6)
	require.InDelta(t, 3, b.Ratio, 1e-6)
	require.Equal(t, []Silo{{Unit: "c", UnitName: "Unit c", Interactions: 660, EIIndex: (60.0 - 600) / 660}}, a.Silos)
}

func TestParseCollaboration(t *testing.T) {
	today := day("2026-11-02")
	q, err := ParseCollaboration(url.Values{}, today)
	require.NoError(t, err)
	require.Equal(t, CollaborationQuestion{Unit: "company", Tool: "all", From: day("2026-10-06"), To: today, Children: true}, q)
	for text, field := range map[string]string{"grain=week": "grain", "from=2026-11-03": "from", "children=yes": "children", "to=soon": "to", "from=2020-01-01": "from"} {
		values, _ := url.ParseQuery(text)
		_, err := ParseCollaboration(values, today)
		var told *adoption.Error
		require.ErrorAs(t, err, &told, text)
		require.Equal(t, field, told.Field)
	}
}
