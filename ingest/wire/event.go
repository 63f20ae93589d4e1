// Package wire takes apart what clients send: bodies into events, each as it was told. What it means, and whether it
// may come in, is decided behind it, by package ingest.
package wire

// Event is one event as a client told it: every protocol's reader makes these, package ingest
// checks them and hashes what must not come in.
// The slices point into the body of the request and live as long as it does; nil: not told.
type Event struct {
	ID           []byte
	Time         []byte // RFC 3339, or YYYY-MM-DD
	Tool         []byte
	Actor        []byte
	Action       []byte
	Class        []byte // of the action, where a mapping gives it one; nil: the action's own. No client tells it
	Object       []byte
	ObjectType   []byte
	Container    []byte
	Counterparts [][]byte
	Duration     []byte // a JSON number, seconds
	Quantity     []byte // a JSON number
	Attributes   []Attribute
}

// Attribute is one attribute of an event: a string, or a number or bool in its JSON text.
type Attribute struct{ Key, Value []byte }

// reset forgets the event but keeps the memory of its lists.
func (e *Event) reset() {
	*e = Event{Counterparts: e.Counterparts[:0], Attributes: e.Attributes[:0]}
}

// A Refusal says why one event was not taken. Field is the event's own, or empty where the event as a whole is wrong.
// The reason is one of a fixed set of sentences: it is counted in the table rejected and must never hold what the
// event said.
type Refusal struct{ Field, Reason string }
