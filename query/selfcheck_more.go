package query

import (
	"context"
	_ "embed"
	"fmt"

	"uptake/adoption"
)

var (
	//go:embed selfcheck_spread_anew.sql
	checkSpreadAnewSQL string
	//go:embed selfcheck_spread_shown.sql
	checkSpreadShownSQL string
	//go:embed selfcheck_habit_anew.sql
	checkHabitAnewSQL string
	//go:embed selfcheck_habit_shown.sql
	checkHabitShownSQL string
	//go:embed selfcheck_pair_anew.sql
	checkPairAnewSQL string
	//go:embed selfcheck_pair_shown.sql
	checkPairShownSQL string
	//go:embed selfcheck_cell_shown.sql
	checkCellShownSQL string
	//go:embed selfcheck_cohort_anew.sql
	checkCohortAnewSQL string
	//go:embed selfcheck_cohort_shown.sql
	checkCohortShownSQL string
	//go:embed selfcheck_begin_anew.sql
	checkBeginAnewSQL string
	//go:embed selfcheck_begin_shown.sql
	checkBeginShownSQL string
	//go:embed selfcheck_by_anew.sql
	checkByAnewSQL string
	//go:embed selfcheck_by_shown.sql
	checkByShownSQL string
	//go:embed selfcheck_by_week_anew.sql
	checkByWeekAnewSQL string
	//go:embed selfcheck_by_week_shown.sql
	checkByWeekShownSQL string
)

// recount is a table whose figures of a day are held against others that are counted anew.
type recount struct {
	table       string
	on          adoption.Day // the day under which the table is published; everyDay: it is not written by days
	check       string
	anew, shown string
	figures     []string
}

// everyDay stands for a table that is written by something else than days, so that there is no day to look for.
const everyDay adoption.Day = -1

// dayRecounts are those of a day that rest on the 28 days up to it.
func dayRecounts(day adoption.Day) []recount {
	return []recount{
		{"kpi_spread", day, "facts", checkSpreadAnewSQL, checkSpreadShownSQL, []string{"active_28", "actions", "contributors", "contributions"}},
		{"kpi_pair", day, "facts", checkPairAnewSQL, checkPairShownSQL, []string{"interactions", "internal"}},
	}
}

// weekRecounts are those of a Sunday that rest on all facts, or that exist for few days, of which Sundays are some.
func weekRecounts(sunday adoption.Day) []recount {
	monday := sunday - 6
	return []recount{
		{"kpi_cohort", monday, "facts", checkCohortAnewSQL, checkCohortShownSQL, []string{"retention", "retention", "retention"}},
		{"kpi_begin", everyDay, "facts", checkBeginAnewSQL, checkBeginShownSQL, []string{"started"}},
		{"kpi_cell", sunday, "facts", checkSizeAnewSQL, checkCellShownSQL, sizeFigures},
		{"kpi_by", sunday, "total", checkByAnewSQL, checkByShownSQL, useFigures},
		{"kpi_by_week", monday, "total", checkByWeekAnewSQL, checkByWeekShownSQL, weekFigures},
	}
}

// habitsAnew counts the habits of the people of a day anew.
func (r *selfCheck) habitsAnew(ctx context.Context, day adoption.Day, units string) error {
	to := day.Monday() - 1
	if to < HabitDays {
		return nil
	}
	p, err := r.c.checkParams(ctx, to-HabitDays+1, to)
	if err != nil {
		return err
	}
	p["day"], p["units"] = day.String(), units
	return r.recount(ctx, day, p, []recount{{"kpi_habit", day, "facts", checkHabitAnewSQL, checkHabitShownSQL, []string{"power", "habitual", "novice", "low"}}})
}

// recount compares tables that have the day. One that is new is filled bit by bit, and has nothing to compare yet.
func (r *selfCheck) recount(ctx context.Context, day adoption.Day, p params, tables []recount) error {
	runs := map[string]map[adoption.Day]uint64{}
	if err := r.c.consistently(ctx, func(snap *snapshot) error { runs = snap.edition.runs; return nil }); err != nil {
		return err
	}
	for _, t := range tables {
		if t.on != everyDay && runs[t.table][t.on] == 0 {
			continue
		}
		if err := r.compare(ctx, t.check, day, t.anew, t.shown, t.figures, p); err != nil {
			return fmt.Errorf("%s: %w", t.table, err)
		}
	}
	return nil
}
