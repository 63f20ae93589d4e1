package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// Rejects counts refused events in the table rejected, for the page that says how far the data can be trusted. The
// counts are collected in memory and written every few seconds: a crash loses the last ones, and an insert of unknown
// outcome may count twice. They are about quality, not about anybody's figures, so that is good enough.
type Rejects struct {
	db   driver.Conn
	log  *slog.Logger
	stop chan struct{}
	done chan struct{}

	mu     sync.Mutex
	counts map[rejectKey]uint64
}

type rejectKey struct {
	day                   adoption.Day
	source, field, reason string
}

const (
	rejectsEvery = 5 * time.Second
	// maxRejectKeys bounds the memory while ClickHouse is away. There are about 50 reasons and a handful of sources.
	maxRejectKeys = 10_000
)

// StartRejects starts to count, until Close.
func StartRejects(db driver.Conn, log *slog.Logger) *Rejects {
	if log == nil {
		log = slog.Default()
	}
	r := &Rejects{db: db, log: log, stop: make(chan struct{}), done: make(chan struct{}), counts: map[rejectKey]uint64{}}
	go r.run()
	return r
}

// label is the field of a refusal as it is counted: what a client called a field that does not exist stays outside.
func label(r *wire.Refusal) string {
	switch {
	case r.Reason == wire.UnknownField:
		return "unknown"
	case r.Field == "":
		return "event"
	}
	return r.Field
}

// count adds refused events of a source.
func (r *Rejects) count(day adoption.Day, source string, refused []refusedEvent) {
	if r == nil || len(refused) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range refused {
		r.add(rejectKey{day, source, label(e.wrong), e.wrong.Reason}, 1)
	}
}

func (r *Rejects) add(key rejectKey, n uint64) {
	if _, known := r.counts[key]; known || len(r.counts) < maxRejectKeys {
		r.counts[key] += n
	}
}

func (r *Rejects) run() {
	defer close(r.done)
	ticker := time.NewTicker(rejectsEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			ctx, cancel := context.WithTimeout(context.Background(), insertWithin)
			if err := r.Flush(ctx); err != nil {
				r.log.Debug("refused events are counted later", "error", err) // the loader says that ClickHouse is away
			}
			cancel()
		case <-r.stop:
			return
		}
	}
}

// Flush writes what was counted. What cannot be written is kept for the next time.
func (r *Rejects) Flush(ctx context.Context) error {
	r.mu.Lock()
	counts := r.counts
	r.counts = map[rejectKey]uint64{}
	r.mu.Unlock()
	if len(counts) == 0 {
		return nil
	}
	err := r.insert(ctx, counts)
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		for key, n := range counts {
			r.add(key, n)
		}
	}
	return err
}

func (r *Rejects) insert(ctx context.Context, counts map[rejectKey]uint64) error {
	batch, err := r.db.PrepareBatch(ctx, "INSERT INTO rejected (day, source, field, reason, events)")
	if err != nil {
		return fmt.Errorf("preparing the counts of refused events: %w", err)
	}
	defer batch.Close()
	for key, n := range counts {
		if err := batch.Append(key.day.Time(), key.source, key.field, key.reason, n); err != nil {
			return fmt.Errorf("filling in the counts of refused events: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("writing the counts of refused events: %w", err)
	}
	return nil
}

// Close writes what was counted last, until ctx ends.
func (r *Rejects) Close(ctx context.Context) error {
	close(r.stop)
	<-r.done
	return r.Flush(ctx)
}
