package refresh

import (
	"context"
	_ "embed"
	"time"

	"uptake/adoption"
)

var (
	//go:embed identity.sql
	insertIdentity string
	//go:embed person_day.sql
	insertPersonDay string
	//go:embed source_day.sql
	insertSourceDay string
	//go:embed unknown_day.sql
	insertUnknownDay string
	//go:embed event_days.sql
	selectEventDays string
	//go:embed compare.sql
	selectChanged string
	//go:embed first_active.sql
	insertFirstActive string
	//go:embed first_active_rescan.sql
	rescanFirstActive string
)

const (
	// eventsAtOnce is about how many events one statement reads, and with it the memory that it takes.
	eventsAtOnce = 500_000
	// daysAtOnce keeps an insert below the 100 monthly partitions that the store allows.
	daysAtOnce = 1000
)

// writeFacts computes the facts of the days to be written, and finds those whose activity changed.
func (w *work) writeFacts(ctx context.Context) error {
	for _, s := range w.facts.stretches(daysAtOnce) {
		events, err := w.readEventDays(ctx, s)
		if err != nil {
			return err
		}
		for _, piece := range s.byEvents(events) {
			if err := w.writeFactsOf(ctx, piece, events); err != nil {
				return err
			}
			w.step(piece.days())
		}
	}
	if len(w.facts) == 0 {
		return nil
	}
	var shown []written
	for d := range w.facts {
		if run, there := w.shown["person_day"][d]; there {
			shown = append(shown, written{"person_day", d, run})
		}
	}
	p := params{"run": w.run, "days": w.facts.sorted(), "shown": pairList(shown)}
	return w.each(ctx, "compare the days written with those that are shown", selectChanged, p, func(scan scanner) error {
		var day time.Time
		err := scan(&day)
		w.changed.add(dayOf(day), dayOf(day))
		return err
	})
}

func (w *work) writeFactsOf(ctx context.Context, s stretch, events map[adoption.Day]eventDay) error {
	from, to := w.utcDays(s)
	var sum eventDay
	for d := from; d <= to; d++ {
		sum.addressing += events[d].addressing
		sum.unknown += events[d].unknown
	}
	p := params{"run": w.run, "zone": w.zone.String(), "from": s.from, "to": s.to, "utc_from": from, "utc_to": to}
	if err := w.exec(ctx, "give unknown actors a person", insertIdentity, p); err != nil {
		return err
	}
	if err := w.exec(ctx, "compute what people did on a day", insertPersonDay, p); err != nil {
		return err
	}
	if err := w.exec(ctx, "compute what sources brought on a day", insertSourceDay, p); err != nil {
		return err
	}
	if sum.addressing > 0 {
		if err := w.exec(ctx, "compute who addressed whom on a day", insertPairDay, p); err != nil {
			return err
		}
	}
	if sum.unknown == 0 {
		return nil
	}
	return w.exec(ctx, "count unknown names of a day", insertUnknownDay, p)
}

// utcDays are the UTC days that events of the stretch can have. Records with a date and no time have the day itself.
func (w *work) utcDays(s stretch) (from, to adoption.Day) {
	if w.zone == time.UTC {
		return s.from, s.to
	}
	return max(s.from-1, 0), min(s.to+1, adoption.LastDay)
}

// eventDay is how many events a UTC day has: all, those that address somebody, and those with an unknown name.
type eventDay struct{ all, addressing, unknown uint64 }

// readEventDays counts the events that the days of a stretch can have.
func (w *work) readEventDays(ctx context.Context, s stretch) (map[adoption.Day]eventDay, error) {
	from, to := w.utcDays(s)
	events := map[adoption.Day]eventDay{}
	err := w.each(ctx, "count the events of days", selectEventDays, params{"utc_from": from, "utc_to": to}, func(scan scanner) error {
		var day time.Time
		var n eventDay
		err := scan(&day, &n.all, &n.addressing, &n.unknown)
		events[dayOf(day)] = n
		return err
	})
	return events, err
}

// byEvents cuts a stretch where it would hold more events than one statement should read.
func (s stretch) byEvents(events map[adoption.Day]eventDay) []stretch {
	pieces := []stretch{{s.from, s.from}}
	sum := events[s.from].all
	for d := s.from + 1; d <= s.to; d++ {
		if sum += events[d].all; sum > eventsAtOnce {
			pieces = append(pieces, stretch{d, d})
			sum = events[d].all
			continue
		}
		pieces[len(pieces)-1].to = d
	}
	return pieces
}

// moveFirstDays brings first_active up to date with the days that changed. After a failed refresh, of this process
// or of one before, it may hold what that one had computed: then all days written are looked at, and all rows that
// wait for a rescan. (The days that the failed one wrote are touched still, so they are among those written now.)
func (w *work) moveFirstDays(ctx context.Context) error {
	concerned, since := w.changed, w.run
	if !w.clean {
		concerned, since = w.facts, 0
	}
	if len(concerned) == 0 {
		return nil
	}
	p := w.ofWhom()
	p["run"], p["days"] = w.run, concerned.sorted()
	if err := w.exec(ctx, "find first days of activity", insertFirstActive, p); err != nil {
		return err
	}
	var lost uint64
	if err := w.one(ctx, "count first days that are gone",
		"SELECT count() FROM first_active FINAL WHERE day = toDate(65535) AND version >= {since:UInt64}", params{"since": since}, &lost); err != nil {
		return err
	}
	if lost == 0 {
		return nil
	}
	// With a version of its own: of two rows of one version any may win.
	return w.exec(ctx, "look for first days of activity in all facts", rescanFirstActive,
		params{"run": w.run, "since": since, "version": w.nextRun(), "written": w.facts.sorted()})
}
