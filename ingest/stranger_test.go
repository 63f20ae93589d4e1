package ingest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
)

func TestStrangersAreToldApartByTheirAddress(t *testing.T) {
	require.Equal(t, stranger("192.0.2.1:1000"), stranger("192.0.2.1:2000"))
	require.Equal(t, stranger("192.0.2.1:1000"), stranger("[::ffff:192.0.2.1]:2000"))
	require.NotEqual(t, stranger("192.0.2.1:1000"), stranger("192.0.2.2:1000"))
	require.Equal(t, stranger("[2001:db8::1]:1"), stranger("[2001:db8::2:3%eth0]:1"), "one machine has a whole /64")
	require.NotEqual(t, stranger("[2001:db8::1]:1"), stranger("[2001:db8:0:1::1]:1"))
	require.NotEmpty(t, stranger("@"))
	for _, name := range []string{stranger("192.0.2.1:1"), stranger("@"), ""} {
		require.Error(t, checkName(name), "no source can be called so")
		require.Equal(t, "(not known yet)", sourceLabel(name))
	}
	require.Equal(t, "feed", sourceLabel("feed"))
}

// An anonymous crowd from one address holds its share of the door, and cannot keep out a client of another address that
// bears its key in the body. What is said and counted of the crowd names nobody.
func TestAnAnonymousCrowdKeepsOutNobodyElse(t *testing.T) {
	metrics := NewMetrics(prometheus.NewRegistry())
	r := openProtocols(t, nil)
	r.door.fair = newFairness(fairLimits{requests: 8, bytes: 1 << 20, wait: time.Millisecond, rate: 1000, burst: 1000}, metrics)
	send := func(remote string, body io.Reader) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodPost, "/v1/batch", body)
		request.RemoteAddr = remote
		answer := httptest.NewRecorder()
		r.server.Config.Handler.ServeHTTP(answer, request)
		return answer
	}
	crowd, err := fill(t, r.door.fair, stranger("192.0.2.1:1"))
	require.Error(t, err)
	require.Len(t, crowd, 4, "half of the door")
	answer := send("192.0.2.1:9", strings.NewReader(`{}`))
	require.Equal(t, http.StatusTooManyRequests, answer.Code)
	require.Contains(t, answer.Body.String(), "The address that this comes from has more requests under way than its share.")
	require.NotContains(t, answer.Body.String(), "This source")
	require.NotContains(t, answer.Body.String(), "192.0.2.1")
	require.EqualValues(t, 2, testutil.ToFloat64(metrics.throttled.WithLabelValues("(not known yet)")))
	require.Equal(t, 1, testutil.CollectAndCount(metrics.throttled))

	batch := strings.TrimSuffix(batchOf(track("Page Saved", "")), "}") + `,"writeKey":"` + r.token + `"}`
	answer = send("192.0.2.2:9", strings.NewReader(batch))
	require.Equal(t, http.StatusOK, answer.Code, answer.Body)
	for _, p := range crowd {
		p.leave()
	}
	requireNothingInFlight(t, r.door)
}
