package dashboard

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"uptake/query"
	"uptake/value/campaign"
	"uptake/value/pilot"
)

// campaignsView is the list of campaigns, with the form that enters another.
type campaignsView struct {
	Head      string
	Campaigns []campaignRow
	Form      *pilotForm // nil for who may not enter any
}

type campaignRow struct{ Name, Href, Kind, Tool, Units, When, Cost string }

func (s *Dashboard) campaignsPage(c *gin.Context) {
	s.reader(c).showCampaigns(c, http.StatusOK, nil, nil)
}

// showCampaigns draws the list, and the form with what was typed where that was refused.
func (d *reader) showCampaigns(c *gin.Context, status int, typed url.Values, refused error) {
	company := d.cfg.Company()
	answer, err := company.Campaigns(c.Request.Context())
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
	view := campaignsView{Head: d.words.text("campaigns.none"), Form: d.pilotForm(c, lists, typed, refused)}
	if len(answer.Campaigns) > 0 {
		view.Head = d.words.text("campaigns.some", "n", len(answer.Campaigns))
	}
	for _, a := range answer.Campaigns {
		view.Campaigns = append(view.Campaigns, campaignRow{Name: a.Plan.Name, Href: d.chosen.along("/campaigns/" + url.PathEscape(a.Plan.ID)), Kind: d.words.text("campaigns.kind." + a.Plan.Kind), Tool: n.tool(a.Plan.Tool),
			Units: d.listed(a.Plan.Units, n.unit), When: d.words.text("value.period", "from", d.date(a.Plan.Start), "to", d.date(a.Plan.End)), Cost: d.costText(a.Plan.Cost)})
	}
	d.render(c, status, "campaigns.html", d.pageOf(c, d.words.text("campaigns.title"), "pilots"), view)
}

func (d *reader) costText(m *campaign.Money) string {
	if m == nil {
		return d.words.text("campaigns.no_cost")
	}
	return d.worthText(m.Amount, inMoney, m.Currency)
}

// campaignView is one campaign and what came with it.
type campaignView struct {
	Path     []link
	Of, Head string
	Detail   string // of Head
	Cautions []sentenceView
	Facts    []fact
	Reached  []reachedRow
	Effects  []effectLine
	Course   *part[sidesView]
	Members  []memberRow
	LeftOut  []string
}

// reachedRow is what the campaign cost for each person of a kind.
type reachedRow struct{ Name, People, Cost, More, MoreCost, Units string }

func (s *Dashboard) campaignPage(c *gin.Context) {
	d := s.reader(c)
	company := d.cfg.Company()
	a, err := company.Campaign(c.Request.Context(), c.Param("id"))
	if err != nil {
		d.fail(c, err)
		return
	}
	ps := d.parts(c.Request.Context())
	course := get(ps, "course", func(ctx context.Context) (*query.PilotCourse, error) { return company.CampaignCourse(ctx, a.Plan) })
	lists := get(ps, "lists", func(ctx context.Context) (valueLists, error) { return askValueLists(ctx, company) })
	ps.wait()
	view := d.campaignView(a, namesOf(lists.View))
	view.Course = drawn(course, func(s *query.PilotCourse) sidesView {
		return d.sidesView(s, a.Plan.Start, pilot.Metric{Share: true}, d.words.text("campaigns.begins"))
	})
	d.render(c, http.StatusOK, "campaign.html", d.pageOf(c, a.Plan.Name, "pilots"), view)
}

func (d *reader) campaignView(a *query.CampaignAnswer, n names) campaignView {
	p := a.Plan
	v := campaignView{Path: []link{{d.words.text("pilots.title"), d.chosen.along("/pilots")}, {d.words.text("campaigns.title"), d.chosen.along("/campaigns")}}, Of: p.Name, Head: d.words.text("campaigns.finding.not_yet")}
	v.Facts = []fact{{d.words.text("campaigns.kind"), d.words.text("campaigns.kind." + p.Kind)}, {d.words.text("pilots.tool"), n.tool(p.Tool)}, {d.words.text("campaigns.units"), d.listed(p.Units, n.unit)},
		{d.words.text("pilots.comparison"), d.listed(p.Comparison, n.unit)}, {d.words.text("pilots.dates"), d.words.text("value.period", "from", d.date(p.Start), "to", d.date(p.End))},
		{d.words.text("campaigns.cost"), d.costText(p.Cost)}, {d.words.text("campaigns.author"), a.Author}, {d.words.text("pilots.reason"), a.Reason}}
	v.Facts = withText(v.Facts)
	r := a.Result
	if r == nil {
		return v
	}
	v.Facts = append(v.Facts, fact{d.words.text("open.until"), d.date(r.DataUntil)})
	v.Head, v.Detail = d.campaignFinding(r)
	v.Cautions = append(v.Cautions, sentenceView{Rule: "no_proof", Text: d.words.text("campaigns.no_proof")})
	if !r.Complete {
		v.Cautions = append(v.Cautions, sentenceView{Rule: "so_far", Text: d.words.text("campaigns.so_far")})
	}
	for _, doubt := range r.Change.Doubts {
		v.Cautions = append(v.Cautions, sentenceView{Rule: string(doubt), Text: d.words.text("pilots.doubt." + string(doubt))})
	}
	currency := ""
	if p.Cost != nil {
		currency = p.Cost.Currency
	}
	for _, one := range []struct {
		key  string
		each campaign.Each
	}{{"activated", r.PerPerson.Activated}, {"habitual", r.PerPerson.Habitual}, {"retained", r.PerPerson.Retained}} {
		v.Reached = append(v.Reached, d.reachedRow(one.key, one.each, currency))
	}
	weekly := pilot.Metric{Share: true}
	v.Effects = d.effectLines(r.Change.Effect, r.Change.Placebo, r.Change.PreTrend, nil, r.Change.PermutationP, weekly)
	v.Members = d.memberRows(r.Change.Members, weekly)
	for _, l := range r.LeftOut {
		v.LeftOut = append(v.LeftOut, n.unit(l.Unit)+", "+d.words.text("campaigns.reached."+l.Measure)+": "+d.told(l.Reason))
	}
	return v
}

// campaignFinding says what changed, and no more than that.
func (d *reader) campaignFinding(r *query.CampaignResult) (words, detail string) {
	e := r.Change.Effect
	if e == nil {
		return d.words.text("campaigns.finding.none"), firstText(d.told(r.Change.Reason), d.words.text("campaigns.finding.no_units"))
	}
	key := "beyond"
	if e.P >= 0.05 {
		key = "chance"
	}
	m := pilot.Metric{Share: true}
	return d.words.text("campaigns.finding."+key, "effect", d.effectText(e.Effect, m), "low", d.effectText(e.Low, m), "high", d.effectText(e.High, m)), ""
}

func (d *reader) reachedRow(key string, e campaign.Each, currency string) reachedRow {
	none := d.words.text("missing.no_data")
	r := reachedRow{Name: d.words.text("campaigns.reached." + key), People: none, Cost: none, More: none, MoreCost: none, Units: count(d.locale, e.Units)}
	if e.People != nil {
		r.Cost = d.words.text("value.missing.nobody")
		if currency == "" {
			r.Cost = d.words.text("campaigns.no_cost")
		}
		r.People = d.decimal(*e.People, 0)
	}
	if e.Cost != nil {
		r.Cost = d.worthText(*e.Cost, inMoney, currency)
	}
	if e.More != nil {
		r.More = d.signed(*e.More, 1)
	}
	if e.MoreCost != nil {
		r.MoreCost = d.worthText(*e.MoreCost, inMoney, currency)
	}
	return r
}
