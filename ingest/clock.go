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
//
// Processes that receive into one spool share the mark: it only ever rises, by compare and set, and whoever starts
// begins above all that any of them has given out. While they run, their numbers are in the order of arrival as far as
// the clocks of their machines agree; each one's own numbers never go back.
type clock struct {
	bucket jetstream.KeyValue
	now    func() time.Time
	ahead  uint64 // how far the mark is moved ahead
	last   uint64 // the highest number given out
	mark   uint64 // nothing above this may be given out before the mark on the disk is moved

	floor    uint64 // the highest mark of others: the one on the disk is never taken back below it
	revision uint64 // of the mark on the disk as this clock saw it last; 0: there was none
}

const (
	clockKey = "received"
	// clockAhead is how far the mark lies ahead: the most that a process started after a crash runs ahead of the
	// machine's clock, and how often the mark is written while events come in.
	clockAhead = uint64(5 * time.Second)
	// sharedAhead is the same where several processes share the mark. Whoever starts waits until its own clock has
	// passed the mark, so that it does not run ahead of the others; so it has to be short.
	sharedAhead = uint64(time.Second)
	// clockPatience is how far ahead a mark may lie to be waited for. One further ahead is that of a machine whose clock
	// is wrong.
	clockPatience = uint64(5 * time.Second)
)

// openClock goes on from the mark on the disk. With shared, other processes use it at the same time.
func openClock(ctx context.Context, bucket jetstream.KeyValue, now func() time.Time, shared bool) (*clock, error) {
	c := &clock{bucket: bucket, now: now, ahead: clockAhead}
	mark, err := c.read(ctx)
	if err != nil {
		return nil, err
	}
	c.last, c.mark, c.floor = mark, mark, mark
	if !shared {
		return c, nil
	}
	c.ahead = sharedAhead
	if here := uint64(now().UnixNano()); mark > here && mark-here <= clockPatience {
		sleep(ctx, time.Duration(mark-here))
	}
	return c, ctx.Err()
}

// read is the mark on the disk, 0 where there is none, and keeps its revision.
func (c *clock) read(ctx context.Context) (mark uint64, err error) {
	entry, err := c.bucket.Get(ctx, clockKey)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		c.revision = 0
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("reading the mark of the clock: %w", err)
	case len(entry.Value()) != 8:
		return 0, fmt.Errorf("the mark of the clock in the spool has %d bytes and not 8", len(entry.Value()))
	}
	c.revision = entry.Revision()
	return binary.BigEndian.Uint64(entry.Value()), nil
}

// take gives out n numbers that follow each other, the first of them base.
func (c *clock) take(ctx context.Context, n int) (base uint64, err error) {
	base = max(uint64(c.now().UnixNano()), c.last+1)
	last := base + uint64(n) - 1
	if last > c.mark {
		if err := c.keep(ctx, last+c.ahead); err != nil {
			return 0, err
		}
	}
	c.last = last
	return base, nil
}

// keep brings the mark on the disk to at least mark, durably.
func (c *clock) keep(ctx context.Context, mark uint64) error {
	for {
		err := c.write(ctx, max(mark, c.floor))
		if err == nil {
			c.mark = mark
			return nil
		}
		if !movedMeanwhile(err) {
			return fmt.Errorf("moving the mark of the clock: %w", err)
		}
		if c.floor, err = c.read(ctx); err != nil {
			return err
		}
	}
}

// write sets the mark on the disk if nobody has moved it since it was seen.
func (c *clock) write(ctx context.Context, mark uint64) error {
	value := binary.BigEndian.AppendUint64(nil, mark)
	set := func() (uint64, error) { return c.bucket.Update(ctx, clockKey, value, c.revision) }
	if c.revision == 0 {
		set = func() (uint64, error) { return c.bucket.Create(ctx, clockKey, value) }
	}
	revision, err := set()
	if err == nil {
		c.revision = revision
	}
	return err
}

// movedMeanwhile tells that a compare and set found another value than it expected. A cluster has a number of its own
// for that.
func movedMeanwhile(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// close takes the mark back to what was given out, so that the next start need not run ahead, unless others have moved
// it meanwhile.
func (c *clock) close(ctx context.Context) error {
	back := max(c.last, c.floor)
	if back >= c.mark {
		return nil
	}
	if err := c.write(ctx, back); err != nil && !movedMeanwhile(err) {
		return fmt.Errorf("taking back the mark of the clock: %w", err)
	}
	return nil
}
