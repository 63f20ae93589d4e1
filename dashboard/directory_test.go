package dashboard

import (
	"testing"
	"time"

	"uptake/adoption"
)

// Events have come in, but nobody is in the directory: the page says what is missing and how to get it.
func TestEventsWithoutADirectory(t *testing.T) {
	r := emptyRig(t, nil)
	s := &story{t: t, ctx: t.Context(), db: r.real.DB, last: adoption.DayOf(storyNow, time.UTC)}
	first := s.last.FirstOfMonth()
	s.into("kpi_use (day, run, unit, tool, active_not_enabled)", func(add func(...any)) {
		for day := first; day <= s.last; day++ {
			add(day.Time(), storyRun, adoption.Unassigned, "wiki", uint64(9))
			add(day.Time(), storyRun, adoption.Unassigned, adoption.AllTools, uint64(9))
		}
	})
	s.into("source_day (day, run, source, tool, events, last_time, last_received)", func(add func(...any)) {
		add((s.last - 1).Time(), storyRun, "first", "wiki", uint64(40), storyNow, storyNow)
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		for day := first; day <= s.last; day++ {
			for _, about := range []string{"kpi_size", "kpi_use", "source_day"} {
				add(about, day.Time(), storyRun)
			}
		}
	})
	resp, body := r.signedIn().get("/")
	assertStrict(t, "/", resp, body)
	says(t, body, "The directory is missing.")
	says(t, body, "9 people used a tool in these 28 days")
	says(t, body, "bin/uptake import people people.csv")
}
