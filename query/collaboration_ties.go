package query

import (
	"cmp"
	"slices"
	"strings"

	"uptake/adoption"
)

// What counts as a bridge or a silo. Both are found in what the gate has let through.
const (
	bridgeVolume = 20  // interactions between two units below which nothing is said about them
	bridgeRatio  = 1.5 // times as many as expected
	bridgesMost  = 10

	siloVolume = 50   // interactions with an end in a unit below which nothing is said about it
	siloIndex  = -0.8 // E-I index at most: nine of ten interactions stay inside
	silosMost  = 10
)

// findBridges lists the pairs of units of the matrix that exchange most for what each of them exchanges with the units of
// the matrix at all. A rest counts as a unit in what is expected, and is in no pair: who it is differs.
func (a *CollaborationAnswer) findBridges() {
	expected := adoption.ExpectedExchange(a.Matrix.Interactions)
	for i, unit := range a.Matrix.Units {
		for j, with := range a.Matrix.Units[:i] {
			b := Bridge{Unit: with, UnitName: a.nameOf(with), With: unit, WithName: a.nameOf(unit),
				Interactions: a.Matrix.Interactions[i][j] + a.Matrix.Interactions[j][i], Expected: expected[i][j] + expected[j][i]}
			if isRest(unit) || isRest(with) || b.Interactions < bridgeVolume || b.Expected <= 0 {
				continue
			}
			if b.Ratio = float64(b.Interactions) / b.Expected; b.Ratio >= bridgeRatio {
				a.Bridges = append(a.Bridges, b)
			}
		}
	}
	slices.SortFunc(a.Bridges, func(x, y Bridge) int {
		return cmp.Or(cmp.Compare(y.Ratio, x.Ratio), cmp.Compare(x.Unit, y.Unit), cmp.Compare(x.With, y.With))
	})
	a.Bridges = a.Bridges[:min(len(a.Bridges), bridgesMost)]
}

// findSilos lists the units of the matrix whose people keep to themselves.
func (a *CollaborationAnswer) findSilos() {
	for _, row := range a.Rows[min(1, len(a.Rows)):] {
		if row.EIIndex == nil || isRest(row.Unit) {
			continue
		}
		s := Silo{Unit: row.Unit, UnitName: row.UnitName, Interactions: *row.Internal + *row.Sent + *row.Received, EIIndex: *row.EIIndex}
		if s.Interactions >= siloVolume && s.EIIndex <= siloIndex {
			a.Silos = append(a.Silos, s)
		}
	}
	slices.SortFunc(a.Silos, func(x, y Silo) int {
		return cmp.Or(cmp.Compare(x.EIIndex, y.EIIndex), cmp.Compare(y.Interactions, x.Interactions), cmp.Compare(x.Unit, y.Unit))
	})
	a.Silos = a.Silos[:min(len(a.Silos), silosMost)]
}

func (a *CollaborationAnswer) nameOf(unit string) string {
	for _, row := range a.Rows {
		if row.Unit == unit {
			return row.UnitName
		}
	}
	return unit
}

func isRest(unit string) bool { return strings.HasSuffix(unit, adoption.RestSuffix) }
