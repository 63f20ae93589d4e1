package refresh_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// The 28 days that end with Sunday 10 May begin on Monday 13 April. Person 1 has a licence from that day to 20 April and
// another from the 21st on: one seat. Person 2 begins a day later. Then the first licence turns out to end on the 19th.
// That touches the 20th alone, and yet on 10 May nobody has held a seat for 28 days.
func TestSeatsThatPeopleAreCountedBy(t *testing.T) {
	c := open(t, "UTC", "2026-05-12") // whatever is done to licences, today is counted anew
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-04-13T12:00:00Z"))
	c.license(1, "wiki", "2026-04-13", "2026-04-20")
	c.license(1, "wiki", "2026-04-21", adoption.LastDay.String())
	c.license(2, "wiki", "2026-04-14", adoption.LastDay.String())
	seated := func() map[string]uint64 {
		people := map[string]uint64{}
		for of, n := range c.read().by.cells {
			if of.day == day(t, "2026-05-10") {
				people[of.tools+" / "+of.seated] += n
			}
		}
		return people
	}
	require.Equal(t, map[string]uint64{"all|wiki / wiki": 1, "all|wiki / ": 1}, seated())

	c.license(1, "wiki", "2026-04-13", "2026-04-19")
	require.Equal(t, map[string]uint64{"all|wiki / ": 2}, seated())

	// Figures of an earlier version of the program, which did not know of seats.
	c.license(1, "wiki", "2026-04-13", "2026-04-20")
	require.NoError(t, c.db.Exec(t.Context(), "ALTER TABLE kpi_cell UPDATE seated = [] WHERE 1 SETTINGS mutations_sync = 1"))
	require.NoError(t, c.db.Exec(t.Context(), "INSERT INTO settings SELECT 'cells', '', max(version) + 1 FROM settings"))
	c.restart(c.db)
	require.Equal(t, map[string]uint64{"all|wiki / wiki": 1, "all|wiki / ": 1}, seated())
}
