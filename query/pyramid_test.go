package query

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func (s *store) pyramid(q AdoptionQuestion) []PyramidRow {
	s.t.Helper()
	answer, err := s.Pyramid(context.Background(), q)
	require.NoError(s.t, err)
	return answer.Rows
}

func TestThePyramidAddsUpToTheEnabled(t *testing.T) {
	s := salesCompany(t)
	at := day("2026-10-31")
	rows := s.pyramid(AdoptionQuestion{Unit: "sales", Tool: "wiki", From: at, To: at, Children: true})
	require.Len(t, rows, 5) // sales, east, west, sales.direct, sales.rest
	// Creators 4 + 1 + 1, responders 3 + 2, consumers 3 + 3, of 16 + 12 + 2 = 30 enabled: 30 − 6 − 5 − 6 = 13 inactive.
	assert.Empty(t, cmp.Diff(PyramidRow{
		RowFrame: RowFrame{Unit: "sales", UnitName: "Sales", Tool: "wiki", Date: at, Denominator: "enabled", Headcount: 35, Enabled: 30, Trust: rows[0].Trust},
		Creators: u64(6), Responders: u64(5), Consumers: u64(6), Inactive: u64(13),
		CreatorsShare: f64(6.0 / 30), RespondersShare: f64(5.0 / 30), ConsumersShare: f64(6.0 / 30), InactiveShare: f64(13.0 / 30),
	}, rows[0]))
	// East: 4, 3, 3 of 16. The rest, West and the 2 placed directly: 1 + 1, 2, 3 of 14, 7 inactive.
	assert.Equal(t, []*float64{f64(0.25), f64(3.0 / 16), f64(3.0 / 16), f64(6.0 / 16)}, shares(rows[1]))
	assert.Equal(t, "sales.rest", rows[4].Unit)
	assert.Equal(t, []*float64{f64(2.0 / 14), f64(2.0 / 14), f64(3.0 / 14), f64(7.0 / 14)}, shares(rows[4]))
	for _, hidden := range rows[2:4] {
		assert.True(t, hidden.Suppressed, hidden.Unit)
		assert.Equal(t, []*float64{nil, nil, nil, nil}, shares(hidden), hidden.Unit)
		assert.Nil(t, hidden.Creators, hidden.Unit)
		assert.Nil(t, hidden.Inactive, hidden.Unit)
	}
	for _, row := range append(rows[:2], rows[4]) {
		assert.Equal(t, row.Enabled, *row.Creators+*row.Responders+*row.Consumers+*row.Inactive, row.Unit)
	}
}

func shares(row PyramidRow) []*float64 {
	return []*float64{row.CreatorsShare, row.RespondersShare, row.ConsumersShare, row.InactiveShare}
}

func TestThePyramidOfNobody(t *testing.T) {
	s := salesCompany(t)
	at := day("2026-10-31")
	for _, unit := range []string{"legal", "unassigned"} { // nobody with access; nobody with membership
		row := s.pyramid(AdoptionQuestion{Unit: unit, Tool: "wiki", From: at, To: at})[0]
		assert.Equal(t, u64(0), row.Creators, unit)
		assert.Equal(t, u64(0), row.Inactive, unit)
		assert.Equal(t, []*float64{nil, nil, nil, nil}, shares(row), unit)
		assert.False(t, row.Suppressed, unit)
	}
	answer, err := newStore(t).Pyramid(context.Background(), AdoptionQuestion{From: at, To: at})
	require.NoError(t, err)
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"rows":[]`)
}

// A leap year's February ends on the 29th; the month that runs is dated today, 2026-11-02.
func TestThePyramidByMonth(t *testing.T) {
	s := newStore(t)
	s.events("feed", "wiki", day("2024-01-01"), day("2024-03-31"))
	for i, d := range []string{"2024-02-29", "2024-03-31", "2026-11-02"} {
		s.heads(day(d), "a", 10)
		s.use(day(d), "a", "wiki", rawUse{active28: uint64(3 + i), creators: 1, responders: 2, consumers: uint64(i)})
	}
	s.publish()
	rows := s.pyramid(AdoptionQuestion{Unit: "a", Tool: "wiki", From: day("2024-02-01"), To: day("2024-03-31"), Grain: adoption.ByMonth})
	require.Len(t, rows, 2)
	assert.Equal(t, "2024-02-29", rows[0].Date.String())
	assert.False(t, rows[0].Running)
	assert.Equal(t, []*float64{f64(.1), f64(.2), f64(0), f64(.7)}, shares(rows[0]))
	assert.Equal(t, "2024-03-31", rows[1].Date.String())
	assert.Equal(t, []*float64{f64(.1), f64(.2), f64(.1), f64(.6)}, shares(rows[1]))
	running := s.pyramid(AdoptionQuestion{Unit: "a", Tool: "wiki", From: day("2026-11-01"), To: day("2026-11-30"), Grain: adoption.ByMonth})
	require.Len(t, running, 1)
	assert.Equal(t, "2026-11-02", running[0].Date.String())
	assert.True(t, running[0].Running)
}

// The pyramid and the life cycle of a page are those of the API: cut from one row.
func TestPagesAndAnswersAgree(t *testing.T) {
	s := weeksCompany(t)
	for _, unit := range []string{"company", "sales", "east", "west", "sales.rest", "legal", "unassigned"} {
		page, err := s.UnitPage(context.Background(), UnitQuestion{Unit: unit, Tool: "wiki", To: day("2026-10-31")})
		require.NoError(t, err, unit)
		q := AdoptionQuestion{Unit: unit, Tool: "wiki", From: day("2026-10-31"), To: day("2026-10-31")}
		pyramid := s.pyramid(q)
		require.Len(t, pyramid, 1)
		assert.Empty(t, cmp.Diff(page.Now.RowFrame, pyramid[0].RowFrame), unit)
		assert.Equal(t, [4]*uint64{page.Now.Creators, page.Now.Responders, page.Now.Consumers, page.Now.Inactive},
			[4]*uint64{pyramid[0].Creators, pyramid[0].Responders, pyramid[0].Consumers, pyramid[0].Inactive}, unit)
		q.Grain = adoption.ByWeek
		weeks, err := s.Lifecycle(context.Background(), q)
		require.NoError(t, err)
		last := page.Weeks[len(page.Weeks)-1]
		assert.Equal(t, [4]*uint64{last.New, last.Returning, last.Resurrected, last.Dormant},
			[4]*uint64{weeks.Rows[0].New, weeks.Rows[0].Returning, weeks.Rows[0].Resurrected, weeks.Rows[0].Dormant}, unit)
	}
}
