package refresh_test

import (
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// habitCell counts people by their habits; those without any are not counted.
type habitCell struct{ power, habitual, novice, low uint64 }

// countHabit sorts a person by the 12 ISO weeks that end before d, looking at each day of them.
func (w *world) countHabit(f *figures, p adoption.Person, d adoption.Day, unit, tool string, tools []string) {
	var actions, weeks uint64
	for monday := d.Monday() - 12*7; monday < d.Monday(); monday += 7 {
		active := false
		for x := monday; x < monday+7; x++ {
			c := f.on(p, tool, tools, x)
			actions += c.actions()
			active = active || c.active()
		}
		if active {
			weeks++
		}
	}
	c := f.habit[cell{d, unit, tool}]
	switch perWeek := float64(actions) / 12; {
	case weeks >= 9 && perWeek >= 15:
		c.power++
	case weeks >= 9:
		c.habitual++
	case perWeek >= 1:
		c.novice++
	case perWeek > 0:
		c.low++
	default:
		return
	}
	f.habit[cell{d, unit, tool}] = c
}

// readHabits reads kpi_habit as readers do.
func readHabits(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	var day time.Time
	var unit, tool string
	each(t, db, `SELECT day, unit, tool, power, habitual, novice, low FROM kpi_habit`+seen+`kpi_habit' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c habitCell
			err := scan(&day, &unit, &tool, &c.power, &c.habitual, &c.novice, &c.low)
			require.NotContains(t, f.habit, cell{dayOf(day), unit, tool})
			f.habit[cell{dayOf(day), unit, tool}] = c
			return err
		})
}
