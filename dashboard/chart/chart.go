// Package chart draws the pictures of Uptake as SVG text, on the server, in one notation: what was measured is solid
// and dark, the period before is light grey, what is not known is a gap or hatched, a hidden group is dotted, a
// running period is dashed. Colours are classes that the style sheet fills, so that one picture serves light, dark
// and print, and a strict content security policy holds.
package chart

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// State tells whether a point has a value, and if not, why not.
type State int

const (
	Known  State = iota
	NoData       // nobody knows: drawn as a gap, or hatched
	Hidden       // fewer people than the smallest group that may be shown: drawn dotted
)

// Point is one value on a chart.
type Point struct {
	Label   string // what it is of: a date, a unit
	Text    string // the value in words, with its unit
	Short   string // the same, as short as it goes, for a label at the end of a line; "" is Text
	Value   float64
	State   State
	Running bool // its period is not over
}

// Meta names a chart. ID must be unique on the page; Title and Desc are read out to who cannot see the picture.
type Meta struct{ ID, Title, Desc string }

// svg collects elements. Coordinates are rounded to a tenth: finer ones only make the page heavier.
type svg struct{ b strings.Builder }

func (s *svg) open(m Meta, w, h float64, class string) {
	s.b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="` + class + `" viewBox="0 0 ` + num(w) + " " + num(h) +
		`" width="` + num(w) + `" height="` + num(h) + `" aria-labelledby="` + esc(m.ID) + `-t">`)
	s.b.WriteString(`<title id="` + esc(m.ID) + `-t">` + esc(m.Title) + `</title>`)
	if m.Desc != "" {
		s.b.WriteString(`<desc>` + esc(m.Desc) + `</desc>`)
	}
}

func (s *svg) close() template.HTML {
	s.b.WriteString("</svg>")
	return template.HTML(s.b.String()) // every text went through esc
}

func (s *svg) line(class string, x1, y1, x2, y2 float64) {
	s.b.WriteString(`<line class="` + class + `" x1="` + num(x1) + `" y1="` + num(y1) + `" x2="` + num(x2) + `" y2="` + num(y2) + `"/>`)
}

func (s *svg) circle(class string, x, y, r float64) {
	s.b.WriteString(`<circle class="` + class + `" cx="` + num(x) + `" cy="` + num(y) + `" r="` + num(r) + `"/>`)
}

func (s *svg) rect(class string, x, y, w, h, r float64) {
	s.b.WriteString(`<rect class="` + class + `" x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `"`)
	if r > 0 {
		s.b.WriteString(` rx="` + num(r) + `"`)
	}
	s.b.WriteString("/>")
}

// fill is a rect filled with a pattern of the chart.
func (s *svg) fill(pattern string, x, y, w, h float64) {
	s.b.WriteString(`<rect class="c-unknown" fill="url(#` + esc(pattern) + `)" x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `"/>`)
}

// hit is an invisible area that says text when it is pointed at, with a script or without one.
func (s *svg) hit(text string, x, y, w, h float64) {
	s.b.WriteString(`<rect class="c-hit" x="` + num(x) + `" y="` + num(y) + `" width="` + num(w) + `" height="` + num(h) + `"><title>` + esc(text) + `</title></rect>`)
}

// text writes a label; anchor is start, middle or end.
func (s *svg) text(class, anchor string, x, y float64, text string) {
	s.b.WriteString(`<text class="` + class + `" text-anchor="` + anchor + `" x="` + num(x) + `" y="` + num(y) + `">` + esc(text) + `</text>`)
}

// hatch defines the pattern that stands for "no data" in this chart and returns its name.
func (s *svg) hatch(m Meta) string {
	id := m.ID + "-h"
	s.b.WriteString(`<defs><pattern id="` + esc(id) + `" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="c-hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>`)
	return id
}

type xy struct{ x, y float64 }

func (s *svg) path(class string, pts []xy) {
	if len(pts) < 2 {
		return
	}
	s.b.WriteString(`<path class="` + class + `" d="`)
	for i, p := range pts {
		if i == 0 {
			s.b.WriteByte('M')
		} else {
			s.b.WriteByte('L')
		}
		s.b.WriteString(num(p.x) + " " + num(p.y))
	}
	s.b.WriteString(`"/>`)
}

// course draws a line through the points with a gap wherever a value is missing, the way to a running point dashed,
// and a dot for a point that stands alone.
func (s *svg) course(class string, pts []Point, at func(i int) xy) {
	var run []xy
	flush := func() {
		if len(run) == 1 {
			s.circle(class+"-lone", run[0].x, run[0].y, 1.5)
		}
		s.path(class, run)
		run = nil
	}
	for i, p := range pts {
		switch {
		case p.State != Known:
			flush()
		case p.Running:
			if len(run) > 0 {
				last := run[len(run)-1]
				flush()
				s.path(class+" c-running", []xy{last, at(i)})
			}
		default:
			run = append(run, at(i))
		}
	}
	flush()
}

// last finds the last known point whose period is over.
func last(pts []Point) (int, bool) {
	for i := len(pts) - 1; i >= 0; i-- {
		if pts[i].State == Known && !pts[i].Running {
			return i, true
		}
	}
	return 0, false
}

// Top is the upper end of an axis that starts at zero, and the step between its lines: the smallest of 1, 2, 2.5 and
// 5 times a power of ten that needs at most four steps. limit, where above zero, is never passed (1 for a rate).
func Top(values float64, limit float64) (top, step float64) {
	if values <= 0 || math.IsNaN(values) || math.IsInf(values, 0) {
		values = 1
		if limit > 0 {
			values = limit
		}
	}
	power := math.Pow(10, math.Floor(math.Log10(values/4)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		step = m * power
		if step*4 >= values*(1-1e-9) {
			break
		}
	}
	top = step * math.Ceil(values/step-1e-9)
	if limit > 0 && top > limit {
		top = limit
	}
	return top, step
}

// Highest is the largest known value of the series, 0 where there is none.
func Highest(series ...[]Point) float64 {
	high := 0.0
	for _, pts := range series {
		for _, p := range pts {
			if p.State == Known {
				high = math.Max(high, p.Value)
			}
		}
	}
	return high
}

func num(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

func esc(s string) string { return template.HTMLEscapeString(s) }
