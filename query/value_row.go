package query

import (
	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/worth"
)

// row writes down what is known of a unit and a tool; false where there is no such group on the day.
func (v *valued) row(unit, tool string, value worth.Value, there bool) (ValueRow, bool) {
	e, known := v.book.entries[[2]string{unit, tool}]
	if !known {
		return ValueRow{}, false
	}
	row := ValueRow{RowFrame: e.frame, ValueFigures: valueFigures(value), Days: e.days, DaysLeftOut: e.daysLeftOut, LeftOut: []ValueLeftOut{}}
	if tool == adoption.AllTools {
		row.LeftOut = v.leftOut(unit)
		for _, one := range v.book.tools {
			if part := v.book.entries[[2]string{unit, one}]; part != nil && part.shown != nil {
				row.Days, row.DaysLeftOut = max(row.Days, part.days), max(row.DaysLeftOut, part.daysLeftOut)
			}
		}
	}
	if !there {
		row.Why = e.why
		if row.Why == "" {
			row.Why = "no tool is shown for this group, so there is nothing to add up"
		}
		row.ValueFigures = noValue(v.currency, row.Why)
		return row, true
	}
	if unit != v.header.Unit {
		row.Inputs = []worth.Stated{} // as those of the unit asked for
	}
	row.NPVPositive = row.NPV.Above0
	if e.shown != nil {
		row.Active, row.Habitual, row.Retained, row.Seats = &e.shown.Active, e.shown.Habitual, e.shown.Retained, e.bought
	}
	return row, true
}

// leftOut are the tools that are in no sum of a unit.
func (v *valued) leftOut(unit string) []ValueLeftOut {
	out := []ValueLeftOut{}
	for _, tool := range v.model.Tools() {
		e := v.book.entries[[2]string{unit, tool}]
		switch {
		case e == nil:
			out = append(out, ValueLeftOut{tool, "nothing is known of its use"})
		case e.shown == nil:
			out = append(out, ValueLeftOut{tool, e.why})
		}
	}
	return out
}

// ValueFigures are the figures of worth.Value, whose formulas docs/value.md has. Cash and capacity are added in Combined alone.
type ValueFigures struct {
	Currency      string          `json:"currency"`
	Hours         worth.Figure    `json:"hours"`
	CapacityValue worth.Figure    `json:"capacity_value"`
	CashIn        worth.Figure    `json:"cash_in"`
	CashOut       worth.Figure    `json:"cash_out"`
	CapacityCosts worth.Figure    `json:"capacity_costs"`
	NetCash       worth.Figure    `json:"net_cash"`
	NetCapacity   worth.Figure    `json:"net_capacity"`
	ROI           worth.Figure    `json:"roi"`
	NPV           worth.Figure    `json:"npv"`
	Payback       worth.Figure    `json:"payback_months"`
	Combined      worth.Combined  `json:"combined"`
	Foreign       []worth.Foreign `json:"other_currencies"` // sums that nobody has entered an exchange rate for
	PerPerson     worth.PerPerson `json:"per_person"`
	Inputs        []worth.Stated  `json:"inputs"` // of the unit asked for; its children's rest on the same
}

func valueFigures(v worth.Value) ValueFigures {
	if v.Foreign == nil {
		v.Foreign = []worth.Foreign{}
	}
	return ValueFigures{v.Currency, v.Hours, v.CapacityValue, v.CashIn, v.CashOut, v.CapacityCosts, v.NetCash, v.NetCapacity, v.ROI, v.NPV, v.Payback,
		v.Combined, v.Foreign, v.PerPerson, v.Inputs}
}

// noValue are figures without numbers, each of which says why.
func noValue(currency, why string) ValueFigures {
	f := worth.Figure{Grade: assumptions.Assumed, Why: why}
	return ValueFigures{Currency: currency, Hours: f, CapacityValue: f, CashIn: f, CashOut: f, CapacityCosts: f, NetCash: f, NetCapacity: f, ROI: f, NPV: f, Payback: f,
		Combined: worth.Combined{Label: worth.CombinedLabel, Net: f, ROI: f, NPV: f, Payback: f}, Foreign: []worth.Foreign{}, Inputs: []worth.Stated{}}
}
