package dashboard

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/dashboard/chart"
	"uptake/query"
)

// Weeks that end on the Sundays 15, 22 and 29 November 2026: what was done from 9 to 15 November stands before the first, and so on.
func TestMarksStandBeforeTheirWeek(t *testing.T) {
	d := emptyRig(t, nil).english()
	day := func(text string) adoption.Day { return must(adoption.ParseDay(text)) }
	ends := []adoption.Day{day("2026-11-15"), day("2026-11-22"), day("2026-11-29")}
	marks, lines, byWeek := d.courseMarks(ends, []query.Event{{Day: day("2026-11-08"), Kind: "launch", Name: "Too early"}, {Day: day("2026-11-09"), Kind: "policy", Name: "Mail on Fridays"},
		{Day: day("2026-11-23"), Kind: query.EventPilot, Name: "Chat"}, {Day: day("2026-11-29"), Kind: query.EventStage, Name: "buy_in", Tool: "Team Chat", Unit: "Sales"}, {Day: day("2026-11-30"), Kind: "other", Name: "Too late"}})
	require.Equal(t, []chart.Mark{{Index: 0, Label: "1"}, {Index: 2, Label: "2, 3"}}, marks)
	require.Equal(t, []string{"1 · 9" + nbsp + "Nov" + nbsp + "2026: Changed policy, Mail on Fridays", "2 · 23" + nbsp + "Nov" + nbsp + "2026: Pilot, Chat", "3 · 29" + nbsp + "Nov" + nbsp + "2026: Team Chat in Sales, stage " + d.stageName("buy_in")}, lines)
	require.Equal(t, map[int]string{0: "Changed policy, Mail on Fridays", 2: "Pilot, Chat; Team Chat in Sales, stage " + d.stageName("buy_in")}, byWeek)
}
