package wire

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of the lists in an event.
const (
	MaxCounterparts = 1000
	MaxAttributes   = 32
)

// What is wrong with an event before anything is known of its meaning.
var (
	NotJSON        = &Refusal{"", "The line is no valid JSON."}
	NotAnObject    = &Refusal{"", "An event is a JSON object."}
	NotUTF8        = &Refusal{"", "The event holds bytes that are no UTF-8."}
	UnknownField   = "This field is not known. Known are id, time, tool, actor, action, object, object_type, container, counterparts, duration_s, quantity, attributes; anything else belongs into attributes."
	StandsTwice    = "The field stands twice in the event."
	TimeIsNumber   = "It must be text: write 2026-11-02T08:30:00Z, with the zone, or 2026-11-02. A Unix time is not taken, because its unit cannot be known."
	MustBeText     = "It must be a string."
	MustBeNumber   = "It must be a whole number, written without quotes."
	BadEscape      = `It holds a \u escape that is no character.`
	MustBeList     = "It must be an array of strings."
	MustBeFlat     = "It must be an object whose values are strings, numbers or booleans."
	AttributeTwice = "An attribute stands twice."
)

var (
	TooManyCounterparts = fmt.Sprintf("It may hold %d addresses at most.", MaxCounterparts)
	TooManyAttributes   = fmt.Sprintf("It may hold %d attributes at most.", MaxAttributes)
)

// A Parser reads events in the native form into a Event, which is good until the next call.
type Parser struct {
	event   Event
	seen    uint32 // a bit for each field
	wrong   *Refusal
	scratch []byte // for strings with escapes
}

// Parse reads one JSON value. On a Refusal the event is good for its ID only.
func (p *Parser) Parse(value []byte) (*Event, *Refusal) {
	p.event.reset()
	p.seen, p.wrong, p.scratch = 0, nil, p.scratch[:0]
	if value[0] != '{' {
		return &p.event, NotAnObject
	}
	if !utf8.Valid(value) {
		return &p.event, NotUTF8
	}
	members(value, func(name, value []byte) bool {
		p.member(name, value)
		return true // also after a Refusal: the id may still follow
	})
	return &p.event, p.wrong
}

// refuse keeps the first thing that is wrong.
func (p *Parser) refuse(field, reason string) {
	if p.wrong == nil {
		p.wrong = &Refusal{field, reason}
	}
}

// member reads one field.
func (p *Parser) member(name, value []byte) {
	e := &p.event
	if bytes.IndexByte(name, '\\') >= 0 { // "\u0069d" is a way to write "id"
		name, _ = jsontext.AppendQuote(nil, p.unquote("", name))
	}
	switch string(name) {
	case `"id"`:
		p.text(0, "id", value, true, &e.ID)
	case `"time"`:
		p.time(value)
	case `"tool"`:
		p.text(2, "tool", value, false, &e.Tool)
	case `"actor"`:
		p.text(3, "actor", value, true, &e.Actor)
	case `"action"`:
		p.text(4, "action", value, false, &e.Action)
	case `"object"`:
		p.text(5, "object", value, true, &e.Object)
	case `"object_type"`:
		p.text(6, "object_type", value, false, &e.ObjectType)
	case `"container"`:
		p.text(7, "container", value, true, &e.Container)
	case `"counterparts"`:
		p.counterparts(value)
	case `"duration_s"`:
		p.number(9, "duration_s", value, &e.Duration)
	case `"quantity"`:
		p.number(10, "quantity", value, &e.Quantity)
	case `"attributes"`:
		p.attributes(value)
	default:
		p.refuse(CutText(string(p.unquote("", name)), 64), UnknownField)
	}
}

// once notes that a field was told, and tells whether its value is worth reading.
func (p *Parser) once(bit int, field string, value []byte) bool {
	if p.seen&(1<<bit) != 0 {
		p.refuse(field, StandsTwice)
		return false
	}
	p.seen |= 1 << bit
	return value[0] != 'n' // null is the same as leaving it out
}

// text reads a string; a number, where number allows it, is taken as its text: many tools number their people.
func (p *Parser) text(bit int, field string, value []byte, number bool, into *[]byte) {
	if !p.once(bit, field, value) {
		return
	}
	switch {
	case value[0] == '"':
		*into = p.unquote(field, value)
	case number && isNumber(value):
		*into = value
	default:
		p.refuse(field, MustBeText)
	}
}

func (p *Parser) time(value []byte) {
	switch {
	case !p.once(1, "time", value):
	case isNumber(value):
		p.refuse("time", TimeIsNumber)
	case value[0] != '"':
		p.refuse("time", MustBeText)
	default:
		p.event.Time = p.unquote("time", value)
	}
}

func (p *Parser) number(bit int, field string, value []byte, into *[]byte) {
	switch {
	case !p.once(bit, field, value):
	case isNumber(value):
		*into = value
	default:
		p.refuse(field, MustBeNumber)
	}
}

func (p *Parser) counterparts(value []byte) {
	const field = "counterparts"
	if !p.once(8, field, value) {
		return
	}
	if value[0] != '[' {
		p.refuse(field, MustBeList)
		return
	}
	elements(value, func(value []byte) bool {
		switch {
		case len(p.event.Counterparts) == MaxCounterparts:
			p.refuse(field, TooManyCounterparts)
			return false
		case value[0] == '"':
			p.event.Counterparts = append(p.event.Counterparts, p.unquote(field, value))
		case isNumber(value):
			p.event.Counterparts = append(p.event.Counterparts, value)
		default:
			p.refuse(field, MustBeList)
			return false
		}
		return true
	})
}

func (p *Parser) attributes(value []byte) {
	const field = "attributes"
	if !p.once(11, field, value) {
		return
	}
	if value[0] != '{' {
		p.refuse(field, MustBeFlat)
		return
	}
	members(value, func(name, value []byte) bool {
		switch {
		case value[0] == 'n': // null: not told
			return true
		case value[0] == '{' || value[0] == '[':
			p.refuse(field, MustBeFlat)
			return false
		case len(p.event.Attributes) == MaxAttributes:
			p.refuse(field, TooManyAttributes)
			return false
		}
		key := p.unquote(field, name)
		for _, other := range p.event.Attributes {
			if bytes.Equal(other.Key, key) {
				p.refuse(field, AttributeTwice)
				return false
			}
		}
		if value[0] == '"' {
			value = p.unquote(field, value)
		}
		p.event.Attributes = append(p.event.Attributes, Attribute{key, value})
		return true
	})
}

// unquote is the text of a JSON string; without escapes it is a part of the body itself. It is never nil.
func (p *Parser) unquote(field string, quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	start := len(p.scratch)
	text, err := jsontext.AppendUnquote(p.scratch, quoted)
	if err != nil {
		p.refuse(field, BadEscape)
		return []byte{}
	}
	p.scratch = text
	return text[start:len(text):len(text)]
}

func isNumber(value []byte) bool { return value[0] == '-' || '0' <= value[0] && value[0] <= '9' }

// CutText is s, cut to at most n bytes at the end of a character.
func CutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
