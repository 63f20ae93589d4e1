package dashboard

import (
	"html/template"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// lifecycleView is who came, stayed, came back and left, by closed week.
type lifecycleView struct {
	Wide, Narrow template.HTML
	Rows         []lifecycleRow // newest first
	Missing      string         // why there is no picture; "" where there is one
	Hidden       bool
}

type lifecycleRow struct{ Week, Returning, Resurrected, New, Dormant, Missing string }

const lifecycleWeeks = 13

func (d *reader) lifecycleView(id, unit string, ends []adoption.Day, rows []*query.AdoptionRow, minGroup int) lifecycleView {
	if n := len(rows) - lifecycleWeeks; n > 0 {
		ends, rows = ends[n:], rows[n:]
	}
	view := lifecycleView{Missing: d.words.text("missing.no_data")}
	known := false
	columns := make([]chart.Column, len(rows))
	var ticks, few []chart.Tick
	for i, row := range rows {
		columns[i].Label = d.words.text("course.week", "date", d.date(ends[i]))
		line := lifecycleRow{Week: d.date(ends[i])}
		if row == nil || row.New == nil || row.Returning == nil || row.Resurrected == nil || row.Dormant == nil {
			columns[i].State, columns[i].Text = chart.NoData, d.words.text("missing.no_data")
			if row != nil && row.Suppressed {
				columns[i].Text = d.hidden(row.Enabled, minGroup)
				view.Hidden = true
			}
			line.Missing = columns[i].Text
			view.Missing = line.Missing
		} else {
			known = true
			columns[i].Up = []float64{float64(*row.Returning), float64(*row.Resurrected), float64(*row.New)}
			columns[i].Down = float64(*row.Dormant)
			line = lifecycleRow{Week: line.Week, Returning: count(d.locale, *row.Returning), Resurrected: count(d.locale, *row.Resurrected), New: count(d.locale, *row.New), Dormant: count(d.locale, *row.Dormant)}
			columns[i].Text = d.words.text("lifecycle.text", "returning", line.Returning, "back", line.Resurrected, "new", line.New, "dormant", line.Dormant)
		}
		view.Rows = append([]lifecycleRow{line}, view.Rows...)
		if (len(rows)-1-i)%2 == 0 {
			ticks = append(ticks, chart.Tick{Index: i, Label: d.shortDate(ends[i])})
		}
		if (len(rows)-1-i)%4 == 0 {
			few = append(few, chart.Tick{Index: i, Label: d.shortDate(ends[i])})
		}
	}
	if !known {
		return view
	}
	view.Missing, view.Hidden = "", false
	c := chart.Columns{Meta: chart.Meta{ID: id, Title: d.words.text("lifecycle.title", "unit", unit), Desc: d.words.text("lifecycle.desc")}, Columns: columns,
		Names: []string{d.words.text("lifecycle.returning"), d.words.text("lifecycle.resurrected"), d.words.text("lifecycle.new"), d.words.text("lifecycle.dormant")}}
	c.Width, c.Height, c.LabelWidth, c.Ticks = 640, 260, 128, ticks
	view.Wide = c.SVG()
	c.ID += "n"
	c.Width, c.Height, c.LabelWidth, c.Ticks = 358, 240, 112, few
	view.Narrow = c.SVG()
	return view
}

// pyramidView is what the people with access do: create, respond, only consume, nothing.
type pyramidView struct {
	Wide, Narrow template.HTML
	Rows         []pyramidRow
	Missing      string
	Hidden       bool
}

type pyramidRow struct{ Name, People, Share string }

func (d *reader) pyramidView(id string, row *query.AdoptionRow, minGroup int) pyramidView {
	var view pyramidView
	switch {
	case row == nil:
		view.Missing = d.words.text("missing.no_data")
	case row.Suppressed:
		view.Missing, view.Hidden = d.hidden(row.Enabled, minGroup), true
	case row.Enabled == 0 || row.Creators == nil || row.Responders == nil || row.Consumers == nil || row.Inactive == nil:
		view.Missing = d.words.text("missing.nobody")
	}
	if view.Missing != "" {
		return view
	}
	c := chart.Pyramid{Meta: chart.Meta{ID: id, Title: d.words.text("pyramid.title", "unit", row.UnitName)}, Whole: float64(row.Enabled), Quiet: 3}
	for _, p := range []struct {
		key string
		n   uint64
	}{{"creators", *row.Creators}, {"responders", *row.Responders}, {"consumers", *row.Consumers}, {"inactive", *row.Inactive}} {
		line := pyramidRow{Name: d.words.text("pyramid." + p.key), People: count(d.locale, p.n), Share: d.percent(float64(p.n)/float64(row.Enabled), 0)}
		view.Rows = append(view.Rows, line)
		c.Parts = append(c.Parts, chart.Point{Label: line.Name, Value: float64(p.n), Text: line.Share + " · " + line.People})
	}
	c.Width, c.LabelWidth, c.ValueWidth = 560, 176, 112
	view.Wide = c.SVG()
	c.ID += "n"
	c.Width, c.LabelWidth, c.ValueWidth = 358, 0, 104
	view.Narrow = c.SVG()
	return view
}
