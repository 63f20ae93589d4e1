package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"uptake/adoption"
)

// errMessage says that a message of the spool is none: it can never be loaded.
var errMessage = errors.New("the message cannot be read")

// decodeMessage appends the events of a message (codec.go) to events. It fails with errMessage, and then appends
// nothing, for whatever bytes are not a whole, plausible message: a value that the table cannot hold is refused here
// and not by ClickHouse in the middle of an insert.
func decodeMessage(message []byte, events []adoption.Event, names *interner) ([]adoption.Event, error) {
	if len(message) < headerSize || message[0] != codecMagic {
		return events, fmt.Errorf("%w: it does not start as one", errMessage)
	}
	if message[1] != codecVersion {
		return events, fmt.Errorf("%w: its version %d is not known to this program", errMessage, message[1])
	}
	r := reader{rest: message[headerSize:], interner: names, received: binary.BigEndian.Uint64(message[2:headerSize])}
	before := len(events)
	for len(r.rest) > 0 && r.err == nil {
		events = r.chunk(events)
	}
	if r.err != nil {
		return events[:before], r.err
	}
	return events, nil
}

// A reader reads a message from front to end. After the first failure it reads nothing but zeros.
type reader struct {
	rest     []byte
	err      error
	interner *interner
	received uint64 // of the next event
	names    []string
	before   int64
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", errMessage, what)
	}
	r.rest = nil
}

// take is the next n bytes.
func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.fail("it is cut off")
		return nil
	}
	part := r.rest[:n]
	r.rest = r.rest[n:]
	return part
}

func (r *reader) uvarint() uint64 {
	if len(r.rest) > 0 && r.rest[0] < 0x80 { // nearly always
		n := uint64(r.rest[0])
		r.rest = r.rest[1:]
		return n
	}
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.fail("a number is cut off")
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) varint() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.fail("a number is cut off")
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) bytes() []byte { return r.take(r.uvarint()) }

// count is the number of things that follow, each of at least size bytes: so a lie costs no memory.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.rest)/size) {
		r.fail("it holds fewer things than it says")
		return 0
	}
	return int(n)
}

func (r *reader) hash() (h adoption.Hash) {
	copy(h[:], r.take(uint64(len(h))))
	return h
}

func (r *reader) name() string {
	n := r.uvarint()
	if n == 0 {
		name := r.interner.get(r.bytes())
		r.names = append(r.names, name)
		return name
	}
	if n > uint64(len(r.names)) {
		r.fail("it uses a name that was not told")
		return ""
	}
	return r.names[n-1]
}

// smallestEvent is how many bytes an event has at least: flags, id, actor, time, quantity, four names.
const smallestEvent = 1 + 16 + 16 + 1 + 1 + 4

func (r *reader) chunk(events []adoption.Event) []adoption.Event {
	data := r.bytes()
	behind := r.rest
	r.rest, r.names, r.before = data, r.names[:0], 0
	source := r.interner.get(r.bytes())
	count := r.count(smallestEvent)
	for range count {
		if r.err != nil {
			return events
		}
		events = append(events, adoption.Event{Source: source, Received: r.received})
		r.received++
		r.event(&events[len(events)-1])
	}
	switch {
	case r.err != nil:
	case len(r.rest) > 0:
		r.fail("a part of it is longer than its events")
	default:
		r.rest = behind
	}
	return events
}

// event fills in an event whose source and receipt are known.
func (r *reader) event(e *adoption.Event) {
	head := r.take(1 + 2*uint64(len(e.ID)))
	if head == nil {
		return
	}
	flags := head[0]
	copy(e.ID[:], head[1:])
	copy(e.Actor[:], head[1+len(e.ID):])
	e.Time, e.Quantity, e.DateOnly = r.time(), r.uvarint(), flags&flagDateOnly != 0
	e.Tool, e.Action, e.Class, e.ObjectType = r.name(), r.name(), adoption.Class(r.name()), r.name()
	e.Object = r.thing(flags, flagObject, flagObjectHash)
	e.Container = r.thing(flags, flagContainer, flagContainerHash)
	if flags&flagCounterparts != 0 {
		e.Counterparts = r.interner.list(r.count(len(adoption.Hash{})))
		for i := range e.Counterparts {
			e.Counterparts[i] = r.hash()
		}
	}
	if flags&flagDuration != 0 {
		e.Duration = r.duration()
	}
	if flags&flagAttributes != 0 {
		e.Attributes = r.attributes()
	}
}

// The days that ClickHouse's Date holds, in milliseconds.
const lastMilli = (int64(adoption.LastDay)+1)*86_400_000 - 1

func (r *reader) time() time.Time {
	r.before += r.varint()
	if r.before < 0 || r.before > lastMilli {
		r.fail("a time lies outside the days that can be stored")
		return time.Time{}
	}
	return time.UnixMilli(r.before).UTC()
}

func (r *reader) duration() uint32 {
	n := r.uvarint()
	if n > math.MaxUint32 {
		r.fail("a duration is too long")
		return 0
	}
	return uint32(n)
}

func (r *reader) thing(flags, has, isHash byte) string {
	switch {
	case flags&has == 0:
		return ""
	case flags&isHash == 0:
		return string(r.bytes())
	}
	h := r.hash()
	return r.interner.hex(&h)
}

func (r *reader) attributes() map[string]string {
	attributes := make(map[string]string)
	for range r.count(2) {
		key := r.name()
		attributes[key] = string(r.bytes())
	}
	return attributes
}
