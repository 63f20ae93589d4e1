package worth

import (
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// Exposure is what a licence's renewal puts at stake. The three amounts overlap: they are never added. They are in the
// line's own currency.
type Exposure struct {
	Tool       string        `json:"tool"`
	Line       string        `json:"line"`
	Unit       string        `json:"unit"` // who bears it: the company, or one unit
	Currency   string        `json:"currency"`
	Renewal    adoption.Day  `json:"renewal"`
	Notice     *adoption.Day `json:"notice"`     // nil: notice may be given until the renewal
	DaysLeft   int           `json:"days_left"`  // until the last day of notice; below 0: it has passed
	Seats      *uint64       `json:"seats"`      // paid for; nil: not known, and as many count as are enabled
	Unused     *uint64       `json:"unused"`     // nil: not known
	Unassigned *uint64       `json:"unassigned"` // nil: not known
	// Exposed is a year of the term that begins with the renewal, for all seats.
	Exposed Figure `json:"exposed"`
	// Reassignable is what idle seats (unused and unassigned) cost until the renewal: others could use them meanwhile. Where
	// one of the two is not known, the other counts alone, and the formula says so; where neither is, there is no number.
	Reassignable Figure `json:"reassignable"`
	// Reducible is a year of the next term for the idle seats, as long as notice may be given.
	Reducible Figure `json:"reducible"`
}

// Exposures lists the licences that renew after the span, the nearest last day of notice first. Seats are known of units
// whose use is.
func (m *Model) Exposures() []Exposure {
	list := []Exposure{}
	for _, tool := range m.Tools() {
		for _, l := range m.lines[tool] {
			if l.cost != nil && l.cost.Renewal != nil && *l.cost.Renewal > m.company.To {
				list = append(list, m.exposure(tool, l))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Exposure) int { return a.DaysLeft - b.DaysLeft })
	return list
}

func (m *Model) exposure(tool string, l line) Exposure {
	x := Exposure{Tool: tool, Line: l.Name, Unit: l.Unit, Currency: l.Currency, Renewal: *l.cost.Renewal, Notice: l.cost.Notice}
	if x.Unit == "" {
		x.Unit = adoption.Company
	}
	last := x.Renewal
	if x.Notice != nil {
		last = *x.Notice
	}
	x.DaysLeft = int(last - m.company.To)
	use := m.tree.uses[[2]string{x.Unit, tool}]
	if use == nil && l.Per == assumptions.SeatMonth {
		none := Figure{Grade: l.Amount.Grade, Why: "its seats are not known, or the group is hidden"}
		x.Exposed, x.Reassignable, x.Reducible = none, none, none
		return x
	}
	perYear := float64(m.asIs.terms.perMonth(l, x.Unit, tool) * yearMonths)
	x.Exposed = m.sum(l, perYear, "a year of the next term")
	if l.Per != assumptions.SeatMonth {
		none := Figure{Grade: l.Amount.Grade, Why: "it is not paid by seat"}
		x.Reassignable, x.Reducible = none, none
		return x
	}
	x.Unused, x.Unassigned = use.Unused, use.Unassigned
	if use.Seats > 0 {
		x.Seats = &use.Seats
	}
	m.giveBack(&x, l, last)
	return x
}

// giveBack is what idle seats of a licence are worth until its renewal, and after.
func (m *Model) giveBack(x *Exposure, l line, last adoption.Day) {
	idle, words := x.idle()
	if words == "" {
		none := Figure{Grade: l.Amount.Grade, Why: "how many seats are idle is not known"}
		x.Reassignable, x.Reducible = none, none
		return
	}
	months := float64(x.Renewal-m.company.To) * yearMonths / yearDays
	x.Reassignable = m.sum(l, float64(idle*months), amount(idle)+words+" × "+amount(months)+" months until the renewal")
	x.Reducible = m.sum(l, float64(idle*yearMonths), amount(idle)+words+" × 12 months of the next term")
	if x.DaysLeft < 0 {
		x.Reducible = Figure{Grade: l.Amount.Grade, Why: "the last day of notice, " + last.String() + ", has passed"}
	}
}

// idle are the seats that are known to be idle; words are "" where nothing is known of them.
func (x *Exposure) idle() (seats float64, words string) {
	switch {
	case x.Unused != nil && x.Unassigned != nil:
		return float64(*x.Unused + *x.Unassigned), " idle seats"
	case x.Unused != nil:
		return float64(*x.Unused), " unused seats (how many nobody holds is not known)"
	case x.Unassigned != nil:
		return float64(*x.Unassigned), " seats that nobody holds (how many are held and not used is not known)"
	}
	return 0, ""
}

// sum is factor times the amount of a line.
func (m *Model) sum(l line, factor float64, words string) Figure {
	samples := m.asIs.drawn.values[m.in.at[l.path]]
	out := make([]float64, len(samples))
	times(out, factor, samples)
	s := cash.SpreadOf(out)
	f := Figure{P10: finite(s.P10), P50: finite(s.P50), P90: finite(s.P90), Likely: finite(float64(factor * l.Amount.Likely)), Grade: l.Amount.Grade, MovedMostBy: l.path}
	f.Formula = l.Name + " " + amount(l.Amount.Likely) + " " + l.Currency + ", " + words + " = " + money(f.Likely)
	return f
}
