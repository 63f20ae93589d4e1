package query

import (
	"context"
	"slices"
)

// Below tells whether a unit, as a question names it (a unit's id, UNIT.direct, UNIT.rest), is one of some others or
// lies below one of them today. A unit that nobody knows lies nowhere.
func (c *Company) Below(ctx context.Context, unit string, others []string) (below bool, err error) {
	err = c.consistently(ctx, func(snap *snapshot) error {
		at, known := snap.tree.find(unit)
		below = known && slices.ContainsFunc(snap.tree.path(at.node), func(n int) bool {
			return slices.Contains(others, snap.tree.nodes[n].unit.ID)
		})
		return nil
	})
	return below, err
}
