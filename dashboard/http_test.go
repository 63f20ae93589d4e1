package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
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

func TestEverythingIsBehindTheSignIn(t *testing.T) {
	r := newRig(t, nil)
	v := r.visitor()
	for _, rt := range r.d.routes() {
		path := strings.NewReplacer(":unit", "sales", ":figure", "adoption_rate", ":name", "none.css").Replace(rt.path)
		req := v.request(rt.method, path, nil)
		resp, body := v.do(req)
		switch rt.access {
		case signedIn:
			assert.Equal(t, http.StatusSeeOther, resp.StatusCode, path)
			assert.True(t, strings.HasPrefix(resp.Header.Get("Location"), "/sign-in"), path)
		case mayRead, mayScrape:
			assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, path)
			assert.Contains(t, body, `"code":"unauthorized"`, path)
			assert.NotEmpty(t, resp.Header.Get("WWW-Authenticate"), path)
		}
		assert.NotContains(t, body, "Plant North", path)
	}
	resp, _ := v.get("/units/sales?tool=chat")
	assert.Equal(t, "/sign-in?next="+url.QueryEscape("/units/sales?tool=chat"), resp.Header.Get("Location"))
}

func TestSignInLeadsBackAndNowhereElse(t *testing.T) {
	r := newRig(t, nil)
	resp, _ := r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}, "next": {"/units/sales?tool=chat"}})
	assert.Equal(t, "/units/sales?tool=chat", resp.Header.Get("Location"))
	resp, _ = r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}, "next": {"//evil.example/"}})
	assert.Equal(t, "/", resp.Header.Get("Location"))
}

func TestWrongPasswordsAreCounted(t *testing.T) {
	r := newRig(t, nil)
	v := r.visitor()
	for range signInBurst {
		resp, body := v.post("/sign-in", url.Values{"user": {"admin"}, "password": {"guess"}})
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
		assert.Contains(t, body, "do not match")
		assert.Empty(t, resp.Cookies())
	}
	resp, body := v.post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}})
	assert.Equal(t, http.StatusTooManyRequests, resp.StatusCode, "the right password has to wait, too")
	assert.Equal(t, "12", resp.Header.Get("Retry-After"))
	assert.Contains(t, body, "Too many tries")
	r.now.Add(int64(signInEvery))
	resp, _ = v.post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}})
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
}

func TestSessionEnds(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	r.now.Add(int64(sessionLength))
	resp, _ := v.get("/")
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode, "twelve hours are over")

	v = r.signedIn()
	copied := v.http.Jar.Cookies(must(url.Parse(r.server.URL)))
	resp, _ = v.post("/sign-out", nil)
	assert.Equal(t, "/sign-in", resp.Header.Get("Location"))
	thief := r.visitor()
	thief.http.Jar.SetCookies(must(url.Parse(r.server.URL)), copied)
	resp, _ = thief.get("/")
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode, "a copied cookie is worth nothing after sign-out")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOtherSitesCannotAct(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn()
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		req := v.request(http.MethodPost, "/demo/leave", nil)
		req.Header.Set(header[0], header[1])
		resp, body := v.do(req)
		assert.Equal(t, http.StatusForbidden, resp.StatusCode, header[0])
		assert.Contains(t, body, "nothing was done")
	}
	assert.NotSame(t, r.real, r.company.Load(), "the demo is still shown")
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
	r := newRig(t, func(c *Config) { c.LeaveDemo = func(context.Context) error { panic("boom") } })
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

func TestLongFormsAreRefused(t *testing.T) {
	r := emptyRig(t, nil)
	resp, _ := r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {strings.Repeat("x", maxBody)}})
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a form that is cut signs nobody in")
}

func TestHealth(t *testing.T) {
	ready := Readiness{Accepting: true, Degraded: []string{"The figures lag behind."}}
	r := emptyRig(t, func(c *Config) { c.Ready = func() Readiness { return ready } })
	resp, body := r.visitor().get("/healthz")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.JSONEq(t, `{"status":"up"}`, body)
	resp, body = r.visitor().get("/readyz")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.JSONEq(t, `{"accepting":true,"degraded":["The figures lag behind."]}`, body)
	ready = Readiness{}
	resp, body = r.visitor().get("/readyz")
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.JSONEq(t, `{"accepting":false,"degraded":[]}`, body)
}

func TestConfigTellsAllThatIsMissing(t *testing.T) {
	_, err := New(Config{SessionKey: []byte("short")})
	require.Error(t, err)
	for _, want := range []string{"Company", "Admin", "SessionKey"} {
		assert.ErrorContains(t, err, want)
	}
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

// The API.

func TestAPIAnswersReadersAndSessions(t *testing.T) {
	r := newRig(t, nil)
	for _, v := range []*visitor{r.visitor(), r.signedIn()} {
		header := []string{"Authorization", "Bearer reader-token"}
		resp, body := v.get("/api/v1/adoption?from=2026-11-20&to=2026-11-21&children=1", header...)
		require.Equal(t, http.StatusOK, resp.StatusCode, body)
		var answer query.AdoptionAnswer
		require.NoError(t, json.Unmarshal([]byte(body), &answer))
		assert.Equal(t, 28, answer.WindowDays)
		assert.Equal(t, "company", answer.Rows[0].Unit)
		assert.Equal(t, 0.625, *companyOn(t, answer, "2026-11-21").AdoptionRate, "rates are not rounded") // 190 ÷ 304
		for _, path := range []string{"/api/v1/units", "/api/v1/tools", "/api/v1/trust"} {
			resp, body := v.get(path, header...)
			assert.Equal(t, http.StatusOK, resp.StatusCode, path)
			assert.True(t, json.Valid([]byte(body)), path)
			assert.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"))
		}
	}
	resp, _ := r.signedIn().get("/api/v1/units")
	assert.Equal(t, http.StatusOK, resp.StatusCode, "a session reads, too")
	resp, _ = r.signedIn().get("/api/v1/units", "Authorization", "Bearer wrong")
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a wrong token is refused, session or not")
	resp, _ = r.visitor().get("/api/v1/units", "Authorization", "Bearer metrics-token")
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a metrics token reads metrics alone")
}

func TestAPIErrorsAreOneShape(t *testing.T) {
	r := newRig(t, nil)
	v := r.visitor()
	for path, want := range map[string]struct {
		status      int
		code, field string
	}{
		"/api/v1/adoption?unit=nobody":                     {404, "not_found", "unit"},
		"/api/v1/adoption?tool=nothing":                    {404, "not_found", "tool"},
		"/api/v1/adoption?from=tomorrow":                   {400, "invalid_parameter", "from"},
		"/api/v1/adoption?from=2026-11-02&to=2026-11-01":   {400, "invalid_parameter", "from"},
		"/api/v1/adoption?grain=fortnight":                 {400, "invalid_parameter", "grain"},
		"/api/v1/nothing":                                  {404, "not_found", ""},
		"/api/":                                            {404, "not_found", ""},
		"/api/v1/adoption?unit=%27%3B+DROP+TABLE+units+--": {404, "not_found", "unit"},
	} {
		resp, body := v.get(path, "Authorization", "Bearer reader-token")
		assert.Equal(t, want.status, resp.StatusCode, path)
		assert.True(t, strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json"), path)
		var e errorBody
		require.NoError(t, json.Unmarshal([]byte(body), &e), path)
		assert.Equal(t, adoption.Code(want.code), e.Error.Code, path)
		assert.Equal(t, want.field, e.Error.Field, path)
		assert.NotEmpty(t, e.Error.Message, path)
	}
	resp, body := v.do(v.request(http.MethodPost, "/api/v1/adoption", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, resp.StatusCode)
	assert.Contains(t, body, `"code":"method_not_allowed"`)
	assert.Contains(t, resp.Header.Get("Allow"), http.MethodGet)
}

func TestSlowAnswersAreGivenUp(t *testing.T) {
	r := newRig(t, func(c *Config) { c.PageTimeout = time.Nanosecond })
	resp, body := r.visitor().get("/api/v1/adoption", "Authorization", "Bearer reader-token")
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.Contains(t, body, "too long")
}

func TestEveryCodeHasAStatus(t *testing.T) {
	assert.Equal(t, http.StatusInternalServerError, status("something new"))
	for code := range statusOf {
		assert.True(t, must(loadMessages("en")).has("error.title."+string(code)), code)
	}
}

func companyOn(t *testing.T, answer query.AdoptionAnswer, day string) query.AdoptionRow {
	t.Helper()
	for _, row := range answer.Rows {
		if row.Unit == adoption.Company && row.Date.String() == day {
			return row
		}
	}
	t.Fatalf("there is no row of the company on %s", day)
	return query.AdoptionRow{}
}
