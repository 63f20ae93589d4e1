package ingest

import (
	"hash/maphash"
	"strings"
	"sync"
)

// recent remembers what was computed from texts that come again and again: people, channels, spaces. It is bounded:
// of n entries or a little more, those that were not asked for lately go first. The texts stay in memory only, as
// bodies of requests do. It may be used by several goroutines at once.
type recent[V any] struct {
	seed   maphash.Seed
	size   int // of half a shard
	shards [recentShards]recentShard[V]
}

const (
	recentShards = 16  // so that goroutines seldom wait for each other
	recentText   = 128 // bytes: longer texts are not kept
	// One of so many texts that are not known is kept. What comes often is soon among them, and texts that come once
	// neither cost much nor push out the others.
	recentTaken = 4
)

// recentShard keeps what it was told since it was last full, and what it was told before that.
type recentShard[V any] struct {
	mu         sync.Mutex
	fresh, old map[string]V
	misses     uint
}

// newRecent keeps about n entries.
func newRecent[V any](n int) *recent[V] {
	return &recent[V]{seed: maphash.MakeSeed(), size: max(n/recentShards/2, 1)}
}

// get is what compute makes of text; compute must make the same of the same text every time.
func (r *recent[V]) get(text string, compute func(text string) V) V {
	if len(text) > recentText {
		return compute(text)
	}
	s := &r.shards[maphash.String(r.seed, text)%recentShards]
	s.mu.Lock()
	value, known := s.fresh[text]
	if !known {
		if value, known = s.old[text]; known {
			s.keep(strings.Clone(text), value, r.size)
		}
	}
	taken := false
	if !known {
		s.misses++
		taken = s.misses%recentTaken == 0
	}
	s.mu.Unlock()
	if known {
		return value
	}
	value = compute(text)
	if taken {
		s.mu.Lock()
		s.keep(strings.Clone(text), value, r.size)
		s.mu.Unlock()
	}
	return value
}

// keep notes an entry; size is how many make the shard full.
func (s *recentShard[V]) keep(text string, value V, size int) {
	if s.fresh == nil || len(s.fresh) >= size {
		s.old = s.fresh
		s.fresh = make(map[string]V, min(size, 64))
	}
	s.fresh[text] = value
}
