package dashboard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
)

// editorView is the editor of one section of the assumptions: what holds for the company, or one tool.
type editorView struct {
	Sections          []choiceLink
	Section, Name     string
	Inputs            []inputField
	Currency, Horizon string
	Company           bool
	Exchange          []exchangeField // of the company's section, and an empty one
	Spread, Counted   []choice
	CountedAt         string // the field of Counted
	Costs, Benefits   []lineField
	Revision          string
	Problems          []string
	Saved, Open       bool
	Changes           []assumptions.Change
	Effect            effectView
	Overtaken         string // who has published since the draft was begun, and when
	Newest            string // the version that is the newest
	Reason, CostsText string
}

// inputField are the fields of one amount.
type inputField struct {
	Pointer, Name, Unit, Bounds, Most string
	Low, Likely, High, Source, Owner  string
	Grades                            []choice
	Set                               string
}

// lineField are the fields of a line of costs or benefits.
type lineField struct {
	Pointer, Title                                     string
	Name, Currency, ForUnit, From, To, Renewal, Notice string
	Cost, New                                          bool
	Classes, Kinds, Pers, Units                        []choice
	Amount                                             inputField
}

// exchangeField are the fields of an exchange rate: one From is Rate To on Date.
type exchangeField struct {
	Pointer, Title                      string
	From, To, Rate, Date, Source, Owner string
	New                                 bool
}

// filling is a form with what stands in the document, or with what somebody has typed into it.
type filling struct {
	d     *reader
	typed url.Values
}

func (f filling) value(pointer, stands string) string {
	if typed, ok := f.typed[pointer]; ok && len(typed) > 0 {
		return typed[0]
	}
	return stands
}

func (f filling) choices(pointer, stands string, prefix string, of ...string) []choice {
	chosen := f.value(pointer, stands)
	all := make([]choice, len(of))
	for i, one := range of {
		all[i] = choice{Value: one, Name: f.d.words.text(prefix + one), Chosen: one == chosen}
	}
	return all
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// input makes the fields of an amount that stands at a pointer.
func (f filling) input(at, name, unit string, in assumptions.Input) inputField {
	v := inputField{Pointer: at, Name: name, Unit: f.d.inputUnit(unit), Low: f.value(at+"/low", number(in.Low)), Likely: f.value(at+"/likely", number(in.Likely)), High: f.value(at+"/high", number(in.High)),
		Source: f.value(at+"/source", in.Source), Owner: f.value(at+"/owner", in.Owner), Grades: f.choices(at+"/grade", string(in.Grade), "value.grade.", "A", "B", "C")}
	if in.Set != 0 {
		v.Set = f.d.words.text("value.edit.set", "date", f.d.date(in.Set))
	}
	if most, bounded := map[string]string{assumptions.Share: "1", assumptions.Weeks: "53", assumptions.Minutes: "1440"}[unit]; bounded {
		v.Most, v.Bounds = most, f.d.words.text("value.edit.bounds", "most", most)
	}
	return v
}

// sections lists what can be edited: the company, then each tool.
func (d *reader) sections(e *editing, chosen string, n names) (all []choiceLink) {
	section := func(id, name string) {
		all = append(all, choiceLink{link{name, d.chosen.along("/value/assumptions/edit", "section", id)}, id == chosen})
	}
	section("", d.words.text("value.edit.company"))
	for _, id := range slices.Sorted(maps.Keys(e.doc.Tools)) {
		section(id, n.tool(id))
	}
	return all
}

// showEditor draws the editor.
func (d *reader) showEditor(c *gin.Context, status int, e *editing, t told) {
	company := d.cfg.Company()
	tool, isTool := e.doc.Tools[t.section]
	if !isTool && t.section != "" {
		d.notFound(c)
		return
	}
	lists, err := askValueLists(c.Request.Context(), company)
	if err != nil {
		d.fail(c, err)
		return
	}
	n, f := namesOf(lists), filling{d, t.form}
	v := editorView{Sections: d.sections(e, t.section, n), Section: t.section, Name: d.words.text("value.edit.company"), Company: !isTool, Revision: strconv.FormatUint(e.revision, 10), Saved: t.saved, Open: e.open,
		Reason: t.reason, CostsText: t.costs, Newest: strconv.FormatUint(e.newest.Version, 10), Problems: d.problems(t.err)}
	if isTool {
		v.Name = n.tool(t.section)
		f.tool(&v, t.section, tool, company.Today(), e.doc.Currency)
	} else {
		f.company(&v, e.doc, n)
		f.exchange(&v, e.doc, company.Today())
	}
	if e.open {
		v.Changes = assumptions.Diff(e.newest.Document, e.doc)
	}
	if e.overtaken() {
		p := e.newest.Published
		v.Overtaken = d.words.text("value.edit.overtaken", "author", p.Author, "version", p.Version, "time", d.clock(p.At, d.zone()), "begun", e.version)
	}
	document, err := json.Marshal(e.doc)
	if err == nil {
		v.Effect, err = d.effectOf(c.Request.Context(), document)
	}
	if err != nil {
		v.Effect = effectView{Problems: d.problems(err)}
	}
	d.render(c, status, "assumptions_edit.html", d.pageOf(c, d.words.text("value.edit.title"), "value"), v)
}

// company makes the fields of what holds for the whole company.
func (f filling) company(v *editorView, doc *assumptions.Document, n names) {
	text := f.d.words.text
	v.Currency, v.Horizon = f.value("/currency", doc.Currency), f.value("/horizon_months", strconv.Itoa(doc.Horizon))
	v.Spread = f.choices("/spread", string(doc.Spread), "value.spread.", "enabled", "headcount", "active")
	for _, unit := range slices.Sorted(maps.Keys(doc.Rates)) {
		v.Inputs = append(v.Inputs, f.input(pointer("rates", unit), text("value.input.rates", "unit", n.unit(unit)), assumptions.MoneyPerHour, doc.Rates[unit]))
	}
	for _, one := range []struct {
		name, unit string
		in         assumptions.Input
	}{{"recapture", assumptions.Share, doc.Recapture}, {"discount_rate", assumptions.Share, doc.DiscountRate}, {"risk_benefits", assumptions.Share, doc.RiskBenefits},
		{"risk_costs", assumptions.Share, doc.RiskCosts}, {"working_weeks", assumptions.Weeks, doc.WorkingWeeks}} {
		v.Inputs = append(v.Inputs, f.input(pointer(one.name), text("value.input."+one.name), one.unit, one.in))
	}
}

// exchange makes the fields of the exchange rates, with an empty one below them.
func (f filling) exchange(v *editorView, doc *assumptions.Document, today adoption.Day) {
	for i, one := range append(slices.Clone(doc.Exchange), assumptions.Exchange{To: doc.Currency, Date: today}) {
		at := pointer("exchange", strconv.Itoa(i))
		fresh := i == len(doc.Exchange)
		field := exchangeField{Pointer: at, New: fresh, Title: f.d.words.text("value.edit.new_line"), From: f.value(at+"/from", one.From), To: f.value(at+"/to", one.To), Rate: f.value(at+"/rate", ""), Date: f.value(at+"/date", one.Date.String()),
			Source: f.value(at+"/source", one.Source), Owner: f.value(at+"/owner", one.Owner)}
		if !fresh {
			field.Title, field.Rate = one.From+" → "+one.To, f.value(at+"/rate", number(one.Rate))
		}
		v.Exchange = append(v.Exchange, field)
	}
}

// tool makes the fields of a tool, with an empty line below its costs and its benefits.
func (f filling) tool(v *editorView, id string, tool assumptions.Tool, today adoption.Day, currency string) {
	text := f.d.words.text
	at := pointer("tools", id)
	v.Inputs = append(v.Inputs, f.input(at+"/attribution", text("value.input.attribution"), assumptions.Share, tool.Attribution))
	for _, class := range adoption.Classes() {
		if in, ok := tool.Minutes[class]; ok {
			v.Inputs = append(v.Inputs, f.input(at+"/minutes/"+string(class), text("value.input.minutes."+string(class)), assumptions.Minutes, in))
		}
	}
	if tool.Ceiling != nil {
		v.Inputs = append(v.Inputs, f.input(at+"/ceiling", text("value.input.ceiling"), assumptions.Minutes, *tool.Ceiling))
		last := &v.Inputs[len(v.Inputs)-1]
		last.Most, last.Bounds = "10080", text("value.edit.bounds", "most", "10080")
	}
	counted := "no"
	if tool.TimeCounted {
		counted = "yes"
	}
	v.CountedAt = at + "/time_counted"
	v.Counted = f.choices(v.CountedAt, counted, "value.edit.", "no", "yes")
	empty := assumptions.Line{Amount: assumptions.Input{Unit: assumptions.Money, Grade: assumptions.Assumed}, Per: assumptions.Month, Currency: currency}
	for i, one := range append(slices.Clone(tool.Costs), assumptions.Cost{Line: empty, Class: assumptions.Cash, Kind: "vendor"}) {
		p := at + "/costs/" + strconv.Itoa(i)
		l := f.line(p, one.Line, i == len(tool.Costs))
		l.Cost = true
		l.Classes = f.choices(p+"/class", string(one.Class), "value.lineclass.", "cash", "capacity")
		l.Kinds = f.choices(p+"/kind", string(one.Kind), "value.kind.", wordsOf(assumptions.CostKinds())...)
		l.Renewal, l.Notice = f.value(p+"/renewal", dayText(one.Renewal)), f.value(p+"/notice", dayText(one.Notice))
		v.Costs = append(v.Costs, l)
	}
	for i, one := range append(slices.Clone(tool.Benefits), assumptions.Benefit{Line: empty, Kind: "other"}) {
		p := at + "/benefits/" + strconv.Itoa(i)
		l := f.line(p, one.Line, i == len(tool.Benefits))
		l.Kinds = f.choices(p+"/kind", string(one.Kind), "value.kind.", wordsOf(assumptions.BenefitKinds())...)
		v.Benefits = append(v.Benefits, l)
	}
}

func (f filling) line(at string, l assumptions.Line, fresh bool) lineField {
	v := lineField{Pointer: at, New: fresh, Name: f.value(at+"/name", l.Name), Currency: f.value(at+"/currency", l.Currency), ForUnit: f.value(at+"/for_unit", l.Unit), From: f.value(at+"/from", dayText(l.From)), To: f.value(at+"/to", dayText(l.To)),
		Pers: f.choices(at+"/per", string(l.Per), "value.per.", "seat_month", "month", "year", "once"), Units: f.choices(at+"/amount/unit", l.Amount.Unit, "value.measure.", assumptions.Money, assumptions.Hours),
		Amount: f.input(at+"/amount", f.d.words.text("value.amount"), l.Amount.Unit, l.Amount), Title: l.Name}
	if fresh {
		v.Title = f.d.words.text("value.edit.new_line")
		for field, into := range map[string]*string{"low": &v.Amount.Low, "likely": &v.Amount.Likely, "high": &v.Amount.High} {
			*into = f.value(at+"/amount/"+field, "")
		}
	}
	return v
}

func dayText(d *adoption.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func wordsOf[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = string(one)
	}
	return out
}

// problems are what is wrong, each with its field.
func (d *reader) problems(err error) []string {
	if err == nil {
		return nil
	}
	var all assumptions.Problems
	if errors.As(err, &all) {
		out := make([]string, len(all))
		for i, one := range all {
			out[i] = one.Field + " " + one.Reason
		}
		return out
	}
	if adoption.CodeOf(err) == adoption.Internal {
		d.cfg.Log.Error("the editor failed", "error", err)
	}
	e := adoption.Public(err)
	view := d.errorView(e)
	said := view.Message
	if view.Original != "" {
		said += " (" + view.Original + ")"
	}
	if e.Field != "" {
		return []string{e.Field + ": " + said}
	}
	return []string{said}
}

// effectView is what a document would change in the headline figures.
type effectView struct {
	Problems []string
	Rows     []effectRow
	Now      string // the version that it is held against
}

type effectRow struct {
	Name      string
	Now, Then estimate
	Changed   bool
}

// effectFigures are the figures whose change the editor shows.
var effectFigures = []string{"net_cash", "net_capacity", "npv", "combined.npv", "hours"}

func (d *reader) effectOf(ctx context.Context, document json.RawMessage) (effectView, error) {
	doc, err := assumptions.Read(document)
	if err != nil {
		return effectView{}, err
	}
	answer, err := d.cfg.Company().ValueEffect(ctx, query.ValueQuestion{}, doc)
	if err != nil {
		return effectView{}, err
	}
	v := effectView{Now: d.versionWords(answer.Version, answer.Assumptions.Author, answer.Assumptions.At)}
	for _, key := range effectFigures {
		m := measureOf(key)
		r := effectRow{Name: d.words.text("value.figure." + key), Now: d.estimateOf(valueFigure(&answer.Now, key), m, answer.Now.Currency, 0),
			Then: d.estimateOf(valueFigure(&answer.Then, key), m, answer.Then.Currency, 0)}
		r.Changed = r.Now.P50 != r.Then.P50 || r.Now.Range != r.Then.Range
		v.Rows = append(v.Rows, r)
	}
	return v, nil
}

// renderPart writes one part of a page alone.
func (d *reader) renderPart(c *gin.Context, status int, page, part string, view any) {
	var out bytes.Buffer
	if err := d.language.pages.sets[page].ExecuteTemplate(&out, part, view); err != nil {
		d.fail(c, err)
		return
	}
	c.Data(status, "text/html; charset=utf-8", out.Bytes())
}
