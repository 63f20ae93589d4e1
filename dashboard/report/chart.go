package report

import (
	"image/color"

	"uptake/dashboard/picture"
)

// mostHigh is the height that a chart may take of a page.
const mostHigh = 120.0

// smallest is the height of type that a label should have, in millimetres: 7.5 points.
const smallest = 7.5 * point

func (c Chart) put(p *paper) {
	if c.Picture == nil {
		return
	}
	scale := min(p.wide/c.Width, mostHigh/c.Height, 0.5)
	p.room(c.Height*scale + 4)
	d := drawing{paper: p, scale: scale, larger: min(max(smallest/(13*scale), 1), 1.5), x: side, y: p.GetY()}
	for _, s := range c.Shapes {
		d.shape(s)
	}
	p.SetDashPattern(nil, 0)
	p.SetY(d.y + c.Height*scale + 5)
}

// drawing is a chart on its place of the paper.
type drawing struct {
	*paper
	scale, x, y float64
	larger      float64 // how much larger than drawn labels are written, to be read on paper
}

func (d *drawing) shape(s picture.Shape) {
	if s.Kind == picture.Text {
		d.label(s)
		return
	}
	if s.Hatched {
		for _, line := range s.Hatching() {
			d.pen(picture.Hatch)
			d.outline(line[:], false, "D")
		}
		return
	}
	d.pen(s.Pen)
	points, closed := s.Outline()
	style := ""
	if s.Pen.Fill != nil && s.Kind != picture.Line {
		style = "F"
	}
	if s.Pen.Stroke != nil {
		style += "D"
	}
	if style != "" && len(points) > 1 {
		d.outline(points, closed, style)
	}
}

func (d *drawing) pen(pen picture.Pen) {
	if pen.Stroke != nil {
		d.SetDrawColor(parts(pen.Stroke))
		d.SetLineWidth(pen.Width * d.scale)
	}
	if pen.Fill != nil {
		d.SetFillColor(parts(pen.Fill))
	}
	dash := make([]float64, len(pen.Dash))
	for i, length := range pen.Dash {
		dash[i] = length * d.scale
	}
	d.SetDashPattern(dash, 0)
}

func (d *drawing) outline(points []picture.Point, closed bool, style string) {
	for i, at := range points {
		x, y := d.x+at.X*d.scale, d.y+at.Y*d.scale
		if i == 0 {
			d.MoveTo(x, y)
		} else {
			d.LineTo(x, y)
		}
	}
	if closed {
		d.ClosePath()
	}
	d.DrawPath(style)
}

func (d *drawing) label(s picture.Shape) {
	style := ""
	if s.Pen.Bold {
		style = "B"
	}
	d.SetFont("go", style, s.Pen.Size*d.scale*d.larger/point)
	d.SetTextColor(parts(s.Pen.Fill))
	x := d.x + s.Points[0].X*d.scale
	switch s.Anchor {
	case "middle":
		x -= d.GetStringWidth(s.Text) / 2
	case "end":
		x -= d.GetStringWidth(s.Text)
	}
	d.Fpdf.Text(x, d.y+s.Points[0].Y*d.scale, s.Text)
}

func parts(c *color.RGBA) (r, g, b int) { return int(c.R), int(c.G), int(c.B) }
