package dashboard

import (
	"context"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
)

// countsView is what figures of value are counted from: actions by tool, action and source, and by day.
type countsView struct {
	Path   []link
	Head   string
	Period string
	Parts  *part[[]countRow]
	Days   *part[daysView]
	Back   string // from one day to the whole span
}

// countRow is a count of a tool, an action and a source.
type countRow struct {
	Tool, Class, Action, Source, Quantity string
	Missing                               string
	Hidden                                bool
	Note                                  string
}

// daysView is the actions of each day by tool.
type daysView struct {
	Tools []string
	Days  []dayRow // newest first
}

type dayRow struct {
	Day, Href string
	Cells     []cellView
}

type cellView struct {
	Text   string
	Hidden bool
}

func (s *Dashboard) valueActionsPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	chosen, err := d.readValueChoice(c)
	if err != nil {
		d.failFilter(c, err)
		return
	}
	value, err := company.Value(c.Request.Context(), chosen.ValueQuestion) // for the days that the figures are of, and its errors
	if err != nil {
		d.fail(c, err)
		return
	}
	q := query.ActionsQuestion{Unit: value.Unit, Tool: value.Tool, From: value.From, To: value.To, By: query.BySource}
	byDay := q
	byDay.Grain, byDay.By = adoption.ByDay, query.ByClass
	ps := d.parts(c.Request.Context())
	parts := get(ps, "actions", func(ctx context.Context) (*query.ActionsAnswer, error) { return company.Actions(ctx, q) })
	days := get(ps, "days", func(ctx context.Context) (*query.ActionsAnswer, error) { return company.Actions(ctx, byDay) })
	lists := get(ps, "lists", func(ctx context.Context) (valueLists, error) { return askValueLists(ctx, company) })
	ps.wait()
	n := namesOf(lists.View)
	view := countsView{Path: []link{{n.unit(value.Unit), chosen.address("/value")}}, Head: d.words.text("value.counts.head", "unit", n.unit(value.Unit)),
		Period: d.words.text("value.period", "from", d.date(value.From), "to", d.date(value.To)),
		Parts:  drawn(parts, func(a *query.ActionsAnswer) []countRow { return d.countRows(a, n) }),
		Days:   drawn(days, func(a *query.ActionsAnswer) daysView { return d.dayRows(a, chosen, n) })}
	if value.From == value.To {
		whole := chosen
		whole.From, whole.To = nil, nil
		view.Back = whole.address("/value/actions")
	}
	page := d.pageOf(c, d.words.text("value.counts.title"), "value")
	page.Filter = d.valueFilter(c, chosen, &value.ValueHeader, lists.View)
	d.render(c, http.StatusOK, "value_actions.html", page, view)
}

func (d *reader) countRows(a *query.ActionsAnswer, n names) (rows []countRow) {
	for _, r := range a.Rows {
		note := ""
		if r.DaysLeftOut > 0 {
			note = d.words.text("value.counts.left_out", "n", r.DaysLeftOut)
		}
		if r.Quantity == nil {
			rows = append(rows, countRow{Tool: n.tool(r.Tool), Missing: d.noCount(&r, a.MinGroup), Hidden: r.Suppressed, Note: note})
			continue
		}
		for _, p := range r.Parts {
			rows = append(rows, countRow{Tool: n.tool(r.Tool), Class: d.words.text("value.class." + string(p.Class)), Action: p.Action, Source: p.Source, Quantity: count(d.locale, p.Quantity), Note: note})
		}
	}
	return rows
}

// noCount says why there is no count.
func (d *reader) noCount(r *query.ActionsRow, minGroup int) string {
	if r.Suppressed {
		return d.hidden(r.Enabled, minGroup)
	}
	return d.words.text("missing.no_data")
}

// dayRows lays the counts of a span out by day and tool.
func (d *reader) dayRows(a *query.ActionsAnswer, chosen valueChoice, n names) (v daysView) {
	cells := map[adoption.Day]map[string]cellView{}
	var tools []string
	for i := range a.Rows {
		r := &a.Rows[i]
		if cells[r.Date] == nil {
			cells[r.Date] = map[string]cellView{}
		}
		if !slices.Contains(tools, r.Tool) {
			tools = append(tools, r.Tool)
		}
		cell := cellView{Text: d.noCount(r, a.MinGroup), Hidden: r.Suppressed}
		if r.Quantity != nil {
			cell = cellView{Text: count(d.locale, *r.Quantity)}
		}
		cells[r.Date][r.Tool] = cell
	}
	for _, tool := range tools {
		v.Tools = append(v.Tools, n.tool(tool))
	}
	for day := a.To; day >= a.From; day-- {
		one := chosen
		from, to := day, day
		one.From, one.To = &from, &to
		row := dayRow{Day: d.date(day), Href: one.address("/value/actions")}
		for _, tool := range tools {
			cell, there := cells[day][tool]
			if !there {
				cell.Text = d.words.text("missing.no_data")
			}
			row.Cells = append(row.Cells, cell)
		}
		v.Days = append(v.Days, row)
	}
	return v
}
