package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse/clickhousetest"
)

// The tests run the real program as a process of its own: this test binary, told to be uptake.
const childVariable = "UPTAKE_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(storedVariable); dir != "" {
		if err := printStored(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		return
	}
	if task := os.Getenv(bankVariable); task != "" {
		if err := bankTask(task); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		return
	}
	if question := os.Getenv(queryVariable); question != "" {
		if err := printAnswer(question); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitFailed)
		}
		return
	}
	if os.Getenv(childVariable) != "" {
		main()
		return
	}
	clickhousetest.Main(m)
}

// house is a data directory and the environment that the program is run with on it.
type house struct {
	t        testing.TB
	dir      string
	env      []string
	patience time.Duration // for a server to start
}

func newHouse(t testing.TB, env ...string) *house {
	dir := t.TempDir()
	return &house{t: t, dir: dir, patience: 2 * time.Minute, env: append([]string{"UPTAKE_DATA=" + dir, "UPTAKE_LISTEN=127.0.0.1:0"}, env...)}
}

func (h *house) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	for _, variable := range os.Environ() { // the machine's own settings of Uptake must not leak in
		if !strings.HasPrefix(variable, "UPTAKE_") || strings.HasPrefix(variable, "UPTAKE_LIBCHDB=") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(append(cmd.Env, h.env...), childVariable+"=1")
	return cmd
}

// result is what a command left behind.
type result struct {
	code   int
	stdout string
	stderr string
}

// run runs a command to its end.
func (h *house) run(args ...string) result {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	return runCommand(h.t, h.command(ctx, args...))
}

func runCommand(t testing.TB, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &ended)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// must runs a command that has to succeed and returns its output without the last newline.
func (h *house) must(args ...string) string {
	h.t.Helper()
	r := h.run(args...)
	require.Zero(h.t, r.code, "uptake %s\n%s", strings.Join(args, " "), r.stderr)
	return strings.TrimSuffix(r.stdout, "\n")
}

// server is `uptake serve` running.
type server struct {
	t       testing.TB
	cmd     *exec.Cmd
	url     string
	welcome string
	log     *syncBuffer
	ended   chan struct{}
}

var welcomeLine = regexp.MustCompile(`is at (http://\S+)`)

// serve starts the server and waits until it has welcomed its reader.
func (h *house) serve() *server { return h.serveWith(func(*exec.Cmd) {}) }

// serveWith is serve with a change to how the process is started.
func (h *house) serveWith(change func(*exec.Cmd)) *server {
	h.t.Helper()
	s, out := h.start("serve", change)
	require.Eventually(h.t, func() bool {
		match := welcomeLine.FindStringSubmatch(out.String())
		if match == nil {
			return !s.running() // ends the waiting; the next line fails
		}
		s.url, s.welcome = match[1], out.String()
		return strings.Contains(s.welcome, "sign in as")
	}, h.patience, 20*time.Millisecond)
	require.NotEmpty(h.t, s.url, "the server ended: %s", s.log)
	return s
}

// start runs a command that serves until it is ended; out is what it prints.
func (h *house) start(command string, change func(*exec.Cmd)) (s *server, out *syncBuffer) {
	h.t.Helper()
	s, out = &server{t: h.t, cmd: h.command(context.Background(), command), log: &syncBuffer{}, ended: make(chan struct{})}, &syncBuffer{}
	change(s.cmd)
	s.cmd.Stdout, s.cmd.Stderr = out, s.log
	require.NoError(h.t, s.cmd.Start())
	go func() {
		defer close(s.ended)
		_ = s.cmd.Wait()
	}()
	h.t.Cleanup(s.kill)
	return s, out
}

func (s *server) running() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// kill ends the server without any chance to tidy up.
func (s *server) kill() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL)
	<-s.ended
}

// stop asks the server to end, and returns its exit code.
func (s *server) stop() int {
	s.t.Helper()
	require.NoError(s.t, s.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-s.ended:
	case <-time.After(time.Minute):
		require.Fail(s.t, "the server does not end", s.log.String())
	}
	return s.cmd.ProcessState.ExitCode()
}

// send posts a body with a token and returns the status and the answer.
func (s *server) send(token, path, contentType string, body io.Reader) (int, []byte, error) {
	request, err := http.NewRequest(http.MethodPost, s.url+path, body)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", contentType)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, text, err
}

// get reads JSON from the API.
func (s *server) get(token, path string, out any) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, response.StatusCode, "%s: %s\n%s", path, text, s.log)
	require.NoError(s.t, json.Unmarshal(text, out))
}

// settle waits until everything acknowledged is in the figures.
func (s *server) settle(token string) {
	s.t.Helper()
	began := time.Now()
	for {
		var trust struct{ Settled bool }
		s.get(token, "/api/v1/trust", &trust)
		if trust.Settled {
			s.t.Logf("settled after %s", time.Since(began).Round(time.Millisecond))
			return
		}
		require.Less(s.t, time.Since(began), 5*time.Minute, "the figures do not settle: %s", s.log)
		time.Sleep(200 * time.Millisecond)
	}
}

// row is a row of the answer of /api/v1/adoption.
type row struct {
	Unit, Tool, Date, Denominator string
	Headcount, Enabled            int
	Active1                       *int     `json:"active_1"`
	Active7                       *int     `json:"active_7"`
	Active28                      *int     `json:"active_28"`
	ActiveNotEnabled              *int     `json:"active_not_enabled"`
	AdoptionRate                  *float64 `json:"adoption_rate"`
	Stickiness                    *float64
	New                           *int
	Returning                     *int
	Resurrected                   *int
	Dormant                       *int
	Creators                      *int
	Responders                    *int
	Consumers                     *int
	Inactive                      *int
	EngagementScore               *float64 `json:"engagement_score"`
	Actions                       *int
	Suppressed                    bool
	ShownIn                       string `json:"shown_in"`
}

// adoption asks for the figures of one day.
func (s *server) adoption(token, tool, day string, children bool) []row {
	s.t.Helper()
	path := fmt.Sprintf("/api/v1/adoption?tool=%s&from=%s&to=%s", tool, day, day)
	if children {
		path += "&children=1"
	}
	var answer struct{ Rows []row }
	s.get(token, path, &answer)
	return answer.Rows
}

// syncBuffer is a buffer that a process writes while a test reads it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
