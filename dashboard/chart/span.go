package chart

import (
	"html/template"
	"math"
)

// Extent is a scale of lengths with both signs. It always holds zero, and what stands side by side shares one.
type Extent struct{ Low, High float64 }

// With is the extent that holds the values, too. What is no number widens nothing.
func (e Extent) With(values ...float64) Extent {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		e.Low, e.High = math.Min(e.Low, v), math.Max(e.High, v)
	}
	return e
}

// at maps a value to the picture between left and right; what lies outside stands at the edge.
func (e Extent) at(v, left, right float64) float64 {
	if e.High <= e.Low {
		return left
	}
	return left + (right-left)*min(max((v-e.Low)/(e.High-e.Low), 0), 1)
}

// Span is an estimate with its doubt: a band from low to high with a tick at mid.
type Span struct {
	Low, Mid, High float64
	State          State
}

// sign is the class of a span by the side of zero that it lies on: above, below, or across.
func (p Span) sign() string {
	switch {
	case p.Low > 0:
		return "c-above"
	case p.High < 0:
		return "c-below"
	}
	return "c-across"
}

// Range is one estimate in a row of its own: P10 to P90 with a tick at P50, never a bar to one value.
type Range struct {
	Meta
	Span   Span
	Text   string // the estimate in words
	Extent Extent // the same for all that stand side by side
	// Mark, where there is one, is a value to hold the range against (as assumed, as planned); its label is MarkText.
	Mark          *float64
	MarkText      string
	Note          string // written into the cell of an estimate that is not there
	Width, Height float64
}

// SVG draws the range over the line at zero, or the cell that says why there is none.
func (c Range) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart range")
	const pad = 4
	floor := c.Height
	if c.MarkText != "" {
		floor -= 18
	}
	switch c.Span.State {
	case Hidden:
		s.rect("c-hidden", 0.5, 1, c.Width-1, floor-2, 2)
		s.text("c-note", "middle", c.Width/2, floor/2+4, c.Note)
	case NoData:
		s.fill(s.hatch(c.Meta), 0, 1, c.Width, floor-2)
		s.text("c-note c-halo", "middle", c.Width/2, floor/2+4, c.Note)
	default:
		x := func(v float64) float64 { return c.Extent.at(v, pad, c.Width-pad) }
		s.rect("c-track", 0, floor/2-1, c.Width, 2, 0)
		s.line("c-base", x(0), 1, x(0), floor-1)
		c.Span.draw(&s, x, floor/2, 8)
		if c.Mark != nil {
			s.line("c-mark", x(*c.Mark), 0, x(*c.Mark), floor)
			s.text("c-axis", anchorAt(x(*c.Mark), c.Width), x(*c.Mark), c.Height-3, c.MarkText)
		}
		s.hit(c.Text, 0, 0, c.Width, floor)
	}
	return s.close()
}

// draw draws a span around the line y: a band as high as tall, and a taller tick at its middle.
func (p Span) draw(s *svg, x func(float64) float64, y, tall float64) {
	left, right := x(p.Low), x(p.High)
	s.rect("c-span "+p.sign(), left, y-tall/2, max(right-left, 2), tall, 0)
	s.line("c-mid", x(p.Mid), y-tall/2-3, x(p.Mid), y+tall/2+3)
}

// anchorAt keeps a label within the picture.
func anchorAt(x, width float64) string {
	switch {
	case x < 48:
		return "start"
	case x > width-48:
		return "end"
	}
	return "middle"
}
