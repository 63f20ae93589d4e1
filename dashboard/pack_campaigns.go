package dashboard

import (
	"context"

	"uptake/adoption"
	"uptake/dashboard/report"
	"uptake/query"
	"uptake/value/campaign"
)

// campaignPack is marketing's report: what each launch, training or push cost, whom it reached, and how its units changed
// beside units like them.
func (d *reader) campaignPack(ctx context.Context, company *query.Company, q packQuestion) (*report.Report, error) {
	ps := d.parts(ctx)
	page := get(ps, "page", func(ctx context.Context) (*query.UnitPageAnswer, error) {
		return askUnit(ctx, company, q.unit, q.filter)
	})
	list := get(ps, "campaigns", company.Campaigns)
	ps.wait()
	switch {
	case page.err != nil:
		return nil, page.err
	case list.err != nil:
		return nil, list.err
	case page.View.State == query.StateEmpty:
		return nil, &adoption.Error{Code: adoption.NotFound, Message: d.words.text("pack.empty")}
	}
	r := d.paper(page.View, q, "pack.campaigns_title")
	head := d.headView(page.View, q.filter)
	r.Summary = []report.Block{report.Sentence(head.Answer), d.paperFigures(head.Figures), report.Note(d.words.text("pack.campaigns_note"))}
	if len(list.View.Campaigns) == 0 {
		r.Summary = append(r.Summary, report.Text(d.words.text("pack.no_campaigns")))
	}
	d.steps.plan(len(list.View.Campaigns))
	for _, one := range list.View.Campaigns {
		s, err := d.campaignSection(ctx, company, one.Plan.ID)
		if err != nil {
			return nil, err
		}
		d.steps.did()
		r.Sections = append(r.Sections, s)
	}
	return r, nil
}

func (d *reader) campaignSection(ctx context.Context, company *query.Company, id string) (report.Section, error) {
	one, err := company.Campaign(ctx, id)
	if err != nil {
		return report.Section{}, err
	}
	plan := one.Plan
	cost := d.words.text("pack.unknown")
	if plan.Cost != nil {
		cost = d.compact(plan.Cost.Amount) + nbsp + plan.Cost.Currency
	}
	s := report.Section{Title: plan.Name, Blocks: []report.Block{report.Text(d.words.text("pack.campaign", "kind", d.words.text("pack.kind."+plan.Kind), "from", d.date(plan.Start), "to", d.date(plan.End),
		"units", len(plan.Units), "comparison", len(plan.Comparison), "cost", cost))}}
	if one.Result == nil {
		return with(s, report.Text(d.words.text("pack.campaign_early"))), nil
	}
	found, detail := d.campaignFinding(one.Result)
	s = with(s, report.Sentence(found))
	if detail != "" {
		s = with(s, report.Text(detail))
	}
	for _, doubt := range d.doubts(one.Result.Change.Doubts) {
		s = with(s, report.Text(doubt))
	}
	s = with(s, d.reachedTable(one.Result.PerPerson))
	if !one.Result.Complete {
		s = with(s, report.Note(d.words.text("pack.campaign_running", "date", d.date(one.Result.DataUntil))))
	}
	return s, nil
}

// reachedTable is what a campaign cost for each person of the kinds that it may be after.
func (d *reader) reachedTable(p campaign.PerPerson) report.Table {
	t := report.Table{Share: []float64{.32, .17, .17, .17, .17}, Right: []bool{false, true, true, true, true}, Head: []string{d.words.text("pack.reached"), d.words.text("pack.people"),
		d.words.text("pack.cost_each"), d.words.text("pack.more"), d.words.text("pack.more_cost")}}
	amount := func(v *float64) string {
		if v == nil {
			return d.words.text("pack.unknown")
		}
		return d.compact(*v)
	}
	for _, kind := range []struct {
		word string
		each campaign.Each
	}{{"pack.activated", p.Activated}, {"pack.habitual", p.Habitual}, {"pack.retained", p.Retained}} {
		t.Rows = append(t.Rows, []string{d.words.text(kind.word), amount(kind.each.People), amount(kind.each.Cost), amount(kind.each.More), amount(kind.each.MoreCost)})
	}
	return t
}
