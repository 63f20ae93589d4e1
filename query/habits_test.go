package query

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func (s *store) habit(d adoption.Day, unit, tool string, h rawHabit) {
	s.insert("kpi_habit", 6, d, unit, tool, h.power, h.habitual, h.novice, h.low)
}

func (s *store) habitsOf(unit string, children bool) []HabitRow {
	s.t.Helper()
	answer, err := s.Habits(context.Background(), AdoptionQuestion{Unit: unit, Tool: "wiki", From: day("2026-10-31"), To: day("2026-10-31"), Children: children})
	require.NoError(s.t, err)
	assert.Equal(s.t, 84, answer.WindowDays)
	return answer.Rows
}

func habitsCompany(t testing.TB) *store {
	s := salesCompany(t)
	at := day("2026-10-31")
	s.habit(at, "east", "wiki", rawHabit{2, 3, 4, 5})
	s.habit(at, "west", "wiki", rawHabit{1, 0, 2, 1})
	s.habit(at, "sales", "wiki", rawHabit{power: 1})
	s.publish()
	return s
}

// East has 16 people with access: 2, 3, 4 and 5 have habits, 2 none. West (12) and the 2 placed directly stand together: 1 + 1,
// 0, 2, 1 of 14, 9 none. Sales is all of them: 4, 3, 6, 6 of 30, 11 none.
func TestHabits(t *testing.T) {
	s := habitsCompany(t)
	rows := s.habitsOf("sales", true)
	var got []string
	for _, r := range rows {
		got = append(got, r.Unit+tell(r.Power, r.Habitual, r.Novice, r.Low, r.None, r.PowerHabitualRate))
		if r.Power != nil {
			assert.Equal(t, r.Enabled, *r.Power+*r.Habitual+*r.Novice+*r.Low+*r.None, r.Unit)
		}
	}
	hidden := tell(nil, nil, nil, nil, nil, nil)
	assert.Empty(t, cmp.Diff([]string{
		"sales" + tell(4, 3, 6, 6, 11, 7.0/30), "east" + tell(2, 3, 4, 5, 2, 5.0/16), "west" + hidden, "sales.direct" + hidden,
		"sales.rest" + tell(2, 0, 2, 1, 9, 2.0/14),
	}, got))
	assert.True(t, rows[2].Suppressed)
	assert.Equal(t, "sales.rest", rows[2].ShownIn)
	assert.Equal(t, tell(0, 0, 0, 0, 0, nil), func() string {
		r := s.habitsOf("legal", false)[0]
		return tell(r.Power, r.Habitual, r.Novice, r.Low, r.None, r.PowerHabitualRate)
	}(), "nobody has access")
	assert.Equal(t, rows[4], s.habitsOf("sales.rest", false)[0])
}

// A day whose habits have not been computed yet has none to tell, not even that nobody has any.
func TestHabitsThatAreNotKnownYet(t *testing.T) {
	row := salesCompany(t).habitsOf("east", false)[0]
	assert.Equal(t, uint64(16), row.Enabled)
	assert.False(t, row.Suppressed)
	assert.Nil(t, row.None)
	assert.Nil(t, row.PowerHabitualRate)
}

// A gap counts where it lies in the 12 weeks that end before the date's: 2026-10-31 is a Saturday, its week begins on
// Monday 10-26, and the 12 weeks before are those from Monday 08-03 to Sunday 10-25.
func TestGapsOfHabits(t *testing.T) {
	s := newStore(t)
	s.events("feed", "wiki", day("2026-01-01"), day("2026-08-01"))
	s.events("feed", "wiki", day("2026-08-04"), day("2026-10-26"))
	s.events("feed", "wiki", day("2026-10-28"), day("2026-11-02"))
	s.heads(day("2026-10-31"), "a", 20)
	s.habit(day("2026-10-31"), "a", "wiki", rawHabit{})
	s.publish()
	// Silent were 08-02 and 08-03, of which one is in them, and 10-27, which is after them.
	assert.Equal(t, 1, s.habitsOf("a", false)[0].Trust.GapDays)
	assert.Equal(t, 1, s.ask("a", "wiki", "2026-10-31", false)[0].Trust.GapDays, "of the 28 days, 10-27")
}

// Habits are sums over the same groups as all figures of the enabled: whoever solves for everything that all answers
// tell of a day finds the figure of no group under k.
func TestHabitsRevealNoSmallGroup(t *testing.T) {
	for seed := range uint64(60) {
		w := randomWorld(rand.New(rand.NewPCG(seed, 3)))
		d := w.days[0]
		for _, tool := range []string{"a", "b", "c", adoption.AllTools} {
			habits := make([]rawHabit, len(w.scope.nodes))
			plain := newGate(w.snap, w.scope, w.raw, w.k)
			for i, leaf := range w.leaf[:len(w.leaf)-1] {
				if plain.enabledPeople(d, tool)[leaf] > 0 {
					habits[leaf].power = 1 << i
				}
			}
			sumUp(w.scope, habits, (*rawHabit).add)
			g := &habitGate{gate: plain, habits: map[dayTool][]rawHabit{{d, tool}: habits}, written: map[adoption.Day]uint64{d: 1}}
			e := &equations{width: len(w.leaf)}
			for n := range w.snap.tree.nodes {
				for _, at := range []place{{node: n}, {node: n, rest: true}} {
					for _, row := range g.rows(&portion{snap: w.snap, scope: w.scope, at: at, tool: tool, children: !at.rest}, adoption.PeriodEnd{Date: d}) {
						if row.Power != nil {
							e.add(e.vector(bits(*row.Power, 0)...))
						}
					}
				}
			}
			assertNothingSmall(t, e, w.population(g.enabledPeople(d, tool)), 0, w.k, fmt.Sprintf("seed %d, tool %s", seed, tool))
		}
	}
}
