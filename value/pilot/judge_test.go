package pilot_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/pilot"
)

// wobble is how a unit's level moves from week to week before: neither up nor down over the eight, nor from the first
// four to the last four.
var wobble = []float64{0.01, -0.01, -0.01, 0.01, 0.01, -0.01, -0.01, 0.01}

// series is a unit of 10 people at a level, that changes by so much.
func series(unit string, level, change float64) pilot.Series {
	s := pilot.Series{Unit: unit, Name: "Unit " + unit, People: 10}
	for _, w := range wobble {
		s.Before = append(s.Before, level+w)
	}
	for range 5 {
		s.After = append(s.After, level+change)
	}
	return s
}

// sides are three units that take part and change by these, and four others.
func sides(a, b, c float64) (treated, comparison []pilot.Series) {
	return []pilot.Series{series("a1", 0.40, a), series("a2", 0.50, b), series("a3", 0.60, c)},
		[]pilot.Series{series("b1", 0.40, 0.01), series("b2", 0.50, 0.03), series("b3", 0.60, 0.01), series("b4", 0.50, 0.03)}
}

func TestSuccess(t *testing.T) {
	treated, comparison := sides(0.14, 0.16, 0.18)
	p := plan().Fill()
	j := pilot.Judge(p, treated, comparison, p.End, 5)
	require.Equal(t, pilot.Ended, j.State)
	require.Equal(t, []int{8, 5}, []int{j.WeeksBefore, j.WeeksAfter})
	require.Equal(t, p.End, *j.DataUntil)
	// Mean changes 0.16 and 0.02. Squares: 2 × 0.02² and 4 × 0.01², pooled over 5 degrees of freedom 0.0012/5 = 0.00024;
	// error √(0.00024 × (1/3 + 1/4)) = 0.0118322; Student's t(5) at 97.5 % is 2.570582: ± 0.0304155.
	require.InDelta(t, 0.14, j.Effect.Effect, 1e-12)
	require.InDelta(t, 0.0118322, j.Effect.Error, 1e-6)
	require.InDelta(t, 0.1095845, j.Effect.Low, 1e-6)
	require.InDelta(t, 0.1704155, j.Effect.High, 1e-6)
	require.InDelta(t, 1.0/35, *j.PermutationP, 1e-12, "of 35 choices of three units this one is the most extreme")
	require.InDelta(t, 0, j.PreTrend.Effect, 1e-12)
	require.InDelta(t, 0, j.Placebo.Effect, 1e-12)
	require.Empty(t, j.Doubts)
	require.Equal(t, pilot.Success, j.Finding)
	require.Nil(t, j.Grade)
	require.False(t, j.Interim)
	require.Equal(t, "The change was 14.0 points of adoption more than in the units compared with (95 % interval: 11.0 to 17.0), which chance alone would hardly give and which reaches the 10.0 points of adoption that were to be a success.", j.Verdict)
	require.Len(t, j.Members, 7)
	require.Equal(t, "Unit a1", j.Members[0].Name)
	require.InDelta(t, 0.40, *j.Members[0].Before, 1e-12)
	require.InDelta(t, 0.54, *j.Members[0].After, 1e-12)

	p.Outcome.Success = 0.2
	j = pilot.Judge(p, treated, comparison, p.End, 5)
	require.Equal(t, pilot.Smaller, j.Finding)
	require.Contains(t, j.Verdict, "less than the 20.0 points of adoption that were to be a success")
	p.Outcome.Success = -0.1
	require.Equal(t, pilot.Opposite, pilot.Judge(p, treated, comparison, p.End, 5).Finding)

	p.Outcome = pilot.Outcome{Metric: "outcome:saved", Aggregate: "sum", MeasuredIn: "hours", Success: 0.1}
	j = pilot.Judge(p, treated, comparison, p.End, 5)
	require.Equal(t, "A", *j.Grade)
	require.Contains(t, j.Verdict, "0.1 hours more")
}

func TestNothingIsFound(t *testing.T) {
	treated, comparison := sides(-0.06, 0.02, 0.10)
	p := plan().Fill()
	j := pilot.Judge(p, treated, comparison, p.End, 5)
	require.Equal(t, pilot.NotFound, j.Finding)
	// Both change by 0.02 in the mean; squares 2 × 0.08² + 4 × 0.01² = 0.0132, pooled 0.00264, error 0.0392428, × 2.570582.
	require.InDelta(t, 0.1008768, j.Effect.High, 1e-6)
	require.Contains(t, j.Verdict, "No effect was found")
	require.Contains(t, j.Verdict, "anything from −10.1 to 10.1 fits the weeks as well; a pilot of this size finds effects of")
	require.Greater(t, *j.Detectable, 0.1)
}

func TestDoubts(t *testing.T) {
	treated, comparison := sides(0.14, 0.16, 0.18)
	p := plan().Fill()
	judge := func(a, b []pilot.Series) pilot.Judgement { return pilot.Judge(p, a, b, p.End, 5) }

	rising := slices.Clone(treated)
	for i := range rising {
		rising[i].Before = []float64{0.3, 0.32, 0.34, 0.36, 0.38, 0.40, 0.42, 0.44}
	}
	j := judge(rising, comparison)
	require.Equal(t, pilot.Unclear, j.Finding)
	require.Contains(t, j.Doubts, pilot.DoubtTrend)
	require.Contains(t, j.Doubts, pilot.DoubtPlacebo)
	require.Contains(t, j.Verdict, "does not show that the pilot did it: the sides went apart before it began")

	low := []pilot.Series{series("a1", 0.20, 0.14), series("a2", 0.21, 0.16), series("a3", 0.22, 0.18)}
	j = judge(low, comparison)
	require.Equal(t, []pilot.Doubt{pilot.DoubtLow}, j.Doubts)
	require.Equal(t, pilot.Success, j.Finding, "a warning, no refusal")
	require.Contains(t, j.Verdict, "a part may have come by itself, because the units were chosen low")

	j = judge(treated, comparison[:3]) // 20 choices, of which the opposite one is as extreme where both sides have three
	require.Equal(t, []pilot.Doubt{pilot.DoubtFew}, j.Doubts)
	require.Equal(t, pilot.Unclear, j.Finding)
}

func TestNoEstimate(t *testing.T) {
	treated, comparison := sides(0.14, 0.16, 0.18)
	p := plan().Fill()
	hidden := slices.Clone(treated)
	hidden[1].Gap, hidden[1].Before, hidden[1].After = "it is hidden on 2026-10-04", nil, nil
	j := pilot.Judge(p, hidden, comparison, p.End, 5)
	require.Equal(t, pilot.NotJudged, j.Finding)
	require.Nil(t, j.Effect)
	require.Equal(t, "it is hidden on 2026-10-04", j.Members[1].LeftOut)
	require.Nil(t, j.Members[1].Before)
	require.Equal(t, "No verdict: 2 units took part and 4 units can be compared with them; each side needs 3 at least, because people of a unit influence each other and a unit counts as one observation.", j.Verdict)

	few := slices.Clone(treated)
	for i := range few {
		few[i].People = 1
	}
	j = pilot.Judge(p, few, comparison, p.End, 5)
	require.Equal(t, "No verdict: one side has fewer than 5 people.", j.Verdict)

	short := func(all []pilot.Series) []pilot.Series {
		all = slices.Clone(all)
		for i := range all {
			all[i].Before = all[i].Before[:3]
		}
		return all
	}
	j = pilot.Judge(p, short(treated), short(comparison), p.End, 5)
	require.Contains(t, j.Reason, "Only 3 weeks before the start are known")
}

func TestBeforeTheEnd(t *testing.T) {
	treated, comparison := sides(0.14, 0.16, 0.18)
	p := plan().Fill()
	j := pilot.Judge(p, nil, nil, friday, 5)
	require.Equal(t, pilot.Waiting, j.State)
	require.Equal(t, pilot.NotYet, j.Finding)
	require.Equal(t, "Nothing is known of it yet: it runs from 2026-09-07 to 2026-11-01, and nothing can be said before its end.", j.Verdict)

	none := func(all []pilot.Series) []pilot.Series {
		all = slices.Clone(all)
		for i := range all {
			all[i].After = nil
		}
		return all
	}
	j = pilot.Judge(p, none(treated), none(comparison), monday+10, 5)
	require.Equal(t, pilot.Running, j.State)
	require.Contains(t, j.Reason, "No week has passed yet")
	require.Nil(t, j.Members[0].After)

	j = pilot.Judge(p, treated, comparison, p.End-1, 5)
	require.True(t, j.Interim)
	require.NotNil(t, j.Effect)
	require.Equal(t, pilot.NotYet, j.Finding, "who looks often finds something")
	require.Equal(t, "No verdict before the end on 2026-11-01; what is seen so far may come and go.", j.Verdict)
}
