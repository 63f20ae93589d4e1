package refresh

import (
	"context"
	"time"

	"uptake/adoption"
)

// work is one refresh.
type work struct {
	*Refresher
	run   uint64
	today adoption.Day
	idle  bool  // there is nothing to do
	clean bool  // no refresh has failed since the store was known to be right
	was   state // what readers see now
	is    state // what they will see

	facts   days // days whose facts are written
	changed days // those of them on which somebody's activity is another than readers see
	size    days // days whose kpi_size is written
	use     days // days whose kpi_use is written
	weeks   days // Mondays of the weeks whose kpi_week is written
	between days // days whose kpi_pair and kpi_work are written
	acts    days // days whose kpi_action is written
	cells   days // days whose kpi_cell is written
	by      days // days whose kpi_by is written
	byWeeks days // Mondays of the weeks whose kpi_by_week is written
	begun   days // groups of persons whose kpi_begin is written
	habits  days // days whose kpi_habit is written
	spread  days // days whose kpi_spread is written
	cohorts days // Mondays of the weeks whose kpi_cohort is written
	tools   tools
	rests   rests
	left    int // days and weeks that are left to the next refresh
	moved   moved
	pairs   int // about how many pairs there are of a person and a tool that he or she uses
}

// refresh computes what wanted accepts of the queue, and what the passing of days and changed settings ask for. If
// that is too much for one refresh, more says that there is a part that it has left in the queue.
func (r *Refresher) refresh(ctx context.Context, wanted func(touch) bool) (more bool, err error) {
	release, err := r.lock(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	began := time.Now()
	if err := r.loadTouched(ctx); err != nil {
		return false, r.failed(err)
	}
	if r.published == nil {
		wanted = everything // also what a failed refresh has computed in part, see moveFirstDays
	}
	r.mu.Lock()
	taken := r.queue.take(wanted)
	r.mu.Unlock()

	w, err := r.begin(ctx, taken)
	if err == nil && !w.idle {
		err = w.do(ctx)
	}
	if err == nil {
		err = r.storeTouched(ctx, taken, 1)
	}
	if err != nil {
		return false, r.failed(err)
	}
	r.succeeded(w, time.Since(began))
	return w.left > 0, nil
}

// succeeded takes note of what readers see now.
func (r *Refresher) succeeded(w *work, took time.Duration) {
	r.published = &w.is
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.finish(true)
	r.upTo = w.is.upTo
	r.before = 0
	if w.left > 0 {
		r.before = r.done
	} else {
		r.since = time.Time{}
	}
	if !w.idle {
		r.outcome.Refreshes++
		r.outcome.Last, r.outcome.Took = r.now(), took
	}
}

// failed puts back what was taken, and has the next refresh look at the store afresh: which statements of this one
// took effect is not known.
func (r *Refresher) failed(err error) error {
	r.published, r.directory = nil, remembered{}
	r.garbage.swept = false
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.finish(false)
	r.since = time.Time{}
	r.outcome.Failures++
	return err
}

// do computes and publishes. Until the insert into refreshed, nothing of it can be seen.
func (w *work) do(ctx context.Context) error {
	w.expect(0, len(w.facts))
	if err := w.writeFacts(ctx); err != nil {
		return err
	}
	if err := w.findMoved(ctx); err != nil {
		return err
	}
	if err := w.moveFirstDays(ctx); err != nil {
		return err
	}
	if err := w.follow(ctx); err != nil {
		return err
	}
	w.planBy()
	w.planMovedBy()
	w.planActions()
	w.expect(len(w.facts), len(w.cells)+len(w.facts)+len(w.size)+len(w.windows())+len(w.weekly().mondays())+2*len(w.between)+len(w.acts)+w.left)
	if err := w.writeKPI(ctx); err != nil {
		return err
	}
	if err := w.publish(ctx); err != nil {
		return err
	}
	w.log.Debug("figures refreshed", "fact_days", len(w.facts), "changed", len(w.changed), "kpi_days", len(w.use), "weeks", len(w.weeks), "moved", len(w.moved.windows))
	return nil
}

// expect sets how many days of how many are computed. A refresh that takes up what another has left counts on.
func (w *work) expect(done, total int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.since.IsZero() {
		w.since = w.now()
	}
	w.done, w.total = w.before+done, w.before+total
}

// step notes that n days are computed.
func (w *work) step(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
}
