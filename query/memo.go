package query

import (
	"fmt"
	"slices"
	"sync"
)

// memoRows bounds what a snapshot remembers: some 20 MB.
const memoRows = 50_000

// memo remembers the rows of inquiries as long as its snapshot lasts, that is until the next refresh: the readers of a
// page ask the same again and again. What it holds has passed the gate.
type memo = memoOf[AdoptionRow]

// memoOf is a memo of rows of a kind.
type memoOf[Row any] struct {
	mu   sync.Mutex
	rows map[string][]Row
	held int
}

// get is a copy of the rows remembered for a key.
func (m *memoOf[Row]) get(key string) ([]Row, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows, there := m.rows[key]
	return slices.Clone(rows), there
}

// put remembers rows; where there are too many, all others are forgotten.
func (m *memoOf[Row]) put(key string, rows []Row) {
	if len(rows) > memoRows/4 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held+len(rows) > memoRows || m.rows == nil {
		m.rows, m.held = map[string][]Row{}, 0
	}
	if _, there := m.rows[key]; !there {
		m.rows[key] = slices.Clone(rows)
		m.held += len(rows) + 1
	}
}

// key tells inquiries apart.
func (in inquiry) key() string {
	return fmt.Sprintf("%q %q %q %t %v", in.unit, in.beside, in.tools, in.children, in.ends)
}
