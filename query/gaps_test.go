package query

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"uptake/adoption"
)

// daysWithout is an event on each of the days from first to last, but for those left out.
func daysWithout(first, last string, out ...string) map[adoption.Day]uint64 {
	skip := map[adoption.Day]bool{}
	for _, s := range out {
		skip[day(s)] = true
	}
	days := map[adoption.Day]uint64{}
	for d := day(first); d <= day(last); d++ {
		if !skip[d] {
			days[d] = 1
		}
	}
	return days
}

func TestGaps(t *testing.T) {
	weekends := []string{"2026-09-05", "2026-09-06", "2026-09-12", "2026-09-13", "2026-09-19", "2026-09-20", "2026-09-26", "2026-09-27", "2026-10-03", "2026-10-04"}
	for name, c := range map[string]struct {
		events map[adoption.Day]uint64
		today  string
		want   gapDays
	}{
		"no events at all": {nil, "2026-10-01", nil},
		// 2026-09-01 is a Tuesday. Tue 09-22 has three Tuesdays before it, all with events.
		"a Tuesday after three of them": {daysWithout("2026-09-01", "2026-10-05", "2026-09-22"), "2026-10-06", gapDays{day("2026-09-22")}},
		"two Tuesdays tell too little":  {daysWithout("2026-09-01", "2026-10-05", "2026-09-15"), "2026-10-06", nil},
		"weekends are quiet by habit":   {daysWithout("2026-09-01", "2026-10-06", weekends...), "2026-10-07", nil},
		"today is not over":             {daysWithout("2026-09-01", "2026-10-05"), "2026-10-06", nil},
		"yesterday is":                  {daysWithout("2026-09-01", "2026-10-05"), "2026-10-07", gapDays{day("2026-10-06")}},
		// A gap tells nothing about habit: Tue 09-29 is judged by 09-15, 09-08, 09-01 and found to be a gap, too.
		"silence stays a gap": {daysWithout("2026-09-01", "2026-10-05", "2026-09-22", "2026-09-29"), "2026-10-06", gapDays{day("2026-09-22"), day("2026-09-29")}},
		// Tuesdays 09-01 yes, 09-08 no (one before it: no gap), 09-15 yes, 09-22 yes, 09-29: three of four.
		"one miss of four is forgiven": {daysWithout("2026-09-01", "2026-10-05", "2026-09-08", "2026-09-29"), "2026-10-06", gapDays{day("2026-09-29")}},
		// 09-01 yes, 09-08 no, 09-15 no, 09-22 yes, 09-29: two of four.
		"two misses of four make it unusual": {daysWithout("2026-09-01", "2026-10-05", "2026-09-08", "2026-09-15", "2026-09-29"), "2026-10-06", nil},
	} {
		assert.Equal(t, c.want, findGaps(c.events, day(c.today)), name)
	}
}

func TestGapDaysOfAWindowCountEachDayOnce(t *testing.T) {
	s := &snapshot{
		feeds: []feed{{source: "a", tool: "wiki"}, {source: "a", tool: "chat"}, {source: "b", tool: "chat"}},
		gaps:  map[string]gapDays{"a": {day("2026-10-03"), day("2026-10-04"), day("2026-10-31")}, "b": {day("2026-10-31")}},
	}
	// W(2026-10-31, 28) begins on 2026-10-04.
	assert.Equal(t, 2, s.gapDaysOf("wiki", day("2026-10-31")))
	assert.Equal(t, 2, s.gapDaysOf("all", day("2026-10-31")))
	assert.Equal(t, 2, s.gapDaysOf("chat", day("2026-10-31")))
	assert.Equal(t, 2, s.gapDaysOf("wiki", day("2026-10-30")), "from 10-03: 10-03 and 10-04")
	assert.Equal(t, 1, s.gapDaysOf("wiki", day("2026-11-01")), "from 10-05: 10-31")
	assert.Equal(t, 0, s.gapDaysOf("mail", day("2026-10-31")))
}
