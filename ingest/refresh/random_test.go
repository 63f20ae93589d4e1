package refresh_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// companies is how many companies of chance live in each zone, from a first one on: `make companies` lets a thousand live.
var (
	companies    = flag.Uint64("companies", 1, "companies of chance in each zone")
	firstCompany = flag.Uint64("first-company", 0, "the number of the first of them")
)

// arrive lets something happen to the company, and touches what it changes.
func (r *chance) arrive() string {
	c := r.c
	var spans []refresh.Span
	var what string
	switch n := r.IntN(20); {
	case n < 8:
		var events []adoption.Event
		for range 1 + r.IntN(6) {
			if r.IntN(2) == 0 {
				events = append(events, r.event())
			} else {
				events = append(events, r.correction())
			}
		}
		spans, what = c.receive(events...), fmt.Sprintf("%d events", len(events))
	case n < 10: // only of today
		e := r.event()
		e.Time, e.DateOnly = c.now, false
		spans, what = c.receive(e), "an event of today"
	case n < 14:
		spans, what = c.direct([]peopleRow{r.peopleRow()}, nil), "people"
	case n < 17:
		spans, what = c.direct(nil, []licenceRow{r.licenceRow()}), "a licence"
	default:
		c.setToday(c.today + 1 + adoption.Day([]int{0, 0, 0, 1, 5, 12}[r.IntN(6)]))
		what = "days pass to " + c.today.String()
	}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), spans...))
	return what
}

var zones = []string{"UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"}

// Companies of chance, in zones that bite, equal the reference after each arrival.
func TestEqualsReference(t *testing.T) {
	for i, zone := range zones {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			for number := *firstCompany; number < *firstCompany+*companies; number++ {
				t.Run(fmt.Sprint(number), func(t *testing.T) { liveThrough(t, zone, number+uint64(i)*1001, 4) })
			}
		})
	}
}

// found lets a company begin, in which nobody is anywhere yet.
func found(t *testing.T, zone string, seed uint64) *chance {
	start := []string{"2026-04-20", "2026-03-30", "2025-11-03", "2026-01-01"}[seed%4] // Mondays, around changes of the clock, New Year
	c := open(t, zone, start)
	if seed%3 == 2 {
		c.movedFrom = 1 << 40 // never
		c.restart(c.db)
	}
	r := &chance{Rand: rand.New(rand.NewPCG(seed, 7)), c: c, persons: 6, tools: []string{"wiki", "chat", "o'brien's"}[:2+seed%2], back: 70}
	for p := range r.persons {
		r.c.enrol(adoption.Person(p + 1))
	}
	return r
}

func liveThrough(t *testing.T, zone string, seed uint64, steps int) {
	r := found(t, zone, seed)
	c := r.c
	c.mustEqual()
	for step := range steps {
		what := r.arrive()
		for r.IntN(3) == 0 {
			what += ", " + r.arrive()
		}
		if r.IntN(5) == 0 {
			c.restart(c.db)
			what += ", restart"
		}
		if seed%2 == 1 {
			c.refresher.SetMost(1 + r.IntN(20)) // as if the company were large
			what += ", in parts"
		}
		t.Logf("step %d: %s", step, what)
		c.mustEqual()
	}
}
