package query

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/stage"
)

// happened checks what was done to a unit.
func (s *store) happened(unit, tool, from, to string, want ...Event) {
	s.t.Helper()
	found, err := s.Events(s.t.Context(), EventsQuestion{Unit: unit, Tool: tool, From: day(from), To: day(to)})
	require.NoError(s.t, err)
	require.Equal(s.t, want, found)
}

func eastStage(s stage.Stage, based uint64, gate ...stage.Goal) StageEntry {
	return StageEntry{Rollout: stage.Rollout{ID: "wiki-east", Unit: "east", Tool: "wiki", Driver: stage.Business},
		Step: stage.Step{Stage: s, Day: day("2026-11-02"), Owner: stage.IT, Gate: gate}, Amendment: Amendment{Based: based, Reason: "the board's"}}
}

// On 2026-11-01, 25 of 100 in East used the wiki, and 25 had the habit; on 2026-10-04 they were 23 (targetCompany).
func TestStages(t *testing.T) {
	s := targetCompany(t)
	first := eastStage(stage.Concept, 0, stage.Goal{Measure: stage.Adoption, Goal: 0.23})
	first.Day = day("2026-09-01")
	a, err := s.MoveStage(t.Context(), "Ada", first)
	require.NoError(t, err)
	require.Equal(t, []any{stage.Concept, true, 0.25, uint64(1)}, []any{a.Stage, a.Open, *a.Adoption, a.Revision})

	second := eastStage(stage.Pilot, 1, stage.Goal{Measure: stage.Adoption, Goal: 0.25}, stage.Goal{Measure: stage.Habit, Goal: 0.26})
	second.Day = day("2026-10-05") // judged by the day before: 0.23 reaches 0.23
	a, err = s.MoveStage(t.Context(), "Bo", second)
	require.NoError(t, err)
	require.Equal(t, []int{34, 28, 62}, []int{a.Moves[0].Days, a.Moves[1].Days, a.Days})
	require.Equal(t, stage.Reached, a.Moves[1].Before[0].State)
	require.Equal(t, []stage.State{stage.Reached, stage.Missed}, []stage.State{a.Gate[0].State, a.Gate[1].State})
	require.Equal(t, 0.25, *a.Gate[1].Value)
	require.False(t, a.Open)

	third := eastStage(stage.BuyIn, 2, stage.Goal{Measure: stage.FirstUse, Goal: 0.5})
	_, err = s.MoveStage(t.Context(), "Cy", third)
	require.Equal(t, "despite", adoption.Public(err).Field, "the gate is not met")
	third.Despite = "the contract ends"
	a, err = s.MoveStage(t.Context(), "Cy", third)
	require.NoError(t, err)
	require.Equal(t, []string{"Ada", "Bo", "Cy"}, []string{a.Moves[0].Author, a.Moves[1].Author, a.Moves[2].Author})
	require.Equal(t, "the contract ends", a.Moves[2].Despite)
	require.Equal(t, stage.Missed, a.Moves[2].Before[1].State)
	s.happened("company", "wiki", "2026-09-01", "2026-11-30", Event{day("2026-09-01"), EventStage, "concept", "wiki", "Unit east"}, Event{day("2026-10-05"), EventStage, "pilot", "wiki", "Unit east"}, Event{day("2026-11-02"), EventStage, string(stage.BuyIn), "wiki", "Unit east"})
	s.happened("east", adoption.AllTools, "2026-09-02", "2026-11-01", Event{day("2026-10-05"), EventStage, "pilot", "wiki", "Unit east"})
	s.happened("east", "chat", "2026-09-01", "2026-11-30")
	s.happened("west", "wiki", "2026-09-01", "2026-11-30")
	_, err = s.Events(t.Context(), EventsQuestion{Unit: "nowhere", Tool: "wiki"})
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	third.Despite = ""
	for field, change := range map[string]func(*StageEntry){
		"based": func(e *StageEntry) { e.Based = 9 }, "stage": func(e *StageEntry) { e.Based, e.Stage = 3, stage.Pilot },
		"unit": func(e *StageEntry) { e.Unit = "west" }, "driver": func(e *StageEntry) { e.Driver = stage.IT },
		"reason": func(e *StageEntry) { e.Reason = "" }, "tool": func(e *StageEntry) { e.Tool = "all" }, "day": func(e *StageEntry) { e.Day = s.Today() + 1 },
	} {
		e := third
		change(&e)
		_, err = s.MoveStage(t.Context(), "Di", e)
		require.Equal(t, field, adoption.Public(err).Field)
	}
	_, err = s.MoveStage(t.Context(), "Di", first)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	third.Despite = "somebody else was first"
	_, err = s.MoveStage(t.Context(), "Di", third)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))

	list, err := s.Stages(t.Context(), StagesQuestion{Unit: "east"})
	require.NoError(t, err)
	require.Len(t, list.Rollouts, 1)
	require.Equal(t, a.Moves, list.Rollouts[0].Moves)
	require.Equal(t, []any{"wiki", stage.Business, 1, 1, true}, []any{list.Drivers[0].Tool, list.Drivers[0].Driver, list.Drivers[0].Rollouts, list.Drivers[0].Shown, list.Drivers[0].Adoption == nil})
	_, err = s.Stages(t.Context(), StagesQuestion{Unit: "nowhere"})
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	history, err := s.Ledger().History(t.Context(), ledger.Stage, "wiki-east")
	require.NoError(t, err)
	require.Len(t, history, 3)
}

// All of s1 use the wiki, and nobody may hear of it: a goal that is met and one that is not look alike.
func TestStageOfAHiddenUnit(t *testing.T) {
	s := targetCompany(t)
	for i, goal := range []float64{0.01, 1} {
		e := eastStage(stage.Concept, 0, stage.Goal{Measure: stage.Adoption, Goal: goal}, stage.Goal{Measure: stage.Habit, Goal: goal})
		e.ID, e.Unit, e.Day = []string{"low", "high"}[i], "s1", day("2026-11-01")
		_, err := s.MoveStage(t.Context(), "Ada", e)
		require.NoError(t, err)
		next := eastStage(stage.Pilot, 1, stage.Goal{Measure: stage.Adoption, Goal: goal})
		next.ID, next.Unit = e.ID, e.Unit
		_, err = s.MoveStage(t.Context(), "Ada", next)
		require.Equal(t, "despite", adoption.Public(err).Field)
		next.Despite = "it is small"
		a, err := s.MoveStage(t.Context(), "Ada", next)
		require.NoError(t, err)
		require.True(t, a.Hidden)
		require.False(t, a.Open)
		require.Nil(t, a.Adoption)
		for _, v := range append(a.Gate, a.Moves[1].Before...) {
			require.Equal(t, stage.Hidden, v.State)
			require.Nil(t, v.Value)
		}
	}
}
