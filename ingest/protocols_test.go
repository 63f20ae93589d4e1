package ingest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/mapping"
	"uptake/ingest/wire"
)

// rules give the names of the tests a meaning.
const rules = `tool: wiki
people:
  group_type: department
  unit_from: traits.department
events:
  - name: Page Edited
    action: edit
    object_from: properties.page
    counterparts_from: properties.to
  - name: page.edited
    action: edit
  - name: Noise
    ignore: true
`

// openProtocols is a door whose source has a mapping, and which hands out what it is told of people.
func openProtocols(t *testing.T, facts Facts) *rig {
	t.Helper()
	dir := t.TempDir()
	for _, source := range []string{"feed", "hr"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, source+".yaml"), []byte(rules), 0o600))
	}
	set, err := mapping.Load(dir)
	require.NoError(t, err)
	r := openRig(t, rigConfig{})
	r.door.cfg.Mappings, r.door.cfg.Facts = set, facts
	r.door.workers.New = func() any { return newWorker(r.door.cfg) }
	return r
}

// call posts to a path, with headers in pairs, and returns the status and the answer as JSON.
func (r *rig) call(path string, body []byte, header ...string) (int, map[string]any, http.Header) {
	r.t.Helper()
	request, err := http.NewRequest(http.MethodPost, r.server.URL+path, bytes.NewReader(body))
	require.NoError(r.t, err)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := r.server.Client().Do(request)
	require.NoError(r.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	var told map[string]any
	require.NoError(r.t, json.Unmarshal(text, &told), string(text))
	return response.StatusCode, told, response.Header
}

func basic(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"))
}

const (
	trackCall    = `{"type":"track","event":"Page Edited","messageId":"m1","userId":"u-1","timestamp":"2026-11-20T09:15:00.000Z","properties":{"page":"p","to":["b@x.de","c@x.de"]}}`
	identifyCall = `{"type":"identify","messageId":"m2","userId":"u-1","timestamp":"2026-11-20T09:15:00.000Z","traits":{"email":"ada@example.com"}}`
)

func TestSegmentAtTheDoor(t *testing.T) {
	r := openProtocols(t, nil)
	batch := `{"batch":[` + trackCall + `,` + identifyCall + `,{"type":"track","event":"Noise","userId":"u"},{"type":"track","messageId":"m3"},` +
		`{"type":"track","event":"Never Heard","userId":"u-1","timestamp":"2026-11-20T09:15:00Z"},{"type":"track","event":"Page Edited","userId":"u-1","messageId":"m4"}]}`
	status, told, _ := r.call("/v1/batch", zipped(t, batch), "Authorization", basic(r.token), "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, map[string]any{"success": true, "accepted": 2.0, "ignored": 2.0, "rejected": []any{
		map[string]any{"index": 3.0, "id": "m3", "field": "event", "reason": wire.MissingField},
		map[string]any{"index": 5.0, "id": "m4", "field": "time", "reason": missing}}}, told)

	for _, path := range []string{"/v1/track", "/v1/page", "/v1/screen"} {
		status, told, _ = r.call(path, []byte(strings.Replace(trackCall, `"type":"track",`, "", 1)), "Authorization", "Bearer "+r.token)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, map[string]any{"success": true, "accepted": 1.0, "rejected": []any{}}, told, path)
	}
	for _, path := range []string{"/v1/identify", "/v1/group", "/v1/alias"} {
		_, told, _ = r.call(path, []byte(`{"userId":"u"}`), "Authorization", "Bearer "+r.token)
		require.Equal(t, map[string]any{"success": true, "accepted": 0.0, "ignored": 1.0, "rejected": []any{}}, told, path)
	}
	status, told, _ = r.call("/v1/batch", []byte(`{"batch":`), "Authorization", "Bearer "+r.token)
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, told, "error")
}

func TestPostHogAtTheDoor(t *testing.T) {
	r := openProtocols(t, nil)
	event := `{"event":"Page Edited","uuid":"x","distinct_id":"u-1","timestamp":"2026-11-20T09:15:00Z","properties":{}}`
	for path, body := range map[string]string{
		"/batch/": `{"api_key":"` + r.token + `","batch":[` + event + `,{"event":"$identify","distinct_id":"u"},{"event":"Page Edited","uuid":"y","distinct_id":"u"}]}`,
		"/batch":  `[` + strings.Replace(event, "{", `{"token":"`+r.token+`",`, 1) + `,{"event":"$set","distinct_id":"u"},{"event":"Page Edited","uuid":"y","distinct_id":"u"}]`,
	} {
		status, told, _ := r.call(path, zipped(t, body))
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, map[string]any{"status": 1.0, "accepted": 1.0, "ignored": 1.0, "rejected": []any{
			map[string]any{"index": 2.0, "id": "y", "field": "time", "reason": missing}}}, told)
	}
	for _, path := range []string{"/capture/", "/capture", "/e/", "/e"} {
		_, told, _ := r.call(path, []byte(strings.Replace(event, "{", `{"api_key":"`+r.token+`",`, 1)))
		require.Equal(t, map[string]any{"status": 1.0, "accepted": 1.0, "rejected": []any{}}, told)
	}
}

func TestCloudEventsAtTheDoor(t *testing.T) {
	r := openProtocols(t, nil)
	one := `{"specversion":"1.0","type":"page.edited","source":"/wiki","id":"e-1","time":"2026-11-20T09:15:00Z","data":{"actor":"u-1"}}`
	broken := `{"specversion":"1.0","source":"/wiki","id":"e-2","time":"2026-11-20T09:15:00Z"}`
	for kind, body := range map[string]string{"application/cloudevents+json": one, "application/json": one, "application/cloudevents-batch+json": "[" + one + "]"} {
		status, told, _ := r.call("/v1/events", []byte(body), "Authorization", "Bearer "+r.token, "Content-Type", kind)
		require.Equal(t, http.StatusAccepted, status)
		require.Equal(t, map[string]any{"accepted": 1.0, "rejected": []any{}}, told)
	}
	_, told, _ := r.call("/v1/events", []byte("["+goodEvent+","+one+","+broken+"]"), "Authorization", "Bearer "+r.token)
	require.Equal(t, map[string]any{"accepted": 2.0, "rejected": []any{
		map[string]any{"index": 2.0, "id": "e-2", "field": "type", "reason": wire.MissingField}}}, told)
	status, told, _ := r.call("/v1/events", []byte(`{"actor":"u-1"}`), "Authorization", "Bearer "+r.token, "Content-Type", "application/json",
		"ce-specversion", "1.0", "ce-id", "e-1", "ce-source", "/wiki", "ce-type", "page.edited", "ce-time", "2026-11-20T09:15:00Z")
	require.Equal(t, http.StatusAccepted, status)
	require.Equal(t, map[string]any{"accepted": 1.0, "rejected": []any{}}, told)
}

// The same record must have the same identity in all modes, and after a change of the mapping.
func TestIdentityOfForeignEvents(t *testing.T) {
	work := func(w *worker, f *form, body string) []string {
		chunks, err := w.work(Grant{Name: "feed"}, f, &input{body: []byte(body)})
		require.NoError(t, err)
		events, err := decodeMessage(appendMessage(nil, 1, chunks...), nil, &interner{})
		require.NoError(t, err)
		var ids []string
		for _, e := range events {
			ids = append(ids, string(e.ID[:]))
		}
		return ids
	}
	bare := testWorker(testRules())
	mapped := openProtocols(t, nil).door.workers.Get().(*worker)
	mapped.checker.rules = testRules()
	call := func(properties string) string {
		return `{"type":"track","event":"Page Edited","userId":"u","timestamp":"2026-11-20T09:15:00.000001Z","properties":` + properties + `}`
	}
	first := work(mapped, segmentForm(""), call(`{"page":"a","tool":"wiki"}`))
	require.Len(t, first, 1)
	require.Equal(t, first, work(mapped, segmentForm(""), call(`{"tool": "wiki", "page": "a"}`)), "the order of the keys says nothing")
	require.Equal(t, first, work(bare, segmentForm(""), call(`{"page":"a","tool":"wiki"}`)), "nor does the mapping")
	for _, other := range []string{`{"page":"b","tool":"wiki"}`, `{"page":"a","tool":"wiki","x":[]}`, `{"page":"a","tool":"wiki","x":1}`, `{"page":["a","b"],"tool":"wiki"}`,
		`{"page":"a","tool":"wiki","deep":` + strings.Repeat(`{"a":`, 12) + "1" + strings.Repeat("}", 12) + "}"} {
		if strings.Contains(other, "[]") {
			require.Equal(t, first, work(bare, segmentForm(""), call(other)), "an empty list says nothing")
			continue
		}
		require.NotEqual(t, first, work(bare, segmentForm(""), call(other)), other)
	}
}

func TestKeysInBodies(t *testing.T) {
	r := openProtocols(t, nil)
	reader, err := r.tokens.Create(t.Context(), Grant{Name: "Finance", Kind: ReaderToken})
	require.NoError(t, err)
	body := func(key string) []byte { return []byte(`{"batch":[` + trackCall + `],"writeKey":"` + key + `"}`) }
	for _, c := range []struct {
		header, key string
		status      int
	}{
		{"", r.token, 200}, {"", "nobody", 401}, {"", "", 401}, {"", reader, 403}, {basic(r.token), "nobody", 200}, {"Bearer " + r.token, "", 200},
		{basic("nobody"), r.token, 401}, {"Bearer nobody", r.token, 401}, {"Digest x", r.token, 401}, {basic(""), r.token, 401},
	} {
		header := []string{}
		if c.header != "" {
			header = []string{"Authorization", c.header}
		}
		status, _, _ := r.call("/v1/batch", body(c.key), header...)
		require.Equal(t, c.status, status, c)
	}
	status, _, _ := r.call("/v1/events", []byte(`{"writeKey":"`+r.token+`"}`))
	require.Equal(t, http.StatusUnauthorized, status, "Uptake's own form has no place for a key")
	status, _, _ = r.call("/v1/events", []byte(goodEvent), "Authorization", basic(r.token))
	require.Equal(t, http.StatusAccepted, status)
	requireNothingInFlight(t, r.door)
}

// Who sends under another's place gives it back, whatever becomes of the request.
func TestAPlaceIsPassedOn(t *testing.T) {
	f := testFairness(fairLimits{requests: 4, bytes: 100, rate: 1, burst: 1})
	p, err := f.admit(t.Context(), "")
	require.NoError(t, err)
	require.NoError(t, p.grow(10))
	require.NoError(t, p.pass("a"))
	require.Equal(t, 1, f.sources["a"].requests)
	require.EqualValues(t, 10, f.sources["a"].bytes)
	require.Zero(t, f.sources[""].requests)

	more, _ := fill(t, f, "a")
	guest, err := f.admit(t.Context(), "")
	require.NoError(t, err)
	require.Error(t, guest.pass("a"), "a has its share already")
	guest.leave()
	for _, p := range append(more, p) {
		p.leave()
	}
	require.Zero(t, f.requests)
	require.Zero(t, f.bytes)
}

func TestPathsThatAreNotServed(t *testing.T) {
	r := openRig(t, rigConfig{})
	for _, path := range []string{"/", "/v1/", "/v1/batch/", "/v1/projects/x/settings", "/v1/nothing"} {
		status, told, _ := r.call(path, nil, "Authorization", "Bearer "+r.token)
		require.Equal(t, http.StatusNotFound, status, path)
		require.Contains(t, told, "error")
	}
	for _, path := range Paths() {
		response, err := http.Get(r.server.URL + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusMethodNotAllowed, response.StatusCode, path)
	}
}
