package wire

import (
	"bytes"
	"strings"
)

// Segment's HTTP API, which RudderStack's clients speak, too: {"batch":[…]}, or one call alone. What the call is stands
// in its type, or, for a call that comes alone, in the address that it is sent to.

// segmentTypes are the calls and what they tell of.
var segmentTypes = map[string]Kind{"track": Track, "page": Track, "screen": Track, "identify": Identify, "alias": Identify, "group": Group}

// What is wrong with a call.
var (
	segmentType  = &Refusal{"type", "This type of call is not known. Known are track, page, screen, identify, group and alias."}
	segmentEvent = &Refusal{"event", MissingField}
)

// notSegment is the error for a body without calls in it.
var notSegment = notBatch(`{"batch":[…]}, or one call as a JSON object`)

// Segment calls each with the calls of a body. alone is the type of a call that comes alone and does not tell it.
func (p *Records) Segment(text []byte, alone string, limits Limits, each Each) error {
	text, err := document(text)
	if err != nil {
		return err
	}
	if text[0] != '{' {
		return notSegment
	}
	batch := member(text, "batch")
	if batch != nil && batch[0] == '[' {
		return eachElement(batch, limits, each, func(value []byte) error { return each(p.call(value, "")) })
	}
	if batch != nil || alone == "" && member(text, "type") == nil {
		return notSegment
	}
	if err := limits.single(text); err != nil {
		return err
	}
	if wrong := limits.object(text); wrong != nil {
		return each(nil, wrong)
	}
	return each(p.call(text, alone))
}

// call reads one call. On a Refusal the record is good for its ID only.
//
// Its time is what the client says, as it says it. Segment moves it by the difference of the clocks (sentAt against
// the time of arrival), but then a repeat would have another time, perhaps on another day, and count twice. For the
// same reason a call without a time does not get that of its arrival.
func (p *Records) call(value []byte, alone string) (*Record, *Refusal) {
	r := p.begin("segment")
	c := segmentCall{kind: alone}
	members(value, func(name, value []byte) bool {
		switch name := string(p.unquote(name)); name {
		case "properties", "context", "traits":
			p.flatten([]byte(name), value, 0)
		default:
			c.member(p, name, p.scalar(value))
		}
		return true
	})
	r.Time = firstText(c.time, c.original)
	r.Actor = firstText(c.user, c.anonymous)
	kind, known := segmentTypes[c.kind]
	if !known {
		return r, segmentType
	}
	r.Kind = kind
	if c.kind != "track" {
		r.Name = []byte(c.kind) // a page's own name says which page it was, not what was done
	} else if r.Name = c.event; len(c.event) == 0 {
		return r, segmentEvent
	}
	return r, nil
}

// segmentCall is what a call tells beside its properties, context and traits.
type segmentCall struct {
	kind                                   string
	event, time, original, user, anonymous []byte
}

// member notes a scalar of the call; nil: not told.
func (c *segmentCall) member(p *Records, name string, value []byte) {
	switch name {
	case "type":
		if value != nil {
			c.kind = strings.ToLower(string(value))
		}
	case "messageId":
		p.record.ID = value
	case "event":
		c.event = value
	case "timestamp":
		c.time = value
	case "originalTimestamp": // RudderStack's clients
		c.original = value
	case "userId":
		c.user = value
		p.add("user_id", value)
	case "anonymousId":
		c.anonymous = value
		p.add("anonymous_id", value)
	case "name", "category":
		p.add(name, value)
	case "groupId":
		p.add("group_id", value)
	case "previousId":
		p.add("previous_id", value)
	}
}

// firstText is the first of two texts that is not blank.
func firstText(a, b []byte) []byte {
	if len(bytes.TrimSpace(a)) > 0 {
		return a
	}
	return b
}
