package chart

import (
	"html/template"
	"math"
)

// Swing is what a figure becomes where one input alone goes from low to high. LowText and HighText are the input's ends,
// in words. NaN stands for an end at which there is no figure.
type Swing struct {
	Label, Text       string
	LowText, HighText string
	AtLow, AtHigh     float64
}

// Tornado shows which input moves a figure most: one bar an input around the figure as it is, the widest first, each end
// named by the input's value there.
type Tornado struct {
	Meta
	Base       float64
	BaseText   string
	Swings     []Swing // sorted by whoever asks
	Width      float64
	LabelWidth float64 // room for the names at the left; 0: the names stand above their bars
}

// SVG draws the bars; the part towards the input's low end is an outline, the part towards its high end is solid.
func (c Tornado) SVG() template.HTML {
	row := 32.0
	if c.LabelWidth == 0 {
		row = 48
	}
	const head, room, bar = 24.0, 76.0, 12.0
	var s svg
	s.open(c.Meta, c.Width, head+row*float64(len(c.Swings)), "chart tornado")
	low, high := c.Base, c.Base
	for _, w := range c.Swings {
		for _, v := range []float64{w.AtLow, w.AtHigh} {
			if !math.IsNaN(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	left, right := c.LabelWidth+room, c.Width-room
	x := func(v float64) float64 { return Extent{low, high}.at(v, left, right) }
	base := x(c.Base)
	s.text("c-value", anchorAt(base, c.Width), base, 14, c.BaseText)
	s.line("c-mark", base, head-4, base, head+row*float64(len(c.Swings)))
	for i, w := range c.Swings {
		top := head + row*float64(i)
		y := top + row - 14
		if c.LabelWidth > 0 {
			y = top + row/2
			s.text("c-text", "start", 0, y+4, w.Label)
		} else {
			s.text("c-text", "start", 0, top+14, w.Label)
		}
		c.half(&s, "c-swing-low", w.AtLow, w.LowText, w.AtHigh, x, y, bar)
		c.half(&s, "c-swing-high", w.AtHigh, w.HighText, w.AtLow, x, y, bar)
		s.hit(w.Label+": "+w.Text, 0, top, c.Width, row)
	}
	return s.close()
}

// half draws the way from the base to one end, and names the end. Both ends may lie on one side: the nearer one is then
// named inside nobody's way, on the other side of the base.
func (c Tornado) half(s *svg, class string, end float64, text string, other float64, x func(float64) float64, y, bar float64) {
	base := x(c.Base)
	if math.IsNaN(end) { // there is no figure at this end: it is named where the other end is not
		end = c.Base
		if other >= c.Base {
			s.text("c-axis", "end", base-8, y+4, text)
		} else {
			s.text("c-axis", "start", base+8, y+4, text)
		}
		return
	}
	at := x(end)
	s.rect(class, min(base, at), y-bar/2, max(max(base, at)-min(base, at), 1), bar, 0)
	before := end < c.Base || end == c.Base && other > c.Base
	sameSide := (end < c.Base) == (other < c.Base) && math.Abs(end-c.Base) < math.Abs(other-c.Base) && end != c.Base
	if sameSide {
		before = !before
		at = base
	}
	if before {
		s.text("c-axis", "end", at-6, y+4, text)
		return
	}
	s.text("c-axis", "start", at+6, y+4, text)
}
