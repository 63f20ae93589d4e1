package dashboard

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

var inlineCode = regexp.MustCompile(`(?i)<style|\sstyle=|<script(?:\s+[^>]*)?>\s*[^<\s]|\son[a-z]+=|javascript:`)

// Every page: found, small, private, without a line of inline style or script, and wholly filled in.
func TestPagesAreSmallPrivateAndStrict(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	for _, path := range []string{"/", "/?tool=chat", "/?tool=notepad", "/?to=2026-11-22", "/?to=2026-06-30", "/?to=2025-01-01", "/units", "/tools", "/tools?to=2026-06-30", "/tools/chat", "/tools/notepad", "/collaboration", "/collaboration?tool=chat", "/collaboration?unit=production", "/collaboration?to=2025-01-01", "/units/production", "/units/production?tool=chat&to=2026-09-30",
		"/units/sales", "/units/legal", "/units/company.rest", "/units/unassigned", "/figures/adoption_rate", "/figures/active_28?unit=sales", "/figures/engagement_score",
		"/figures/stickiness?tool=mail", "/figures/active_not_enabled", "/figures/adoption_rate?unit=legal", "/trust"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
		says(t, body, "Demo company: a manufacturer of 300.", path)
	}
	for path, want := range map[string]int{"/nowhere": 404, "/units/no-such-unit": 404, "/?tool=no-such-tool": 404, "/tools/no-such-tool": 404, "/collaboration?unit=no-such-unit": 404, "/collaboration?to=yesterday": 400, "/?to=yesterday": 400, "/figures/no_such_figure": 404, "/sign-in": 303} {
		resp, body := v.get(path)
		assert.Equal(t, want, resp.StatusCode, path)
		if want != http.StatusSeeOther {
			assertStrict(t, path, resp, body)
			says(t, body, "Go to the overview", path)
		}
	}
}

func assertStrict(t *testing.T, path string, resp *http.Response, body string) {
	t.Helper()
	assert.Less(t, len(body), 300_000, "%s is too heavy", path)
	kept := "private, no-store"
	if resp.StatusCode == http.StatusOK { // by the reader's browser alone, which asks each time
		kept = "private, no-cache"
		assert.NotEmpty(t, resp.Header.Get("ETag"), path)
	}
	assert.Equal(t, kept, resp.Header.Get("Cache-Control"), path)
	assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"), path)
	assert.Equal(t, "same-origin", resp.Header.Get("Referrer-Policy"), path)
	policy := resp.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'", path)
	assert.Contains(t, policy, "frame-ancestors 'none'", path)
	assert.NotContains(t, policy, "unsafe", path)
	assert.Empty(t, inlineCode.FindAllString(body, 3), "%s has inline style or script", path)
	assert.NotRegexp(t, regexp.MustCompile(`\[[a-z_]+\.[a-z_.]+\]|<no value>|%!|\{[a-z_]+\}|NaN|\bInf\b`), body, "%s is not filled in", path)
}

func TestOverviewTellsTheStory(t *testing.T) {
	v := newRig(t, nil).signedIn()
	_, body := v.get("/")
	for _, want := range []string{"Adoption rose to 69 % (+14 points", "215 of 310 people", "69.4", "better", "Production", "Sales", "fewer than 5 people", "Small groups of Company", "What needs a decision",
		"14 people of Production use Chat without recorded access", `href="/figures/adoption_rate"`, `href="/units/sales"`, "Show as a table"} {
		says(t, body, want)
	}
	assert.NotContains(t, body, "legal.rest")
	_, tools := v.get("/tools?to=2026-11-21")
	for _, want := range []string{"5 tools are in use; the most used is Chat, by 182 people", `href="/tools/chat?to=2026-11-21"`, "275 have access", "chat-feed"} {
		says(t, tools, want)
	}
	_, tool := v.get("/tools/chat")
	says(t, tool, "Adoption of Chat")
	says(t, tool, `href="/tools?tool=chat" aria-current="page"`)
	// Sales has 42 people, marketing 16: 42 · 16 ÷ 40 = 16.8 a workday in the first tool, a half and a third of it in the
	// others: 17 + 8 + 6 = 31, on 20 workdays 620, both ways 1,240.
	_, page := v.get("/collaboration")
	for _, want := range []string{"of all interactions cross from one unit to another", "Marketing and Sales exchange", "1,240 interactions", `<td class="n s1">620</td>`,
		"Production: 97 % of its 7,880 interactions stay inside", "−0.95", "fewer than 5 people", `href="/collaboration" aria-current="page"`} {
		says(t, page, want)
	}
	for _, kind := range []string{"matrix.csv", "matrix.xlsx", "exchange.csv", "n.png"} {
		resp, file := v.get("/collaboration?save=" + kind)
		assert.Equal(t, http.StatusOK, resp.StatusCode, kind)
		assert.NotEmpty(t, file, kind)
	}
	_, hidden := v.get("/collaboration?unit=legal")
	says(t, hidden, "The interactions of this unit are not shown")
	_, before := v.get("/collaboration?to=2025-01-01")
	says(t, before, "There are no interactions between units to show")
	_, gap := v.get("/?to=2026-09-20")
	says(t, gap, "Data is missing for 2 days")
	_, unit := v.get("/units/production?tool=chat")
	for _, want := range []string{"Plant North", "105 have access", `value="chat" selected`, `href="/units/plant-north?tool=chat"`} {
		says(t, unit, want)
	}
}

func TestFigureOpens(t *testing.T) {
	r := newRig(t, nil)
	_, body := r.signedIn().get("/figures/adoption_rate?unit=sales&to=2026-11-21")
	for _, want := range []string{"÷ people with access", "40 ÷ 42 = 95.2 %", "active_28", "24 Oct 2026", "chat-feed", "Counted, not estimated.", `href="/units/sales?to=2026-11-21"`, `name="unit" value="sales"`} {
		says(t, body, want)
	}
}

func TestDemoIsLeftWithOneClick(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	resp, _ := v.post("/demo/leave", nil)
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, body := v.get("/")
	assert.NotContains(t, body, "Demo company")
	says(t, body, "Nothing has arrived yet")
	says(t, body, "curl http://127.0.0.1:8080/v1/events")
	says(t, body, "bin/uptake token create --source first --directory")
	says(t, body, "bin/uptake import people people.csv")
	says(t, body, "2026-11-22T08:00:00Z")
	_, body = v.get("/collaboration")
	says(t, body, "There are no interactions between units to show")
	_, body = v.get("/tools")
	says(t, body, "No tool has told anything yet")
}

func TestOneFailedQuestionLeavesThePageStanding(t *testing.T) {
	r := newRig(t, nil)
	company := r.company.Load()
	require.NoError(t, company.DB.Exec(context.Background(), "RENAME TABLE kpi_week TO gone"))
	resp, body := r.signedIn().get("/units/sales")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	says(t, body, "This part could not be shown")
	says(t, body, "Leave the demo")
	assert.NotContains(t, body, "kpi_week", "what failed inside stays inside")
	assertStrict(t, "/units/sales", resp, body)

	p := r.english().parts(context.Background())
	good := get(p, "good", func(context.Context) (string, error) { return "figures", nil })
	bad := get(p, "bad", func(context.Context) (string, error) { return "", errors.New("password=hunter2") })
	slow := get(p, "slow", func(context.Context) (string, error) { return "", context.DeadlineExceeded })
	odd := get(p, "odd", func(context.Context) (string, error) { panic("odd") })
	told := get(p, "told", func(context.Context) (string, error) {
		return "", &adoption.Error{Code: adoption.Unavailable, Message: "Ask again."}
	})
	p.wait()
	assert.Equal(t, "figures", good.View)
	assert.Empty(t, good.Failed)
	assert.Contains(t, bad.Failed, "failed inside Uptake")
	assert.NotContains(t, bad.Failed, "hunter2")
	assert.Contains(t, slow.Failed, "too long")
	assert.Contains(t, odd.Failed, "failed inside Uptake")
	assert.Equal(t, "Ask again.", told.Failed)
}

func TestPanicsBecomeAnswers(t *testing.T) {
	r := emptyRig(t, func(c *Config) { c.LeaveDemo = func(context.Context) error { panic("boom") } })
	resp, body := r.signedIn().post("/demo/leave", nil)
	assert.Equal(t, http.StatusInternalServerError, resp.StatusCode)
	says(t, body, "Something failed inside Uptake")
	assert.NotContains(t, body, "boom")
}

func TestAssetsAreKeptForEver(t *testing.T) {
	r := emptyRig(t, nil)
	v := r.visitor()
	for name, address := range r.d.assets.names {
		resp, body := v.get(address)
		assert.Equal(t, http.StatusOK, resp.StatusCode, name)
		assert.Equal(t, "public, max-age=31536000, immutable", resp.Header.Get("Cache-Control"), name)
		assert.NotEmpty(t, body)
	}
	resp, _ := v.get("/assets/app.css")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode, "only under the name that holds the hash")
	resp, _ = v.get("/assets/..%2fmessages%2fen.json")
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestAnswersAreCompressed(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	req := v.request(http.MethodGet, "/", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	resp, body := v.do(req)
	assert.Equal(t, "gzip", resp.Header.Get("Content-Encoding"))
	assert.Contains(t, resp.Header.Get("Vary"), "Accept-Encoding")
	assert.Less(t, len(body), 60_000)
	req = v.request(http.MethodHead, "/", nil)
	resp, body = v.do(req)
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Empty(t, body)
}

func TestLoadingShowsHowFarItIs(t *testing.T) {
	r := emptyRig(t, func(c *Config) {
		c.Working = func() Work { return Work{What: DemoWork, Done: 30, Total: 120, Since: storyNow} }
	})
	_, body := r.signedIn().get("/")
	says(t, body, "The demo company is being made: 25"+nbsp+"%.")
	says(t, body, `<progress`)
	says(t, body, `http-equiv="refresh"`)
}
