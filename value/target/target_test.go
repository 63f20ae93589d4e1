package target

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func day(t testing.TB, s string) adoption.Day {
	d, err := adoption.ParseDay(s)
	require.NoError(t, err)
	return d
}

// series are points that end on 2026-11-01; NaN is not known.
func series(t testing.TB, values ...float64) (points []Point) {
	end := day(t, "2026-11-01")
	for i, v := range values {
		p := Point{Day: end - adoption.Day(Step*(len(values)-1-i))}
		if !math.IsNaN(v) {
			p.Value = &v
		}
		points = append(points, p)
	}
	return points
}

// By hand. Rises of 3, 2, 3, 2, 3, 2 points: 2.5 on the mean, s² = 6 × 0.5² ÷ 5 = 0.3, s = 0.547723 points. 84 days are 3
// steps: 25 + 7.5 = 32.5 points, deviation 0.547723 × √(3 + 9 ÷ 6) = 1.161895. Of Student's t with 5 degrees of freedom the
// table has 1.476 at 0.90 and 3.365 at 0.99: eight of ten futures lie within 32.5 ± 1.7149, and 99 of 100 below 36.4098.
func TestCourse(t *testing.T) {
	points := series(t, 0.10, 0.13, 0.15, 0.18, 0.20, 0.23, 0.25)
	p := Plan{Measure: Adoption, By: day(t, "2026-11-01") + 84}
	for goal, want := range map[float64]State{0.20: OnCourse, 0.3078: OnCourse, 0.3080: Open, 0.325: Open, 0.3420: Open, 0.3422: Behind, 0.3640: Behind, 0.3642: OutOfReach, 0.9: OutOfReach} {
		p.Goal = goal
		c := Judge(p, points, false)
		require.Equal(t, want, c.State, goal)
		require.InDelta(t, 0.325, c.Forecast.Likely, 1e-9)
		require.InDelta(t, 0.325-0.017149, c.Forecast.Low, 2e-6)
		require.InDelta(t, 0.325+0.017149, c.Forecast.High, 2e-6)
		require.Equal(t, 0.25, *c.Now)
		require.Empty(t, c.Reason)
	}
	p.Goal = 0.325
	c := Judge(p, points, false)
	require.InDelta(t, 0.5, c.Forecast.Chance, 1e-9)
	require.Equal(t, "If it goes on as in the last 6 times 28 days, it comes to 32.5 % on 2027-01-24 (30.8 % to 34.2 % in eight of ten cases), and 32.5 % are wanted: it may be reached or not.", c.Sentence)
}

// Without any chance in the rises the forecast is a point; a share ends at everybody; money may be below 0.
func TestCourseWithoutChance(t *testing.T) {
	p := Plan{Measure: Adoption, By: day(t, "2026-11-01") + 56}
	rising := series(t, 0.1, 0.3, 0.5, 0.7, 0.9)
	p.Goal = 1
	c := Judge(p, rising, false)
	require.Equal(t, OnCourse, c.State)
	require.Equal(t, Forecast{1, 1, 1, 1}, *c.Forecast)
	p = Plan{Measure: NetCash, Currency: "EUR", Goal: -100, By: p.By}
	c = Judge(p, series(t, -500, -400, -300, -200, -150), false)
	// Rises of 100, 100, 100, 50: 87.5 on the mean, so −150 + 2 × 87.5 = 25.
	require.InDelta(t, 25, c.Forecast.Likely, 1e-9)
	p.Goal = -160
	require.Equal(t, "It was reached: −150 EUR in the last closed week up to 2026-12-27, of −160 EUR.", Judge(p, series(t, -150), true).Sentence)
}

func TestCourseThatCannotBeJudged(t *testing.T) {
	p := Plan{Measure: Habit, Goal: 0.5, By: day(t, "2026-12-31")}
	no := math.NaN()
	c := Judge(p, series(t, 0.1, 0.2, no, 0.2, 0.3, 0.4, 0.4), false)
	require.Equal(t, Unknown, c.State)
	require.Contains(t, c.Reason, "4 figures without a gap")
	require.Nil(t, c.Forecast)
	require.Equal(t, Unknown, Judge(p, series(t, 0.1, 0.2, 0.3, 0.2, 0.3, 0.4, no), false).State)
	require.Equal(t, Unknown, Judge(p, nil, true).State)
	require.Equal(t, Missed, Judge(p, series(t, 0.499), true).State)
	require.Equal(t, Reached, Judge(p, series(t, 0.5), true).State)
	require.Equal(t, []Point{}, Silent(Hidden, "the group is small").Points)
}

func TestPlansThatAreRefused(t *testing.T) {
	today := day(t, "2026-11-02")
	good := Plan{ID: "chat-60", Unit: "company", Tool: "chat", Measure: Adoption, Goal: 0.6, By: day(t, "2027-06-30")}
	require.NoError(t, good.Check(today))
	money := Plan{ID: "chat-worth", Unit: "company", Tool: "all", Measure: NetCapacity, Goal: 20_000, Currency: "EUR", By: good.By}
	require.NoError(t, money.Check(today))
	for i, one := range []struct {
		field string
		plan  func() Plan
	}{
		{"id", func() Plan { p := good; p.ID = "Chat 60"; return p }},
		{"unit", func() Plan { p := good; p.Unit = ""; return p }},
		{"tool", func() Plan { p := good; p.Tool = ""; return p }},
		{"measure", func() Plan { p := good; p.Measure = "joy"; return p }},
		{"by", func() Plan { p := good; p.By = today; return p }},
		{"by", func() Plan { p := good; p.By = today + 3000; return p }},
		{"goal", func() Plan { p := good; p.Goal = 60; return p }},
		{"goal", func() Plan { p := good; p.Goal = 0; return p }},
		{"goal", func() Plan { p := good; p.Goal = math.NaN(); return p }},
		{"goal", func() Plan { p := money; p.Goal = math.Inf(1); return p }},
		{"currency", func() Plan { p := good; p.Currency = "EUR"; return p }},
		{"currency", func() Plan { p := money; p.Currency = ""; return p }},
	} {
		err := one.plan().Check(today)
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), i)
		require.Equal(t, one.field, adoption.Public(err).Field, i)
	}
}
