package query

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// cellsOf is a table of cells that each speak of people of their own, all totals shown.
func cellsOf(cells ...[]uint64) cellTable {
	t := cellTable{cells: cells, total: true}
	for range cells {
		t.rows = append(t.rows, cellMargin{total: true})
	}
	for range cells[0] {
		t.columns = append(t.columns, cellMargin{total: true})
	}
	return t
}

// picture draws a mask: a line a row, # hidden, · shown, behind the bar the totals.
func picture(m cellMask) (lines []string) {
	mark := func(hidden bool) string {
		if hidden {
			return "#"
		}
		return "·"
	}
	line := func(cells []bool, total bool) {
		s := ""
		for _, hidden := range cells {
			s += mark(hidden)
		}
		lines = append(lines, s+"|"+mark(total))
	}
	for i, cells := range m.cells {
		line(cells, m.rows[i])
	}
	line(m.columns, m.total)
	return lines
}

// All with k = 5.
func TestCellsAreHiddenByTheirPeople(t *testing.T) {
	hiddenTotals := cellsOf([]uint64{3, 9}, []uint64{8, 9})
	hiddenTotals.rows[0].total, hiddenTotals.columns[0].total, hiddenTotals.total = false, false, false
	byOrder := cellsOf([]uint64{3, 6, 7}, []uint64{6, 9, 9}, []uint64{7, 9, 9})
	byOrder.order = [][]uint64{{3, 90, 7}, {90, 90, 90}, {7, 90, 9}}
	cohorts := cellsOf([]uint64{3, 3, 3}, []uint64{30, 30, 30}, []uint64{20, 20, 0})
	cohorts.union = rowsApart
	for i, size := range []uint64{3, 30, 20} {
		cohorts.rows[i].people = size
	}
	units := cellsOf([]uint64{1, 1, 1}, []uint64{1, 1, 1}, []uint64{1, 1, 1})
	units.union = endsApart
	for i, size := range []uint64{3, 30, 20} {
		units.rows[i].people, units.columns[i].people = size, size
	}
	for _, c := range []struct {
		name string
		t    cellTable
		want string
	}{
		{"nobody small", cellsOf([]uint64{5, 9}, []uint64{0, 7}), "··|· ··|· ··|·"},
		// The 3 is the row less the rest, and the column less the rest: a cell beside it and one below must go, and of these
		// each would be had again from its own column and row, but for the one in which they cross. Of the four such
		// rings, 6, 8 and 9 are the fewest people.
		{"one small cell takes a ring", cellsOf([]uint64{3, 6, 7}, []uint64{8, 9, 9}, []uint64{9, 9, 9}), "##·|· ##·|· ···|· ···|·"},
		// 2 and 3 hold five along the row, but each is alone in its column: 6 and 7 below them, or 8 and 6, or one of each
		// (14, where the row of the 6s would need another still). The least is 6 and 7.
		{"a row that holds enough", cellsOf([]uint64{2, 3, 9}, []uint64{6, 7, 9}, []uint64{8, 6, 9}), "##·|· ##·|· ···|· ···|·"},
		// The 4s and 1s hold 5 in each row, and with a 6 enough in each column; but both rows less the first column are the
		// two 1s. They need a third column in one of the rows, and a row that leads back from it: 8, 9 and the 6.
		{"a table that holds enough", cellsOf([]uint64{4, 1, 0, 9}, []uint64{4, 1, 0, 8}, []uint64{0, 6, 6, 9}, []uint64{0, 9, 6, 9}), "##··|· ##·#|· ·#·#|· ····|· ····|·"},
		{"an empty cell protects nobody", cellsOf([]uint64{3, 0, 7}, []uint64{0, 5, 6}, []uint64{9, 9, 9}), "#·#|· ···|· #·#|· ···|·"},
		// By their own sizes, it would be the 6s.
		{"the next by headcount", byOrder, "#·#|· ···|· #·#|· ···|·"},
		// Row total, column total and the sum of all are unknown: three unknown of its own, of which none can be had.
		{"totals that may not be shown", hiddenTotals, "#·|# ··|· #·|#"},
		// Nothing is left to hide but totals: the row's, which is 3 people, the column's, and then the sum of all.
		{"a single cell", cellsOf([]uint64{3}), "#|# #|#"},
		// Rows of 3 and 4 people: both totals are hidden, and as the column holds 7, nothing else.
		{"a single column of small cells", cellsOf([]uint64{3}, []uint64{4}), "#|# #|# ·|·"},
		// The cohort of 3 is hidden, with its total; but that is everybody less the other totals, so the smallest of these
		// is hidden, 20. In the first two weeks the cell of the 20 guards that of the 3. In the third they have none, so that of
		// the 30 must: it would be the row of the 30 less the rest, so another of that row is hidden, the first.
		{"cohorts", cohorts, "###|# #·#|· ##·|# ···|·"},
		// The unit of 3 is hidden as sender and as receiver, so is one total of each kind, that of the 20. Between the 30
		// and the 20, one cell each way is left to guard those of the 3 in that row and column.
		{"units", units, "###|# #·#|· ##·|# #·#|·"},
	} {
		assert.Equal(t, strings.Fields(c.want), picture(hideCells(c.t, 5)), c.name)
	}
}
