package ingest

import (
	"encoding/binary"
	"math/bits"
	"time"

	"uptake/adoption"
)

// latest keeps of the events with one identity (source, id, UTC day) the last received, in the order of the first.
// ClickHouse would do the same in its own time; within one insert there is no reason to send it more.
func latest(events []adoption.Event) []adoption.Event {
	seen := newIdentityTable(len(events))
	kept := events[:0]
	for i := range events {
		j, twice := seen.find(kept, &events[i])
		switch {
		case !twice:
			if len(kept) < i {
				events[len(kept)] = events[i]
			}
			kept = events[:len(kept)+1]
		case events[i].Received > kept[j].Received:
			kept[j] = events[i]
		}
	}
	return kept
}

// identityTable is a hash table of events by identity. Ids are keyed hashes, so their own bytes are the hash: a map of
// Go's would hash them again and hold them twice.
type identityTable struct {
	slots []int32 // 1 + the place of an event; 0: free
	shift int     // leaves of 64 bits those that number a slot
}

// newIdentityTable has room for n events, and as much again.
func newIdentityTable(n int) identityTable {
	width := bits.Len(uint(2*n + 1))
	return identityTable{slots: make([]int32, 1<<width), shift: 64 - width}
}

// find is the place in kept of the event with e's identity. Where there is none, e is noted as the next of kept.
func (t *identityTable) find(kept []adoption.Event, e *adoption.Event) (place int, found bool) {
	day := adoption.DayOf(e.Time, time.UTC)
	for slot := binary.LittleEndian.Uint64(e.ID[:]) >> t.shift; ; slot = (slot + 1) % uint64(len(t.slots)) {
		at := t.slots[slot]
		if at == 0 {
			t.slots[slot] = int32(len(kept) + 1)
			return 0, false
		}
		if other := &kept[at-1]; other.ID == e.ID && other.Source == e.Source && adoption.DayOf(other.Time, time.UTC) == day {
			return int(at - 1), true
		}
	}
}
