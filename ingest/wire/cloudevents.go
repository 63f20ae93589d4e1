package wire

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// CloudEvents 1.0 over HTTP: binary (the attributes in headers, the data as the body), structured (one JSON object) and
// batch (an array of them). https://github.com/cloudevents/spec, http-protocol-binding.md and json-format.md

// What is wrong with a CloudEvent.
var (
	ceVersion = &Refusal{"specversion", "This version of CloudEvents is not understood; write 1.0."}
	ceType    = &Refusal{"type", MissingField}
	ceSource  = &Refusal{"source", MissingField}
	ceID      = &Refusal{"id", MissingField}
	ceData    = &Refusal{"data", "The Content-Type says JSON, but the body is none."}
)

// IsCloudEvent tells whether a JSON value is a CloudEvent: an object with a member specversion. It costs next to
// nothing where the word does not occur.
func IsCloudEvent(value []byte) bool {
	return value[0] == '{' && bytes.Contains(value, []byte(`"specversion"`)) && member(value, "specversion") != nil
}

// CloudEvent reads one in the JSON format, from valid JSON. On a Refusal the record is good for its ID only.
func (p *Records) CloudEvent(value []byte) (*Record, *Refusal) {
	r := p.begin("cloudevents")
	if !utf8.Valid(value) {
		return r, NotUTF8
	}
	ce := cloudEvent{records: p}
	members(value, func(name, value []byte) bool {
		switch name := string(p.unquote(name)); name {
		case "data":
			ce.data(value)
		case "data_base64": // bytes, of whatever kind: they name nothing
			p.record.Rest = append(p.record.Rest, value)
		default:
			ce.attribute(name, p.scalar(value))
		}
		return true
	})
	return r, ce.finish()
}

// IsBinaryCloudEvent tells whether a request is a CloudEvent whose attributes stand in its headers.
func IsBinaryCloudEvent(header http.Header) bool { return header.Get("Ce-Specversion") != "" }

// BinaryCloudEvent reads one in binary mode. Data that is no JSON is not looked into, whatever its Content-Type says;
// but what says that it is JSON must be.
func (p *Records) BinaryCloudEvent(header http.Header, body []byte, limits Limits) (*Record, *Refusal, error) {
	r := p.begin("cloudevents")
	if err := limits.single(body); err != nil {
		return r, nil, err
	}
	ce := cloudEvent{records: p}
	for _, name := range headerNames(header) {
		value, ok := headerText(header.Get(name))
		if !ok {
			return r, NotUTF8, nil
		}
		ce.attribute(strings.ToLower(name[len("Ce-"):]), []byte(value))
	}
	kind := header.Get("Content-Type")
	if kind != "" {
		p.add("datacontenttype", []byte(kind))
	}
	return r, firstOf(ce.binaryData(body, kind, limits), ce.finish()), nil
}

// headerNames are the names of the attributes' headers, in order: the hash of a record may hang on it.
func headerNames(header http.Header) []string {
	var names []string
	for name := range header {
		if strings.HasPrefix(name, "Ce-") && len(name) > len("Ce-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// headerText is the value of an attribute in a header, where characters beyond ASCII stand percent-encoded, within
// quotes or not. A value with a percent sign that begins no such code was not encoded, and is taken as it is.
func headerText(text string) (string, bool) {
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		text = text[1 : len(text)-1]
	}
	if strings.Contains(text, "%") {
		if decoded, err := url.PathUnescape(text); err == nil {
			text = decoded
		}
	}
	return text, utf8.ValidString(text)
}

// cloudEvent is a CloudEvent while it is being read.
type cloudEvent struct {
	records             *Records
	version, id, source []byte
	told                bool // the data names the actor, and an extension no longer may
}

// attribute notes an attribute of the context or an extension; nil: not told.
func (e *cloudEvent) attribute(name string, value []byte) {
	r := &e.records.record
	if value == nil {
		return
	}
	switch name {
	case "specversion":
		e.version = value
		return
	case "id":
		e.id = value
		return
	case "type":
		r.Name = value
		return
	case "time":
		r.Time = value
		return
	case "source":
		e.source = value
	case "actor", "userid", "authid":
		if !e.told {
			r.Actor = value
		}
	}
	e.records.add(name, value)
}

// data notes the data of an event in JSON.
func (e *cloudEvent) data(value []byte) {
	e.records.flatten([]byte("data"), value, 0)
	if value[0] != '{' {
		return
	}
	if actor := e.records.scalar(member(value, "actor")); actor != nil {
		e.records.record.Actor, e.told = actor, true
	}
}

// binaryData notes the data of an event in binary mode, if it is JSON.
func (e *cloudEvent) binaryData(body []byte, kind string, limits Limits) *Refusal {
	body = bytes.Trim(body, " \t\r\n")
	if len(body) == 0 {
		return nil
	}
	if (body[0] == '{' || body[0] == '[') && checkValue(body) == nil {
		switch {
		case tooDeep(body):
			return TooDeep
		case !utf8.Valid(body):
			return NotUTF8
		}
		e.data(body)
		return nil
	}
	e.records.record.Rest = append(e.records.record.Rest, body)
	if kind = strings.ToLower(kind); strings.Contains(kind, "json") && checkValue(body) != nil {
		return ceData
	}
	return nil
}

// finish gives the event its identity, source and id together, or says what it lacks.
func (e *cloudEvent) finish() *Refusal {
	p := e.records
	if len(e.id) > 0 {
		start := len(p.scratch)
		p.scratch = append(append(append(p.scratch, e.source...), 0), e.id...)
		p.record.ID = p.scratch[start:len(p.scratch):len(p.scratch)]
	}
	switch {
	case !bytes.HasPrefix(e.version, []byte("1.")):
		return ceVersion
	case len(e.id) == 0:
		return ceID
	case len(e.source) == 0:
		return ceSource
	case len(p.record.Name) == 0:
		return ceType
	}
	return nil
}
