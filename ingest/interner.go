package ingest

// An interner keeps one copy of each short text that comes again and again: tools, actions, types of objects. It is bounded,
// because what fills it comes from outside. It belongs to one goroutine at a time.
type interner struct{ known map[string]string }

const maxInterned = 4096

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
