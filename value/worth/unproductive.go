package worth

import (
	"fmt"

	"uptake/value/assumptions"
)

// The verdicts on time spent in a tool.
const (
	WorthIt    = "worth_it"     // nine draws of ten come out above 0
	NotWorthIt = "not_worth_it" // nine draws of ten come out below 0
	Open       = "open"         // neither
)

// Unproductive sets the time that people spend in a tool, as a cost, beside what came of it. Here time is a cost whether
// or not the assumptions count it as one.
type Unproductive struct {
	Unit     string  `json:"unit"`
	Tool     string  `json:"tool"`
	Hours    float64 `json:"hours_in_tool"` // in the span
	TimeCost Figure  `json:"time_cost"`
	CameOfIt Figure  `json:"came_of_it"` // the capacity value
	NetCash  Figure  `json:"net_cash"`
	Work     Figure  `json:"other_capacity_costs"`
	Sum      Figure  `json:"sum"` // what came of it + net cash − other capacity costs − time
	// SignChanges is by how much the minutes saved would have to be multiplied for the sum to be 0: the sum is above 0
	// where they are more. Below 1, they may be less than assumed.
	SignChanges Figure `json:"sign_changes_at"`
	Verdict     string `json:"verdict"` // "" where there is none: amounts in two currencies
	Words       string `json:"words"`
}

// Unproductive works out the view of a unit and a tool or adoption.AllTools. It fails with adoption.NotFound for a unit and
// tool whose use is not known.
func (m *Model) Unproductive(unit, tool string) (Unproductive, error) {
	e := m.evaluator(m.zoning())
	c, err := e.cell(unit, tool, change{factor: 1, time: true})
	if err != nil {
		return Unproductive{}, err
	}
	u := Unproductive{Unit: unit, Tool: tool}
	for _, t := range e.toolsOf(unit, tool) {
		u.Hours += m.tree.uses[[2]string{unit, t}].SpanSeconds / 3600
	}
	figure := func(work func(s *side, out []float64)) Figure {
		work(&c.drawn, e.scratch)
		work(&c.moved, e.small)
		return e.figureOf(e.scratch, e.small)
	}
	u.TimeCost = figure(func(s *side, out []float64) { copy(out, s.of(timeSpent)) })
	u.CameOfIt = figure(func(s *side, out []float64) { copy(out, s.of(value)) })
	u.NetCash = figure((*side).netCash)
	u.Work = figure(func(s *side, out []float64) { times(out, s.share, s.line(spanCap)) })
	u.Sum = figure(func(s *side, out []float64) { s.netCapacity(out, s.line(spanIn), s.line(spanOut)) })
	e.signChanges(&u, c)
	w := e.writer(c, asItIs)
	u.formulas(w)
	u.judge(e.hasForeign(c))
	return u, nil
}

// toolsOf are the tools that a cell speaks of.
func (e *evaluator) toolsOf(unit, tool string) []string {
	if _, one := e.m.doc.Tools[tool]; one {
		return []string{tool}
	}
	return e.known(unit)
}

// signChanges is (value − sum) ÷ value: V is linear in the minutes, and nothing else depends on them.
func (e *evaluator) signChanges(u *Unproductive, c *cell) {
	lanes := func(s *side, out []float64) (ok bool) {
		s.netCapacity(out, s.line(spanIn), s.line(spanOut))
		for i, worth := range s.of(value) {
			if worth <= 0 {
				return false
			}
			out[i] = max((worth-out[i])/worth, 0)
		}
		return true
	}
	if !lanes(&c.drawn, e.scratch) || !lanes(&c.moved, e.small) {
		u.SignChanges = Figure{Grade: assumptions.Assumed, Why: "nothing is saved, so no minutes would make it worth the time"}
		return
	}
	u.SignChanges = e.figureOf(e.scratch, e.small)
}

func (u *Unproductive) formulas(w writer) {
	u.TimeCost.Formula = amount(u.Hours) + " h in the tool × the loaded rate = " + money(u.TimeCost.Likely)
	u.CameOfIt.Formula = w.value()
	u.NetCash.Formula = w.formula(nNetCash)
	u.Work.Formula = "capacity costs that are entered as lines = " + money(u.Work.Likely)
	u.Sum.Formula = fmt.Sprintf("came of it %s + net cash %s − other capacity costs %s − time %s = %s",
		money(u.CameOfIt.Likely), money(u.NetCash.Likely), money(u.Work.Likely), money(u.TimeCost.Likely), money(u.Sum.Likely))
	u.SignChanges.Formula = "(came of it − sum) ÷ came of it = (" + money(u.CameOfIt.Likely) + " − " + money(u.Sum.Likely) + ") ÷ " + money(u.CameOfIt.Likely)
}

// judge puts the sum into words that do not claim more than the draws.
func (u *Unproductive) judge(foreign bool) {
	if foreign {
		u.NetCash, u.Sum, u.SignChanges = Figure{Grade: "C", Why: WhyTwoCurrencies}, Figure{Grade: "C", Why: WhyTwoCurrencies}, Figure{Grade: "C", Why: WhyTwoCurrencies}
		u.Words = "No verdict: " + WhyTwoCurrencies + "."
		return
	}
	sign := ""
	if s := u.SignChanges; s.P10 != nil {
		sign = fmt.Sprintf(" The sign changes where the minutes saved are %s to %s times those assumed (eight draws of ten).", factor(*s.P10), factor(*s.P90))
	}
	switch {
	case *u.Sum.P10 > 0:
		u.Verdict, u.Words = WorthIt, "Worth it: in nine draws of ten, more came of it than the time and all else cost."+sign
	case *u.Sum.P90 < 0:
		u.Verdict, u.Words = NotWorthIt, "Not worth it: in nine draws of ten, the time and all else cost more than came of it."+sign
	default:
		u.Verdict, u.Words = Open, "Open: the assumptions leave room for both."+sign
	}
}
