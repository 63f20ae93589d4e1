package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/ingest"
)

// A server that is asked to end takes nobody new, hears every running request to its end, and has made durable what it
// acknowledged: all of it is there after the next start.
func TestAnOrderlyEndLosesNoRunningRequest(t *testing.T) {
	const running = 12
	h := newHouse(t, "UPTAKE_RETENTION=off")
	token := h.must("token", "create", "--source", "slow")
	reader := h.must("token", "create", "--reader", "test")
	s := h.serve()
	address := strings.TrimPrefix(s.url, "http://")
	body := func(i int) string {
		return fmt.Sprintf(`{"id":"%d","time":"2026-11-10T08:00:00Z","tool":"wiki","actor":"a","action":"edit"}`, i)
	}
	begin := func(i int) net.Conn { // all but the last bytes of a request
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		text := body(i)
		_, err = fmt.Fprintf(conn, "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", token, len(text), text[:len(text)-5])
		require.NoError(t, err)
		return conn
	}
	conns := make([]net.Conn, running)
	for i := range conns {
		conns[i] = begin(i)
	}
	// Every connection that came before this answer has been accepted: they come in order.
	status, _, err := s.send(token, "/v1/events", "application/json", strings.NewReader(body(running)))
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, status)
	time.Sleep(100 * time.Millisecond) // and now their requests are being worked on

	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, 10*time.Millisecond, "nobody new is let in")
	require.True(t, s.running())
	for i, conn := range conns {
		text := body(i)
		_, err := fmt.Fprint(conn, text[len(text)-5:])
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusAccepted, response.StatusCode)
	}
	<-s.ended
	require.Zero(t, s.cmd.ProcessState.ExitCode(), "%s", s.log)

	s = h.serve()
	s.settle(reader)
	require.Zero(t, s.stop(), "%s", s.log)
	secret, err := ingest.LoadSecret(h.dir + "/secret")
	require.NoError(t, err)
	stored, pseudonyms := h.stored(), ingest.NewPseudonymiser(secret)
	for i := range running + 1 {
		id := pseudonyms.ID("slow", fmt.Sprint(i))
		require.True(t, stored[hex.EncodeToString(id[:])], "event %d was acknowledged and is lost", i)
	}
	require.Len(t, stored, running+1)
}
