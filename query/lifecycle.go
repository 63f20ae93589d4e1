package query

import (
	"context"
	"net/url"

	"uptake/adoption"
)

// lifecycleWeeks is how many ISO weeks a question about the life cycle is about where it names none.
const lifecycleWeeks = 13

// LifecycleAnswer is the shape of GET /api/v1/lifecycle.
type LifecycleAnswer = Answer[LifecycleRow]

// LifecycleRow is the life cycle of the ISO week that holds the row's date, of the people enabled on the week's last
// day (while it runs: on the last closed day). All are nil where that group or the row's own is hidden.
type LifecycleRow struct {
	RowFrame
	New         *uint64 `json:"new"`         // active for the first time ever
	Returning   *uint64 `json:"returning"`   // active in this week and the one before
	Resurrected *uint64 `json:"resurrected"` // active in this week and not in the one before, but earlier
	Dormant     *uint64 `json:"dormant"`     // active in the week before and not in this one
	Active      *uint64 `json:"active"`      // in the week: new + returning + resurrected
}

// ParseLifecycle reads a question about the life cycle from URL parameters, as ParseAdoption does. Left out are the last
// 13 ISO weeks, the one that holds to included; the grain is week and nothing else.
func ParseLifecycle(values url.Values, today adoption.Day) (AdoptionQuestion, error) {
	q, err := parseQuestion(values, AdoptionQuestion{To: today, Grain: adoption.ByWeek}, func(to adoption.Day) adoption.Day {
		return max(to.Monday()-7*(lifecycleWeeks-1), 0)
	})
	if err != nil {
		return q, err
	}
	return q, byWeek(q)
}

// byWeek refuses every grain but week.
func byWeek(q AdoptionQuestion) error {
	if q.Grain != adoption.ByWeek {
		return adoption.Invalid("grain", "The life cycle is counted in ISO weeks. Write week, or leave grain out.")
	}
	return nil
}

// Lifecycle answers how people came, stayed, came back and went, week by week. Errors are those of Adoption; a grain
// other than week is InvalidParameter, none is week.
func (c *Company) Lifecycle(ctx context.Context, q AdoptionQuestion) (*LifecycleAnswer, error) {
	if q.Grain == "" {
		q.Grain = adoption.ByWeek
	}
	if err := byWeek(q); err != nil {
		return nil, err
	}
	return answered(ctx, c, q, lifecycleRow)
}

// lifecycleRow is the part of a row that is about the life cycle.
func lifecycleRow(row AdoptionRow) LifecycleRow {
	l := LifecycleRow{RowFrame: row.RowFrame, New: row.New, Returning: row.Returning, Resurrected: row.Resurrected, Dormant: row.Dormant}
	if row.New != nil && row.Returning != nil && row.Resurrected != nil {
		active := *row.New + *row.Returning + *row.Resurrected
		l.Active = &active
	}
	return l
}
