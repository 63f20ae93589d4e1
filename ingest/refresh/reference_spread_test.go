package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// spreadCell says how many people did so many actions, and made so many contributions, in 28 days.
type spreadCell struct{ acted, contributed map[uint64]uint64 }

// countSpread puts a person who was active in the 28 days that end with d where he or she belongs.
func (w *world) countSpread(f *figures, p adoption.Person, d adoption.Day, unit, tool string, tools []string) {
	var actions, contributions uint64
	for x := d - 27; x <= d; x++ {
		c := f.on(p, tool, tools, x)
		actions += c.actions()
		contributions += c.contribute
	}
	if actions == 0 {
		return
	}
	at := cell{d, unit, tool}
	if _, there := f.spread[at]; !there {
		f.spread[at] = spreadCell{map[uint64]uint64{}, map[uint64]uint64{}}
	}
	f.spread[at].acted[actions]++
	if contributions > 0 {
		f.spread[at].contributed[contributions]++
	}
}

// readSpreads reads kpi_spread as readers do. Amounts that do not ascend, or that nobody did, fail the test.
func readSpreads(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	var day time.Time
	var unit, tool string
	var amounts, people, contributed, contributors []uint64
	var contributions uint64
	bars := func(amounts, people []uint64) map[uint64]uint64 {
		require.Len(t, people, len(amounts))
		all := map[uint64]uint64{}
		for i, amount := range amounts {
			require.Positive(t, amount)
			require.Positive(t, people[i])
			require.True(t, i == 0 || amounts[i-1] < amount, amounts)
			all[amount] = people[i]
		}
		return all
	}
	each(t, db, `SELECT day, unit, tool, contributions, amounts, people, contributed, contributors FROM kpi_spread`+seen+`kpi_spread' GROUP BY day)`,
		func(scan func(...any) error) error {
			err := scan(&day, &unit, &tool, &contributions, &amounts, &people, &contributed, &contributors)
			require.NotContains(t, f.spread, cell{dayOf(day), unit, tool})
			f.spread[cell{dayOf(day), unit, tool}] = spreadCell{bars(amounts, people), bars(contributed, contributors)}
			for i, amount := range contributed {
				contributions -= amount * contributors[i]
			}
			require.Zero(t, contributions, "the contributions are not those of the bars")
			return err
		})
}
