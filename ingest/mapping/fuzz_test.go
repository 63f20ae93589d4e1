package mapping

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

// Whatever a file holds, it is read or its mistakes are told; and what was read can be used.
func FuzzParse(f *testing.F) {
	f.Add([]byte(wiki), "Page Edited")
	f.Add([]byte("tool: &a [*a]\nevents:\n  - <<: *a\n"), "")
	f.Add([]byte("events:\n  - {name: \"*\", ignore: true}\n"), "x")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		m, mistakes := Parse("x.yaml", text)
		require.Equal(t, m == nil, len(mistakes) > 0)
		if m != nil {
			var e wire.Event
			m.Event(record(name, "properties.kind", "draft"), &e)
			m.Stored(name, "wiki")
		}
	})
}

// Whatever a record holds, the event is made of it and the mapping, and nothing else.
func FuzzEvent(f *testing.F) {
	f.Add("segment", "Page Edited", "properties.page_id", "7", "properties.to", "ann@example.com,,;")
	f.Add("posthog", "$pageview", "properties.tool", "wiki", "", "")
	m := parse(f, wiki)
	f.Fuzz(func(t *testing.T, format, name, path, value, path2, value2 string) {
		r := record(name, path, value, path2, value2)
		r.Format = format
		var e wire.Event
		switch m.Event(r, &e) {
		case Unknown:
			require.Equal(t, name, string(e.Action))
			require.Equal(t, "unknown", string(e.Class))
		case Known:
			require.NotEmpty(t, e.Action)
			require.True(t, utf8.Valid(e.Action))
			require.NotEqual(t, "unknown", string(e.Class))
			require.LessOrEqual(t, len(e.Counterparts), wire.MaxCounterparts)
		}
		if len(e.Actor) > 0 {
			require.Equal(t, string(r.Field("properties.user_email")), string(e.Actor))
		}
	})
}
