package wire

import (
	"bytes"
	"fmt"
)

// MaxDepth is how many objects and arrays may lie within each other in one event, the event itself included. What
// reads an event may call itself for each level.
const MaxDepth = 64

// TooDeep refuses an event that is nested deeper than MaxDepth.
var TooDeep = &Refusal{"", fmt.Sprintf("The event is nested deeper than %d levels.", MaxDepth)}

// tooDeep tells whether valid JSON is nested deeper than MaxDepth. Nearly all events do not even hold that many
// brackets, and counting those costs next to nothing.
func tooDeep(value []byte) bool {
	if bytes.Count(value, []byte{'{'})+bytes.Count(value, []byte{'['}) <= MaxDepth {
		return false
	}
	depth := 0
	for i := 0; i < len(value); {
		switch value[i] {
		case '"':
			i = skipString(value, i)
			continue
		case '{', '[':
			if depth++; depth > MaxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
		i++
	}
	return false
}
