package refresh

import "time"

// How long what is touched may wait. The promise is that today's events are in the figures within 10 seconds of their
// arrival, and late ones within 60.
const (
	quietFor  = time.Second      // late days wait until nothing has come for so long,
	waitsMost = 15 * time.Second // but no longer than this;
	// late days of events wait this long while the loader is behind: events that wait in the spool will touch the same
	// days again, and what a refresh takes of the machine keeps them there longer.
	waitsBehind = 40 * time.Second
)

// Behind says whether more events wait to be loaded than one insert takes. Loading goes before refreshing then, within
// the times above.
func (r *Refresher) Behind(behind bool) {
	r.behind.Store(behind)
	if !behind {
		r.nudge()
	}
}

// rest is how long the machine is left to others after a refresh that took so long.
func (r *Refresher) rest(took time.Duration) time.Duration {
	if r.behind.Load() {
		return min(max(2*took, 2*time.Second), 5*time.Second)
	}
	return min(max(took, time.Second/2), 2*time.Second)
}

// everything wants all that is touched.
func everything(touch) bool { return true }

// due says which touched rows are to be refreshed now; nil for none, and then when to ask again.
func (r *Refresher) due(now time.Time) (wanted func(touch) bool, next time.Duration) {
	today := r.today()
	recent := func(t touch) bool { return t.Kind == Facts && t.From >= today-1 }
	// What concerns the days and the week of recent events comes with them: the people that their figures count must be
	// those of the sizes beside them. (People are placed in the running week on the day before today.)
	withRecent := func(t touch) bool { return recent(t) || t.Kind == KPI && t.To >= today-8 }
	behind := r.behind.Load()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.queue.loaded || r.upTo < today {
		return everything, 0
	}
	next = time.Second // a day may pass meanwhile
	urgent := false
	var late, deferred gathered
	for _, t := range r.queue.pending {
		switch {
		case !t.stored:
		case recent(t):
			urgent = true
		case behind && t.Kind == Facts:
			deferred.add(t)
		default:
			late.add(t)
		}
	}
	if deferred.some {
		if wait := deferred.first.Add(waitsBehind).Sub(now); wait <= 0 {
			return everything, 0
		} else {
			next = min(next, wait)
		}
	}
	if late.some {
		wait := min(late.last.Add(quietFor).Sub(now), late.first.Add(waitsMost).Sub(now))
		switch {
		case wait > 0:
			next = min(next, wait)
		case deferred.some:
			return func(t touch) bool { return t.Kind != Facts || recent(t) }, 0
		default:
			return everything, 0
		}
	}
	if urgent {
		return withRecent, 0
	}
	return nil, next
}

// gathered is when the touches that wait together were seen.
type gathered struct {
	some        bool
	first, last time.Time
}

func (g *gathered) add(t touch) {
	if !g.some || t.seen.Before(g.first) {
		g.first = t.seen
	}
	if !g.some || t.seen.After(g.last) {
		g.last = t.seen
	}
	g.some = true
}
