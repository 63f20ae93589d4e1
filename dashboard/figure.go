package dashboard

import (
	"context"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// openView is a figure opened: its value, formula, formula with the numbers put in, inputs, source and trend.
type openView struct {
	figureView
	Unit, Back   string
	In           string // the unit of the value
	Period       string
	Formula      string
	Worked       string
	Sources      []string
	DataUntil    string
	Inputs       []inputRow
	Date, Before string // the heads of the inputs' columns
	Wide, Narrow template.HTML
	Trend        []trendRow // newest first
	Cautions     []sentenceView
}

type inputRow struct{ Name, Field, Now, Before string }

type trendRow struct {
	Date, Value string
	Hidden      bool
}

// figurePage opens one figure of one unit. /figures/NAME?unit=ID, the company where no unit is named.
func (s *Dashboard) figurePage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	f, err := d.readFilter(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	unit := f.whose()
	ps := d.parts(c.Request.Context())
	page := get(ps, "figure", func(ctx context.Context) (*query.UnitPageAnswer, error) { return askUnit(ctx, company, unit, f) })
	tools := get(ps, "tools", company.Tools)
	ps.wait()
	if page.err != nil {
		d.fail(c, page.err)
		return
	}
	answer := page.View
	for _, figure := range answer.Figures {
		if figure.Key == c.Param("figure") {
			nav := "overview"
			if unit != adoption.Company {
				nav = "units"
			}
			p := d.pageOf(c, d.say(figure.Said.Name)+", "+answer.Unit.Name, nav)
			p.Filter = d.filterView(c, f, tools.View, &answer.Page)
			d.render(c, http.StatusOK, "figure.html", p, d.openView(&answer.Page, figure, f))
			return
		}
	}
	d.notFound(c)
}

func (d *reader) openView(p *query.Page, figure query.Figure, f filter) openView {
	v := openView{figureView: d.figureView(p, figure, f), Unit: p.Unit.Name, Back: f.unitAddress(p.Unit.ID), Formula: d.say(figure.Said.Formula), Worked: d.say(figure.Said.Worked),
		Sources: figure.Sources, Cautions: d.sayAll(p.Cautions), Date: d.date(p.Date), Before: d.date(p.Previous),
		DataUntil: d.clock(figure.DataUntil, figure.DataUntil.Location()) + " (" + p.Timezone + ")",
		Period:    d.period(p, filter{}),
		Inputs:    d.inputs(figure.Key, p.Now, p.Before, p.MinGroup)}
	points := d.points(figure.Trend, figure.Measure, p)
	v.In = v.figureView.Unit
	for i := len(points) - 1; i >= 0; i-- {
		v.Trend = append(v.Trend, trendRow{points[i].Label, points[i].Text, points[i].State == chart.Hidden})
	}
	limit := 0.0
	switch figure.Measure {
	case query.Share:
		limit = 1
	case query.Score:
		limit = 100
	}
	dates := make([]adoption.Day, len(figure.Trend))
	for i := range figure.Trend {
		dates[i] = figure.Trend[i].Date
	}
	t := chart.Trend{Meta: chart.Meta{ID: "o", Title: d.words.text("figure.trend", "name", d.say(figure.Said.Name))}, Points: points, Limit: limit,
		Axis: func(v float64) string { return d.axis(v, figure.Measure) }, RunningLabel: d.words.text("chart.running")}
	t.Width, t.Height, t.Ticks = 1120, 280, d.dayTicks(dates, 2)
	v.Wide = t.SVG()
	t.ID += "n"
	t.Width, t.Height, t.Ticks = 358, 220, d.dayTicks(dates, 4)
	v.Narrow = t.SVG()
	return v
}

// axis writes a value at an axis, as short as it goes.
func (d *reader) axis(v float64, m query.Measure) string {
	if m == query.Share {
		return d.percent(v, 0)
	}
	return d.compact(v)
}

// dayTicks names every nth point, counted from the last.
func (d *reader) dayTicks(days []adoption.Day, every int) []chart.Tick {
	var ticks []chart.Tick
	for i := range days {
		if (len(days)-1-i)%every == 0 {
			ticks = append(ticks, chart.Tick{Index: i, Label: d.shortDate(days[i])})
		}
	}
	return ticks
}

// inputsOf are the fields of a row that a figure is made from or read beside.
var inputsOf = map[string][]string{
	"adoption_rate":      {"active_28", "enabled", "headcount"},
	"active_28":          {"active_28", "active_7", "active_1", "enabled"},
	"stickiness":         {"active_28", "active_1"},
	"engagement_score":   {"enabled", "active_28", "creators", "responders", "consumers", "inactive"},
	"active_not_enabled": {"active_not_enabled", "headcount", "enabled"},
}

func (d *reader) inputs(figure string, now, before *query.AdoptionRow, minGroup int) []inputRow {
	var rows []inputRow
	for _, field := range inputsOf[figure] {
		rows = append(rows, inputRow{Name: d.words.text("field." + field), Field: field, Now: d.input(now, field, minGroup), Before: d.input(before, field, minGroup)})
	}
	return rows
}

// input is a count of a row in words: the number, or why there is none.
func (d *reader) input(r *query.AdoptionRow, field string, minGroup int) string {
	if r == nil {
		return d.words.text("missing.no_data")
	}
	n := map[string]*uint64{"headcount": &r.Headcount, "enabled": &r.Enabled, "active_1": r.Active1, "active_7": r.Active7, "active_28": r.Active28,
		"active_not_enabled": r.ActiveNotEnabled, "creators": r.Creators, "responders": r.Responders, "consumers": r.Consumers, "inactive": r.Inactive}[field]
	if n == nil {
		return d.words.text("missing.hidden", "k", minGroup)
	}
	return count(d.locale, *n)
}
