package query

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/value/campaign"
	"uptake/value/pilot"
)

// BenchmarkPilots measures pilots at bank size: 60 units against 140, 26 weeks before and after; an offer of units; and a
// campaign of 20 units against 60, asked for the first time and again.
func BenchmarkPilots(b *testing.B) {
	c := bankStore(b)
	ctx := context.Background()
	teams := func(from, n int) (all []string) {
		for i := range n {
			all = append(all, fmt.Sprintf("unit-%d", 20+from+i))
		}
		return all
	}
	today := c.Now
	c.Now = func() time.Time { return day("2026-04-30").Time() }
	p := pilot.Plan{ID: "large", Name: "Large", Tool: "tool-3", Treated: teams(0, 60), Comparison: teams(60, 140), Start: day("2026-05-03"), End: day("2026-10-31"),
		Outcome: pilot.Outcome{Metric: "adoption", Success: 0.1}}.Fill()
	push := campaign.Plan{ID: "push", Name: "Push", Kind: "launch", Tool: "tool-3", Units: teams(0, 20), Comparison: teams(20, 60), Start: day("2026-08-10"), End: day("2026-08-23")}
	_, err := c.EnterCampaign(ctx, "Ada", CampaignEntry{Plan: push})
	require.NoError(b, err)
	c.Now = today
	for _, question := range []struct {
		name string
		ask  func() error
	}{
		{"judge", func() error { _, err := c.judge(ctx, p); return err }},
		{"match", func() error {
			_, err := c.PilotMatch(ctx, MatchQuestion{Units: teams(0, 60), Tool: "tool-3", To: day("2026-10-31")})
			return err
		}},
		{"campaign", func() error { _, err := c.Campaign(ctx, "push"); return err }},
	} {
		for _, when := range []string{"first", "again"} {
			b.Run(question.name+" "+when, func(b *testing.B) {
				for b.Loop() {
					require.NoError(b, question.ask())
				}
			})
		}
	}
}
