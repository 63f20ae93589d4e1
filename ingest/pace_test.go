package ingest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
)

// dial opens a request of a body with so many bytes, and sends none of them.
func (r *rig) dial(length int) net.Conn {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", r.token, length)
	require.NoError(r.t, err)
	return conn
}

// ended is what comes over a connection until the other side closes it.
func ended(t testing.TB, conn net.Conn) string {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	answer, err := io.ReadAll(conn)
	if err != nil { // closed while a byte was still on its way
		require.ErrorContains(t, err, "reset by peer")
	}
	return string(answer)
}

func TestAClientThatStopsInTheMiddleIsCutOff(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{ReadBody: 600 * time.Millisecond}})
	conn := r.dial(1000)
	_, err := io.WriteString(conn, "{")
	require.NoError(t, err)
	answer := ended(t, conn)
	require.Contains(t, answer, "503 Service Unavailable")
	require.Contains(t, answer, "Retry-After")
	require.Contains(t, answer, "too slowly")
	requireNothingInFlight(t, r.door)
}

// A client that sends a byte now and then is cut off, too, though it never stops.
func TestAClientThatTricklesIsCutOff(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{ReadBody: 3 * time.Second, Pace: 1 << 20}})
	conn := r.dial(1 << 20)
	go func() {
		for {
			if _, err := io.WriteString(conn, " "); err != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	ended(t, conn)
	requireNothingInFlight(t, r.door)
}

// deadlines is a connection that notes until when it may be read.
type deadlines struct {
	httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetReadDeadline(until time.Time) error {
	d.set = append(d.set, until)
	return nil
}

func TestTheDeadlineGoesWithWhatHasCome(t *testing.T) {
	limits := Limits{ReadBody: time.Minute, Pace: 1000}.withDefaults()
	r := httptest.NewRequest(http.MethodPost, "/", iotest.OneByteReader(strings.NewReader(strings.Repeat(" ", 100_000))))
	conn := &deadlines{}
	p := pace(conn, r, limits)
	_, err := io.Copy(io.Discard, p)
	require.NoError(t, err)
	p.done()
	require.Equal(t, p.begun.Add(10*time.Second), conn.set[0], "a sixth is the client's own")
	for i := 1; i < len(conn.set)-1; i++ {
		require.Greater(t, conn.set[i], conn.set[i-1])
	}
	require.WithinDuration(t, p.begun.Add(time.Minute), conn.set[len(conn.set)-2], time.Second, "a second for every 1000 bytes, up to the longest time")
	require.Less(t, len(conn.set), 120, "not at every read")
	require.True(t, conn.set[len(conn.set)-1].IsZero(), "behind the body there is no deadline")
}

// Slow, but fast enough: the deadline goes with what has come.
func TestAClientThatKeepsThePaceIsHeardToTheEnd(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{ReadBody: time.Minute, Pace: 1}})
	body := event(1) + strings.Repeat(" ", 40)
	conn := r.dial(len(body))
	for i := range body {
		_, err := io.WriteString(conn, body[i:i+1])
		require.NoError(t, err)
		time.Sleep(2 * time.Millisecond)
	}
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	answer := make([]byte, 1000)
	n, err := conn.Read(answer)
	require.NoError(t, err)
	require.Contains(t, string(answer[:n]), "202 Accepted")
}

// A client that never reads its answer holds its place no longer than it has time for the answer.
func TestAClientThatDoesNotReadItsAnswerIsCutOff(t *testing.T) {
	const lines, size = 100_000, 15 << 20 // of the answer: more than the sockets of both sides hold
	metrics := NewMetrics(prometheus.NewRegistry())
	r := openRig(t, rigConfig{metrics: metrics, limits: Limits{Answer: time.Second, Batch: lines}})
	body := strings.Repeat(`{"id":"`+strings.Repeat("x", 40)+`"}`+"\n", lines)
	conn := r.dial(len(body))
	_, err := io.WriteString(conn, body)
	require.NoError(t, err)
	rejected := metrics.rejected.WithLabelValues("feed", "time")
	require.Eventually(t, func() bool { return testutil.ToFloat64(rejected) == lines }, time.Minute, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		r.door.fair.mu.Lock()
		defer r.door.fair.mu.Unlock()
		return r.door.fair.requests == 0
	}, time.Minute, 10*time.Millisecond)
	require.Less(t, len(ended(t, conn)), size, "it was cut off")
}

func TestAnIdleConnectionHoldsNoPlace(t *testing.T) {
	r := openRig(t, rigConfig{limits: Limits{Requests: 1, Queue: time.Millisecond}})
	for range 20 {
		conn, err := net.Dial("tcp", r.server.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
	}
	status, _, message := r.post([]byte(event(1)))
	require.Equal(t, http.StatusAccepted, status, message)
}
