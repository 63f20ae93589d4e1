package main

import (
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
	h.must("user", "disable", "ada")
	require.Equal(t, http.StatusUnauthorized, status("/api/v1/tools"))
}
