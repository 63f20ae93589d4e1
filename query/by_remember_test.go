package query

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// What is hidden is judged once for a day as it was written: not again when a refresh writes something else, but when it
// writes the day anew, and when units change their places.
func TestWhatIsHiddenFollowsTheDaysWritten(t *testing.T) {
	people := append(crowd(12, staff{unit: "sales", location: "Bonn"}, 4, "2026-10-27"), crowd(9, staff{unit: "it", location: "Ulm"}, 2, "2026-10-28")...)
	c := refreshed(t, map[string][2]string{"sales": {"company", ""}, "it": {"company", ""}}, people)
	ctx := context.Background()
	write := func(statements ...string) {
		t.Helper()
		for _, sql := range statements {
			require.NoError(t, c.DB.Exec(ctx, sql))
		}
	}
	q := ByQuestion{Attribute: adoption.ByLocation, From: day("2026-11-01"), To: day("2026-11-01"), Grain: adoption.ByWeek}
	suppressed := func() map[string]bool {
		hidden := map[string]bool{}
		for _, row := range ask(t, c, q) {
			if row.Kind == ByValue {
				hidden[row.Value] = row.Suppressed
			}
		}
		return hidden
	}
	assert.Equal(t, map[string]bool{"Bonn": false, "Ulm": false}, suppressed())
	judged := len(c.books.judged)
	require.Positive(t, judged)

	// Another table of another day.
	write(`INSERT INTO refreshed SELECT 'unknown_day', toDate('2026-10-01'), max(run) + 1 FROM refreshed`)
	assert.Equal(t, map[string]bool{"Bonn": false, "Ulm": false}, suppressed())
	assert.Len(t, c.books.judged, judged, "nothing that a judgement follows from has changed")

	// Three of the twelve stay in Bonn: they are hidden, and with them the smaller of the others, both of nine; of equals
	// the first by name.
	write(`INSERT INTO kpi_cell (day, run, unit, location, role, hired, tools, people) SELECT day, run + 1000, unit, location, role, hired, tools, people FROM kpi_cell WHERE day = '2026-11-01' AND location = 'Ulm'`,
		`INSERT INTO kpi_cell (day, run, unit, location, role, hired, tools, people) SELECT day, run + 1000, unit, place, role, hired, tools, if(place = 'Bonn', 3, 9) FROM kpi_cell ARRAY JOIN ['Bonn', 'Wesel'] AS place WHERE day = '2026-11-01' AND location = 'Bonn'`,
		`INSERT INTO refreshed SELECT 'kpi_cell', toDate('2026-11-01'), max(run) FROM kpi_cell WHERE day = '2026-11-01'`)
	after := suppressed()
	assert.True(t, after["Bonn"], "three people")
	assert.Equal(t, 1, count(after["Ulm"], after["Wesel"]), "one more, so that the three cannot be computed")
	assert.Greater(t, len(c.books.judged), judged)

	judged = len(c.books.judged)
	write(`INSERT INTO units (unit, parent, name, version) VALUES ('it', 'sales', 'it', 2)`)
	suppressed()
	assert.Greater(t, len(c.books.judged), judged, "the units divide the people otherwise")
}

// A judgement that is made again must be the same, and what bases are found can depend on the order of the cells. So they
// come in one, whatever the store has them in: fifty places here, written from 0, 37, 24, 11, 48 … on.
func TestCellsComeInOneOrder(t *testing.T) {
	s := newStore(t)
	s.exec("INSERT INTO kpi_cell (day, run, unit, location, people) SELECT '2026-05-03', 7, 'it', leftPad(toString(number * 37 % 50), 2, '0'), 1 FROM numbers(50)")
	s.exec("INSERT INTO refreshed VALUES ('kpi_cell', '2026-05-03', 7)")
	var b peopleBook
	require.NoError(t, s.readPeopleBook(t.Context(), day("2026-05-03"), &b))
	places := b.names[attributePlace[adoption.ByLocation]]
	assert.Len(t, places, 50)
	assert.IsNonDecreasing(t, places)
}

func count(flags ...bool) (n int) {
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
