package query

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// weeksCompany is salesCompany with life cycles: the week of Monday 2026-10-26 (closed, it ends on Sunday 2026-11-01)
// and that of 2026-11-02, today. Enabled on 11-01 and 11-02 are the same as on 10-31: east 16, west 12, sales.direct 2.
func weeksCompany(t testing.TB) *store {
	s := salesCompany(t)
	for _, d := range []adoption.Day{day("2026-11-01"), day("2026-11-02")} {
		s.heads(d, "east", 20, "west", 12, "sales", 3, "legal", 8)
		s.sizes(d, "wiki", "east", 16, "west", 12, "sales", 2)
	}
	s.week(day("2026-10-26"), "east", "wiki", rawWeek{new: 1, returning: 5, resurrected: 2, dormant: 4})
	s.week(day("2026-10-26"), "west", "wiki", rawWeek{new: 2, returning: 1, resurrected: 1, dormant: 3})
	s.week(day("2026-10-26"), "sales", "wiki", rawWeek{returning: 1})
	s.week(day("2026-11-02"), "east", "wiki", rawWeek{returning: 3, dormant: 5})
	s.publish()
	return s
}

// cycle is what a row tells, in the order new, returning, resurrected, dormant, active; −1 is nil.
func cycle(row LifecycleRow) (figures [5]int) {
	for i, n := range []*uint64{row.New, row.Returning, row.Resurrected, row.Dormant, row.Active} {
		figures[i] = -1
		if n != nil {
			figures[i] = int(*n)
		}
	}
	return figures
}

func TestTheLifeCycleByWeek(t *testing.T) {
	s := weeksCompany(t)
	answer, err := s.Lifecycle(context.Background(), AdoptionQuestion{Unit: "sales", Tool: "wiki", From: day("2026-10-26"), To: day("2026-11-02"), Children: true})
	require.NoError(t, err)
	assert.Equal(t, 28, answer.WindowDays)

	// 2 people with access are placed directly in Sales, too few; West (12) is hidden with them, 14 together: the rest.
	type line struct {
		unit, date string
		running    bool
		cycle      [5]int
	}
	var got []line
	for _, row := range answer.Rows {
		got = append(got, line{row.Unit, row.Date.String(), row.Running, cycle(row)})
	}
	hidden := [5]int{-1, -1, -1, -1, -1}
	assert.Empty(t, cmp.Diff([]line{
		{"sales", "2026-11-01", false, [5]int{3, 7, 3, 7, 13}}, // new 1+2, returning 5+1+1, resurrected 2+1, dormant 4+3; 3+7+3 = 13
		{"east", "2026-11-01", false, [5]int{1, 5, 2, 4, 8}},
		{"west", "2026-11-01", false, hidden},
		{"sales.direct", "2026-11-01", false, hidden},
		{"sales.rest", "2026-11-01", false, [5]int{2, 2, 1, 3, 5}}, // West and the 2: new 2, returning 1+1, resurrected 1, dormant 3
		// The running week speaks of those enabled on its last closed day, here Sunday 11-01.
		{"sales", "2026-11-02", true, [5]int{0, 3, 0, 5, 3}},
		{"east", "2026-11-02", true, [5]int{0, 3, 0, 5, 3}},
		{"west", "2026-11-02", true, hidden},
		{"sales.direct", "2026-11-02", true, hidden},
		{"sales.rest", "2026-11-02", true, [5]int{}},
	}, got, cmp.AllowUnexported(line{})))
	assert.True(t, answer.Rows[2].Suppressed)
	assert.Equal(t, "sales.rest", answer.Rows[2].ShownIn)
	assert.Equal(t, "Sales West with 3 others", answer.Rows[4].UnitName)
}

func TestTheLifeCycleOutsideTheTree(t *testing.T) {
	s := weeksCompany(t)
	ask := func(unit string) LifecycleRow {
		t.Helper()
		answer, err := s.Lifecycle(context.Background(), AdoptionQuestion{Unit: unit, Tool: "wiki", From: day("2026-11-01"), To: day("2026-11-01")})
		require.NoError(t, err)
		require.Len(t, answer.Rows, 1)
		return answer.Rows[0]
	}
	// Nobody of Legal is enabled, nobody without membership ever is: nothing is hidden, all is zero.
	for _, unit := range []string{"legal", "unassigned"} {
		row := ask(unit)
		assert.Equal(t, [5]int{}, cycle(row), unit)
		assert.False(t, row.Suppressed, unit)
		assert.Equal(t, uint64(0), row.Enabled, unit)
	}
	assert.Equal(t, [5]int{3, 7, 3, 7, 13}, cycle(ask("company")), "Sales is all there is")
}

// 2024-02-29 is a Thursday: its week runs from Monday 02-26 to Sunday 03-03.
func TestTheLifeCycleOfTheWeekWithTheLeapDay(t *testing.T) {
	s := newStore(t)
	s.events("feed", "wiki", day("2024-02-01"), day("2024-02-29"))
	for _, d := range []string{"2024-02-25", "2024-02-29", "2024-03-03"} {
		s.heads(day(d), "a", 10)
	}
	s.week(day("2024-02-19"), "a", "wiki", rawWeek{new: 4})
	s.week(day("2024-02-26"), "a", "wiki", rawWeek{new: 1, returning: 3, dormant: 1})
	s.publish()
	answer, err := s.Lifecycle(context.Background(), AdoptionQuestion{Unit: "a", Tool: "wiki", From: day("2024-02-19"), To: day("2024-03-03")})
	require.NoError(t, err)
	require.Len(t, answer.Rows, 2)
	assert.Equal(t, "2024-02-25", answer.Rows[0].Date.String())
	assert.Equal(t, [5]int{4, 0, 0, 0, 4}, cycle(answer.Rows[0]))
	assert.Equal(t, "2024-03-03", answer.Rows[1].Date.String())
	assert.Equal(t, [5]int{1, 3, 0, 1, 4}, cycle(answer.Rows[1]))

	cut, err := s.Lifecycle(context.Background(), AdoptionQuestion{Unit: "a", Tool: "wiki", From: day("2024-02-26"), To: day("2024-02-29")})
	require.NoError(t, err)
	require.Len(t, cut.Rows, 1)
	assert.True(t, cut.Rows[0].Running, "the question cuts the week")
	assert.Equal(t, [5]int{1, 3, 0, 1, 4}, cycle(cut.Rows[0]), "its figures are those of the whole week")
}

func TestTheLifeCycleOfACompanyWithoutAnything(t *testing.T) {
	answer, err := newStore(t).Lifecycle(context.Background(), AdoptionQuestion{From: day("2026-08-03"), To: day("2026-11-02")})
	require.NoError(t, err)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"rows":[]`)
}

func TestAQuestionAboutTheLifeCycle(t *testing.T) {
	// 2026-11-05 is a Thursday. The week that holds it begins on Monday 11-02; 12 weeks earlier it is Monday 08-10.
	q, err := ParseLifecycle(url.Values{}, day("2026-11-05"))
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "company", Tool: "all", From: day("2026-08-10"), To: day("2026-11-05"), Grain: adoption.ByWeek}, q)
	assert.Len(t, adoption.PeriodEnds(q.From, q.To, q.Grain, q.To), 13)

	q, err = ParseLifecycle(url.Values{"grain": {"week"}, "unit": {"sales"}, "children": {"1"}, "from": {"2026-01-01"}, "to": {"2026-01-31"}}, day("2026-11-05"))
	require.NoError(t, err)
	assert.Equal(t, AdoptionQuestion{Unit: "sales", Tool: "all", From: day("2026-01-01"), To: day("2026-01-31"), Grain: adoption.ByWeek, Children: true}, q)

	for _, grain := range []string{"day", "month", "year"} {
		_, err = ParseLifecycle(url.Values{"grain": {grain}}, day("2026-11-05"))
		var e *adoption.Error
		require.ErrorAs(t, err, &e, grain)
		assert.Equal(t, adoption.InvalidParameter, e.Code)
		assert.Equal(t, "grain", e.Field)
	}
	_, err = newStore(t).Lifecycle(context.Background(), AdoptionQuestion{Grain: adoption.ByMonth})
	assert.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
}
