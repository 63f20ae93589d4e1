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
}

// refresh computes what wanted accepts of the queue, and what the passing of days and changed settings ask for.
func (r *Refresher) refresh(ctx context.Context, wanted func(touch) bool) (err error) {
	release, err := r.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	began := time.Now()
	if err := r.loadTouched(ctx); err != nil {
		return r.failed(err)
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
		return r.failed(err)
	}
	r.succeeded(w, time.Since(began))
	return nil
}

// succeeded takes note of what readers see now.
func (r *Refresher) succeeded(w *work, took time.Duration) {
	r.published = &w.is
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.finish(true)
	r.upTo = w.is.upTo
	if !w.idle {
		r.outcome.Refreshes++
		r.outcome.Last, r.outcome.Took = r.now(), took
	}
}

// failed puts back what was taken, and has the next refresh look at the store afresh: which statements of this one
// took effect is not known.
func (r *Refresher) failed(err error) error {
	r.published = nil
	r.garbage.swept = false
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue.finish(false)
	r.outcome.Failures++
	return err
}

// begin plans a refresh.
func (r *Refresher) begin(ctx context.Context, taken []touch) (*work, error) {
	w := &work{Refresher: r, clean: r.published != nil,
		facts: days{}, changed: days{}, size: days{}, use: days{}, weeks: days{}}
	if r.published == nil {
		was, err := r.readState(ctx)
		if err != nil {
			return nil, err
		}
		r.published = was
	}
	w.was = *r.published
	w.is = w.was
	w.run = r.nextRun()
	w.today = max(r.today(), w.was.upTo) // a clock that was set back takes no figures away

	// No event that was accepted lies later than tomorrow: none is ten minutes ahead of the clock.
	kept := w.retention(w.today)
	for _, t := range taken {
		if t.Kind == Facts {
			w.facts.add(max(t.From, kept), min(t.To, w.today+1))
		} else {
			w.directoryChanged(t.From, t.To)
		}
	}
	if err := w.noticeZone(ctx, kept); err != nil {
		return nil, err
	}
	w.noticeToday()
	// Before the first refresh ever there is something to do: today's headcount.
	w.idle = w.was.any() && w.is == w.was && len(w.facts) == 0 && len(w.size) == 0
	return w, nil
}

// directoryChanged plans what follows from other memberships or licences on the days from..to.
func (w *work) directoryChanged(from, to adoption.Day) {
	to = min(to, w.today)
	w.size.add(from, to)
	w.use.add(from, to)
	// A week's people are placed on one of its days, or, on a Monday, on the day before.
	for week := from.Monday(); week <= (to + 1).Monday(); week += 7 {
		w.weeks.add(week, week)
	}
}

// noticeZone plans everything when days were cut in another zone before.
func (w *work) noticeZone(ctx context.Context, kept adoption.Day) error {
	w.is.zone = w.zone.String()
	if w.is.zone == w.was.zone {
		return nil
	}
	var n uint64
	var first, last time.Time
	if err := w.one(ctx, "find the days with events", "SELECT count(), min(utc_day), max(utc_day) FROM events", nil, &n, &first, &last); err != nil {
		return err
	}
	if n > 0 {
		w.facts.add(max(dayOf(first)-1, kept), min(dayOf(last)+1, w.today+1))
	}
	if w.was.any() {
		w.directoryChanged(w.was.from, w.was.upTo)
	}
	return nil
}

// noticeToday plans the days that have passed since the last refresh, and the weeks that ran meanwhile.
func (w *work) noticeToday() {
	if !w.was.any() || w.was.upTo >= w.today {
		return
	}
	w.directoryChanged(w.was.upTo+1, w.today)
	w.weeks.add(w.was.upTo.Monday(), w.was.upTo.Monday())
}

// do computes and publishes. Until the insert into refreshed, nothing of it can be seen.
func (w *work) do(ctx context.Context) error {
	w.expect(0, len(w.facts))
	if err := w.writeFacts(ctx); err != nil {
		return err
	}
	if err := w.moveFirstDays(ctx); err != nil {
		return err
	}
	if err := w.follow(ctx); err != nil {
		return err
	}
	w.expect(len(w.facts), len(w.facts)+len(w.size)+len(w.use)+len(w.weeks))
	if err := w.writeKPI(ctx); err != nil {
		return err
	}
	if err := w.publish(ctx); err != nil {
		return err
	}
	w.log.Debug("figures refreshed", "fact_days", len(w.facts), "changed", len(w.changed), "kpi_days", len(w.use), "weeks", len(w.weeks))
	return nil
}

// follow plans the KPI days that follow from the facts that changed.
func (w *work) follow(ctx context.Context) error {
	first, err := w.readAccess(ctx)
	if err != nil {
		return err
	}
	// Days with figures stay, also when the first event turns out to be a later one.
	w.is.from, w.is.upTo = min(first, w.today).FirstOfMonth(), w.today
	if w.was.any() {
		w.is.from, w.is.upTo = min(w.is.from, w.was.from), max(w.is.upTo, w.was.upTo)
	}
	switch {
	case !w.was.any() || w.is.access != w.was.access:
		w.directoryChanged(w.is.from, w.is.upTo)
	case w.is.from < w.was.from:
		w.directoryChanged(w.is.from, w.was.from-1)
	}
	for d := range w.changed {
		w.use.add(d, d+27)
	}
	// Where somebody began on another day than before, the life cycle changes in weeks up to the one in which he or she
	// had begun. All weeks since the first change cost one statement; finding out which would cost as much.
	if len(w.changed) > 0 {
		for week := w.changed.sorted()[0].Monday(); week <= w.today; week += 7 {
			w.weeks.add(week, week)
		}
	}
	w.size.clip(w.is.from, w.is.upTo)
	w.use.clip(w.is.from, w.is.upTo)
	w.weeks.clip(max(w.is.from.Monday(), 7), w.today) // a week needs one before it
	return nil
}

// expect sets how many days of how many are computed.
func (w *work) expect(done, total int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done, w.total = done, total
}

// step notes that n days are computed.
func (w *work) step(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
}
