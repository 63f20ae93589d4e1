package cases_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/dashboard"
	"uptake/query"
)

type anyPassword struct{}

func (anyPassword) Check(string, string) bool { return true }

// pages serves a company as the program does.
func (c *company) pages() *httptest.Server {
	c.t.Helper()
	board, err := dashboard.New(dashboard.Config{
		Company: func() *query.Company { return c.query }, Admin: anyPassword{}, SessionKey: []byte("0123456789abcdef0123456789abcdef"),
		Reader: func(token string) bool { return token == "reader" }, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(c.t, err)
	server := httptest.NewServer(board)
	c.t.Cleanup(server.Close)
	return server
}

// A figure that somebody has altered in the store is seen in the API, on the trust page and in /metrics, without its
// value; computed again, it is seen nowhere.
func TestAWrongFigureIsSeen(t *testing.T) {
	t.Parallel()
	c := checked(t)
	server := c.pages()
	get := func(path string, cookies ...*http.Cookie) string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer reader")
		for _, cookie := range cookies {
			req.AddCookie(cookie)
		}
		resp, err := server.Client().Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return string(body)
	}
	session := signIn(t, server)
	trust := func() query.SelfCheck {
		var answer query.TrustAnswer
		require.NoError(t, json.Unmarshal([]byte(get("/api/v1/trust")), &answer))
		return answer.SelfCheck
	}
	assert.Equal(t, query.SelfCheckNever, trust().State)
	assert.Contains(t, get("/trust", session...), "have not been checked since the program was started") // and fills the cache of what pages read
	assert.Contains(t, get("/metrics"), "\nuptake_selfcheck_last_success_timestamp_seconds 0\n")

	// 15 April 2025, Ada alone in north, with the chat: 1 active person of 28 days. Now there are 2.
	require.NoError(t, c.db.Exec(t.Context(), "ALTER TABLE kpi_use UPDATE active_28 = 2 WHERE day = '2025-04-15' AND unit = 'north' AND tool = 'chat' SETTINGS mutations_sync = 2"))
	c.selfCheck()
	wrong := trust()
	assert.Equal(t, query.SelfCheckFailed, wrong.State)
	assert.Nil(t, wrong.LastSuccess)
	var told []string
	for _, f := range wrong.Failures {
		told = append(told, f.Check+" "+f.Unit+" "+f.Tool+" "+f.Date.String()+" "+f.Figure)
	}
	// It is another than counted anew, in the unit and over all people; it is above the one person with access (and so more
	// than all people of the unit), above the pyramid and the one active day; and what the pages have read before is no
	// longer the sum of what the store holds.
	assert.Equal(t, []string{
		"parent company chat 2025-04-15 active_28", "total company chat 2025-04-15 active_28",
		"facts north chat 2025-04-15 active_28", "parent north chat 2025-04-15 active_28", "within north chat 2025-04-15 active_28",
		"within north chat 2025-04-15 active_days", "within north chat 2025-04-15 active_not_enabled", "within north chat 2025-04-15 creators",
		"parent sales chat 2025-04-15 active_28",
	}, told)
	assert.Contains(t, get("/metrics"), "\nuptake_selfcheck_failures 9\n")
	page := get("/trust", session...)
	assert.Contains(t, page, "9 figures contradict others or the facts")
	assert.Regexp(t, `active 28 of north, chat, .{0,20}15.{0,20}: counted anew it is another`, page)

	c.recompute("2025-04-15", "2025-04-15")
	c.selfCheck()
	assert.Equal(t, query.SelfCheckPassed, trust().State)
	metrics := get("/metrics")
	assert.Contains(t, metrics, "\nuptake_selfcheck_failures 0\n")
	assert.Contains(t, metrics, "\nuptake_selfcheck_last_success_timestamp_seconds 1.7447976e+09\n") // 2025-04-16T10:00:00Z
	assert.Contains(t, get("/trust", session...), "and all agreed")
}

func signIn(t *testing.T, server *httptest.Server) []*http.Cookie {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(server.URL+"/sign-in", url.Values{"user": {"admin"}, "password": {"x"}})
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	return resp.Cookies()
}
