package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"uptake/adoption"
)

// groupSize is how large a message of the spool may become, apart from a last chunk that goes a little over it.
const groupSize = 1 << 20

// errClosing answers what comes while the program stops.
var errClosing = &adoption.Error{Code: adoption.Unavailable, Message: "Uptake is stopping. Nothing of this request was taken; send it again in a moment."}

// A Batcher makes the events of many requests durable together. The fsync of a message costs the same for one event
// as for thousands, so whatever comes while one message is being written shares the next (group commit). A request
// that comes alone waits for nothing.
type Batcher struct {
	spool *Spool
	clock *clock
	queue chan *commit
	stop  chan struct{} // closed: no more commits are taken
	done  chan struct{}

	mu      sync.RWMutex // held for reading while a commit enters the queue, so that none is left there by Close
	stopped bool
}

// A commit is the chunks of one request on their way to the disk.
type commit struct {
	chunks []chunk
	waits  int        // messages that hold a part of it and are not durable yet
	err    error      // of the first message that failed
	done   chan error // gets one answer
}

// NewBatcher starts to write to spool. now is the machine's clock; nil: time.Now.
func NewBatcher(ctx context.Context, spool *Spool, now func() time.Time) (*Batcher, error) {
	if now == nil {
		now = time.Now
	}
	clock, err := openClock(ctx, spool.clock, now, spool.shared())
	if err != nil {
		return nil, err
	}
	b := &Batcher{spool: spool, clock: clock, queue: make(chan *commit, 1024), stop: make(chan struct{}), done: make(chan struct{})}
	go b.run()
	return b, nil
}

// commit returns when all chunks are on the disk. After an error of ctx they may be there or not; ErrFull says that
// the spool had no room for all of them. A client that sends again does no harm: events count once.
func (b *Batcher) commit(ctx context.Context, chunks []chunk) error {
	if len(chunks) == 0 {
		return nil
	}
	c := &commit{chunks: chunks, done: make(chan error, 1)}
	if err := b.enter(ctx, c); err != nil {
		return err
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
		return busy(ctx)
	}
}

// busy is the answer to who has waited long enough.
func busy(ctx context.Context) error {
	return &adoption.Error{Code: adoption.Unavailable, Message: "The events could not be made durable in time. Send them again later; those that were taken nevertheless count once.", Err: ctx.Err()}
}

func (b *Batcher) enter(ctx context.Context, c *commit) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.stopped {
		return errClosing
	}
	select {
	case b.queue <- c:
		return nil
	case <-ctx.Done():
		return busy(ctx)
	}
}

// run writes what waits, message by message, until Close and until nothing waits any more.
func (b *Batcher) run() {
	defer close(b.done)
	g := group{batcher: b}
	for {
		select {
		case c := <-b.queue:
			g.take(c)
			g.takeWaiting()
			g.write()
		case <-b.stop:
			for len(b.queue) > 0 {
				g.take(<-b.queue)
				g.takeWaiting()
				g.write()
			}
			return
		}
	}
}

// Close makes durable what was handed in, and takes nothing more. ctx bounds the waiting.
func (b *Batcher) Close(ctx context.Context) error {
	b.mu.Lock()
	first := !b.stopped
	b.stopped = true
	b.mu.Unlock()
	if first {
		close(b.stop)
	}
	select {
	case <-b.done:
	case <-ctx.Done():
		return fmt.Errorf("waiting for the last events to become durable: %w", ctx.Err())
	}
	if !first {
		return nil
	}
	return b.clock.close(ctx)
}

// A group is the commits that share the next message. It belongs to the batcher's goroutine.
type group struct {
	batcher *Batcher
	chunks  []chunk
	members []*commit // with a chunk in the message being put together
	size    int
	message []byte
}

// take adds a commit and writes a message whenever one is full.
func (g *group) take(c *commit) {
	for i, part := range c.chunks {
		if g.size > 0 && g.size+len(part.data) > groupSize {
			g.write()
		}
		if n := len(g.members); n == 0 || g.members[n-1] != c {
			g.members = append(g.members, c)
			c.waits++
		}
		g.chunks = append(g.chunks, part)
		g.size += len(part.data)
		if i == len(c.chunks)-1 {
			c.chunks = nil // nothing more is to come: the message that holds this chunk may answer
		}
	}
}

// takeWaiting adds what is in the queue, as much as one message takes.
func (g *group) takeWaiting() {
	for g.size < groupSize {
		select {
		case c := <-g.batcher.queue:
			g.take(c)
		default:
			return
		}
	}
}

// write makes the group durable and answers the commits that are complete with it.
func (g *group) write() {
	if len(g.chunks) == 0 {
		return
	}
	err := g.publish()
	for _, c := range g.members {
		c.err = errors.Join(c.err, err)
		if c.waits--; c.waits == 0 && c.chunks == nil {
			c.done <- c.err
		}
	}
	clear(g.chunks)
	clear(g.members)
	g.chunks, g.members, g.size = g.chunks[:0], g.members[:0], 0
}

// publish has a deadline of its own: the requests share the message, so none of theirs may end it.
func (g *group) publish() error {
	if err := g.batcher.spool.whole(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), publishWithin)
	defer cancel()
	ctx, well := g.batcher.spool.whileWell(ctx)
	defer well()
	events := 0
	for _, c := range g.chunks {
		events += c.events
	}
	base, err := g.batcher.clock.take(ctx, events)
	if err != nil {
		return err
	}
	g.message = appendMessage(g.message[:0], base, g.chunks...)
	return g.batcher.spool.Publish(ctx, g.message)
}
