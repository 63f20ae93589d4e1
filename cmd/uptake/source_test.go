package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// mapping writes a mapping file of the house.
func (h *house) mapping(source, text string) {
	h.t.Helper()
	dir := filepath.Join(h.dir, "mappings")
	require.NoError(h.t, os.MkdirAll(dir, 0o700))
	require.NoError(h.t, os.WriteFile(filepath.Join(dir, source+".yaml"), []byte(text), 0o600))
}

const segmentBatch = `{"batch":[
	{"type":"track","event":"Page Edited","messageId":"1","userId":"ann@example.org","timestamp":"2026-11-03T09:30:00Z","properties":{"page_id":"7"}},
	{"type":"track","event":"Opened by ben@example.org","messageId":"2","userId":"ann@example.org","timestamp":"2026-11-03T09:31:00Z"},
	{"type":"track","event":"Heartbeat","messageId":"3","userId":"ann@example.org","timestamp":"2026-11-03T09:31:00Z"}]}`

const wikiMapping = "tool: wiki\nevents:\n  - {name: Page Edited, action: edit, object_type: page, object_from: properties.page_id}\n  - {name: Heartbeat, ignore: true}\n"

// What a payload would become is told with a server and without one, and nothing of it is stored.
func TestSourceTest(t *testing.T) {
	for _, serving := range []bool{false, true} {
		h := newHouse(t)
		if serving {
			h.serve()
		}
		payload := writeFile(t, "payload.json", segmentBatch)
		h.mapping("intranet", wikiMapping)
		got := h.must("source", "test", "--source", "intranet", payload)
		require.Regexp(t, `1 +Page Edited +accepted +2026-11-03T09:30:00Z +wiki +edit +contribute +[0-9a-f]{8} +page [0-9a-f]{8}`, got)
		require.Regexp(t, `2 +Opened by ben@example.org +unknown +2026-11-03T09:31:00Z +wiki +Opened by \(id\) +unknown`, got)
		require.Regexp(t, `3 +Heartbeat +ignored`, got)
		require.NotContains(t, got, "ann@example.org")

		var first struct{ Name, Became, Action string }
		require.NoError(t, json.Unmarshal([]byte(strings.SplitN(h.must("source", "test", "--json", payload), "\n", 2)[0]), &first))
		require.Equal(t, "unknown", first.Became, "another source has no mapping")

		nosuch := h.run("source", "test", "--source", "nosuch", payload)
		require.Equal(t, exitOK, nosuch.code, nosuch.stderr)
		require.Contains(t, nosuch.stderr, "There is no token for a source nosuch")
		require.NotContains(t, nosuch.stdout, "token")
		require.NotContains(t, h.run("source", "test", payload).stderr, "token", "none was named")
		h.must("token", "create", "--source", "known")
		require.NotContains(t, h.run("source", "test", "--source", "known", payload).stderr, "token")

		wrong := h.run("source", "test", "--as", "posthorn", payload)
		require.Equal(t, exitFailed, wrong.code)
		require.Contains(t, wrong.stderr, `There is no form "posthorn"`)
		require.Contains(t, h.must("source", "list"), "intranet")
		require.NotContains(t, h.must("source", "list"), "2026-11-03")
	}
}

// All mistakes of mapping files come at once, from the check and from a start.
func TestSourceCheck(t *testing.T) {
	h := newHouse(t)
	require.Empty(t, h.must("source", "check"))
	h.mapping("intranet", wikiMapping)
	require.Contains(t, h.must("source", "check"), "intranet.yaml: no mistakes")
	h.mapping("intranet", "tol: wiki\nevents:\n  - name: x\n")
	h.mapping("other", "unknown: kep\n")
	for _, args := range [][]string{{"source", "check"}, {"token", "list"}, {"serve"}} {
		got := h.run(args...)
		require.Equal(t, exitUsage, got.code)
		require.Contains(t, got.stderr, "the configuration has 3 mistakes")
		require.Contains(t, got.stderr, `intranet.yaml:1: "tol" is not known here, did you mean tool?`)
		require.Contains(t, got.stderr, `other.yaml:1: unknown: "kep"`)
	}
	h.env = append(h.env, "UPTAKE_MAPPINGS="+filepath.Join(h.dir, "nowhere"))
	require.Contains(t, h.run("source", "check").stderr, "there is no directory")
}

// The whole road: a client sends what nobody knows, the trust page names it, a rule is written while the server runs, a
// wrong one is told by /readyz, and remap brings the stored events into the figures.
func TestUnknownNamesBecomeKnown(t *testing.T) {
	h := newHouse(t)
	s := h.serve()
	token, reader := h.must("token", "create", "--source", "intranet"), h.must("token", "create", "--reader", "me")
	yesterday := time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	send := func() {
		t.Helper()
		status, body, err := s.send(token, "/v1/batch", "application/json", strings.NewReader(strings.ReplaceAll(segmentBatch, "2026-11-03", yesterday)))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status, "%s", body)
	}
	trust := func() query.SourceTrust {
		t.Helper()
		s.settle(reader)
		var answer query.TrustAnswer
		s.get(reader, "/api/v1/trust", &answer)
		require.Len(t, answer.Sources, 1)
		return answer.Sources[0]
	}
	degraded := func() string {
		var ready struct{ Degraded []string }
		s.get("", "/readyz", &ready)
		return strings.Join(ready.Degraded, "\n")
	}
	send()
	before := trust()
	require.EqualValues(t, 3, before.UnknownEvents)
	require.Equal(t, []query.UnknownName{{Name: "Heartbeat", Events: 1}, {Name: "Opened by (id)", Events: 1}, {Name: "Page Edited", Events: 1}}, before.UnknownNames)
	require.Empty(t, before.Tools)

	require.Contains(t, h.run("source", "remap", "intranet").stderr, "There is no mapping of intranet")
	h.mapping("intranet", "tool: wiki\nevents: wrong\n")
	require.Eventually(t, func() bool { return strings.Contains(degraded(), "intranet.yaml:2") }, time.Minute, 100*time.Millisecond)
	h.mapping("intranet", wikiMapping)
	out := h.must("source", "remap", "intranet")
	require.Regexp(t, `Page Edited +1 +known +wiki +edit +without object`, out)
	require.Regexp(t, `Heartbeat +1 +ignored`, out)
	after := trust()
	require.Equal(t, []query.UnknownName{{Name: "Opened by (id)", Events: 1}}, after.UnknownNames)
	require.Equal(t, []string{"wiki"}, after.Tools)
	h.must("source", "remap", "intranet")
	send() // the same records, now with all that they tell
	require.Equal(t, after.UnknownNames, trust().UnknownNames)
	require.EqualValues(t, 1, sumOf(trust().Days))
	require.NotContains(t, degraded(), "intranet.yaml")
	require.Regexp(t, `intranet +1 +`+yesterday+` 09:30:00 +1 +1 +.*intranet.yaml`, h.must("source", "list"))
}

func sumOf(days []query.SourceDay) (n uint64) {
	for _, d := range days {
		n += d.Events
	}
	return n
}
