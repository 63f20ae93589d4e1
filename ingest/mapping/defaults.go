package mapping

import (
	"bytes"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// What holds without any rule.
var (
	view    = []byte("view")
	unknown = []byte(adoption.UnknownUse)
)

// toolFields are where the formats keep a tool's name when somebody tells one.
var toolFields = [...]string{"properties.tool", "attributes.tool", "data.tool"}

// toolOf is the tool of an event to which no rule gives another one, nil where nobody told any.
func (m *Mapping) toolOf(r *wire.Record) []byte {
	if m.tool != nil {
		return m.tool
	}
	for _, path := range toolFields {
		if tool := r.Field(path); tool != nil {
			return tool
		}
	}
	return nil
}

// byDefault is the action that a name means by itself, nil for none.
func byDefault(format string, name []byte) []byte {
	if action := knownAction(name); action != nil {
		return action
	}
	switch name = bytes.TrimSpace(name); {
	case format == "segment" && (isWord(name, "page") || isWord(name, "screen")),
		format == "posthog" && (isWord(name, "$pageview") || isWord(name, "$screen")):
		return view
	}
	return nil
}

// withoutRule gives a record the meaning that its name has by itself, if it has one.
func (m *Mapping) withoutRule(r *wire.Record, into *wire.Event) Outcome {
	into.Action = byDefault(r.Format, r.Name)
	switch name := bytes.TrimSpace(r.Name); {
	case into.Action != nil:
		return Known
	case r.Format == "posthog" && len(name) > 0 && name[0] == '$':
		return Ignored // what the client tells of itself: $autocapture, $feature_flag_called, $pageleave, …
	}
	return m.keep(r, into)
}

// keep makes of a record an event that is kept under its own name and changes no figure.
func (m *Mapping) keep(r *wire.Record, into *wire.Event) Outcome {
	if m.ignoreUnknown {
		return Ignored
	}
	// What a rule has filled in goes: things are hashed under their tool, and an unknown event stands for one action.
	*into = wire.Event{ID: into.ID, Time: into.Time, Actor: into.Actor, Tool: into.Tool, Action: r.Name, Class: unknown,
		Counterparts: into.Counterparts[:0], Attributes: into.Attributes[:0]}
	return Unknown
}

func isWord(name []byte, word string) bool { return string(name) == word }
