package wire

import (
	"bytes"
	"crypto/sha256"
	"strconv"
	"time"
)

// OpenTelemetry's logs (OTLP/HTTP), in JSON and in protobuf. https://opentelemetry.io/docs/specs/otlp/
//
// Both are read by hand. In a library every empty record of two bytes becomes a struct of hundreds, before anybody can
// count them, and one field of a wrong type in one record loses the whole request.

// otlpRecord is what one log record says in either encoding; nil: not told.
type otlpRecord struct {
	name, body     []byte // body: if it is a string
	time, observed []byte // nanoseconds since 1970, in digits
	uid, eventName []byte // attributes
	actors         [3][]byte
}

// otlpActors are the attributes that name who did it, the better one first.
var otlpActors = [...]string{"enduser.id", "user.id", "enduser.pseudo.id"}

var otlpName = &Refusal{"event_name", "It is missing: there is neither an event name, nor an attribute event.name, nor a text as the body."}

// notOTLP is the error for a body without log records.
var notOTLP = notBatch("an ExportLogsServiceRequest of OpenTelemetry, in JSON or in protobuf")

// OTLPIsJSON tells whether a body is JSON and no protobuf. A protobuf begins with the byte of a line feed, so white
// space in front says nothing, and what the client says of its body counts where both could be.
func OTLPIsJSON(body []byte, contentType string) bool {
	saysJSON := bytes.Contains([]byte(contentType), []byte("json"))
	at := skipSpace(body, 0)
	switch {
	case len(body) == 0:
		return saysJSON
	case at < len(body) && body[at] == '{':
		return at == 0 || saysJSON || !otlpShape(body)
	}
	return !otlpShape(body) && saysJSON
}

// OTLP calls each with the log records of a body.
func (p *Records) OTLP(text []byte, json bool, limits Limits, each Each) error {
	o := otlpReader{records: p, limits: limits, each: each}
	if json {
		return o.json(text)
	}
	return o.protobuf(text)
}

// otlpReader reads the log records of one body.
type otlpReader struct {
	records         *Records
	limits          Limits
	each            Each
	read            int // records so far
	resource, scope shared
}

// shared is what many log records have in common: what their resource or their scope says. It is read once, when the
// first record wants it. Its bytes may be many, so each record has only their digest.
type shared struct {
	raw     []byte // nil: there is none
	loaded  bool
	fields  []Field
	scratch []byte // where the fields live
	digest  [sha256.Size]byte
	wrong   *Refusal // of all its records
}

// next says that the following records share something else.
func (s *shared) next(raw []byte) { s.raw, s.loaded, s.wrong = raw, false, nil }

// load reads what is shared, with the encoding's own reader of it.
func (o *otlpReader) load(s *shared, read func(raw []byte) *Refusal) {
	if s.loaded {
		return
	}
	p := o.records
	fields, scratch := p.record.Fields, p.scratch
	p.record.Fields, p.scratch = s.fields[:0], s.scratch[:0]
	s.loaded, s.digest = true, sha256.Sum256(s.raw)
	switch {
	case len(s.raw) > o.limits.Event:
		s.wrong = o.limits.EventTooLarge()
	case s.raw != nil:
		s.wrong = read(s.raw)
	}
	s.fields, s.scratch = p.record.Fields, p.scratch
	p.record.Fields, p.scratch = fields, scratch
}

// begin starts a record, unless what it shares with others is wrong.
func (o *otlpReader) begin(readResource, readScope func(raw []byte) *Refusal) (*Record, *Refusal) {
	o.load(&o.resource, readResource)
	o.load(&o.scope, readScope)
	return o.records.begin("otlp"), firstOf(o.resource.wrong, o.scope.wrong)
}

// count is the error for one record more than a body may have.
func (o *otlpReader) count() error {
	if o.read++; o.read > o.limits.Batch {
		return o.limits.tooLong()
	}
	return nil
}

// finish makes the record of what was read. Its own fields are in the records already.
func (o *otlpReader) finish(told *otlpRecord) error {
	p := o.records
	r := &p.record
	for _, f := range r.Fields {
		told.attribute(f)
	}
	r.ID = told.uid
	r.Name = firstText(firstText(told.name, told.eventName), nameOfBody(told.body))
	r.Time = p.otlpTime(firstNanos(told.time, told.observed))
	for _, actor := range told.actors {
		if r.Actor == nil && len(actor) > 0 {
			r.Actor = actor
		}
	}
	p.share(&o.scope)
	p.share(&o.resource)
	if len(r.Name) == 0 {
		return o.each(r, otlpName)
	}
	return o.each(r, nil)
}

// logName is the name of a record that has none but a text for people. Such texts hold people's names, so none of it
// may become one: the text is the field body, which is never stored by itself.
var logName = []byte("(log)")

// maxBodyName is how many bytes of a text may be a name.
const maxBodyName = 64

// nameOfBody is the text of a body as the name of its record, where it looks like one: "page.edited", as some clients
// put it there. nil: there is no text.
func nameOfBody(body []byte) []byte {
	if len(body) > maxBodyName || bytes.ContainsFunc(body, notInName) {
		return logName
	}
	return body
}

// notInName tells whether a character is none that the names of events are made of.
func notInName(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	}
	switch r {
	case '.', '_', '-', ':', '/':
		return false
	}
	return true
}

// share adds shared fields, as many as there is room for.
func (p *Records) share(s *shared) {
	r := &p.record
	own := len(r.Fields)
	r.Fields = append(r.Fields, s.fields[:min(len(s.fields), MaxFields-own)]...)
	r.Shared += len(r.Fields) - own
	r.Rest = append(r.Rest, s.digest[:])
}

// attribute notes an attribute that tells more than itself.
func (o *otlpRecord) attribute(f Field) {
	name, found := bytes.CutPrefix(f.Path, []byte("attributes."))
	if !found {
		return
	}
	switch string(name) {
	case "log.record.uid":
		o.uid = f.Value
	case "event.name":
		o.eventName = f.Value
	}
	for i, actor := range otlpActors {
		if string(name) == actor {
			o.actors[i] = f.Value
		}
	}
}

// firstNanos is the first of two times that is told; 0 stands for "unknown".
func firstNanos(a, b []byte) []byte {
	if len(a) > 0 && string(a) != "0" {
		return a
	}
	if string(b) == "0" {
		return nil
	}
	return b
}

// otlpTime writes nanoseconds since 1970 as RFC 3339. What is none stays as it is, and is refused behind.
func (p *Records) otlpTime(nanos []byte) []byte {
	n, err := strconv.ParseInt(string(nanos), 10, 64)
	if err != nil {
		return nanos
	}
	start := len(p.scratch)
	p.scratch = time.Unix(0, n).UTC().AppendFormat(p.scratch, time.RFC3339Nano)
	return p.scratch[start:len(p.scratch):len(p.scratch)]
}
