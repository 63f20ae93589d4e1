package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
	"uptake/query"
	"uptake/value/campaign"
	"uptake/value/pilot"
)

// pilotForm is the form that registers a pilot, or with Kinds the one that enters a campaign.
type pilotForm struct {
	Problems                                             []string
	Name, ID, Start, End, Success, Weeks, Reason         string
	Amount, Currency, Outside, MeasuredIn                string
	Tools, Units, Comparison, Metrics, Kinds, Aggregates []choice
}

func (d *reader) pilotForm(c *gin.Context, l valueLists, typed url.Values, refused error) *pilotForm {
	if !may(c, access.EditPlans) {
		return nil
	}
	f := &pilotForm{Problems: d.problems(refused), Name: typed.Get("name"), ID: typed.Get("id"), Start: typed.Get("start"), End: typed.Get("end"), Success: typed.Get("success"), Weeks: typed.Get("weeks_before"), Reason: typed.Get("reason"),
		Amount: typed.Get("amount"), Currency: typed.Get("currency"), Outside: typed.Get("outside"), MeasuredIn: typed.Get("measured_in")}
	if l.tools != nil {
		for _, t := range l.tools.Tools {
			if t.ID != adoption.AllTools {
				f.Tools = append(f.Tools, choice{Value: t.ID, Name: t.Name, Chosen: t.ID == typed.Get("tool")})
			}
		}
	}
	if l.units != nil {
		for _, u := range l.units.Units {
			if u.ID == adoption.Company || u.ID == adoption.Unassigned || u.Kind == "rest" {
				continue
			}
			f.Units = append(f.Units, choice{Value: u.ID, Name: u.Name, Chosen: slices.Contains(typed["units"], u.ID)})
			f.Comparison = append(f.Comparison, choice{Value: u.ID, Name: u.Name, Chosen: slices.Contains(typed["comparison"], u.ID)})
		}
	}
	for _, m := range pilot.Metrics() {
		f.Metrics = append(f.Metrics, choice{Value: m.Key, Name: d.words.text("pilots.metric." + m.Key), Chosen: m.Key == typed.Get("metric")})
	}
	for _, kind := range campaign.Kinds() {
		f.Kinds = append(f.Kinds, choice{Value: kind, Name: d.words.text("campaigns.kind." + kind), Chosen: kind == typed.Get("kind")})
	}
	for _, one := range []string{"sum", "mean", "per_person"} {
		f.Aggregates = append(f.Aggregates, choice{Value: one, Name: d.words.text("pilots.aggregate." + one), Chosen: one == typed.Get("aggregate")})
	}
	return f
}

var notOfID = regexp.MustCompile(`[^a-z0-9]+`)

// idOf is an id made of a name, where none was typed.
func idOf(typed, name string) string {
	if typed = strings.TrimSpace(typed); typed != "" {
		return typed
	}
	return strings.Trim(notOfID.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// formDay reads a day of a form; an empty one is no day.
func formDay(form url.Values, field string) (adoption.Day, error) {
	text := form.Get(field)
	if text == "" {
		return 0, nil
	}
	day, err := adoption.ParseDay(text)
	if err != nil {
		return 0, adoption.Invalid(field, err.Error()+".")
	}
	return day, nil
}

func formNumber(form url.Values, field string) (float64, error) {
	text := strings.TrimSpace(form.Get(field))
	if text == "" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, adoption.Invalid(field, strconv.Quote(text)+" is no number.")
	}
	return v, nil
}

// pilotEntry is the pilot that a form registers.
func pilotEntry(form url.Values) (e query.PilotEntry, err error) {
	e.Plan = pilot.Plan{Name: strings.TrimSpace(form.Get("name")), Tool: form.Get("tool"), Treated: form["units"], Comparison: form["comparison"], Outcome: pilot.Outcome{Metric: form.Get("metric")}}
	e.ID, e.Reason = idOf(form.Get("id"), e.Name), form.Get("reason")
	if outside := strings.TrimSpace(form.Get("outside")); outside != "" {
		e.Outcome = pilot.Outcome{Metric: pilot.External + outside, Aggregate: form.Get("aggregate"), MeasuredIn: strings.TrimSpace(form.Get("measured_in"))}
	}
	if e.Start, err = formDay(form, "start"); err != nil {
		return e, err
	}
	if e.End, err = formDay(form, "end"); err != nil {
		return e, err
	}
	if e.Outcome.Success, err = formNumber(form, "success"); err != nil {
		return e, err
	}
	if metricOf(e.Outcome).Share {
		e.Outcome.Success /= 100 // the form asks for points
	}
	weeks, err := formNumber(form, "weeks_before")
	e.WeeksBefore = int(weeks)
	return e, err
}

func (s *Dashboard) registerPilot(c *gin.Context) {
	d := s.reader(c)
	if err := c.Request.ParseForm(); err != nil {
		d.fail(c, adoption.Invalid("body", d.words.text("error.internal")))
		return
	}
	e, err := pilotEntry(c.Request.PostForm)
	if err == nil {
		_, err = d.cfg.Company().RegisterPilot(c.Request.Context(), c.GetString(userKey), e)
	}
	if err != nil {
		d.showPilots(c, adoption.Public(err).Code.Status(), c.Request.PostForm, err)
		return
	}
	c.Set(aboutKey, e.ID)
	c.Redirect(http.StatusSeeOther, "/pilots/"+url.PathEscape(e.ID))
}

// campaignEntry is the campaign that a form enters.
func campaignEntry(form url.Values) (e query.CampaignEntry, err error) {
	e.Plan = campaign.Plan{Name: strings.TrimSpace(form.Get("name")), Kind: form.Get("kind"), Tool: form.Get("tool"), Units: form["units"], Comparison: form["comparison"]}
	e.ID, e.Reason = idOf(form.Get("id"), e.Name), form.Get("reason")
	if e.Start, err = formDay(form, "start"); err != nil {
		return e, err
	}
	if e.End, err = formDay(form, "end"); err != nil {
		return e, err
	}
	if strings.TrimSpace(form.Get("amount")) != "" {
		e.Cost = &campaign.Money{Currency: strings.TrimSpace(form.Get("currency"))}
		e.Cost.Amount, err = formNumber(form, "amount")
	}
	return e, err
}

func (s *Dashboard) enterCampaign(c *gin.Context) {
	d := s.reader(c)
	if err := c.Request.ParseForm(); err != nil {
		d.fail(c, adoption.Invalid("body", d.words.text("error.internal")))
		return
	}
	e, err := campaignEntry(c.Request.PostForm)
	if err == nil {
		_, err = d.cfg.Company().EnterCampaign(c.Request.Context(), c.GetString(userKey), e)
	}
	if err != nil {
		d.showCampaigns(c, adoption.Public(err).Code.Status(), c.Request.PostForm, err)
		return
	}
	c.Set(aboutKey, e.ID)
	c.Redirect(http.StatusSeeOther, "/campaigns/"+url.PathEscape(e.ID))
}

// withdrawForm is the form that withdraws a pilot before its first day.
type withdrawForm struct {
	Problems             []string
	Action, Based, Cause string
}

func (d *reader) withdrawForm(c *gin.Context, p *query.PilotAnswer, refused error) *withdrawForm {
	if refused == nil && (p.Withdrawn != nil || p.Plan.Start <= d.cfg.Company().Today()) || !may(c, access.EditPlans) {
		return nil
	}
	return &withdrawForm{d.problems(refused), "/pilots/" + url.PathEscape(p.Plan.ID) + "/withdraw", strconv.FormatUint(p.Revision, 10), c.PostForm("reason")}
}

func (s *Dashboard) withdrawPilot(c *gin.Context) {
	d := s.reader(c)
	w := query.PilotWithdrawal{ID: c.Param("id"), Amendment: query.Amendment{Reason: strings.TrimSpace(c.PostForm("reason"))}}
	var err error
	if w.Based, err = formRevision(url.Values{"based": {c.PostForm("based")}}); err == nil {
		_, err = d.cfg.Company().WithdrawPilot(c.Request.Context(), c.GetString(userKey), w)
	}
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, "/pilots/"+url.PathEscape(w.ID))
	case adoption.CodeOf(err) == adoption.NotFound:
		d.fail(c, err)
	default:
		d.showPilot(c, adoption.Public(err).Code.Status(), err)
	}
}
