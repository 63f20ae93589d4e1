package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// bounded serves handler on a listener that takes so many connections, with a change to the server's times.
func bounded(t *testing.T, bound int, handler http.HandlerFunc, change func(*http.Server)) (address string, c *connections) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c = boundConnections(listener, bound)
	server := httpServer(handler, c)
	if change != nil {
		change(server)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(c) }()
	t.Cleanup(func() {
		_ = server.Close()
		require.ErrorIs(t, <-done, http.ErrServerClosed)
		require.Eventually(t, func() bool { return c.count() == 0 }, 10*time.Second, time.Millisecond, "every connection gives its room back")
	})
	return listener.Addr().String(), c
}

func (c *connections) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

func dialTo(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// ask sends a request over a connection and returns the answer's status, 0 if there was none.
func ask(t *testing.T, conn net.Conn) int {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	if _, err := fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return 0
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	return response.StatusCode
}

func TestIdleConnectionsMakeRoom(t *testing.T) {
	address, c := bounded(t, 4, func(http.ResponseWriter, *http.Request) {}, nil)
	var first []net.Conn
	for range 4 {
		conn := dialTo(t, address)
		require.Equal(t, 200, ask(t, conn)) // idle from now on
		first = append(first, conn)
	}
	for range 50 { // some say nothing at all
		dialTo(t, address)
	}
	for range 20 {
		require.Equal(t, 200, ask(t, dialTo(t, address)))
		require.LessOrEqual(t, c.count(), 4)
	}
	for _, conn := range first {
		require.Zero(t, ask(t, conn), "who was idle for longest has gone")
	}
}

func TestConnectionsAtWorkAreNotCut(t *testing.T) {
	begun, finish := make(chan bool, 10), make(chan struct{})
	address, c := bounded(t, 2, func(http.ResponseWriter, *http.Request) { begun <- true; <-finish }, nil)
	answers := make(chan int, 3)
	for i := range 3 {
		conn := dialTo(t, address)
		go func() { answers <- ask(t, conn) }()
		if i < 2 {
			<-begun
		}
	}
	require.Equal(t, 2, c.count())
	require.Empty(t, begun, "the third waits")
	close(finish)
	for range 3 {
		require.Equal(t, 200, <-answers)
	}
}

func TestClosingEndsAWaitingAccept(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c := boundConnections(listener, 1)
	dialTo(t, listener.Addr().String())
	conn, err := c.Accept()
	require.NoError(t, err)
	defer conn.Close()
	dialTo(t, listener.Addr().String())
	failed := make(chan error, 1)
	go func() {
		_, err := c.Accept()
		failed <- err
	}()
	require.NoError(t, c.Close())
	require.ErrorIs(t, <-failed, net.ErrClosed)
}

// cutOff tells that the other side ends a connection, whatever it says before.
func cutOff(t *testing.T, conn net.Conn) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
	_, err := io.Copy(io.Discard, conn)
	var timeout net.Error
	if err != nil {
		require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "it was left open")
	}
}

func TestSlowClientsAreCutOff(t *testing.T) {
	huge := strings.Repeat("x", 16<<20)
	address, c := bounded(t, 100, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, huge) }, func(s *http.Server) {
		require.Positive(t, s.ReadHeaderTimeout)
		require.Positive(t, s.WriteTimeout)
		require.Positive(t, s.IdleTimeout)
		s.ReadHeaderTimeout, s.WriteTimeout, s.IdleTimeout = 300*time.Millisecond, 300*time.Millisecond, 300*time.Millisecond
	})
	silent := dialTo(t, address)
	trickling := dialTo(t, address)
	go func() {
		_, err := fmt.Fprint(trickling, "GET / HTTP/1.1\r\nX-Slow: ")
		for ; err == nil; time.Sleep(10 * time.Millisecond) {
			_, err = fmt.Fprint(trickling, "x")
		}
	}()
	deaf := dialTo(t, address) // asks and does not read the answer
	_, err := fmt.Fprint(deaf, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(t, err)
	require.Eventually(t, func() bool { return c.count() == 0 }, time.Minute, 10*time.Millisecond)
	cutOff(t, silent)
	cutOff(t, trickling)
	cutOff(t, deaf)
}

// A process that may open few files, and hundreds of connections that say nothing: events of others are acknowledged
// and loaded, and the server serves on when they have gone.
func TestFewFilesAndManyIdleConnections(t *testing.T) {
	const files, idle = 256, 600
	h := newHouse(t, "UPTAKE_RETENTION=off")
	token := h.must("token", "create", "--source", "sender", "--directory")
	reader := h.must("token", "create", "--reader", "test")
	s := h.serveWith(func(cmd *exec.Cmd) {
		cmd.Args = append([]string{"sh", "-c", fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, files), cmd.Path}, cmd.Args[1:]...)
		cmd.Path = "/bin/sh"
	})
	address := strings.TrimPrefix(s.url, "http://")
	for range idle {
		dialTo(t, address)
	}
	const senders, each = 8, 25
	s.sendDirectory(token, "people", companyOf(senders))
	var group sync.WaitGroup
	for sender := range senders {
		group.Go(func() {
			for i := range each {
				body := fmt.Sprintf(`{"id":"%d-%d","time":"2026-11-10","tool":"chat","actor":"p%d@example.org","action":"post"}`, sender, i, sender)
				status, answer, err := s.send(token, "/v1/events", "application/json", strings.NewReader(body))
				require.NoError(t, err)
				require.Equal(t, http.StatusAccepted, status, "%s", answer)
			}
		})
	}
	group.Wait()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	require.NoError(t, err)
	t.Logf("%d of %d files are open", len(open), files)
	require.Greater(t, len(open), files/connectionShare, "the connections are there")
	s.settle(reader)
	rows := s.adoption(reader, "chat", "2026-11-10", false)
	require.Equal(t, senders*each, *rows[0].Actions)
	require.Zero(t, s.stop(), "%s", s.log)
	require.NotContains(t, s.log.String(), "too many open files")
}
