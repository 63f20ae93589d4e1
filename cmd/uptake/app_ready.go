package main

import (
	"context"
	"fmt"
	"time"

	"uptake/adoption"
	"uptake/dashboard"
)

const (
	// lagging is how long events may wait to be loaded before /readyz says so.
	lagging = time.Minute
	// largestMessage is what one more message of the spool may take, amply.
	largestMessage = 2 << 20
	// clocksApart is how far the clocks of two machines may be apart before /readyz says so: that far the order of what
	// different processes receive is not that of its arrival.
	clocksApart = 2 * time.Second
)

// spoolReady says whether the spool takes events, and what else is amiss with it and with the parts of this process.
func (a *app) spoolReady(ctx context.Context) dashboard.Readiness {
	r := dashboard.Readiness{Accepting: true}
	for _, err := range a.background.list() {
		r.Degraded = append(r.Degraded, err.Error())
	}
	r.Degraded = append(r.Degraded, a.mappings.Mistakes()...)
	state, err := a.spool.State(ctx)
	room := a.spool.Room(ctx)
	switch {
	case err != nil:
		r.Accepting = false
		r.Degraded = append(r.Degraded, "The spool does not answer, so no events are taken.")
	case room != nil:
		r.Accepting = false
		r.Degraded = append(r.Degraded, adoption.Public(room).Message)
	case int64(state.Bytes) > state.MaxBytes-largestMessage:
		r.Accepting = false
		r.Degraded = append(r.Degraded, "The spool is full: events are taken again when ClickHouse has loaded some.")
	case state.Messages > 0 && time.Since(state.Oldest) > lagging:
		r.Degraded = append(r.Degraded, "Events wait to be loaded since "+state.Oldest.UTC().Format(time.RFC3339)+".")
	}
	if state.Dead > 0 {
		r.Degraded = append(r.Degraded, deadSentence(int64(state.Dead)))
	}
	if state.Ahead.Abs() > clocksApart {
		r.Degraded = append(r.Degraded, fmt.Sprintf("The clock of this machine and that of the NATS server are %s apart. Set both right: of two records with one id the later one may lose.", state.Ahead.Abs().Round(time.Second)))
	}
	return r
}

// deadSentence says that messages lie with the dead letters.
func deadSentence(messages int64) string {
	if messages == 1 {
		return "1 message could not be loaded and lies with the dead letters."
	}
	return plural(messages, "message") + " could not be loaded and lie with the dead letters."
}
