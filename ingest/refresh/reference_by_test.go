package refresh_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// byCell names a figure by an attribute's value.
type byCell struct {
	day                    adoption.Day
	attribute, value, tool string
}

// cellOf names people who are the same in all that they are counted by.
type cellOf struct {
	day                                 adoption.Day
	unit, location, role, tools, seated string
	hired                               int
}

// byFigures are the tables by attribute, of the days that can be asked for.
type byFigures struct {
	use     map[byCell]useCell
	week    map[byCell]weekCell
	cells   map[cellOf]uint64
	days    []adoption.Day
	counted []adoption.Day
	mondays []adoption.Day
}

// rowOf is the directory row that places a person on a day.
func (w *world) rowOf(p adoption.Person, d adoption.Day) (peopleRow, bool) {
	rows := map[adoption.Day]peopleRow{} // of equal first days the last received wins
	for _, r := range w.people {
		if r.person == p {
			rows[r.from] = r
		}
	}
	var best peopleRow
	begun, there := adoption.Day(-1), false
	for from, r := range rows {
		if from <= d && from > begun {
			begun, best, there = from, r, d <= r.to && d <= r.left
		}
	}
	return best, there
}

// placeOf is what a person is counted by on a day, "" where nothing places her or him.
func (w *world) placeOf(p adoption.Person, d adoption.Day) string {
	r, there := w.rowOf(p, d)
	if !there {
		return ""
	}
	return fmt.Sprintf("%q %q %q %d", r.unit, r.location, r.role, r.hired.Time().Year())
}

// valuesOf are the values of a row's attributes.
func valuesOf(r peopleRow) map[string]string {
	cohort := ""
	if r.hired > 0 {
		cohort = fmt.Sprint(r.hired.Time().Year())
	}
	return map[string]string{"location": r.location, "role": r.role, "hire_cohort": cohort}
}

// asked tells whether figures by attribute exist for a day: Sundays, last days of months, today.
func asked(d, today adoption.Day) bool {
	return d == today || d.Time().Weekday() == time.Sunday || (d+1).Time().Day() == 1
}

// countBy counts by attribute with the same functions that count by unit: a value stands in a unit's place.
func (w *world) countBy(f *figures, members map[adoption.Person]bool, tools, open []string, enabled func(adoption.Person, string, adoption.Day) bool) {
	f.by = byFigures{use: map[byCell]useCell{}, week: map[byCell]weekCell{}, cells: map[cellOf]uint64{}}
	every := append(slices.Clone(tools), "all")
	for d := w.horizon; d <= w.today; d++ {
		counted := asked(d, w.today) || d.Time().Day() == 1 || d == w.today-1
		if counted {
			f.by.counted = append(f.by.counted, d)
		}
		if asked(d, w.today) {
			f.by.days = append(f.by.days, d)
		}
		for p := range members {
			row, there := w.rowOf(p, d)
			if !there {
				continue
			}
			if counted {
				w.countCell(f, p, d, row, every, open, enabled)
			}
			for attribute, value := range valuesOf(row) {
				for _, tool := range every {
					if _, ever := f.first[toolPerson{tool, p}]; !ever || !asked(d, w.today) || !enabled(p, tool, d) {
						continue
					}
					one := &figures{personDay: f.personDay, use: map[cell]useCell{{d, value, tool}: f.by.use[byCell{d, attribute, value, tool}]}}
					w.countUse(one, p, d, value, tool, tools, true)
					if c := one.use[cell{d, value, tool}]; c.active28 > 0 {
						f.by.use[byCell{d, attribute, value, tool}] = c
					}
				}
			}
		}
	}
	for monday := w.horizon.Monday(); monday <= w.today; monday += 7 {
		f.by.mondays = append(f.by.mondays, monday)
		placed := min(monday+6, w.today-1)
		for p := range members {
			row, _ := w.rowOf(p, placed)
			for _, tool := range every {
				if _, ever := f.first[toolPerson{tool, p}]; !ever || !enabled(p, tool, placed) {
					continue
				}
				one := &figures{personDay: f.personDay, week: map[cell]weekCell{}}
				w.countWeek(one, p, monday, "", tool, tools)
				for attribute, value := range valuesOf(row) {
					if c := one.week[cell{monday, "", tool}]; c != (weekCell{}) {
						sum := f.by.week[byCell{monday, attribute, value, tool}]
						sum.new, sum.returning = sum.new+c.new, sum.returning+c.returning
						sum.resurrected, sum.dormant = sum.resurrected+c.resurrected, sum.dormant+c.dormant
						f.by.week[byCell{monday, attribute, value, tool}] = sum
					}
				}
			}
		}
	}
}

func (w *world) countCell(f *figures, p adoption.Person, d adoption.Day, row peopleRow, every, open []string, enabled func(adoption.Person, string, adoption.Day) bool) {
	var has, seated []string
	for _, tool := range every {
		if !slices.Contains(open, tool) && (tool != "all" || len(open) == 0) && enabled(p, tool, d) {
			has = append(has, tool)
			if tool != "all" && w.seated(p, tool, d) {
				seated = append(seated, tool)
			}
		}
	}
	slices.Sort(has)
	slices.Sort(seated)
	hired := 0
	if row.hired > 0 {
		hired = row.hired.Time().Year()
	}
	f.by.cells[cellOf{d, row.unit, row.location, row.role, strings.Join(has, "|"), strings.Join(seated, "|"), hired}]++
}

// seated tells whether a person has had a licence of the tool on each of the 28 days that end with a day.
func (w *world) seated(p adoption.Person, tool string, d adoption.Day) bool {
	for before := adoption.Day(0); before < 28; before++ {
		if !w.hasLicence(p, tool, d-before) {
			return false
		}
	}
	return true
}

// readBy reads the tables by attribute as readers do: days that nobody may ask for are left out.
func readBy(t testing.TB, db driver.Conn, f *figures) {
	t.Helper()
	f.by = byFigures{use: map[byCell]useCell{}, week: map[byCell]weekCell{}, cells: map[cellOf]uint64{}, mondays: seenDays(t, db, "kpi_by_week")}
	today := f.days[len(f.days)-1]
	for _, d := range seenDays(t, db, "kpi_by") {
		if asked(d, today) {
			f.by.days = append(f.by.days, d)
		}
	}
	for _, d := range seenDays(t, db, "kpi_cell") {
		if asked(d, today) || d.Time().Day() == 1 || d == today-1 {
			f.by.counted = append(f.by.counted, d)
		}
	}
	var at time.Time
	var attribute, value, tool string
	each(t, db, `SELECT day, attribute, value, tool, active_1, active_7, active_28, active_days, creators, responders, consumers, score, actions FROM kpi_by`+seen+`kpi_by' GROUP BY day)`,
		func(scan func(...any) error) error {
			var c useCell
			err := scan(&at, &attribute, &value, &tool, &c.active1, &c.active7, &c.active28, &c.activeDays, &c.creators, &c.responders, &c.consumers, &c.score, &c.actions)
			key := byCell{dayOf(at), attribute, value, tool}
			require.NotContains(t, f.by.use, key)
			if asked(key.day, today) {
				f.by.use[key] = c
			}
			return err
		})
	each(t, db, `SELECT day, attribute, value, tool, new, returning, resurrected, dormant FROM kpi_by_week`+seen+`kpi_by_week' GROUP BY day)`, func(scan func(...any) error) error {
		var c weekCell
		err := scan(&at, &attribute, &value, &tool, &c.new, &c.returning, &c.resurrected, &c.dormant)
		key := byCell{dayOf(at), attribute, value, tool}
		require.NotContains(t, f.by.week, key)
		f.by.week[key] = c
		return err
	})
	each(t, db, `SELECT day, unit, location, role, hired, tools, seated, people FROM kpi_cell`+seen+`kpi_cell' GROUP BY day)`, func(scan func(...any) error) error {
		var c cellOf
		var tools, seated []string
		var hired uint16
		var people uint64
		err := scan(&at, &c.unit, &c.location, &c.role, &hired, &tools, &seated, &people)
		c.day, c.hired, c.tools = dayOf(at), int(hired), strings.Join(tools, "|")
		c.seated = strings.Join(seated, "|")
		if slices.Contains(f.by.counted, c.day) {
			f.by.cells[c] += people
		}
		return err
	})
}
