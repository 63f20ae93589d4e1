// Package mapping gives foreign events their meaning: what a client calls "Page Edited" becomes an edit of a page in
// the wiki. A source may have one file, SOURCE.yaml, with rules; without one the defaults below are all there is.
// What no rule and no default knows is kept under the name that the client gave it (adoption.UnknownUse).
package mapping

import (
	"bytes"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// Outcome says what became of a record.
type Outcome uint8

const (
	Known   Outcome = iota // it means an action
	Unknown                // nobody said what its name means: it is kept and counted, and changes no figure
	Ignored                // it means nothing, and is not kept
)

// Mapping is what one source's names mean. It is never changed, so any number of goroutines may use it. Use Set.Of to
// have one.
type Mapping struct {
	file          string // "" for a source without one
	tool          []byte // of every event that no rule gives another one; nil: not told
	actor         string // where the person stands; "": the format's own place
	people        People
	ignoreUnknown bool
	rules         []rule
	exact         map[string][]int // rules by folded name, in order
	prefixes      []int            // rules whose name ends in *, in order
}

// A rule says what a name means. The text fields point into the file's own text.
type rule struct {
	line       int
	name       string // folded, without the *
	stored     string // the name as CleanName leaves it, folded: under it unknown events are stored
	prefix     bool
	when       []condition
	ignore     bool
	action     []byte
	class      []byte // nil: the action's own
	tool       []byte
	objectType []byte

	// The paths of fields; "" for what the rule does not tell.
	toolFrom, object, container, counterparts, quantity, duration string
	attributes                                                    []attribute
}

// condition is a field that must have a value for a rule to fit.
type condition struct{ path, value string }

type attribute struct {
	name []byte
	path string
}

// teller tells what an event says at a path.
type teller interface{ Field(path string) []byte }

// File is the path of the mapping's file, "" for a source that has none.
func (m *Mapping) File() string { return m.file }

// Event says what a record of somebody's doing means, and fills into with it: with slices of the record and of the
// mapping, good as long as the record is. Of an Ignored one into is worth nothing. A record of another kind than
// wire.Track is Ignored: it tells of people, not of use.
func (m *Mapping) Event(r *wire.Record, into *wire.Event) Outcome {
	*into = wire.Event{Counterparts: into.Counterparts[:0], Attributes: into.Attributes[:0]}
	if r.Kind != wire.Track {
		return Ignored
	}
	into.ID, into.Time, into.Actor, into.Tool = r.ID, r.Time, r.Actor, m.toolOf(r)
	if m.actor != "" {
		into.Actor = r.Field(m.actor)
	}
	rule := m.find(r.Name, r)
	switch {
	case rule == nil:
		if outcome := m.withoutRule(r, into); outcome != Known {
			return outcome
		}
	case rule.ignore:
		return Ignored
	default:
		rule.fill(r, into)
	}
	if len(bytes.TrimSpace(into.Tool)) == 0 && !m.ignoreUnknown {
		return m.keep(r, into) // nobody said with which tool it was done: a rule may say so later
	}
	return Known
}

// Native says what an event in Uptake's own form means whose action is not in the list. A rule gives it an action, a
// class, a tool and, where it tells none, the type of its object; its other fields stay as they were told. Without a
// rule it stays as it is, and is refused as before. Events with a known action are never touched.
func (m *Mapping) Native(e *wire.Event) Outcome {
	if len(m.rules) == 0 || knownAction(e.Action) != nil {
		return Known
	}
	rule := m.find(e.Action, (*native)(e))
	switch {
	case rule == nil:
		return Known
	case rule.ignore:
		return Ignored
	}
	e.Action, e.Class = rule.action, rule.class
	if tool := rule.toolOf((*native)(e)); tool != nil {
		e.Tool = tool
	} else if len(e.Tool) == 0 {
		e.Tool = m.tool
	}
	if len(e.ObjectType) == 0 {
		e.ObjectType = rule.objectType
	}
	return Known
}

// native is an event in Uptake's own form as a teller.
type native wire.Event

// Field is what the event says at a path: tool, object_type, or attributes.NAME.
func (e *native) Field(path string) []byte {
	switch path {
	case "tool":
		return e.Tool
	case "object_type":
		return e.ObjectType
	}
	const attributes = "attributes."
	if len(path) <= len(attributes) || path[:len(attributes)] != attributes {
		return nil
	}
	for i := range e.Attributes {
		if string(e.Attributes[i].Key) == path[len(attributes):] {
			return e.Attributes[i].Value
		}
	}
	return nil
}

// find is the first rule that fits, nil for none.
func (m *Mapping) find(name []byte, t teller) *rule {
	if len(m.rules) == 0 {
		return nil
	}
	var room [128]byte
	name = fold(room[:0], name)
	exact, prefixes := m.exact[string(name)], m.prefixes
	for len(exact)+len(prefixes) > 0 {
		var r *rule
		if len(prefixes) == 0 || len(exact) > 0 && exact[0] < prefixes[0] {
			r, exact = &m.rules[exact[0]], exact[1:]
		} else {
			r, prefixes = &m.rules[prefixes[0]], prefixes[1:]
			if !bytes.HasPrefix(name, []byte(r.name)) {
				continue
			}
		}
		if r.fits(t) {
			return r
		}
	}
	return nil
}

// fits tells whether all that the rule asks for is so.
func (r *rule) fits(t teller) bool {
	for _, c := range r.when {
		if value := t.Field(c.path); value == nil || string(value) != c.value {
			return false
		}
	}
	return true
}

// fill tells an event what the rule says of it. It has the tool of the mapping already.
func (r *rule) fill(record *wire.Record, into *wire.Event) {
	into.Action, into.Class, into.ObjectType = r.action, r.class, r.objectType
	if tool := r.toolOf(record); tool != nil {
		into.Tool = tool
	}
	into.Object = at(record, r.object)
	into.Container = at(record, r.container)
	into.Quantity = at(record, r.quantity)
	into.Duration = at(record, r.duration)
	if r.counterparts != "" {
		for i := range record.Fields {
			if string(record.Fields[i].Path) == r.counterparts {
				into.Counterparts = appendAddresses(into.Counterparts, record.Fields[i].Value)
			}
		}
	}
	for i := range r.attributes {
		if value := record.Field(r.attributes[i].path); value != nil {
			into.Attributes = append(into.Attributes, wire.Attribute{Key: r.attributes[i].name, Value: value})
		}
	}
}

// toolOf is the tool that the rule gives an event, nil for none of its own.
func (r *rule) toolOf(t teller) []byte {
	if r.toolFrom != "" {
		return t.Field(r.toolFrom)
	}
	return r.tool
}

func at(r *wire.Record, path string) []byte {
	if path == "" {
		return nil
	}
	return r.Field(path)
}

// appendAddresses takes a list of addresses apart, as people write it: "ann@example.com, ben@example.com".
func appendAddresses(to [][]byte, list []byte) [][]byte {
	for len(list) > 0 && len(to) < wire.MaxCounterparts {
		var one []byte
		if i := bytes.IndexAny(list, ",;"); i >= 0 {
			one, list = list[:i], list[i+1:]
		} else {
			one, list = list, nil
		}
		if one = bytes.TrimSpace(one); len(one) > 0 {
			to = append(to, one)
		}
	}
	return to
}

// knownAction is the action that a name is by itself, in lower case; nil for none.
func knownAction(name []byte) []byte {
	var room [32]byte
	if name = bytes.TrimSpace(name); len(name) > len(room) {
		return nil
	}
	return actions[string(fold(room[:0], name))]
}

// actions are the known actions by their names.
var actions = func() map[string][]byte {
	all := map[string][]byte{}
	for _, action := range adoption.Actions() {
		all[action] = []byte(action)
	}
	return all
}()

// fold writes a name as names are compared: without the space around it, in lower case.
func fold(to, name []byte) []byte {
	name = bytes.TrimSpace(name)
	for _, b := range name {
		switch {
		case b >= 0x80:
			return append(to[:0], bytes.ToLower(name)...)
		case 'A' <= b && b <= 'Z':
			b += 'a' - 'A'
		}
		to = append(to, b)
	}
	return to
}
