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
	Plans         []Plan                 // what is wanted, the next one first; the axis goes on to the last of them
	Width, Height float64
}

// SVG draws the trend: grid lines with their values, gaps, marks of what was done, the course, the last closed value in words.
func (c Trend) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart trend")
	hatch := s.hatch(c.Meta)
	f, step := c.frame()
	at := func(i int) xy { return xy{f.x(float64(i)), f.y(c.Points[i].Value)} }

	for v := 0.0; v <= f.top*1.0001; v += step {
		y := f.y(v)
		class := "c-grid"
		if v == 0 {
			class = "c-base"
		}
		s.line(class, f.left-8, y, f.right+4, y)
		s.text("c-axis", "end", f.left-16, y+4, c.Axis(v))
	}
	half := 4.0
	if f.slots > 0 {
		half = (f.right - f.left) / f.slots / 2
	}
	for _, g := range c.Gaps {
		x1, x2 := max(at(g.From).x-half, f.left-8), min(at(g.To).x+half, f.right+4) // of few points half a step is wide: it stays off the axis
		s.fill(hatch, x1, f.above, x2-x1, f.bottom-f.above)
	}
	for _, t := range c.Ticks {
		x := f.x(float64(t.Index))
		s.line("c-tick", x, f.bottom, x, f.bottom+4)
		s.text("c-axis", "middle", x, f.bottom+20, t.Label)
	}
	for _, m := range c.Marks {
		x := at(m.Index).x - half
		s.line("c-mark", x, f.above-8, x, f.bottom)
		s.text("c-axis", "middle", x, 14, m.Label)
	}
	s.course("c-line", c.Points, at)
	written := c.ends(&s, f, at)
	for i, p := range c.Points {
		s.hit(p.Label+": "+p.Text, at(i).x-half, f.above-12, 2*half, f.bottom-f.above+12)
	}
	var from *xy
	if i, ok := last(c.Points); ok {
		from = new(at(i))
	}
	s.plans(c.Meta, c.Plans, f, from, written)
	return s.close()
}

// frame lays the axes out: up to what is highest, and on to the last plan. step is the distance of the axis lines.
func (c Trend) frame() (f frame, step float64) {
	const left, above, below = 48.0, 28.0, 28.0
	f = frame{left: left + 8, right: c.Width - 72, bottom: c.Height - below, above: above, slots: float64(len(c.Points) - 1)}
	high := Highest(c.Points)
	for _, p := range c.Plans {
		high, f.slots = max(high, p.Value), max(f.slots, p.At)
		if p.Expected != nil && !p.Beyond {
			high = max(high, p.Expected.High)
		}
	}
	f.top, step = Top(high, c.Limit)
	return f, step
}

// ends labels the last closed value, and the running one where there is one; it returns where the label of the first stands.
func (c Trend) ends(s *svg, f frame, at func(int) xy) (written []xy) {
	n := len(c.Points)
	if i, ok := last(c.Points); ok {
		p := at(i)
		s.circle("c-dot", p.x, p.y, 4)
		label := c.Points[i].Short
		if label == "" {
			label = c.Points[i].Text
		}
		x, anchor := min(p.x+10, c.Width-64), "start"
		for _, plan := range c.Plans {
			if right := f.x(plan.At) - p.x; right > 0 && right < 64+planWide/2 { // its column stands there
				x, anchor = p.x-8, "end"
			}
		}
		s.text("c-value", anchor, x, p.y-8, label)
		written = append(written, xy{x, p.y - 8})
	}
	if n > 0 && c.Points[n-1].Running && c.Points[n-1].State == Known {
		p := at(n - 1)
		s.circle("c-open", p.x, p.y, 3)
		s.text("c-axis", "start", p.x+8, p.y+16, c.RunningLabel)
	}
	return written
}
