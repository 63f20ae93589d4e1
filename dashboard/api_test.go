package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

func TestHealth(t *testing.T) {
	ready := Readiness{Accepting: true, Degraded: []string{"The figures lag behind."}}
	work := Work{}
	r := emptyRig(t, func(c *Config) { c.Ready, c.Working = func() Readiness { return ready }, func() Work { return work } })
	resp, body := r.visitor().get("/healthz")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.JSONEq(t, `{"status":"up"}`, body)
	resp, body = r.visitor().get("/readyz")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.JSONEq(t, `{"accepting":true,"degraded":["The figures lag behind."],"working":null}`, body)
	ready = Readiness{}
	work = Work{What: FiguresWork, Done: 30, Total: 120, Since: storyNow}
	resp, body = r.visitor().get("/readyz")
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	assert.JSONEq(t, `{"accepting":false,"degraded":[],"working":{"what":"figures","done":30,"total":120,"since":"`+storyNow.Format(time.RFC3339)+`"}}`, body)
}

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
		assert.Equal(t, 215.0/310, *companyOn(t, answer, "2026-11-21").AdoptionRate, "rates are not rounded")
		for _, path := range []string{"/api/v1/units", "/api/v1/tools", "/api/v1/trust"} {
			resp, body := v.get(path, header...)
			assert.Equal(t, http.StatusOK, resp.StatusCode, path)
			assert.True(t, json.Valid([]byte(body)), path)
			assert.Contains(t, []string{"private, no-store", "private, no-cache"}, resp.Header.Get("Cache-Control"))
		}
	}
	resp, _ := r.signedIn().get("/api/v1/units")
	assert.Equal(t, http.StatusOK, resp.StatusCode, "a session reads, too")
	resp, _ = r.signedIn().get("/api/v1/units", "Authorization", "Bearer wrong")
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a wrong token is refused, session or not")
	resp, _ = r.visitor().get("/api/v1/units", "Authorization", "Bearer metrics-token")
	assert.Equal(t, http.StatusForbidden, resp.StatusCode, "a metrics token reads metrics alone")
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
	assert.Equal(t, http.StatusInternalServerError, adoption.Code("something new").Status())
	for _, code := range adoption.Codes() {
		assert.True(t, must(loadLanguages()).of(english).words.has("error.title."+string(code)), code)
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
