package refresh

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/google/uuid"

	"uptake/adoption"
)

// queue mirrors the rows of the table touched that are not done. It is not safe for concurrent use.
type queue struct {
	loaded  bool // false: the table may hold rows that are not here
	doubts  int  // how often a row was stored or not, nobody knows
	pending map[uuid.UUID]touch
	running map[uuid.UUID]touch
}

func newQueue() queue {
	return queue{pending: map[uuid.UUID]touch{}, running: map[uuid.UUID]touch{}}
}

// announce adds spans that are about to be stored, and returns their rows. A span that waits already is not added
// again: the refresh that will take it has not begun.
func (q *queue) announce(at time.Time, spans []Span) []touch {
	var rows []touch
	for _, s := range spans {
		s.From, s.To = max(s.From, 0), min(s.To, adoption.LastDay)
		if s.From > s.To || q.waits(s) {
			continue
		}
		t := touch{id: uuid.New(), Span: s, at: at, seen: time.Now()}
		q.pending[t.id] = t
		rows = append(rows, t)
	}
	return rows
}

func (q *queue) waits(s Span) bool {
	for _, t := range q.pending {
		if t.stored && t.Span == s {
			return true
		}
	}
	return false
}

// settle notes how storing announced rows went. After an error they may be in the table or not, so it must be read.
func (q *queue) settle(rows []touch, err error) {
	if err != nil {
		q.loaded = false
		q.doubts++
	}
	for _, t := range rows {
		if err != nil {
			delete(q.pending, t.id)
			continue
		}
		t.stored = true
		q.pending[t.id] = t
	}
}

// merge adds rows read from the table, when there had been so many doubts.
func (q *queue) merge(rows []touch, doubts int) {
	q.loaded = q.doubts == doubts
	for _, t := range rows {
		if _, ok := q.running[t.id]; !ok {
			q.pending[t.id] = t
		}
	}
}

// take moves those stored rows that are wanted from pending to running, and returns them.
func (q *queue) take(wanted func(touch) bool) []touch {
	var rows []touch
	for id, t := range q.pending {
		if t.stored && wanted(t) {
			delete(q.pending, id)
			q.running[id] = t
			rows = append(rows, t)
		}
	}
	return rows
}

// finish drops the running rows if they are done, else they wait again.
func (q *queue) finish(done bool) {
	if !done {
		for id, t := range q.running {
			q.pending[id] = t
		}
	}
	clear(q.running)
}

func (q *queue) empty() bool { return q.loaded && len(q.pending) == 0 && len(q.running) == 0 }

func (q *queue) waiting() int { return len(q.pending) }

// oldest is the instant of the first touch that is not in the figures; ok is false if there is none.
func (q *queue) oldest() (at time.Time, ok bool) {
	for _, rows := range []map[uuid.UUID]touch{q.pending, q.running} {
		for _, t := range rows {
			if !ok || t.at.Before(at) {
				at, ok = t.at, true
			}
		}
	}
	return at, ok
}

//go:embed touched.sql
var selectTouched string

// loadTouched reads the table touched unless the mirror is known to be complete.
func (r *Refresher) loadTouched(ctx context.Context) error {
	r.mu.Lock()
	loaded, doubts := r.queue.loaded, r.queue.doubts
	r.mu.Unlock()
	if loaded {
		return nil
	}
	var rows []touch
	err := r.each(ctx, "read what was touched", selectTouched, nil, func(scan scanner) error {
		t := touch{seen: time.Now(), stored: true}
		var kind string
		var from, to time.Time
		if err := scan(&t.id, &kind, &from, &to, &t.at); err != nil {
			return err
		}
		t.Span = Span{Kind(kind), dayOf(from), dayOf(to)}
		rows = append(rows, t)
		return nil
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.queue.merge(rows, doubts)
	r.mu.Unlock()
	return nil
}

// storeTouched writes rows of the table touched, in one block.
func (r *Refresher) storeTouched(ctx context.Context, rows []touch, done uint8) error {
	if len(rows) == 0 {
		return nil
	}
	batch, err := r.db.PrepareBatch(ctx, "INSERT INTO touched (id, kind, first_day, last_day, at, done)")
	if err != nil {
		return fmt.Errorf("note what was touched: %w", err)
	}
	defer batch.Close()
	for _, t := range rows {
		if err := batch.Append(t.id, string(t.Kind), t.From.Time(), t.To.Time(), t.at, done); err != nil {
			return fmt.Errorf("note what was touched: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("note what was touched: %w", err)
	}
	return nil
}
