package chart

import (
	"html/template"
	"math"
)

// Network shows how much groups exchange: a dot a group, its area what it does inside, a line between two as wide as
// what they exchange. The groups stand on a circle, each beside the one it exchanges most with, so that the same data
// is always the same picture.
type Network struct {
	Meta
	Groups        []Group
	Ties          []Tie
	Width, Height float64
	Side          float64 // room for the names on each side
}

// Group is a dot: Value is its area.
type Group struct {
	Label, Text string
	Value       float64
}

// Tie is a line between two groups. Strong ones stand out.
type Tie struct {
	A, B   int
	Value  float64
	Strong bool
	Text   string
}

// letter is about how wide a letter of a name is.
const letter = 7.0

// short is a name of at most so many letters.
func short(name string, most int) string {
	letters := []rune(name)
	if len(letters) <= most {
		return name
	}
	return string(letters[:max(most-1, 0)]) + "…"
}

const (
	tieMost, tieLeast = 10.0, 0.75
	dotMost, dotLeast = 18.0, 4.0
)

// SVG draws the network.
func (c Network) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart network")
	at := c.places()
	highest := 0.0
	for _, t := range c.Ties {
		highest = max(highest, t.Value)
	}
	for _, strong := range []bool{false, true} { // strong ones above the others
		for _, t := range c.Ties {
			if t.Strong != strong || t.Value <= 0 {
				continue
			}
			class := "c-tie"
			if strong {
				class += " c-strong"
			}
			s.tie(class, at[t.A], at[t.B], max(tieMost*t.Value/highest, tieLeast), t.Text)
		}
	}
	largest := 0.0
	for _, g := range c.Groups {
		largest = max(largest, g.Value)
	}
	for i, g := range c.Groups {
		r := dotLeast
		if largest > 0 {
			r = max(dotMost*math.Sqrt(g.Value/largest), dotLeast)
		}
		s.circle("c-group", at[i].x, at[i].y, r)
		anchor, dx, dy := "start", r+6, 4.0
		switch x := at[i].x - c.Width/2; {
		case math.Abs(x) < 1:
			anchor, dx, dy = "middle", 0, r+16
			if at[i].y < c.Height/2 {
				dy = -r - 8
			}
		case x < 0:
			anchor, dx = "end", -r-6
		}
		s.text("c-text", anchor, at[i].x+dx, at[i].y+dy, short(g.Label, int((c.Side-dotMost)/letter)))
		s.hit(g.Text, at[i].x-r, at[i].y-r, 2*r, 2*r)
	}
	return s.close()
}

// tie is a line of a width, which says its text when it is pointed at.
func (s *svg) tie(class string, a, b xy, width float64, text string) {
	s.b.WriteString(`<line class="` + class + `" stroke-width="` + num(width) + `" x1="` + num(a.x) + `" y1="` + num(a.y) + `" x2="` + num(b.x) + `" y2="` + num(b.y) + `"><title>` + esc(text) + `</title></line>`)
}

// places are the centres of the groups, on an ellipse from the top on, clockwise.
func (c Network) places() []xy {
	at := make([]xy, len(c.Groups))
	rx, ry := c.Width/2-c.Side, c.Height/2-40
	for place, group := range c.order() {
		angle := 2*math.Pi*float64(place)/float64(len(c.Groups)) - math.Pi/2
		at[group] = xy{c.Width/2 + rx*math.Cos(angle), c.Height/2 + ry*math.Sin(angle)}
	}
	return at
}

// order begins with the largest group, and goes on with the one that exchanges most with the last, for what both
// exchange at all.
func (c Network) order() []int {
	between := make([][]float64, len(c.Groups))
	total := make([]float64, len(c.Groups))
	for i := range between {
		between[i] = make([]float64, len(c.Groups))
	}
	for _, t := range c.Ties {
		between[t.A][t.B] += t.Value
		between[t.B][t.A] += t.Value
		total[t.A] += t.Value
		total[t.B] += t.Value
	}
	order := make([]int, 0, len(c.Groups))
	taken := make([]bool, len(c.Groups))
	for len(order) < len(c.Groups) {
		next, best := -1, -1.0
		for i, g := range c.Groups {
			rank := g.Value
			if len(order) > 0 {
				last := order[len(order)-1]
				rank = between[last][i] / max(math.Sqrt(total[last]*total[i]), 1)
			}
			if !taken[i] && rank > best {
				next, best = i, rank
			}
		}
		taken[next] = true
		order = append(order, next)
	}
	return order
}
