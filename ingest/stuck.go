package ingest

import (
	"context"
	"fmt"
	"time"
)

// lookEvery is how often the loader looks whether the spool forgot a message.
const lookEvery = 5 * time.Second

// A forgotten message is one that the spool holds and will not give out any more: what it remembers of the loader says
// that it was acknowledged. That comes from a disk that was full, or failed, when an acknowledged message was to be
// taken away: the acknowledgement was kept, the removal not. Such a message would lie there for ever, and in the end
// make the spool too old to take new ones.
//
// Whether it was loaded cannot be told for certain, so all that is inside is given out again: it counts once.
type forgotten struct {
	looked time.Time
	first  uint64 // the oldest message at the last look, if it was acknowledged then; else 0
}

// remind looks, now and then, for a forgotten message, and takes the spool over anew where it finds one.
func (l *Loader) remind(ctx context.Context) error {
	if time.Since(l.forgotten.looked) < lookEvery {
		return nil
	}
	before := l.forgotten.first
	first, err := l.acknowledgedFirst(ctx)
	if err != nil {
		return err
	}
	l.forgotten = forgotten{looked: time.Now(), first: first}
	if first == 0 || first != before { // one that is acknowledged at this moment is gone at the next look
		return nil
	}
	l.forgotten.first = 0
	l.cfg.Log.Warn("the spool holds events that it takes for loaded; they are loaded again and count once", "message", first)
	l.consumer, err = l.cfg.Spool.consumer(ctx)
	return err
}

// acknowledgedFirst is the number of the oldest message inside if it was acknowledged; else 0.
func (l *Loader) acknowledgedFirst(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, publishWithin)
	defer cancel()
	loader, err := l.consumer.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking the spool what was loaded: %w", err)
	}
	inside, err := l.cfg.Spool.events.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking the spool what it holds: %w", err)
	}
	if inside.State.Msgs > 0 && inside.State.FirstSeq <= loader.AckFloor.Stream {
		return inside.State.FirstSeq, nil
	}
	return 0, nil
}
