package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"uptake/adoption"
	"uptake/ingest/mapping"
	"uptake/ingest/wire"
)

// Previewed is what one event of a body would become. Nobody is told in it: people and things are the first digits of
// their hashes, unless the rules let them be stored in clear.
type Previewed struct {
	Index  int    `json:"index"`            // of the event in its body, from 0
	Name   string `json:"name"`             // how the client calls it
	Became string `json:"became"`           // accepted, unknown, ignored, refused or directory
	Field  string `json:"field,omitempty"`  // of a refused one: what is wrong
	Reason string `json:"reason,omitempty"` // of a refused or ignored one: why

	ID           string            `json:"id,omitempty"`   // 8 hex digits
	Time         string            `json:"time,omitempty"` // RFC 3339 in UTC, or a date
	Tool         string            `json:"tool,omitempty"`
	Action       string            `json:"action,omitempty"`
	Class        adoption.Class    `json:"class,omitempty"`
	Actor        string            `json:"actor,omitempty"` // 8 hex digits
	ObjectType   string            `json:"object_type,omitempty"`
	Object       string            `json:"object,omitempty"`    // 8 hex digits, or its text
	Container    string            `json:"container,omitempty"` // 8 hex digits, or its text
	Counterparts int               `json:"counterparts,omitempty"`
	Quantity     *uint64           `json:"quantity,omitempty"`
	Duration     uint32            `json:"duration_s,omitempty"`
	Attributes   map[string]string `json:"attributes,omitempty"`
}

// previewForms are the forms that a body can be previewed in.
var previewForms = map[string]string{
	"events": "/v1/events", "cloudevents": "/v1/events", "segment": "/v1/batch", "posthog": "/batch/", "otlp": "/v1/logs",
}

// Preview tells each what would become of the events of a body, sent by source in the form named by as: segment,
// posthog, cloudevents, otlp or events; "": what the body looks like. Nothing is stored, and nothing is counted. An
// *adoption.Error says why nothing of the body could be taken.
func (d *Door) Preview(ctx context.Context, source, as string, r io.Reader, each func(Previewed)) error {
	return d.visit(ctx, source, r, func(v *visitor, in *input) error {
		if as == "" {
			as = looksLike(in.body)
		}
		f := forms[previewForms[as]]
		if f == nil {
			return adoption.Invalid("as", fmt.Sprintf("There is no form %q: write one of %s.", as, strings.Join(slices.Sorted(maps.Keys(previewForms)), ", ")))
		}
		v.grant.Directory = d.cfg.Tokens != nil && slices.ContainsFunc(d.cfg.Tokens.List(), func(g Grant) bool {
			return g.Kind == SourceToken && g.Name == source && g.Directory
		})
		w := d.workers.Get().(*worker)
		names := w.checker.unknown
		w.checker.unknown = nil // what is only looked at takes no name's place
		w.watch = func(became string, wrong *wire.Refusal) { each(w.preview(became, wrong)) }
		defer func() {
			w.checker.unknown, w.watch = names, nil
			d.workers.Put(w)
		}()
		_, err := w.work(v.grant, f, in)
		return err
	})
}

// preview is what the event at hand became.
func (w *worker) preview(became string, wrong *wire.Refusal) Previewed {
	p := Previewed{Index: w.index, Name: wire.CutText(string(bytes.ToValidUTF8(w.name, []byte("?"))), mapping.MaxName)}
	switch became {
	case becameNothing:
		p.Became, p.Field, p.Reason = "refused", wrong.Field, wrong.Reason
	case becameFact:
		p.Became, p.Reason = "directory", "It tells of a person or a group, and goes to the directory."
	case ignoredDirectory:
		p.Became, p.Reason = "ignored", "It tells of a person or a group, and this source may not change the directory."
	case ignoredByMapping:
		p.Became, p.Reason = "ignored", "The mapping of this source leaves it out, or the client tells of itself."
	default:
		p.Became = "accepted"
		if w.event.Class == adoption.UnknownUse {
			p.Became = "unknown"
		}
		p.fill(&w.event)
	}
	return p
}

// fill tells the event as it would be stored.
func (p *Previewed) fill(e *adoption.Event) {
	p.Time = e.Time.Format(time.RFC3339Nano)
	if e.DateOnly {
		p.Time = e.Time.Format(time.DateOnly)
	}
	p.ID, p.Actor = short(e.ID), short(e.Actor)
	p.Tool, p.Action, p.Class, p.ObjectType = e.Tool, e.Action, e.Class, e.ObjectType
	p.Object, p.Container = shortText(e.Object), shortText(e.Container)
	p.Counterparts, p.Duration, p.Attributes = len(e.Counterparts), e.Duration, e.Attributes
	if e.Quantity != 1 {
		quantity := e.Quantity // the event is used again
		p.Quantity = &quantity
	}
}

// short is the first digits of a hash: enough to see that two are the same.
func short(h adoption.Hash) string { return fmt.Sprintf("%x", h[:4]) }

// shortText is the first digits of what is a hash in hex, else the text.
func shortText(text string) string {
	var h adoption.Hash
	if h.UnmarshalText([]byte(text)) == nil {
		return short(h)
	}
	return text
}

// looksLike guesses the form of a body by what its outermost object has. What is no JSON at all may be OTLP's protobuf.
func looksLike(body []byte) string {
	body = bytes.TrimLeft(body, " \t\r\n")
	if len(body) == 0 || body[0] == '[' {
		return "events"
	}
	if body[0] != '{' {
		return "otlp"
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(body, &top) != nil {
		return "events" // one a line, or broken
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return top[name] != nil })
	}
	switch {
	case has("resourceLogs"):
		return "otlp"
	case has("specversion"):
		return "cloudevents"
	case has("api_key", "token", "historical_migration", "distinct_id"):
		return "posthog"
	case has("batch") && bytes.Contains(top["batch"], []byte(`"distinct_id"`)):
		return "posthog"
	case has("batch", "writeKey"), has("type") && has("messageId", "userId", "anonymousId"):
		return "segment"
	}
	return "events"
}
