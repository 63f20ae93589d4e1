package dashboard

import (
	"uptake/query"
	"uptake/value/worth"
)

// What is said of what tools are worth. Every sentence follows from the figures by a rule, cash and capacity apart; what is
// combined says so, and nothing is called worth it, or not, below nine draws of ten.

// worthRule is what may be said of a figure that is better the higher it is.
func worthRule(f *worth.Figure) string {
	switch {
	case f == nil || f.P10 == nil || f.P90 == nil:
		return "unknown"
	case *f.P10 > 0:
		return worth.WorthIt
	case *f.P90 < 0:
		return worth.NotWorthIt
	}
	return worth.Open
}

// valueAnswer is the sentence above all: net cash and net capacity, each with its range.
func (d *reader) valueAnswer(a *query.ValueAnswer, row *query.ValueRow, unit string) string {
	days := int(a.To-a.From) + 1
	if row.NetCapacity.P50 == nil {
		return d.words.text("value.answer.none", "unit", unit)
	}
	capacity := d.estimateOf(&row.NetCapacity, inMoney, row.Currency, 1)
	if row.NetCash.P50 == nil { // amounts in two currencies
		return d.words.text("value.answer.capacity", "unit", unit, "n", days, "capacity", capacity.P50, "capacity_range", capacity.Range)
	}
	cash := d.estimateOf(&row.NetCash, inMoney, row.Currency, 1)
	return d.words.text("value.answer.both", "unit", unit, "n", days, "cash", cash.P50, "cash_range", cash.Range, "capacity", capacity.P50, "capacity_range", capacity.Range)
}

// valueVerdict says whether all together is worth it, and what cash alone comes to. It names the case as combined.
func (d *reader) valueVerdict(row *query.ValueRow) (words, detail, class string) {
	npv := &row.Combined.NPV
	rule := worthRule(npv)
	if rule == "unknown" {
		return d.words.text("value.verdict.unknown", "why", firstText(d.told(npv.Why), d.words.text("missing.no_data"))), "", ""
	}
	e := d.estimateOf(npv, inMoney, row.Currency, 1)
	detail = d.words.text("value.combined_npv."+rule, "npv", e.P50, "range", e.Range)
	if npv.Above0 != nil && rule == worth.Open {
		detail += " " + d.words.text("value.verdict.chance", "share", d.percent(*npv.Above0, 0))
	}
	return d.words.text("value.verdict." + rule), detail, map[string]string{worth.WorthIt: "good", worth.NotWorthIt: "bad"}[rule]
}

// cashVerdict says when cash alone is paid back.
func (d *reader) cashVerdict(row *query.ValueRow) string {
	switch f := &row.Payback; {
	case row.NPV.P50 == nil || row.CashIn.P50 == nil || row.CashOut.P50 == nil:
		return ""
	case *row.CashOut.P90 == 0 && *row.CashIn.P90 == 0:
		return d.words.text("value.cash.none")
	case f.P50 == nil:
		return d.words.text("value.cash.never")
	case *f.P50 == 0:
		return d.words.text("value.cash.at_once")
	default:
		return d.words.text("value.cash.back", "month", d.decimal(*f.P50, 0))
	}
}

// valueCautions are what a reader must know before he or she believes a figure.
func (d *reader) valueCautions(a *query.ValueAnswer, row *query.ValueRow, n names) []sentenceView {
	var all []sentenceView
	say := func(key string, pairs ...any) {
		all = append(all, sentenceView{Rule: key, Text: d.words.text("value.caution."+key, pairs...)})
	}
	if a.Version == 0 {
		say("start")
	} else if len(a.Assumptions.NewTools) > 0 {
		say("new_tools", "tools", d.listed(a.Assumptions.NewTools, n.tool))
	}
	if row.DaysLeftOut > 0 {
		say("days", "n", row.DaysLeftOut)
	}
	if len(row.LeftOut) > 0 {
		tools := make([]string, len(row.LeftOut))
		for i, one := range row.LeftOut {
			tools[i] = one.Tool
		}
		say("tools", "tools", d.listed(tools, n.tool))
	}
	for _, f := range row.Foreign {
		say("currency", "currency", f.Currency)
	}
	return all
}

// listed writes names with commas between them.
func (d *reader) listed(ids []string, name func(string) string) string {
	text := ""
	for i, id := range ids {
		if i > 0 {
			text += ", "
		}
		text += name(id)
	}
	return text
}
