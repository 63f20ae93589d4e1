package query

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/pilot"
)

// pilotInHours: a view of the wiki saves 3 minutes, so 40 views that count are 2 hours, a tenth of an hour a person of 20. Before the
// start each unit has 40 a week; after it a1 140, a2 160, a3 180, and b1 60, b2 60, b3 80, b4 40. By hand, the changes in hours
// a person are views × 3 ÷ 60 ÷ 20: 0.25, 0.30, 0.35, and 0.05, 0.05, 0.10, 0. Effect 0.30 − 0.05 = 0.25; squares 2 × 0.05² + 2 × 0.05²
// = 0.01 over 5 degrees of freedom; error √(0.002 × 7/12). Of 35 choices of three none shows as much: p 1/35.
func pilotInHours(t *testing.T, s *store) {
	before, after := weekEnds()
	views := map[string]uint64{"a1": 140, "a2": 160, "a3": 180, "b1": 60, "b2": 60, "b3": 80, "b4": 40, "s1": 900, "s2": 900}
	for w := range 8 {
		for unit, n := range views {
			s.work(before[w], unit, "wiki", 50, 40, 0)
			s.work(after[w], unit, "wiki", n+10, n, 0)
		}
	}
	s.publish()
	inHours := func(id string) PilotEntry {
		e := wikiPilot(id)
		e.Outcome = pilot.Outcome{Metric: pilot.Hours, Success: 0.1}
		return e
	}
	s.on("2026-09-04")
	_, err := s.RegisterPilot(t.Context(), "Ada", inHours("hours"))
	require.Equal(t, "outcome.assumptions", adoption.Public(err).Field, "nobody has published any")

	doc, err := s.startValues(t.Context())
	require.NoError(t, err)
	tool, _ := assumptions.StartTool("wiki", s.Today())
	doc.Tools = map[string]assumptions.Tool{"wiki": tool}
	publish := func(version uint64, minutes float64) {
		in := doc.Recapture
		in.Unit, in.Low, in.Likely, in.High = assumptions.Minutes, 0, minutes, 2*minutes
		tool.Minutes = map[adoption.Class]assumptions.Input{adoption.Consume: in}
		doc.Tools["wiki"] = tool
		_, err := s.EnterAssumptions(t.Context(), "Ada", AssumptionsEntry{Version: version, Reason: "counted", Document: written(t, doc)})
		require.NoError(t, err)
	}
	publish(0, 3)
	for field, change := range map[string]func(o *pilot.Outcome){
		"outcome.tool":        func(o *pilot.Outcome) { o.Tool = adoption.AllTools },
		"outcome.assumptions": func(o *pilot.Outcome) { o.Assumptions = 9 },
		"outcome.measured_in": func(o *pilot.Outcome) { o.MeasuredIn = "hours" },
	} {
		e := inHours("hours")
		change(&e.Outcome)
		_, err := s.RegisterPilot(t.Context(), "Ada", e)
		require.Equal(t, field, adoption.Public(err).Field, err)
	}
	none := wikiPilot("none")
	none.Outcome.Assumptions = 1
	_, err = s.RegisterPilot(t.Context(), "Ada", none)
	require.Equal(t, "outcome.assumptions", adoption.Public(err).Field)

	a, err := s.RegisterPilot(t.Context(), "Ada", inHours("hours"))
	require.NoError(t, err)
	require.Equal(t, uint64(1), a.Plan.Outcome.Assumptions, "the newest, for good")
	publish(1, 30) // who believes in ten times as much changes nothing of it

	s.on("2026-11-02")
	a, err = s.Pilot(t.Context(), "hours")
	require.NoError(t, err)
	j := a.Judgement
	require.NotNil(t, j.Effect, j.Reason)
	require.InDelta(t, 0.25, j.Effect.Effect, 1e-12)
	require.InDelta(t, math.Sqrt(0.002*7/12), j.Effect.Error, 1e-12)
	require.InDelta(t, 1.0/35, *j.PermutationP, 1e-12)
	require.Equal(t, pilot.Success, j.Finding)
	require.Contains(t, j.Verdict, "hours a person in a week")
	require.Nil(t, j.Grade, "assumed minutes are no measured hours: they set no attribution")
	for _, m := range j.Members {
		if m.Unit == "s1" {
			require.Contains(t, m.LeftOut, "it is hidden on")
			require.Nil(t, m.Before)
			require.Nil(t, m.After, "nothing of three people, however much they did")
		}
	}
}
