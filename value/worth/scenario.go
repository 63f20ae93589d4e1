package worth

import (
	"uptake/adoption"
	"uptake/value/assumptions"
)

// The scenarios that there are. Costs by seat stay as they are in all of them but the last.
const (
	AsNow       = "as_now"
	PlusTen     = "plus_10_points" // of adoption: active ÷ enabled
	FullUse     = "full_adoption"
	SwitchedOff = "switched_off" // no use and no benefit; contracts run to their end; what was paid is paid
)

// Scenarios lists them in their order.
func Scenarios() []string { return []string{AsNow, PlusTen, FullUse, SwitchedOff} }

// Scenario is what a tool, or all of them, would be worth if.
type Scenario struct {
	Name     string   `json:"name"`
	Adoption *float64 `json:"adoption"` // active ÷ enabled in this scenario; nil for all tools, and where nobody is enabled
	Value    *Value   `json:"value"`    // nil with the reason in Why
	// Difference is that of the combined net present value to as now, draw by draw.
	Difference *Figure `json:"npv_difference"`
	Why        string  `json:"why,omitempty"`
}

// Scenarios works out all scenarios of a unit and a tool or adoption.AllTools, for which each tool changes by its own
// adoption. More adoption means more use in proportion: each further active person does what an active one does now. It
// fails with adoption.NotFound for a unit and tool whose use is not known.
func (m *Model) Scenarios(unit, tool string) ([]Scenario, error) {
	e := m.evaluator(m.zoning())
	var list []Scenario
	var now difference
	for _, scenario := range Scenarios() {
		s := Scenario{Name: scenario}
		ch, err := e.scenario(unit, tool, scenario)
		if err != nil {
			return nil, err
		}
		if ch == nil {
			s.Why = "nobody is active, so there is no use to go by"
			list = append(list, s)
			continue
		}
		c := e.cellBy(unit, tool, ch)
		one := ch[e.known(unit)[0]]
		if tool != adoption.AllTools {
			one = ch[tool]
			s.Adoption = e.adoption(unit, tool, one)
		}
		v := e.value(c, one)
		s.Value = &v
		lanes := e.present(c)
		if scenario == AsNow {
			now = lanes
		}
		s.Difference = e.difference(lanes, now)
		if e.hasForeign(c) {
			s.Difference = &Figure{Grade: assumptions.Assumed, Why: WhyTwoCurrencies}
		}
		list = append(list, s)
	}
	return list, nil
}

// scenario is what happens to each tool; nil where the scenario cannot be.
func (e *evaluator) scenario(unit, tool, scenario string) (map[string]change, error) {
	tools := e.known(unit)
	if tool != adoption.AllTools {
		if _, assumed := e.m.doc.Tools[tool]; !assumed || e.m.tree.uses[[2]string{unit, tool}] == nil {
			return nil, unknown(unit, tool)
		}
		tools = []string{tool}
	}
	if len(tools) == 0 {
		return nil, unknown(unit, tool)
	}
	changes, possible := map[string]change{}, false
	for _, t := range e.known(unit) {
		changes[t] = asItIs
	}
	for _, t := range tools {
		use := e.m.tree.uses[[2]string{unit, t}]
		ch := asItIs
		if scenario == SwitchedOff {
			ch = change{off: true}
		} else if more := scenario == PlusTen || scenario == FullUse; more && (use.Active == 0 || use.Enabled == 0) {
			continue
		} else if more {
			now := float64(use.Active) / float64(use.Enabled)
			after := 1.0
			if scenario == PlusTen {
				after = min(1, now+0.1)
			}
			ch.factor = max(1, after/now)
		}
		changes[t], possible = ch, true
	}
	if !possible {
		return nil, nil
	}
	return changes, nil
}

// cellBy works out a cell where each tool changes in its own way. All of them are off, or none is.
func (e *evaluator) cellBy(unit, tool string, changes map[string]change) *cell {
	if tool != adoption.AllTools {
		e.fill(unit, tool, changes[tool])
		return &e.one
	}
	known := e.known(unit)
	e.begin(unit, tool, changes[known[0]])
	for _, t := range known {
		e.fill(unit, t, changes[t])
		e.join()
	}
	e.end()
	return &e.all
}

// adoption is active ÷ enabled under a change.
func (e *evaluator) adoption(unit, tool string, ch change) *float64 {
	use := e.m.tree.uses[[2]string{unit, tool}]
	if use.Enabled == 0 {
		return nil
	}
	if ch.off {
		return finite(0)
	}
	return finite(min(1, float64(ch.factor*float64(use.Active))/float64(use.Enabled)))
}

// difference are the lanes of the combined net present value in both worlds.
type difference struct{ drawn, moved []float64 }

func (e *evaluator) present(c *cell) difference {
	d := difference{make([]float64, len(e.scratch)), make([]float64, len(e.small))}
	c.drawn.bothPresent(d.drawn)
	c.moved.bothPresent(d.moved)
	return d
}

func (e *evaluator) difference(after, now difference) *Figure {
	less := func(a, b []float64) []float64 {
		d := make([]float64, len(a))
		for i := range a {
			d[i] = a[i] - b[i]
		}
		return d
	}
	drawn, moved := less(after.drawn, now.drawn), less(after.moved, now.moved)
	f := e.figureOf(drawn, moved)
	f.Formula = "combined NPV " + amount(after.moved[0]) + " − as now " + amount(now.moved[0]) + " = " + amount(moved[0])
	return &f
}

// figureOf makes a figure of its lanes in both worlds.
func (e *evaluator) figureOf(drawn, moved []float64) (f Figure) {
	f.spreads(drawn, &e.picker)
	f.Likely = finite(moved[0])
	b := believe(moved, e.m.in)
	f.Grade, f.MovedMostBy = b.grade, b.mover
	return f
}
