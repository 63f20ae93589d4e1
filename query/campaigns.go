package query

import (
	"context"
	"slices"

	"uptake/adoption"
	"uptake/value/campaign"
	"uptake/value/effect"
	"uptake/value/ledger"
	"uptake/value/pilot"
)

// CampaignEntry enters a campaign, or changes one.
type CampaignEntry struct {
	campaign.Plan
	Amendment
}

// CampaignAnswer is a campaign and what came with it.
type CampaignAnswer struct {
	Plan campaign.Plan `json:"plan"`
	Signature
	Result *CampaignResult `json:"result"` // nil in a list, and before the first week is over
}

// CampaignResult is what came with a campaign.
type CampaignResult struct {
	DataUntil adoption.Day       `json:"data_until"`
	Complete  bool               `json:"complete"` // everybody has been followed for 8 weeks after the end
	LeftOut   []CampaignLeftOut  `json:"left_out"` // units of which one of the three is not known
	PerPerson campaign.PerPerson `json:"per_person"`
	Change    CampaignChange     `json:"change"` // against like units, weekly use of the tool
	Sentence  string             `json:"sentence"`
}

// CampaignChange is the part of a pilot's judgement that may be said of what nobody registered beforehand: no finding.
type CampaignChange struct {
	WeeksBefore  int              `json:"weeks_before"`
	WeeksAfter   int              `json:"weeks_after"`
	Members      []pilot.Member   `json:"members"`
	Reason       string           `json:"reason"` // why there is no estimate; "" where there is one
	Doubts       []pilot.Doubt    `json:"doubts"`
	Effect       *effect.Estimate `json:"effect"`
	PermutationP *float64         `json:"permutation_p"`
	PreTrend     *effect.Estimate `json:"pre_trend"`
	Placebo      *effect.Estimate `json:"placebo"`
}

func changeOf(j *pilot.Judgement) CampaignChange {
	return CampaignChange{j.WeeksBefore, j.WeeksAfter, j.Members, j.Reason, j.Doubts, j.Effect, j.PermutationP, j.PreTrend, j.Placebo}
}

// CampaignLeftOut is a unit that is not counted for one of the three.
type CampaignLeftOut struct {
	Unit    string `json:"unit"`
	Side    string `json:"side"`    // units or comparison
	Measure string `json:"measure"` // activated, habitual or retained
	Reason  string `json:"reason"`
}

// CampaignsAnswer is all campaigns, by id.
type CampaignsAnswer struct {
	Campaigns []CampaignAnswer `json:"campaigns"`
}

// EnterCampaign writes a campaign into the ledger. Errors: InvalidParameter with the field, NotFound for units and tools,
// Conflict where somebody else has changed it.
func (c *Company) EnterCampaign(ctx context.Context, author string, e CampaignEntry) (*CampaignAnswer, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	if e.Comparison == nil {
		e.Comparison = []string{}
	}
	err := c.consistently(ctx, func(snap *snapshot) error { return snap.checkCampaign(e.Plan) })
	if err != nil {
		return nil, err
	}
	r, err := c.enter(ctx, ledger.Campaign, e.ID, author, e.Amendment, e.Plan)
	if err != nil {
		return nil, err
	}
	return c.campaignResult(ctx, r)
}

// checkCampaign refuses units and tools that are not known, and units that hold each other.
func (s *snapshot) checkCampaign(p campaign.Plan) error {
	err := s.checkPilot(pilot.Plan{Tool: p.Tool, Treated: p.Units, Comparison: p.Comparison})
	if e := adoption.Public(err); err != nil && e.Field == "treated" {
		return &adoption.Error{Code: e.Code, Field: "units", Message: e.Message}
	}
	return err
}

// Campaigns lists all campaigns without what came with them.
func (c *Company) Campaigns(ctx context.Context) (*CampaignsAnswer, error) {
	all, err := entries(ctx, c, ledger.Campaign, readCampaign)
	if err != nil {
		return nil, err
	}
	return &CampaignsAnswer{all}, nil
}

// Campaign is one campaign with what came with it so far. NotFound where there is none.
func (c *Company) Campaign(ctx context.Context, id string) (*CampaignAnswer, error) {
	r, err := c.Ledger().Latest(ctx, ledger.Campaign, id)
	if err != nil {
		return nil, err
	}
	return c.campaignResult(ctx, r)
}

func readCampaign(r ledger.Record) (CampaignAnswer, error) {
	a := CampaignAnswer{Signature: signatureOf(r)}
	return a, readEntry(r, &a.Plan)
}

// campaignResult is the answer for a campaign as it stands in the ledger.
func (c *Company) campaignResult(ctx context.Context, r ledger.Record) (*CampaignAnswer, error) {
	a, err := readCampaign(r)
	if err != nil {
		return nil, err
	}
	p, complete := a.Plan, c.complete()
	if complete < p.Start.Monday()+6 {
		return &a, nil
	}
	change, err := c.judge(ctx, p.Pilot())
	if err != nil {
		return nil, err
	}
	until := p.Until(complete)
	result := &CampaignResult{DataUntil: until, Complete: p.Until(adoption.LastDay) == until, LeftOut: []CampaignLeftOut{}, Change: changeOf(change), Sentence: p.Sentence(*change)}
	err = c.consistently(ctx, func(snap *snapshot) error {
		result.LeftOut = []CampaignLeftOut{}
		reached, err := c.reached(ctx, snap, p, "units", p.Units, until, result)
		if err != nil {
			return err
		}
		compared, err := c.reached(ctx, snap, p, "comparison", p.Comparison, until, result)
		result.PerPerson = p.Costs(reached, compared)
		return err
	})
	a.Result = result
	return &a, err
}

// reached counts the people of one side who began, got into the habit and stayed, each over the units of which it is
// known.
func (c *Company) reached(ctx context.Context, snap *snapshot, p campaign.Plan, side string, units []string, until adoption.Day, result *CampaignResult) (campaign.Reached, error) {
	var sum campaign.Reached
	known := snap.known(slices.Clone(units))
	for _, one := range []struct {
		measure string
		count   func(context.Context, reachedOf) error
		into    *campaign.Count
	}{{"activated", c.activated, &sum.Activated}, {"habitual", c.habitual, &sum.Habitual}, {"retained", c.retained, &sum.Retained}} {
		r := reachedOf{snap: snap, plan: p, units: known, until: until, counts: map[string]*campaign.Count{}, gaps: map[string]string{}}
		for _, unit := range units {
			r.counts[unit], r.gaps[unit] = &campaign.Count{Units: 1}, "there is no such unit any more"
			if slices.Contains(known, unit) {
				r.gaps[unit] = ""
			}
		}
		if len(known) > 0 {
			if err := one.count(ctx, r); err != nil {
				return sum, err
			}
		}
		for _, unit := range units {
			if gap := r.gaps[unit]; gap != "" {
				result.LeftOut = append(result.LeftOut, CampaignLeftOut{Unit: unit, Side: side, Measure: one.measure, Reason: gap})
				continue
			}
			n := r.counts[unit]
			one.into.People, one.into.Enabled, one.into.Units = one.into.People+n.People, one.into.Enabled+n.Enabled, one.into.Units+n.Units
		}
	}
	return sum, nil
}
