package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
	"uptake/value/worth"
)

const storyScenario = `{"id":"chat-for-all","name":"Chat for all","scenario":"full_adoption","tool":"chat","from":"2026-10-25","to":"2026-11-21","assumptions":1,"reason":"for the board"}`

// By hand, with the figures and the version of valueOverHTTP. A seat costs 60 € a year: 60 ÷ 46 ÷ 60 × 60 ÷ 0.5 ÷ 0.4 = 6.52 minutes a
// week. Each of 275 people spends a minute in chat on each of 20 workdays: 5,500 minutes, 91.67 hours, at 60 € 5,500. 15,400
// came of it, and net cash is 1,495.89, IT 1,104.66: the sum is 10,291.23, and it is 0 where (15,400 − 10,291.23) ÷
// 15,400 = 0.3317 of the minutes are saved. With everybody active, use grows by 275 ÷ active.
func valueInDepthOverHTTP(t *testing.T, c *checker, v *visitor) {
	read := func(path string, into any) {
		status, asked, body := c.get(v, "/api/v1/value/"+path)
		require.Equal(t, http.StatusOK, status, body)
		require.True(t, asked, path)
		require.NoError(t, json.Unmarshal([]byte(body), into))
	}
	var even query.BreakEvenAnswer
	read("break-even?tool=chat", &even)
	require.Len(t, even.BreakEvens, 1)
	require.InDelta(t, 60.0/46/60*60/0.5/0.4, *even.BreakEvens[0].Minutes.P50, 1e-9)

	var spent query.TimeAnswer
	read("time?tool=chat", &spent)
	require.InDelta(t, 5_500.0/60, spent.Time.Hours, 1e-9)
	require.InDelta(t, 5_500, *spent.Time.TimeCost.P50, 1e-6)
	require.InDelta(t, 10_291.23, *spent.Time.Sum.P50, 0.011)
	require.InDelta(t, 0.3317, *spent.Time.SignChanges.P50, 1e-4)
	require.Equal(t, worth.WorthIt, spent.Time.Verdict)

	var tornado query.TornadoAnswer
	read("tornado?tool=chat&figure=npv", &tornado)
	require.Empty(t, tornado.Tornado.Bars, "everything is sure")
	read("tornado?assumptions=0&figure=capacity_value&tool=chat", &tornado)
	require.NotEmpty(t, tornado.Tornado.Bars)
	require.Equal(t, uint64(0), tornado.Version)
	for _, bar := range tornado.Tornado.Bars {
		require.NotNil(t, bar.AtLow)
		require.InDelta(t, *bar.AtHigh-*bar.AtLow, bar.Change, 1e-6)
	}

	for from, field := range map[string]string{`"assumptions":1`: "assumptions", `"full_adoption"`: "scenario", `"Chat for all"`: "name", `"2026-11-21"`: "from", `"tool":"chat"`: "tool"} {
		to := map[string]string{"assumptions": `"assumptions":5`, "scenario": `"half"`, "name": `" "`, "from": `"2026-10-01"`, "tool": `"tool":"fax"`}[field]
		status, _, body := c.post(v, "/api/v1/value/scenarios", "editor-token", strings.Replace(storyScenario, from, to, 1))
		require.GreaterOrEqual(t, status, 400, field)
		require.Contains(t, body, `"field":"`+field+`"`)
	}
	status, _, body := c.post(v, "/api/v1/value/scenarios", "reader-token", storyScenario)
	require.Equal(t, http.StatusForbidden, status, body)
	status, asked, body := c.post(v, "/api/v1/value/scenarios", "editor-token", storyScenario)
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	status, _, body = c.post(v, "/api/v1/value/scenarios", "editor-token", storyScenario)
	require.Equal(t, http.StatusConflict, status, body)

	var scenarios query.ScenariosAnswer
	read("scenarios?tool=chat", &scenarios)
	require.Len(t, scenarios.Saved, 1)
	require.Equal(t, "Ada", scenarios.Saved[0].Author)
	require.Equal(t, "company", scenarios.Saved[0].Unit)
	require.Len(t, scenarios.Scenarios, 4)
	now, full, off := scenarios.Scenarios[0], scenarios.Scenarios[2], scenarios.Scenarios[3]
	require.InDelta(t, 1_283.33, *now.Value.Hours.P50, 0.011)
	require.InDelta(t, 1, *full.Adoption, 1e-9)
	require.InDelta(t, 1_283.3333 / *now.Adoption, *full.Value.Hours.P50, 0.01)
	require.InDelta(t, 0, *off.Value.Hours.P50, 0)

	for path, want := range map[string]int{"tornado?unit=legal&tool=chat": 404, "break-even?unit=legal": 404, "time?unit=board-office&tool=chat": 404,
		"scenarios?unit=nowhere": 404, "tornado?figure=luck": 400, "time?children=1": 400} {
		status, _, body := c.get(v, "/api/v1/value/"+path)
		require.Equal(t, want, status, "%s: %s", path, body)
	}
}
