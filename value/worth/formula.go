package worth

import (
	"fmt"
	"strings"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// writer writes the formulas of one cell with the numbers put in: the counts of the span, and every input at its likely
// value. So a reader can work each figure out again.
type writer struct {
	m      *Model
	c      *cell
	change change
	plan   *plan
	tools  []string // that are added up; nil for one tool
}

func (e *evaluator) writer(c *cell, ch change) writer {
	w := writer{m: e.m, c: c, change: ch, plan: e.m.planOf(ch)}
	if c.tool == adoption.AllTools {
		w.tools = e.known(c.unit)
	}
	return w
}

// known are the tools whose use by a unit is known.
func (e *evaluator) known(unit string) (tools []string) {
	for _, tool := range e.m.Tools() {
		if e.m.tree.uses[[2]string{unit, tool}] != nil {
			tools = append(tools, tool)
		}
	}
	return tools
}

// used and lined are what a kind of use and of lines comes to where every input has its likely value.
func (w writer) used(kind int) float64 { return w.c.moved.of(kind)[0] }
func (w writer) lined(kind int) float64 {
	return float64(w.c.moved.share * w.c.moved.line(kind)[0])
}

// input is the likely value of an input.
func (w writer) input(path string) float64 { return w.m.in.list[w.m.in.at[path]].Likely }

func (w writer) formula(n name) string {
	in, out := w.lined(spanIn), w.lined(spanOut)
	capacity := w.used(timeSpent) + w.lined(spanCap)
	switch n {
	case nHours:
		return w.hours()
	case nValue:
		return w.value()
	case nCashIn:
		return w.lines("cash in", in, spanIn)
	case nCashOut:
		return w.lines("cash out", out, spanOut)
	case nCapacityCosts:
		return w.lines("capacity costs", capacity, spanCap)
	case nNetCash:
		return "cash in " + amount(in) + " − cash out " + amount(out) + " = " + amount(in-out)
	case nNetCapacity:
		return "capacity value " + amount(w.used(value)) + " − capacity costs " + amount(capacity) + " = " + amount(w.used(value)-capacity)
	case nBothNet:
		net, worth := in-out, w.used(value)-capacity
		return "net cash " + amount(net) + " + net capacity " + amount(worth) + " = " + amount(net+worth)
	}
	return w.future(n)
}

// hours is H = Σ over classes (counted actions × minutes ÷ 60).
func (w writer) hours() string {
	sum := amount(w.used(hours)) + " h"
	if w.tools != nil {
		return "the sum over " + strings.Join(w.tools, ", ") + " = " + sum
	}
	counted := byClass{}
	for _, z := range w.c.zones {
		counted = counted.plus(z.span.times(w.change.factor))
	}
	var parts []string
	for c, class := range adoption.Classes() {
		if minutes, ok := w.m.doc.Tools[w.c.tool].Minutes[class]; ok && counted[c] > 0 {
			parts = append(parts, amount(counted[c])+" "+string(class)+" × "+amount(minutes.Likely)+" min")
		}
	}
	if len(parts) == 0 || w.change.off {
		return "no counted action saves time = 0 h"
	}
	return "(" + strings.Join(parts, " + ") + ") ÷ 60 = " + sum + w.cut(counted)
}

// cut says how much lies over the ceiling.
func (w writer) cut(counted byClass) string {
	over := float64(w.m.tree.uses[[2]string{w.c.unit, w.c.tool}].Span.byClass()[contribute]*w.change.factor) - counted[contribute]
	if ceiling := w.m.doc.Tools[w.c.tool].Ceiling; ceiling != nil && over >= 0.5 {
		return fmt.Sprintf("; %s contribute lie over the ceiling of %s min an active person and week, and are not counted", amount(over), amount(ceiling.Likely))
	}
	return ""
}

// value is V = H × attribution × recapture × rate.
func (w writer) value() string {
	sum := money(finite(w.used(value)))
	if w.tools != nil {
		return "the sum over " + strings.Join(w.tools, ", ") + " = " + sum
	}
	var parts []string
	for _, z := range w.c.zones {
		h := 0.0
		for c, class := range adoption.Classes() {
			minutes := w.m.doc.Tools[w.c.tool].Minutes[class].Likely
			h += float64(z.span[c]*minutes) / 60
		}
		if h = float64(h * w.change.factor); h > 0 || len(w.c.zones) == 1 {
			parts = append(parts, amount(h)+" h × "+amount(w.m.in.list[z.rate].Likely))
		}
	}
	rated := strings.Join(parts, " + ")
	if len(parts) > 1 {
		rated = "(" + rated + ")"
	}
	return fmt.Sprintf("%s an hour × %s attribution × %s recapture = %s", rated, amount(w.input("tools."+w.c.tool+".attribution")), amount(w.input("recapture")), sum)
}

// lines lists the lines of a kind that the cell bears.
func (w writer) lines(what string, sum float64, kind int) string {
	var parts []string
	for _, b := range w.c.borne {
		bearer := w.plan.drawn.groups[b.tool][b.group].bearer
		for _, l := range w.m.lines[b.tool] {
			if l.spanKind() == kind && (l.Unit == bearer || l.Unit == "" && bearer == adoption.Company) {
				parts = append(parts, w.line(l, bearer, b.tool, b.share))
			}
		}
	}
	if spent := w.used(timeSpent); kind == spanCap && spent > 0 {
		parts = append(parts, "time in the tool at the loaded rate "+amount(spent))
	}
	if len(parts) == 0 {
		return what + ": nothing is entered = 0"
	}
	return strings.Join(parts, " + ") + " = " + amount(sum)
}

// line is one line with all that it is multiplied by.
func (w writer) line(l line, bearer, tool string, share float64) string {
	t := &w.plan.terms
	s := l.Name + " " + amount(l.Amount.Likely)
	if l.hours {
		s += " h × " + amount(w.m.in.list[w.m.in.rateOf(w.m.tree, bearer)].Likely)
	} else if l.Currency != w.m.doc.Currency {
		s += " " + l.Currency
		if c, ok := w.m.doc.Convert(l.Currency, w.m.doc.Currency, t.calendar.to); ok {
			s += " × " + factor(c.Factor) + " (rate of " + c.Date.String() + ")"
		} else {
			s += " (not added: no exchange rate)"
		}
	}
	switch l.Per {
	case assumptions.SeatMonth:
		s += " × " + amount(t.perMonth(l, bearer, tool)) + " seats × " + amount(t.past(l)) + " months"
	case assumptions.Month:
		s += " × " + amount(t.past(l)) + " months"
	case assumptions.Year:
		s += " ÷ 12 × " + amount(t.past(l)) + " months"
	case assumptions.Once:
		if t.past(l) == 0 {
			s += " × 0 (paid once, not in this span)"
		}
	}
	if share != 1 {
		s += " × " + factor(share) + " by " + string(w.m.doc.Spread)
	}
	return s
}
