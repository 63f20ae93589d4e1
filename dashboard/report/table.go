package report

import (
	"strconv"
	"strings"
)

const (
	cellSize = 8.5
	cellPad  = 1.2 // above and below the text of a row
	cellGap  = 2.0 // between two columns
)

func (t Table) put(p *paper) {
	p.room(24)
	t.row(p, t.Head, "B")
	for _, row := range t.Rows {
		if _, page := p.GetPageSize(); p.GetY()+t.height(p, row) > page-bottom {
			p.AddPage()
			t.row(p, t.Head, "B")
		}
		t.row(p, row, "")
	}
	p.Ln(4)
}

// width is that of a column; columns without a share of their own divide the paper evenly.
func (t Table) width(p *paper, column int) float64 {
	if column < len(t.Share) {
		return p.wide * t.Share[column]
	}
	return p.wide / float64(len(t.Head))
}

// height is what a row takes: its cell with the most lines.
func (t Table) height(p *paper, row []string) float64 {
	p.SetFont("go", "", cellSize)
	lines := 1
	for i, text := range row {
		lines = max(lines, len(p.SplitText(text, t.width(p, i)-cellGap-2*p.GetCellMargin())))
	}
	return float64(lines)*cellSize*point*1.35 + 2*cellPad
}

// row writes a row with a fine line under it.
func (t Table) row(p *paper, row []string, style string) {
	y, x, high := p.GetY(), side, t.height(p, row)
	for i, text := range row {
		align := "L"
		if i < len(t.Right) && t.Right[i] {
			align = "R"
		}
		p.SetXY(x, y+cellPad)
		p.SetFont("go", style, cellSize)
		p.SetTextColor(ink[0], ink[1], ink[2])
		p.MultiCell(t.width(p, i)-cellGap, cellSize*point*1.35, text, "", align, false)
		x += t.width(p, i)
	}
	p.SetDrawColor(rule[0], rule[1], rule[2])
	p.SetLineWidth(0.2)
	p.SetDashPattern(nil, 0)
	p.Line(side, y+high, side+p.wide, y+high)
	p.SetY(y + high)
}

// numbered puts the number of a page into its words; the number of all pages is put in when it is known.
func numbered(words string, page int) string {
	return strings.ReplaceAll(words, "{n}", strconv.Itoa(page))
}
