package ledger

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// mostRemembered bounds how many answers of the store are remembered; then all are forgotten.
const mostRemembered = 64

// remembered is what the store said of records, for as long as nothing is written to it: every page reads some. Where the store
// is inside this process nothing is written unseen; a server is asked each time.
type remembered struct {
	mu      sync.Mutex
	writes  uint64 // as many there were when the store was asked
	records map[string][]Record
}

// recall is what was said after so many writes. Nobody may write into the bodies.
func (m *remembered) recall(key string, writes uint64) ([]Record, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, there := m.records[key]
	return slices.Clone(all), there && m.writes == writes
}

func (m *remembered) keep(key string, writes uint64, all []Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if writes < m.writes { // what was asked earlier is not taken for what is known since
		return
	}
	if m.records == nil || m.writes != writes || len(m.records) >= mostRemembered {
		m.records, m.writes = map[string][]Record{}, writes
	}
	m.records[key] = slices.Clone(all)
}

// written counts what was written to the store, as clickhouse.DB does; other stores are never quiet.
func (l *Ledger) written() (n uint64, quiet bool) {
	if db, counts := l.db.(interface{ Writes() (uint64, bool) }); counts {
		return db.Writes()
	}
	return 0, false
}

// records are those that a statement finds, or found after the last write.
func (l *Ledger) records(ctx context.Context, sql string, p params) ([]Record, error) {
	key := fmt.Sprint(sql, p)
	writes, quiet := l.written()
	if quiet {
		if all, there := l.said.recall(key, writes); there {
			return all, nil
		}
	}
	all, err := l.find(ctx, sql, p)
	if err == nil && quiet {
		l.said.keep(key, writes, all)
	}
	return all, err
}
