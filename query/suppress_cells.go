package query

// cellTable is a table of figures that add up along rows and columns, before anything of it is hidden: units × units,
// cohorts × weeks, an attribute × a breakdown. It holds sizes alone, never what people did, so that hiding itself
// tells nothing. A cell of a figure that is the same as another's by its making must be there once: of interactions
// without direction, only one half of the matrix.
type cellTable struct {
	rows, columns []cellMargin // in the order of their ids, which decides ties
	// cells is how many people each cell speaks of, by row and column. 0: there is nobody, or no such cell (a week
	// that is still to come); it is shown, and protects nobody.
	cells [][]uint64
	// order is what the complement is chosen by, like the headcounts of divide; nil: cells.
	order [][]uint64
	total bool // the sum over all may be shown
	union cellUnion
}

// cellMargin is a row or a column.
type cellMargin struct {
	people uint64 // whom it stands for; not used by cellsApart
	total  bool   // its sum may be shown
}

// cellUnion says how many people several cells speak of together.
type cellUnion uint8

const (
	cellsApart cellUnion = iota // each cell of people of its own: the sum of the cells
	rowsApart                   // the cells of a row of the same people: the sum of the rows touched (cohorts × weeks)
	endsApart                   // a cell of its row's people and of its column's: the lesser of the two sums (units × units)
)

// cellMask is what of a table is hidden.
type cellMask struct {
	cells         [][]bool
	rows, columns []bool // their totals
	total         bool
}

// hideCells decides which cells and totals are hidden (METRICS: Small groups, rules 1, 2 and 5):
//
//  1. every cell and total of 1 to k−1 people is hidden, and every total that may not be shown;
//  2. while the figure of some set of hidden cells of 1 to k−1 people can be computed from what is shown, the smallest
//     cells are hidden too that prevent it (detour); totals only where no cells do.
//
// In one dimension, that is the complement of divide: where the hidden cells of a row with its total hold too few, the
// row's next smallest. In two, it does not suffice that the hidden cells of every row and column hold at least k: of two
// rows that each hide 4 and 1, the 4s in one column that hides nothing else, both rows less the column give the two 1s.
// So each small cell is protected against all sums and differences at once (network); rows and columns follow, being
// the simplest of them: along each whose total is shown, the hidden cells hold at least k people, or there are none.
//
// It ends because each step hides one more, and when all is hidden nothing can be computed. Hiding more never uncovers:
// what was safe stays so.
//
// Protected is what linear algebra finds from this table alone. Not protected: what follows from figures being counts,
// none below 0 or above its people (where hidden cells add up to 0, each is 0); what other tables tell of the same
// people, of another date, another level of the tree or another tool.
func hideCells(t cellTable, k uint64) cellMask {
	h := newHiding(t, k)
	for _, c := range h.smallCells() {
		for _, n := range h.networks {
			for !n.protects(c) {
				for _, at := range h.detour(n, c) {
					h.hide(at)
				}
			}
		}
	}
	return h.mask
}

// place of a cell or a total: the totals of rows are the column after the last, those of columns the row after it.
type cellPlace struct{ row, column int }

// hiding is a table on its way.
type hiding struct {
	cellTable
	k        uint64
	people   [][]uint64 // whom each cell and total speaks of
	mask     cellMask
	networks []*cellNetwork
}

// newHiding hides what is small by itself or may not be shown.
func newHiding(t cellTable, k uint64) *hiding {
	h := &hiding{cellTable: t, k: k, mask: cellMask{
		cells: make([][]bool, len(t.rows)), rows: make([]bool, len(t.rows)), columns: make([]bool, len(t.columns)),
	}}
	switch t.union {
	case cellsApart:
		h.networks = []*cellNetwork{newCellNetwork(t, k, byCell)}
	case rowsApart:
		h.networks = []*cellNetwork{newCellNetwork(t, k, byRow)}
	case endsApart:
		h.networks = []*cellNetwork{newCellNetwork(t, k, byRow), newCellNetwork(t, k, byColumn)}
	}
	for i := range t.rows {
		h.mask.cells[i] = make([]bool, len(t.columns))
	}
	for i := range len(t.rows) + 1 {
		h.people = append(h.people, make([]uint64, len(t.columns)+1))
		for j := range len(t.columns) + 1 {
			at := cellPlace{i, j}
			h.people[i][j] = t.people(at)
			if small(h.people[i][j], k) || !h.mayBeShown(at) {
				h.hide(at)
			}
		}
	}
	return h
}

// mayBeShown tells it of a total; all cells may be shown.
func (h *hiding) mayBeShown(at cellPlace) bool {
	lastRow, lastColumn := at.row == len(h.rows), at.column == len(h.columns)
	switch {
	case lastRow && lastColumn:
		return h.total
	case lastRow:
		return h.columns[at.column].total
	case lastColumn:
		return h.rows[at.row].total
	}
	return true
}

// people is whom a cell or a total speaks of.
func (t cellTable) people(at cellPlace) uint64 {
	fromRow, toRow := cellSpan(at.row, len(t.rows))
	fromColumn, toColumn := cellSpan(at.column, len(t.columns))
	var apart uint64
	rows, columns := map[int]uint64{}, map[int]uint64{} // those touched, with their people
	for i := fromRow; i < toRow; i++ {
		for j := fromColumn; j < toColumn; j++ {
			if t.cells[i][j] > 0 {
				apart += t.cells[i][j]
				rows[i], columns[j] = t.rows[i].people, t.columns[j].people
			}
		}
	}
	switch t.union {
	case rowsApart:
		return cellSum(rows)
	case endsApart:
		return min(cellSum(rows), cellSum(columns))
	}
	return apart
}

func cellSum(groups map[int]uint64) (people uint64) {
	for _, n := range groups {
		people += n
	}
	return people
}

// cellSpan is what a place stands for of n rows or columns: itself, or all of them.
func cellSpan(at, n int) (from, to int) {
	if at == n {
		return 0, n
	}
	return at, at + 1
}

// flag is where the mask keeps a cell or a total.
func (h *hiding) flag(at cellPlace) *bool {
	lastRow, lastColumn := at.row == len(h.rows), at.column == len(h.columns)
	switch {
	case lastRow && lastColumn:
		return &h.mask.total
	case lastRow:
		return &h.mask.columns[at.column]
	case lastColumn:
		return &h.mask.rows[at.row]
	}
	return &h.mask.cells[at.row][at.column]
}

func (h *hiding) hide(at cellPlace) {
	*h.flag(at) = true
	for _, n := range h.networks {
		n.hide(at)
	}
}

// smallCells are the cells that need protection.
func (h *hiding) smallCells() []cellPlace {
	var places []cellPlace
	for i := range h.rows {
		for j := range h.columns {
			if small(h.people[i][j], h.k) {
				places = append(places, cellPlace{i, j})
			}
		}
	}
	return places
}
