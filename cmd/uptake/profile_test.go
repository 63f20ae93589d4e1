package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

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
	status := func(url string) int {
		response, err := http.Get(url)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	require.Equal(t, http.StatusOK, status(s.profiles()+"goroutine?debug=1"))
	require.NotEqual(t, http.StatusOK, status(s.url+"/debug/pprof/goroutine?debug=1"))
}

// profiles is the address under which the program serves its profiles, as its log has it.
func (s *server) profiles() (address string) {
	s.t.Helper()
	require.Eventually(s.t, func() bool {
		_, rest, found := strings.Cut(s.log.String(), "address=")
		address, _, _ = strings.Cut(rest, "\n")
		return found && strings.Contains(rest, "\n")
	}, 10*time.Second, 10*time.Millisecond, "the log names no address")
	return strings.TrimSpace(address)
}
