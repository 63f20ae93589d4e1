package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
)

// seatedStory is one unit of 20 people, 1 to 20, of whom 1 to 18 have held a seat of the chat since January; 41 and 42, who have left,
// hold one, too, and 25 were bought. 1 to 12 view something each day of the 28 that end on Saturday 2026-11-21.
func seatedStory(r *rig) {
	s := &story{t: r.t, ctx: r.t.Context(), db: r.real.DB, last: adoption.DayOf(storyNow, time.UTC)}
	const run = uint64(1)
	begin, end := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), s.last-1
	s.into("units (unit, parent, name, version)", func(add func(...any)) { add("desk", "company", "Desk", run) })
	s.into("tools (tool, name, category, seats, version)", func(add func(...any)) { add("chat", "Chat", "chat", uint32(25), run) })
	s.into("people (person, effective_from, unit, version)", func(add func(...any)) {
		for id := uint64(1); id <= 20; id++ {
			add(id, begin, "desk", run)
		}
	})
	s.into("licences (person, tool, first_day, last_day, version)", func(add func(...any)) {
		for _, id := range []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 41, 42} {
			add(id, "chat", begin, time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), run)
		}
	})
	s.into("first_active (tool, person, day, version)", func(add func(...any)) {
		for id := uint64(1); id <= 12; id++ {
			add("chat", id, begin, run)
		}
	})
	window := func(f func(day adoption.Day)) {
		for d := end - 27; d <= end; d++ {
			f(d)
		}
	}
	s.into("person_day (day, run, tool, person, consume)", func(add func(...any)) {
		window(func(d adoption.Day) {
			for id := uint64(1); id <= 12; id++ {
				add(d.Time(), run, "chat", id, uint64(1))
			}
		})
	})
	s.into("kpi_size (day, run, unit, tool, people)", func(add func(...any)) {
		window(func(d adoption.Day) {
			add(d.Time(), run, "desk", "", uint64(20))
			add(d.Time(), run, "desk", "chat", uint64(18))
		})
		add(end.FirstOfMonth().Time(), run, "desk", "", uint64(20))
	})
	s.into("kpi_use (day, run, unit, tool, active_1, active_7, active_28, active_days, consumers, actions)", func(add func(...any)) {
		window(func(d adoption.Day) {
			for _, tool := range []string{"chat", adoption.AllTools} {
				add(d.Time(), run, "desk", tool, uint64(12), uint64(12), uint64(12), uint64(336), uint64(12), uint64(336))
			}
		})
	})
	s.into("kpi_work (day, run, unit, tool, consume, counted_consume)", func(add func(...any)) {
		window(func(d adoption.Day) { add(d.Time(), run, "desk", "chat", uint64(12), uint64(12)) })
	})
	s.into("source_day (day, run, source, tool, events, last_time, last_received)", func(add func(...any)) {
		window(func(d adoption.Day) { add(d.Time(), run, "chat-feed", "chat", uint64(12), d.Time(), d.Time()) })
	})
	s.into("refreshed (about, day, run)", func(add func(...any)) {
		for _, about := range []string{"kpi_size", "kpi_use", "kpi_work", "source_day", "person_day"} {
			window(func(d adoption.Day) { add(about, d.Time(), run) })
		}
	})
}

// By hand. 20 seats are held, so 25 − 20 = 5 are nobody's; 13 to 18 do not use theirs and two have left: 8 unused, 13 idle. A seat is
// 5 € a month. At stake in the term that begins on 2027-03-31 are 25 × 5 × 12 = 1,500. From 2026-11-21 it is 9 + 31 + 31 + 28 + 31 =
// 130 days until then, 130 × 12 ÷ 365 = 4.27397 months: others could use 13 × 5 × 4.27397 = 277.81 of it meanwhile, and until
// 2026-12-31, in 40 days, notice can be given of 13 × 5 × 12 = 780 a year. The three overlap, and nowhere stands a sum.
func TestRenewalsOfKnownSeats(t *testing.T) {
	c, r := newChecker(t), emptyRig(t, nil)
	seatedStory(r)
	v := r.signedIn()
	publishCertain(t, c, v)
	status, asked, body := c.get(v, "/api/v1/value/renewals?tool=chat")
	require.Equal(t, http.StatusOK, status, body)
	require.True(t, asked)
	var a query.RenewalsAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &a))
	require.Len(t, a.Renewals, 1)
	x := a.Renewals[0]
	require.Equal(t, []any{"company", "EUR", "2027-03-31", "2026-12-31", 40}, []any{x.Unit, x.Currency, x.Renewal.String(), x.Notice.String(), x.DaysLeft})
	require.Equal(t, []*uint64{new(uint64(25)), new(uint64(8)), new(uint64(5))}, []*uint64{x.Seats, x.Unused, x.Unassigned})
	for _, amount := range []struct {
		want float64
		got  *float64
	}{{1_500, x.Exposed.P50}, {277.81, x.Reassignable.P50}, {780, x.Reducible.P50}} {
		require.NotNil(t, amount.got, body)
		require.InDelta(t, amount.want, *amount.got, 0.005)
	}
	var shape map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &shape))
	for _, sum := range []float64{1_500 + 277.81, 1_500 + 780, 277.81 + 780, 1_500 + 277.81 + 780} {
		require.Empty(t, numbersNear(shape, sum), "an amount and another were added")
	}

	resp, page := v.get("/value/renewals")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assertStrict(t, "/value/renewals", resp, page)
	for _, amount := range []string{"1,500", "278", "780"} {
		says(t, page, amount)
	}
	_, table, _ := strings.Cut(page, "<tbody")
	table, _, _ = strings.Cut(table, "</tbody>")
	require.Equal(t, 1, strings.Count(table, "<tr"), "a row a licence, and none that adds up")
	require.NotContains(t, page, "<tfoot")
}

// numbersNear are the numbers of an answer that are as good as one.
func numbersNear(at any, want float64) (found []float64) {
	switch v := at.(type) {
	case map[string]any:
		for _, one := range v {
			found = append(found, numbersNear(one, want)...)
		}
	case []any:
		for _, one := range v {
			found = append(found, numbersNear(one, want)...)
		}
	case float64:
		if v > want-0.5 && v < want+0.5 {
			found = append(found, v)
		}
	}
	return found
}
