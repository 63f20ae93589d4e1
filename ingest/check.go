package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/ingest/mapping"
	"uptake/ingest/wire"
)

// Bounds of the fields of an event, in bytes where nothing else is said.
const (
	maxID         = 512
	maxTool       = 64
	maxActor      = 512
	maxObject     = 2048
	maxObjectType = 64
	maxAttribute  = 1024
	maxQuantity   = 1_000_000_000
	maxDuration   = 7 * 24 * 60 * 60 // seconds
	maxAhead      = 10 * time.Minute
)

// What is wrong with the fields of an event.
const (
	missing        = "It is missing."
	timeNoZone     = "It has no time zone: write 2026-11-02T08:30:00Z, or +01:00 in place of Z, or 2026-11-02 for a whole day."
	timeUnreadable = "It is no time: write 2026-11-02T08:30:00Z, or +01:00 in place of Z, or 2026-11-02 for a whole day."
	timeTooEarly   = "It lies before 1970-01-01."
	timeTooOld     = "It is older than the retention of events."
	timeAhead      = "It lies more than 10 minutes ahead of the server's clock."
	toolIsAll      = "This name means all tools together; give the tool another one."
	notWhole       = "It must be a whole number, not negative."
	notPrintable   = "It holds characters that cannot be printed."
	emptyAddress   = "It holds an empty address."
)

var (
	unknownAction = "It is not known. Known are " + strings.Join(adoption.Actions(), ", ") + "."
	tooBig        = fmt.Sprintf("It may be %d at most.", maxQuantity)
	durationBig   = fmt.Sprintf("It may be %d seconds (7 days) at most.", maxDuration)
)

func tooLong(most int) string { return fmt.Sprintf("It may have %d bytes at most.", most) }

// These are made once: the reasons of refusals are counted by their text.
var idTooLong, toolTooLong, actorTooLong, objectTooLong, typeTooLong, attributeTooLong = tooLong(maxID), tooLong(maxTool), tooLong(maxActor),
	tooLong(maxObject), tooLong(maxObjectType), "A name or value is too long: " + tooLong(maxAttribute)

// Allow lists what may be stored as it was told. Everything else is hashed (objects, containers) or dropped (attributes).
type Allow struct {
	Objects    map[string]bool // "tool/object_type": the object is no secret and names no person
	Containers map[string]bool // "tool"
	Attributes map[string]bool // names
}

// Rules are what an event must keep to, apart from its form.
type Rules struct {
	Zone      *time.Location                        // the reporting time zone
	Retention func(today adoption.Day) adoption.Day // the first day whose events are taken; nil: no limit
	Allow     Allow
	Now       func() time.Time // nil: time.Now
}

// A checker turns raw events of one request into events.
type checker struct {
	rules      Rules
	pseudonyms *Pseudonymiser
	names      interner
	now        time.Time
	earliest   adoption.Day
	canonical  []byte // scratch
	name       []byte // scratch
	unknown    *unknownNames
	record     []byte // what a foreign event without an id is known by; nil: its canonical form
}

// begin fixes the clock for a request.
func (c *checker) begin() {
	c.now = c.rules.Now()
	c.earliest = 0
	if c.rules.Retention != nil {
		c.earliest = c.rules.Retention(adoption.DayOf(c.now, c.rules.Zone))
	}
}

// check fills e from raw, or says why not. What was told about a person leaves this function as a hash only.
// e.Counterparts is used again with the next call.
func (c *checker) check(source string, raw *wire.Event, e *adoption.Event) *wire.Refusal {
	*e = adoption.Event{Source: source, Counterparts: e.Counterparts[:0], Quantity: 1}
	for _, step := range steps {
		if wrong := step(c, raw, e); wrong != nil {
			return wrong
		}
	}
	return nil
}

// steps are the checks, in order: later ones use what earlier ones found.
var steps = [...]func(*checker, *wire.Event, *adoption.Event) *wire.Refusal{
	(*checker).time, (*checker).tool, (*checker).action, (*checker).actor, (*checker).objects, (*checker).numbers, (*checker).counterparts, (*checker).attributes, (*checker).id,
}

func (c *checker) time(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	if len(raw.Time) == 0 {
		return &wire.Refusal{Field: "time", Reason: missing}
	}
	t, dateOnly, reason := parseTime(raw.Time)
	if reason != "" {
		return &wire.Refusal{Field: "time", Reason: reason}
	}
	e.Time, e.DateOnly = t, dateOnly
	begins := t
	if dateOnly {
		begins = adoption.DayOf(t, time.UTC).Start(c.rules.Zone)
	}
	switch {
	case t.Unix() < 0:
		return &wire.Refusal{Field: "time", Reason: timeTooEarly}
	case begins.After(c.now.Add(maxAhead)):
		return &wire.Refusal{Field: "time", Reason: timeAhead}
	case e.Day(c.rules.Zone) < c.earliest:
		return &wire.Refusal{Field: "time", Reason: timeTooOld}
	}
	return nil
}

func (c *checker) tool(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	tool := lower(bytes.TrimSpace(raw.Tool))
	switch {
	case isUnknown(raw) && (len(tool) == 0 || len(tool) > maxTool || !printableText(tool) || string(tool) == adoption.AllTools):
		return nil // it is kept for its name; a rule may tell the tool later
	case len(tool) == 0:
		return &wire.Refusal{Field: "tool", Reason: missing}
	case len(tool) > maxTool:
		return &wire.Refusal{Field: "tool", Reason: toolTooLong}
	case !printableText(tool):
		return &wire.Refusal{Field: "tool", Reason: notPrintable}
	case string(tool) == adoption.AllTools:
		return &wire.Refusal{Field: "tool", Reason: toolIsAll}
	}
	e.Tool = c.names.get(tool)
	return nil
}

// isUnknown tells whether nobody has said what the event means.
func isUnknown(raw *wire.Event) bool { return string(raw.Class) == string(adoption.UnknownUse) }

func (c *checker) action(raw *wire.Event, e *adoption.Event) (wrong *wire.Refusal) {
	if isUnknown(raw) {
		c.name = mapping.AppendName(c.name[:0], raw.Action)
		e.Action = c.unknown.admit(adoption.DayOf(c.now, time.UTC), e.Source, c.names.get(c.name))
		e.Class = adoption.UnknownUse
		return nil
	}
	action := lower(bytes.TrimSpace(raw.Action))
	if len(action) == 0 {
		return &wire.Refusal{Field: "action", Reason: missing}
	}
	class, ok := adoption.ClassOf(string(action))
	switch {
	case raw.Class != nil:
		class = adoption.Class(c.names.get(raw.Class))
	case !ok:
		return &wire.Refusal{Field: "action", Reason: unknownAction}
	}
	e.Action, e.Class = c.names.get(action), class
	return nil
}

func (c *checker) actor(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	actor := bytes.TrimSpace(raw.Actor)
	switch {
	case len(actor) == 0:
		return &wire.Refusal{Field: "actor", Reason: missing}
	case len(actor) > maxActor:
		return &wire.Refusal{Field: "actor", Reason: actorTooLong}
	}
	e.Actor = c.pseudonyms.Address(string(actor))
	return nil
}

func (c *checker) objects(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	kind := lower(bytes.TrimSpace(raw.ObjectType))
	switch {
	case len(kind) > maxObjectType:
		return &wire.Refusal{Field: "object_type", Reason: typeTooLong}
	case !printableText(kind):
		return &wire.Refusal{Field: "object_type", Reason: notPrintable}
	case len(raw.Object) > maxObject:
		return &wire.Refusal{Field: "object", Reason: objectTooLong}
	case len(raw.Container) > maxObject:
		return &wire.Refusal{Field: "container", Reason: objectTooLong}
	}
	e.ObjectType = c.names.get(kind)
	allow := &c.rules.Allow
	e.Object = c.thing(e.Tool, raw.Object, len(allow.Objects) > 0 && allow.Objects[e.Tool+"/"+e.ObjectType])
	e.Container = c.thing(e.Tool, raw.Container, allow.Containers[e.Tool])
	return nil
}

// thing is what is stored of an object or container: its text where that is allowed, else a hash. Both are hashed
// alike, so that a page and the space that it is later a container of stay one thing; and per tool, because small
// numbers are ids in all of them.
func (c *checker) thing(tool string, text []byte, allowed bool) string {
	switch text = bytes.TrimSpace(text); {
	case len(text) == 0:
		return ""
	case allowed:
		return string(text)
	}
	return c.pseudonyms.Text("thing", tool+"\x00"+string(text))
}

func (c *checker) numbers(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	if raw.Quantity != nil {
		n, ok := parseWhole(raw.Quantity)
		switch {
		case !ok:
			return &wire.Refusal{Field: "quantity", Reason: notWhole}
		case n > maxQuantity:
			return &wire.Refusal{Field: "quantity", Reason: tooBig}
		}
		e.Quantity = n
	}
	if raw.Duration != nil {
		n, ok := parseWhole(raw.Duration)
		switch {
		case !ok:
			return &wire.Refusal{Field: "duration_s", Reason: notWhole}
		case n > maxDuration:
			return &wire.Refusal{Field: "duration_s", Reason: durationBig}
		}
		e.Duration = uint32(n)
	}
	return nil
}

func (c *checker) counterparts(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	for _, address := range raw.Counterparts {
		address = bytes.TrimSpace(address)
		switch {
		case len(address) == 0:
			return &wire.Refusal{Field: "counterparts", Reason: emptyAddress}
		case len(address) > maxActor:
			return &wire.Refusal{Field: "counterparts", Reason: actorTooLong}
		}
		e.Counterparts = append(e.Counterparts, c.pseudonyms.Address(string(address)))
	}
	return nil
}

func (c *checker) attributes(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	for _, a := range raw.Attributes {
		if len(a.Key) > maxAttribute || len(a.Value) > maxAttribute {
			return &wire.Refusal{Field: "attributes", Reason: attributeTooLong}
		}
		if c.rules.Allow.Attributes[string(a.Key)] {
			if e.Attributes == nil {
				e.Attributes = map[string]string{}
			}
			e.Attributes[string(a.Key)] = string(a.Value)
		}
	}
	return nil
}

// id is last, because the id of an event without one is the hash of all that it says.
func (c *checker) id(raw *wire.Event, e *adoption.Event) *wire.Refusal {
	switch {
	case len(raw.ID) > maxID:
		return &wire.Refusal{Field: "id", Reason: idTooLong}
	case len(bytes.TrimSpace(raw.ID)) > 0:
		e.ID = c.pseudonyms.ID(e.Source, string(raw.ID))
	case c.record != nil:
		e.ID = c.pseudonyms.record(e.Source, c.record)
	default:
		c.canonical = appendCanonical(c.canonical[:0], raw, e)
		e.ID = c.pseudonyms.record(e.Source, c.canonical)
	}
	e.Time = e.Time.Truncate(time.Millisecond) // only now: without an id, a microsecond may be all that tells two apart
	return nil
}
