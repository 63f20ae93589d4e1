package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// CSV writes the table as RFC 4180 has it, in UTF-8: numbers with a point and without marks of thousands, whatever the page's
// language, shares of 0..1. A text that a program for tables would take for a formula gets an apostrophe in front.
func (t *Table) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(safe(t.Head)) // errors are kept until Error
	for _, row := range t.Rows {
		fields := make([]string, len(row))
		for i, c := range row {
			if c.Number != nil {
				fields[i] = strconv.FormatFloat(*c.Number, 'f', c.digits(), 64)
			} else {
				fields[i] = harmless(c.Text)
			}
		}
		_ = out.Write(fields)
	}
	out.Flush()
	return out.Error()
}

// digits are those after the point that the number was shown with.
func (c Cell) digits() int {
	if c.Share {
		return c.Decimals + 2
	}
	return c.Decimals
}

func safe(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = harmless(text)
	}
	return out
}

// harmless keeps a text from being taken for a formula (OWASP, CSV injection).
func harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

// XLSX writes the table as a workbook of one sheet: its title, what it is about, then the table; numbers are numbers.
func (t *Table) XLSX(w io.Writer, title, about string) error {
	book := excelize.NewFile()
	defer book.Close() //nolint:errcheck // nothing of it lies on a disk
	const name = "Uptake"
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("name the sheet: %w", err)
	}
	b := &workbook{file: book, sheet: name, styles: map[string]int{}}
	b.text(1, 1, title, b.style("", true))
	b.text(2, 1, about, 0)
	const head = 4
	for i, text := range t.Head {
		b.text(head, i+1, text, b.style("", true))
		b.wide(i+1, t)
	}
	for i, row := range t.Rows {
		for j, c := range row {
			if c.Number != nil {
				b.number(head+1+i, j+1, c)
			} else {
				b.text(head+1+i, j+1, c.Text, 0)
			}
		}
	}
	if b.err == nil {
		b.err = book.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: head, TopLeftCell: "A5", ActivePane: "bottomLeft"})
	}
	if b.err == nil {
		_, b.err = book.WriteTo(w)
	}
	if b.err != nil {
		return fmt.Errorf("write a workbook: %w", b.err)
	}
	return nil
}

// workbook is a sheet that is being filled; after an error nothing more is done.
type workbook struct {
	file   *excelize.File
	sheet  string
	styles map[string]int // by format, and whether bold
	err    error
}

func (b *workbook) at(row, column int) string {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if b.err == nil {
		b.err = err
	}
	return cell
}

// text writes a text as a text: never as a formula.
func (b *workbook) text(row, column int, text string, style int) {
	if cell := b.at(row, column); b.err == nil {
		if b.err = b.file.SetCellStr(b.sheet, cell, text); b.err == nil && style != 0 {
			b.err = b.file.SetCellStyle(b.sheet, cell, cell, style)
		}
	}
}

func (b *workbook) number(row, column int, c Cell) {
	format := "#,##0"
	if c.Decimals > 0 {
		format += "." + strings.Repeat("0", c.Decimals)
	}
	if c.Share {
		format = strings.TrimPrefix(format, "#,##") + "%"
	}
	cell, style := b.at(row, column), b.style(format, false)
	if b.err == nil {
		b.err = b.file.SetCellFloat(b.sheet, cell, *c.Number, c.digits(), 64)
	}
	if b.err == nil {
		b.err = b.file.SetCellStyle(b.sheet, cell, cell, style)
	}
}

func (b *workbook) style(format string, bold bool) int {
	key := format + strconv.FormatBool(bold)
	id, ok := b.styles[key]
	if ok || b.err != nil {
		return id
	}
	style := &excelize.Style{}
	if format != "" {
		style.CustomNumFmt = &format
	}
	if bold {
		style.Font = &excelize.Font{Bold: true}
	}
	id, b.err = b.file.NewStyle(style)
	b.styles[key] = id
	return id
}

// wide makes a column as wide as its longest text, within bounds.
func (b *workbook) wide(column int, t *Table) {
	longest := len(t.Head[column-1])
	for _, row := range t.Rows {
		if column <= len(row) {
			longest = max(longest, len(row[column-1].Text))
		}
	}
	name, err := excelize.ColumnNumberToName(column)
	if b.err == nil {
		b.err = err
	}
	if b.err == nil {
		b.err = b.file.SetColWidth(b.sheet, name, name, float64(min(max(longest+2, 8), 48)))
	}
}
