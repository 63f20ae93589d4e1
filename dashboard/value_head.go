package dashboard

import (
	"html/template"
	"slices"
	"strconv"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/worth"
)

// valueHeadView is what is drawn from the answer about value.
type valueHeadView struct {
	Path           []link
	Of             string // the tool, where one is chosen
	Answer         string
	Verdict, Class string
	Detail         string // of the verdict
	Cash           string
	Period         string
	Assumptions    link
	Cautions       []sentenceView
	Figures        []figureView
	Missing        string // why there is nothing to draw; "" where there is
	Hidden         bool
	Waterfall      waterfallView
	Units, Tools   []worthRow
	People         []personRow
}

// headFigures are the figures above the fold: cash and capacity apart, and what an active person costs.
var headFigures = []struct {
	key    string
	better int
}{{"net_cash", 1}, {"net_capacity", 1}, {"npv", 1}, {"hours", 1}, {"cash.active", 0}}

func (d *reader) valueHead(a *query.ValueAnswer, choice valueChoice, n names) valueHeadView {
	row := rowOf(a, a.Unit, a.Tool)
	unit := n.unit(a.Unit)
	v := valueHeadView{Period: d.words.text("value.period", "from", d.date(a.From), "to", d.date(a.To)),
		Assumptions: link{d.versionWords(a.Assumptions.Version, a.Assumptions.Author, a.Assumptions.At), choice.address("/value/assumptions")}}
	if a.Tool != adoption.AllTools {
		v.Of = n.tool(a.Tool)
	}
	if a.Unit != adoption.Company {
		v.Path = append(v.Path, link{n.unit(adoption.Company), choice.of("", choice.Tool).address("/value")})
	}
	if row == nil {
		v.Answer, v.Missing = d.words.text("value.answer.none", "unit", unit), d.words.text("value.empty")
		return v
	}
	unit = firstText(row.UnitName, unit)
	v.Answer = d.valueAnswer(a, row, unit)
	if row.NetCapacity.P50 == nil {
		v.Missing, v.Hidden = firstText(d.told(row.Why), d.words.text("missing.no_data")), row.Suppressed
		if row.Suppressed {
			v.Missing = d.hidden(row.Enabled, a.MinGroup)
		}
		return v
	}
	v.Verdict, v.Detail, v.Class = d.valueVerdict(row)
	v.Cash = d.cashVerdict(row)
	v.Cautions = d.valueCautions(a, row, n)
	until := d.words.text("figure.until", "date", d.date(adoption.DayOf(a.DataUntil, a.DataUntil.Location())))
	for _, f := range headFigures {
		v.Figures = append(v.Figures, d.worthFigure(row, f.key, f.better, choice, until, d.words.text("value.days", "n", int(a.To-a.From)+1)))
	}
	v.Waterfall = d.waterfallView(row, choice)
	v.Units, v.Tools = d.worthRows(a, choice, n)
	v.People = d.personRows(row, choice)
	return v
}

// rowOf is the row of a unit and tool; nil where the answer has none.
func rowOf(a *query.ValueAnswer, unit, tool string) *query.ValueRow {
	i := slices.IndexFunc(a.Rows, func(r query.ValueRow) bool { return r.Unit == unit && r.Tool == tool })
	if i < 0 {
		return nil
	}
	return &a.Rows[i]
}

// worthFigure is one figure of value as the top of a page shows it: P50, the range as a picture, the grade.
func (d *reader) worthFigure(row *query.ValueRow, key string, better int, choice valueChoice, until, days string) figureView {
	f, m := valueFigure(row, key), measureOf(key)
	e := d.estimateOf(f, m, row.Currency, better)
	v := figureView{Key: key, Name: d.words.text("value.figure." + key), Href: choice.figureAddress(key), Grade: e.Grade, Until: until, Missing: e.Missing}
	if e.Missing != "" {
		return v
	}
	if key != "npv" {
		v.Denominator = days
	}
	v.Change, v.Basis = e.Range, d.words.text("value.grade", "grade", e.Grade)
	if f.P50 == nil {
		v.Missing = e.P50
		return v
	}
	v.Value, v.Unit = d.worthOf(*f.P50, m, row.Currency)
	if span := spanOf(f); span.State == chart.Known && span.Low != span.High {
		v.Spark = chart.Range{Meta: chart.Meta{ID: "v-" + key, Title: v.Name + ": " + e.Range}, Span: span, Text: e.Range,
			Extent: chart.Extent{}.With(span.Low, span.Mid, span.High), Width: 176, Height: 32}.SVG()
	}
	return v
}

// waterfallView leads from cost to net: cash in one lane, capacity in the other.
type waterfallView struct {
	Wide, Narrow template.HTML
	Rows         []amountRow
}

// amountRow is a figure as a line of a table.
type amountRow struct {
	Name, Href string
	estimate
	Sum bool
}

func (d *reader) waterfallView(row *query.ValueRow, choice valueChoice) waterfallView {
	var v waterfallView
	c := chart.Waterfall{Meta: chart.Meta{ID: "w", Title: d.words.text("value.waterfall.title"), Desc: d.words.text("value.waterfall.desc")}}
	for _, one := range []struct {
		key    string
		sign   float64
		better int
	}{{"cash_in", 1, 1}, {"cash_out", -1, -1}, {"net_cash", 0, 1}, {"capacity_value", 1, 1}, {"capacity_costs", -1, -1}, {"net_capacity", 0, 1}} {
		f := valueFigure(row, one.key)
		e := d.estimateOf(f, inMoney, row.Currency, one.better)
		v.Rows = append(v.Rows, amountRow{d.words.text("value.figure." + one.key), choice.figureAddress(one.key), e, one.sign == 0})
		step := chart.Step{Label: d.words.text("value.figure." + one.key), Sum: one.sign == 0, Note: e.Missing, Text: e.P50, Span: spanOf(f)}
		switch {
		case f.Likely == nil || one.sign == 0 && step.Span.State != chart.Known:
			step.State, step.Text = chart.NoData, ""
		case one.sign == 0:
			step.Value = *f.Likely
		default:
			step.Value = one.sign * *f.Likely
			step.Text = d.worthText(step.Value, inMoney, row.Currency)
		}
		c.Steps = append(c.Steps, step)
	}
	c.Width, c.LabelWidth, c.ValueWidth = 1120, 240, 120
	v.Wide = c.SVG()
	c.ID, c.Width, c.LabelWidth, c.ValueWidth = "wn", 358, 0, 0
	v.Narrow = c.SVG()
	return v
}

// worthRow is a unit or a tool in the ranking.
type worthRow struct {
	Name, Href, People      string
	Missing                 string
	Hidden                  bool
	Cash, Capacity          estimate
	CashRange, CapacityView template.HTML
	Verdict, Quality        string
}

// worthShown bounds a ranking: a page must stay light whatever the company.
const worthShown = 60

// worthRows ranks the unit's children, and its tools: the one whose capacity and cash together come out lowest first.
func (d *reader) worthRows(a *query.ValueAnswer, choice valueChoice, n names) (units, tools []worthRow) {
	var of, by []*query.ValueRow
	for i := range a.Rows {
		switch r := &a.Rows[i]; {
		case r.Unit == a.Unit && r.Tool != adoption.AllTools && a.Tool == adoption.AllTools:
			by = append(by, r)
		case r.Unit != a.Unit && r.Tool == a.Tool:
			of = append(of, r)
		}
	}
	units = d.rankWorth(of, "u", func(r *query.ValueRow) (string, string) {
		return firstText(r.UnitName, n.unit(r.Unit)), choice.of(r.Unit, choice.Tool).address("/value")
	}, a.MinGroup)
	tools = d.rankWorth(by, "t", func(r *query.ValueRow) (string, string) {
		return n.tool(r.Tool), choice.of(choice.Unit, r.Tool).address("/value")
	}, a.MinGroup)
	return units, tools
}

func (d *reader) rankWorth(rows []*query.ValueRow, id string, named func(*query.ValueRow) (name, href string), minGroup int) []worthRow {
	var cash, capacity []*worth.Figure
	for _, r := range rows {
		cash, capacity = append(cash, &r.NetCash), append(capacity, &r.NetCapacity)
	}
	slices.SortStableFunc(rows, func(a, b *query.ValueRow) int {
		x, y := a.Combined.Net.P50, b.Combined.Net.P50
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		case *x < *y:
			return -1
		case *x > *y:
			return 1
		}
		return 0
	})
	cashScale, capacityScale := extentOf(cash...), extentOf(capacity...)
	var views []worthRow
	for i, r := range rows[:min(len(rows), worthShown)] {
		v := worthRow{People: count(d.locale, r.Enabled), Cash: d.estimateOf(&r.NetCash, inMoney, r.Currency, 1), Capacity: d.estimateOf(&r.NetCapacity, inMoney, r.Currency, 1)}
		v.Name, v.Href = named(r)
		if r.NetCapacity.P50 == nil {
			v.Missing, v.Hidden = firstText(d.told(r.Why), d.words.text("missing.no_data")), r.Suppressed
			if r.Suppressed {
				v.Missing, v.Href = d.hidden(r.Enabled, minGroup), ""
			}
			views = append(views, v)
			continue
		}
		number := id + strconv.Itoa(i)
		v.CashRange = d.rangeOf(number+"c", v.Name+", "+d.words.text("value.figure.net_cash"), &r.NetCash, v.Cash, cashScale)
		v.CapacityView = d.rangeOf(number+"p", v.Name+", "+d.words.text("value.figure.net_capacity"), &r.NetCapacity, v.Capacity, capacityScale)
		rule := worthRule(&r.Combined.NPV)
		if nothing(&r.CapacityValue) && nothing(&r.CashOut) && nothing(&r.CapacityCosts) && nothing(&r.CashIn) {
			rule = "nothing"
		}
		v.Verdict, v.Quality = d.words.text("value.word."+rule), map[string]string{worth.WorthIt: "good", worth.NotWorthIt: "bad"}[rule]
		views = append(views, v)
	}
	return views
}

// nothing tells whether a figure is 0 without doubt.
func nothing(f *worth.Figure) bool { return f.P10 != nil && f.P90 != nil && *f.P10 == 0 && *f.P90 == 0 }

// rangeOf draws an estimate in a row, on the scale of those beside it.
func (d *reader) rangeOf(id, title string, f *worth.Figure, e estimate, scale chart.Extent) template.HTML {
	return chart.Range{Meta: chart.Meta{ID: id, Title: title + ": " + firstText(e.Missing, e.P50+" ("+e.Range+")")}, Span: spanOf(f), Text: e.P50 + " (" + e.Range + ")",
		Note: d.words.text("missing.no_data"), Extent: scale, Width: 176, Height: 24}.SVG()
}

// personRow is what the span cost for each person of a kind.
type personRow struct {
	Name                   string
	Cash, Capacity         estimate
	CashHref, CapacityHref string
}

func (d *reader) personRows(row *query.ValueRow, choice valueChoice) []personRow {
	var rows []personRow
	for _, kind := range []string{"enabled", "active", "habitual", "retained"} {
		r := personRow{Name: d.words.text("value.person." + kind)}
		cash, capacity := valueFigure(row, "cash."+kind), valueFigure(row, "capacity."+kind)
		r.Cash, r.Capacity = d.estimateOf(cash, inMoney, row.Currency, 0), d.estimateOf(capacity, inMoney, row.Currency, 0)
		if cash != nil {
			r.CashHref, r.CapacityHref = choice.figureAddress("cash."+kind), choice.figureAddress("capacity."+kind)
		}
		rows = append(rows, r)
	}
	return rows
}
