package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/worth"
)

// savedScenario is a scenario that somebody has saved, with the address that works it out again.
type savedScenario struct{ Name, Href, What, Of, Version, Saved, Reason string }

// scenarioForm saves what the page shows under a name. What it is saved of stands in hidden fields.
type scenarioForm struct {
	Problems                            []string
	Name, ID, Reason                    string
	Scenarios                           []choice
	Unit, Tool, From, To, Version, Says string
}

// refusedForm is a form that could not be kept; the zero value is none.
type refusedForm struct {
	typed url.Values
	err   error
}

// savedScenarios lists what was saved, by id. Each leads to the figures under its own assumptions, whatever was published since.
func (d *reader) savedScenarios(all []query.SavedScenario, n names) (rows []savedScenario) {
	for _, s := range all {
		where := valueChoice{ValueCaseQuestion: query.ValueCaseQuestion{ValueQuestion: query.ValueQuestion{Unit: s.Unit, Tool: s.Tool, From: &s.From, To: &s.To, Version: &s.Version}}}
		rows = append(rows, savedScenario{Name: s.Name, Href: where.address("/value") + "#scenarios", What: d.words.text("value.scenario." + s.Scenario), Of: d.scenarioOf(s.Unit, s.Tool, s.From, s.To, n),
			Version: d.versionName(s.Version), Saved: s.Author + ", " + d.clock(s.At, d.zone()), Reason: s.Reason})
	}
	return rows
}

func (d *reader) scenarioOf(unit, tool string, from, to adoption.Day, n names) string {
	return d.words.text("value.scenario.of", "unit", n.unit(unit), "tool", d.toolName(tool, n), "from", d.date(from), "to", d.date(to))
}

// versionName is what a version of the assumptions is called.
func (d *reader) versionName(version uint64) string {
	if version == 0 {
		return d.words.text("value.filter.start")
	}
	return d.words.text("value.filter.version", "version", version)
}

// scenarioForm is the form for the unit, tool, span and version that the page shows.
func (d *reader) scenarioForm(h *query.ValueHeader, refused refusedForm, n names) *scenarioForm {
	version := strconv.FormatUint(h.Version, 10)
	f := &scenarioForm{Problems: d.problems(refused.err), Name: refused.typed.Get("name"), ID: refused.typed.Get("id"), Reason: refused.typed.Get("reason"), Unit: h.Unit, Tool: h.Tool, From: h.From.String(), To: h.To.String(), Version: version,
		Says: d.scenarioOf(h.Unit, h.Tool, h.From, h.To, n) + " · " + d.versionName(h.Version)}
	for _, one := range worth.Scenarios() {
		f.Scenarios = append(f.Scenarios, choice{Value: one, Name: d.words.text("value.scenario." + one), Chosen: one == refused.typed.Get("scenario")})
	}
	return f
}

// scenarioEntry is the scenario that a form saves.
func scenarioEntry(form url.Values) (e query.ScenarioEntry, err error) {
	e.ScenarioPlan = query.ScenarioPlan{Name: strings.TrimSpace(form.Get("name")), Scenario: form.Get("scenario"), Unit: form.Get("unit"), Tool: form.Get("tool")}
	e.ID, e.Reason = plannedID(form, e.Name), strings.TrimSpace(form.Get("reason"))
	for field, into := range map[string]*adoption.Day{"from": &e.From, "to": &e.To} {
		if *into, err = formDay(form, field); err != nil {
			return e, err
		}
	}
	if e.Version, err = strconv.ParseUint(form.Get("assumptions"), 10, 64); err != nil {
		return e, adoption.Invalid("assumptions", strconv.Quote(form.Get("assumptions"))+" is no version.")
	}
	if e.Reason == "" {
		return e, adoption.Invalid("reason", "Say why this scenario is saved.")
	}
	return e, nil
}

// scenarioChoice is what the page showed that a form was sent from.
func scenarioChoice(form url.Values, today adoption.Day) (valueChoice, error) {
	asked := url.Values{}
	for _, name := range []string{"unit", "tool", "from", "to", "assumptions"} {
		if text := form.Get(name); text != "" {
			asked.Set(name, text)
		}
	}
	q, err := query.ParseTornado(asked, today)
	return valueChoice{ValueCaseQuestion: q}, err
}

// saveScenario saves a scenario, and goes back to the figures that it is one of. What is refused stands in the form still.
func (s *Dashboard) saveScenario(c *gin.Context) {
	d := s.reader(c)
	if err := c.Request.ParseForm(); err != nil {
		d.fail(c, adoption.Invalid("body", d.words.text("error.internal")))
		return
	}
	form := c.Request.PostForm
	choice, err := scenarioChoice(form, d.cfg.Company().Today())
	if err != nil {
		d.fail(c, err)
		return
	}
	e, err := scenarioEntry(form)
	if err == nil {
		_, err = d.cfg.Company().SaveScenario(c.Request.Context(), c.GetString(userKey), e)
	}
	if err != nil {
		// What is drawn is the page of value, and the links of its filter lead there.
		c.Request.URL = &url.URL{Path: "/value", RawQuery: choice.values().Encode()}
		d.showValue(c, adoption.Public(err).Code.Status(), choice, refusedForm{form, err})
		return
	}
	c.Redirect(http.StatusSeeOther, choice.address("/value")+"#scenarios")
}
