package query

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// bankCells is 130,000 people in 400 units, 40 locations, 2 legacy entities, 12 roles and 26 years of hiring: nearly
// every one is a cell by him- or herself.
func bankCells() (cells []placedCell, names [attributeCount][]string) {
	r := rand.New(rand.NewPCG(1, 1))
	for m := range names {
		for i := range 40 {
			names[m] = append(names[m], fmt.Sprint(i))
		}
	}
	cells = make([]placedCell, 130_000)
	for i := range cells {
		unit := r.Int32N(400)
		location := unit % 40
		if r.IntN(20) == 0 {
			location = r.Int32N(40)
		}
		cells[i] = placedCell{unit: unit, people: 1, values: [attributeCount]int32{location, unit % 2, r.Int32N(12), r.Int32N(26)}}
	}
	return cells, names
}

// BenchmarkJudgeAttributes judges one day and tool at the size of a bank.
func BenchmarkJudgeAttributes(b *testing.B) {
	cells, names := bankCells()
	for b.Loop() {
		if j := judgeAttributes(cells, names, [attributeCount]map[string]uint64{}, 400, 5); j.small {
			b.Fatal("nothing is small here")
		}
	}
}
