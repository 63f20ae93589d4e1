package ingest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// Rejects counts refused events, for the page that says how far the data can be trusted, and names the latest of each source. The counts are collected in
// memory and every few seconds go into the spool as a note, which the loader brings into the table rejected. A crash
// loses the last seconds of them: they are about quality, not about anybody's figures, so that is good enough.
type Rejects struct {
	spool *Spool
	log   *slog.Logger
	stop  chan struct{}
	done  chan struct{}

	mu     sync.Mutex
	counts map[rejectKey]uint64
	named  refusals

	sending sync.Mutex
	note    []byte // what was not sent yet, or with an unknown outcome
	name    string // of note: by it the spool knows a repeat
}

type rejectKey struct {
	day                   adoption.Day
	source, field, reason string
}

const (
	rejectsEvery = 5 * time.Second
	// maxRejectKeys bounds the memory while the spool takes nothing, and the size of a note. There are about 50 reasons and a handful of sources.
	maxRejectKeys = 10_000
)

// StartRejects starts to count, until Close.
func StartRejects(spool *Spool, log *slog.Logger) *Rejects {
	if log == nil {
		log = slog.Default()
	}
	r := &Rejects{spool: spool, log: log, stop: make(chan struct{}), done: make(chan struct{}), counts: map[rejectKey]uint64{}, named: refusals{}}
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
	r.named.add(source, refused)
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
			ctx, cancel := context.WithTimeout(context.Background(), publishWithin)
			if err := r.Flush(ctx); err != nil {
				r.log.Debug("refused events are counted later", "error", err) // the door says that the spool takes nothing
			}
			cancel()
		case <-r.stop:
			return
		}
	}
}

// Flush hands what was counted to the spool. What it does not take is kept for the next time.
func (r *Rejects) Flush(ctx context.Context) error {
	r.sending.Lock()
	defer r.sending.Unlock()
	if err := r.writeNames(ctx); err != nil {
		return err
	}
	for {
		if r.note == nil {
			if err := r.takeNote(); err != nil || r.note == nil {
				return err
			}
		}
		if err := r.spool.publish(ctx, r.note, jetstream.WithMsgID(r.name)); err != nil {
			return err
		}
		r.note = nil
	}
}

// writeNames writes down which events were refused. What the spool does not take is lost: the client was told, and it is counted.
func (r *Rejects) writeNames(ctx context.Context) error {
	r.mu.Lock()
	named := r.named
	r.named = refusals{}
	r.mu.Unlock()
	for _, of := range named {
		if err := r.spool.name(ctx, of); err != nil {
			return err
		}
	}
	return nil
}

// takeNote makes a note of what was counted, if anything was.
func (r *Rejects) takeNote() error {
	r.mu.Lock()
	counts := r.counts
	r.counts = map[rejectKey]uint64{}
	r.mu.Unlock()
	if len(counts) == 0 {
		return nil
	}
	n := note{Rejected: make([]rejectedCount, 0, len(counts))}
	for key, events := range counts {
		n.Rejected = append(n.Rejected, rejectedCount{key.day, key.source, key.field, key.reason, events})
	}
	message, err := encodeNote(n)
	if err != nil {
		return err
	}
	r.note, r.name = message, "rejected/"+rand.Text()
	return nil
}

// Close hands over what was counted last, until ctx ends.
func (r *Rejects) Close(ctx context.Context) error {
	close(r.stop)
	<-r.done
	return r.Flush(ctx)
}
