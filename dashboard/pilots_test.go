package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/query"
	"uptake/value/pilot"
)

// post publishes as a bearer of a token, and demands an answer that the document allows.
func (c *checker) post(v *visitor, path, token, body string) (status int, wellAsked bool, answer string) {
	c.t.Helper()
	request := func() *http.Request {
		req := v.request(http.MethodPost, path, strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		return req
	}
	resp, answer := v.do(request())
	asked, answered := c.check(request(), resp.StatusCode, resp.Header, []byte(answer))
	require.NoError(c.t, answered, "%s answered %d %.500s", path, resp.StatusCode, answer)
	return resp.StatusCode, asked == nil, answer
}

// A pilot of the made-up company: sales, engineering and a plant took part from 12 October to 8 November.
const storyPilot = `{"id":"chat-autumn","name":"Chat in autumn","tool":"chat","treated":["sales","engineering","plant-north"],
	"comparison":["legal","board-office","plant-south"],"start":"2026-10-12","end":"2026-11-08",
	"outcome":{"metric":"weekly_active","success":0.1},"reason":"asked for by the board"}`

func TestPilotsOverHTTP(t *testing.T) {
	c := newChecker(t)
	r := newRig(t, nil)
	shown := r.company.Load()
	now := storyNow
	clock := newCompany(shown.DB, shown.Demo, func() time.Time { return now })
	r.company.Store(clock)
	v := r.visitor()

	now = time.Date(2026, 10, 9, 9, 0, 0, 0, time.UTC)
	for token, status := range map[string]int{"reader-token": 403, "nobody": 401} {
		got, _, _ := c.post(v, "/api/v1/pilots", token, storyPilot)
		require.Equal(t, status, got)
	}
	for from, to := range map[string]string{`"start":"2026-10-12"`: `"start":"2026-10-09"`, `"chat-autumn"`: `"Chat"`, `"reason":`: `"why":`, `"success":0.1`: `"success":"10 %"`} {
		require.Contains(t, storyPilot, from)
		status, _, body := c.post(v, "/api/v1/pilots", "editor-token", strings.Replace(storyPilot, from, to, 1))
		require.Equal(t, http.StatusBadRequest, status, body)
	}
	for _, taken := range []string{"withdrawals", "match"} { // addresses of their own stand there
		status, _, body := c.post(v, "/api/v1/pilots", "editor-token", strings.Replace(storyPilot, "chat-autumn", taken, 1))
		require.Equal(t, http.StatusBadRequest, status, body)
		require.Contains(t, body, `"field":"id"`)
		require.Contains(t, body, taken)
	}
	status, asked, body := c.post(v, "/api/v1/pilots", "editor-token", storyPilot)
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	var a query.PilotAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &a))
	require.Equal(t, "Ada", a.Author)
	require.Equal(t, pilot.Waiting, a.Judgement.State)
	status, _, body = c.post(v, "/api/v1/pilots", "editor-token", storyPilot)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "Ada wrote revision 1 on 2026-10-09 at 09:00:00 UTC")

	status, _, _ = c.post(v, "/api/v1/pilots", "editor-token", strings.Replace(storyPilot, "chat-autumn", "chat-again", 1))
	require.Equal(t, http.StatusCreated, status)
	const withdrawal = `{"id":"chat-again","based":1,"reason":"once is enough"}`
	for _, one := range []struct {
		token, body string
		want        int
	}{{"reader-token", withdrawal, 403}, {"editor-token", `{"id":"chat-again","based":1}`, 400}, {"editor-token", withdrawal, 201}, {"editor-token", withdrawal, 409}} {
		status, asked, body = c.post(v, "/api/v1/pilots/withdrawals", one.token, one.body)
		require.Equal(t, one.want, status, body)
		require.Equal(t, one.want != 400, asked)
	}

	now = storyNow
	for path, status := range map[string]int{"/api/v1/pilots": 200, "/api/v1/pilots/chat-again": 200, "/api/v1/pilots/chat-autumn": 200, "/api/v1/pilots/nothing": 404,
		"/api/v1/pilots/match?units=sales,engineering&tool=chat": 200, "/api/v1/pilots/match?units=nowhere": 404, "/api/v1/pilots/match?units=sales,sales": 400} {
		got, asked, body := c.get(v, path)
		require.Equal(t, status, got, "%s: %s", path, body)
		require.True(t, asked, path)
	}
	status, asked, _ = c.get(v, "/api/v1/pilots/match")
	require.Equal(t, http.StatusBadRequest, status)
	require.False(t, asked)
	_, _, body = c.get(v, "/api/v1/pilots/chat-autumn")
	require.NoError(t, json.Unmarshal([]byte(body), &a))
	require.NotNil(t, a.Frozen)
	require.Equal(t, pilot.NotJudged, a.Judgement.Finding, a.Judgement.Verdict)

	const campaign = `{"id":"autumn","name":"Autumn","kind":"marketing","tool":"chat","units":["sales"],"comparison":["engineering"],"start":"2026-09-07","end":"2026-09-20","cost":{"amount":500,"currency":"EUR"}}`
	status, asked, body = c.post(v, "/api/v1/campaigns", "editor-token", campaign)
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	status, _, _ = c.post(v, "/api/v1/campaigns", "reader-token", campaign)
	require.Equal(t, http.StatusForbidden, status)
	status, _, body = c.post(v, "/api/v1/campaigns", "editor-token", strings.Replace(campaign, `,"currency":"EUR"`, "", 1))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, body, `"field":"cost.currency"`)
	_, pdf := v.get("/reports/campaigns.pdf", "Authorization", "Bearer reader-token")
	says(t, strings.Join(pagesOf(t, pdf), "\n"), "used it for the first time")
	for path, status := range map[string]int{"/api/v1/campaigns": 200, "/api/v1/campaigns/autumn": 200, "/api/v1/campaigns/spring": 404} {
		got, _, body := c.get(v, path)
		require.Equal(t, status, got, "%s: %s", path, body)
	}
}
