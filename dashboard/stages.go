package dashboard

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
	"uptake/query"
	"uptake/value/stage"
)

// stagesView is where roll-outs are, with the form that begins one or moves one on.
type stagesView struct {
	Head     string
	Rollouts []rolloutRow
	Drivers  []driverRow
	Form     *stageForm // nil for who may not move any
}

// rolloutRow is a roll-out and the gate that it stands at.
type rolloutRow struct {
	Tool, Unit, UnitHref, Stage, Days, Owner, Driver, Gate, Class string
	Goals                                                         []goalLine
	Moves                                                         []moveLine
	Move                                                          string // the address that moves it on; "" where it cannot
}

// goalLine is one thing that a gate asks for, and what is found of it. Why is the engine's own sentence.
type goalLine struct{ Text, State, Class, Why string }

type moveLine struct{ Stage, When, Owner, Author, Reason, Despite string }

type driverRow struct{ Tool, Driver, Rollouts, Adoption, Days string }

func (s *Dashboard) stagesPage(c *gin.Context) { s.reader(c).showStages(c, http.StatusOK, nil, nil) }

// showStages draws the list, and the form with what was typed where that was refused, or for the roll-out that is to move on.
func (d *reader) showStages(c *gin.Context, status int, typed url.Values, refused error) {
	company := d.cfg.Company()
	answer, err := company.Stages(c.Request.Context(), query.StagesQuestion{})
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
	view := stagesView{Head: d.words.text("stages.none")}
	if len(answer.Rollouts) > 0 {
		open := len(slices.DeleteFunc(slices.Clone(answer.Rollouts), func(a query.StageAnswer) bool { return !a.Open || last(a.Stage) }))
		word := "stages.open"
		if open == 0 {
			word = "stages.open_none"
		}
		view.Head = d.words.text("stages.some", "n", len(answer.Rollouts)) + " " + d.words.text(word, "n", open)
	}
	mayMove := may(c, access.EditPlans)
	var moving *query.StageAnswer
	asked := firstText(c.Query("move"), typed.Get("id"))
	for i, a := range answer.Rollouts {
		r := d.rolloutRow(&answer.Rollouts[i], n)
		if mayMove && a.Stage != stage.Retired {
			r.Move = d.chosen.along("/stages", "move", a.ID) + "#move"
			if a.ID == asked {
				moving = &answer.Rollouts[i]
			}
		}
		view.Rollouts = append(view.Rollouts, r)
	}
	for _, one := range answer.Drivers {
		r := driverRow{Tool: n.tool(one.Tool), Driver: d.party(one.Driver), Rollouts: count(d.locale, one.Rollouts), Adoption: d.words.text("stages.too_few")}
		if one.Adoption != nil {
			r.Adoption, r.Days = d.percent(*one.Adoption, 1), d.words.text("stages.days", "n", int(*one.MeanDays+0.5))
		}
		view.Drivers = append(view.Drivers, r)
	}
	if mayMove {
		view.Form = d.stageForm(lists, n, moving, typed, refused)
	}
	d.render(c, status, "stages.html", d.pageOf(c, d.words.text("stages.title"), "pilots"), view)
}

// last tells whether a stage has no gate because nothing comes after it.
func last(s stage.Stage) bool { return s == stage.CompanyWide || s == stage.Retired }

func (d *reader) party(p stage.Party) string     { return d.words.text("stages.party." + string(p)) }
func (d *reader) stageName(s stage.Stage) string { return d.words.text("stages.stage." + string(s)) }

func (d *reader) rolloutRow(a *query.StageAnswer, n names) rolloutRow {
	newest := a.Moves[len(a.Moves)-1]
	r := rolloutRow{Tool: n.tool(a.Tool), Unit: n.unit(a.Unit), UnitHref: d.chosen.unitAddress(a.Unit), Stage: d.stageName(a.Stage), Days: d.words.text("stages.days", "n", newest.Days), Owner: d.party(newest.Owner), Driver: d.party(a.Driver)}
	switch {
	case last(a.Stage):
		r.Gate = d.words.text("stages.no_gate")
	case a.Open:
		r.Gate, r.Class = d.words.text("stages.gate_open"), "good"
	default:
		r.Gate, r.Class = d.words.text("stages.gate_shut"), "bad"
	}
	for _, v := range a.Gate {
		r.Goals = append(r.Goals, d.goalLine(v))
	}
	for _, m := range a.Moves {
		r.Moves = append(r.Moves, moveLine{Stage: d.stageName(m.Stage), When: d.date(m.Day) + ", " + d.words.text("stages.days", "n", m.Days), Owner: d.party(m.Owner), Author: m.Author, Reason: m.Reason, Despite: m.Despite})
	}
	return r
}

func (d *reader) goalLine(v stage.Verdict) goalLine {
	money := v.Measure == stage.NPV
	l := goalLine{State: d.words.text("stages.state." + string(v.State))}
	pairs := []any{"measure", d.words.text("stages.measure." + string(v.Measure)), "goal", d.goalText(v.Goal.Goal, money, v.Currency)}
	key := "stages.wanted"
	if v.Value != nil {
		key, pairs = "stages.wanted_now", append(pairs, "now", d.goalText(*v.Value, money, v.Currency))
	}
	l.Text = d.words.text(key, pairs...)
	switch v.State {
	case stage.Reached:
		l.Class = "good"
	case stage.Missed:
		l.Class = "bad"
	case stage.Unknown:
		l.Why = d.told(v.Reason)
	}
	return l
}

// stageForm is the form that begins a roll-out, or with Of moves one on: then tool, unit and lead are what they were.
type stageForm struct {
	Problems                              []string
	Of, ID, Based, Unit, Tool, Driver     string
	Day, Currency, Reason, Despite        string
	Units, Tools, Drivers, Stages, Owners []choice
	Shares                                []goalInput
	Amount                                string
}

// goalInput is a share that the next gate may ask for, in percent.
type goalInput struct{ Field, Name, Text string }

// gateShares are the shares that a gate may ask for; its amount of money has a field and a currency of its own.
var gateShares = []stage.Measure{stage.Adoption, stage.Habit, stage.FirstUse}

func (d *reader) stageForm(l valueLists, n names, moving *query.StageAnswer, typed url.Values, refused error) *stageForm {
	f := &stageForm{Problems: d.problems(refused), Day: firstText(typed.Get("day"), d.cfg.Company().Today().String()), Currency: typed.Get("currency"), Reason: typed.Get("reason"), Despite: typed.Get("despite"), Amount: typed.Get("amount"),
		Units: unitChoices(l, typed.Get("unit")), Tools: toolChoices(l, typed.Get("tool"))}
	stages := stage.Stages()
	if moving != nil {
		f.Of = n.tool(moving.Tool) + ", " + n.unit(moving.Unit)
		f.ID, f.Based, f.Unit, f.Tool, f.Driver = moving.ID, strconv.FormatUint(moving.Revision, 10), moving.Unit, moving.Tool, string(moving.Driver)
		next := slices.Index(stages, moving.Stage) + 1
		stages = slices.Compact([]stage.Stage{stages[next], stage.Retired})
	}
	for _, s := range stages {
		f.Stages = append(f.Stages, choice{Value: string(s), Name: d.stageName(s), Chosen: string(s) == typed.Get("stage")})
	}
	for _, p := range []stage.Party{stage.Business, stage.IT, stage.GrassRoots} {
		f.Drivers = append(f.Drivers, choice{Value: string(p), Name: d.party(p), Chosen: string(p) == typed.Get("driver")})
		if p != stage.GrassRoots {
			f.Owners = append(f.Owners, choice{Value: string(p), Name: d.party(p), Chosen: string(p) == typed.Get("owner")})
		}
	}
	for _, m := range gateShares {
		f.Shares = append(f.Shares, goalInput{string(m), d.words.text("stages.measure." + string(m)), typed.Get(string(m))})
	}
	return f
}

// stageEntry is the stage that a form enters.
func stageEntry(form url.Values) (e query.StageEntry, err error) {
	e.Rollout = stage.Rollout{Unit: form.Get("unit"), Tool: form.Get("tool"), Driver: stage.Party(form.Get("driver"))}
	e.ID, e.Reason = plannedID(form, e.Unit, e.Tool), strings.TrimSpace(form.Get("reason"))
	e.Step = stage.Step{Stage: stage.Stage(form.Get("stage")), Owner: stage.Party(form.Get("owner")), Despite: strings.TrimSpace(form.Get("despite"))}
	if e.Based, err = formRevision(form); err != nil {
		return e, err
	}
	if e.Day, err = formDay(form, "day"); err != nil {
		return e, err
	}
	e.Gate, err = gateOf(form)
	return e, err
}

// gateOf is what the next gate asks for: each field that is filled in.
func gateOf(form url.Values) (gate []stage.Goal, err error) {
	for _, m := range append(slices.Clone(gateShares), stage.NPV) {
		field, whole := string(m), 100.0 // the form asks for percent
		g := stage.Goal{Measure: m}
		if m == stage.NPV {
			field, whole, g.Currency = "amount", 1, strings.TrimSpace(form.Get("currency"))
		}
		if strings.TrimSpace(form.Get(field)) == "" {
			continue
		}
		if g.Goal, err = formNumber(form, field); err != nil {
			return nil, err
		}
		g.Goal /= whole
		gate = append(gate, g)
	}
	return gate, nil
}

func (s *Dashboard) moveStage(c *gin.Context) {
	d := s.reader(c)
	if err := c.Request.ParseForm(); err != nil {
		d.fail(c, adoption.Invalid("body", d.words.text("error.internal")))
		return
	}
	e, err := stageEntry(c.Request.PostForm)
	if err == nil {
		_, err = d.cfg.Company().MoveStage(c.Request.Context(), c.GetString(userKey), e)
	}
	if err != nil {
		d.showStages(c, adoption.Public(err).Code.Status(), c.Request.PostForm, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/stages")
}
