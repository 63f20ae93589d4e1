package dashboard

import (
	"context"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/assumptions"
	"uptake/value/worth"
)

// openValueView is a figure of value, opened: what it is made of, and from what.
type openValueView struct {
	Path    []link
	Name    string
	Head    string
	Missing string
	Hidden  bool
	Chance  string
	estimate
	Range          template.HTML
	Formula        string       // in words
	Worked         string       // with the numbers put in
	Mover          string       // which input moves it most
	Inputs, Others []valueInput // those that move it, and those that do not
	Failed         string       // why the inputs cannot be shown
	Period, Until  string
	Days           string
	Assumptions    link
	Counts         string // the address of the counts behind it
	GradeWords     string
	Combined       bool
}

// valueInput is one input that a figure rests on.
type valueInput struct{ Name, Path, Amount, Unit, Source, Grade, Owner, Set, Moves string }

// tornadoOf is the figure whose inputs are those of a figure: a cost for each person rests on what the cost rests on.
func tornadoOf(figure string) string {
	switch {
	case strings.HasPrefix(figure, "cash."):
		return "cash_out"
	case strings.HasPrefix(figure, "capacity."):
		return "capacity_costs"
	}
	return figure
}

// isValueFigure tells whether there is a figure of that name.
func isValueFigure(name string) bool {
	if slices.Contains(worth.Figures(), name) {
		return true
	}
	of, kind, _ := strings.Cut(name, ".")
	return (of == "cash" || of == "capacity") && slices.Contains([]string{"enabled", "active", "habitual", "retained"}, kind)
}

func (s *Dashboard) valueFigurePage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	key := c.Param("figure")
	if !isValueFigure(key) {
		d.fail(c, &adoption.Error{Code: adoption.NotFound, Field: "figure", Message: d.words.text("error.page_not_found")})
		return
	}
	chosen, err := d.readValueChoice(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	chosen.Figure = tornadoOf(key)
	ps := d.parts(c.Request.Context())
	value := get(ps, "value", func(ctx context.Context) (*query.ValueAnswer, error) { return company.Value(ctx, chosen.ValueQuestion) })
	tornado := get(ps, "tornado", func(ctx context.Context) (*query.TornadoAnswer, error) {
		return company.Tornado(ctx, chosen.ValueCaseQuestion)
	})
	lists := get(ps, "lists", func(ctx context.Context) (valueLists, error) { return askValueLists(ctx, company) })
	ps.wait()
	if value.err != nil {
		d.fail(c, value.err)
		return
	}
	row := rowOf(value.View, value.View.Unit, value.View.Tool)
	if row == nil {
		d.fail(c, &adoption.Error{Code: adoption.NotFound, Field: "unit", Message: d.words.text("value.empty")})
		return
	}
	page := d.pageOf(c, d.words.text("value.figure."+key), "value")
	page.Filter = d.valueFilter(c, chosen, &value.View.ValueHeader, lists.View)
	d.render(c, http.StatusOK, "value_figure.html", page, d.openValue(key, value.View, row, tornado, chosen, namesOf(lists.View)))
}

func (d *reader) openValue(key string, a *query.ValueAnswer, row *query.ValueRow, tornado *part[*query.TornadoAnswer], chosen valueChoice, n names) openValueView {
	f, m := valueFigure(row, key), measureOf(key)
	unit := firstText(row.UnitName, n.unit(a.Unit))
	v := openValueView{Name: d.words.text("value.figure." + key), Path: []link{{unit, chosen.address("/value")}}, Formula: d.words.text("value.formula." + key),
		Period: d.words.text("value.period", "from", d.date(a.From), "to", d.date(a.To)), Until: d.clock(a.DataUntil, a.DataUntil.Location()),
		Days:        d.words.text("value.open.days", "n", row.Days, "left_out", row.DaysLeftOut),
		Assumptions: link{d.versionWords(a.Assumptions.Version, a.Assumptions.Author, a.Assumptions.At), chosen.address("/value/assumptions")},
		Counts:      chosen.address("/value/actions"), Combined: strings.HasPrefix(key, "combined."), estimate: d.estimateOf(f, m, row.Currency, 0)}
	if a.Tool != adoption.AllTools {
		v.Path = append(v.Path, link{n.tool(a.Tool), chosen.address("/value")})
	}
	v.Head, v.Missing = v.P50, v.estimate.Missing
	if v.Missing != "" {
		if row.Suppressed {
			v.Missing, v.Hidden = d.hidden(row.Enabled, a.MinGroup), true
		}
		return v
	}
	v.Worked, v.GradeWords = f.Formula, d.words.text("value.grade."+v.Grade)
	if f.Above0 != nil {
		v.Chance = d.words.text("value.verdict.chance", "share", d.percent(*f.Above0, 0))
	}
	if span := spanOf(f); span.State == chart.Known && span.Low != span.High {
		v.Range = chart.Range{Meta: chart.Meta{ID: "r", Title: v.Name + ": " + v.estimate.Range}, Span: span, Text: v.estimate.Range,
			Extent: chart.Extent{}.With(span.Low, span.High), Width: 342, Height: 32}.SVG()
	}
	if tornado.err != nil {
		v.Failed = tornado.Failed
		return v
	}
	v.Inputs, v.Others = d.valueInputs(row.Inputs, tornado.View.Tornado.Bars, m, row.Currency, n)
	if len(v.Inputs) > 0 {
		v.Mover = d.words.text("value.tornado.first", "input", v.Inputs[0].Name, "figure", v.Name)
	}
	return v
}

// valueInputs lists the inputs that move a figure, the one that moves it most first; and the others, those that are certain
// among them.
func (d *reader) valueInputs(inputs []worth.Stated, bars []worth.Bar, m measure, currency string, n names) (moving, others []valueInput) {
	row := func(one worth.Stated, moves string) valueInput {
		return valueInput{d.inputName(one.Path, n), one.Path, d.rangeWords(one.Input), d.inputUnit(one.Unit), d.told(one.Source), string(one.Grade), one.Owner, d.date(one.Set), moves}
	}
	byPath := map[string]worth.Stated{}
	for _, one := range inputs {
		byPath[one.Path] = one
	}
	for _, b := range bars {
		if one, there := byPath[b.Path]; there {
			moving = append(moving, row(one, d.worthText(b.Change, m, currency)))
			delete(byPath, b.Path)
		}
	}
	for _, one := range inputs {
		if _, left := byPath[one.Path]; left {
			others = append(others, row(one, ""))
		}
	}
	return moving, others
}

// rangeWords is an amount as it was entered: low / likely / high, or one number where it is certain.
func (d *reader) rangeWords(i assumptions.Input) string {
	if i.Low == i.High {
		return d.plain(i.Likely)
	}
	return d.plain(i.Low) + " / " + d.plain(i.Likely) + " / " + d.plain(i.High)
}

// inputUnit is what an input is measured in.
func (d *reader) inputUnit(unit string) string {
	return d.words.text("value.measure." + strings.ReplaceAll(unit, " ", "_"))
}

// inputName is what people call the input of a path: "tools.chat.minutes.contribute" is Chat, minutes a contribution.
func (d *reader) inputName(path string, n names) string {
	first, rest, _ := strings.Cut(path, ".")
	switch first {
	case "rates":
		return d.words.text("value.input.rates", "unit", n.unit(rest))
	case "tools":
		tool, what, _ := strings.Cut(rest, ".")
		return n.tool(tool) + ": " + d.toolInput(what)
	}
	return d.words.text("value.input." + first)
}

func (d *reader) toolInput(what string) string {
	if class, ok := strings.CutPrefix(what, "minutes."); ok {
		return d.words.text("value.input.minutes." + class)
	}
	_, name, line := strings.Cut(what, "[")
	if i := strings.LastIndex(name, "]"); line && i >= 0 {
		return name[:i]
	}
	return d.words.text("value.input." + what)
}
