package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// signIn is a client that is signed in as the administrator.
func (s *server) signIn(password string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	client := &http.Client{Jar: jar}
	response, err := client.PostForm(s.url+"/sign-in", url.Values{"user": {adminUser}, "password": {password}})
	require.NoError(s.t, err)
	defer response.Body.Close()
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	return client
}

func page(t testing.TB, client *http.Client, address string) string {
	t.Helper()
	response, err := client.Get(address)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, "%s", text)
	return string(text)
}

// reports writes the reports of what is shown, and asks for some that cannot be.
func (h *house) reports() {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "pack.pdf")
	require.Equal(h.t, file+" written", h.must("report", "board-pack", file, "--language", "de"))
	text, err := exec.Command("pdftotext", file, "-").CombinedOutput()
	require.NoError(h.t, err, "%s", text)
	require.Contains(h.t, string(text), "Risiken und Datenlage")
	require.True(h.t, strings.HasPrefix(h.must("report", "campaigns", "-"), "%PDF-"))
	require.Equal(h.t, exitUsage, h.run("report", "board-pack").code)
	for _, wrong := range [][]string{{"report", "nothing", "-"}, {"report", "board-pack", "-", "--unit", "nowhere"}, {"report", "board-pack", "-", "--language", "tlh"}, {"report", "board-pack", "/no/such/place"}} {
		require.NotZero(h.t, h.run(wrong...).code, "%v", wrong)
	}
}

// The demo: made at the first start, there at once at the second, gone for good after one click.
func TestDemo(t *testing.T) {
	const password = "correct horse battery"
	h := newHouse(t, "UPTAKE_DEMO=law-firm", "UPTAKE_ADMIN_PASSWORD="+password)
	reader := h.must("token", "create", "--reader", "me")
	s := h.serve()
	require.Contains(t, s.welcome, "shows the demo company law-firm")
	require.NotContains(t, s.welcome, password)
	s.settle(reader)
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	rows := s.adoption(reader, "all", yesterday, true)
	require.InDelta(t, 50, rows[0].Headcount, 10)
	require.Positive(t, *rows[0].Active28)
	require.Greater(t, len(rows), 4)
	s.hasEntered(reader)
	overview := page(t, s.signIn(password), s.url+"/")
	require.Contains(t, strings.ToLower(overview), "demo", "each page says that it shows a demo")
	require.Contains(t, overview, "/units/")
	h.reports()
	require.Zero(t, s.stop())

	began := time.Now()
	s = h.serve()
	require.Less(t, time.Since(began), 15*time.Second, "it is not made a second time")
	require.NotContains(t, s.log.String(), "Making the demo")
	require.Equal(t, rows, s.adoption(reader, "all", yesterday, true))

	response, err := s.signIn(password).PostForm(s.url+"/demo/leave", nil)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, 400)
	require.Zero(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	require.Zero(t, s.stop())
	s = h.serve()
	require.NotContains(t, s.welcome, "demo company", "what was left by a click does not come back by itself")
}

// hasEntered looks for what the demo has published: every page about value has something to show.
func (s *server) hasEntered(token string) {
	s.t.Helper()
	var assumed struct {
		Version   uint64
		Published struct{ Author, Reason string }
	}
	s.get(token, "/api/v1/value/assumptions", &assumed)
	require.Equal(s.t, uint64(1), assumed.Version)
	require.Equal(s.t, demoAuthor, assumed.Published.Author)
	require.NotEmpty(s.t, assumed.Published.Reason)
	var renewals struct {
		Renewals []struct {
			Tool     string
			DaysLeft int `json:"days_left"`
			Exposed  struct{ P50 *float64 }
			Unused   *uint64
		}
	}
	s.get(token, "/api/v1/value/renewals", &renewals)
	require.Len(s.t, renewals.Renewals, 4, "chat, documents, meetings and the network; Meeting Notes are tried, and Quickwiki costs nothing")
	for _, r := range renewals.Renewals {
		require.Equal(s.t, 40, r.DaysLeft)
		require.Positive(s.t, *r.Exposed.P50, r.Tool)
		require.NotNil(s.t, r.Unused, r.Tool)
	}
	var targets struct {
		Targets []struct {
			Plan   struct{ ID string }
			Course struct{ State, Sentence string }
		}
	}
	s.get(token, "/api/v1/targets", &targets)
	require.Len(s.t, targets.Targets, 4)
	for _, one := range targets.Targets {
		require.Contains(s.t, []string{"on_course", "open", "behind", "out_of_reach"}, one.Course.State, "%s: %s", one.Plan.ID, one.Course.Sentence)
	}
	var stages struct {
		Rollouts []struct {
			ID, Stage string
			Moves     []struct{ Despite string }
		}
	}
	s.get(token, "/api/v1/stages", &stages)
	require.GreaterOrEqual(s.t, len(stages.Rollouts), 2)
	require.Equal(s.t, []string{"chat-ahead", "buy_in"}, []string{stages.Rollouts[0].ID, stages.Rollouts[0].Stage})
	require.NotEmpty(s.t, stages.Rollouts[1].Moves[1].Despite)
}

// A demo made by a command is shown by a plain serve, made anew when its last day has become old, and dropped by off.
func TestDemoByCommand(t *testing.T) {
	h := newHouse(t)
	reader := h.must("token", "create", "--reader", "me")
	h.must("demo", "--preset", "law-firm")
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	s := h.serve()
	require.Positive(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	require.Zero(t, s.stop())

	file := filepath.Join(h.dir, "demo.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var state demoState
	require.NoError(t, json.Unmarshal(text, &state))
	state.LastDay -= 3
	text, err = json.Marshal(state)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, text, 0o600))
	s = h.serve()
	require.Contains(t, s.log.String(), "Making the demo company: done")
	require.Positive(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	h.must("demo", "--leave")
	require.Zero(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	h.must("demo", "--preset", "law-firm")
	require.Positive(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	require.Zero(t, s.stop())

	off := &house{t: t, dir: h.dir, patience: h.patience, env: append(h.env, "UPTAKE_DEMO=off")}
	s = off.serve()
	require.Zero(t, s.adoption(reader, "all", yesterday, false)[0].Headcount)
	require.Zero(t, s.stop())
	s = h.serve()
	require.Zero(t, s.adoption(reader, "all", yesterday, false)[0].Headcount, "off has dropped it")
}
