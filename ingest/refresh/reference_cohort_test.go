package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// cohortCell is one of the counts of kpi_cohort.
type cohortCell struct {
	week          adoption.Day // Monday of the week of activity
	unit, tool    string
	cohort, month adoption.Day // Monday of the week, first day of the month, of first activity
}

// countCohort finds the first day on which somebody was ever active, places him or her as the life cycle of that week
// does, and looks at each day of 53 weeks.
func (w *world) countCohort(f *figures, p adoption.Person, tool string, tools []string, enabled func(adoption.Person, string, adoption.Day) bool) {
	for first := w.horizon.Monday(); first <= w.today; first++ {
		if !f.on(p, tool, tools, first).active() {
			continue
		}
		monday := first.Monday()
		placed := min(monday+6, w.today-1)
		if !enabled(p, tool, placed) {
			return
		}
		for week := monday; week <= min(monday+52*7, w.today); week += 7 {
			for d := week; d < week+7; d++ {
				if f.on(p, tool, tools, d).active() {
					f.cohort[cohortCell{week, w.unitOf(p, placed), tool, monday, first.FirstOfMonth()}]++
					break
				}
			}
		}
		return
	}
}

// readCohorts reads kpi_cohort as readers do.
func readCohorts(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	var week, cohort, month time.Time
	var unit, tool string
	var people uint64
	each(t, db, `SELECT day, unit, tool, cohort, month, people FROM kpi_cohort`+seen+`kpi_cohort' GROUP BY day)`, func(scan func(...any) error) error {
		err := scan(&week, &unit, &tool, &cohort, &month, &people)
		key := cohortCell{dayOf(week), unit, tool, dayOf(cohort), dayOf(month)}
		require.NotContains(t, f.cohort, key)
		f.cohort[key] = people
		return err
	})
}
