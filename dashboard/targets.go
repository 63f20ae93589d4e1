package dashboard

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
	"uptake/value/target"
)

// targetsView is the list of targets, with the form that sets another or changes one.
type targetsView struct {
	Head    string
	Targets []targetRow
	Form    *targetForm // nil for who may not set any
}

// targetRow is a target beside what is expected on its day.
type targetRow struct {
	Unit, UnitHref, Tool, Measure, Goal, By, Now, Expected string
	State, Class, Why                                      string
	Change                                                 string // the address that changes it; "" for who may not
	Picture                                                template.HTML
}

// targetForm is the form that sets a target. Based is the revision that it changes.
type targetForm struct {
	Problems                             []string
	ID, Based, Goal, Currency, By, Cause string
	Units, Tools, Measures               []choice
}

func (s *Dashboard) targetsPage(c *gin.Context) { s.reader(c).showTargets(c, http.StatusOK, nil, nil) }

// showTargets draws the list, and the form with what was typed where that was refused, or with the target that is to change.
func (d *reader) showTargets(c *gin.Context, status int, typed url.Values, refused error) {
	company := d.cfg.Company()
	answer, err := company.Targets(c.Request.Context(), query.TargetsQuestion{})
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
	view := targetsView{Head: d.words.text("targets.none")}
	if len(answer.Targets) > 0 {
		off := len(slices.DeleteFunc(slices.Clone(answer.Targets), func(a query.TargetAnswer) bool { return !offCourse(a.Course.State) }))
		word := "targets.off"
		if off == 0 {
			word = "targets.off_none"
		}
		view.Head = d.words.text("targets.some", "n", len(answer.Targets)) + " " + d.words.text(word, "n", off)
	}
	mayChange := may(c, access.EditPlans)
	for _, a := range answer.Targets {
		r := d.targetRow(&a, n)
		if mayChange {
			r.Change = d.chosen.along("/targets", "change", a.Plan.ID) + "#set"
			if typed == nil && a.Plan.ID == c.Query("change") {
				typed = targetTyped(&a)
			}
		}
		view.Targets = append(view.Targets, r)
	}
	if mayChange {
		view.Form = d.targetForm(lists, typed, refused)
	}
	d.render(c, status, "targets.html", d.pageOf(c, d.words.text("targets.title"), "pilots"), view)
}

// offCourse tells whether a target will be missed, as far as may be said.
func offCourse(s target.State) bool {
	return s == target.Behind || s == target.OutOfReach || s == target.Missed
}

func (d *reader) targetRow(a *query.TargetAnswer, n names) targetRow {
	p, course := a.Plan, a.Course
	r := targetRow{Unit: n.unit(p.Unit), UnitHref: d.chosen.unitAddress(p.Unit), Tool: d.toolName(p.Tool, n), Measure: d.words.text("targets.measure." + string(p.Measure)), Goal: d.goalText(p.Goal, p.Measure.Money(), p.Currency),
		By: d.date(p.By)}
	r.State, r.Class = d.stateView(course.State)
	if course.State == target.Unknown {
		r.Why = d.told(course.Reason)
	}
	if course.Now != nil {
		r.Now = d.goalText(*course.Now, p.Measure.Money(), p.Currency)
	}
	if f := course.Forecast; f != nil {
		low, high := d.goalText(f.Low, p.Measure.Money(), p.Currency), d.goalText(f.High, p.Measure.Money(), p.Currency)
		r.Expected = d.words.text("pilots.interval", "low", low, "high", high)
	}
	r.Picture = d.goalPicture(a, &r)
	return r
}

// goalPicture holds what is, and what is expected, against the goal. Of a target of which nothing may be said there is none.
func (d *reader) goalPicture(a *query.TargetAnswer, r *targetRow) template.HTML {
	p, course := a.Plan, a.Course
	if course.Now == nil {
		return ""
	}
	g := chart.Goal{Meta: chart.Meta{ID: "t-" + p.ID, Title: d.words.text("targets.line", "goal", r.Goal, "date", r.By)}, Goal: p.Goal, Now: course.Now, GoalText: d.words.text("targets.goal") + " " + r.Goal, Extent: chart.Extent{High: 1}, Width: 208, Height: 46}
	g.Text = g.Title + " " + d.words.text("targets.now") + ": " + r.Now
	if p.Measure.Money() {
		g.Extent = chart.Extent{}.With(p.Goal, *course.Now)
	}
	if f := course.Forecast; f != nil {
		g.Expected = &chart.Span{Low: f.Low, Mid: f.Likely, High: f.High}
		g.Text += ". " + d.words.text("targets.expected") + ": " + r.Expected
		if p.Measure.Money() {
			g.Extent = g.Extent.With(f.Low, f.High)
		}
	}
	return g.SVG()
}

// toolName is what a tool is called, or all of them together.
func (d *reader) toolName(id string, n names) string {
	if id == adoption.AllTools {
		return d.words.text("filter.all_tools")
	}
	return n.tool(id)
}

// goalText writes a share, or an amount of money.
func (d *reader) goalText(v float64, money bool, currency string) string {
	if money {
		return d.worthText(v, inMoney, currency)
	}
	return d.percent(v, 1)
}

// targetTyped is a target as the form would send it.
func targetTyped(a *query.TargetAnswer) url.Values {
	p := a.Plan
	goal := p.Goal
	if !p.Measure.Money() {
		goal *= 100 // the form asks for percent
	}
	return url.Values{"id": {p.ID}, "based": {strconv.FormatUint(a.Revision, 10)}, "unit": {p.Unit}, "tool": {p.Tool}, "measure": {string(p.Measure)}, "goal": {strconv.FormatFloat(goal, 'g', 10, 64)}, "currency": {p.Currency}, "by": {p.By.String()}}
}

func (d *reader) targetForm(l valueLists, typed url.Values, refused error) *targetForm {
	f := &targetForm{Problems: d.problems(refused), ID: typed.Get("id"), Based: typed.Get("based"), Goal: typed.Get("goal"), Currency: typed.Get("currency"), By: typed.Get("by"), Cause: typed.Get("reason")}
	f.Units = unitChoices(l, typed.Get("unit"))
	f.Tools = append([]choice{{Value: adoption.AllTools, Name: d.words.text("filter.all_tools"), Chosen: typed.Get("tool") == adoption.AllTools}}, toolChoices(l, typed.Get("tool"))...)
	for _, m := range target.Measures() {
		f.Measures = append(f.Measures, choice{Value: string(m), Name: d.words.text("targets.measure." + string(m)), Chosen: string(m) == typed.Get("measure")})
	}
	return f
}

// unitChoices are the units that something can be planned for, the company first: no rest, because it holds other groups
// from day to day.
func unitChoices(l valueLists, chosen string) (all []choice) {
	for _, u := range l.units.Units {
		if u.ID != adoption.Unassigned && u.Kind != "rest" {
			all = append(all, choice{Value: u.ID, Name: u.Name, Chosen: u.ID == chosen})
		}
	}
	return all
}

func toolChoices(l valueLists, chosen string) (all []choice) {
	for _, t := range l.tools.Tools {
		if t.ID != adoption.AllTools {
			all = append(all, choice{Value: t.ID, Name: t.Name, Chosen: t.ID == chosen})
		}
	}
	return all
}

// plannedID is the id of what is planned for a unit and tool, where the form names none.
func plannedID(form url.Values, parts ...string) string {
	id := idOf(form.Get("id"), strings.Join(parts, " "))
	return strings.Trim(id[:min(len(id), 64)], "-")
}

// formRevision reads the revision that a form changes; none is something new.
func formRevision(form url.Values) (uint64, error) {
	text := form.Get("based")
	if text == "" {
		return 0, nil
	}
	based, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, adoption.Invalid("based", strconv.Quote(text)+" is no revision.")
	}
	return based, nil
}

// targetEntry is the target that a form sets.
func targetEntry(form url.Values) (e query.TargetEntry, err error) {
	e.Plan = target.Plan{Unit: form.Get("unit"), Tool: form.Get("tool"), Measure: target.Measure(form.Get("measure")), Currency: strings.TrimSpace(form.Get("currency"))}
	e.ID, e.Reason = plannedID(form, e.Unit, e.Tool, string(e.Measure)), strings.TrimSpace(form.Get("reason"))
	if e.Based, err = formRevision(form); err != nil {
		return e, err
	}
	if e.By, err = formDay(form, "by"); err != nil {
		return e, err
	}
	if e.Goal, err = formNumber(form, "goal"); err == nil && !e.Measure.Money() {
		e.Goal /= 100
	}
	return e, err
}

func (s *Dashboard) setTarget(c *gin.Context) {
	d := s.reader(c)
	if err := c.Request.ParseForm(); err != nil {
		d.fail(c, adoption.Invalid("body", d.words.text("error.internal")))
		return
	}
	e, err := targetEntry(c.Request.PostForm)
	if err == nil {
		_, err = d.cfg.Company().SetTarget(c.Request.Context(), c.GetString(userKey), e)
	}
	if err != nil {
		d.showTargets(c, adoption.Public(err).Code.Status(), c.Request.PostForm, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/targets")
}
