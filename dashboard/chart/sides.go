package chart

import "html/template"

// Mark is a moment on the time axis: a launch, the first day of a pilot. It stands before the point with that index.
type Mark struct {
	Index int
	Label string
}

// Sides holds a course against the one that it is compared with, on one scale that starts at zero: the first solid and
// dark, the second light grey, both named at their ends.
type Sides struct {
	Meta
	Of, Against         []Point
	OfName, AgainstName string
	Ticks               []Tick
	Marks               []Mark
	Limit               float64 // the highest value that can be (1 for a rate), 0 where there is none
	Axis                func(v float64) string
	Width, Height       float64
	LabelWidth          float64 // room for the names at the right
}

// SVG draws both courses and the marks.
func (c Sides) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart sides")
	top, step := Top(Highest(c.Of, c.Against), c.Limit)
	const left, above, below = 48.0, 28.0, 28.0
	right, bottom := c.Width-c.LabelWidth, c.Height-below
	n := max(len(c.Of), len(c.Against))
	of := placer(n, left+8, right-8, bottom, above, top, c.Of)
	against := placer(n, left+8, right-8, bottom, above, top, c.Against)
	for v := 0.0; v <= top*1.0001; v += step {
		y := bottom - (bottom-above)*v/top
		class := "c-grid"
		if v == 0 {
			class = "c-base"
		}
		s.line(class, left, y, right, y)
		s.text("c-axis", "end", left-8, y+4, c.Axis(v))
	}
	half := 4.0
	if n > 1 {
		half = (right - left - 16) / float64(n-1) / 2
	}
	place := func(i int) float64 { return left + 8 + 2*half*float64(i) }
	for _, t := range c.Ticks {
		s.line("c-tick", place(t.Index), bottom, place(t.Index), bottom+4)
		s.text("c-axis", "middle", place(t.Index), bottom+20, t.Label)
	}
	for _, m := range c.Marks {
		x := place(m.Index) - half
		s.line("c-mark", x, above-8, x, bottom)
		s.text("c-axis", anchorAt(x, c.Width), x, 14, m.Label)
	}
	s.course("c-line c-against", c.Against, against)
	s.course("c-line", c.Of, of)
	c.names(&s, of, against)
	for i := range n {
		s.hit(c.said(i), place(i)-half, above-12, 2*half, bottom-above+12)
	}
	return s.close()
}

// said is what both sides are at a point.
func (c Sides) said(i int) string {
	text := ""
	if i < len(c.Of) {
		text = c.Of[i].Label + ": " + c.OfName + " " + c.Of[i].Text
	}
	if i < len(c.Against) {
		if text == "" {
			text = c.Against[i].Label + ": "
		} else {
			text += ", "
		}
		text += c.AgainstName + " " + c.Against[i].Text
	}
	return text
}

// names writes each side's name beside its last value, moved apart where they would touch.
func (c Sides) names(s *svg, of, against func(int) xy) {
	i, ok := last(c.Of)
	k, also := last(c.Against)
	if !ok && !also {
		return
	}
	x := c.Width - c.LabelWidth + 4
	var y, z float64
	if ok {
		y = of(i).y + 4
		s.circle("c-dot", of(i).x, of(i).y, 4)
	}
	if also {
		z = against(k).y + 4
	}
	if ok && also && y-z < 18 && z-y < 18 {
		middle := (y + z) / 2
		if y <= z {
			y, z = middle-9, middle+9
		} else {
			y, z = middle+9, middle-9
		}
	}
	if ok {
		s.text("c-value", "start", x, y, c.OfName)
	}
	if also {
		s.text("c-text c-quiet", "start", x, z, c.AgainstName)
	}
}
