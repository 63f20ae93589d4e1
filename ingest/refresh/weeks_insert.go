package refresh

import (
	"context"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// The columns of these tables beside day and run.
const (
	weekColumns   = "unit, tool, new, returning, resurrected, dormant"
	byWeekColumns = "attribute, value, tool, new, returning, resurrected, dormant"
	cohortColumns = "unit, tool, cohort, month, people"
	habitColumns  = "unit, tool, power, habitual, novice, low"
)

// insertWeeks writes what was counted of weeks, and of the days of habits.
func (w *work) insertWeeks(ctx context.Context, counted *tally.Weeks, habits []adoption.Day, of *directory) error {
	if err := w.insertCycles(ctx, counted, of); err != nil {
		return err
	}
	if err := w.insertCohorts(ctx, counted, of); err != nil {
		return err
	}
	return w.insertHabits(ctx, counted, habits, of)
}

func (w *work) insertCycles(ctx context.Context, counted *tally.Weeks, of *directory) error {
	units := w.rows(ctx, "INSERT INTO kpi_week (day, run, "+weekColumns+")")
	err := counted.Units(func(unit uint32, tool uint16, monday adoption.Day, c tally.Cycle) error {
		if _, planned := w.weeks[monday]; !planned {
			return nil
		}
		return units.add(monday.Time(), w.run, of.units[unit], of.tools[tool], c.New, c.Returning, c.Resurrected, c.Dormant)
	})
	if err != nil {
		return err
	}
	if err := units.send(); err != nil {
		return err
	}
	by := w.rows(ctx, "INSERT INTO kpi_by_week (day, run, "+byWeekColumns+")")
	for a, attribute := range attributes {
		err := counted.Values(a, func(value uint32, tool uint16, monday adoption.Day, c tally.Cycle) error {
			return by.add(monday.Time(), w.run, attribute, of.values[value], of.tools[tool], c.New, c.Returning, c.Resurrected, c.Dormant)
		})
		if err != nil {
			return err
		}
	}
	return by.send()
}

func (w *work) insertCohorts(ctx context.Context, counted *tally.Weeks, of *directory) error {
	cohorts := w.rows(ctx, "INSERT INTO kpi_cohort (day, run, "+cohortColumns+")")
	err := counted.Cohorts(func(unit uint32, tool uint16, c tally.Cohort) error {
		return cohorts.add(c.Monday.Time(), w.run, of.units[unit], of.tools[tool], c.Began.Time(), c.Month.Time(), c.People)
	})
	if err != nil {
		return err
	}
	return cohorts.send()
}

func (w *work) insertHabits(ctx context.Context, counted *tally.Weeks, days []adoption.Day, of *directory) error {
	habits := w.rows(ctx, "INSERT INTO kpi_habit (day, run, "+habitColumns+")")
	err := counted.Habits(func(unit uint32, tool uint16, day int, h tally.Habit) error {
		return habits.add(days[day].Time(), w.run, of.units[unit], of.tools[tool], h.Power, h.Habitual, h.Novice, h.Low)
	})
	if err != nil {
		return err
	}
	return habits.send()
}
