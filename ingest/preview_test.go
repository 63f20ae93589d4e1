package ingest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// previewed is what each event of a body would become, one line of JSON each.
func previewed(t *testing.T, d *Door, as, body string) []string {
	t.Helper()
	var lines []string
	err := d.Preview(t.Context(), "feed", as, strings.NewReader(body), func(p Previewed) {
		p.ID = "" // hashes of what is tested elsewhere
		line, err := json.Marshal(p)
		require.NoError(t, err)
		lines = append(lines, string(line))
	})
	require.NoError(t, err)
	return lines
}

// A preview tells of each event what it would become, in the order of the body, and stores nothing.
func TestPreview(t *testing.T) {
	r := openRig(t, rigConfig{})
	r.door.cfg.Mappings = mapped(t, "feed", `
tool: wiki
events:
  - {name: Page Saved, action: edit, object_type: page, object_from: properties.page_id, quantity_from: properties.n}
  - {name: Ping, ignore: true}
`)
	r.door.workers.New = func() any { return newWorker(r.door.cfg) }
	require.Equal(t, []string{
		`{"index":0,"name":"Page Saved","became":"accepted","time":"2026-11-20T09:30:00Z","tool":"wiki","action":"edit","class":"contribute","actor":"` + short(r.door.cfg.Pseudonyms.Address("ann@example.com")) + `","object_type":"page","object":"` + r.door.cfg.Pseudonyms.Text("thing", "wiki\x007")[:8] + `","quantity":3}`,
		`{"index":1,"name":"Ping","became":"ignored","reason":"The mapping of this source leaves it out, or the client tells of itself."}`,
		`{"index":2,"name":"Archived by ann@example.com","became":"unknown","time":"2026-11-20T09:30:00Z","tool":"wiki","action":"Archived by (id)","class":"unknown","actor":"` + short(r.door.cfg.Pseudonyms.Address("ann@example.com")) + `"}`,
		`{"index":3,"name":"Page Saved","became":"refused","field":"quantity","reason":"It must be a whole number, not negative."}`,
		`{"index":4,"name":"identify","became":"ignored","reason":"It tells of a person or a group, and this source may not change the directory."}`,
		`{"index":5,"name":"","became":"refused","reason":"An event is a JSON object."}`,
	}, previewed(t, r.door, "", batchOf(track("Page Saved", `"page_id":"7","n":3`), track("Ping", ""), track("Archived by ann@example.com", ""), track("Page Saved", `"n":-1`),
		`{"type":"identify","userId":"7","messageId":"5","traits":{"email":"ann@example.com"}}`, `7`)))
	state, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Zero(t, state.Messages)

	native := `{"time":"2026-11-20","tool":"chat","actor":"ann","action":"post","counterparts":["b"],"duration_s":5}`
	require.Len(t, previewed(t, r.door, "", native+"\n"+native), 2)
	require.Contains(t, previewed(t, r.door, "events", native)[0], `"became":"accepted","time":"2026-11-20","tool":"chat","action":"post"`)

	err = r.door.Preview(t.Context(), "feed", "yaml", strings.NewReader(native), nil)
	require.ErrorContains(t, err, `There is no form "yaml"`)
	err = r.door.Preview(t.Context(), "feed", "segment", strings.NewReader(`{"batch":[`), nil)
	require.ErrorContains(t, err, "broken JSON")
}

// Of each event it is told once what became of it: a refused call is not told as a fact before.
func TestPreviewTellsOnce(t *testing.T) {
	r := openProtocols(t, func(context.Context, []Fact) error { return nil })
	_, err := r.tokens.Create(t.Context(), Grant{Name: "feed", Kind: SourceToken, Directory: true})
	require.NoError(t, err)
	require.Equal(t, []string{
		`{"index":0,"name":"identify","became":"directory","reason":"It tells of a person or a group, and goes to the directory."}`,
		`{"index":1,"name":"group","became":"refused","field":"group_id","reason":"The group has no id."}`,
		`{"index":2,"name":"identify","became":"directory","reason":"It tells of a person or a group, and goes to the directory."}`,
	}, previewed(t, r.door, "segment", batchOf(
		`{"type":"identify","userId":"7","messageId":"5","traits":{"email":"ann@example.com"}}`,
		`{"type":"group","userId":"7","messageId":"6","traits":{"name":"Sales"}}`,
		`{"type":"identify","userId":"8","messageId":"7","traits":{"email":"ben@example.com"}}`)))
}

func TestLooksLike(t *testing.T) {
	for body, want := range map[string]string{
		`{"batch":[{"type":"track"}],"sentAt":"x"}`:   "segment",
		` {"type":"page","userId":"u"}`:               "segment",
		`{"api_key":"k","batch":[]}`:                  "posthog",
		`{"batch":[{"event":"x","distinct_id":"u"}]}`: "posthog",
		`{"resourceLogs":[]}`:                         "otlp",
		"\x0a\x05hello":                               "otlp",
		`{"specversion":"1.0","type":"x"}`:            "cloudevents",
		`[{"specversion":"1.0"}]`:                     "events",
		`{"id":"1","action":"edit"}`:                  "events",
		"{\"id\":\"1\"}\n{\"id\":\"2\"}":              "events",
		``:                                            "events",
	} {
		require.Equal(t, want, looksLike([]byte(body)), body)
	}
}
