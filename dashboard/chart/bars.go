package chart

import "html/template"

// Bar is one measured length from zero to Max; Previous, the same of the period before, is drawn light grey behind it.
type Bar struct {
	Meta
	Point    Point
	Previous *float64
	Max      float64
	// Note is written into the cell of a point that has no value.
	Note          string
	Width, Height float64
}

// SVG draws the bar, or the cell that says why there is none.
func (c Bar) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart bar")
	mid := c.Height / 2
	switch c.Point.State {
	case Hidden:
		s.rect("c-hidden", 0.5, 1, c.Width-1, c.Height-2, 2)
		s.text("c-note", "middle", c.Width/2, mid+4, c.Note)
	case NoData:
		s.fill(s.hatch(c.Meta), 0, 1, c.Width, c.Height-2)
		s.text("c-note c-halo", "middle", c.Width/2, mid+4, c.Note)
	default:
		s.rect("c-track", 0, mid-4, c.Width, 8, 0)
		if c.Previous != nil {
			s.rect("c-prev", 0, mid-8, c.length(*c.Previous), 16, 0)
		}
		s.rect("c-bar", 0, mid-4, c.length(c.Point.Value), 8, 0)
	}
	return s.close()
}

func (c Bar) length(v float64) float64 {
	if c.Max <= 0 {
		return 0
	}
	return c.Width * min(max(v/c.Max, 0), 1)
}

// Pyramid shows how a whole splits into few parts: one bar a part, all on the scale of the whole, labelled directly.
type Pyramid struct {
	Meta
	Parts      []Point
	Whole      float64
	Width      float64
	LabelWidth float64 // room for the names at the left; 0: the names stand above their bars
	ValueWidth float64 // room for the values behind the bars
	Quiet      int     // index of the part drawn as an outline (those who do nothing), -1 for none
}

// SVG draws the parts from top to bottom.
func (c Pyramid) SVG() template.HTML {
	row := 32.0
	if c.LabelWidth == 0 {
		row = 48
	}
	var s svg
	s.open(c.Meta, c.Width, row*float64(len(c.Parts)), "chart pyramid")
	room := c.Width - c.LabelWidth - c.ValueWidth
	for i, p := range c.Parts {
		y := row*float64(i) + row - 24
		if c.LabelWidth > 0 {
			y = row*float64(i) + 8
			s.text("c-text", "start", 0, y+12, p.Label)
		} else {
			s.text("c-text", "start", 0, y-4, p.Label)
		}
		length := 0.0
		if c.Whole > 0 {
			length = room * min(p.Value/c.Whole, 1)
		}
		class := "c-bar"
		if i == c.Quiet {
			class = "c-outline"
		}
		s.rect(class, c.LabelWidth+0.5, y, max(length, 1), 16, 0)
		s.text("c-value", "start", c.LabelWidth+length+8, y+13, p.Text)
		s.hit(p.Label+": "+p.Text, 0, y-4, c.Width, 24)
	}
	return s.close()
}
