package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"uptake/adoption"
)

const (
	// roomEvery is how long a look at the disk and at the oldest message is believed.
	roomEvery = time.Second
	// roomLater is when somebody who was refused for want of disk, or because the database is away for very long, should
	// try again: neither ends in a moment.
	roomLater = time.Minute

	mostReserve   = 1 << 30
	reserveShare  = 20 // the reserve is at most one part of so many of the disk
	defaultOldest = 7 * 24 * time.Hour
)

// errDisk refuses what would fill the disk. The reserve that is left is for what must go on: marks of the clock,
// acknowledgements, dead letters, tokens, and ClickHouse where it lives on the same disk.
var errDisk = &retryError{Err: &adoption.Error{Code: adoption.Unavailable, Message: "The disk is nearly full, so no more events are taken. What was acknowledged is safe. " +
	"Send the request again later; what of it was taken nevertheless counts once."}, after: roomLater}

// room decides whether the spool takes new events, apart from its size, which the stream itself keeps. Nothing that is
// inside is ever dropped.
type room struct {
	reserve int64         // of the disk, in bytes; negative: the disk is not looked at
	oldest  time.Duration // how old a message that is not loaded may be; negative: for ever
	disk    func() (free, total int64, err error)
	first   func(context.Context) (time.Time, error) // when the oldest message came; zero where there is none
	now     func() time.Time
	log     *slog.Logger

	mu      sync.Mutex
	checked time.Time
	refused error // at that time
	free    int64 // on the disk behind the reserve, less what was written since; huge where nobody looks
	told    bool  // that the disk cannot be asked
}

// newRoom is the room of a spool as cfg has it.
func newRoom(cfg SpoolConfig, first func(context.Context) (time.Time, error)) *room {
	r := &room{reserve: cfg.Reserve, oldest: cfg.MaxAge, first: first, now: time.Now, log: cfg.Log,
		disk: func() (int64, int64, error) { return diskSpace(cfg.Dir) }}
	if r.oldest == 0 {
		r.oldest = defaultOldest
	}
	if cfg.URL != "" { // the disk is another machine's
		r.reserve = -1
	}
	return r
}

// take is nil where size more bytes may be written, and counts them; else the reason to refuse them.
func (r *room) take(ctx context.Context, size int) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); now.Sub(r.checked) >= roomEvery || now.Before(r.checked) {
		r.look(ctx)
		r.checked = now
	}
	if r.refused != nil {
		return r.refused
	}
	if int64(size) > r.free {
		return errDisk
	}
	r.free -= int64(size)
	return nil
}

// look asks disk and stream. What cannot be asked refuses nothing: the write itself will tell.
func (r *room) look(ctx context.Context) {
	r.refused, r.free = nil, 1<<62
	if r.reserve >= 0 {
		free, total, err := r.disk()
		if err != nil {
			if !r.told {
				r.log.Warn("the free space of the spool's disk cannot be asked for", "error", err)
			}
			r.told = true
		} else if r.free = free - r.kept(total); r.free <= 0 {
			r.refused = errDisk
			return
		}
	}
	if r.oldest < 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, roomEvery)
	defer cancel()
	if first, err := r.first(ctx); err == nil && !first.IsZero() && r.now().Sub(first) > r.oldest {
		r.refused = &retryError{Err: &adoption.Error{Code: adoption.Unavailable, Message: fmt.Sprintf(
			"Events have been waiting to be loaded since %s, longer than the spool may hold them (%s), so no more are taken. What was acknowledged is safe, and is loaded when the database takes it. Send the request again later.",
			first.UTC().Format(time.RFC3339), spanText(r.oldest))}, after: roomLater}
	}
}

// kept is the reserve on a disk of that size.
func (r *room) kept(total int64) int64 {
	if r.reserve > 0 {
		return r.reserve
	}
	return min(mostReserve, total/reserveShare)
}

// spanText writes a duration as it is configured, in days where it is some.
func spanText(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return fmt.Sprintf("%d days", d/day)
	}
	return d.String()
}

// Room is nil while the spool takes new events, as far as its disk and the age of what it holds go: else the reason
// why it does not, an Unavailable error. It is a second old at most.
func (s *Spool) Room(ctx context.Context) error {
	if err := s.whole(); err != nil {
		return err
	}
	return s.room.take(ctx, 0)
}
