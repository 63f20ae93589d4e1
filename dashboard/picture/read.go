// Package picture brings the charts of a page to where no style sheet is: a PNG to download and the pages of a PDF. It
// reads the SVG that the package chart draws, so that there is one drawing of each chart, and gives each class of it the
// pen that the style sheet gives it on paper.
package picture

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
)

// Picture is a chart as shapes, in the order in which they lie on one another. Lengths are pixels of the page.
type Picture struct {
	Title         string
	Width, Height float64
	Shapes        []Shape
}

// Kind tells what a shape is, and so which of its fields count.
type Kind int

// A Line and a Path go through Points; a Rect lies between its two Points, with round corners of Radius; a Circle has
// its middle in Points and its Radius; a Text stands at its one point.
const (
	Line Kind = iota
	Path
	Rect
	Circle
	Text
)

// Point is a place: to the right of, and below, the upper left corner.
type Point struct{ X, Y float64 }

// Shape is one element of a picture.
type Shape struct {
	Kind    Kind
	Pen     Pen
	Points  []Point
	Closed  bool // a path that ends where it began
	Hatched bool // a rect filled with the pattern of what is not known
	Radius  float64
	Text    string
	Anchor  string // of a text: start, middle or end
}

// Read reads what chart draws. It refuses what chart does not draw, so that no shape is left out in silence.
func Read(svg template.HTML) (*Picture, error) {
	p, d := &Picture{}, xml.NewDecoder(strings.NewReader(string(svg)))
	r := reader{picture: p}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, r.whole()
		}
		if err != nil {
			return nil, fmt.Errorf("read a chart: %w", err)
		}
		if err := r.take(token); err != nil {
			return nil, fmt.Errorf("read the chart %q: %w", p.Title, err)
		}
	}
}

// reader is in the middle of a chart.
type reader struct {
	picture *Picture
	kind    string // the class of the whole chart: "trend", "spark", …
	inside  []string
	hidden  int    // elements around this one that are not drawn
	text    *Shape // whose words come next
}

func (r *reader) whole() error {
	if r.picture.Width <= 0 || r.picture.Height <= 0 {
		return errors.New("read a chart: there is none")
	}
	return nil
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		r.inside = append(r.inside, t.Name.Local)
		if r.hidden > 0 || t.Name.Local == "defs" || t.Name.Local == "desc" || strings.Contains(attribute(t, "class"), "c-hit") {
			r.hidden++
			return nil
		}
		return r.element(t)
	case xml.EndElement:
		r.inside = r.inside[:len(r.inside)-1]
		if r.hidden > 0 {
			r.hidden--
		}
		r.text = nil
	case xml.CharData:
		switch {
		case r.hidden > 0 || len(r.inside) == 0:
		case r.inside[len(r.inside)-1] == "title":
			if len(r.inside) == 2 {
				r.picture.Title += string(t)
			}
		case r.text != nil:
			r.text.Text += string(t)
			r.picture.Shapes[len(r.picture.Shapes)-1] = *r.text
		}
	}
	return nil
}

func (r *reader) element(t xml.StartElement) error {
	number := func(name string) float64 {
		v, _ := strconv.ParseFloat(attribute(t, name), 64) // absent is 0, and chart writes numbers only
		return v
	}
	name := t.Name.Local
	switch name {
	case "svg":
		r.kind = strings.TrimPrefix(attribute(t, "class"), "chart ")
		r.picture.Width, r.picture.Height = number("width"), number("height")
		return nil
	case "title", "g":
		return nil
	}
	pen, err := penOf(r.kind, attribute(t, "class"), name == "text")
	if err != nil {
		return err
	}
	s := Shape{Pen: pen, Radius: number("r")}
	switch name {
	case "line":
		s.Kind, s.Points = Line, []Point{{number("x1"), number("y1")}, {number("x2"), number("y2")}}
		if width := number("stroke-width"); width > 0 { // a line whose width is a measure
			s.Pen.Width = width
		}
	case "circle":
		s.Kind, s.Points = Circle, []Point{{number("cx"), number("cy")}}
	case "rect":
		s.Kind, s.Radius, s.Hatched = Rect, number("rx"), strings.HasPrefix(attribute(t, "fill"), "url(")
		s.Points = []Point{{number("x"), number("y")}, {number("x") + number("width"), number("y") + number("height")}}
	case "text":
		s.Kind, s.Points, s.Anchor = Text, []Point{{number("x"), number("y")}}, attribute(t, "text-anchor")
		defer func() { r.text = &s }()
	case "path":
		s.Kind = Path
		if s.Points, s.Closed, err = steps(attribute(t, "d")); err != nil {
			return err
		}
	case "polyline", "polygon":
		s.Kind, s.Closed = Path, name == "polygon"
		if s.Points, _, err = steps(attribute(t, "points")); err != nil {
			return err
		}
	default:
		return fmt.Errorf("there is no way to draw <%s>", name)
	}
	r.picture.Shapes = append(r.picture.Shapes, s)
	return nil
}

// steps reads straight lines from place to place: "M1 2L3 4Z", or "1,2 3,4".
func steps(d string) (points []Point, closed bool, err error) {
	closed = strings.HasSuffix(strings.TrimSpace(d), "Z")
	fields := strings.FieldsFunc(d, func(r rune) bool { return strings.ContainsRune("MLZ, \n", r) })
	for i := 0; i+1 < len(fields); i += 2 {
		x, errX := strconv.ParseFloat(fields[i], 64)
		y, errY := strconv.ParseFloat(fields[i+1], 64)
		if err := errors.Join(errX, errY); err != nil {
			return nil, false, fmt.Errorf("only straight lines can be drawn, not %q: %w", d, err)
		}
		points = append(points, Point{x, y})
	}
	return points, closed, nil
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
