package worth

import (
	"fmt"
	"math"
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// BreakEven is from where on a tool is worth its money to a unit.
type BreakEven struct {
	Unit string `json:"unit"`
	Tool string `json:"tool"`
	// Minutes that a licensed person must save in a week: yearly licence ÷ working weeks ÷ rate × 60 ÷ recapture ÷
	// attribution. Only licences are in it.
	Minutes Figure `json:"minutes_a_week"`
	// Saved are the minutes that an active person saves in a week, by the last 28 days.
	Saved Figure `json:"minutes_saved_a_week"`
	// Reach is the share of licensed people who must use the tool as the active ones do now: Minutes ÷ Saved. Above 1,
	// no number of people is enough.
	Reach Figure `json:"share_of_people"`
	// Adoption is the share active ÷ enabled at which the combined net present value is 0, all costs in it.
	Adoption Figure   `json:"adoption"`
	Now      *float64 `json:"adoption_now"`
}

// BreakEven works out one tool of a unit. It fails with adoption.NotFound where its use is not known.
func (m *Model) BreakEven(unit, tool string) (BreakEven, error) {
	e := m.evaluator(m.zoning())
	if tool == adoption.AllTools {
		return BreakEven{}, adoption.Invalid("tool", "A break-even is of one tool. Name the tool.")
	}
	c, err := e.cell(unit, tool, asItIs)
	if err != nil {
		return BreakEven{}, err
	}
	use := m.tree.uses[[2]string{unit, tool}]
	b := BreakEven{Unit: unit, Tool: tool, Now: e.adoption(unit, tool, asItIs)}
	licence, rated := m.licence(tool)
	b.Minutes = e.both(func(s *side, out []float64) bool { return rated && m.minutes(s.d, unit, tool, licence, out) }, "there is no licence to break even with, or no exchange rate for it")
	b.Saved = e.both(func(s *side, out []float64) bool { return e.saved(s.d, c, use, out) }, "nobody is active, or nothing is saved")
	b.Reach = e.both(func(s *side, out []float64) bool {
		saved := make([]float64, len(out))
		if !rated || !m.minutes(s.d, unit, tool, licence, out) || !e.saved(s.d, c, use, saved) {
			return false
		}
		for i := range out {
			out[i] /= saved[i]
		}
		return true
	}, "there is no licence, or nothing is saved")
	b.Adoption = e.adoptionAtZero(c, b.Now)
	e.breakEvenFormulas(&b, c, licence)
	return b, nil
}

// both makes a figure of work in both worlds; why says why there is none where work is not ok. Lanes may be endless.
func (e *evaluator) both(work func(s *side, out []float64) bool, why string) (f Figure) {
	e.one.drawn.d, e.one.moved.d = e.m.asIs.drawn, e.m.asIs.moved
	if !work(&e.one.drawn, e.scratch) || !work(&e.one.moved, e.small) {
		return Figure{Grade: assumptions.Assumed, Why: why}
	}
	s := cash.SpreadOf(slices.Clone(e.scratch))
	f.P10, f.P50, f.P90, f.Likely = finite(s.P10), finite(s.P50), finite(s.P90), finite(e.small[0])
	b := believe(e.small, e.m.in)
	f.Grade, f.MovedMostBy = b.grade, b.mover
	return f
}

// seatYear is a licence line's share in what a seat costs a year.
type seatYear struct {
	input  int
	factor float64 // of the amount
}

// licence is what a seat costs a year, line by line; ok is false where there is none, or one in a currency without a rate.
func (m *Model) licence(tool string) (lines []seatYear, ok bool) {
	t := &m.asIs.terms
	for _, l := range m.lines[tool] {
		if l.cost == nil || l.cost.Kind != "licences" || l.Per == assumptions.Once || l.hours || t.window(l).months() == 0 {
			continue
		}
		conversion, rated := m.doc.Convert(l.Currency, m.doc.Currency, m.company.To)
		bearer := l.Unit
		if bearer == "" {
			bearer = adoption.Company
		}
		use := m.tree.uses[[2]string{bearer, tool}]
		if !rated || use == nil || use.seats() == 0 {
			return nil, false
		}
		perYear := float64(t.perMonth(l, bearer, tool)*yearMonths) / use.seats()
		lines = append(lines, seatYear{m.in.at[l.path], float64(perYear * conversion.Factor)})
	}
	return lines, len(lines) > 0
}

// minutes a licensed person must save in a week.
func (m *Model) minutes(d *derived, unit, tool string, licence []seatYear, out []float64) bool {
	rate, weeks, work := d.values[m.in.rateOf(m.tree, unit)], d.values[m.in.at["working_weeks"]], d.effects[tool].work
	clear(out)
	for _, l := range licence {
		for i, a := range d.values[l.input] {
			out[i] += float64(l.factor * a)
		}
	}
	for i := range out {
		if !(rate[i] > 0 && work[i] > 0) {
			return false
		}
		out[i] = out[i] / weeks[i] / rate[i] * 60 / work[i]
	}
	return true
}

// saved are the minutes that an active person saves in a week of the last four.
func (e *evaluator) saved(d *derived, c *cell, use *Use, out []float64) bool {
	counted := byClass{}
	for _, z := range c.zones {
		counted = counted.plus(z.last)
	}
	if use.Active == 0 || !d.effects[c.tool].saved(counted, out) {
		return false
	}
	for i := range out {
		out[i] = out[i] * 60 / (lastDays / 7) / float64(use.Active)
		if out[i] <= 0 {
			return false
		}
	}
	return true
}

// adoptionAtZero solves NPV = fixed + (adoption ÷ now) × what use brings for the adoption. It is 0 where the tool pays
// without any use, and endless where use brings nothing.
func (e *evaluator) adoptionAtZero(c *cell, now *float64) Figure {
	switch {
	case e.hasForeign(c):
		return Figure{Grade: assumptions.Assumed, Why: WhyTwoCurrencies}
	case now == nil || *now == 0:
		return Figure{Grade: assumptions.Assumed, Why: "nobody is active, so there is no use to go by"}
	}
	f := e.both(func(s *side, out []float64) bool {
		worth, spent, whole := s.of(monthly), s.of(monthlyTime), s.d.whole
		s.bothPresent(out)
		for i := range out {
			brings := float64((worth[i] - spent[i]) * whole[i])
			fixed := out[i] - brings
			switch {
			case fixed >= 0:
				out[i] = 0
			case brings <= 0:
				out[i] = math.Inf(1)
			default:
				out[i] = float64(*now * (-fixed / brings))
			}
		}
		return true
	}, "")
	if f.Likely == nil || f.P90 == nil {
		f.Why = "use brings no more than it costs, so no adoption is enough; where a percentile is missing, that is so in such draws"
	}
	return f
}

func (e *evaluator) breakEvenFormulas(b *BreakEven, c *cell, licence []seatYear) {
	w, yearly := e.writer(c, asItIs), 0.0
	for _, l := range licence {
		yearly += float64(l.factor * e.m.in.list[l.input].Likely)
	}
	rate := e.m.in.list[e.m.in.rateOf(e.m.tree, b.Unit)].Likely
	b.Minutes.Formula = fmt.Sprintf("yearly licence %s ÷ %s weeks ÷ %s an hour × 60 ÷ %s recapture ÷ %s attribution = %s min", amount(yearly), amount(w.input("working_weeks")),
		amount(rate), amount(w.input("recapture")), amount(w.input("tools."+b.Tool+".attribution")), money(b.Minutes.Likely))
	b.Saved.Formula = "minutes saved in the last 28 days ÷ 4 ÷ " + amount(float64(e.m.tree.uses[[2]string{b.Unit, b.Tool}].Active)) + " active = " + money(b.Saved.Likely) + " min"
	b.Reach.Formula = money(b.Minutes.Likely) + " min ÷ " + money(b.Saved.Likely) + " min"
	b.Adoption.Formula = "adoption now × (costs − cash benefits) ÷ (value of use − time in it), all as present values"
}
