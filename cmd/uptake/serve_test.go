package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The first event of a new user: sent by HTTP, it is in the figures, once, however often it is sent.
func TestFirstEvent(t *testing.T) {
	h := newHouse(t, "UPTAKE_MIN_GROUP=2")
	token := h.must("token", "create", "--source", "first", "--directory")
	reader := h.must("token", "create", "--reader", "test")
	s := h.serve()
	require.Contains(t, s.welcome, "password     ", "the first start shows the password")

	people := "email,unit,effective_from\np1@example.com,sales,2026-01-01\nben@example.com,sales,2026-01-01\n"
	status, answer, err := s.send(token, "/v1/directory/people", "text/csv", strings.NewReader(people))
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, status, "%s", answer)

	now := time.Now().UTC()
	event := fmt.Sprintf(`{"id":"1","time":"%s","tool":"wiki","actor":"P1@Example.com ","action":"edit"}`, now.Format(time.RFC3339))
	day := now.Format(time.DateOnly)
	sendOnce := func(s *server) {
		status, answer, err := s.send(token, "/v1/events", "application/json", strings.NewReader(event))
		require.NoError(t, err)
		require.Equal(t, http.StatusAccepted, status)
		require.JSONEq(t, `{"accepted":1,"rejected":[]}`, string(answer))
	}
	check := func(s *server) {
		s.settle(reader)
		rows := s.adoption(reader, "wiki", day, true)
		require.Len(t, rows, 3)
		sales := rows[1]
		require.Equal(t, "sales", sales.Unit)
		require.Equal(t, 2, sales.Headcount)
		require.Equal(t, 1, *sales.Active1)
		require.Equal(t, 1, *sales.Actions)
		require.InDelta(t, 0.5, *sales.AdoptionRate, 1e-12)
	}
	for range 10 {
		sendOnce(s)
	}
	began := time.Now()
	check(s)
	require.Less(t, time.Since(began), 10*time.Second, "today's events are in the figures within 10 s")
	twice := "[" + event + "," + event + "]"
	_, _, err = s.send(token, "/v1/events", "application/json", strings.NewReader(twice))
	require.NoError(t, err)
	check(s)

	require.Zero(t, s.stop(), "%s", s.log)
	require.NotContains(t, s.log.String(), "level=ERROR")
	s = h.serve()
	require.NotContains(t, s.welcome, "  password ", "only the first start shows the password")
	check(s)
	sendOnce(s)
	check(s)
}

func TestSignInWithTheShownPassword(t *testing.T) {
	h := newHouse(t)
	s := h.serve()
	_, rest, found := strings.Cut(s.welcome, "password     ")
	require.True(t, found)
	password, _, _ := strings.Cut(rest, "\n")
	signIn := func(password string) int {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		response, err := client.PostForm(s.url+"/sign-in", map[string][]string{"user": {adminUser}, "password": {password}})
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode
	}
	require.Equal(t, http.StatusSeeOther, signIn(password))
	require.NotEqual(t, http.StatusSeeOther, signIn("wrong"))
	renewed := h.must("password")
	require.Equal(t, http.StatusSeeOther, signIn(renewed), "a new password is good at once, without a restart")
	require.NotEqual(t, http.StatusSeeOther, signIn(password))
}

func TestSecondServerIsTold(t *testing.T) {
	h := newHouse(t)
	s := h.serve()
	began := time.Now()
	r := h.run("serve")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, fmt.Sprintf("is in use by process %d (uptake serve, since", s.cmd.Process.Pid))
	require.Less(t, time.Since(began), 20*time.Second)

	other := newHouse(t, "UPTAKE_LISTEN="+strings.TrimPrefix(s.url, "http://"))
	r = other.run("serve")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "is in use by another program")
	require.Contains(t, r.stderr, "UPTAKE_LISTEN")
}

// An orderly end finishes what runs; a second signal does not wait for it.
func TestSignals(t *testing.T) {
	h := newHouse(t)
	token := h.must("token", "create", "--source", "slow")
	s := h.serve()
	address := strings.TrimPrefix(s.url, "http://")
	hang := func() net.Conn { // a request whose body does not end
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = fmt.Fprintf(conn, "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\n{", token)
		require.NoError(t, err)
		return conn
	}
	conn := hang()
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	time.Sleep(300 * time.Millisecond)
	require.True(t, s.running(), "the running request is waited for")
	event := `"id":"1","time":"2026-11-01","tool":"wiki","actor":"a","action":"edit"}`
	_, err := fmt.Fprint(conn, event+strings.Repeat(" ", 999-len(event)))
	require.NoError(t, err)
	answer := make([]byte, 1024)
	n, err := conn.Read(answer)
	require.NoError(t, err)
	require.Contains(t, string(answer[:n]), "202 Accepted")
	<-s.ended
	require.Zero(t, s.cmd.ProcessState.ExitCode())

	s = h.serve()
	address = strings.TrimPrefix(s.url, "http://")
	hang()
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, s.cmd.Process.Signal(os.Interrupt))
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, s.cmd.Process.Signal(os.Interrupt))
	select {
	case <-s.ended:
	case <-time.After(3 * time.Second):
		require.Fail(t, "the second signal does not end it")
	}
	require.NotZero(t, s.cmd.ProcessState.ExitCode())
}

func TestConfigurationMistakesAllAtOnce(t *testing.T) {
	h := newHouse(t, "UPTAKE_MIN_GROUP=1", "UPTAKE_DEMO=lawfirm", "UPTAKE_CLICKHOUSE_DSN=postgres://x:hush@y")
	file := filepath.Join(t.TempDir(), "uptake.yaml")
	require.NoError(t, os.WriteFile(file, []byte("listne: x\nretention: soon\n"), 0o600))
	r := h.run("serve", "--config", file)
	require.Equal(t, exitUsage, r.code)
	for _, want := range []string{"5 mistakes", file + ":1: listne is no setting, did you mean listen?", file + ":2: retention:",
		"UPTAKE_MIN_GROUP:", "UPTAKE_DEMO:", "UPTAKE_CLICKHOUSE_DSN:"} {
		require.Contains(t, r.stderr, want)
	}
	require.NotContains(t, r.stderr, "hush")
}

func TestUsage(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "a command is missing"},
		{[]string{"srve"}, `there is no command "srve", did you mean serve?`},
		{[]string{"serve", "now"}, `serve takes no arguments`},
		{[]string{"serve", "--prot", "1"}, "flag provided but not defined"},
		{[]string{"token"}, "say create, list or revoke"},
		{[]string{"token", "create"}, "name one of --source, --reader, --editor and --metrics"},
		{[]string{"import", "ndjson"}, "say what to import and from which file"},
		{[]string{"import", "xml", "f"}, `"xml" is none of ndjson, people, units, licences, tools`},
		{[]string{"demo"}, "give either --preset NAME or --leave"},
		{[]string{"demo", "--preset", "lawfirm"}, `there is no demo company "lawfirm"`},
		{[]string{"migrate", "down"}, "say up or status"},
		{[]string{"help", "me"}, `there is no command "me"`},
	} {
		r := h.run(c.args...)
		require.Equal(t, exitUsage, r.code, "%v: %s", c.args, r.stderr)
		require.Contains(t, r.stderr, c.want)
		require.Empty(t, r.stdout)
	}
	for _, args := range [][]string{{"help"}, {"--help"}, {"help", "config"}, {"token", "--help"}, {"version"}} {
		r := h.run(args...)
		require.Zero(t, r.code, "%v: %s", args, r.stderr)
		require.NotEmpty(t, r.stdout)
	}
	entries, err := os.ReadDir(h.dir)
	require.NoError(t, err)
	require.Empty(t, entries, "usage touches nothing")
}

func TestMissingEngineSaysWhatToDo(t *testing.T) {
	h := newHouse(t)
	h.env = append(h.env, "UPTAKE_LIBCHDB="+t.TempDir())
	r := h.run("serve")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "UPTAKE_CLICKHOUSE_DSN")
}

func TestServerThatDoesNotAnswerSaysSo(t *testing.T) {
	h := newHouse(t, "UPTAKE_CLICKHOUSE_DSN=clickhouse://uptake:hush@127.0.0.1:1/uptake")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r := runCommand(t, h.command(ctx, "token", "list"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "No ClickHouse server answers at 127.0.0.1:1")
	require.NotContains(t, r.stderr, "hush")
}
