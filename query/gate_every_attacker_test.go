package query

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// known is what somebody knows of unknowns: linear equations modulo a prime, by their first unknown. Equations have few
// unknowns each, so that only those that are not 0 are kept.
type known struct{ rows map[int]map[int]uint64 }

func newKnown() *known { return &known{rows: map[int]map[int]uint64{}} }

// add takes an equation in, the sum of some unknowns, each with a factor.
func (e *known) add(v map[int]uint64) {
	v = maps.Clone(v)
	for len(v) > 0 {
		lead := slices.Min(slices.Collect(maps.Keys(v)))
		row, there := e.rows[lead]
		if !there {
			inverse := residuePower(v[lead], residuePrime-2)
			for at, x := range v {
				v[at] = x * inverse % residuePrime
			}
			e.rows[lead] = v
			return
		}
		factor := residuePrime - v[lead]
		for at, x := range row {
			if v[at] = (v[at] + factor*x) % residuePrime; v[at] == 0 {
				delete(v, at)
			}
		}
	}
}

// sum adds the equation of a sum of unknowns.
func (e *known) sum(unknowns ...int) {
	v := map[int]uint64{}
	for _, at := range unknowns {
		v[at] = 1
	}
	e.add(v)
}

// doubt is by how much the unknowns may all be otherwise, drawn by chance: what changes none of the equations.
func (e *known) doubt(r *rand.Rand, width int) []uint64 {
	x := make([]uint64, width)
	for at := width - 1; at >= 0; at-- {
		row, there := e.rows[at]
		if !there {
			x[at] = r.Uint64N(residuePrime)
			continue
		}
		for other, factor := range row {
			if other != at {
				x[at] = (x[at] + (residuePrime-factor)*x[other]) % residuePrime
			}
		}
	}
	return x
}

// tells says whether some combination of the unknowns of a set follows from the equations: it does if doubts, more than
// there are unknowns, do not fill all directions (but for a chance of 2⁻³¹).
func tells(doubts [][]uint64, set []int) bool {
	free := &residues{}
	for _, x := range doubts {
		v := make([]uint64, len(set))
		for i, at := range set {
			v[i] = x[at]
		}
		free.add(v)
	}
	return len(free.rows) < len(set)
}

// The figures that are unknown of each tool and cell.
const (
	ofActive1 = iota
	ofActive7
	ofActive28
	ofCreators
	ofResponders
	ofConsumers
	ofNew
	ofReturning
	ofResurrected
	ofDormant
	ofActions
	ofContributed
	ofPower
	ofHabitual
	ofNovice
	ofLow
	ofStarted
	ofBegun // active ever
	ofActivated
	ofWithout // active without access
	everyFigures
)

// everyAttacker collects what is told.
type everyAttacker struct {
	*everyWorld
	*known
	told int
}

func (a *everyAttacker) unknown(tool, figure, cell int) int {
	return (tool*everyFigures+figure)*len(a.cells) + cell
}

// hear takes a figure in that is told, made of powers of two.
func (a *everyAttacker) hear(tool, figure int, value *uint64) {
	if value == nil || *value == 0 {
		return
	}
	var of []int
	for _, cell := range bits(*value, 0) {
		of = append(of, a.unknown(tool+cell/len(a.cells), figure, cell%len(a.cells)))
	}
	a.told++
	a.sum(of...)
}

// population is whom a figure of a cell is about.
func (a *everyAttacker) population(tool, figure, cell int) uint64 {
	c, id := a.cells[cell], everyTools[tool]
	switch figure {
	case ofNew, ofReturning, ofResurrected, ofDormant:
		return a.enabled(c, id, a.sunday)
	case ofWithout:
		return a.others(c, id)
	case ofActivated:
		if !c.eligible {
			return 0
		}
	}
	return a.enabled(c, id, a.day)
}

// begin takes in what everybody knows: that nobody did nothing, and the ties.
func (a *everyAttacker) begin() {
	for t := range everyTools {
		for cell := range a.cells {
			at := func(figure int) int { return a.unknown(t, figure, cell) }
			for f := range everyFigures {
				if a.population(t, f, cell) == 0 {
					a.sum(at(f))
				}
			}
			less := uint64(residuePrime - 1)
			a.add(map[int]uint64{at(ofCreators): 1, at(ofResponders): 1, at(ofConsumers): 1, at(ofActive28): less})
			if a.day == a.sunday {
				a.add(map[int]uint64{at(ofNew): 1, at(ofReturning): 1, at(ofResurrected): 1, at(ofActive7): less})
			}
		}
	}
}

// breach is a small group of whom something follows; "" where there is none.
func (a *everyAttacker) breach(r *rand.Rand) string {
	width := len(everyTools) * everyFigures * len(a.cells)
	var doubts [][]uint64
	for range a.k + 1 {
		doubts = append(doubts, a.doubt(r, width))
	}
	for t, tool := range everyTools {
		for f := range everyFigures {
			var found []int
			a.smallSets(t, f, 0, 0, nil, func(set []int) bool {
				if tells(doubts, set) {
					found = set
				}
				return found != nil
			})
			if found != nil {
				return fmt.Sprintf("tool %s, figure %d, unknowns %v", tool, f, found)
			}
		}
	}
	return ""
}

// smallSets goes through all sets of unknowns of a figure about 1 to k−1 people, until try is content.
func (a *everyAttacker) smallSets(tool, figure, from int, people uint64, set []int, try func([]int) bool) bool {
	for cell := from; cell < len(a.cells); cell++ {
		n := a.population(tool, figure, cell)
		if n == 0 || people+n >= a.k {
			continue
		}
		more := append(set[:len(set):len(set)], a.unknown(tool, figure, cell))
		if try(more) || a.smallSets(tool, figure, cell+1, people+n, more, try) {
			return true
		}
	}
	return false
}
