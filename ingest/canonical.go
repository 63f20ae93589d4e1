package ingest

import (
	"bytes"
	"encoding/binary"
	"slices"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// appendCanonical writes what an event says in one unambiguous form, each part behind its length: the same record
// gives the same bytes whatever the order of its keys, its white space or the spelling of its addresses. Its hash is
// the id of an event without one, so this form must stay as it is: after a change a resent event would count again.
func appendCanonical(to []byte, raw *wire.Event, e *adoption.Event) []byte {
	to = binary.AppendVarint(to, e.Time.UnixNano())
	dateOnly := uint64(0)
	if e.DateOnly {
		dateOnly = 1
	}
	for _, n := range []uint64{dateOnly, e.Quantity, uint64(e.Duration)} {
		to = binary.AppendUvarint(to, n)
	}
	for _, name := range []string{e.Tool, e.Action, e.ObjectType} {
		to = appendPart(to, name)
	}
	to = append(to, e.Actor[:]...)
	to = appendPart(to, bytes.TrimSpace(raw.Object))
	to = appendPart(to, bytes.TrimSpace(raw.Container))
	to = binary.AppendUvarint(to, uint64(len(e.Counterparts)))
	for _, c := range e.Counterparts {
		to = append(to, c[:]...)
	}
	// All attributes, also those that are not stored: two records that differ in one of them are two events.
	slices.SortFunc(raw.Attributes, func(a, b wire.Attribute) int { return bytes.Compare(a.Key, b.Key) })
	to = binary.AppendUvarint(to, uint64(len(raw.Attributes)))
	for _, a := range raw.Attributes {
		to = appendPart(to, a.Key)
		to = appendPart(to, a.Value)
	}
	return to
}

// appendRecord is the same for a foreign record: as it came, before a mapping gave it its meaning, so that a rule that
// is changed does not make a second event of one that is sent again.
func appendRecord(to []byte, r *wire.Record) []byte {
	r.Sort()
	to = appendPart(appendPart(to, r.Format), r.Kind)
	for _, part := range [...][]byte{r.Name, r.Time, r.Actor} {
		to = appendPart(to, part)
	}
	to = binary.AppendUvarint(to, uint64(len(r.Own())))
	for _, f := range r.Own() {
		to = appendPart(appendPart(to, f.Path), f.Value)
	}
	for _, rest := range r.Rest {
		to = appendPart(to, rest)
	}
	return to
}

func appendPart[T ~[]byte | ~string](to []byte, part T) []byte {
	to = binary.AppendUvarint(to, uint64(len(part)))
	return append(to, part...)
}
