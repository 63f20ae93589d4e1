package dashboard

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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

// A company of many units with unkind names: pages stay light, and names stay text.
func TestManyUnitsWithUnkindNames(t *testing.T) {
	r := emptyRig(t, nil)
	s := &story{t: t, ctx: t.Context(), db: r.real.DB, last: adoption.DayOf(storyNow, time.UTC)}
	const unkind, slashed = "<script>alert(1)</script>", "r&d/lab 1?"
	ids := []string{unkind, slashed}
	for i := range 1_500 {
		ids = append(ids, fmt.Sprintf("department %04d", i))
	}
	day := s.last - 1
	s.into("kpi_size (day, run, unit, tool, people)", func(add func(...any)) {
		for _, id := range ids {
			add(day.Time(), storyRun, id, "", uint64(20))
		}
	})
	s.into("kpi_use (day, run, unit, tool, active_28, creators)", func(add func(...any)) {
		for _, id := range ids {
			add(day.Time(), storyRun, id, unkind, uint64(7), uint64(7))
			add(day.Time(), storyRun, id, adoption.AllTools, uint64(7), uint64(7))
		}
	})
	s.into("source_day (day, run, source, tool, events, last_time, last_received)", func(add func(...any)) {
		add(day.Time(), storyRun, unkind, unkind, uint64(40), storyNow, storyNow)
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		for _, about := range []string{"kpi_size", "kpi_use", "source_day"} {
			add(about, day.Time(), storyRun)
		}
	})
	v := r.signedIn()
	for _, path := range []string{"/", "/units", "/trust", "/units/" + url.PathEscape(unkind), "/units/" + url.PathEscape(slashed), "/figures/adoption_rate?unit=" + url.QueryEscape(slashed)} {
		resp, body := v.get(path)
		assert.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
		assert.NotContains(t, body, "<script>alert", path)
	}
	_, body := v.get("/")
	says(t, body, "1,442 more units stand in the list of all units")
	_, body = v.get("/units/" + url.PathEscape(slashed))
	says(t, body, "Adoption in "+slashed)
}
