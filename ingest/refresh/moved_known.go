package refresh

import (
	"context"
	"fmt"
	"slices"
	"time"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// knowWindows lets what is counted begin with what readers see of the units that moved, and of all attributes.
func (w *work) knowWindows(ctx context.Context, first adoption.Day, part []adoption.Day, of *directory, counted *tally.Windows) error {
	on, by := days{}, days{}
	for _, d := range part {
		on.add(d, d)
		if _, planned := w.by[d]; planned {
			by.add(d, d)
		}
	}
	numbers, units := of.numbersOf(of.units), w.moved.units(of)
	var at time.Time
	var unit, tool string
	var u tally.Use
	use := []any{&at, &unit, &tool, &u.Active1, &u.Active7, &u.Active28, &u.NotEnabled, &u.ActiveDays, &u.Creators, &u.Responders, &u.Consumers, &u.Score, &u.Actions}
	err := w.carry(ctx, "kpi_use", useColumns, on, units, func(scan scanner) error {
		err := scan(use...)
		counted.KnowUnit(numbers[unit], of.tool[tool], int(dayOf(at)-first), u)
		return err
	})
	if err != nil {
		return err
	}
	var contributions uint64
	var amounts, people, contributed, contributors []uint64
	spread := []any{&at, &unit, &tool, &contributions, &amounts, &people, &contributed, &contributors}
	err = w.carry(ctx, "kpi_spread", spreadColumns, on, units, func(scan scanner) error {
		err := scan(spread...)
		counted.KnowSpread(numbers[unit], of.tool[tool], int(dayOf(at)-first), tally.Known(0, amounts, people), tally.Known(contributions, contributed, contributors))
		return err
	})
	if err != nil {
		return err
	}
	numbers = of.numbersOf(of.values)
	var attribute, value string
	var v tally.Use
	row := []any{&at, &attribute, &value, &tool, &v.Active1, &v.Active7, &v.Active28, &v.ActiveDays, &v.Creators, &v.Responders, &v.Consumers, &v.Score, &v.Actions}
	return w.eachKnownBy(ctx, "kpi_by", byColumns, by, row, func() error {
		a, number, err := attributeOf(attribute, value, numbers)
		if err == nil {
			counted.KnowValue(a, number, of.tool[tool], int(dayOf(at)-first), v)
		}
		return err
	})
}

// knowWeeks does so for what is planned of a stretch of weeks.
func (w *work) knowWeeks(ctx context.Context, s stretch, planned weekly, of *directory, counted *tally.Weeks) error {
	numbers, units := of.numbersOf(of.units), w.moved.units(of)
	var at, began, month time.Time
	var unit, tool string
	var c tally.Cycle
	err := w.carry(ctx, "kpi_week", weekColumns, planned.weeks.within(s), units, func(scan scanner) error {
		err := scan(&at, &unit, &tool, &c.New, &c.Returning, &c.Resurrected, &c.Dormant)
		counted.KnowUnit(numbers[unit], of.tool[tool], dayOf(at), c)
		return err
	})
	if err != nil {
		return err
	}
	var people uint64
	err = w.carry(ctx, "kpi_cohort", cohortColumns, planned.cohorts.within(s), units, func(scan scanner) error {
		err := scan(&at, &unit, &tool, &began, &month, &people)
		counted.KnowCohort(numbers[unit], of.tool[tool], tally.Cohort{Monday: dayOf(at), Began: dayOf(began), Month: dayOf(month), People: people})
		return err
	})
	if err != nil {
		return err
	}
	var h tally.Habit
	err = w.carry(ctx, "kpi_habit", habitColumns, planned.habits.within(s), units, func(scan scanner) error {
		err := scan(&at, &unit, &tool, &h.Power, &h.Habitual, &h.Novice, &h.Low)
		counted.KnowHabit(numbers[unit], of.tool[tool], dayOf(at), h)
		return err
	})
	if err != nil {
		return err
	}
	numbers = of.numbersOf(of.values)
	var attribute, value string
	row := []any{&at, &attribute, &value, &tool, &c.New, &c.Returning, &c.Resurrected, &c.Dormant}
	return w.eachKnownBy(ctx, "kpi_by_week", byWeekColumns, planned.byWeeks.within(s), row, func() error {
		a, number, err := attributeOf(attribute, value, numbers)
		if err == nil {
			counted.KnowValue(a, number, of.tool[tool], dayOf(at), c)
		}
		return err
	})
}

// eachKnownBy reads the rows of a table by attributes that readers see on some days. They are few.
func (w *work) eachKnownBy(ctx context.Context, table, columns string, on days, row []any, known func() error) error {
	sql := fmt.Sprintf("SELECT day, %s FROM %s WHERE (day, run) IN {shown:Array(Tuple(Date, UInt64))}", columns, table)
	return w.each(ctx, "read the figures that are moved", sql, params{"shown": pairList(w.seen(table, on))}, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		return known()
	})
}

// attributeOf finds an attribute and a value by their names. Figures of values that nobody has would not be of this directory.
func attributeOf(attribute, value string, numbers map[string]uint32) (int, uint32, error) {
	number, there := numbers[value]
	a := slices.Index(attributes[:], attribute)
	if a < 0 || !there {
		return 0, 0, fmt.Errorf("figures of the %s %q, which nobody in the directory has", attribute, value)
	}
	return a, number, nil
}

// numbersOf turns a list of names around.
func (d *directory) numbersOf(names []string) map[string]uint32 {
	numbers := make(map[string]uint32, len(names))
	for i, name := range names {
		numbers[name] = uint32(i)
	}
	return numbers
}

// within are the days of a set in a stretch.
func (s days) within(in stretch) days {
	some := days{}
	for d := in.from; d <= in.to; d++ {
		if _, there := s[d]; there {
			some.add(d, d)
		}
	}
	return some
}
