package refresh

import (
	"context"
	"time"
)

const (
	firstWait = time.Second // after a failure; doubled each time
	longest   = time.Minute
	tidyEvery = 20 * time.Second
)

// Run refreshes whatever is touched until ctx ends, and then returns nil. Days around today are refreshed at once;
// late days and directory changes are gathered, because many of them come together and cost no more than one (pace.go
// has the times). Run also notices that a day has passed, drops raw events that need not be kept, and deletes what nobody reads any more.
// A failure is logged and what was touched is tried again later.
func (r *Refresher) Run(ctx context.Context) error {
	wait := firstWait
	var notBefore, tidied time.Time
	for ctx.Err() == nil {
		wanted, next := r.due(time.Now())
		if rest := time.Until(notBefore); rest > 0 {
			wanted, next = nil, rest
		}
		if wanted == nil {
			if time.Since(tidied) > tidyEvery {
				r.tidy(ctx)
				tidied = time.Now()
				continue
			}
			r.sleep(ctx, next)
			continue
		}
		began := time.Now()
		if _, err := r.refresh(ctx, wanted); err != nil {
			if ctx.Err() == nil {
				r.log.Error("the figures could not be refreshed; what is touched stays queued", "error", err, "again_in", wait)
			}
			notBefore = time.Now().Add(wait)
			wait = min(2*wait, longest)
			continue
		}
		wait = firstWait
		notBefore = time.Now().Add(r.rest(time.Since(began)))
	}
	return nil
}

// sleep waits for a touch or for d to pass.
func (r *Refresher) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-timer.C:
	}
}

// tidy does what may wait: it fails without harm and is tried again.
func (r *Refresher) tidy(ctx context.Context) {
	if err := r.Clean(ctx); err != nil && ctx.Err() == nil {
		r.log.Warn("superseded figures could not be deleted", "error", err)
	}
	if today := r.today(); r.forgotten != today {
		if err := r.ForgetRaw(ctx); err != nil {
			if ctx.Err() == nil {
				r.log.Warn("raw events past their retention could not be dropped", "error", err)
			}
			return
		}
		r.forgotten = today
	}
}
