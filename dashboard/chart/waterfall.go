package chart

import "html/template"

// Step is one line of a waterfall: an amount that is added to what stands above it, or a sum. A sum closes its lane: the
// step after it begins at zero again, so that sums of different kinds are never added.
type Step struct {
	Label, Text string
	Value       float64 // an amount with its sign; of a sum, what the amounts above it come to
	Sum         bool
	Span        Span // of a sum: its doubt
	State       State
	Note        string // why there is no amount
}

// Waterfall leads from amounts to their sums, from top to bottom. Amounts are bars from where the one before them ended,
// sums are ranges.
type Waterfall struct {
	Meta
	Steps      []Step
	Width      float64
	LabelWidth float64 // room for the names at the left; 0: the names stand above their bars
	ValueWidth float64 // room for the values at the right
}

// SVG draws the steps.
func (c Waterfall) SVG() template.HTML {
	row, bar := 40.0, 12.0
	if c.LabelWidth == 0 {
		row = 52
	}
	var s svg
	s.open(c.Meta, c.Width, row*float64(len(c.Steps)), "chart waterfall")
	extent := c.extent()
	left, right := c.LabelWidth+4, c.Width-c.ValueWidth-12
	x := func(v float64) float64 { return extent.at(v, left, right) }
	hatch := ""
	running := 0.0
	for i, step := range c.Steps {
		top := row * float64(i)
		y := top + row - 16
		labelY := top + 16
		if c.LabelWidth > 0 {
			y, labelY = top+row/2, top+row/2+4
		}
		class := "c-text"
		if step.Sum {
			class = "c-value"
			s.line("c-grid", 0, top+row-1, c.Width, top+row-1)
		}
		s.text(class, "start", 0, labelY, step.Label)
		s.text(class, "end", c.Width, labelY, step.Text)
		s.line("c-base", x(0), top, x(0), top+row-1)
		switch {
		case step.State == NoData:
			if hatch == "" {
				hatch = s.hatch(c.Meta)
			}
			s.fill(hatch, left, y-bar/2, right-left, bar)
			s.text("c-note c-halo", "middle", (left+right)/2, y+4, step.Note)
		case step.Sum:
			s.line("c-link", x(step.Value), top, x(step.Value), y)
			step.Span.draw(&s, x, y, bar)
			running = 0
		default:
			from, to := x(running), x(running+step.Value)
			s.line("c-link", from, top, from, y)
			s.rect(amountClass(step.Value), min(from, to), y-bar/2, max(max(from, to)-min(from, to), 1), bar, 0)
			running += step.Value
			s.line("c-link", to, y, to, top+row)
		}
		s.hit(step.Label+": "+step.Text, 0, top, c.Width, row)
	}
	return s.close()
}

func amountClass(v float64) string {
	if v < 0 {
		return "c-minus"
	}
	return "c-plus"
}

// extent is the scale that holds every amount where it is drawn, and every sum's doubt.
func (c Waterfall) extent() Extent {
	var e Extent
	running := 0.0
	for _, step := range c.Steps {
		switch {
		case step.State != Known:
		case step.Sum:
			e = e.With(step.Value, step.Span.Low, step.Span.Mid, step.Span.High)
			running = 0
		default:
			running += step.Value
			e = e.With(running)
		}
	}
	return e
}
