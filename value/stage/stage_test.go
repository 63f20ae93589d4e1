package stage

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

const today = adoption.Day(20_759) // 2026-11-02

func goodStep() Step {
	return Step{Stage: Pilot, Day: today, Owner: IT, Gate: []Goal{{Adoption, 0.3, ""}, {NPV, -5, "EUR"}}}
}

func TestWhatIsRefused(t *testing.T) {
	good := Rollout{ID: "wiki-east", Unit: "east", Tool: "wiki", Driver: GrassRoots}
	require.NoError(t, good.Check())
	for field, change := range map[string]func(*Rollout){
		"id": func(r *Rollout) { r.ID = "Wiki East" }, "unit": func(r *Rollout) { r.Unit = "" }, "tool": func(r *Rollout) { r.Tool = "all" }, "driver": func(r *Rollout) { r.Driver = "me" },
	} {
		r := good
		change(&r)
		require.Equal(t, field, adoption.Public(r.Check()).Field)
	}
	require.NoError(t, goodStep().Check(today))
	for i, one := range []struct {
		field  string
		change func(*Step)
	}{
		{"stage", func(s *Step) { s.Stage = "joy" }},
		{"day", func(s *Step) { s.Day = today + 1 }},
		{"day", func(s *Step) { s.Day = 0 }},
		{"owner", func(s *Step) { s.Owner = GrassRoots }},
		{"despite", func(s *Step) { s.Despite = " x" }},
		{"gate", func(s *Step) { s.Gate = nil }},
		{"gate", func(s *Step) { s.Stage = CompanyWide }},
		{"gate", func(s *Step) { s.Gate[0].Goal = 30 }},
		{"gate", func(s *Step) { s.Gate[0].Goal = math.NaN() }},
		{"gate", func(s *Step) { s.Gate[0].Currency = "EUR" }},
		{"gate", func(s *Step) { s.Gate[0].Measure = "joy" }},
		{"gate", func(s *Step) { s.Gate[1].Currency = "" }},
		{"gate", func(s *Step) { s.Gate[1].Goal = math.Inf(1) }},
		{"gate", func(s *Step) { s.Gate[1] = s.Gate[0] }},
	} {
		s := goodStep()
		one.change(&s)
		require.Equal(t, one.field, adoption.Public(s.Check(today)).Field, i)
	}
}

// Of each stage the one after it may follow, and retired; nothing follows on that.
func TestOrder(t *testing.T) {
	for i, from := range Stages() {
		for j, to := range Stages() {
			err := Next(Step{Stage: from, Day: 5}, Step{Stage: to, Day: 5})
			require.Equal(t, from != Retired && (j == i+1 || to == Retired), err == nil, "%s to %s", from, to)
		}
	}
	require.Equal(t, "day", adoption.Public(Next(Step{Stage: Concept, Day: 5}, Step{Stage: Pilot, Day: 4})).Field)
}

func TestGate(t *testing.T) {
	share, money := 0.3, -5.01
	found := map[Measure]Found{Adoption: {Value: &share}, NPV: {Value: &money, Currency: "EUR"}, Habit: {Hidden: true, Value: &share}, FirstUse: {Why: "nobody knows"}}
	got := Judge([]Goal{{Adoption, 0.3, ""}, {NPV, -5, "EUR"}, {NPV, -5, "USD"}, {Habit, 0.1, ""}, {FirstUse, 0.1, ""}}, func(m Measure) Found { return found[m] })
	for i, want := range []State{Reached, Missed, Unknown, Hidden, Unknown} {
		require.Equal(t, want, got[i].State, i)
		require.Equal(t, i < 2, got[i].Value != nil && got[i].Reason == "", i)
	}
	require.True(t, Met(nil))
	require.True(t, Met(got[:1]))
	for i := 1; i < 5; i++ {
		require.False(t, Met(got[i:i+1]), i)
	}
	missed := Step{Stage: BuyIn}
	require.Equal(t, "despite", adoption.Public(Pass(got, missed)).Field)
	missed.Despite = "the board wants it"
	require.NoError(t, Pass(got, missed))
	require.Equal(t, "despite", adoption.Public(Pass(got[:1], missed)).Field, "nothing to pass it despite")
	require.NoError(t, Pass(got, Step{Stage: Retired}))
}

// Means by hand: (0.1 + 0.2 + 0.6) ÷ 3 = 0.3 after (10 + 20 + 60) ÷ 3 = 30 days; two with a figure have none.
func TestCompare(t *testing.T) {
	a, b, c := 0.1, 0.2, 0.6
	got := Compare([]Led{{"wiki", IT, 10, &a}, {"wiki", Business, 9, &a}, {"wiki", IT, 20, &b}, {"wiki", IT, 60, &c}, {"wiki", Business, 9, &b}, {"wiki", Business, 9, nil}, {"wiki", IT, 99, nil}, {"chat", IT, 1, &a}})
	require.Len(t, got, 3)
	require.Equal(t, []any{"chat", "wiki", "wiki"}, []any{got[0].Tool, got[1].Tool, got[2].Tool})
	require.Equal(t, Business, got[1].Driver)
	require.Equal(t, []int{3, 2, 4, 3}, []int{got[1].Rollouts, got[1].Shown, got[2].Rollouts, got[2].Shown})
	require.Nil(t, got[1].Adoption)
	require.NotEmpty(t, got[1].Reason)
	require.InDelta(t, 0.3, *got[2].Adoption, 1e-12)
	require.InDelta(t, 30, *got[2].MeanDays, 1e-12)
}
