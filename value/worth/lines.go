package worth

import (
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// The kinds of vector that lines of cost and benefit make. What lies ahead is adjusted for risk. After the last follow,
// for each segment of the horizon, segCash and segCap: what a month brings and takes.
const (
	spanIn  = iota
	spanOut //
	spanCap // capacity costs
	upOut   // paid on the first day
	upCap   //
	pvIn    // present value of what comes in
	pvOut   // of what is paid, on the first day and later
	pvCap   //
	lineKinds
)

func segCash(segment int) int { return lineKinds + 2*segment }
func segCap(segment int) int  { return lineKinds + 2*segment + 1 }

// group are the lines of a tool that one unit bears, and hands on to the units below it: the company the shared ones.
type group struct {
	bearer  string
	vectors *vectors
	foreign []foreign
}

// foreign are sums of the span in a currency that nobody has entered a rate for.
type foreign struct {
	currency string
	sums     *vectors // spanIn, spanOut, spanCap
}

// terms are what lines are turned into vectors with.
type terms struct {
	doc      *assumptions.Document
	in       inputs
	calendar calendar
	segments []window
	tree     tree
	off      bool // the tool is switched off: only what is committed goes on
}

// window is when a line that is paid again and again runs in the future. A contract that is renewed goes on. Where the
// tool is switched off, benefits end, and costs end but for a contract, which ends at its renewal or on its last day.
func (t *terms) window(l line) window {
	end := l.To
	if l.cost != nil && l.cost.Renewal != nil {
		end = nil
	}
	if !t.off {
		return t.calendar.future(l.From, end)
	}
	if l.cost == nil || l.cost.Kind != "licences" {
		return window{1, 0}
	}
	if end = l.cost.Renewal; end == nil {
		end = l.To
	}
	if end == nil {
		return window{1, 0}
	}
	return t.calendar.future(l.From, end)
}

// groups are the lines of a tool in a world, by who bears them, the company first.
func (t *terms) groups(w *derived, tool string) (groups []group) {
	for _, l := range linesOf(tool, t.doc.Tools[tool]) {
		bearer := l.Unit
		if bearer == "" {
			bearer = adoption.Company
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.bearer == bearer })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{bearer: bearer, vectors: newVectors(w.lanes, lineKinds+2*len(t.segments))})
		}
		t.enter(w, &groups[i], l, tool)
	}
	return groups
}

// enter puts one line into its group.
func (t *terms) enter(w *derived, g *group, l line, tool string) {
	amount := w.values[t.in.at[l.path]]
	if l.hours {
		amount = product(amount, w.values[t.in.rateOf(t.tree, g.bearer)])
	}
	factor := t.perMonth(l, g.bearer, tool)
	past := t.past(l)
	if t.off && l.Per != assumptions.Once && t.window(l).months() == 0 {
		past = 0 // it would have ended
	}
	conversion, ok := assumptions.Conversion{Factor: 1}, true
	if !l.hours {
		conversion, ok = t.doc.Convert(l.Currency, t.doc.Currency, t.calendar.to)
	}
	if !ok {
		g.enterForeign(l, float64(factor*past), amount)
		return
	}
	factor = float64(factor * conversion.Factor)
	g.vectors.add(l.spanKind(), float64(factor*past), amount)
	t.enterFuture(w, g, l, factor, amount)
}

// perMonth is how often the amount falls on a month, or how often at all where it is paid once.
func (t *terms) perMonth(l line, bearer, tool string) float64 {
	switch l.Per {
	case assumptions.SeatMonth:
		if use := t.tree.uses[[2]string{bearer, tool}]; use != nil {
			return use.seats()
		}
		return 0
	case assumptions.Year:
		return 1 / yearMonths
	}
	return 1
}

// past is for how many months a line ran in the span; for one that is paid once, 1 or 0.
func (t *terms) past(l line) float64 {
	if l.Per != assumptions.Once {
		return t.calendar.past(l.From, l.To)
	}
	if l.From != nil && *l.From >= t.calendar.from && *l.From <= t.calendar.to && (!t.off || l.cost != nil) {
		return 1
	}
	return 0
}

// enterFuture puts what lies ahead into its months, adjusted for risk.
func (t *terms) enterFuture(w *derived, g *group, l line, factor float64, amount []float64) {
	risk, pv, up, seg := w.riskCosts, pvOut, upOut, segCash
	sign := -1.0
	switch {
	case l.cost == nil:
		risk, pv, sign = w.riskBenefits, pvIn, 1
	case l.cost.Class == assumptions.Capacity:
		pv, up, seg, sign = pvCap, upCap, segCap, 1
	}
	amount = product(amount, risk)
	window := t.window(l)
	if l.Per == assumptions.Once {
		month := 0
		if l.From != nil {
			month = t.calendar.month(*l.From)
		}
		if month == 0 && l.cost != nil {
			g.vectors.add(up, factor, amount)
			g.vectors.add(pv, factor, amount)
			return
		}
		if t.off || month == 0 || month > t.calendar.horizon {
			return // not begun; a benefit that has come already; beyond what is looked at
		}
		window.from, window.to = month, month
	}
	for i, s := range t.segments {
		if window.holds(s) {
			g.vectors.add(pv, factor, product(amount, w.annuity[i]))
			g.vectors.add(seg(i), float64(sign*factor), amount)
		}
	}
}

// spanKind is where a line of the span belongs.
func (l line) spanKind() int {
	switch {
	case l.cost == nil:
		return spanIn
	case l.cost.Class == assumptions.Capacity:
		return spanCap
	}
	return spanOut
}

func (g *group) enterForeign(l line, factor float64, amount []float64) {
	i := slices.IndexFunc(g.foreign, func(f foreign) bool { return f.currency == l.Currency })
	if i < 0 {
		i = len(g.foreign)
		g.foreign = append(g.foreign, foreign{l.Currency, newVectors(len(amount), lineKinds)})
	}
	g.foreign[i].sums.add(l.spanKind(), factor, amount)
}

func product(a, b []float64) []float64 {
	p := make([]float64, len(a))
	for i := range a {
		p[i] = float64(a[i] * b[i])
	}
	return p
}
