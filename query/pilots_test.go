package query

import (
	"context"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/ledger"
	"uptake/value/pilot"
)

// before and after are the last days of the eight weeks on each side of 2026-09-07, a Monday.
func weekEnds() (before, after []adoption.Day) {
	for w := range 8 {
		before = append(before, day("2026-07-19")+adoption.Day(7*w))
		after = append(after, day("2026-09-13")+adoption.Day(7*w))
	}
	return before, after
}

// pilotCompany has units of 20 people, of whom so many used the wiki in a week before, and so many more (or fewer) in
// a week after:
//
//	a1 8 +3   a2 10 +4   a3 12 +5   take part
//	b1 8 +0   b2 10 +1   b3 12 +0   b4 10 +1   do not
//
// and s1 and s2, of three people each, who are shown together only. Over the weeks before, each has one more or less.
func pilotCompany(t *testing.T) *store {
	s := newStore(t)
	for _, u := range []string{"a1", "a2", "a3", "b1", "b2", "b3", "b4", "s1", "s2"} {
		parent := "company"
		if u[0] == 'b' {
			parent = "north"
		}
		s.unit(u, parent, "Unit "+u)
	}
	s.unit("north", "company", "North")
	s.events("feed", "wiki", day("2026-07-13"), day("2026-07-13"))
	s.pilotFigures(0)
	return s
}

// pilotFigures writes the figures; more is added to all that take part after the start.
func (s *store) pilotFigures(more int) {
	level := map[string][2]int{"a1": {8, 3}, "a2": {10, 4}, "a3": {12, 5}, "b1": {8, 0}, "b2": {10, 1}, "b3": {12, 0}, "b4": {10, 1}}
	wobble := []int{1, -1, -1, 1, 1, -1, -1, 1}
	before, after := weekEnds()
	written := map[adoption.Day]bool{}
	size := func(d adoption.Day) {
		if !written[d] {
			s.heads(d, "a1", 20, "a2", 20, "a3", 20, "b1", 20, "b2", 20, "b3", 20, "b4", 20, "s1", 3, "s2", 3)
			written[d] = true
		}
	}
	for w := range 8 {
		for _, d := range []adoption.Day{before[w], after[w]} {
			size(d)
			size(d.FirstOfMonth())
			for unit, l := range level {
				n := l[0] + wobble[w]
				if d >= day("2026-09-07") {
					n = l[0] + l[1]
					if unit[0] == 'a' {
						n += more
					}
				}
				s.use(d, unit, "wiki", rawUse{active7: uint64(n), active28: uint64(n), activeDays: uint64(4 * n), score: float64(20 * n), actions: uint64(10 * n)})
			}
		}
	}
	s.publish()
}

// on sets the clock to ten o'clock of a day.
func (s *store) on(d string) {
	now := day(d).Time().Add(10 * time.Hour)
	s.Now = func() time.Time { return now }
}

// wikiPilot is a pilot of the name of the test.
func wikiPilot(id string) PilotEntry {
	return PilotEntry{Amendment: Amendment{Reason: "asked for by the board"}, Plan: pilot.Plan{ID: id, Name: "Wiki for all", Tool: "wiki", Treated: []string{"a1", "a2", "a3"},
		Comparison: []string{"b1", "b2", "b3", "b4", "s1"}, Start: day("2026-09-07"), End: day("2026-11-01"), Outcome: pilot.Outcome{Metric: "weekly_active", Success: 0.1}}}
}

// Making a company costs more than asking it, so all tests of pilots share one; the first one changes its figures at the
// end and comes last.
func TestPilots(t *testing.T) {
	s := pilotCompany(t)
	for name, test := range map[string]func(*testing.T, *store){"measured from outside": pilotFromOutside, "cannot be": pilotsThatCannotBe, "offered": unitsAreOffered, "frozen once": pilotFrozenOnce, "withdrawn": pilotWithdrawn, "in hours": pilotInHours} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
	t.Run("from its registration to its end", func(t *testing.T) { pilotToItsEnd(t, s) })
}

func pilotToItsEnd(t *testing.T, s *store) {
	s.on("2026-09-04")
	a, err := s.RegisterPilot(t.Context(), "Ada", wikiPilot("wiki"))
	require.NoError(t, err)
	require.Equal(t, pilot.Waiting, a.Judgement.State)
	require.Equal(t, []any{"Ada", "asked for by the board", uint64(1), "wiki", 8}, []any{a.Author, a.Reason, a.Revision, a.Plan.Outcome.Tool, a.Plan.WeeksBefore})
	require.Equal(t, day("2026-09-04").Time().Add(10*time.Hour), a.Registered)

	changed := wikiPilot("wiki")
	changed.Based, changed.Outcome.Success = 1, 0.15
	_, err = s.RegisterPilot(t.Context(), "Bob", changed)
	require.NoError(t, err, "it has not begun")
	_, err = s.RegisterPilot(t.Context(), "Cy", changed)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "Bob wrote revision 2")

	s.on("2026-09-08")
	changed.Based = 2
	_, err = s.RegisterPilot(t.Context(), "Ada", changed)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "This pilot began on 2026-09-07 and is not changed any more")

	s.on("2026-11-01") // its last day runs
	a, err = s.Pilot(t.Context(), "wiki")
	require.NoError(t, err)
	require.True(t, a.Judgement.Interim)
	require.Equal(t, 7, a.Judgement.WeeksAfter)
	require.Nil(t, a.Frozen)

	s.on("2026-11-02")
	// In the first week before, each has one more than its level of 20: (9 + 11 + 13) ÷ 60 take part, (9 + 11 + 13 + 11) ÷ 80 do not.
	// After the start, (11 + 14 + 17) ÷ 60 and (8 + 11 + 12 + 11) ÷ 80 in every week. The unit that is hidden is in neither.
	course, err := s.PilotCourse(t.Context(), a.Plan)
	require.NoError(t, err)
	require.Len(t, course.Weeks, 16)
	for i, want := range map[int][2]float64{0: {33.0 / 60, 44.0 / 80}, 8: {42.0 / 60, 42.0 / 80}, 15: {42.0 / 60, 42.0 / 80}} {
		w := course.Weeks[i]
		require.Equal(t, i >= 8, w.After)
		require.InDelta(t, want[0], *w.Treated, 1e-12)
		require.InDelta(t, want[1], *w.Comparison, 1e-12)
	}
	s.Freshness = unsettled{}
	a, err = s.Pilot(t.Context(), "wiki")
	require.NoError(t, err)
	require.Nil(t, a.Frozen, "something of its last day may still come")
	s.Freshness = nil
	a, err = s.Pilot(t.Context(), "wiki")
	require.NoError(t, err)
	require.NotNil(t, a.Frozen)
	j := a.Judgement
	// Changes in shares of 20: 0.15, 0.20, 0.25 and 0, 0.05, 0, 0.05. Effect 0.2 − 0.025; squares 2 × 0.05² + 4 × 0.025² =
	// 0.0075 over 5 degrees of freedom; error √(0.0015 × 7/12).
	require.InDelta(t, 0.175, j.Effect.Effect, 1e-12)
	require.InDelta(t, math.Sqrt(0.0015*7/12), j.Effect.Error, 1e-12)
	require.InDelta(t, 1.0/35, *j.PermutationP, 1e-12)
	require.Equal(t, pilot.Success, j.Finding)
	require.Empty(t, j.Doubts)
	for _, m := range j.Members {
		if m.Unit == "s1" {
			require.Contains(t, m.LeftOut, "it is hidden on 2026-07-19")
			require.Nil(t, m.Before)
		} else {
			require.Empty(t, m.LeftOut, m.Unit)
			require.Equal(t, uint64(20), m.People)
		}
	}
	require.Equal(t, []any{"Bob", uint64(3)}, []any{a.Author, a.Revision})

	s.pilotFigures(5) // figures that come later change nothing
	later, err := s.Pilot(t.Context(), "wiki")
	require.NoError(t, err)
	require.Equal(t, a, later)
	list, err := s.Pilots(t.Context())
	require.NoError(t, err)
	require.Contains(t, list.Pilots, *a)
	history, err := s.Ledger().History(t.Context(), ledger.Pilot, "wiki")
	require.NoError(t, err)
	require.Equal(t, []string{"Uptake", "Bob", "Ada"}, []string{history[0].Author, history[1].Author, history[2].Author})
	_, err = s.Pilot(t.Context(), "none")
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

// Many ask for a pilot that has just ended: it is written down once.
func pilotFrozenOnce(t *testing.T, s *store) {
	s.on("2026-09-04")
	_, err := s.RegisterPilot(t.Context(), "Ada", wikiPilot("once"))
	require.NoError(t, err)
	s.on("2026-11-02")
	answers, errs := make([]*PilotAnswer, 6), make([]error, 6)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i], errs[i] = s.Pilot(t.Context(), "once") })
	}
	all.Wait()
	for i := range answers {
		require.NoError(t, errs[i])
		require.Equal(t, answers[0], answers[i])
	}
	require.Equal(t, uint64(2), answers[0].Revision)
}

// unsettled says that something is still under way.
type unsettled struct{}

func (unsettled) Settled(context.Context) (bool, error) { return false, nil }
func (unsettled) AsOf() time.Time                       { return day("2026-11-02").Time() }

func pilotFromOutside(t *testing.T, s *store) {
	before, after := weekEnds()
	var rows [][]any
	put := func(unit string, d adoption.Day, hours float64) {
		rows = append(rows, []any{unit, d.Time(), "saved hours", hours, "erp", uint64(1)})
	}
	for i, unit := range []string{"a1", "a2", "a3", "b1", "b2", "b3", "b4"} {
		for w := range 8 {
			// Two values a week, which add up to the unit's level ± 1, and those that take part save 40 more, give or take.
			level := []float64{10, 20, 30, 10, 20, 30, 20}[i]
			base := level + []float64{1, -1, -1, 1, 1, -1, -1, 1}[w]
			put(unit, before[w], base)
			put(unit, before[w]-6, 0)
			gain := []float64{38, 40, 42, 0, 1, -1, 0}[i]
			if unit == "b4" && w == 2 {
				continue
			}
			put(unit, after[w]-3, level+gain)
		}
	}
	s.send("outcomes", rows)
	s.on("2026-09-04")
	e := wikiPilot("outside")
	e.Outcome = pilot.Outcome{Metric: "outcome:saved hours", Aggregate: "sum", MeasuredIn: "hours", Success: 20}
	_, err := s.RegisterPilot(t.Context(), "Ada", e)
	require.NoError(t, err)
	s.on("2026-11-02")
	a, err := s.Pilot(t.Context(), "outside")
	require.NoError(t, err)
	require.InDelta(t, 40, a.Judgement.Effect.Effect, 1e-9) // (38 + 40 + 42)/3 − (0 + 1 − 1)/3: b4 is left out
	for _, m := range a.Judgement.Members {
		if m.Unit == "b4" {
			require.Equal(t, "it has no value for the week to 2026-09-27", m.LeftOut)
		}
	}
	require.Equal(t, []pilot.Doubt{pilot.DoubtFew}, a.Judgement.Doubts)
	require.Nil(t, a.Judgement.Grade, "what is unclear earns none")
}

func pilotsThatCannotBe(t *testing.T, s *store) {
	s.on("2026-09-04")
	for field, change := range map[string]func(*PilotEntry){
		"start":        func(e *PilotEntry) { e.Start = day("2026-09-04") },
		"tool":         func(e *PilotEntry) { e.Tool, e.Outcome.Tool = "abacus", "all" },
		"outcome.tool": func(e *PilotEntry) { e.Outcome.Tool = "abacus" },
		"treated":      func(e *PilotEntry) { e.Treated = []string{"a1", "nowhere"} },
		"comparison":   func(e *PilotEntry) { e.Comparison = []string{"b1", "north"} },
		"based":        func(e *PilotEntry) { e.Based = 0; e.ID = "cannot" },
	} {
		if field == "based" {
			_, err := s.RegisterPilot(t.Context(), "Ada", wikiPilot("cannot"))
			require.NoError(t, err)
		}
		e := wikiPilot("cannot")
		if field != "based" {
			e.ID = "other"
		}
		change(&e)
		_, err := s.RegisterPilot(t.Context(), "Ada", e)
		require.Equal(t, field, adoption.Public(err).Field, "%v", err)
	}
	for _, unit := range []string{"company", "unassigned", "company.rest"} {
		e := wikiPilot("cannot")
		e.ID, e.Treated = "other", []string{unit}
		_, err := s.RegisterPilot(t.Context(), "Ada", e)
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), unit)
	}
	_, err := s.Ledger().Latest(t.Context(), ledger.Pilot, "other")
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err), "what is refused leaves nothing")
}

func unitsAreOffered(t *testing.T, s *store) {
	s.on("2026-09-07")
	m, err := s.PilotMatch(t.Context(), MatchQuestion{Units: []string{"a2"}, To: day("2026-09-06"), Tool: "wiki"})
	require.NoError(t, err)
	// North holds the b's: 80 people at (8 + 10 + 12 + 10)/80, the same 0.5 as a2, b2 and b4. Only it differs in size. b2 and
	// b4 are at distance 0; then north is out of the question, because it holds them, and a1, a3, b1, b3 are 2 of 20 away.
	require.Equal(t, "a2", m.Treated[0].Unit)
	require.InDelta(t, 0.5, *m.Treated[0].Baseline, 1e-12)
	require.Equal(t, []ToolShare{{Tool: "wiki", Share: f64(11.0 / 20)}}, m.Treated[0].Mix)
	require.Len(t, m.Offered, 6)
	require.Equal(t, []string{"b2", "b4"}, []string{m.Offered[0].Unit, m.Offered[1].Unit})
	require.Zero(t, *m.Offered[0].Distance)
	// Over the eight units baselines are 0.4, 0.5, 0.6, 0.4, 0.5, 0.6, 0.5, 0.5: squares 4 × 0.01 over 7, and the shares of
	// the last week are each 0.05 more (north's too): one deviation 0.0755929, twice the same distance of 0.1.
	for _, o := range m.Offered[2:] {
		require.InDelta(t, math.Sqrt2*0.1/math.Sqrt(0.04/7), *o.Distance, 1e-9, o.Unit)
		require.Equal(t, "a2", o.Like)
		require.NotContains(t, []string{"s1", "s2", "north"}, o.Unit)
	}

	e := wikiPilot("offered")
	e.Comparison, e.Start, e.End = nil, day("2026-09-14"), day("2026-11-08")
	a, err := s.RegisterPilot(t.Context(), "Ada", e)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"b1", "b2", "b3", "b4"}, a.Plan.Comparison)
	require.Len(t, a.Match.Offered, 4)

	for field, q := range map[string]MatchQuestion{"units": {Units: []string{"nowhere"}}, "tool": {Units: []string{"a1"}, Tool: "abacus"}} {
		q.To = day("2026-09-06")
		_, err := s.PilotMatch(t.Context(), q)
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
		require.Equal(t, field, adoption.Public(err).Field)
	}
}

func TestWhatAPilotMayBeMeasuredBy(t *testing.T) {
	// 20 people with access, of whom 10 were active on 60 days together and 8 in the last week; 200 actions, 30 points a head.
	row := AdoptionRow{RowFrame: RowFrame{Enabled: 20}, Active7: u64(8), Active28: u64(10), AdoptionRate: f64(0.5), Stickiness: f64(60.0 / 280), Actions: u64(200), EngagementScore: f64(30)}
	for metric, want := range map[string]float64{"adoption": 0.5, "weekly_active": 0.4, "active_days": 3, "actions": 10, "engagement": 30} {
		require.InDelta(t, want, *pilotValue(metric, row), 1e-12, metric)
	}
	require.Len(t, pilot.Metrics(), 6, "and hours, which stand on what was done (pilotInHours)")
	row.Stickiness, row.Active28 = nil, u64(0)
	require.Zero(t, *pilotValue("active_days", row), "nobody was active")
}
