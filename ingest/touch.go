package ingest

import (
	"context"
	"slices"
	"time"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// Toucher is told which days' figures must be computed anew. Touch is durable: what was touched is recomputed even
// after a crash. While Exclusive is held nothing is recomputed.
type Toucher interface {
	Touch(ctx context.Context, spans ...refresh.Span) error
	Exclusive() (release func())
}

// factDays is the spans of reporting days whose facts events may change: for each UTC day of an event every reporting
// day that it overlaps. Its own day is not enough, because an earlier version of the event, replaced by this one,
// may have counted on the other.
func factDays(events []adoption.Event, zone *time.Location) []refresh.Span {
	days := make(map[adoption.Day]bool)
	for i := range events {
		days[adoption.DayOf(events[i].Time, time.UTC)] = true
	}
	return factSpans(days, zone)
}

// factSpans is the spans of reporting days that UTC days overlap.
func factSpans(days map[adoption.Day]bool, zone *time.Location) []refresh.Span {
	touched := make([]adoption.Day, 0, 2*len(days))
	for day := range days {
		touched = append(touched, day) // for events that bear only a date
		touched = append(touched, adoption.DayOf(day.Time(), zone), adoption.DayOf((day+1).Time().Add(-1), zone))
	}
	slices.Sort(touched)
	return spansOf(touched)
}

// spansOf joins sorted days that follow each other.
func spansOf(days []adoption.Day) []refresh.Span {
	var spans []refresh.Span
	for _, day := range days {
		day = max(day, 0) // west of Greenwich 1970-01-01 began on a day that cannot be stored
		if n := len(spans); n > 0 && day <= spans[n-1].To+1 {
			spans[n-1].To = max(spans[n-1].To, day)
			continue
		}
		spans = append(spans, refresh.Span{Kind: refresh.Facts, From: day, To: day})
	}
	return spans
}
