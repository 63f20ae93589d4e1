package ingest

import (
	"encoding/binary"
	"slices"

	"uptake/adoption"
)

// The form of a message of events in the spool; what else the door has to tell is a note (notes.go). A spool outlives
// the program that wrote it: later versions must read all earlier forms, and a new form gets a new version byte.
//
//	message  = 'U' version(1) base(8 bytes, big endian) chunk…       version = 1
//	chunk    = length(uvarint, of what follows) source count(uvarint) event…
//	event    = flags(1) id(16) actor(16) time quantity tool action class type
//	           [object] [container] [counterparts] [duration] [attributes]     as the flags say
//	time     = varint: milliseconds since the event before it in the chunk, the first since 1970
//	quantity = uvarint      duration = uvarint, seconds
//	source   = text         tool, action, class, type = name
//	object, container       = 16 bytes where the flags say that it is a hash in hex, else text
//	counterparts            = count(uvarint) hash(16)…
//	attributes              = count(uvarint) (name text)…, by name
//	text     = length(uvarint) bytes
//	name     = 0 text, which gets the next number of the chunk's names, from 1; or the number of a name that was told
//
// The event number i of a message, over all its chunks, was received at base + i. Chunks are made by the requests
// and joined by the batcher, which alone knows base: joining is copying.
const (
	codecMagic   = 'U'
	codecVersion = 1
	headerSize   = 10
)

// The flags of an event.
const (
	flagDateOnly byte = 1 << iota
	flagObject
	flagObjectHash // with flagObject
	flagContainer
	flagContainerHash // with flagContainer
	flagCounterparts
	flagDuration
	flagAttributes
)

// chunkSize is where a request's events go on in a new chunk; a chunk is never split over messages.
const chunkSize = 256 << 10

// A chunk is a part of a request in the spool's form, with its length in front of it.
type chunk struct {
	data   []byte
	events int
}

// An encoder writes the events of one source into chunks.
type encoder struct {
	source string
	chunks []chunk
	body   []byte // of the chunk being written, behind its count
	events int
	names  map[string]uint64
	before int64 // time of the event before, in milliseconds
}

// begin starts with the events of a source.
func (w *encoder) begin(source string) {
	w.source, w.chunks = source, nil
	w.restart()
}

func (w *encoder) restart() {
	w.body, w.events, w.before = w.body[:0], 0, 0
	if w.names == nil {
		w.names = map[string]uint64{}
	}
	clear(w.names)
}

// add writes one event; its Source and Received are not looked at.
func (w *encoder) add(e *adoption.Event) {
	if len(w.body) >= chunkSize {
		w.flush()
	}
	at := len(w.body)
	w.body = append(w.body, 0)
	w.body = append(w.body, e.ID[:]...)
	w.body = append(w.body, e.Actor[:]...)
	ms := e.Time.UnixMilli()
	w.body = binary.AppendVarint(w.body, ms-w.before)
	w.before = ms
	w.body = binary.AppendUvarint(w.body, e.Quantity)
	for _, name := range [...]string{e.Tool, e.Action, string(e.Class), e.ObjectType} {
		w.name(name)
	}
	w.body[at] = w.optional(e)
	w.events++
}

// optional writes what most events do not have, and returns the flags that tell what they have.
func (w *encoder) optional(e *adoption.Event) (flags byte) {
	if e.DateOnly {
		flags |= flagDateOnly
	}
	flags |= w.thing(e.Object, flagObject, flagObjectHash)
	flags |= w.thing(e.Container, flagContainer, flagContainerHash)
	if len(e.Counterparts) > 0 {
		flags |= flagCounterparts
		w.body = binary.AppendUvarint(w.body, uint64(len(e.Counterparts)))
		for i := range e.Counterparts {
			w.body = append(w.body, e.Counterparts[i][:]...)
		}
	}
	if e.Duration > 0 {
		flags |= flagDuration
		w.body = binary.AppendUvarint(w.body, uint64(e.Duration))
	}
	if len(e.Attributes) > 0 {
		flags |= flagAttributes
		w.attributes(e.Attributes)
	}
	return flags
}

// name writes a short text that is likely to come again.
func (w *encoder) name(name string) {
	if n, known := w.names[name]; known {
		w.body = binary.AppendUvarint(w.body, n)
		return
	}
	w.names[name] = uint64(len(w.names) + 1)
	w.body = append(w.body, 0)
	w.body = appendPart(w.body, name)
}

// thing writes an object or container: most are hashes, and take half the room as bytes.
func (w *encoder) thing(text string, has, isHash byte) (flags byte) {
	if text == "" {
		return 0
	}
	if hash, ok := unhex(text); ok {
		w.body = append(w.body, hash[:]...)
		return has | isHash
	}
	w.body = appendPart(w.body, text)
	return has
}

// nibbles is the value of each lower case hexadecimal digit, 0xff for all other bytes.
var nibbles = func() (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for i, digit := range []byte("0123456789abcdef") {
		table[digit] = byte(i)
	}
	return table
}()

// unhex is the hash that text spells. Upper case does not pass: the reader of messages writes lower case.
func unhex(text string) (hash adoption.Hash, ok bool) {
	if len(text) != 2*len(hash) {
		return hash, false
	}
	bad := byte(0)
	for i := range hash {
		high, low := nibbles[text[2*i]], nibbles[text[2*i+1]]
		bad |= high | low
		hash[i] = high<<4 | low&0x0f
	}
	return hash, bad < 0x10
}

// attributes are written in order, so that one event has one form.
func (w *encoder) attributes(attributes map[string]string) {
	keys := make([]string, 0, len(attributes))
	for key := range attributes {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	w.body = binary.AppendUvarint(w.body, uint64(len(keys)))
	for _, key := range keys {
		w.name(key)
		w.body = appendPart(w.body, attributes[key])
	}
}

// flush ends the chunk being written.
func (w *encoder) flush() {
	if w.events == 0 {
		return
	}
	var head [2 * binary.MaxVarintLen64]byte
	front := appendPart(head[:0], w.source)
	front = binary.AppendUvarint(front, uint64(w.events))
	length := len(front) + len(w.body)
	data := make([]byte, 0, length+binary.MaxVarintLen64)
	data = binary.AppendUvarint(data, uint64(length))
	data = append(append(data, front...), w.body...)
	w.chunks = append(w.chunks, chunk{data, w.events})
	w.restart()
}

// finish ends the last chunk and hands out all of them.
func (w *encoder) finish() []chunk {
	w.flush()
	chunks := w.chunks
	w.chunks = nil
	return chunks
}

// appendMessage joins chunks to a message whose first event was received at base.
func appendMessage(to []byte, base uint64, chunks ...chunk) []byte {
	to = append(to, codecMagic, codecVersion)
	to = binary.BigEndian.AppendUint64(to, base)
	for _, c := range chunks {
		to = append(to, c.data...)
	}
	return to
}

// encodeEvent writes a message with one event as it is, its Received included.
func encodeEvent(e *adoption.Event) []byte {
	var w encoder
	w.begin(e.Source)
	w.add(e)
	return appendMessage(nil, e.Received, w.finish()...)
}
