package query

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// cellAttacker knows every cell and total of a table that is shown, and which cells are empty. Its unknowns are the cells.
func cellAttacker(t cellTable, m cellMask) *equations {
	columns := len(t.columns)
	e := &equations{width: len(t.rows) * columns}
	var all []int
	inColumn := make([][]int, columns)
	for i := range t.rows {
		var inRow []int
		for j := range columns {
			at := i*columns + j
			if !m.cells[i][j] || t.cells[i][j] == 0 {
				e.add(e.vector(at))
			}
			all, inRow, inColumn[j] = append(all, at), append(inRow, at), append(inColumn[j], at)
		}
		if !m.rows[i] {
			e.add(e.vector(inRow...))
		}
	}
	for j := range columns {
		if !m.columns[j] {
			e.add(e.vector(inColumn[j]...))
		}
	}
	if !m.total {
		e.add(e.vector(all...))
	}
	return e
}

// whom a set of cells speaks of, counted person by person: those of a row are numbered by row, those of a column by
// column, others by cell.
func whom(t cellTable, set []int) uint64 {
	rows, columns := map[int]bool{}, map[int]bool{}
	var apart, ofRows, ofColumns uint64
	for _, at := range set {
		i, j := at/len(t.columns), at%len(t.columns)
		if apart += t.cells[i][j]; t.cells[i][j] == 0 {
			continue
		}
		if !rows[i] {
			ofRows, rows[i] = ofRows+t.rows[i].people, true
		}
		if !columns[j] {
			ofColumns, columns[j] = ofColumns+t.columns[j].people, true
		}
	}
	switch t.union {
	case rowsApart:
		return ofRows
	case endsApart:
		return min(ofRows, ofColumns)
	}
	return apart
}

// findSmall is a set of cells of 1 to k−1 people whose figure the attacker can compute, nil where there is none.
func findSmall(t cellTable, m cellMask, k uint64) []int {
	e := cellAttacker(t, m)
	var there []int // the cells that there are; the others add nothing
	for at := range e.width {
		if t.cells[at/len(t.columns)][at%len(t.columns)] > 0 {
			there = append(there, at)
		}
	}
	for bitsOfSet := uint64(1); bitsOfSet < 1<<len(there); bitsOfSet++ {
		set := bits(bitsOfSet, 0)
		for i := range set {
			set[i] = there[set[i]]
		}
		if small(whom(t, set), k) && e.determines(e.vector(set...)) {
			return set
		}
	}
	return nil
}

// randomCells has at most 12 cells, many of them near k, some empty, some totals not to be shown.
func randomCells(r *rand.Rand, k uint64) cellTable {
	rows, columns := 1+r.IntN(4), 1+r.IntN(4)
	for rows*columns > 12 {
		rows, columns = 1+r.IntN(4), 1+r.IntN(4)
	}
	t := cellTable{union: cellUnion(r.IntN(3)), total: r.IntN(6) > 0}
	margin := func() cellMargin { return cellMargin{people: 1 + r.Uint64N(3*k), total: r.IntN(6) > 0} }
	for range rows {
		t.rows = append(t.rows, margin())
		t.cells = append(t.cells, make([]uint64, columns))
	}
	for range columns {
		t.columns = append(t.columns, margin())
	}
	for i := range rows {
		for j := range columns {
			switch {
			case r.IntN(6) == 0:
			case t.union == cellsApart:
				t.cells[i][j] = 1 + r.Uint64N(3*k)
			default:
				t.cells[i][j] = 1
			}
		}
	}
	return t
}

func TestNoSmallGroupCanBeComputedFromATable(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	hidden, open := 0, 0
	for range 1_500 {
		k := 2 + r.Uint64N(6)
		table := randomCells(r, k)
		mask := hideCells(table, k)
		require.Equal(t, mask, hideCells(table, k))
		if set := findSmall(table, mask, k); set != nil {
			t.Fatalf("k = %d, %+v, hidden %v: cells %v can be computed", k, table, picture(mask), set)
		}
		requireRules(t, table, mask, k)
		// The attack finds something where less is hidden: only what is small by itself.
		if findSmall(table, newHiding(table, k).mask, k) != nil {
			open++
		}
		hidden++
	}
	require.Greater(t, open, hidden/4, "the tables need more than their small cells hidden, or the test proves nothing")
}

// requireRules demands rules 1 and 2 of METRICS, line by line.
func requireRules(t *testing.T, table cellTable, mask cellMask, k uint64) {
	t.Helper()
	columns := len(table.columns)
	line := func(shown bool, cells []int) {
		var hidden []int
		for _, at := range cells {
			i, j := at/columns, at%columns
			people := whom(table, []int{at})
			require.False(t, small(people, k) && !mask.cells[i][j], "a small cell is shown")
			require.False(t, people == 0 && mask.cells[i][j], "an empty cell is hidden")
			if mask.cells[i][j] {
				hidden = append(hidden, at)
			}
		}
		if shown {
			require.False(t, small(whom(table, hidden), k), "a line's hidden cells hold too few")
			require.False(t, small(whom(table, cells), k), "the total of few is shown")
		}
	}
	inColumn := make([][]int, columns)
	for i, row := range table.rows {
		var inRow []int
		for j := range columns {
			inRow, inColumn[j] = append(inRow, i*columns+j), append(inColumn[j], i*columns+j)
		}
		require.True(t, row.total || mask.rows[i])
		line(!mask.rows[i], inRow)
	}
	for j, column := range table.columns {
		require.True(t, column.total || mask.columns[j])
		line(!mask.columns[j], inColumn[j])
	}
	require.True(t, table.total || mask.total)
}

// One small cell among greater ones: of all sets of cells that could be hidden with it, tried one by one, none that leaves
// the attacker nothing holds fewer people.
func TestNothingIsHiddenWithoutNeed(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	const k = 5
	for range 25 {
		rows, columns := 2+r.IntN(2), 2+r.IntN(2)
		var cells [][]uint64
		for range rows {
			row := make([]uint64, columns)
			for j := range row {
				row[j] = k + r.Uint64N(40)
			}
			cells = append(cells, row)
		}
		smallest := r.IntN(rows * columns)
		cells[smallest/columns][smallest%columns] = 1 + r.Uint64N(k-1)
		full := cellsOf(cells...)
		people := func(m cellMask) (sum uint64) {
			for i := range cells {
				for j := range cells[i] {
					if m.cells[i][j] {
						sum += cells[i][j]
					}
				}
			}
			return sum
		}
		got := hideCells(full, k)
		require.NotContains(t, append(append([]bool{got.total}, got.rows...), got.columns...), true, "no total needs to be hidden")
		best := people(got)
		for set := uint64(0); set < 1<<(rows*columns); set++ {
			m := newHiding(full, k).mask
			for _, at := range bits(set, 0) {
				m.cells[at/columns][at%columns] = true
			}
			if people(m) < best {
				require.NotNil(t, findSmall(full, m, k), "%v would do instead of %v", picture(m), picture(got))
			}
		}
	}
	require.Equal(t, picture(newHiding(cellsOf([]uint64{9, 5}, []uint64{0, 7}), k).mask), picture(hideCells(cellsOf([]uint64{9, 5}, []uint64{0, 7}), k)))
}
