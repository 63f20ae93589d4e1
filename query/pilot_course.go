package query

import (
	"context"
	"math"
	"slices"

	"uptake/adoption"
	"uptake/value/campaign"
	"uptake/value/pilot"
)

// PilotCourse is the mean of each side of a pilot by week: of the units that its judgement is made from, each counting
// once, as it does there.
type PilotCourse struct{ Weeks []SideWeek }

// SideWeek is what both sides were in a week.
type SideWeek struct {
	End        adoption.Day // last day of the week
	After      bool         // it is one of the weeks that are held against those before the start
	Treated    *float64     // nil where nothing is known of a unit that can be used
	Comparison *float64
}

// PilotCourse answers how the two sides of a plan went, as far as the figures go. It says no more than the judgement: the
// values come through the same gate, and a unit with a gap is in no mean.
func (c *Company) PilotCourse(ctx context.Context, p pilot.Plan) (*PilotCourse, error) {
	var course *PilotCourse
	err := c.sides(ctx, p, func(s sides) {
		course = &PilotCourse{}
		for i, d := range s.days {
			course.Weeks = append(course.Weeks, SideWeek{End: d, After: d >= p.Start, Treated: meanAt(s.treated, i), Comparison: meanAt(s.comparison, i)})
		}
	})
	return course, err
}

// CampaignCourse answers how the units of a campaign and those that they are compared with went: weekly use of its tool.
func (c *Company) CampaignCourse(ctx context.Context, p campaign.Plan) (*PilotCourse, error) {
	return c.PilotCourse(ctx, p.Pilot())
}

// meanAt is the mean of a week over the series that can be used; nil where there is none.
func meanAt(all []pilot.Series, i int) *float64 {
	sum, n := 0.0, 0
	for _, s := range all {
		values := slices.Concat(s.Before, s.After)
		if s.Gap == "" && i < len(values) && !math.IsNaN(values[i]) {
			sum, n = sum+values[i], n+1
		}
	}
	if n == 0 {
		return nil
	}
	mean := sum / float64(n)
	return &mean
}
