package dashboard

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/effect"
	"uptake/value/pilot"
)

// pilotsView is the list of pilots, with the form that registers another.
type pilotsView struct {
	Head   string
	Pilots []pilotRow
	Form   *pilotForm // nil for who may not enter any
}

type pilotRow struct{ Name, Href, Tool, Units, When, State, Author string }

func (s *Dashboard) pilotsPage(c *gin.Context) { s.reader(c).showPilots(c, http.StatusOK, nil, nil) }

// showPilots draws the list, and the form with what was typed where that was refused.
func (d *reader) showPilots(c *gin.Context, status int, typed url.Values, refused error) {
	company := d.cfg.Company()
	answer, err := company.Pilots(c.Request.Context())
	if err != nil {
		d.fail(c, err)
		return
	}
	lists, err := askValueLists(c.Request.Context(), company)
	if err != nil {
		d.fail(c, err)
		return
	}
	n := namesOf(lists)
	view := pilotsView{Head: d.words.text("pilots.none"), Form: d.pilotForm(c, lists, typed, refused)}
	if len(answer.Pilots) > 0 {
		view.Head = d.words.text("pilots.some", "n", len(answer.Pilots))
	}
	for _, p := range answer.Pilots {
		view.Pilots = append(view.Pilots, pilotRow{Name: p.Plan.Name, Href: d.chosen.along("/pilots/" + url.PathEscape(p.Plan.ID)), Tool: n.tool(p.Plan.Tool), Units: d.listed(p.Plan.Treated, n.unit),
			When: d.words.text("value.period", "from", d.date(p.Plan.Start), "to", d.date(p.Plan.End)), State: d.pilotState(&p, company.Today()), Author: p.Author})
	}
	d.render(c, status, "pilots.html", d.pageOf(c, d.words.text("pilots.title"), "pilots"), view)
}

// pilotState is one word for how far a pilot is, or what was found.
func (d *reader) pilotState(p *query.PilotAnswer, today adoption.Day) string {
	switch {
	case p.Withdrawn != nil:
		return d.words.text("pilots.state.withdrawn")
	case p.Judgement != nil:
		return d.words.text("pilots.word." + string(p.Judgement.Finding))
	case today < p.Plan.Start:
		return d.words.text("pilots.state.registered")
	case today <= p.Plan.End:
		return d.words.text("pilots.state.running")
	}
	return d.words.text("pilots.state.ended")
}

// pilotView is one pilot and what the weeks say of it.
type pilotView struct {
	Path     []link
	Of, Head string
	Detail   string // of Head
	Verdict  string // what the record says, in its own words
	Cautions []sentenceView
	Facts    []fact
	Effects  []effectLine
	Course   *part[sidesView]
	Members  []memberRow
	Match    []matchRow
	Withdraw *withdrawForm // nil where it has begun, or for who may not
}

// effectLine is an estimate with its interval.
type effectLine struct {
	Name, Effect, Interval, P, Class string
	Picture                          template.HTML
}

type memberRow struct{ Name, Side, People, Before, After, LeftOut string }

type matchRow struct{ Name, For, People, Baseline, Distance string }

func (s *Dashboard) pilotPage(c *gin.Context) { s.reader(c).showPilot(c, http.StatusOK, nil) }

// showPilot draws a pilot, and the form that withdraws it with what was refused of it.
func (d *reader) showPilot(c *gin.Context, status int, refused error) {
	company := d.cfg.Company()
	p, err := company.Pilot(c.Request.Context(), c.Param("id"))
	if err != nil {
		d.fail(c, err)
		return
	}
	ps := d.parts(c.Request.Context())
	course := get(ps, "course", func(ctx context.Context) (*query.PilotCourse, error) { return company.PilotCourse(ctx, p.Plan) })
	lists := get(ps, "lists", func(ctx context.Context) (valueLists, error) { return askValueLists(ctx, company) })
	ps.wait()
	n := namesOf(lists.View)
	view := d.pilotView(p, n)
	m := metricOf(p.Plan.Outcome)
	view.Course = drawn(course, func(a *query.PilotCourse) sidesView {
		return d.sidesView(a, p.Plan.Start, m, d.words.text("pilots.begins"))
	})
	view.Withdraw = d.withdrawForm(c, p, refused)
	d.render(c, status, "pilot.html", d.pageOf(c, p.Plan.Name, "pilots"), view)
}

func (d *reader) pilotView(p *query.PilotAnswer, n names) pilotView {
	zone := d.zone()
	v := pilotView{Path: []link{{d.words.text("pilots.title"), d.chosen.along("/pilots")}}, Of: p.Plan.Name}
	v.Facts = []fact{
		{d.words.text("pilots.tool"), n.tool(p.Plan.Tool)}, {d.words.text("pilots.treated"), d.listed(p.Plan.Treated, n.unit)}, {d.words.text("pilots.comparison"), d.listed(p.Plan.Comparison, n.unit)},
		{d.words.text("pilots.dates"), d.words.text("value.period", "from", d.date(p.Plan.Start), "to", d.date(p.Plan.End))},
		{d.words.text("pilots.measured"), d.metricName(p.Plan.Outcome)}, {d.words.text("pilots.success"), d.effectText(p.Plan.Outcome.Success, metricOf(p.Plan.Outcome))},
		{d.words.text("pilots.registered"), d.words.text("pilots.by", "author", p.Author, "time", d.clock(p.Registered, zone))}, {d.words.text("pilots.reason"), p.Reason},
	}
	if p.Frozen != nil {
		v.Facts = append(v.Facts, fact{d.words.text("pilots.frozen"), d.clock(*p.Frozen, zone)})
	}
	v.Facts = withText(v.Facts)
	if w := p.Withdrawn; w != nil {
		v.Head, v.Detail = d.words.text("pilots.withdrawn", "author", w.Author, "time", d.clock(w.At, zone)), w.Reason
		return v
	}
	j := p.Judgement
	if j == nil {
		v.Head = d.words.text("pilots.finding.not_yet", "end", d.date(p.Plan.End))
		return v
	}
	v.Head, v.Verdict = d.finding(p.Plan, j), j.Verdict
	if j.Finding == pilot.NotJudged {
		v.Detail = d.told(j.Reason)
	}
	for _, doubt := range j.Doubts {
		v.Cautions = append(v.Cautions, sentenceView{Rule: string(doubt), Text: d.words.text("pilots.doubt." + string(doubt))})
	}
	if j.Interim && j.Effect != nil {
		v.Cautions = append(v.Cautions, sentenceView{Rule: "interim", Text: d.words.text("pilots.interim", "end", d.date(p.Plan.End))})
	}
	if j.DataUntil != nil {
		v.Facts = append(v.Facts, fact{d.words.text("open.until"), d.date(*j.DataUntil)})
	}
	m := metricOf(p.Plan.Outcome)
	v.Effects = d.effectLines(j.Effect, j.Placebo, j.PreTrend, &p.Plan.Outcome.Success, j.PermutationP, m)
	v.Members = d.memberRows(j.Members, m)
	v.Match = d.matchRows(p.Match, n)
	return v
}

// finding is what may be said of a pilot, by the judgement's own rule.
func (d *reader) finding(p pilot.Plan, j *pilot.Judgement) string {
	m := metricOf(p.Outcome)
	pairs := []any{"end", d.date(p.End), "success", d.effectText(p.Outcome.Success, m)}
	if j.Effect != nil {
		pairs = append(pairs, "effect", d.effectText(j.Effect.Effect, m), "low", d.effectText(j.Effect.Low, m), "high", d.effectText(j.Effect.High, m))
	}
	return d.words.text("pilots.finding."+string(j.Finding), pairs...)
}

// metricOf is the metric of an outcome, so that its effect can be written: a result from outside counts in its own unit.
func metricOf(o pilot.Outcome) pilot.Metric {
	for _, m := range pilot.Metrics() {
		if m.Key == o.Metric {
			return m
		}
	}
	return pilot.Metric{Key: o.Metric, Words: o.MeasuredIn}
}

func (d *reader) metricName(o pilot.Outcome) string {
	if name, outside := o.Result(); outside {
		return d.words.text("pilots.outside", "name", name, "unit", o.MeasuredIn)
	}
	return d.words.text("pilots.metric." + o.Metric)
}

// effectText writes a difference in its metric: shares in points.
func (d *reader) effectText(v float64, m pilot.Metric) string {
	if m.Share {
		return d.words.text("change.points", "v", d.signed(v*100, 1))
	}
	return d.signed(v, 1)
}

func (d *reader) levelText(v *float64, m pilot.Metric) string {
	switch {
	case v == nil:
		return ""
	case m.Share:
		return d.percent(*v, 1)
	}
	return d.decimal(*v, 1)
}

// effectLines are the effect, and what speaks for or against it: where nothing can be found, nothing should be.
func (d *reader) effectLines(found, placebo, trend *effect.Estimate, success, permutation *float64, m pilot.Metric) (lines []effectLine) {
	extent := chart.Extent{}
	for _, e := range []*effect.Estimate{found, placebo} {
		if e != nil {
			extent = extent.With(e.Low, e.High)
		}
	}
	if success != nil {
		extent = extent.With(*success)
	}
	line := func(key string, e *effect.Estimate, scale chart.Extent, mark *float64) {
		if e == nil {
			return
		}
		l := effectLine{Name: d.words.text("pilots.effect." + key), Effect: d.effectText(e.Effect, m), P: d.probability(e.P),
			Interval: d.words.text("pilots.interval", "low", d.effectText(e.Low, m), "high", d.effectText(e.High, m))}
		c := chart.Range{Meta: chart.Meta{ID: "e-" + key, Title: l.Name + ": " + l.Effect + ", " + l.Interval}, Span: chart.Span{Low: e.Low, Mid: e.Effect, High: e.High}, Text: l.Effect + ", " + l.Interval, Extent: scale, Width: 342, Height: 24}
		if mark != nil {
			c.Mark, c.MarkText, c.Height = mark, d.words.text("pilots.wanted"), 44
		}
		l.Picture = c.SVG()
		lines = append(lines, l)
	}
	line("effect", found, extent, success)
	if permutation != nil && len(lines) > 0 {
		lines[0].P += " · " + d.words.text("pilots.permutation", "p", d.probability(*permutation))
	}
	line("placebo", placebo, extent, nil)
	if trend != nil {
		line("pre_trend", trend, chart.Extent{}.With(trend.Low, trend.High), nil)
	}
	return lines
}

func (d *reader) probability(p float64) string {
	if p < 0.001 {
		return d.words.text("pilots.p_small")
	}
	return d.words.text("pilots.p", "p", d.decimal(p, 3))
}

func (d *reader) memberRows(members []pilot.Member, m pilot.Metric) (rows []memberRow) {
	for _, one := range members {
		r := memberRow{Name: one.Name, Side: d.words.text("pilots.side." + one.Side), People: count(d.locale, one.People), Before: d.levelText(one.Before, m), After: d.levelText(one.After, m), LeftOut: one.LeftOut}
		if one.LeftOut != "" {
			r.People = ""
		}
		rows = append(rows, r)
	}
	return rows
}

func (d *reader) matchRows(match *query.MatchAnswer, n names) (rows []matchRow) {
	if match == nil {
		return nil
	}
	for _, side := range [][]query.Matched{match.Treated, match.Offered} {
		for _, one := range side {
			r := matchRow{Name: firstText(one.UnitName, n.unit(one.Unit)), People: count(d.locale, one.People), Baseline: d.words.text("missing.no_data")}
			if one.Baseline != nil {
				r.Baseline = d.percent(*one.Baseline, 1)
			} else {
				r.People = ""
			}
			if one.Like != "" {
				r.For = n.unit(one.Like)
			}
			if one.Distance != nil {
				r.Distance = d.decimal(*one.Distance, 2)
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// withText leaves out what nobody has said.
func withText(facts []fact) []fact {
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Text == "" })
}
