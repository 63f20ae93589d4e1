package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// A person is added while the server runs, signs in, sees what the role may, and is out at once when disabled.
func TestPeopleAreAddedAndShutOut(t *testing.T) {
	h := newHouse(t)
	server := h.serve()
	password := h.must("user", "add", "ada", "--role", "viewer,marketing")
	require.Len(t, password, 20)
	require.NotContains(t, h.must("user", "list"), password)
	require.Regexp(t, `ada\s+viewer,marketing\s+active`, h.must("user", "list"))

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.PostForm(server.url+"/sign-in", url.Values{"user": {"ada"}, "password": {password}})
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	status := func(path string) int {
		answer, err := browser.Get(server.url + path)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		return answer.StatusCode
	}
	require.Equal(t, http.StatusOK, status("/api/v1/tools"))
	require.Equal(t, http.StatusForbidden, status("/dead-letters"))
	h.must("user", "role", "ada", "--role", "it")
	require.NotEqual(t, http.StatusForbidden, status("/dead-letters"), "at once")
	require.Equal(t, http.StatusForbidden, status("/api/v1/audit"), "for administrators")
	token := h.must("user", "token", "create", "ada", "nightly export")
	said := ""
	ask := func(path string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.url+path, nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		said = string(body)
		return answer.StatusCode
	}
	require.Equal(t, http.StatusOK, ask("/api/v1/tools"))
	require.Equal(t, http.StatusOK, ask("/metrics"), "as IT")
	require.Equal(t, http.StatusForbidden, ask("/api/v1/audit"))
	require.NotContains(t, h.must("user", "token", "list", "ada"), token)
	require.Regexp(t, `[0-9a-f]{12}\s+nightly export\s+good`, h.must("user", "token", "list", "ada"))
	h.must("user", "disable", "ada")
	require.Equal(t, http.StatusUnauthorized, ask("/api/v1/tools"))
	require.Regexp(t, `nightly export\s+ended`, h.must("user", "token", "list", "ada"))
	token = h.must("user", "token", "create", "admin", "audit")
	require.Equal(t, http.StatusOK, ask("/api/v1/audit"))
	for _, about := range []string{"account/ada add viewer,marketing", "account/ada role it", "token/ada/nightly export create", "account/ada disable", "token/admin/audit create"} {
		require.Contains(t, said, `"who":"command line","what":"rights","about":"`+about+`","outcome":"done"`)
	}
	h.must("user", "token", "revoke", "ada", h.must("user", "token", "list", "ada")[len("ID            FOR             STATE  CREATED     USED\n"):][:12])
	require.Equal(t, http.StatusUnauthorized, status("/api/v1/tools"))
}
