package dashboard

import (
	"html/template"
	"strconv"

	"uptake/dashboard/chart"
	"uptake/query"
)

// toolView is one tool on a unit's page.
type toolView struct {
	Name, Href, Basis, Rate, Missing, Active, NotEnabled, Actions, Note string
	Hidden, NotEnabledHidden                                            bool
	Bar                                                                 template.HTML
}

// toolsShown bounds the table, most used first: a page must stay light whatever the company.
const toolsShown = 60

func (d *reader) toolViews(unit string, lines []query.ToolLine, f filter, minGroup int) []toolView {
	views := make([]toolView, 0, len(lines))
	for i, line := range lines[:min(len(lines), toolsShown)] {
		views = append(views, d.toolView(unit, line, f, minGroup, "t-"+strconv.Itoa(i)))
	}
	return views
}

func (d *reader) toolView(unit string, line query.ToolLine, f filter, minGroup int, id string) toolView {
	row := line.Row
	to := f
	to.Tool = line.Tool.ID
	v := toolView{Name: line.Tool.Name, Href: to.unitAddress(unit), Basis: d.words.text("tools.basis."+row.Denominator, "n", count(d.locale, row.Enabled))}
	v.NotEnabled, v.NotEnabledHidden = d.words.text("missing.hidden_short", "k", minGroup), true
	if row.ActiveNotEnabled != nil {
		v.NotEnabled, v.NotEnabledHidden = count(d.locale, *row.ActiveNotEnabled), false
	}
	if row.Trust.GapDays > 0 {
		v.Note = d.words.text("trust.gap_days", "n", row.Trust.GapDays)
	}
	switch {
	case row.Suppressed:
		v.Missing, v.Hidden = d.hidden(row.Enabled, minGroup), true
	case row.AdoptionRate == nil:
		v.Missing = d.words.text("missing.nobody")
	default:
		v.Rate = d.percent(*row.AdoptionRate, 0)
		v.Bar = chart.Bar{Meta: chart.Meta{ID: id, Title: d.words.text("ranking.bar", "unit", line.Tool.Name, "rate", v.Rate)},
			Point: chart.Point{Value: *row.AdoptionRate}, Max: 1, Width: 160, Height: 20}.SVG()
	}
	if row.Active28 != nil {
		v.Active = count(d.locale, *row.Active28)
	}
	if row.Actions != nil {
		v.Actions = d.compact(float64(*row.Actions))
	}
	return v
}
