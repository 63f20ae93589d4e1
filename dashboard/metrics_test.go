package dashboard

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMetricsPassPromtool(t *testing.T) {
	r := newRig(t, nil)
	resp, body := r.visitor().get("/metrics", "Authorization", "Bearer metrics-token")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	check := exec.Command("promtool", "check", "metrics")
	check.Stdin = strings.NewReader(body)
	said, err := check.CombinedOutput()
	assert.NoError(t, err, string(said))
	assert.Empty(t, string(said))

	for _, want := range []string{`uptake_adoption_rate{tool="all",unit="company"} 0.6935483870967742`, `uptake_active_people{tool="all",unit="sales",window_days="28"} 40`,
		`uptake_headcount_people{unit="sales"} 42`, `uptake_figures_scrape_error 0`, `uptake_figures_demo 1`, `uptake_engagement_score{tool="chat",unit="engineering"}`} {
		says(t, body, want)
	}
	assert.NotContains(t, body, `unit="legal"} 0.`, "three people are no sample")
	assert.NotRegexp(t, `uptake_(adoption_rate|active_people)\{[^}]*unit="(legal|board-office)"`, body)
}

func TestMetricsNeedATokenButNotOnTheirOwnAddress(t *testing.T) {
	r := emptyRig(t, nil)
	for token, want := range map[string]int{"metrics-token": 200, "reader-token": 200, "wrong": 401} {
		resp, _ := r.visitor().get("/metrics", "Authorization", "Bearer "+token)
		assert.Equal(t, want, resp.StatusCode, token)
	}
	resp, _ := r.visitor().get("/metrics")
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	resp, _ = r.signedIn().get("/metrics")
	assert.Equal(t, http.StatusOK, resp.StatusCode)

	own := httptest.NewServer(r.d.MetricsHandler())
	defer own.Close()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, own.URL, nil)
	require.NoError(t, err)
	resp, body := r.visitor().do(req)
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	says(t, body, `uptake_http_requests_total{method="GET",route="/metrics",status="401"}`)
}

func TestMetricsKeepTheLastGoodFigures(t *testing.T) {
	r := newRig(t, nil)
	scrape := func() string {
		resp, body := r.visitor().get("/metrics", "Authorization", "Bearer metrics-token")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		return body
	}
	const rate = `uptake_adoption_rate{tool="all",unit="company"} 0.6935483870967742`
	says(t, scrape(), rate)
	require.NoError(t, r.company.Load().DB.Exec(context.Background(), "RENAME TABLE kpi_use TO gone"))
	r.now.Add(int64(gaugesFresh) / 2)
	says(t, scrape(), "uptake_figures_scrape_error 0", "the cached answer is still fresh")
	r.now.Add(int64(gaugesFresh))
	body := scrape()
	says(t, body, "uptake_figures_scrape_error 1")
	says(t, body, rate, "the last good value stays")

	r.company.Store(r.real)
	body = scrape()
	assert.NotContains(t, body, rate, "the demo's figures never pass for the company's")
	says(t, body, "uptake_figures_demo 0")
}

func TestInventedMethodsMakeNoSeries(t *testing.T) {
	r := emptyRig(t, nil)
	for _, method := range []string{"PROPFIND", "XYZZY"} {
		r.visitor().do(r.visitor().request(method, "/healthz", nil))
	}
	_, body := r.visitor().get("/metrics", "Authorization", "Bearer metrics-token")
	assert.NotContains(t, body, "XYZZY")
	says(t, body, `method="other"`)
}
