package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"uptake/adoption"
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

// CheckUnits refuses, as InvalidParameter of the field unit, ids that are of no unit today. Before the first directory there
// are no units to compare with, and any id is taken.
func (c *Company) CheckUnits(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return c.consistently(ctx, func(snap *snapshot) error {
		listed := slices.ContainsFunc(snap.tree.nodes, func(n node) bool {
			id := n.unit.ID
			return id != adoption.Company && id != adoption.Unassigned && !strings.HasSuffix(id, adoption.DirectSuffix)
		})
		for _, id := range ids {
			if _, known := snap.tree.byID[id]; listed && !known {
				return adoption.Invalid("unit", fmt.Sprintf("There is no unit %q. Units are named by their ids, as in the directory and in /api/v1/units.", id))
			}
		}
		return nil
	})
}
