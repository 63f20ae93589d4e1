package query

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// North and south are 3 and 4 people of sales: sales is 7, and so is the company. Another sum is told by its unit.
func TestAParentThatIsNotTheSumIsFound(t *testing.T) {
	tr := newTree([]adoption.Unit{{ID: "sales"}, {ID: "north", Parent: "sales"}, {ID: "south", Parent: "sales"}}, nil)
	s := tr.whole()
	rows := map[unitTool][]float64{{"north", "wiki"}: {3}, {"south", "wiki"}: {4}, {"south", "chat"}: {9}}
	given := map[string]float64{"company": 7, "sales": 7, "north": 3, "south": 4}
	check := func() map[SelfCheckFailure]bool {
		r := &selfCheck{failed: map[SelfCheckFailure]bool{}}
		r.sums(s, dayTool{day("2026-10-31"), "wiki"}, []string{"enabled"}, rows, func(n int) []float64 { return []float64{given[s.id(n)]} })
		require.EqualValues(t, len(s.nodes), r.checks)
		return r.failed
	}
	assert.Empty(t, check())
	given["sales"] = 8
	assert.Equal(t, map[SelfCheckFailure]bool{{Check: "parent", Unit: "sales", Tool: "wiki", Date: day("2026-10-31"), Figure: "enabled"}: true}, check())
	given["sales"] = 7
	rows[unitTool{"gone", "wiki"}] = []float64{1}
	assert.Equal(t, map[SelfCheckFailure]bool{{Check: "parent", Unit: "gone", Tool: "wiki", Date: day("2026-10-31"), Figure: "rows"}: true}, check())
}

func TestDaysToCheck(t *testing.T) {
	first, last := day("2026-09-01"), day("2026-10-28") // Tuesday to Wednesday
	for range 50 {
		days := chooseDays(first, last)
		require.Len(t, days, 5)
		assert.Equal(t, []adoption.Day{last, last - 1}, days[:2])
		seen := map[adoption.Day]bool{}
		for _, d := range days[2:] {
			assert.True(t, d >= first && d < last-1 && !seen[d], d)
			seen[d] = true
		}
		sundays := chooseSundays(first, last)
		require.Len(t, sundays, 2)
		assert.Equal(t, day("2026-10-25"), sundays[0])
		assert.Equal(t, time.Sunday, sundays[1].Weekday())
		// The week of the first Sunday, 6 September, began before there were figures.
		assert.True(t, sundays[1] >= day("2026-09-13") && sundays[1] < sundays[0], sundays[1])
	}
	assert.Equal(t, []adoption.Day{first}, chooseDays(first, first))
	assert.Empty(t, chooseSundays(first, first))
}

// In the night to 29 March 2026 Berlin has no hour from 02:00: three hours after its midnight it is 04:00 there.
func TestUntilTheNextNight(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, c := range []struct {
		now  string
		want time.Duration
	}{
		{"2026-01-10T12:00:00+01:00", 15 * time.Hour},
		{"2026-01-10T01:00:00+01:00", 2 * time.Hour},
		{"2026-01-10T02:30:00+01:00", 24*time.Hour + 30*time.Minute}, // one has just ended
		{"2026-03-28T12:00:00+01:00", 15 * time.Hour},
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		require.NoError(t, err)
		assert.Equal(t, c.want, untilNight(now, berlin), c.now)
	}
}
