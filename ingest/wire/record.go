package wire

// Kind is what a foreign record tells of.
type Kind string

const (
	Track    Kind = "track"    // somebody did something
	Identify Kind = "identify" // two names of a person are one person's, and what is known of them
	Group    Kind = "group"    // a person belongs to a group, and what is known of the group
)

// Record is what the client of another product tells, before a mapping gives it its meaning. The slices live as long
// as the body of the request does; nil: not told.
type Record struct {
	Format string // cloudevents, segment, posthog or otlp
	Kind   Kind
	Name   []byte // how the client calls what was done
	ID     []byte
	Time   []byte // RFC 3339, or YYYY-MM-DD
	Actor  []byte // who did it, as far as the format has a place for that
	Fields []Field
}

// Field is one thing that a record tells: a dotted path such as properties.tool or attributes.enduser.id and its
// value, a string or the JSON text of a number or boolean.
type Field struct{ Path, Value []byte }

// Field is the value at a path, nil where the record does not tell it.
func (r *Record) Field(path string) []byte {
	for i := range r.Fields {
		if string(r.Fields[i].Path) == path {
			return r.Fields[i].Value
		}
	}
	return nil
}
