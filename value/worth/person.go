package worth

// PerPerson is what the span cost for each person of a kind: cash and capacity apart. A figure is nil where there is
// nobody of the kind, or their number is not known. For all tools together the people are those of the row of all tools.
type PerPerson struct {
	Cash     ByKind `json:"cash"`
	Capacity ByKind `json:"capacity"`
}

// ByKind is a cost by the kind of person that it is spread over.
type ByKind struct {
	Enabled  *Figure `json:"enabled"`
	Active   *Figure `json:"active"`
	Habitual *Figure `json:"habitual"`
	Retained *Figure `json:"retained"`
}

func (m *Model) perPerson(v Value) (p PerPerson) {
	use := m.tree.uses[[2]string{v.Unit, v.Tool}]
	if use == nil {
		return p
	}
	each := func(cost Figure, what string) ByKind {
		by := func(n *uint64, who string) *Figure {
			if n == nil || *n == 0 {
				return nil
			}
			f := cost.scaled(1 / float64(*n))
			f.Formula = what + " " + money(cost.Likely) + " ÷ " + amount(float64(*n)) + " " + who + " = " + money(f.Likely)
			return &f
		}
		return ByKind{by(&use.Enabled, "enabled"), by(&use.Active, "active"), by(use.Habitual, "habitual"), by(use.Retained, "retained")}
	}
	return PerPerson{each(v.CashOut, "cash out"), each(v.CapacityCosts, "capacity costs")}
}
