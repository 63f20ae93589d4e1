package cases_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/access"
	"uptake/dashboard"
	"uptake/query"
)

type anyPassword struct{}

func (a anyPassword) SignIn(user, _ string) (access.Person, bool) { return a.Person(user) }

func (anyPassword) Person(name string) (access.Person, bool) {
	return access.Person{Name: name, Roles: []access.Role{access.Admin}}, true
}

func (anyPassword) Taken(string) bool { return true }

// visitor is somebody who has signed in to a company's pages, which are served as the program serves them.
type visitor struct {
	t       testing.TB
	server  *httptest.Server
	session []*http.Cookie
}

func (c *company) visitor() *visitor {
	c.t.Helper()
	board, err := dashboard.New(dashboard.Config{
		Company: func() *query.Company { return c.query }, Accounts: anyPassword{}, SessionKey: []byte("0123456789abcdef0123456789abcdef"), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(c.t, err)
	v := &visitor{t: c.t, server: httptest.NewServer(board)}
	c.t.Cleanup(v.server.Close)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(v.server.URL+"/sign-in", url.Values{"user": {"admin"}, "password": {"x"}})
	require.NoError(c.t, err)
	defer resp.Body.Close()
	require.Equal(c.t, http.StatusSeeOther, resp.StatusCode)
	v.session = resp.Cookies()
	return v
}

// get is a page.
func (v *visitor) get(path string) string {
	v.t.Helper()
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodGet, v.server.URL+path, nil)
	require.NoError(v.t, err)
	for _, cookie := range v.session {
		req.AddCookie(cookie)
	}
	resp, err := v.server.Client().Do(req)
	require.NoError(v.t, err)
	defer resp.Body.Close()
	require.Equal(v.t, http.StatusOK, resp.StatusCode, path)
	body, err := io.ReadAll(resp.Body)
	require.NoError(v.t, err)
	return string(body)
}

// trust is what the API says of the self-check.
func (v *visitor) trust() query.SelfCheck {
	v.t.Helper()
	var answer query.TrustAnswer
	require.NoError(v.t, json.Unmarshal([]byte(v.get("/api/v1/trust")), &answer))
	return answer.SelfCheck
}
