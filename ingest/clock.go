package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A clock gives out the times of receipt: nanoseconds since 1970, strictly rising, because the last received of two
// events with one identity wins. The machine's clock alone will not do: it is set back, and a process that starts
// afterwards would then give an event a lower number than the one it is to replace. So a mark that lies a little
// ahead is kept on the disk, and a new clock starts from there. It belongs to one goroutine.
type clock struct {
	bucket jetstream.KeyValue
	now    func() time.Time
	last   uint64 // the highest number given out
	mark   uint64 // nothing above this may be given out before the mark on the disk is moved
}

const (
	clockKey = "received"
	// clockAhead is how far the mark lies ahead: the most that a process started after a crash runs ahead of the
	// machine's clock, and how often the mark is written while events come in.
	clockAhead = uint64(5 * time.Second)
)

// openClock goes on from the mark on the disk.
func openClock(ctx context.Context, bucket jetstream.KeyValue, now func() time.Time) (*clock, error) {
	c := &clock{bucket: bucket, now: now}
	entry, err := bucket.Get(ctx, clockKey)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return c, nil
	case err != nil:
		return nil, fmt.Errorf("reading the mark of the clock: %w", err)
	case len(entry.Value()) != 8:
		return nil, fmt.Errorf("the mark of the clock in the spool has %d bytes and not 8", len(entry.Value()))
	}
	c.mark = binary.BigEndian.Uint64(entry.Value())
	c.last = c.mark
	return c, nil
}

// take gives out n numbers that follow each other, the first of them base.
func (c *clock) take(ctx context.Context, n int) (base uint64, err error) {
	base = max(uint64(c.now().UnixNano()), c.last+1)
	last := base + uint64(n) - 1
	if last > c.mark {
		if err := c.keep(ctx, last+clockAhead); err != nil {
			return 0, err
		}
	}
	c.last = last
	return base, nil
}

// keep writes the mark durably.
func (c *clock) keep(ctx context.Context, mark uint64) error {
	if _, err := c.bucket.Put(ctx, clockKey, binary.BigEndian.AppendUint64(nil, mark)); err != nil {
		return fmt.Errorf("moving the mark of the clock: %w", err)
	}
	c.mark = mark
	return nil
}

// close takes the mark back to what was given out, so that the next start need not run ahead.
func (c *clock) close(ctx context.Context) error {
	if c.last == c.mark {
		return nil
	}
	return c.keep(ctx, c.last)
}
