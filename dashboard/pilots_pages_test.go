package dashboard

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query"
)

// A pilot is registered with a form before it begins, judged on a page after its end; a campaign is entered, and its page says no
// more than came with it. The pages say what the API answers.
func pilotsOnPages(t *testing.T, r *rig, v *visitor) {
	shown := r.company.Load()
	t.Cleanup(func() { r.company.Store(shown) })
	now := time.Date(2026, 10, 9, 9, 0, 0, 0, time.UTC)
	r.company.Store(newCompany(shown.DB, shown.Demo, func() time.Time { return now }))
	strict := func(path string) string {
		t.Helper()
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
		return body
	}
	says(t, strict("/pilots"), "No pilot is registered yet")
	says(t, strict("/campaigns"), "No campaign is entered yet")
	for _, path := range []string{"/pilots/nothing", "/campaigns/nothing"} {
		resp, _ := v.get(path)
		require.Equal(t, http.StatusNotFound, resp.StatusCode, path)
	}
	form := func() url.Values {
		return url.Values{"name": {"Chat in autumn"}, "tool": {"chat"}, "units": {"sales", "engineering", "plant-north"}, "comparison": {"legal", "board-office", "plant-south"}, "start": {"2026-10-12"}, "end": {"2026-11-08"},
			"metric": {"weekly_active"}, "success": {"10"}, "reason": {"asked for by the board"}}
	}
	for field, text := range map[string]string{"start": "2026-10-09", "success": "much", "end": "soon", "weeks_before": "2", "tool": "fax"} {
		wrong := form()
		wrong.Set(field, text)
		resp, body := v.post("/pilots", wrong)
		require.GreaterOrEqual(t, resp.StatusCode, 400, field)
		assertStrict(t, field, resp, body)
		says(t, body, "Nothing was written", field)
		says(t, body, `value="Chat in autumn"`, "what was typed stands there still")
	}
	resp, _ := v.post("/pilots", form())
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	require.Equal(t, "/pilots/chat-in-autumn", resp.Header.Get("Location"))
	says(t, strict("/pilots/chat-in-autumn"), "No verdict before the end on 8 Nov 2026")
	says(t, strict("/pilots"), "registered")

	now = storyNow
	var a query.PilotAnswer
	_, text := v.get("/api/v1/pilots/chat-in-autumn")
	require.NoError(t, json.Unmarshal([]byte(text), &a))
	require.InDelta(t, 0.1, a.Plan.Outcome.Success, 1e-12, "ten points")
	page := strict("/pilots/chat-in-autumn")
	says(t, page, a.Judgement.Verdict, "the record")
	says(t, page, r.english().words.text("pilots.finding."+string(a.Judgement.Finding)))
	says(t, page, a.Judgement.Reason)
	hidden := 0
	for _, m := range a.Judgement.Members {
		if m.LeftOut != "" {
			hidden++
			says(t, page, m.LeftOut)
		}
	}
	require.Positive(t, hidden, "legal and the board office are too small")
	assert.NotContains(t, page, "c-span", "nothing is estimated of one unit")

	offered := form()
	offered.Set("name", "Mail in winter")
	offered.Set("tool", "mail")
	offered.Set("start", "2026-11-30")
	offered.Set("end", "2027-01-17")
	offered.Del("comparison")
	resp, body := v.post("/pilots", offered)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode, readable(body))
	says(t, strict("/pilots/mail-in-winter"), "How the units compared with were chosen")
	resp, body = v.post("/pilots/mail-in-winter/withdraw", url.Values{"based": {"1"}, "reason": {" "}})
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "Say why it is withdrawn")
	resp, _ = v.post("/pilots/mail-in-winter/withdraw", url.Values{"based": {"1"}, "reason": {"no budget"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	page = strict("/pilots/mail-in-winter")
	says(t, page, "withdrew this pilot")
	assert.NotContains(t, page, "/withdraw", "once is enough")
	resp, _ = v.post("/pilots/chat-in-autumn/withdraw", url.Values{"based": {"1"}, "reason": {"does not please"}})
	require.Equal(t, http.StatusConflict, resp.StatusCode, "it has begun")
	says(t, page, "no budget")
	says(t, strict("/pilots"), "withdrawn")

	campaign := url.Values{"name": {"Launch of chat"}, "kind": {"launch"}, "tool": {"chat"}, "units": {"sales", "engineering", "plant-north"}, "comparison": {"plant-south"}, "start": {"2026-09-07"}, "end": {"2026-09-20"}, "amount": {"5000"}, "currency": {"euro"}}
	resp, body = v.post("/campaigns", campaign)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "three capital letters")
	campaign.Set("currency", "EUR")
	resp, _ = v.post("/campaigns", campaign)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	var c query.CampaignAnswer
	_, text = v.get("/api/v1/campaigns/launch-of-chat")
	require.NoError(t, json.Unmarshal([]byte(text), &c))
	page = strict("/campaigns/launch-of-chat")
	says(t, page, "only a pilot that was registered before can tell")
	if cost := c.Result.PerPerson.Activated.Cost; cost != nil {
		says(t, page, r.english().worthText(*cost, inMoney, "EUR"))
	}
	says(t, strict("/campaigns"), "5,000 EUR")
	page = strict("/")
	says(t, page, "1 · 7 Sep 2026: Launch, Launch of chat", "the course bears a mark of it")
	says(t, page, "2 · 12 Oct 2026: Pilot, Chat in autumn")
	assert.Regexp(t, `class="c-mark"[^>]*/><text class="c-axis"[^>]*>2</text>`, page)
	assert.NotContains(t, page, "Mail in winter", "a pilot that was withdrawn was none")
	says(t, strict("/units/sales"), "2 · 12 Oct 2026: Pilot, Chat in autumn")
	for _, other := range []string{"/units/marketing", "/units/plant-south", "/?tool=mail"} { // not reached, only compared with, another tool
		assert.NotContains(t, strict(other), "c-mark", other)
	}
	for _, pack := range []string{"board-pack", "campaigns"} { // with a pilot that was judged, one that was withdrawn, and a campaign
		_, pdf := v.get("/reports/"+pack+".pdf", "Accept-Language", "de")
		pages := pagesOf(t, pdf)
		readsGerman(t, pages)
		require.Contains(t, strings.Join(pages, ""), map[string]string{"board-pack": "zurückgezogen", "campaigns": "es zum ersten Mal"}[pack])
	}
	resp, _ = r.visitor().post("/campaigns", campaign)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	require.Contains(t, resp.Header.Get("Location"), "/sign-in")
}
