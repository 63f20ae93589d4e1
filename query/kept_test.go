package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// keptAnswers are those that what is kept serves.
type keptAnswers struct {
	by            *ByAnswer
	seats         *SeatsAnswer
	collaboration *CollaborationAnswer
}

func askKept(t *testing.T, c *Company) (a keptAnswers) {
	t.Helper()
	var err error
	a.by, err = c.By(t.Context(), ByQuestion{Attribute: adoption.ByLocation, Tool: adoption.AllTools, From: day("2026-10-05"), To: day("2026-11-01"), Grain: adoption.ByWeek})
	require.NoError(t, err)
	a.seats, err = c.Seats(t.Context(), SeatsQuestion{To: day("2026-11-01")})
	require.NoError(t, err)
	a.collaboration, err = c.Collaboration(t.Context(), CollaborationQuestion{Unit: adoption.Company, Tool: adoption.AllTools, From: day("2025-11-02"), To: day("2026-11-01"), Children: true})
	require.NoError(t, err)
	return a
}

// What was prepared by one process is found by the next, though all that it was worked out from is gone; but not by another
// program, nor for days that were written anew.
func TestWhatIsMuchWorkIsKept(t *testing.T) {
	people := append(crowd(12, staff{unit: "sales", location: "Bonn", licence: true}, 4, "2026-10-27"),
		crowd(9, staff{unit: "it", location: "Ulm", licence: true}, 2, "2026-10-28")...)
	people = append(people, crowd(9, staff{unit: "it", location: "Kiel"}, 3, "2026-10-28")...)
	counted := refreshed(t, map[string][2]string{"sales": {"company", ""}, "it": {"company", ""}}, people)
	write := func(statements ...string) {
		t.Helper()
		for _, sql := range statements {
			require.NoError(t, counted.DB.Exec(context.Background(), sql))
		}
	}
	write(`INSERT INTO kpi_pair (day, run, tool, from_unit, to_unit, interactions) SELECT day, max(run), 'chat', 'sales', 'it', 7 FROM refreshed WHERE about = 'kpi_pair' AND day = '2026-10-31' GROUP BY day`)
	process := func() *Company {
		return &Company{DB: counted.DB, MinGroup: counted.MinGroup, Now: counted.Now, Keep: true}
	}
	rows := func() (n uint64) {
		require.NoError(t, counted.DB.QueryRow(t.Context(), "SELECT count() FROM kept FINAL").Scan(&n))
		return n
	}
	want := askKept(t, counted)
	require.Zero(t, rows(), "a company that is not told to keep keeps nothing")
	require.NotEmpty(t, want.by.Rows)
	require.EqualValues(t, 21, *want.seats.Rows[0].Held28, "12 of Bonn and 9 of Ulm")
	require.EqualValues(t, 7, *want.collaboration.Rows[0].Internal)

	require.NoError(t, process().Prepare(t.Context()))
	prepared := rows()
	require.Greater(t, prepared, uint64(3), "judgements of several weeks, seats, months of interactions")
	require.NoError(t, process().Prepare(t.Context()))
	assert.Equal(t, prepared, rows(), "nothing is worked out twice")
	assert.Equal(t, want, askKept(t, process()))

	write("TRUNCATE TABLE kpi_cell", "TRUNCATE TABLE person_day", "TRUNCATE TABLE kpi_pair")
	assert.Equal(t, want, askKept(t, process()), "what is gone cannot be counted")

	known := program
	program = func() []byte { return []byte("another") }
	other := askKept(t, process())
	program = known
	assert.NotEqual(t, want.by, other.by)
	assert.NotEqual(t, want.seats, other.seats)
	assert.NotEqual(t, want.collaboration, other.collaboration)

	write(`INSERT INTO refreshed SELECT about, day, max(run) + 1000 FROM refreshed WHERE about IN ('kpi_cell', 'kpi_pair', 'person_day') GROUP BY about, day`)
	anew := askKept(t, process())
	assert.NotEqual(t, want.by, anew.by)
	assert.NotEqual(t, want.seats, anew.seats)
	assert.NotEqual(t, want.collaboration, anew.collaboration)
}
