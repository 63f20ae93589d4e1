package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// take waits for a message and then gathers more, until there are enough for one insert or Linger is over.
func (l *Loader) take(ctx context.Context) ([]jetstream.Msg, error) {
	g := gathering{limit: l.cfg.Rows}
	if err := g.add(l.consumer.Fetch(1, jetstream.FetchContext(ctx))); len(g.messages) == 0 {
		return nil, err
	}
	for deadline := time.Now().Add(l.cfg.Linger); ctx.Err() == nil && !g.enough() && time.Now().Before(deadline); {
		before := len(g.messages)
		if err := g.add(l.consumer.FetchNoWait(min(64, takeMessages-before))); err != nil {
			return g.messages, nil // load what is there; the next take will find the error again
		}
		if len(g.messages) == before {
			sleep(ctx, min(20*time.Millisecond, l.cfg.Linger))
		}
	}
	return g.messages, nil
}

// gathering is the messages of the next insert.
type gathering struct {
	messages []jetstream.Msg
	bytes    int
	limit    int // rows, guessed from the bytes: an event has about 100
}

func (g *gathering) enough() bool {
	return len(g.messages) >= takeMessages || g.bytes >= min(takeSize, g.limit*100)
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

// unpack reads messages; broken are those that are none.
func (l *Loader) unpack(messages []jetstream.Msg) (events []adoption.Event, broken []deadLetter) {
	for _, m := range messages {
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
