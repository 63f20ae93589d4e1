package chart

import "html/template"

// Crossing shows where a sum changes its sign: a straight line over a quantity that is in doubt, the line at zero, and
// the band in which the sign changes, P10 to P90 with a tick at P50.
type Crossing struct {
	Meta
	From, To      float64 // of the quantity
	AtFrom, AtTo  float64 // the sum there
	Band          Span    // of the quantity; NoData where the sign changes nowhere
	BandText      string
	Mark          float64 // the quantity as it is assumed
	MarkText      string
	Axis          func(v float64) string // the words of a quantity
	Sum           func(v float64) string // the words of a sum
	Width, Height float64
}

// SVG draws the line, the band and the mark.
func (c Crossing) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart crossing")
	const left, above, below = 72.0, 28.0, 28.0
	right, bottom := c.Width-16, c.Height-below
	across := func(v float64) float64 {
		if c.To <= c.From {
			return left
		}
		return left + (right-left)*min(max((v-c.From)/(c.To-c.From), 0), 1)
	}
	extent := Extent{}.With(c.AtFrom, c.AtTo)
	up := func(v float64) float64 { return extent.at(v, bottom, above) }
	if c.Band.State == Known {
		x1, x2 := across(c.Band.Low), across(c.Band.High)
		s.rect("c-band", x1, above, max(x2-x1, 2), bottom-above, 0)
		s.line("c-mid", across(c.Band.Mid), up(0)-8, across(c.Band.Mid), up(0)+8)
	}
	for _, v := range []float64{c.AtFrom, 0, c.AtTo} {
		if v == 0 || up(v) < up(0)-16 || up(v) > up(0)+16 {
			s.text("c-axis", "end", left-8, up(v)+4, c.Sum(v))
		}
	}
	s.line("c-base", left, up(0), right, up(0))
	s.path("c-line", []xy{{across(c.From), up(c.AtFrom)}, {across(c.To), up(c.AtTo)}})
	s.line("c-mark", across(c.Mark), above-8, across(c.Mark), bottom)
	s.text("c-axis", anchorAt(across(c.Mark), c.Width), across(c.Mark), 14, c.MarkText)
	for i := range 5 {
		v := c.From + (c.To-c.From)*float64(i)/4
		s.text("c-axis", "middle", across(v), c.Height-8, c.Axis(v))
	}
	s.hit(c.BandText, left, 0, right-left, c.Height-below)
	return s.close()
}
