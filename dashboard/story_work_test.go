package dashboard

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// work says what the people of the story do on a workday: of each tool, as many times as they are, three contributions, of
// which two count, a response, four views and a minute. Two of the three are posts, the third is an edit that a bot brings.
func (s *story) work() {
	known := func(f func(day adoption.Day, unit, tool string, people uint64)) {
		s.days(func(day adoption.Day, ago int) {
			if weekday := day.Weekday(); ago > 60 || weekday == time.Saturday || weekday == time.Sunday {
				return
			}
			for _, u := range storyUnits {
				for _, tool := range storyTools {
					if people := uint64(math.Round(u.people * hasAccess(u, tool))); people > 0 {
						f(day, u.id, tool.id, people)
					}
				}
			}
		})
	}
	s.into("kpi_work (day, run, unit, tool, contribute, respond, consume, counted_contribute, counted_respond, counted_consume, seconds)", func(add func(...any)) {
		known(func(day adoption.Day, unit, tool string, n uint64) {
			add(day.Time(), storyRun, unit, tool, 3*n, n, 4*n, 2*n, n, 4*n, 60*n)
		})
	})
	s.into("kpi_action (day, run, unit, tool, action, class, source, quantity)", func(add func(...any)) {
		known(func(day adoption.Day, unit, tool string, n uint64) {
			add(day.Time(), storyRun, unit, tool, "post", "contribute", tool+"-feed", 2*n)
			add(day.Time(), storyRun, unit, tool, "edit", "contribute", "bot", n)
			add(day.Time(), storyRun, unit, tool, "reply", "respond", tool+"-feed", n)
			add(day.Time(), storyRun, unit, tool, "view", "consume", tool+"-feed", 4*n)
		})
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		s.days(func(day adoption.Day, _ int) {
			add("kpi_work", day.Time(), storyRun)
			add("kpi_action", day.Time(), storyRun)
		})
	})
}

// From the figure down to the counts, over HTTP. The week of 9 November has five workdays. Sales has 42 people with
// access to the chat: 5 · 42 · 3 = 630 contributions, of which 5 · 42 · 2 = 420 count and are posts; 210 responses, 840
// views, 5 · 42 · 60 s = 12,600 s. Legal (3) and the board office (4) are too few and stand in the rest: 7 people, 105.
func TestFromAFigureDownToTheCounts(t *testing.T) {
	v := newRig(t, nil).visitor()
	ask := func(params string) (rows []query.ActionsRow) {
		resp, body := v.get("/api/v1/actions?from=2026-11-09&to=2026-11-15&"+params, "Authorization", "Bearer reader-token")
		require.Equal(t, http.StatusOK, resp.StatusCode, body)
		var answer query.ActionsAnswer
		require.NoError(t, json.Unmarshal([]byte(body), &answer))
		return answer.Rows
	}
	week := ask("unit=sales&tool=chat")[0]
	assert.EqualValues(t, []uint64{630, 420, 210, 840, 1680, 12_600}, []uint64{*week.Contribute, *week.CountedContribute, *week.Respond, *week.Consume, *week.Quantity, *week.Seconds})
	assert.Equal(t, 7, week.Days)
	days := ask("unit=sales&tool=chat&grain=day&by=source")
	require.Len(t, days, 7)
	assert.Equal(t, []query.ActionPart{
		{Class: "contribute", Action: "edit", Source: "bot", Quantity: 42}, {Class: "contribute", Action: "post", Source: "chat-feed", Quantity: 84},
		{Class: "respond", Action: "reply", Source: "chat-feed", Quantity: 42}, {Class: "consume", Action: "view", Source: "chat-feed", Quantity: 168},
	}, days[2].Parts)
	assert.Equal(t, []query.ActionPart{}, days[6].Parts, "a Sunday")
	units := map[string]query.ActionsRow{}
	for _, row := range ask("tool=chat&children=1&by=action") {
		units[row.Unit] = row
	}
	assert.Equal(t, "company.rest", units["legal"].ShownIn)
	assert.Nil(t, units["legal"].Quantity)
	assert.Nil(t, units["legal"].Parts)
	assert.EqualValues(t, 105, *units["company.rest"].Contribute)
	assert.Len(t, ask("unit=sales"), len(storyTools), "a row a tool")
}
