package chart

import "html/template"

// Plan is what is wanted at a place of the time axis: a column without filling from zero up to the goal. What is expected
// there, where that is known, is hatched from low to high, with a tick in the middle and a dashed way to it from the last
// known value.
type Plan struct {
	At       float64 // the index on the axis; between two points, and beyond the last one, too
	Beyond   bool    // its day lies beyond the axis: it stands at the end, and nothing leads to it
	Value    float64
	Label    string // as short as it goes
	Text     string // the plan in words, with its day and what is expected
	Expected *Span
}

const (
	planWide   = 20.0
	expectWide = 10.0
	labelHigh  = 17.0 // from label to label
	labelWide  = 88.0 // no label of a plan is wider
)

// frame is where the axes of a chart over time lie.
type frame struct{ left, right, bottom, above, top, slots float64 }

func (f frame) x(at float64) float64 {
	if f.slots <= 0 {
		return f.right
	}
	return f.left + (f.right-f.left)*min(at/f.slots, 1)
}

func (f frame) y(v float64) float64 {
	return f.bottom - (f.bottom-f.above)*min(max(v/f.top, 0), 1)
}

// plans draws plans. written are the places of labels that stand there already: no label lies on another.
func (s *svg) plans(m Meta, plans []Plan, f frame, from *xy, written []xy) {
	for _, p := range plans {
		x, y := f.x(p.At), f.y(p.Value)
		s.rect("c-plan", x-planWide/2, y, planWide, f.bottom-y, 0)
		if e := p.Expected; e != nil && !p.Beyond {
			low, high, mid := f.y(e.Low), f.y(e.High), f.y(e.Mid)
			if from != nil {
				s.path("c-ahead", []xy{*from, {x, mid}})
			}
			s.fill(m.ID+"-h", x-expectWide/2, high, expectWide, max(low-high, 2))
			s.rect("c-outline", x-expectWide/2, high, expectWide, max(low-high, 2), 0)
			s.line("c-mid", x-expectWide/2-2, mid, x+expectWide/2+2, mid)
		}
		at := xy{x, y - 6}
		for i := 0; i < len(written); i++ {
			if near := written[i]; abs(near.x-at.x) < labelWide && abs(near.y-at.y) < labelHigh {
				at.y, i = near.y-labelHigh, -1
			}
		}
		written = append(written, at)
		s.text("c-text c-halo", "middle", at.x, at.y, p.Label)
		s.hit(p.Text, x-planWide/2, f.above-12, planWide, f.bottom-f.above+12)
	}
}

func abs(v float64) float64 { return max(v, -v) }

// Goal is one target in a row of its own: the goal as an outline from zero, in it what is reached as a solid bar, and what is
// expected hatched from low to high.
type Goal struct {
	Meta
	Goal          float64
	Now           *float64 // nil where it is not known
	Expected      *Span    // nil where nothing is
	Text          string   // all of it in words
	GoalText      string   // the label of the outline's end
	Extent        Extent
	Width, Height float64
}

// SVG draws the goal over the line at zero.
func (c Goal) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart goal")
	hatch := s.hatch(c.Meta)
	const pad, label = 4, 18
	floor := c.Height - label
	x := func(v float64) float64 { return c.Extent.at(v, pad, c.Width-pad) }
	bar := func(class string, v, inset float64) {
		left, right := min(x(0), x(v)), max(x(0), x(v))
		s.rect(class, left, inset, right-left, floor-2*inset, 0)
	}
	s.rect("c-track", 0, floor/2-1, c.Width, 2, 0)
	bar("c-plan", c.Goal, 2)
	if c.Now != nil {
		bar("c-bar", *c.Now, floor/2-3)
	}
	if e := c.Expected; e != nil {
		left, wide := x(e.Low), max(x(e.High)-x(e.Low), 2)
		s.fill(hatch, left, 6, wide, floor-12)
		s.rect("c-outline", left, 6, wide, floor-12, 0)
		s.line("c-mid", x(e.Mid), 4, x(e.Mid), floor-4)
	}
	s.line("c-base", x(0), 0, x(0), floor)
	s.text("c-axis", anchorAt(x(c.Goal), c.Width), x(c.Goal), c.Height-3, c.GoalText)
	s.hit(c.Text, 0, 0, c.Width, floor)
	return s.close()
}
