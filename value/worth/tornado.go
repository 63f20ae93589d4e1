package worth

import (
	"math"
	"slices"
	"strings"

	"uptake/adoption"
)

// Bar is what a figure becomes where one input alone goes from low to high, and all others stay at their likely value.
type Bar struct {
	Path   string   `json:"path"`
	Low    float64  `json:"low"` // of the input
	High   float64  `json:"high"`
	AtLow  *float64 `json:"at_low"` // the figure; nil: there is none (a payback that does not come)
	AtHigh *float64 `json:"at_high"`
	Change float64  `json:"change"` // of the figure, from low to high
}

// Tornado is how much each input alone moves a figure, the greatest change first.
type Tornado struct {
	Unit   string   `json:"unit"`
	Tool   string   `json:"tool"`
	Figure string   `json:"figure"`
	Likely *float64 `json:"likely"`
	Why    string   `json:"why,omitempty"`
	Bars   []Bar    `json:"bars"` // of inputs that move it
}

// Figures lists the figures that a tornado may be asked for.
func Figures() []string { return words[:] }

// Tornado moves each input of a figure. It fails with adoption.InvalidParameter for a figure that is none of Figures, and
// with adoption.NotFound for a unit and tool whose use is not known.
func (m *Model) Tornado(unit, tool, figure string) (Tornado, error) {
	n := slices.Index(words[:], figure)
	if n < 0 {
		return Tornado{}, adoption.Invalid("figure", "There is no figure “"+figure+"”. There are "+strings.Join(words[:], ", ")+".")
	}
	e := m.evaluator(m.zoning())
	c, err := e.cell(unit, tool, asItIs)
	if err != nil {
		return Tornado{}, err
	}
	t := Tornado{Unit: unit, Tool: tool, Figure: figure, Bars: []Bar{}}
	switch {
	case name(n).mixes() && e.hasForeign(c):
		t.Why = WhyTwoCurrencies
	case !name(n).lanes(&c.moved, m.asIs.terms.segments, e.small):
		t.Why = WhyNothingPaid
	default:
		t.Likely = finite(e.small[0])
		t.Bars = m.bars(e.small)
	}
	return t, nil
}

func (m *Model) bars(lanes []float64) []Bar {
	bars := []Bar{}
	for i, in := range m.in.list {
		low, high := lanes[1+3*i], lanes[2+3*i]
		if low == high {
			continue
		}
		bar := Bar{Path: in.path, Low: in.Low, High: in.High, AtLow: finite(low), AtHigh: finite(high)}
		if change := finite(high - low); change != nil {
			bar.Change = *change
		}
		bars = append(bars, bar)
	}
	endless := func(b Bar) bool { return b.AtLow == nil || b.AtHigh == nil }
	slices.SortStableFunc(bars, func(a, b Bar) int { // what makes a figure vanish moves it most
		switch {
		case endless(a) != endless(b):
			return map[bool]int{true: -1, false: 1}[endless(a)]
		case math.Abs(a.Change) != math.Abs(b.Change):
			return map[bool]int{true: -1, false: 1}[math.Abs(a.Change) > math.Abs(b.Change)]
		}
		return 0
	})
	return bars
}

// cell works out a unit and a tool, or all its tools. It fails with adoption.NotFound where the use is not known.
func (e *evaluator) cell(unit, tool string, ch change) (*cell, error) {
	if tool != adoption.AllTools {
		if _, assumed := e.m.doc.Tools[tool]; assumed && e.fill(unit, tool, ch) {
			return &e.one, nil
		}
		return nil, unknown(unit, tool)
	}
	known := e.known(unit)
	e.begin(unit, tool, ch)
	for _, one := range known {
		e.fill(unit, one, ch)
		e.join()
	}
	if len(known) == 0 {
		return nil, unknown(unit, tool)
	}
	e.end()
	return &e.all, nil
}

func unknown(unit, tool string) error {
	return &adoption.Error{Code: adoption.NotFound, Field: "tool", Message: "Of the unit “" + unit + "” and the tool “" + tool + "” there is nothing to value: no use that is shown, or no assumptions."}
}
