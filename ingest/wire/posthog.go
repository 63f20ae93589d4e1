package wire

import (
	"bytes"
	"slices"
)

// PostHog's API: {"api_key":…,"batch":[…]}, one event alone, or an array of events.

// posthogKinds are the events by which a client tells of people and groups.
var posthogKinds = map[string]Kind{
	"$identify": Identify, "$create_alias": Identify, "$merge_dangerously": Identify, "$set": Identify, "$groupidentify": Group,
}

var (
	posthogEvent = &Refusal{"event", MissingField}
	notPostHog   = notBatch(`{"api_key":"…","batch":[…]}, one event as a JSON object, or an array of them`)
)

// PostHog calls each with the events of a body.
func (p *Records) PostHog(text []byte, limits Limits, each Each) error {
	text, err := document(text)
	if err != nil {
		return err
	}
	read := func(value []byte) error { return each(p.posthog(value)) }
	switch text[0] {
	case '[':
		return eachElement(text, limits, each, read)
	case '{':
	default:
		return notPostHog
	}
	batch := member(text, "batch")
	if batch != nil && batch[0] == '[' {
		return eachElement(batch, limits, each, read)
	}
	if batch != nil || member(text, "event") == nil {
		return notPostHog
	}
	if err := limits.single(text); err != nil {
		return err
	}
	if wrong := limits.object(text); wrong != nil {
		return each(nil, wrong)
	}
	return read(text)
}

// PostHogKey is the project's key in a body, which may be any bytes; empty if there is none.
func PostHogKey(body []byte) string {
	if key := Key(body, "api_key"); key != "" {
		return key
	}
	return Key(body, "token")
}

// posthog reads one event. On a Refusal the record is good for its ID only.
func (p *Records) posthog(value []byte) (*Record, *Refusal) {
	r := p.begin("posthog")
	members(value, func(name, value []byte) bool {
		switch name := string(p.unquote(name)); name {
		case "event":
			r.Name = p.scalar(value)
		case "uuid":
			r.ID = p.scalar(value)
		case "timestamp":
			r.Time = p.scalar(value)
		case "distinct_id":
			r.Actor = p.scalar(value)
		case "properties":
			p.flatten([]byte(name), value, 0)
		case "$set", "$set_once":
			p.flatten([]byte(name), value, 0)
		}
		return true
	})
	if r.Actor == nil {
		r.Actor = r.Field("properties.distinct_id")
	}
	if len(r.Name) == 0 {
		return r, posthogEvent
	}
	if kind, told := posthogKinds[string(r.Name)]; told {
		r.Kind = kind
		p.posthogFact()
	}
	return r, nil
}

// posthogFact notes what an event tells of people and groups under the names that all formats share.
func (p *Records) posthogFact() {
	r := &p.record
	p.add("previous_id", r.Field("properties.$anon_distinct_id"))
	p.add("previous_id", r.Field("properties.alias"))
	group, kind := r.Field("properties.$group_key"), r.Field("properties.$group_type")
	p.add("group_id", group)
	p.add("group_type", kind)
	// A group that nobody in particular speaks of does so under a name made of its own: that is no person.
	if r.Kind == Group && bytes.Equal(r.Actor, groupActor(kind, group)) {
		r.Actor = nil
	}
}

func groupActor(kind, group []byte) []byte {
	return slices.Concat([]byte("$"), kind, []byte("_"), group)
}
