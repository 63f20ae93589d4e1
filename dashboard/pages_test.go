package dashboard

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
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
	for _, path := range []string{"/", "/?tool=chat", "/?tool=notepad", "/?to=2026-11-22", "/?to=2026-06-30", "/?to=2025-01-01", "/units", "/units/production", "/units/production?tool=chat&to=2026-09-30",
		"/units/sales", "/units/legal", "/units/company.rest", "/units/unassigned", "/figures/adoption_rate", "/figures/active_28?unit=sales", "/figures/engagement_score",
		"/figures/stickiness?tool=mail", "/figures/active_not_enabled", "/figures/adoption_rate?unit=legal", "/trust"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
		assert.Contains(t, body, "Demo company: a manufacturer of 300.", path)
	}
	for path, want := range map[string]int{"/nowhere": 404, "/units/no-such-unit": 404, "/?tool=no-such-tool": 404, "/?to=yesterday": 400, "/figures/no_such_figure": 404, "/sign-in": 303} {
		resp, body := v.get(path)
		assert.Equal(t, want, resp.StatusCode, path)
		if want != http.StatusSeeOther {
			assertStrict(t, path, resp, body)
			assert.Contains(t, body, "Go to the overview", path)
		}
	}
}

func assertStrict(t *testing.T, path string, resp *http.Response, body string) {
	t.Helper()
	assert.Less(t, len(body), 300_000, "%s is too heavy", path)
	assert.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"), path)
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
	r := newRig(t, nil)
	_, body := r.signedIn().get("/")
	for _, want := range []string{"190 of 304 people", "62.5", "Production", "Sales", "fewer than 5 people", "Small groups of Company", "What needs a decision",
		"Data is missing for 2", `href="/figures/adoption_rate"`, `href="/units/sales"`, "Show as a table"} {
		assert.Contains(t, strings.ReplaceAll(body, nbsp, " "), want)
	}
	assert.NotContains(t, body, "legal.rest")
	_, unit := r.signedIn().get("/units/production?tool=chat")
	for _, want := range []string{"Plant North", "101 have access", `value="chat" selected`, `href="/units/plant-north?tool=chat"`} {
		assert.Contains(t, unit, want)
	}
}

func TestFigureOpens(t *testing.T) {
	r := newRig(t, nil)
	_, body := r.signedIn().get("/figures/adoption_rate?unit=sales&to=2026-11-21")
	body = strings.ReplaceAll(body, nbsp, " ")
	for _, want := range []string{"÷ people with access", "38 ÷ 42 = 90.5 %", "active_28", "24 Oct 2026", "chat-feed", "Counted, not estimated.", `href="/units/sales?to=2026-11-21"`, `name="unit" value="sales"`} {
		assert.Contains(t, body, want)
	}
}

func TestDemoIsLeftWithOneClick(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	resp, _ := v.post("/demo/leave", nil)
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, body := v.get("/")
	assert.NotContains(t, body, "Demo company")
	assert.Contains(t, body, "Nothing has arrived yet")
	assert.Contains(t, body, "curl http://127.0.0.1:8080/v1/events")
	assert.Contains(t, body, "bin/uptake token create --source first --directory")
	assert.Contains(t, body, "bin/uptake import people people.csv")
	assert.Contains(t, body, "2026-11-22T08:00:00Z")
}

func TestOneFailedQuestionLeavesThePageStanding(t *testing.T) {
	r := newRig(t, nil)
	company := r.company.Load()
	require.NoError(t, company.DB.Exec(context.Background(), "DROP TABLE kpi_week"))
	resp, body := r.signedIn().get("/units/sales")
	assert.Less(t, resp.StatusCode, 600)
	assert.NotContains(t, body, "kpi_week", "what failed inside stays inside")
	assertStrict(t, "/units/sales", resp, body)

	p := r.d.parts(context.Background())
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
	assert.Contains(t, body, "Something failed inside Uptake")
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
		c.Working = func() (string, int64, int64) { return "The demo company is being made", 30, 120 }
	})
	_, body := r.signedIn().get("/")
	assert.Contains(t, body, "The demo company is being made: 25"+nbsp+"%.")
	assert.Contains(t, body, `<progress`)
	assert.Contains(t, body, `http-equiv="refresh"`)
}
