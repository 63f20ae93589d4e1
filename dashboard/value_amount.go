package dashboard

import (
	"math"
	"strings"

	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/worth"
)

// measure is what a figure of value counts.
type measure string

const (
	inMoney   measure = "money"
	inHours   measure = "hours"
	inShare   measure = "share"
	inMonths  measure = "months"
	inMinutes measure = "minutes"
	inTimes   measure = "times"
)

// measureOf is what a figure counts, by its name in the API.
func measureOf(figure string) measure {
	switch strings.TrimPrefix(figure, "combined.") {
	case "hours":
		return inHours
	case "roi":
		return inShare
	case "payback_months":
		return inMonths
	}
	return inMoney
}

// valueFigure is a figure of a row by its name: those of worth.Figures, and cash.KIND and capacity.KIND, a cost for each
// person. nil where there is no such figure, or nobody of the kind.
func valueFigure(row *query.ValueRow, name string) *worth.Figure {
	figures := map[string]*worth.Figure{
		"hours": &row.Hours, "capacity_value": &row.CapacityValue, "cash_in": &row.CashIn, "cash_out": &row.CashOut, "capacity_costs": &row.CapacityCosts,
		"net_cash": &row.NetCash, "net_capacity": &row.NetCapacity, "roi": &row.ROI, "npv": &row.NPV, "payback_months": &row.Payback,
		"combined.net": &row.Combined.Net, "combined.roi": &row.Combined.ROI, "combined.npv": &row.Combined.NPV, "combined.payback_months": &row.Combined.Payback,
	}
	for prefix, by := range map[string]worth.ByKind{"cash.": row.PerPerson.Cash, "capacity.": row.PerPerson.Capacity} {
		figures[prefix+"enabled"], figures[prefix+"active"] = by.Enabled, by.Active
		figures[prefix+"habitual"], figures[prefix+"retained"] = by.Habitual, by.Retained
	}
	return figures[name]
}

// worthOf writes an amount in its measure: the number and its unit apart. The currency is always named.
func (d *reader) worthOf(v float64, m measure, currency string) (number, unit string) {
	switch m {
	case inHours:
		return d.compact(v), d.words.text("value.unit.hours")
	case inShare:
		return d.decimal(v*100, 0), "%"
	case inMonths:
		return d.decimal(v, 0), d.words.text("value.unit.months", "n", int(v))
	case inMinutes:
		return d.decimal(v, 1), d.words.text("value.unit.minutes")
	case inTimes:
		return d.decimal(v, 1), d.words.text("value.unit.times")
	}
	if math.Abs(v) < 99.5 && v != math.Trunc(v) {
		return d.decimal(v, 2), currency
	}
	return d.compact(v), currency
}

func (d *reader) worthText(v float64, m measure, currency string) string {
	number, unit := d.worthOf(v, m, currency)
	return number + nbsp + unit
}

// estimate is an amount with its doubt, as pages show it.
type estimate struct {
	P10, P50, P90, Likely string
	Range                 string // P10 and P90 in words
	Missing               string // then there is no amount: why
	Hidden                bool
	Grade                 string
	Direction             string // "good" or "bad" where nine draws of ten lie on one side of zero
}

// estimateOf puts a figure into words. better is 1 where more is better, −1 where less is, 0 where neither can be said.
func (d *reader) estimateOf(f *worth.Figure, m measure, currency string, better int) estimate {
	if f == nil {
		return estimate{Missing: d.words.text("value.missing.nobody")}
	}
	e := estimate{Grade: string(f.Grade)}
	if f.P50 == nil && f.Likely == nil {
		e.Missing = firstText(d.told(f.Why), d.words.text("missing.no_data"))
		return e
	}
	text := func(v *float64) string {
		if v == nil {
			return d.words.text("value.missing.never")
		}
		return d.worthText(*v, m, currency)
	}
	e.P10, e.P50, e.P90, e.Likely = text(f.P10), text(f.P50), text(f.P90), text(f.Likely)
	e.Range = d.words.text("value.range", "p10", e.P10, "p90", e.P90)
	if f.P10 != nil && f.P90 != nil {
		if *f.P10 == *f.P90 {
			e.Range = d.words.text("value.certain")
		}
		e.Direction = directionOf(*f.P10, *f.P90, better)
	}
	return e
}

func directionOf(p10, p90 float64, better int) string {
	switch {
	case p10 > 0 && better > 0, p90 < 0 && better < 0:
		return "good"
	case p90 < 0 && better > 0, p10 > 0 && better < 0:
		return "bad"
	}
	return ""
}

// spanOf is a figure as charts take it.
func spanOf(f *worth.Figure) chart.Span {
	if f == nil || f.P10 == nil || f.P50 == nil || f.P90 == nil {
		return chart.Span{State: chart.NoData}
	}
	return chart.Span{Low: *f.P10, Mid: *f.P50, High: *f.P90}
}

// extentOf is the scale of figures that stand side by side.
func extentOf(figures ...*worth.Figure) (e chart.Extent) {
	for _, f := range figures {
		if s := spanOf(f); s.State == chart.Known {
			e = e.With(s.Low, s.Mid, s.High)
		}
	}
	return e
}
