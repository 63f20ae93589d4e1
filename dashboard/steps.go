package dashboard

import "sync"

// steps tells whoever waits for a report how many of its parts are done, of how many. Nil tells nobody. What is still to be
// planned is not known beforehand, so the total may grow.
type steps struct {
	tell func(done, total int)

	mu          sync.Mutex
	done, total int
}

// plan adds n steps, and did says that one is done. tell is called by one at a time.
func (s *steps) plan(n int) { s.count(0, n) }
func (s *steps) did()       { s.count(1, 0) }

func (s *steps) count(done, total int) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.total = s.done+done, s.total+total
	s.tell(s.done, s.total)
}
