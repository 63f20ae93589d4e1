package dashboard

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
)

// assumptionsView is the page of the versions of the assumptions: all of them, one as it is, and what changed between two.
type assumptionsView struct {
	Head      string
	Done      string // what was just done
	Versions  []versionRow
	Against   []choice // to compare with
	Version   string   // that is shown
	Changes   []assumptions.Change
	Compared  string // the two that are compared, in words
	Company   []valueInput
	Facts     []fact
	Tools     []toolAssumptions
	NewTools  string
	Value     string // the figures under this version
	Published bool
	Editable  bool // by who reads it
}

type versionRow struct {
	Name, Href, Author, Time, Reason string
	Shown                            bool
}

type fact struct{ Name, Text string }

// toolAssumptions is what a version says of a tool.
type toolAssumptions struct {
	Name   string
	Inputs []valueInput
}

func (s *Dashboard) assumptionsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	asked := url.Values{}
	for from, to := range map[string]string{"version": "version", "assumptions": "version", "against": "against"} {
		if text := c.Query(from); text != "" {
			asked.Set(to, text)
		}
	}
	q, err := query.ParseAssumptions(asked, company.Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	a, err := company.Assumptions(c.Request.Context(), q)
	if err != nil {
		d.fail(c, err)
		return
	}
	lists, err := askValueLists(c.Request.Context(), company)
	if err != nil {
		d.fail(c, err)
		return
	}
	view := d.assumptionsView(a, namesOf(lists))
	view.Editable = may(c, access.EditAssumptions)
	if c.Query("published") == "1" && a.Published != nil {
		view.Done = d.words.text("value.versions.done", "version", a.Version)
	}
	d.render(c, http.StatusOK, "assumptions.html", d.pageOf(c, d.words.text("value.versions.title"), "value"), view)
}

func (d *reader) assumptionsView(a *query.AssumptionsAnswer, n names) assumptionsView {
	zone := d.zone()
	v := assumptionsView{Version: strconv.FormatUint(a.Version, 10), Published: a.Published != nil, Value: d.chosen.along("/value", "assumptions", strconv.FormatUint(a.Version, 10))}
	v.Head = d.words.text("value.versions.start")
	if p := a.Published; p != nil {
		v.Head = d.versionWords(p.Version, p.Author, &p.At)
	}
	name := d.versionName
	for _, one := range a.Versions {
		number := strconv.FormatUint(one.Version, 10)
		row := versionRow{Name: name(one.Version), Href: d.chosen.along("/value/assumptions", "version", number, "against", strconv.FormatUint(one.Version-1, 10)), Author: one.Author, Time: d.clock(one.At, zone), Reason: one.Reason, Shown: one.Version == a.Version}
		v.Versions = append(v.Versions, row)
		v.Against = append(v.Against, choice{Value: number, Name: name(one.Version), Chosen: a.Against != nil && *a.Against == one.Version})
	}
	v.Against = append(v.Against, choice{Value: "0", Name: name(0), Chosen: a.Against != nil && *a.Against == 0})
	if a.Against != nil {
		v.Compared, v.Changes = d.words.text("value.versions.compared", "from", name(*a.Against), "to", name(a.Version)), a.Changes
	}
	if len(a.NewTools) > 0 && a.Published != nil {
		v.NewTools = d.words.text("value.versions.new_tools", "tools", d.listed(a.NewTools, n.tool))
	}
	d.documentView(&v, a.Document, n)
	return v
}

// documentView lays a document out: what holds for the company, then tool by tool.
func (d *reader) documentView(v *assumptionsView, doc *assumptions.Document, n names) {
	row := func(name, path string, in assumptions.Input) valueInput {
		return valueInput{name, path, d.rangeWords(in), d.inputUnit(in.Unit), in.Source, string(in.Grade), in.Owner, d.date(in.Set), ""}
	}
	v.Facts = []fact{{d.words.text("value.edit.currency"), doc.Currency}, {d.words.text("value.edit.horizon"), strconv.Itoa(doc.Horizon)},
		{d.words.text("value.edit.spread"), d.words.text("value.spread." + string(doc.Spread))}}
	for _, x := range doc.Exchange {
		v.Facts = append(v.Facts, fact{d.words.text("value.exchange.one"), d.words.text("value.exchange.line", "from", x.From, "rate", number(x.Rate), "to", x.To, "date", d.date(x.Date), "source", x.Source, "owner", x.Owner)})
	}
	for _, unit := range slices.Sorted(maps.Keys(doc.Rates)) {
		v.Company = append(v.Company, row(d.inputName("rates."+unit, n), "rates."+unit, doc.Rates[unit]))
	}
	for _, one := range []struct {
		name string
		in   assumptions.Input
	}{{"recapture", doc.Recapture}, {"discount_rate", doc.DiscountRate}, {"risk_benefits", doc.RiskBenefits}, {"risk_costs", doc.RiskCosts}, {"working_weeks", doc.WorkingWeeks}} {
		v.Company = append(v.Company, row(d.words.text("value.input."+one.name), one.name, one.in))
	}
	for _, id := range slices.Sorted(maps.Keys(doc.Tools)) {
		tool := doc.Tools[id]
		t := toolAssumptions{Name: n.tool(id)}
		t.Inputs = append(t.Inputs, row(d.words.text("value.input.attribution"), "attribution", tool.Attribution))
		for _, class := range adoption.Classes() {
			if in, ok := tool.Minutes[class]; ok {
				t.Inputs = append(t.Inputs, row(d.words.text("value.input.minutes."+string(class)), "minutes."+string(class), in))
			}
		}
		if tool.Ceiling != nil {
			t.Inputs = append(t.Inputs, row(d.words.text("value.input.ceiling"), "ceiling", *tool.Ceiling))
		}
		for _, l := range tool.Costs {
			t.Inputs = append(t.Inputs, d.lineRow(l.Line, row))
		}
		for _, l := range tool.Benefits {
			t.Inputs = append(t.Inputs, d.lineRow(l.Line, row))
		}
		v.Tools = append(v.Tools, t)
	}
}

// lineRow is a line of costs or benefits: its amount with what it is paid for.
func (d *reader) lineRow(l assumptions.Line, row func(name, path string, in assumptions.Input) valueInput) valueInput {
	r := row(l.Name, l.Name, l.Amount)
	if l.Currency != "" {
		r.Unit = l.Currency
	}
	r.Unit += " " + d.words.text("value.per."+string(l.Per))
	return r
}
