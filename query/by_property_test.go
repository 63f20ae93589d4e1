package query

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// people of chance, by everything that they can be grouped by: few values, so that groups lie inside each other, or do
// but for one or two people.
func randomAttributes(r *rand.Rand, units, kinds int) (cells []placedCell) {
	where := map[int32][attributeCount]int32{} // some units are all alike
	for unit := range int32(units) {
		var values [attributeCount]int32
		for m := range values {
			values[m] = r.Int32N(3)
		}
		where[unit] = values
	}
	seen := map[string]bool{}
	for range kinds {
		c := placedCell{unit: r.Int32N(int32(units)), people: 1 + r.Uint64N(4)}
		if r.IntN(3) == 0 {
			c.people += r.Uint64N(30)
		}
		c.values = where[c.unit]
		for m := range c.values {
			if r.IntN(3) == 0 {
				c.values[m] = r.Int32N(3)
			}
		}
		if r.IntN(2) == 0 {
			c.values[1] = c.values[0] // legacy entities that are locations
		}
		if key := fmt.Sprint(c.unit, c.values); !seen[key] {
			seen[key] = true
			cells = append(cells, c)
		}
	}
	return cells
}

// threeNames are the values of the attributes in these tests.
func threeNames() (names [attributeCount][]string) {
	for m := range names {
		names[m] = []string{"0", "1", "2"}
	}
	return names
}

// Everything that can be asked for of a tool and a day, by units and by all attributes, is a system of linear equations
// with one unknown for each cell of the full cross product that has people in it. No set of cells with fewer than k
// people has a figure that follows from it. The attacker knows who is in which cell.
func TestAllAttributesTogetherRevealNothingSmall(t *testing.T) {
	hidden, values := 0, 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 4))
		k := 2 + r.Uint64N(5)
		cells := randomAttributes(r, 1+r.IntN(3), 4+r.IntN(14))
		units := mergeSmallUnits(cells, k)
		j := judgeAttributes(cells, threeNames(), [attributeCount]map[string]uint64{}, units, k)
		if j.small {
			continue
		}
		e := &equations{width: len(cells)}
		for unit := range units {
			observeCells(e, cells, func(c placedCell) bool { return int(c.unit) == unit })
		}
		for m := range attributeCount {
			observeCells(e, cells, func(c placedCell) bool { return j.values[m][c.values[m]].hidden })
			for value, v := range j.values[m] {
				values++
				if v.hidden {
					hidden++
					continue
				}
				observeCells(e, cells, func(c placedCell) bool { return int(c.values[m]) == value })
			}
		}
		people := make([]uint64, len(cells))
		for i, c := range cells {
			people[i] = c.people
		}
		assertNothingSmall(t, e, people, 0, k, fmt.Sprintf("seed %d", seed))
	}
	t.Logf("%d of %d values are shown in the rest only", hidden, values)
}

// mergeSmallUnits makes groups of units as they would be shown: units that are too small are one group, with the next.
func mergeSmallUnits(cells []placedCell, k uint64) (units int) {
	sizes := map[int32]uint64{}
	for _, c := range cells {
		sizes[c.unit] += c.people
	}
	into := map[int32]int{}
	var held uint64
	for unit := range int32(8) {
		if sizes[unit] == 0 {
			continue
		}
		into[unit] = units
		if held += sizes[unit]; held >= k {
			units, held = units+1, 0
		}
	}
	if held > 0 { // the last are too few: they join the group before
		for unit, group := range into {
			if group == units {
				into[unit] = max(units-1, 0)
			}
		}
		units = max(units, 1)
	}
	for i := range cells {
		cells[i].unit = int32(into[cells[i].unit])
	}
	return units
}

// observeCells adds the equation of a figure of some cells.
func observeCells(e *equations, cells []placedCell, of func(placedCell) bool) {
	var ones []int
	for i, c := range cells {
		if of(c) {
			ones = append(ones, i)
		}
	}
	if len(ones) > 0 {
		e.add(e.vector(ones...))
	}
}

// A location that is one legacy entity but for two people: the one less the other would be these two.
func TestAGroupInsideAnotherButForTwo(t *testing.T) {
	location, entity := attributePlace[adoption.ByLocation], attributePlace[adoption.ByLegacyEntity]
	places, firms := []string{"Bonn", "Kiel"}, []string{"Alder", "Birch"}
	cell := func(place, firm string, people uint64) (c placedCell) {
		c.values[location], c.values[entity], c.people = int32(slices.Index(places, place)), int32(slices.Index(firms, firm)), people
		return c
	}
	hidden := func(cells ...placedCell) map[string]bool {
		var names [attributeCount][]string
		for m := range names {
			names[m] = []string{""}
		}
		names[location], names[entity] = places, firms
		j := judgeAttributes(cells, names, [attributeCount]map[string]uint64{}, 1, 5)
		all := map[string]bool{}
		for _, m := range []int{location, entity} {
			for i, v := range j.values[m] {
				all[names[m][i]] = v.hidden
			}
		}
		return all
	}
	// Bonn is Birch and two of Alder: Bonn − Birch = 2 people. The legacy entities are judged after the locations.
	assert.Equal(t, map[string]bool{"Bonn": false, "Kiel": false, "Alder": true, "Birch": true},
		hidden(cell("Bonn", "Birch", 20), cell("Bonn", "Alder", 2), cell("Kiel", "Alder", 30)))
	// The same, with five of Alder: five may be known.
	assert.Equal(t, map[string]bool{"Bonn": false, "Kiel": false, "Alder": false, "Birch": false},
		hidden(cell("Bonn", "Birch", 20), cell("Bonn", "Alder", 5), cell("Kiel", "Alder", 30)))
	// Two of Alder in Bonn, two of Birch in Kiel: Bonn − Birch = Alder's two less Birch's two, and that is no group.
	// But with each of them it would tell the other.
	assert.Equal(t, map[string]bool{"Bonn": false, "Kiel": false, "Alder": true, "Birch": true},
		hidden(cell("Bonn", "Birch", 20), cell("Bonn", "Alder", 2), cell("Kiel", "Alder", 30), cell("Kiel", "Birch", 2)))
	// Legacy entities that are the locations tell nothing new.
	assert.Equal(t, map[string]bool{"Bonn": false, "Kiel": false, "Alder": false, "Birch": false},
		hidden(cell("Bonn", "Birch", 20), cell("Kiel", "Alder", 30)))
}
