package chart

import "html/template"

// Tick is a label under the time axis, at the point with that index.
type Tick struct {
	Index int
	Label string
}

// Gap marks points whose window touches days without data; Label says so.
type Gap struct {
	From, To int // indexes, both included
	Label    string
}

// Trend is the large course of one figure over time, with an axis that starts at zero.
type Trend struct {
	Meta
	Points        []Point
	Ticks         []Tick
	Gaps          []Gap
	Marks         []Mark
	Limit         float64                // the highest value that can be (1 for a rate), 0 where there is none
	Axis          func(v float64) string // the words of an axis line
	RunningLabel  string                 // what a running last point is called
	Width, Height float64
}

// SVG draws the trend: grid lines with their values, gaps, marks of what was done, the course, the last closed value in words.
func (c Trend) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart trend")
	hatch := s.hatch(c.Meta)
	top, step := Top(Highest(c.Points), c.Limit)
	const left, above, below = 48.0, 28.0, 28.0
	right, bottom := c.Width-72, c.Height-below
	at := placer(len(c.Points), left+8, right, bottom, above, top, c.Points)

	for v := 0.0; v <= top*1.0001; v += step {
		y := bottom - (bottom-above)*v/top
		class := "c-grid"
		if v == 0 {
			class = "c-base"
		}
		s.line(class, left, y, right+4, y)
		s.text("c-axis", "end", left-8, y+4, c.Axis(v))
	}
	half := 4.0
	if n := len(c.Points); n > 1 {
		half = (right - left - 8) / float64(n-1) / 2
	}
	for _, g := range c.Gaps {
		x1, x2 := max(at(g.From).x-half, left), min(at(g.To).x+half, right+4) // of few points half a step is wide: it stays off the axis
		s.fill(hatch, x1, above, x2-x1, bottom-above)
	}
	for _, t := range c.Ticks {
		p := at(t.Index)
		s.line("c-tick", p.x, bottom, p.x, bottom+4)
		s.text("c-axis", "middle", p.x, bottom+20, t.Label)
	}
	for _, m := range c.Marks {
		x := at(m.Index).x - half
		s.line("c-mark", x, above-8, x, bottom)
		s.text("c-axis", "middle", x, 14, m.Label)
	}
	s.course("c-line", c.Points, at)
	c.ends(&s, at)
	for i, p := range c.Points {
		s.hit(p.Label+": "+p.Text, at(i).x-half, above-12, 2*half, bottom-above+12)
	}
	return s.close()
}

// ends labels the last closed value, and the running one where there is one.
func (c Trend) ends(s *svg, at func(int) xy) {
	n := len(c.Points)
	if i, ok := last(c.Points); ok {
		p := at(i)
		s.circle("c-dot", p.x, p.y, 4)
		label := c.Points[i].Short
		if label == "" {
			label = c.Points[i].Text
		}
		s.text("c-value", "start", min(p.x+10, c.Width-64), p.y-8, label)
	}
	if n > 0 && c.Points[n-1].Running && c.Points[n-1].State == Known {
		p := at(n - 1)
		s.circle("c-open", p.x, p.y, 3)
		s.text("c-axis", "start", p.x+8, p.y+16, c.RunningLabel)
	}
}
