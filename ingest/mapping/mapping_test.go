package mapping

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

// wiki is the mapping that most tests look at.
const wiki = `
tool: wiki
actor: properties.user_email
events:
  - name: Page Edited
    when: {properties.kind: draft}
    ignore: true
  - name: Page Edited
    action: edit
    object_from: properties.page_id
    object_type: page
    container_from: properties.space
  - name: Poll Answered
    action: vote
    class: respond
    tool_from: properties.app
    quantity_from: properties.answers
    counterparts_from: properties.to
    duration_s_from: properties.took
    attributes: {channel_type: properties.type, none: properties.none}
  - name: page
    action: view
  - name: Search *
    action: search
  - name: Heartbeat
    ignore: true
`

func parse(t testing.TB, text string) *Mapping {
	t.Helper()
	m, mistakes := Parse("wiki.yaml", []byte(text))
	require.Empty(t, mistakes)
	return m
}

// record is a record of Segment's form: path and value, path and value.
func record(name string, fields ...string) *wire.Record {
	r := &wire.Record{Format: "segment", Kind: wire.Track, Name: []byte(name), ID: []byte("1"), Time: []byte("2026-11-20"), Actor: []byte("u7")}
	for i := 0; i < len(fields); i += 2 {
		r.Fields = append(r.Fields, wire.Field{Path: []byte(fields[i]), Value: []byte(fields[i+1])})
	}
	return r
}

// told is an event as text, to compare.
func told(e *wire.Event) map[string]string {
	out := map[string]string{}
	for name, value := range map[string][]byte{"id": e.ID, "time": e.Time, "tool": e.Tool, "actor": e.Actor, "action": e.Action, "class": e.Class, "object": e.Object,
		"object_type": e.ObjectType, "container": e.Container, "duration_s": e.Duration, "quantity": e.Quantity} {
		if value != nil {
			out[name] = string(value)
		}
	}
	for _, c := range e.Counterparts {
		out["counterparts"] += string(c) + " "
	}
	for _, a := range e.Attributes {
		out["attribute "+string(a.Key)] = string(a.Value)
	}
	return out
}

func TestRules(t *testing.T) {
	m := parse(t, wiki)
	base := func(more map[string]string) map[string]string {
		for name, value := range map[string]string{"id": "1", "time": "2026-11-20", "tool": "wiki", "actor": "ann@example.com"} {
			if _, there := more[name]; !there {
				more[name] = value
			}
		}
		return more
	}
	mail := []string{"properties.user_email", "ann@example.com"}
	for name, c := range map[string]struct {
		record  *wire.Record
		outcome Outcome
		event   map[string]string
	}{
		"first that fits": {record("Page Edited", append(mail, "properties.kind", "draft")...), Ignored, nil},
		"its condition does not hold": {record("Page Edited", append(mail, "properties.kind", "page", "properties.page_id", "12", "properties.space", "HR")...), Known,
			base(map[string]string{"action": "edit", "object": "12", "object_type": "page", "container": "HR"})},
		"its condition is not told": {record("  page EDITED ", mail...), Known, base(map[string]string{"action": "edit", "object_type": "page"})},
		"a word of its own": {record("Poll Answered", append(mail, "properties.app", "Polls", "properties.answers", "3", "properties.to", "ben@example.com; cy@example.com", "properties.to", "di@example.com",
			"properties.took", "4", "properties.type", "public")...), Known,
			base(map[string]string{"action": "vote", "class": "respond", "tool": "Polls", "quantity": "3", "duration_s": "4", "counterparts": "ben@example.com cy@example.com di@example.com ", "attribute channel_type": "public"})},
		"tool_from finds nothing":      {record("poll answered", mail...), Known, base(map[string]string{"action": "vote", "class": "respond"})},
		"any rest":                     {record("search people", mail...), Known, base(map[string]string{"action": "search"})},
		"a rest is needed to its name": {record("Searching", mail...), Unknown, base(map[string]string{"action": "Searching", "class": "unknown"})},
		"a rule goes before a default": {record("page", mail...), Known, base(map[string]string{"action": "view"})},
		"a default":                    {record("Download", mail...), Known, base(map[string]string{"action": "download"})},
		"ignored":                      {record("Heartbeat", mail...), Ignored, nil},
		"unknown":                      {record("Page Archived", mail...), Unknown, base(map[string]string{"action": "Page Archived", "class": "unknown"})},
		"nobody":                       {record("Page Edited"), Known, map[string]string{"id": "1", "time": "2026-11-20", "tool": "wiki", "action": "edit", "object_type": "page"}},
	} {
		t.Run(name, func(t *testing.T) {
			var e wire.Event
			e.Counterparts, e.Duration = [][]byte{[]byte("of the event before")}, []byte("9")
			require.Equal(t, c.outcome, m.Event(c.record, &e))
			if c.outcome != Ignored {
				require.Equal(t, c.event, told(&e))
			}
		})
	}
}

// What was done without a tool is kept under its own name, and waits for a rule that tells the tool.
func TestNoToolIsKept(t *testing.T) {
	var e wire.Event
	require.Equal(t, Unknown, (*Set)(nil).Of("feed").Event(record("Edit"), &e))
	require.Equal(t, []string{"Edit", string(unknown)}, []string{string(e.Action), string(e.Class)})
	rules := "events:\n  - {name: Page Edited, action: edit, tool_from: properties.app, object_from: properties.id, object_type: page, quantity_from: properties.n}\n"
	m := parse(t, rules)
	require.Equal(t, Unknown, m.Event(record("Page Edited", "properties.id", "7", "properties.n", "3"), &e))
	require.Equal(t, map[string]string{"id": "1", "time": "2026-11-20", "actor": "u7", "action": "Page Edited", "class": "unknown"}, told(&e))
	require.Equal(t, Known, m.Event(record("Page Edited", "properties.app", "wiki"), &e))
	require.Equal(t, Known, parse(t, "unknown: ignore\n"+rules).Event(record("Page Edited"), &e), "it is refused, not ignored: its name is known")
}

func TestDefaults(t *testing.T) {
	var set *Set
	m := set.Of("anything")
	for _, c := range []struct {
		format, name, action string
		outcome              Outcome
	}{
		{"segment", "page", "view", Known},
		{"segment", "screen", "view", Known},
		{"posthog", "$pageview", "view", Known},
		{"posthog", "$screen", "view", Known},
		{"posthog", "page", "page", Unknown},
		{"posthog", "$autocapture", "", Ignored},
		{"posthog", "$feature_flag_called", "", Ignored},
		{"segment", "$pageview", "$pageview", Unknown},
		{"otlp", "EDIT", "edit", Known},
		{"otlp", "", "", Unknown},
		{"cloudevents", "com.example.page.edited", "com.example.page.edited", Unknown},
	} {
		r := record(c.name, "data.tool", "board")
		r.Format = c.format
		var e wire.Event
		require.Equal(t, c.outcome, m.Event(r, &e), "%s %s", c.format, c.name)
		if c.outcome != Ignored {
			require.Equal(t, c.action, string(e.Action))
			require.Equal(t, "board", string(e.Tool))
			require.Equal(t, "u7", string(e.Actor))
			require.Equal(t, c.outcome == Unknown, e.Class != nil)
		}
	}
	r := record("edit")
	r.Kind = wire.Identify
	require.Equal(t, Ignored, m.Event(r, &wire.Event{}), "it tells of a person, not of use")
	require.Equal(t, Ignored, parse(t, "unknown: ignore").Event(record("Page Archived"), &wire.Event{}))
	require.Nil(t, set.Sources())
}

func TestNative(t *testing.T) {
	m := parse(t, `
tool: wiki
events:
  - name: rewrite
    when: {attributes.kind: note, object_type: text}
    action: comment
    tool: notes
  - {name: rewrite, action: edit, object_type: page}
  - {name: ping, ignore: true}
`)
	event := func(action, tool, kind string) *wire.Event {
		return &wire.Event{Action: []byte(action), Tool: []byte(tool), ObjectType: []byte(kind), Attributes: []wire.Attribute{{Key: []byte("kind"), Value: []byte("note")}}}
	}
	for _, c := range []struct {
		in      *wire.Event
		outcome Outcome
		want    map[string]string
	}{
		{event("ReWrite", "chat", "text"), Known, map[string]string{"action": "comment", "tool": "notes", "object_type": "text", "attribute kind": "note"}},
		{event("rewrite", "", ""), Known, map[string]string{"action": "edit", "tool": "wiki", "object_type": "page", "attribute kind": "note"}},
		{event("view", "", "x"), Known, map[string]string{"action": "view", "tool": "", "object_type": "x", "attribute kind": "note"}},
		{event("dance", "chat", "x"), Known, map[string]string{"action": "dance", "tool": "chat", "object_type": "x", "attribute kind": "note"}},
		{event("ping", "chat", "x"), Ignored, nil},
	} {
		require.Equal(t, c.outcome, m.Native(c.in))
		if c.outcome == Known {
			require.Equal(t, c.want, told(c.in))
		}
	}
}

// What becomes of unknown events that were stored before there was a rule.
func TestStored(t *testing.T) {
	m := parse(t, `
events:
  - {name: Draft Saved, when: {properties.kind: x}, action: edit}
  - {name: Draft Saved, action: create}
  - {name: Page Opened, action: view, object_type: page, object_from: properties.id, tool: wiki}
  - {name: Poll Answered, action: vote, class: respond, tool: polls}
  - {name: Totals, action: send, quantity_from: properties.n}
  - {name: App Used, action: view, tool_from: properties.app}
  - {name: Order 4711 Seen, action: view}
  - {name: Ping *, ignore: true}
`)
	for _, c := range []struct {
		name, tool string
		want       Fate
	}{
		{"page opened", "x", Fate{Outcome: Known, Action: "view", Class: "consume", Tool: "wiki", ObjectType: "page", Note: "without object: properties.id was not kept"}},
		{"Poll Answered", "", Fate{Outcome: Known, Action: "vote", Class: "respond", Tool: "polls"}},
		{"Order (id) Seen", "shop", Fate{Outcome: Known, Action: "view", Class: "consume", Tool: "shop"}},
		{"Order (id) Seen", "", Fate{Outcome: Unknown, Note: "no tool was told: write `tool:` into the rule or the mapping"}},
		{"Draft Saved", "x", Fate{Outcome: Unknown, Note: "the rule on line 3 needs properties.kind, which was not kept"}},
		{"Totals", "x", Fate{Outcome: Unknown, Note: "the rule on line 7 needs properties.n, which was not kept"}},
		{"App Used", "x", Fate{Outcome: Unknown, Note: "the rule on line 8 needs properties.app, which was not kept"}},
		{"Ping Pong", "", Fate{Outcome: Ignored}},
		{"Never Heard", "x", Fate{Outcome: Unknown}},
		{Other, "x", Fate{Outcome: Unknown, Note: "their names were not kept"}},
	} {
		require.Equal(t, c.want, m.Stored(c.name, c.tool), c.name)
	}
	require.Equal(t, Fate{Outcome: Ignored}, parse(t, "unknown: ignore").Stored("Never Heard", "x"))

	// Known by itself, and kept because no tool was told.
	for name, action := range map[string]string{"Download": "download", "page": "view", "$screen": "view"} {
		require.Equal(t, Fate{Outcome: Known, Action: action, Class: "consume", Tool: "wiki"}, parse(t, "tool: wiki").Stored(name, ""))
		require.Equal(t, Unknown, m.Stored(name, "").Outcome)
	}
}

// The usual record costs no allocation.
func TestEventAllocatesNothing(t *testing.T) {
	m, e := parse(t, wiki), wire.Event{Counterparts: make([][]byte, 0, 8), Attributes: make([]wire.Attribute, 0, 8)}
	for _, r := range usual {
		require.Zero(t, testing.AllocsPerRun(100, func() { m.Event(r, &e) }), "%s", r.Name)
	}
}

var usual = []*wire.Record{
	record("Page Edited", "properties.kind", "page", "properties.page_id", "12", "properties.space", "HR", "properties.user_email", "ann@example.com"),
	record("Poll Answered", "properties.app", "polls", "properties.to", "ben@example.com,cy@example.com", "properties.type", "public"),
	record("Page Archived", "context.library.name", "analytics"),
	record("download", "properties.tool", "files"),
}

func BenchmarkEvent(b *testing.B) {
	m, e := parse(b, wiki), wire.Event{}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Event(usual[i%len(usual)], &e)
	}
}
