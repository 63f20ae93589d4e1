package refresh

import (
	"context"
	"maps"
	"time"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// usesPerRefresh is how many persons × tools × days about one refresh computes the use of: some ten seconds' work.
const usesPerRefresh = 40_000_000

// begin plans a refresh.
func (r *Refresher) begin(ctx context.Context, taken []touch) (*work, error) {
	w := &work{Refresher: r, clean: r.published != nil,
		facts: days{}, changed: days{}, size: days{}, use: days{}, weeks: days{}, between: days{}, acts: days{}, cells: days{}, by: days{}, byWeeks: days{}, begun: days{}, habits: days{}, spread: days{}, cohorts: days{}}
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
	w.noticeNew()
	w.noticePairs(kept)
	w.noticeWork()
	w.noticeCohorts()
	// Before the first refresh ever there is something to do: today's headcount.
	w.idle = w.was.any() && w.was.begin != "" && w.was.cells == countedBy && w.is == w.was && len(w.facts) == 0 && len(w.size) == 0 && len(w.between) == 0 && len(w.habits) == 0 && len(w.spread) == 0 && len(w.cohorts) == 0
	return w, nil
}

// directoryChanged plans what follows from other memberships or licences on the days from..to.
func (w *work) directoryChanged(from, to adoption.Day) {
	to = min(to, w.today)
	w.size.add(from, to)
	w.use.add(from, to)
	w.between.add(from, to)
	w.habits.add(from, to)
	w.spread.add(from, to)
	w.cohortsFollow(from, to)
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
	w.addCohorts(w.was.upTo, w.today)
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
	maps.Copy(w.between, w.facts)
	windows, others := w.windows(), weekly{maps.Clone(w.weeks), nil, maps.Clone(w.cohorts), maps.Clone(w.habits)}
	for d := range w.changed {
		w.use.add(d, d+27)
		w.spread.add(d, d+27)
		w.habitsFollow(d)
	}
	// Where somebody began on another day than before, the life cycle changes in weeks up to the one in which he or she
	// had begun. All weeks since the first change cost one statement; finding out which would cost as much.
	if len(w.changed) > 0 {
		for week := w.changed.sorted()[0].Monday(); week <= w.today; week += 7 {
			w.weeks.add(week, week)
		}
	}
	if err := w.cohortsOfFacts(ctx); err != nil {
		return err
	}
	w.size.clip(w.is.from, w.is.upTo)
	w.use.clip(w.is.from, w.is.upTo)
	w.between.clip(w.is.from, w.is.upTo)
	w.habits.clip(w.is.from, w.is.upTo)
	w.spread.clip(w.is.from, w.is.upTo)
	w.weeks.clip(max(w.is.from.Monday(), 7), w.today) // a week needs one before it
	w.cohorts.clip(w.firstWeek(), w.today)
	w.planMoved(windows, others)
	return w.leave(ctx)
}

// leave leaves the older days to a next refresh where there are more than one should compute, so that today's events
// need not wait for it. Each day is right by itself in either. What is left is in the queue before anything is seen.
func (w *work) leave(ctx context.Context) error {
	if err := w.countPairs(ctx); err != nil {
		return err
	}
	most := w.most
	if most == 0 {
		most = max(usesPerRefresh/w.pairs, tally.MostDays)
	}
	planned := maps.Clone(w.size)
	maps.Copy(planned, w.use)
	maps.Copy(planned, w.spread)
	anew := planned.less(w.moved.windows)
	maps.Copy(anew, w.between)
	if len(anew) <= most {
		return nil
	}
	w.moved.moveNothing()
	maps.Copy(planned, w.between)
	if len(planned) <= most {
		return nil
	}
	list := planned.sorted()
	cut := list[len(list)-most]
	oldest := list[0]
	for week := range w.weeks {
		oldest = min(oldest, week)
	}
	for d := range w.habits {
		oldest = min(oldest, d)
	}
	for week := range w.cohorts {
		oldest = min(oldest, week)
	}
	if err := w.Touch(ctx, Span{KPI, oldest, cut - 1}); err != nil {
		return err
	}
	w.left = len(w.size) + len(w.use) + len(w.weeks) + len(w.between) + len(w.habits) + len(w.spread)
	w.size.clip(cut, w.is.upTo)
	w.use.clip(cut, w.is.upTo)
	w.between.clip(cut, w.is.upTo)
	w.weeks.clip(cut.Monday(), w.today)
	w.habits.clip(cut, w.is.upTo)
	w.spread.clip(cut, w.is.upTo)
	w.left -= len(w.size) + len(w.use) + len(w.weeks) + len(w.between) + len(w.habits) + len(w.spread)
	w.left += w.leaveCohorts(cut)
	return nil
}

// countPairs counts the pairs of a person and a tool that he or she uses: a few too many, until the table is merged.
func (w *work) countPairs(ctx context.Context) error {
	var pairs uint64
	err := w.one(ctx, "count who uses what", "SELECT count() FROM first_active", nil, &pairs)
	w.pairs = int(max(pairs, 1))
	return err
}
