package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// A batch is the messages of one insert and what they hold.
type batch struct {
	messages []jetstream.Msg
	events   []adoption.Event // of each identity the last received
	notes    []spooledNote    // not written yet
	facts    []Fact           // of the notes, not stored yet
	broken   []deadLetter     // messages that are none
	token    string           // of the insert
}

// prepare takes batches and hands them over, until taking ends. A batch that nobody takes then stays in the spool.
func (l *Loader) prepare(taking context.Context, to chan<- *batch) {
	for taking.Err() == nil {
		b, err := l.next(taking)
		if err != nil {
			if taking.Err() == nil {
				l.failed("taking from the spool", err)
				sleep(taking, time.Second)
			}
			continue
		}
		select {
		case to <- b:
		case <-taking.Done():
		}
	}
}

// next takes messages and reads them.
func (l *Loader) next(taking context.Context) (*batch, error) {
	messages, full, err := l.take(taking)
	if err != nil {
		return nil, err
	}
	b := &batch{messages: messages, token: l.token(messages)}
	l.hold(b)
	if l.cfg.Behind != nil {
		l.cfg.Behind(full)
	}
	var memory []adoption.Event
	select {
	case memory = <-l.spare:
	default:
	}
	b.events, b.broken = l.unpack(messages, memory)
	b.readNotes()
	return b, nil
}

// hold keeps the spool from giving a batch's messages out a second time.
func (l *Loader) hold(b *batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, b)
}

// release ends what hold began. The memory of a large batch is kept for the next: while many events come in, one
// follows another.
func (l *Loader) release(b *batch) {
	l.mu.Lock()
	l.held = slices.DeleteFunc(l.held, func(other *batch) bool { return other == b })
	l.mu.Unlock()
	if cap(b.events) == 0 || len(b.events) < cap(b.events)/4 {
		return
	}
	select {
	case l.spare <- b.events[:0]:
	default:
	}
}

// renew tells the spool with each tick that what is held is still worked on.
func (l *Loader) renew(taking context.Context, tick <-chan time.Time) {
	for {
		select {
		case <-tick:
		case <-taking.Done():
			return
		}
		l.mu.Lock()
		held := slices.Clone(l.held)
		l.mu.Unlock()
		for _, b := range held {
			for _, m := range b.messages {
				_ = m.InProgress() // at worst they come again, and count once
			}
		}
	}
}

// take waits for a message and then gathers more, until there are enough for one insert (full) or Linger is over.
func (l *Loader) take(ctx context.Context) (messages []jetstream.Msg, full bool, err error) {
	g := gathering{limit: min(takeSize, l.cfg.Rows*rowSize)}
	for len(g.messages) == 0 {
		err := l.remind(ctx)
		if err == nil {
			err = l.wait(ctx, &g)
		}
		if len(g.messages) == 0 && (err != nil || ctx.Err() != nil) {
			return nil, false, errors.Join(err, ctx.Err())
		}
	}
	for deadline := time.Now().Add(l.cfg.Linger); ctx.Err() == nil && !g.enough() && time.Now().Before(deadline); {
		before := len(g.messages)
		failed := g.add(l.consumer.FetchNoWait(g.lacks()))
		if failed != nil { // load what is there; the next take will find the error again
			return g.messages, g.enough(), nil //nolint:nilerr
		}
		if len(g.messages) == before {
			sleep(ctx, min(20*time.Millisecond, l.cfg.Linger))
		}
	}
	return g.messages, g.enough(), nil
}

// wait takes the next message as soon as there is one; none within lookEvery is no error.
func (l *Loader) wait(ctx context.Context, g *gathering) error {
	within, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	err := g.add(l.consumer.Fetch(1, jetstream.FetchContext(within)))
	if errors.Is(err, context.DeadlineExceeded) { // as when the server inside was started anew meanwhile
		return nil
	}
	return err
}

// rowSize is about how many bytes an event has in the spool.
const rowSize = 60

// gathering is the messages of the next insert.
type gathering struct {
	messages []jetstream.Msg
	bytes    int
	limit    int // of bytes
}

func (g *gathering) enough() bool { return len(g.messages) >= takeMessages || g.bytes >= g.limit }

// lacks is how many more messages fit, if they are like those that are there. One message does not say much about the
// others: of few, only some times as many are taken.
func (g *gathering) lacks() int {
	fit := (g.limit - g.bytes) / max(g.bytes/len(g.messages), 1)
	return min(max(fit, 1), 8*len(g.messages), 256, takeMessages-len(g.messages))
}

func (g *gathering) add(batch jetstream.MessageBatch, err error) error {
	if err != nil {
		return err
	}
	for m := range batch.Messages() {
		g.messages = append(g.messages, m)
		g.bytes += len(m.Data())
	}
	return batch.Error()
}

// unpack reads messages into memory, which it makes larger where it must; broken are those that are none.
func (l *Loader) unpack(messages []jetstream.Msg, memory []adoption.Event) (events []adoption.Event, broken []deadLetter) {
	events = memory
	for _, m := range messages {
		if isNote(m.Data()) {
			continue
		}
		var err error
		if events, err = decodeMessage(m.Data(), events, &l.names); err != nil {
			broken = append(broken, deadLetter{m.Data(), err.Error()})
		}
	}
	return latest(events), broken
}

// token is the same for the same messages, so that ClickHouse recognises a repeat after an error of unknown outcome,
// and another for all others, also those of a spool that was begun anew: their numbers start again.
func (l *Loader) token(messages []jetstream.Msg) string {
	sum := sha256.New()
	numbers := binary.BigEndian.AppendUint64(nil, uint64(l.cfg.Spool.created.UnixNano()))
	for _, m := range messages {
		numbers = binary.BigEndian.AppendUint64(numbers, sequence(m))
	}
	sum.Write(numbers)
	return "spool/" + hex.EncodeToString(sum.Sum(nil)[:16])
}

func sequence(m jetstream.Msg) uint64 {
	meta, err := m.Metadata()
	if err != nil { // not a message of JetStream, which cannot be here
		return 0
	}
	return meta.Sequence.Stream
}
