package query

import (
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"uptake/adoption"
)

// What is read here was judged by nobody: it is compared within the self-check, which tells which figures are wrong and
// none of them (gate_ast_test.go looks after that).
var (
	//go:embed selfcheck_stamp.sql
	checkStampSQL string
	//go:embed selfcheck_days.sql
	checkDaysSQL string
	//go:embed selfcheck_units.sql
	checkUnitsSQL string
	//go:embed selfcheck_within.sql
	checkWithinSQL string
	//go:embed selfcheck_within_size.sql
	checkWithinSizeSQL string
	//go:embed selfcheck_weeks.sql
	checkWeeksSQL string
	//go:embed selfcheck_rows.sql
	checkRowsSQL string
	//go:embed selfcheck_with.sql
	checkWithSQL string
	//go:embed selfcheck_size_anew.sql
	checkSizeAnewSQL string
	//go:embed selfcheck_size_shown.sql
	checkSizeShownSQL string
	//go:embed selfcheck_use_anew.sql
	checkUseAnewSQL string
	//go:embed selfcheck_use_shown.sql
	checkUseShownSQL string
	//go:embed selfcheck_week_anew.sql
	checkWeekAnewSQL string
	//go:embed selfcheck_week_shown.sql
	checkWeekShownSQL string
	//go:embed selfcheck_total_anew.sql
	checkTotalAnewSQL string
	//go:embed selfcheck_total_shown.sql
	checkTotalShownSQL string
)

// checkSettings bound what a statement of the self-check may take: it has time, readers and the refresh have not.
var checkSettings = clickhouse.Settings{
	"max_threads":                        "1",
	"max_memory_usage":                   "450000000",
	"max_bytes_before_external_group_by": "200000000",
	"max_execution_time":                 "120",
	"join_use_nulls":                     "0",
	"os_thread_priority":                 "15",
	// Compiling what runs once costs more than it saves.
	"compile_expressions":           "0",
	"compile_aggregate_expressions": "0",
	"compile_sort_description":      "0",
}

// touchedKept is how long rows of touched are told by; the table's own TTL is a day.
const touchedKept = 23 * time.Hour

// unitTool is a cell of the KPI tables on one day.
type unitTool struct{ unit, tool string }

// eachChecked is each within the bounds of the self-check.
func (c *Company) eachChecked(ctx context.Context, sql string, p params, row func(scanner) error) error {
	return c.eachWithin(ctx, checkSettings, sql, p, row)
}

// countChecked reads rows of a unit, a tool and n figures.
func (c *Company) countChecked(ctx context.Context, sql string, p params, n int) (map[unitTool][]float64, error) {
	found := map[unitTool][]float64{}
	err := c.eachChecked(ctx, sql, p, func(scan scanner) error {
		var at unitTool
		values := make([]float64, n)
		into := []any{&at.unit, &at.tool}
		for i := range values {
			into = append(into, &values[i])
		}
		err := scan(into...)
		found[at] = values
		return err
	})
	return found, err
}

// checkable are the first day with figures and the last that is over; last lies before first where there is none.
func (c *Company) checkable(ctx context.Context) (first, last adoption.Day, err error) {
	err = c.eachChecked(ctx, checkDaysSQL, nil, func(scan scanner) error {
		var from, to time.Time
		err := scan(&from, &to)
		first, last = dayOf(from), dayOf(to)-1
		return err
	})
	return first, last, err
}

// stamp tells states of some days apart, and says how many changes of the directory wait to be in the figures.
func (c *Company) stamp(ctx context.Context, from, to adoption.Day) (stamp, waiting uint64, err error) {
	p := params{"from": max(from, 0).String(), "to": to.String(), "since": c.now().Add(-touchedKept).UTC().Format(time.DateTime)}
	err = c.eachChecked(ctx, checkStampSQL, p, func(scan scanner) error { return scan(&stamp, &waiting) })
	return stamp, waiting, err
}

// checkParams are the parameters of statements about the days from..to.
func (c *Company) checkParams(ctx context.Context, from, to adoption.Day) (params, error) {
	open := []string{}
	err := c.consistently(ctx, func(snap *snapshot) error {
		open = open[:0]
		for _, t := range snap.tools {
			if snap.open(t.ID) {
				open = append(open, t.ID)
			}
		}
		if snap.open(adoption.AllTools) {
			open = append(open, adoption.AllTools)
		}
		return nil
	})
	return params{"from": from.String(), "to": to.String(), "open": textList(open)}, err
}

// unitsToCheck are units of a day, chosen by chance where there are many.
func (c *Company) unitsToCheck(ctx context.Context, day adoption.Day) ([]string, error) {
	units, err := c.unitsOf(ctx, day)
	return pick(units, checkedUnits), err
}

// unitsOf are all units that figures or the directory name on a day.
func (c *Company) unitsOf(ctx context.Context, day adoption.Day) ([]string, error) {
	units := []string{}
	err := c.eachChecked(ctx, checkUnitsSQL, params{"day": day.String()}, func(scan scanner) error {
		var unit string
		err := scan(&unit)
		units = append(units, unit)
		return err
	})
	return units, err
}
