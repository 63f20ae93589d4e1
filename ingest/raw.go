package ingest

// RawEvent is one event as a client told it: every protocol's decoder makes these, check.go turns them into events.
// The slices point into the body of the request and live as long as it does; nil: not told.
type RawEvent struct {
	ID           []byte
	Time         []byte // RFC 3339, or YYYY-MM-DD
	Tool         []byte
	Actor        []byte
	Action       []byte
	Object       []byte
	ObjectType   []byte
	Container    []byte
	Counterparts [][]byte
	Duration     []byte // a JSON number, seconds
	Quantity     []byte // a JSON number
	Attributes   []RawAttribute
}

// RawAttribute is one attribute of an event: a string, or a number or bool in its JSON text.
type RawAttribute struct{ Key, Value []byte }

// reset forgets the event but keeps the memory of its lists.
func (e *RawEvent) reset() {
	*e = RawEvent{Counterparts: e.Counterparts[:0], Attributes: e.Attributes[:0]}
}

// A refusal says why one event was not taken. Field is the event's own, or empty where the event as a whole is wrong.
// The reason is one of a fixed set of sentences: it is counted in the table rejected and must never hold what the
// event said.
type refusal struct{ field, reason string }

// RejectedEvent is an event of a batch that was not taken, as the answer names it.
type RejectedEvent struct {
	Index  int    `json:"index"` // of the event in its batch, from 0
	ID     string `json:"id"`    // as the client sent it, empty if it did not or if that is not to be known
	Field  string `json:"field"`
	Reason string `json:"reason"`
}
