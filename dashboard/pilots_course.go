package dashboard

import (
	"html/template"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/pilot"
)

// sidesView is how both sides went.
type sidesView struct {
	Wide, Narrow template.HTML
	Rows         []sideRow
}

type sideRow struct{ Week, Of, Against string }

func (d *reader) sidesView(a *query.PilotCourse, start adoption.Day, m pilot.Metric, mark string) (v sidesView) {
	c := chart.Sides{Meta: chart.Meta{ID: "sd", Title: d.words.text("pilots.course.title"), Desc: d.words.text("pilots.course.desc")}, OfName: d.words.text("pilots.side.treated"), AgainstName: d.words.text("pilots.side.comparison"),
		Axis: func(x float64) string { return d.levelText(&x, pilot.Metric{Share: m.Share}) }}
	if m.Share {
		c.Limit, c.Axis = 1, func(x float64) string { return d.percent(x, 0) }
	}
	point := func(label string, x *float64) chart.Point {
		if x == nil {
			return chart.Point{Label: label, Text: d.words.text("missing.no_data"), State: chart.NoData}
		}
		return chart.Point{Label: label, Text: d.levelText(x, m), Value: *x}
	}
	var ends []adoption.Day
	marked := false
	for i, w := range a.Weeks {
		label := d.words.text("course.week", "date", d.date(w.End))
		c.Of, c.Against, ends = append(c.Of, point(label, w.Treated)), append(c.Against, point(label, w.Comparison)), append(ends, w.End)
		v.Rows = append(v.Rows, sideRow{d.date(w.End), c.Of[i].Text, c.Against[i].Text})
		if w.End >= start && !marked {
			c.Marks, marked = []chart.Mark{{Index: i, Label: mark}}, true
		}
	}
	if noneKnown(c.Of) && noneKnown(c.Against) {
		return v
	}
	c.Width, c.Height, c.LabelWidth, c.Ticks = 1120, 280, 160, d.monthTicks(ends, 1)
	v.Wide = c.SVG()
	c.ID, c.Width, c.Height, c.LabelWidth, c.Ticks = "sdn", 358, 220, 96, d.monthTicks(ends, 3)
	v.Narrow = c.SVG()
	return v
}
