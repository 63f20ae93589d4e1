package campaign_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/campaign"
	"uptake/value/effect"
	"uptake/value/pilot"
)

func plan() campaign.Plan {
	return campaign.Plan{ID: "spring", Name: "Spring", Kind: "launch", Tool: "chat", Units: []string{"a"}, Comparison: []string{"b"}, Start: 20_000, End: 20_013,
		Cost: &campaign.Money{Amount: 900, Currency: "EUR"}}
}

func TestWhatIsNoCampaign(t *testing.T) {
	require.NoError(t, plan().Check())
	for name, c := range map[string]struct {
		change func(*campaign.Plan)
		field  string
	}{
		"id": {func(p *campaign.Plan) { p.ID = "Spring!" }, "id"}, "name": {func(p *campaign.Plan) { p.Name = " " }, "name"}, "kind": {func(p *campaign.Plan) { p.Kind = "party" }, "kind"},
		"tool": {func(p *campaign.Plan) { p.Tool = "" }, "tool"}, "units": {func(p *campaign.Plan) { p.Units = nil }, "units"},
		"too many": {func(p *campaign.Plan) { p.Comparison = make([]string, 100) }, "comparison"},
		"no day":   {func(p *campaign.Plan) { p.Start = 0 }, "start"},
		"backward": {func(p *campaign.Plan) { p.End = p.Start - 1 }, "end"}, "for ever": {func(p *campaign.Plan) { p.End = p.Start + 731 }, "end"},
		"below 0": {func(p *campaign.Plan) { p.Cost.Amount = -1 }, "cost.amount"}, "no number": {func(p *campaign.Plan) { p.Cost.Amount = math.NaN() }, "cost.amount"},
		"no currency": {func(p *campaign.Plan) { p.Cost.Currency = "" }, "cost.currency"}, "euro": {func(p *campaign.Plan) { p.Cost.Currency = "euro" }, "cost.currency"},
	} {
		p := plan()
		c.change(&p)
		err := p.Check()
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), name)
		require.Equal(t, c.field, adoption.Public(err).Field, name)
	}
}

// 900 EUR: 30 people began, 30 each. Of 50 others 10 did, a fifth, which would have been 20 of 100: 10 more, 90 each. Fewer
// have the habit than before: no cost of theirs. Nothing is known of who stayed.
func TestCosts(t *testing.T) {
	p := plan()
	got := p.Costs(campaign.Reached{Activated: campaign.Count{People: 30, Enabled: 100, Units: 2}, Habitual: campaign.Count{People: -3, Enabled: 100, Units: 2}},
		campaign.Reached{Activated: campaign.Count{People: 10, Enabled: 50, Units: 1}})
	number := func(x float64) *float64 { return &x }
	require.Equal(t, campaign.Each{Units: 2, People: number(30), Cost: number(30), More: number(10), MoreCost: number(90)}, got.Activated)
	require.Equal(t, campaign.Each{Units: 2, People: number(-3)}, got.Habitual)
	require.Equal(t, campaign.Each{}, got.Retained)

	require.Equal(t, p.End+56, p.Pilot().End)
	require.Equal(t, p.End+56, p.Until(adoption.LastDay))
	require.Equal(t, p.Start+7, p.Until(p.Start+7))
}

func TestSentence(t *testing.T) {
	e := effect.Estimate{Effect: 0.1, Low: 0.04, High: 0.16, P: 0.01}
	say := func(j pilot.Judgement) string { return plan().Sentence(j) }
	require.Equal(t, "Weekly use of the tool changed by 10.0 points more than in the units compared with (95 % interval: 4.0 to 16.0), which chance alone would hardly give. It came with the campaign; "+
		"whether the campaign did it, only a pilot that was registered before can tell.", say(pilot.Judgement{Effect: &e}))
	require.Contains(t, say(pilot.Judgement{Effect: &e, Doubts: []pilot.Doubt{pilot.DoubtTrend}}), "going another way before")
	require.Contains(t, say(pilot.Judgement{Effect: &effect.Estimate{Effect: -0.01, Low: -0.05, High: 0.03, P: 0.6}, Interim: true}), "So far: Weekly use of the tool changed by −1.0 points more than")
	require.Contains(t, say(pilot.Judgement{Reason: "2 units took part."}), "Nothing can be said of a change against like units: 2 units took part.")
}
