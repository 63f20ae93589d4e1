package chart

import "html/template"

// Column is one period of a Columns chart. Up are stacked upwards from zero in order, Down hangs below it.
type Column struct {
	Label   string // the period
	Text    string // all its values in words
	Up      []float64
	Down    float64
	State   State
	Running bool
}

// Columns shows what came and went by period: stacked parts above the line, what was lost below it, one scale for both.
type Columns struct {
	Meta
	Columns       []Column
	Names         []string // of the parts of Up, then of Down: direct labels beside the last column
	Ticks         []Tick
	Width, Height float64
	LabelWidth    float64 // room for the names at the right
}

// SVG draws the columns.
func (c Columns) SVG() template.HTML {
	var s svg
	s.open(c.Meta, c.Width, c.Height, "chart columns")
	hatch := s.hatch(c.Meta)
	up, down := c.extent()
	const above, below = 8.0, 28.0
	scale := (c.Height - above - below) / max(up+down, 1)
	zero := above + up*scale
	const left = 16.0 // half a label of the first column stands out at the left
	step := (c.Width - c.LabelWidth - left) / float64(max(len(c.Columns), 1))
	wide := min(step*0.7, 28)
	for i, col := range c.Columns {
		x := left + step*float64(i) + (step-wide)/2
		if col.State != Known {
			s.fill(hatch, x, above, wide, zero-above)
		} else {
			c.column(&s, col, x, zero, wide, scale)
		}
		s.hit(col.Label+": "+col.Text, left+step*float64(i), 0, step, c.Height-below)
	}
	s.line("c-base", left, zero, c.Width-c.LabelWidth, zero)
	for _, t := range c.Ticks {
		s.text("c-axis", "middle", left+step*float64(t.Index)+step/2, c.Height-8, t.Label)
	}
	c.label(&s, zero, scale)
	return s.close()
}

func (c Columns) extent() (up, down float64) {
	for _, col := range c.Columns {
		if col.State != Known {
			continue
		}
		sum := 0.0
		for _, v := range col.Up {
			sum += v
		}
		up, down = max(up, sum), max(down, col.Down)
	}
	return up, down
}

func partClass(i int) string { return "c-part c-part-" + string(rune('1'+i)) }

func (c Columns) column(s *svg, col Column, x, zero, wide, scale float64) {
	y := zero
	running := ""
	if col.Running {
		running = " c-running"
	}
	for i, v := range col.Up {
		h := v * scale
		if h > 0 {
			s.rect(partClass(i)+running, x, y-h, wide, h, 0)
		}
		y -= h
	}
	if h := col.Down * scale; h > 0 {
		s.rect("c-part c-lost"+running, x, zero, wide, h, 0)
	}
}

// label writes the names beside the parts of the last closed column, moved apart where the parts are thin.
func (c Columns) label(s *svg, zero, scale float64) {
	i := len(c.Columns) - 1
	for i >= 0 && (c.Columns[i].State != Known || c.Columns[i].Running) {
		i--
	}
	if i < 0 || c.LabelWidth == 0 {
		return
	}
	col := c.Columns[i]
	x, floor, y := c.Width-c.LabelWidth+8, zero-2, zero
	for k, v := range col.Up {
		h := v * scale
		at := min(y-h/2+4, floor)
		s.text("c-text", "start", x, at, c.Names[k])
		floor, y = at-16, y-h
	}
	if len(c.Names) > len(col.Up) {
		s.text("c-text", "start", x, max(zero+col.Down*scale/2+4, zero+14), c.Names[len(col.Up)])
	}
}
