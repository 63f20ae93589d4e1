package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/mapping"
)

// mapped is a set of mappings, SOURCE and text of its file.
func mapped(t testing.TB, files ...string) *mapping.Set {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, files[i]+".yaml"), []byte(files[i+1]), 0o600))
	}
	set, err := mapping.Load(dir)
	require.NoError(t, err)
	return set
}

// taken is what a worker makes of a body of Segment calls, by the event's id in the order of the body.
func taken(t testing.TB, w *worker, body string) []adoption.Event {
	t.Helper()
	chunks, err := w.work(Grant{Name: "feed", Kind: SourceToken}, forms["/v1/batch"], &input{body: []byte(body)})
	require.NoError(t, err)
	require.Empty(t, w.rejected)
	events, err := decodeMessage(appendMessage(nil, 1, chunks...), nil, &interner{})
	require.NoError(t, err)
	return events
}

func track(name, properties string) string {
	return fmt.Sprintf(`{"type":"track","event":%q,"messageId":%q,"userId":"ann@example.com","timestamp":"2026-11-20T09:30:00Z","properties":{%s}}`, name, name, properties)
}

func batchOf(calls ...string) string { return `{"batch":[` + strings.Join(calls, ",") + `]}` }

// What nobody knows is kept under its name, without what looks like a person in it; what a rule knows is what the rule
// says, with a class of its own where it gives one.
func TestUnknownNamesAreKept(t *testing.T) {
	cfg := DoorConfig{Limits: Limits{}.withDefaults(), Rules: testRules(), Pseudonyms: NewPseudonymiser([]byte("secret")), Mappings: mapped(t, "feed", `
events:
  - {name: Poll Answered, action: vote, class: respond, tool: Polls}
  - {name: Ping, ignore: true}
`)}
	w := newWorker(cfg)
	long := strings.Repeat("x", 65)
	events := taken(t, w, batchOf(track("Poll Answered", ""), track("Ping", ""), track("Opened by ann@example.com", `"tool":"Wiki"`), track("Archived", ""),
		track("Too Long", `"tool":"`+long+`"`), track("All", `"tool":"all"`)))
	type short struct{ tool, action, class string }
	var got []short
	for _, e := range events {
		got = append(got, short{e.Tool, e.Action, string(e.Class)})
		require.EqualValues(t, 1, e.Quantity)
	}
	require.Equal(t, []short{{"polls", "vote", "respond"}, {"wiki", "Opened by (id)", "unknown"}, {"", "Archived", "unknown"}, {"", "Too Long", "unknown"}, {"", "All", "unknown"}}, got)
	require.Equal(t, 1, w.ignored[ignoredByMapping])
}

// A client that makes a name for everything fills the tables with so many of them only, a source and day.
func TestUnknownNamesAreBounded(t *testing.T) {
	names := &unknownNames{}
	for i := range 2 * maxNames {
		name := fmt.Sprint("name ", i)
		want := name
		if i >= maxNames {
			want = mapping.Other
		}
		require.Equal(t, want, names.admit(1, "feed", name))
	}
	require.Equal(t, "name 7", names.admit(1, "feed", "name 7"), "it was there before")
	require.Equal(t, "new", names.admit(1, "other", "new"))
	require.Equal(t, "new", names.admit(2, "feed", "new"), "another day")
}

// No client can say by itself that its event is of that class.
func TestTheClassIsNoField(t *testing.T) {
	r := openRig(t, rigConfig{})
	_, answer, _ := r.post([]byte(`[{"id":"1","time":"2026-11-20T09:30:00Z","tool":"wiki","actor":"a","action":"unknown"},
		{"id":"2","time":"2026-11-20T09:30:00Z","tool":"wiki","actor":"a","action":"edit","class":"unknown"}]`))
	require.Zero(t, answer.Accepted)
	require.Equal(t, []string{"action", "class"}, []string{answer.Rejected[0].Field, answer.Rejected[1].Field})
}
