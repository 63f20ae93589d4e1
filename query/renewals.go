package query

import (
	"context"
	"net/url"
	"slices"

	"uptake/adoption"
	"uptake/value/worth"
)

// RenewalsAnswer is the shape of GET /api/v1/value/renewals.
type RenewalsAnswer struct {
	ValueHeader
	Renewals []worth.Exposure `json:"renewals"` // after the span, the nearest last day of notice first
}

// ParseRenewals reads unit, tool, to and assumptions. Errors are InvalidParameter and name the field.
func ParseRenewals(values url.Values, _ adoption.Day) (q ValueQuestion, err error) {
	known := slices.DeleteFunc(q.parameters(), func(p parameter) bool { return p.name == "children" || p.name == "from" })
	return q, known.read(values)
}

// Renewals answers which licences renew after the last day of a question, what is at stake, and what can be given back
// until when. A unit has the licences that are for it alone, and the company all. Errors are those of Value.
func (c *Company) Renewals(ctx context.Context, q ValueQuestion) (*RenewalsAnswer, error) {
	var answer *RenewalsAnswer
	err := c.valued(ctx, q, func(v *valued) error {
		list := slices.DeleteFunc(v.model.Exposures(), func(x worth.Exposure) bool {
			return v.header.Tool != adoption.AllTools && x.Tool != v.header.Tool || v.header.Unit != adoption.Company && x.Unit != v.header.Unit
		})
		answer = &RenewalsAnswer{v.header, list}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}
