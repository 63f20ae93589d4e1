package query

import "context"

// PyramidAnswer is the shape of GET /api/v1/pyramid.
type PyramidAnswer = Answer[PyramidRow]

// PyramidRow sorts the enabled people of a row by the most that they did in its 28 days. The four counts add up to
// Enabled, the shares, 0..1 and unrounded, to 1. Counts and shares are nil where the group is hidden; shares, too,
// where nobody is enabled.
type PyramidRow struct {
	RowFrame
	Creators        *uint64  `json:"creators"`   // any contribution
	Responders      *uint64  `json:"responders"` // a response or a share, no contribution
	Consumers       *uint64  `json:"consumers"`  // only consuming or meeting
	Inactive        *uint64  `json:"inactive"`   // nothing
	CreatorsShare   *float64 `json:"creators_share"`
	RespondersShare *float64 `json:"responders_share"`
	ConsumersShare  *float64 `json:"consumers_share"`
	InactiveShare   *float64 `json:"inactive_share"`
}

// Pyramid answers how many people create, respond, only consume, or do nothing. Errors are those of Adoption.
func (c *Company) Pyramid(ctx context.Context, q AdoptionQuestion) (*PyramidAnswer, error) {
	return answered(ctx, c, q, pyramidRow)
}

// pyramidRow is the part of a row that is about the pyramid, with the shares that follow from it.
func pyramidRow(row AdoptionRow) PyramidRow {
	share := func(people *uint64) *float64 {
		if people == nil {
			return nil
		}
		return ratio(float64(*people), float64(row.Enabled))
	}
	return PyramidRow{
		RowFrame: row.RowFrame,
		Creators: row.Creators, Responders: row.Responders, Consumers: row.Consumers, Inactive: row.Inactive,
		CreatorsShare: share(row.Creators), RespondersShare: share(row.Responders), ConsumersShare: share(row.Consumers), InactiveShare: share(row.Inactive),
	}
}
