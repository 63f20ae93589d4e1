package query

import (
	"slices"

	"uptake/adoption"
)

// gapRule is the rule of findGaps in words, as the trust page shows it.
const gapRule = "A closed day without events of a source is a gap where the same weekday had events in at least three of the four latest earlier weeks, " +
	"weeks in which that weekday was a gap itself left out; the source's first day and the days before it are none."

// gapDays are the days on which a source was expected to bring events and did not, in order.
type gapDays []adoption.Day

// findGaps finds the gaps of a source (METRICS: Trust) up to yesterday, given how many events it brought on which days.
//
// "A day without events of a source whose weekday had some in three of the last four gap-free weeks" is read so: the
// day is judged by the same weekday of earlier weeks, back to the source's first day. Weeks in which that weekday was
// a gap tell nothing about what is usual and are passed over; of the four latest that remain (fewer, where the source
// is young) at least three must have had events. So a feed that falls silent stays a gap until it speaks again, and
// a weekday that is quiet by habit never becomes one.
func findGaps(events map[adoption.Day]uint64, today adoption.Day) gapDays {
	first := today
	for d, n := range events {
		if n > 0 {
			first = min(first, d)
		}
	}
	var gaps gapDays
	var past [7][]bool // by weekday: whether the gap-free weeks so far had events, oldest first
	for d := first; d < today; d++ {
		weekday := &past[d.Weekday()]
		had := events[d] > 0
		if !had && usual(*weekday) {
			gaps = append(gaps, d)
			continue
		}
		*weekday = append(*weekday, had)
	}
	return gaps
}

// usual tells whether at least three of the last four had events.
func usual(weeks []bool) bool {
	n := 0
	for _, had := range weeks[max(len(weeks)-4, 0):] {
		if had {
			n++
		}
	}
	return n >= 3
}

// within lists the gaps from first to last, both included.
func (g gapDays) within(first, last adoption.Day) gapDays {
	from, _ := slices.BinarySearch(g, first)
	to, _ := slices.BinarySearch(g, last+1)
	if to <= from {
		return nil
	}
	return g[from:to]
}

// gapDaysOf counts the days of the window that ends with day on which a source feeding tool had a gap.
func (s *snapshot) gapDaysOf(tool string, day adoption.Day) int {
	return s.gapDaysWithin(tool, day-WindowDays+1, day)
}

// gapDaysWithin counts the days from first to last on which a source feeding tool had a gap.
func (s *snapshot) gapDaysWithin(tool string, first, last adoption.Day) int {
	days := map[adoption.Day]bool{}
	seen := map[string]bool{}
	for _, f := range s.feeds {
		if seen[f.source] || tool != adoption.AllTools && f.tool != tool {
			continue
		}
		seen[f.source] = true
		for _, d := range s.gaps[f.source].within(first, last) {
			days[d] = true
		}
	}
	return len(days)
}
