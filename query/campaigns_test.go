package query

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/campaign"
	"uptake/value/ledger"
)

// campaignCompany is East (40 people) and West (30), all with access to the wiki. It is Monday 2026-11-09. In the five weeks
// from 2026-10-05 on began
//
//	East 10, 9, 3, 2, 0    of the first 10 six were active four weeks later; with a habit 6 before and 18 now
//	West 8, 3, 3, 1, 0     of the first 8 five were active four weeks later; with a habit 6 before and 9 now
func campaignCompany(t *testing.T) *store {
	s := newStore(t)
	s.licensed("wiki")
	s.events("feed", "wiki", day("2026-10-05"), day("2026-10-05"))
	for d := day("2026-10-01"); d <= day("2026-11-09"); d++ {
		s.heads(d, "east", 40, "west", 30)
		s.sizes(d, "wiki", "east", 40, "west", 30)
	}
	for i, n := range [][2]uint64{{10, 8}, {9, 3}, {3, 3}, {2, 1}, {0, 0}} {
		monday := day("2026-10-05") + adoption.Day(7*i)
		s.week(monday, "east", "wiki", rawWeek{new: n[0]})
		s.week(monday, "west", "wiki", rawWeek{new: n[1]})
		s.written("kpi_cohort", monday)
		s.use(monday+6, "east", "wiki", rawUse{active7: 20})
	}
	for week, active := range map[string][2]int{"2026-10-05": {10, 8}, "2026-10-12": {7, 7}, "2026-10-19": {7, 6}, "2026-10-26": {6, 6}, "2026-11-02": {6, 5}} {
		s.cohort(week, "east", "2026-10-05", "2026-10-01", active[0])
		s.cohort(week, "west", "2026-10-05", "2026-10-01", active[1])
	}
	before, now := day("2026-10-04"), day("2026-11-08")
	s.habit(before, "east", "wiki", rawHabit{power: 2, habitual: 4, novice: 3})
	s.habit(before, "west", "wiki", rawHabit{power: 3, habitual: 3})
	s.habit(now, "east", "wiki", rawHabit{power: 4, habitual: 14, low: 5})
	s.habit(now, "west", "wiki", rawHabit{power: 4, habitual: 5})
	s.publish()
	s.on("2026-11-09")
	return s
}

func wikiTraining() CampaignEntry {
	return CampaignEntry{Amendment: Amendment{Reason: "asked for by marketing"}, Plan: campaign.Plan{ID: "wiki-training", Name: "Wiki in an hour", Kind: "training", Tool: "wiki",
		Units: []string{"east"}, Comparison: []string{"west"}, Start: day("2026-10-05"), End: day("2026-10-18"), Cost: &campaign.Money{Amount: 1200, Currency: "EUR"}}}
}

func TestCampaigns(t *testing.T) {
	s := campaignCompany(t)
	a, err := s.EnterCampaign(t.Context(), "Ada", wikiTraining())
	require.NoError(t, err)
	require.Equal(t, []any{"Ada", uint64(1)}, []any{a.Author, a.Revision})
	s.happened("company", adoption.AllTools, "2026-10-01", "2026-10-31", Event{day("2026-10-05"), "training", "Wiki in an hour", "wiki", "east"})
	s.happened("east", "wiki", "2026-10-05", "2026-10-05", Event{day("2026-10-05"), "training", "Wiki in an hour", "wiki", "east"})
	s.happened("west", "wiki", "2026-10-01", "2026-10-31") // it is only compared with
	r := a.Result
	require.Equal(t, day("2026-11-08"), r.DataUntil)
	require.False(t, r.Complete, "people are followed to 2026-12-13")
	require.Empty(t, r.LeftOut)
	// 24 began, 50 each; West's 15 of 30 would have been 20 of 40, so 4 more, 300 each. 12 more have the habit, 100 each;
	// West's 3 would have been 4, so 8 more, 150 each. 6 of the first week stayed, 200 each (the second week is not yet four
	// weeks ago); West's 5 would have been 6⅔.
	require.Equal(t, campaign.Each{Units: 1, People: f64(24), Cost: f64(50), More: f64(4), MoreCost: f64(300)}, r.PerPerson.Activated)
	require.Equal(t, campaign.Each{Units: 1, People: f64(12), Cost: f64(100), More: f64(8), MoreCost: f64(150)}, r.PerPerson.Habitual)
	require.InDelta(t, 6-5.0/30*40, *r.PerPerson.Retained.More, 1e-12)
	require.Nil(t, r.PerPerson.Retained.MoreCost)
	require.Equal(t, []float64{6, 200}, []float64{*r.PerPerson.Retained.People, *r.PerPerson.Retained.Cost})
	require.Contains(t, r.Sentence, "1 unit took part")

	t.Run("without units to compare with, or a cost", func(t *testing.T) {
		e := wikiTraining()
		e.ID, e.Comparison, e.Cost = "alone", nil, nil
		a, err := s.EnterCampaign(t.Context(), "Ada", e)
		require.NoError(t, err)
		require.Equal(t, campaign.Each{Units: 1, People: f64(24)}, a.Result.PerPerson.Activated)
		require.Equal(t, "Nothing can be said of a change against like units: no units to compare with are named.", a.Result.Sentence)
	})
	t.Run("too early", func(t *testing.T) {
		e := wikiTraining()
		e.ID, e.Start, e.End = "next", day("2026-11-09"), day("2026-11-20")
		a, err := s.EnterCampaign(t.Context(), "Ada", e)
		require.NoError(t, err)
		require.Nil(t, a.Result)
		e.ID, e.Start = "late", day("2026-10-26")
		a, err = s.EnterCampaign(t.Context(), "Ada", e)
		require.NoError(t, err)
		require.Contains(t, a.Result.LeftOut, CampaignLeftOut{Unit: "east", Side: "units", Measure: "retained", Reason: "no week of it is 4 weeks ago"})
		require.Nil(t, a.Result.PerPerson.Retained.People)
		require.Equal(t, 2.0, *a.Result.PerPerson.Activated.People)
	})
	t.Run("changed", func(t *testing.T) {
		e := wikiTraining()
		e.Cost.Amount, e.Based = 2400, 1
		_, err := s.EnterCampaign(t.Context(), "Bob", e)
		require.NoError(t, err)
		_, err = s.EnterCampaign(t.Context(), "Cy", e)
		require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
		require.ErrorContains(t, err, "Bob wrote revision 2")
		a, err := s.Campaign(t.Context(), "wiki-training")
		require.NoError(t, err)
		require.Equal(t, 100.0, *a.Result.PerPerson.Activated.Cost)
		list, err := s.Campaigns(t.Context())
		require.NoError(t, err)
		require.Len(t, list.Campaigns, 4)
		require.Nil(t, list.Campaigns[0].Result)
		_, err = s.Campaign(t.Context(), "none")
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	})
	t.Run("refused", func(t *testing.T) {
		for field, change := range map[string]func(*CampaignEntry){
			"units":         func(e *CampaignEntry) { e.Units = []string{"nowhere"} },
			"comparison":    func(e *CampaignEntry) { e.Comparison = []string{"east"} },
			"tool":          func(e *CampaignEntry) { e.Tool = "abacus" },
			"cost.currency": func(e *CampaignEntry) { e.Cost.Currency = "" },
		} {
			e := wikiTraining()
			e.ID = "refused"
			change(&e)
			_, err := s.EnterCampaign(t.Context(), "Ada", e)
			require.Equal(t, field, adoption.Public(err).Field, "%v", err)
		}
		_, err := s.Ledger().Latest(t.Context(), ledger.Campaign, "refused")
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	})
}
