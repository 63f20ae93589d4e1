package refresh

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// Late events wait for the loader, but not for ever; today's and the directory do not wait for it.
func TestPace(t *testing.T) {
	now := time.Date(2026, 4, 19, 12, 0, 0, 0, time.UTC)
	today := adoption.DayOf(now, time.UTC)
	late, recent, directory := Span{Facts, today - 30, today - 20}, Span{Facts, today, today}, Span{KPI, today - 9, today}
	past := Span{KPI, today - 90, today - 9}
	for _, c := range []struct {
		name    string
		behind  bool
		touched map[Span]time.Duration // how long ago
		wanted  []Span
	}{
		{"nothing", false, nil, nil},
		{"today's at once", false, map[Span]time.Duration{recent: 0}, []Span{recent}},
		{"late ones may still come", false, map[Span]time.Duration{late: time.Second / 2}, nil},
		{"late ones after a quiet while", false, map[Span]time.Duration{late: quietFor}, []Span{late}},
		{"something late has just come", false, map[Span]time.Duration{late: quietFor, recent: 0, past: 0}, []Span{recent}},
		{"the directory of these days comes with today's", false, map[Span]time.Duration{late: quietFor, recent: 0, directory: 0, past: 0}, []Span{recent, directory}},
		{"today's without the late ones", true, map[Span]time.Duration{late: quietFor, recent: 0}, []Span{recent}},
		{"behind, late ones wait", true, map[Span]time.Duration{late: waitsBehind - time.Second}, nil},
		{"behind, the directory does not", true, map[Span]time.Duration{late: waitsBehind - time.Second, directory: quietFor, recent: 0}, []Span{directory, recent}},
		{"behind, late ones do not wait for ever", true, map[Span]time.Duration{late: waitsBehind, recent: 0}, []Span{late, recent}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := New(Config{Now: func() time.Time { return now }})
			r.queue.loaded, r.upTo = true, today
			r.Behind(c.behind)
			for span, ago := range c.touched {
				id := uuid.New()
				r.queue.pending[id] = touch{id: id, Span: span, seen: now.Add(-ago), stored: true}
			}
			wanted, next := r.due(now)
			var got []Span
			for _, touched := range r.queue.pending {
				if wanted != nil && wanted(touched) {
					got = append(got, touched.Span)
				}
			}
			require.ElementsMatch(t, c.wanted, got)
			if wanted == nil {
				require.Positive(t, next)
				require.LessOrEqual(t, next, time.Second)
			}
		})
	}
	require.Less(t, waitsBehind+5*time.Second, time.Minute, "late events are in the figures within a minute")
}
