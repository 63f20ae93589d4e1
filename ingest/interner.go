package ingest

import (
	"encoding/hex"
	"strings"

	"uptake/adoption"
)

// An interner keeps one copy of each short text that comes again and again: tools, actions, types of objects. It is bounded,
// because what fills it comes from outside. What does not come again it cuts from larger pieces of memory: an
// allocation for each would cost more than all the rest of reading an event. It belongs to one goroutine at a time.
type interner struct {
	known map[string]string
	texts strings.Builder // the piece from which hashes in hex are cut
	spare []adoption.Hash // what is left of the piece from which lists of hashes are cut
}

const (
	maxInterned = 4096
	textPiece   = 32 << 10 // bytes
	hashPiece   = 1024     // hashes
)

// get is text as a string, without a new allocation where it was seen before.
func (n *interner) get(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if name, ok := n.known[string(text)]; ok {
		return name
	}
	if n.known == nil || len(n.known) >= maxInterned {
		n.known = make(map[string]string)
	}
	name := string(text)
	n.known[name] = name
	return name
}

// hex is a hash as text.
func (n *interner) hex(h *adoption.Hash) string {
	var text [2 * len(h)]byte
	hex.Encode(text[:], h[:])
	if n.texts.Cap()-n.texts.Len() < len(text) {
		n.texts = strings.Builder{} // the texts cut from the old piece keep it
		n.texts.Grow(textPiece)
	}
	n.texts.Write(text[:])
	return n.texts.String()[n.texts.Len()-len(text):]
}

// list is room for n hashes.
func (n *interner) list(size int) []adoption.Hash {
	if size > hashPiece/4 {
		return make([]adoption.Hash, size)
	}
	if len(n.spare) < size {
		n.spare = make([]adoption.Hash, hashPiece)
	}
	list := n.spare[:size:size]
	n.spare = n.spare[size:]
	return list
}
