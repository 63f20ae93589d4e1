package query

import (
	"context"
	"math"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// spread is a company of one unit in which so many people adopt in the week of each Monday from first on, of all enabled.
func spread(t testing.TB, first adoption.Day, weekly []int, enabled int, days ...adoption.Day) *store {
	s := newStore(t)
	s.events("feed", "wiki", first, first)
	var spells []spell
	for week, people := range weekly {
		for range people {
			at := first + adoption.Day(7*week+len(spells)%7) // any day of the week
			spells = append(spells, spell{"a", first - 100, none, first - 100, at, at})
		}
	}
	for len(spells) < enabled {
		spells = append(spells, spell{"a", first - 100, none, first - 100, none, none})
	}
	s.begun("wiki", spells...)
	for _, d := range days {
		s.heads(d, "a", enabled)
	}
	s.publish()
	return s
}

func (s *store) diffusion(q DiffusionQuestion) DiffusionRow {
	s.t.Helper()
	q.Tool = "wiki"
	answer, err := s.Diffusion(context.Background(), q)
	require.NoError(s.t, err)
	require.Len(s.t, answer.Rows, 1)
	return answer.Rows[0]
}

func TestTheDiffusionByHand(t *testing.T) {
	d := day("2026-10-31") // a Saturday: the week of Monday 10-26 is not over
	s := spread(t, day("2026-09-28"), []int{1, 3, 0, 6, 2}, 40, d)
	row := s.diffusion(DiffusionQuestion{To: d})
	require.NotNil(t, row.Adopters)
	assert.Equal(t, uint64(12), *row.Adopters)
	assert.Equal(t, 0.3, *row.Share)
	assert.Empty(t, cmp.Diff([]CurveWeek{
		{day("2026-09-28"), 1, 1, 0.025, false},
		{day("2026-10-05"), 3, 4, 0.1, false},
		{day("2026-10-12"), 0, 4, 0.1, false},
		{day("2026-10-19"), 6, 10, 0.25, false},
		{day("2026-10-26"), 2, 12, 0.3, true},
	}, row.Curve, cmpopts.EquateApprox(0, 1e-12)))
	// Of 40, the categories are full with 1, 7 (6.4), 20, 34 (33.6) and 40 adopters. The second ends and the third begins in
	// the week of 10-19, with the fifth to the tenth.
	on := func(date string) *adoption.Day { d := day(date); return &d }
	assert.Empty(t, cmp.Diff([]AdopterGroup{
		{"innovators", 0.025, 1, 1, on("2026-09-28"), on("2026-09-28")},
		{"early_adopters", 0.135, 6, 6, on("2026-10-05"), on("2026-10-19")},
		{"early_majority", 0.34, 13, 5, on("2026-10-19"), nil},
		{"late_majority", 0.34, 14, 0, nil, nil},
		{"laggards", 0.16, 6, 0, nil, nil},
	}, row.Rogers))
	assert.Nil(t, row.Fit)
	assert.Nil(t, row.Forecast)
	assert.Equal(t, "too_few_weeks", row.NoFit.Reason)
	assert.Nil(t, row.Stalled)
	assert.Contains(t, *row.Why, "cannot be said")

	row = s.diffusion(DiffusionQuestion{From: day("2026-10-14"), To: d})
	require.Len(t, row.Curve, 3)
	assert.Equal(t, "2026-10-12", row.Curve[0].Week.String())
	assert.Equal(t, uint64(4), row.Curve[0].Adopters, "who adopted before is counted all the same")
}

func TestADiffusionOfNobody(t *testing.T) {
	d := day("2026-10-31")
	row := spread(t, day("2026-09-28"), nil, 10, d).diffusion(DiffusionQuestion{To: d})
	assert.Equal(t, uint64(0), *row.Adopters)
	assert.Empty(t, row.Curve)
	assert.NotNil(t, row.Curve)
	assert.Equal(t, "no_adopters", row.NoFit.Reason)
	// Legal's kin: nobody is enabled at all.
	answer, err := newStore(t).Diffusion(context.Background(), DiffusionQuestion{To: d})
	require.NoError(t, err)
	assert.Empty(t, answer.Rows, "no figures on that day")
}

// bass is the people who adopt in each of so many weeks, rounded, of a curve with m = 800, p = 0.01, q = 0.2 (Bass 1969).
func bass(weeks int) (weekly []int, total func(t float64) float64) {
	const m, p, q = 800, 0.01, 0.2
	total = func(t float64) float64 {
		e := math.Exp(-(p + q) * t)
		return m * (1 - e) / (1 + q/p*e)
	}
	before := 0
	for w := 1; w <= weeks; w++ {
		n := int(math.Round(total(float64(w))))
		weekly, before = append(weekly, n-before), n
	}
	return weekly, total
}

// A curve of known parameters is found again: over 30 weeks, the last of which ended on Sunday 2026-11-01, yesterday.
func TestADiffusionIsFittedAndForecast(t *testing.T) {
	d := day("2026-11-01")
	weekly, total := bass(30)
	row := spread(t, day("2026-04-06"), weekly, 1000, d).diffusion(DiffusionQuestion{To: d})
	require.NotNil(t, row.Fit, "%v", row.NoFit)
	assert.InEpsilon(t, 0.01, row.Fit.P, 0.03)
	assert.InEpsilon(t, 0.2, row.Fit.Q, 0.03)
	assert.InEpsilon(t, 800, row.Fit.M, 0.01)
	assert.False(t, row.Fit.Bounded)
	assert.Equal(t, 30, row.Fit.Weeks)
	assert.Equal(t, "2026-04-06", row.Fit.FirstWeek.String())
	// The inflection: ln(q/p) ÷ (p+q) = 2.996 ÷ 0.21 = 14.27 weeks after 04-06, in the week of 07-13.
	assert.Equal(t, "2026-07-13", row.Fit.PeakWeek.String())
	require.Len(t, row.Forecast, 13)
	assert.Equal(t, "2026-11-02", row.Forecast[0].Week.String())
	for i, w := range row.Forecast {
		truth := total(float64(31 + i))
		assert.LessOrEqual(t, w.Low, truth+1, w.Week) // rounded to people
		assert.GreaterOrEqual(t, w.High, truth-1, w.Week)
		assert.LessOrEqual(t, w.Low, w.Likely)
		assert.LessOrEqual(t, w.Likely, w.High)
	}
	require.NotNil(t, row.Stalled)
	assert.False(t, *row.Stalled)
}

// After 19 weeks, with 573 of 800 (72 %), nobody comes any more: 8 weeks later that is a standstill.
func TestADiffusionStalls(t *testing.T) {
	weekly, total := bass(19)
	d := day("2026-11-01")
	first := day("2026-11-02") - 27*7
	row := spread(t, first, append(weekly, 0, 0, 0, 0, 0, 0, 0, 0), 1000, d).diffusion(DiffusionQuestion{To: d})
	require.NotNil(t, row.Stalled, row.Why)
	assert.True(t, *row.Stalled)
	assert.InDelta(t, 573, total(19), 1)
	assert.Contains(t, *row.Why, "The last 8 closed weeks brought 0 people; the weeks before let expect 1")
	assert.Contains(t, *row.Why, "% of the 8")
}

func TestAQuestionAboutDiffusion(t *testing.T) {
	today := day("2026-11-05")
	q, err := ParseDiffusion(url.Values{}, today)
	require.NoError(t, err)
	assert.Equal(t, DiffusionQuestion{Unit: "company", Tool: "all", To: today}, q)
	q, err = ParseDiffusion(url.Values{"unit": {"sales"}, "tool": {"wiki"}, "from": {"2026-01-01"}, "to": {"2026-02-01"}, "children": {"1"}}, today)
	require.NoError(t, err)
	assert.Equal(t, DiffusionQuestion{Unit: "sales", Tool: "wiki", From: day("2026-01-01"), To: day("2026-02-01"), Children: true}, q)
	for field, values := range map[string]url.Values{"from": {"from": {"2026-12-01"}}, "grain": {"grain": {"week"}}, "to": {"to": {"soon"}}} {
		_, err := ParseDiffusion(values, today)
		var e *adoption.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, field, e.Field)
	}
	_, err = newStore(t).Diffusion(context.Background(), DiffusionQuestion{Unit: "nowhere", To: today})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = newStore(t).Diffusion(context.Background(), DiffusionQuestion{Tool: "nothing", To: today})
	assert.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}
