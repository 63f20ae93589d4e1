// Package report writes what is read on paper: pages of A4 or Letter with headings, sentences, figures, charts and tables, as
// a PDF. It knows no figures and no words: who writes a pack hands them over as they shall be read. Everything is dark on
// white or has words, so it reads well when it is printed in grey.
package report

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"uptake/dashboard/picture"
)

// Report is a document: a first page with its title and summary, then sections, each from the top of a page.
type Report struct {
	Language string // "en", "de": which a reader's program reads it out in
	Title    string
	About    []string // lines under the title: whose figures, of which time, data until when
	Foot     string   // at the foot of each page, before its number
	Page     string   // "page {n} of {all}", with its two places
	Summary  []Block
	Sections []Section
	Made     time.Time
	Letter   bool // paper of the size Letter; else A4
}

// Section is a part with a heading.
type Section struct {
	Title  string
	Blocks []Block
}

// Block is something that stands between the margins.
type Block interface{ put(p *paper) }

// Kinds of blocks. A Sentence is what a section says, in large type; a Text is a paragraph; a List has a line with a dash
// for each; a Note is small and grey.
type (
	Sentence string
	Text     string
	List     []string
	Note     string
	// Figures stand beside one another, at most five.
	Figures []Figure
	// Chart is a picture of the page, as wide as the paper allows.
	Chart struct{ *picture.Picture }
	// Table has rows of cells. A row that does not fit goes to the next page, with the head above it again.
	Table struct {
		Head  []string
		Rows  [][]string
		Share []float64 // of the width that each column gets, adding up to 1
		Right []bool    // the columns of numbers
	}
)

// Figure is one number with what makes it readable.
type Figure struct{ Name, Value, Change, Basis string }

// Write writes the report as a PDF.
func (r *Report) Write(w io.Writer) error {
	p := newPaper(r)
	p.AddPage()
	p.SetY(p.top + 24)
	p.say("B", 26, ink, r.Title)
	p.Ln(3)
	for _, line := range r.About {
		p.say("", 11, grey, line)
	}
	p.Ln(8)
	for _, b := range r.Summary {
		b.put(p)
	}
	for _, s := range r.Sections {
		p.AddPage()
		p.Bookmark(s.Title, 0, -1)
		p.say("B", 16, ink, s.Title)
		p.Ln(3)
		for _, b := range s.Blocks {
			b.put(p)
		}
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the report %q: %w", r.Title, err)
	}
	return nil
}

// Lengths are millimetres, sizes of type are points.
const (
	side   = 18.0 // margins at the left and the right
	top    = 18.0
	bottom = 20.0
	point  = 25.4 / 72
)

type colour [3]int

var (
	ink  = colour{0x12, 0x16, 0x1c}
	grey = colour{0x47, 0x50, 0x5d}
	rule = colour{0xc6, 0xcc, 0xd5}
)

// paper is the document being written; top and wide are where text begins and how wide it may be.
type paper struct {
	*fpdf.Fpdf
	top, wide float64
}

func newPaper(r *Report) *paper {
	size := "A4"
	if r.Letter {
		size = "Letter"
	}
	p := &paper{Fpdf: fpdf.New("P", "mm", size, ""), top: top}
	p.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.SetMargins(side, top, side)
	p.SetAutoPageBreak(true, bottom)
	p.SetTitle(r.Title, true)
	p.SetProducer("Uptake", true)
	p.SetLang(r.Language)
	p.SetCreationDate(r.Made)
	p.SetModificationDate(r.Made)
	p.SetCatalogSort(true) // the same figures make the same file
	width, height := p.GetPageSize()
	p.wide = width - 2*side
	p.AliasNbPages("{all}")
	p.SetFooterFunc(func() {
		p.SetY(height - bottom + 6)
		p.SetFont("go", "", 8)
		p.SetTextColor(grey[0], grey[1], grey[2])
		p.CellFormat(p.wide*0.75, 4, r.Foot, "", 0, "L", false, 0, "")
		p.CellFormat(p.wide*0.25, 4, numbered(r.Page, p.PageNo()), "", 0, "R", false, 0, "")
	})
	return p
}

// say writes a paragraph and goes below it.
func (p *paper) say(style string, size float64, c colour, text string) {
	p.SetFont("go", style, size)
	p.SetTextColor(c[0], c[1], c[2])
	p.MultiCell(p.wide, size*point*1.4, text, "", "L", false)
}

// room begins a new page where less than height is left on this one.
func (p *paper) room(height float64) {
	if _, page := p.GetPageSize(); p.GetY()+height > page-bottom {
		p.AddPage()
	}
}

func (s Sentence) put(p *paper) {
	p.room(20)
	p.say("B", 13, ink, string(s))
	p.Ln(2)
}

func (t Text) put(p *paper) {
	p.say("", 10, ink, string(t))
	p.Ln(2)
}

func (n Note) put(p *paper) {
	p.say("", 8.5, grey, string(n))
	p.Ln(2)
}

func (l List) put(p *paper) {
	for _, item := range l {
		p.room(10)
		p.SetFont("go", "", 10)
		p.SetTextColor(ink[0], ink[1], ink[2])
		p.CellFormat(5, 10*point*1.4, "–", "", 0, "L", false, 0, "")
		p.MultiCell(p.wide-5, 10*point*1.4, item, "", "L", false)
		p.Ln(1)
	}
	p.Ln(2)
}

func (f Figures) put(p *paper) {
	if len(f) == 0 {
		return
	}
	p.room(34)
	const gap = 4.0
	width := (p.wide - gap*float64(len(f)-1)) / float64(len(f))
	y, low := p.GetY(), p.GetY()
	for i, figure := range f {
		x := side + float64(i)*(width+gap)
		p.SetDrawColor(rule[0], rule[1], rule[2])
		p.SetLineWidth(0.3)
		p.Line(x, y, x+width, y)
		p.SetXY(x, y+1.5)
		for _, part := range []struct {
			style string
			size  float64
			c     colour
			text  string
		}{{"", 8.5, grey, figure.Name}, {"B", 15, ink, figure.Value}, {"B", 8.5, ink, figure.Change}, {"", 8, grey, figure.Basis}} {
			if part.text == "" {
				continue
			}
			p.SetX(x)
			p.SetFont("go", part.style, part.size)
			p.SetTextColor(part.c[0], part.c[1], part.c[2])
			p.MultiCell(width, part.size*point*1.35, part.text, "", "L", false)
		}
		low = max(low, p.GetY())
		p.SetY(y)
	}
	p.SetY(low + 5)
}
