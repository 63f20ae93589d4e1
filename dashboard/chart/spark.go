package chart

import "html/template"

// Spark is a trend without words: one line from zero to Max, which is the same for all sparks that stand side by
// side.
type Spark struct {
	Meta
	Points        []Point
	Max           float64
	Width, Height float64
}

// SVG draws the spark: a base line at zero, the course, a dot at the last closed value.
func (c Spark) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart spark")
	const pad = 4
	top := c.Max
	if top <= 0 {
		top = 1
	}
	at := placer(len(c.Points), pad, c.Width-pad, c.Height-2, pad, top, c.Points)
	s.line("c-base", 0, c.Height-1, c.Width, c.Height-1)
	s.course("c-line", c.Points, at)
	if i, ok := last(c.Points); ok {
		p := at(i)
		s.circle("c-dot", p.x, p.y, 2.5)
	}
	if n := len(c.Points); n > 0 && c.Points[n-1].Running && c.Points[n-1].State == Known {
		p := at(n - 1)
		s.circle("c-open", p.x, p.y, 2)
	}
	return s.close()
}

// placer maps point i to the picture: evenly from left to right, its value between bottom (zero) and top.
func placer(n int, left, right, bottom, topY, high float64, pts []Point) func(i int) xy {
	return func(i int) xy {
		x := right
		if n > 1 {
			x = left + (right-left)*float64(i)/float64(n-1)
		}
		v := min(max(pts[i].Value/high, 0), 1)
		return xy{x, bottom - (bottom-topY)*v}
	}
}
