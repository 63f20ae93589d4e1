package picture

import (
	"fmt"
	"image/color"
	"strings"
)

// Pen is how a shape is drawn. A colour that is nil is not drawn.
type Pen struct {
	Stroke, Fill *color.RGBA
	Width        float64
	Dash         []float64 // lengths of lines and gaps in turn; nil is a whole line
	Size         float64   // of a text, from line to line of a book: the size of its type
	Bold         bool
}

// The colours of paper: the light tokens of the style sheet (web/assets/app.css). A test holds the two together.
var (
	ink      = rgb(0x12161c)
	ink2     = rgb(0x47505d)
	ink3     = rgb(0x616b79)
	line     = rgb(0xdfe3e8)
	track    = rgb(0xeceef2)
	previous = rgb(0xc6ccd5)
	accent   = rgb(0x1a56db)
	accent2  = rgb(0x8fb1f5)
	bad      = rgb(0xb34700)
	edge     = rgb(0x868f9c)
	surface  = rgb(0xffffff)
)

func rgb(v uint32) *color.RGBA {
	return &color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// shapePens says how each class of the package chart is drawn. Later classes of an element add to earlier ones.
var shapePens = map[string]func(*Pen){
	"c-line":      stroke(ink, 2),
	"c-line-prev": stroke(previous, 2),
	"c-running":   func(p *Pen) { p.Dash = []float64{3, 4} },
	"c-line-lone": fill(ink),
	"c-dot":       fill(ink),
	"c-open":      both(surface, ink, 1.5),
	"c-base":      stroke(ink3, 1),
	"c-grid":      stroke(line, 1),
	"c-tick":      stroke(ink3, 1),
	"c-track":     fill(track),
	"c-prev":      fill(previous),
	"c-bar":       fill(ink),
	"c-part":      func(*Pen) {},
	"c-part-1":    fill(ink),
	"c-part-2":    fill(accent),
	"c-part-3":    fill(accent2),
	"c-lost":      stroke(bad, 1.5),
	"c-tie":       stroke(previous, 1),
	"c-strong":    stroke(accent, 1),
	"c-group":     fill(ink),
	"c-outline":   stroke(ink3, 1),
	"c-plan":      stroke(ink, 1.5),
	"c-ahead":     func(p *Pen) { stroke(ink3, 1.5)(p); p.Dash = []float64{1, 4} },
	"c-unknown":   func(*Pen) {},
	"c-hidden":    func(p *Pen) { stroke(ink3, 1.5)(p); p.Dash = []float64{1.5, 3} },

	// Estimates: half-transparent on the page, mixed with the paper here.
	"c-span":         fill(rgb(0xb0b5bc)),
	"c-above":        fill(rgb(0x8caaed)),
	"c-below":        fill(rgb(0xd9a380)),
	"c-across":       func(*Pen) {},
	"c-mid":          stroke(ink, 2),
	"c-mark":         func(p *Pen) { stroke(ink, 1)(p); p.Dash = []float64{2, 2} },
	"c-link":         stroke(ink3, 1),
	"c-plus":         fill(ink),
	"c-minus":        fill(ink3),
	"c-swing-low":    both(surface, ink3, 1),
	"c-swing-high":   fill(ink3),
	"c-band":         fill(track),
	"c-against":      stroke(edge, 2),
	"c-against-lone": fill(edge),
}

// textPens says how the classes of texts differ from a plain one.
var textPens = map[string]func(*Pen){
	"c-axis":  func(*Pen) {},
	"c-note":  func(*Pen) {},
	"c-halo":  func(*Pen) {},
	"c-quiet": fill(ink2),
	"c-text":  fill(ink),
	"c-value": func(p *Pen) { fill(ink)(p); p.Bold, p.Size = true, 15 },
}

func stroke(c *color.RGBA, width float64) func(*Pen) {
	return func(p *Pen) { p.Stroke, p.Width = c, width }
}

func fill(c *color.RGBA) func(*Pen) { return func(p *Pen) { p.Fill = c } }

func both(inside, edge *color.RGBA, width float64) func(*Pen) {
	return func(p *Pen) { p.Fill, p.Stroke, p.Width = inside, edge, width }
}

// Hatch is the pen of the pattern that stands for what is not known.
var Hatch = Pen{Stroke: previous, Width: 2}

// hatchStep is how far its lines are from each other.
const hatchStep = 6.0

// penOf puts a pen together from the classes of an element of a chart of a kind.
func penOf(kind, classes string, text bool) (Pen, error) {
	pens, p := shapePens, Pen{}
	if text {
		pens, p = textPens, Pen{Fill: ink2, Size: 13}
	}
	for class := range strings.FieldsSeq(classes) {
		apply, ok := pens[class]
		if !ok {
			return Pen{}, fmt.Errorf("there is no pen for the class %q", class)
		}
		apply(&p)
	}
	if kind == "spark" && p.Stroke == ink3 {
		p.Stroke = line
	}
	return p, nil
}
