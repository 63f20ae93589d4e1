package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query"
	judged "uptake/value/pilot"
)

var (
	tried = []string{"inbound", "warehouse", "dispatch"}
	alike = []string{"assembly-line-1", "assembly-line-2", "welding", "moulding", "packaging", "engineering", "sales", "finance", "hr", "purchasing"}
)

// notesPilot is the pilot of the story, as somebody would have registered it.
func notesPilot(c *company, treated, comparison []string) judged.Plan {
	return judged.Plan{ID: "notes", Name: "Meeting Notes in Logistics", Tool: "notes", Treated: treated, Comparison: comparison,
		Start: c.first + pilotDay, End: c.first + Days - 1, Outcome: judged.Outcome{Metric: "adoption", Tool: "all", Success: 0.05}}.Fill()
}

// planted is what the pilot did, with nothing of chance in it: the share of people who were active only because they
// have Meeting Notes, in the mean of the weeks and units. The same events without those of the tool are the world in
// which it was never bought.
func (f *figures) planted(p judged.Plan) float64 {
	without := &figures{c: f.c}
	for _, people := range f.active {
		day := map[int]map[int]bool{}
		for who, used := range people {
			if len(used) > 1 || !used[notes] {
				day[who] = used
			}
		}
		without.active = append(without.active, day)
	}
	_, after := p.Ends()
	sum := 0.0
	for _, unit := range p.Treated {
		for _, d := range after {
			with, _, _, _ := f.rate(unit, toolCount, int(d-f.c.first))
			alone, _, _, _ := without.rate(unit, toolCount, int(d-f.c.first))
			sum += with - alone
		}
	}
	return sum / float64(len(p.Treated)*len(after))
}

// sides is what the figures say of the units of a pilot.
func (f *figures) sides(p judged.Plan) (treated, comparison []judged.Series) {
	before, after := p.Ends()
	series := func(units []string) (all []judged.Series) {
		for _, unit := range units {
			s := judged.Series{Unit: unit, People: 10}
			for _, d := range before {
				r, _, _, _ := f.rate(unit, toolCount, int(d-f.c.first))
				s.Before = append(s.Before, r)
			}
			for _, d := range after {
				r, _, _, _ := f.rate(unit, toolCount, int(d-f.c.first))
				s.After = append(s.After, r)
			}
			all = append(all, s)
		}
		return all
	}
	return series(p.Treated), series(p.Comparison)
}

// On whatever day the demo's year ends, its pilot is found, with what was planted inside the interval; three units that
// tried nothing, held against the rest in the same weeks, are not.
func TestThePlantedPilotIsFound(t *testing.T) {
	for _, last := range []string{"2026-07-30", "2028-03-01"} {
		f := count(newCompany(Manufacturer, day(t, last)))
		p := notesPilot(f.c, tried, alike)
		treated, comparison := f.sides(p)
		planted := f.planted(p)
		assert.Greater(t, planted, 0.08, last)
		j := judged.Judge(p, treated, comparison, p.End, 5)
		assert.Equal(t, judged.Success, j.Finding, "%s: %s", last, j.Verdict)
		assert.True(t, j.Effect.Low <= planted && planted <= j.Effect.High, "%s: planted %.3f; %s", last, planted, j.Verdict)

		placebo := notesPilot(f.c, []string{"welding", "moulding", "sales"}, []string{"assembly-line-1", "assembly-line-2", "packaging", "engineering", "finance", "hr", "purchasing"})
		treated, comparison = f.sides(placebo)
		j = judged.Judge(placebo, treated, comparison, placebo.End, 5)
		assert.Equal(t, judged.NotFound, j.Finding, "%s: %s", last, j.Verdict)
	}
}

// pilotIsFound registers the pilot of the story three days before it began, and asks for it on the morning after its end.
func pilotIsFound(t *testing.T, c *query.Company) {
	f := count(newCompany(Manufacturer, day(t, testDay)))
	today := c.Now
	t.Cleanup(func() { c.Now = today })
	for _, one := range []struct {
		id      string
		treated []string
		found   judged.Finding
	}{{"notes", tried, judged.Success}, {"placebo", []string{"welding", "moulding", "sales"}, judged.NotFound}} {
		p := notesPilot(f.c, one.treated, nil)
		p.ID = one.id
		for _, unit := range alike {
			if unit != "welding" && unit != "moulding" && unit != "sales" {
				p.Comparison = append(p.Comparison, unit)
			}
		}
		c.Now = func() time.Time { return (p.Start - 3).Time().Add(9 * time.Hour) }
		_, err := c.RegisterPilot(t.Context(), "Ada", query.PilotEntry{Plan: p})
		require.NoError(t, err)
		c.Now = today
		a, err := c.Pilot(t.Context(), one.id)
		require.NoError(t, err)
		require.NotNil(t, a.Frozen)
		j := a.Judgement
		assert.Equal(t, one.found, j.Finding, j.Verdict)
		treated, comparison := f.sides(p)
		want := judged.Judge(p, treated, comparison, p.End, 5)
		assert.InDelta(t, want.Effect.Effect, j.Effect.Effect, 1e-9, "the answers and the events say the same")
		if one.id == "notes" {
			planted := f.planted(p)
			assert.True(t, j.Effect.Low <= planted && planted <= j.Effect.High, "planted %.3f; %s", planted, j.Verdict)
		}
	}

	c.Now = func() time.Time { return (f.c.first + pilotDay - 3).Time().Add(9 * time.Hour) }
	match, err := c.PilotMatch(t.Context(), query.MatchQuestion{Units: tried, To: c.Today() - 1})
	require.NoError(t, err)
	require.Len(t, match.Offered, 9)
	for _, m := range match.Offered {
		assert.NotContains(t, []string{"logistics", "legal", "audit"}, m.Unit)
	}
}
