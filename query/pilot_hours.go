package query

import (
	"context"
	"fmt"

	"uptake/adoption"
	"uptake/value/pilot"
)

// fixAssumptions writes into a pilot measured in hours the version whose minutes they stand on: the newest one, where it names
// none. Later versions change nothing of it, or who publishes could choose the result. Errors: InvalidParameter, NotFound for
// a version that there is not.
func (c *Company) fixAssumptions(ctx context.Context, o *pilot.Outcome) error {
	if o.Metric != pilot.Hours {
		return nil
	}
	asked := &o.Assumptions
	if o.Assumptions == 0 {
		asked = nil
	}
	_, version, err := c.valueVersion(ctx, asked)
	if err != nil {
		return renamed(err, "assumptions", "outcome.assumptions")
	}
	if version.Version == 0 {
		return adoption.Invalid("outcome.assumptions", "Nobody has published assumptions, so there are no minutes that hours could stand on. Publish them first.")
	}
	o.Assumptions = version.Version
	_, err = c.likelyMinutes(ctx, *o)
	return err
}

// likelyMinutes are the minutes that an action of a class is likely to save, under the version of a pilot.
func (c *Company) likelyMinutes(ctx context.Context, o pilot.Outcome) (map[adoption.Class]float64, error) {
	doc, _, err := c.assumed(ctx, o.Assumptions)
	if err != nil {
		return nil, renamed(err, "version", "outcome.assumptions")
	}
	minutes := map[adoption.Class]float64{}
	for class, in := range doc.Tools[o.Tool].Minutes {
		minutes[class] = in.Likely
	}
	if len(minutes) == 0 {
		return nil, adoption.Invalid("outcome.tool", fmt.Sprintf("Version %d of the assumptions has no minutes for the tool %q. Enter them, or name another tool.", o.Assumptions, o.Tool))
	}
	return minutes, nil
}

// pilotHours are hours a person with access in weeks that end on some days: counted actions × minutes ÷ 60, as in Value. They are
// worked out from what Actions shows of each unit and week, so they tell no more; where a day of a week that is known of others is
// hidden of a unit, the unit has no value for it. A day that is known of nobody is in no unit.
func (c *Company) pilotHours(ctx context.Context, snap *snapshot, o pilot.Outcome, ends []adoption.Day) (value func(row AdoptionRow) *float64, err error) {
	minutes, err := c.likelyMinutes(ctx, o)
	if err != nil {
		return nil, err
	}
	type unitWeek struct {
		unit string
		end  adoption.Day
	}
	hours := map[unitWeek]float64{}
	for _, end := range ends {
		rows, err := c.actionsRows(ctx, snap, ActionsQuestion{Unit: adoption.Company, Tool: o.Tool, From: end - 6, To: end, By: ByClass, everywhere: true})
		if err != nil {
			return nil, err
		}
		most := 0
		for i := range rows {
			most = max(most, rows[i].Days)
		}
		for i := range rows {
			if row := &rows[i]; row.Days == most && row.CountedContribute != nil {
				hours[unitWeek{row.Unit, end}] = countedMinutes(row, minutes) / 60
			}
		}
	}
	return func(row AdoptionRow) *float64 {
		sum, known := hours[unitWeek{row.Unit, row.Date}]
		if !known {
			return nil
		}
		return ratio(sum, float64(row.Enabled))
	}, nil
}

// countedMinutes are the minutes of what counts of a row that is shown.
func countedMinutes(row *ActionsRow, minutes map[adoption.Class]float64) (sum float64) {
	for class, n := range map[adoption.Class]*uint64{adoption.Contribute: row.CountedContribute, adoption.Respond: row.CountedRespond, adoption.Share: row.CountedShare,
		adoption.Meet: row.CountedMeet, adoption.Consume: row.CountedConsume} {
		sum += float64(*n) * minutes[class]
	}
	return sum
}
