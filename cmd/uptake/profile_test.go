package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProfiles(t *testing.T) {
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/goroutine?debug=1"} {
		answer := httptest.NewRecorder()
		profileHandler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, http.StatusOK, answer.Code, path)
		require.NotZero(t, answer.Body.Len(), path)
	}
}

// Profiles are served where the setting says, and nowhere else.
func TestProfilesHaveAnAddressOfTheirOwn(t *testing.T) {
	s := newHouse(t, "UPTAKE_PPROF_LISTEN=127.0.0.1:0").serve()
	_, address, found := strings.Cut(s.log.String(), "address=")
	require.True(t, found, s.log.String())
	address, _, _ = strings.Cut(address, "\n")
	status := func(url string) int {
		response, err := http.Get(url)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	require.Equal(t, http.StatusOK, status(strings.TrimSpace(address)+"goroutine?debug=1"))
	require.NotEqual(t, http.StatusOK, status(s.url+"/debug/pprof/goroutine?debug=1"))
}
