package mapping

import (
	"fmt"

	"uptake/adoption"
)

// A Fate is what becomes of stored unknown events of one name and tool, now that there are rules.
type Fate struct {
	Outcome Outcome // Unknown: they stay as they are

	// What they mean, where they are Known.
	Action, Tool, ObjectType string
	Class                    adoption.Class

	// Note says in words why they stay, or what they are left without: of an unknown event its name and tool were kept,
	// none of its other fields.
	Note string
}

// Stored says what the mapping makes of unknown events that were stored under a name, with a tool ("" if none was
// told).
func (m *Mapping) Stored(name, tool string) Fate {
	folded := string(fold(nil, []byte(name)))
	if folded == Other {
		return Fate{Outcome: Unknown, Note: "their names were not kept"}
	}
	for i := range m.rules {
		if r := &m.rules[i]; r.stored == folded || r.prefix && len(folded) >= len(r.name) && folded[:len(r.name)] == r.name {
			return r.stands(m, tool)
		}
	}
	// It has a meaning by itself, and was kept because nobody said with which tool it was done. The format is not stored:
	// only Segment's clients say page, and only PostHog's $pageview.
	for _, format := range []string{"segment", "posthog"} {
		if action := byDefault(format, []byte(folded)); action != nil {
			r := rule{action: action}
			return r.stands(m, tool)
		}
	}
	if m.ignoreUnknown {
		return Fate{Outcome: Ignored}
	}
	return Fate{Outcome: Unknown}
}

// stands is the fate of stored events whose name the rule has. It is the first such rule: one with a condition may or
// may not have been meant, so it leaves them.
func (r *rule) stands(m *Mapping, tool string) Fate {
	stay := func(path string) Fate {
		return Fate{Outcome: Unknown, Note: fmt.Sprintf("the rule on line %d needs %s, which was not kept", r.line, path)}
	}
	switch {
	case len(r.when) > 0:
		return stay(r.when[0].path)
	case r.ignore:
		return Fate{Outcome: Ignored}
	case r.toolFrom != "":
		return stay(r.toolFrom)
	case r.quantity != "":
		return stay(r.quantity)
	}
	f := Fate{Outcome: Known, Action: string(r.action), Class: adoption.Class(r.class), ObjectType: string(r.objectType), Tool: string(r.tool), Note: r.without()}
	if f.Class == "" {
		f.Class, _ = adoption.ClassOf(f.Action)
	}
	if f.Tool == "" {
		f.Tool = string(m.tool)
	}
	if f.Tool == "" {
		f.Tool = tool
	}
	if f.Tool == "" {
		return Fate{Outcome: Unknown, Note: "no tool was told: write `tool:` into the rule or the mapping"}
	}
	return f
}

// without says which fields the rule would have filled.
func (r *rule) without() string {
	for _, part := range []struct{ what, path string }{
		{"object", r.object}, {"container", r.container}, {"counterparts", r.counterparts}, {"duration", r.duration},
	} {
		if part.path != "" {
			return fmt.Sprintf("without %s: %s was not kept", part.what, part.path)
		}
	}
	if len(r.attributes) > 0 {
		return fmt.Sprintf("without attributes: %s was not kept", r.attributes[0].path)
	}
	return ""
}
