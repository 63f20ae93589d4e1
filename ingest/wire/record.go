package wire

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Kind is what a foreign record tells of.
type Kind string

const (
	Track    Kind = "track"    // somebody did something
	Identify Kind = "identify" // two names of a person are one person's, and what is known of them
	Group    Kind = "group"    // a person belongs to a group, and what is known of the group
)

// Record is what the client of another product tells, before a mapping gives it its meaning. The slices live as long
// as the body of the request does, or until the next record is read; nil: not told.
type Record struct {
	Format string // cloudevents, segment, posthog or otlp
	Kind   Kind
	Name   []byte // how the client calls what was done
	ID     []byte // empty: the hash of the record is its id
	Time   []byte // RFC 3339, or YYYY-MM-DD
	Actor  []byte // who did it, as far as the format has a place for that
	Fields []Field
	Shared int      // so many fields, the last ones, are those of other records, too; Rest has a digest of them
	Rest   [][]byte // what was too much for Fields, as it was sent: it tells two records apart, nothing else
}

// Own are the fields that are not shared.
func (r *Record) Own() []Field { return r.Fields[:len(r.Fields)-r.Shared] }

// Field is one thing that a record tells: a dotted path such as properties.tool or attributes.enduser.id and its
// value, a string or the JSON text of a number or boolean. A list is a field for each of its values, all with the
// path of the list.
type Field struct{ Path, Value []byte }

// Field is the value at a path, the first one of a list, nil where the record does not tell it.
func (r *Record) Field(path string) []byte {
	for i := range r.Fields {
		if string(r.Fields[i].Path) == path {
			return r.Fields[i].Value
		}
	}
	return nil
}

// Sort brings its own fields into the order of their paths, the values of a list as they were.
func (r *Record) Sort() {
	slices.SortStableFunc(r.Own(), func(a, b Field) int { return bytes.Compare(a.Path, b.Path) })
}

// Bounds of what becomes fields of a record. What lies beyond them goes into its Rest.
const (
	MaxFields = 1024
	MaxLevels = 8   // objects within each other
	MaxPath   = 256 // bytes
)

// MissingField refuses a record that lacks what its format asks for.
const MissingField = "It is missing."

// A Records reads the events of foreign formats, one after the other. A record is good until the next one is read.
type Records struct {
	record  Record
	scratch []byte // for paths, and for strings with escapes
}

// begin starts a record.
func (p *Records) begin(format string) *Record {
	p.scratch = p.scratch[:0]
	p.record = Record{Format: format, Kind: Track, Fields: p.record.Fields[:0], Rest: p.record.Rest[:0]}
	return &p.record
}

// full tells whether what lies at path is left to the rest.
func (p *Records) full(path []byte) bool {
	return len(p.record.Fields) == MaxFields || len(path) > MaxPath
}

// add notes a field whose name is fixed, unless it was not told.
func (p *Records) add(path string, value []byte) {
	if value != nil && !p.full(nil) {
		p.record.Fields = append(p.record.Fields, Field{[]byte(path), value})
	}
}

// below is the path of a member of what lies at path. A path that is too long already grows no more: its members are
// left to the rest, and thousands of them must not each cost its length.
func (p *Records) below(path, name []byte) []byte {
	if len(path) > MaxPath {
		return path
	}
	start := len(p.scratch)
	p.scratch = append(p.scratch, path...)
	p.scratch = append(p.scratch, '.')
	p.scratch = append(p.scratch, name[:min(len(name), MaxPath)]...)
	return p.scratch[start:len(p.scratch):len(p.scratch)]
}

// flatten notes the scalars in a JSON value as fields: members of an object below its path, values of an array at the
// path of the array.
func (p *Records) flatten(path, value []byte, level int) {
	switch {
	case len(value) == 0 || value[0] == 'n': // null: not told
	case p.full(path):
		p.record.Rest = append(p.record.Rest, value)
	case value[0] != '{' && value[0] != '[':
		p.record.Fields = append(p.record.Fields, Field{path, p.scalar(value)})
	case level == MaxLevels:
		p.record.Rest = append(p.record.Rest, value)
	case value[0] == '{':
		members(value, func(name, value []byte) bool {
			mark, before := len(p.scratch), len(p.record.Fields)
			p.flatten(p.below(path, p.unquote(name)), value, level+1)
			p.forget(mark, before)
			return true
		})
	default:
		elements(value, func(value []byte) bool {
			p.flatten(path, value, level+1)
			return true
		})
	}
}

// forget gives back the scratch space of a path, unless a field was noted since that keeps it.
func (p *Records) forget(mark, fields int) {
	if fields == len(p.record.Fields) {
		p.scratch = p.scratch[:mark]
	}
}

// scalar is the text of a JSON string, number or boolean; nil for null, an object and an array.
func (p *Records) scalar(value []byte) []byte {
	switch {
	case len(value) == 0:
		return nil
	case value[0] == '"':
		return p.unquote(value)
	case value[0] == '{' || value[0] == '[' || value[0] == 'n':
		return nil
	}
	return value
}

// unquote is the text of a JSON string; without escapes it is a part of the body itself. It is never nil. Half a
// surrogate pair becomes U+FFFD: scripts cut texts in the middle of a character, and that must not cost the event.
// The error tells of nothing else, for the string was found valid before.
func (p *Records) unquote(quoted []byte) []byte {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	start := len(p.scratch)
	p.scratch, _ = jsontext.AppendUnquote(p.scratch, quoted)
	return p.scratch[start:len(p.scratch):len(p.scratch)]
}
