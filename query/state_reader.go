package query

import (
	"context"
	"errors"
	"sync"
)

// stateReader lets those who ask for the state at the same time share one statement. Nobody gets a reading that began
// before he or she asked, so what somebody has written before asking is always in it.
type stateReader struct {
	mu      sync.Mutex
	next    *stateReading // has not begun
	reading sync.Mutex    // held while one is under way
}

type stateReading struct {
	done  chan struct{}
	state state
	err   error
}

func (r *stateReader) read(ctx context.Context, ask func(context.Context) (state, error)) (state, error) {
	for {
		reading, mine := r.join()
		if mine {
			r.run(ctx, reading, ask)
			return reading.state, reading.err
		}
		select {
		case <-ctx.Done():
			return state{}, ctx.Err()
		case <-reading.done:
		}
		// The one who read may have left; then somebody else has to.
		if !errors.Is(reading.err, context.Canceled) && !errors.Is(reading.err, context.DeadlineExceeded) {
			return reading.state, reading.err
		}
	}
}

// join is the next reading; it is up to the caller to run it if mine.
func (r *stateReader) join() (reading *stateReading, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		r.next, mine = &stateReading{done: make(chan struct{})}, true
	}
	return r.next, mine
}

func (r *stateReader) run(ctx context.Context, reading *stateReading, ask func(context.Context) (state, error)) {
	r.reading.Lock()
	defer r.reading.Unlock()
	r.mu.Lock()
	r.next = nil // whoever comes now waits for a later one
	r.mu.Unlock()
	defer close(reading.done)
	reading.state, reading.err = ask(ctx)
}
