package refresh

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Work that is under way says since when. What is left to a next refresh is the same work; after the last one, and after a failure,
// there is none.
func TestWorking(t *testing.T) {
	now := time.Date(2026, 4, 19, 9, 0, 0, 0, time.UTC)
	r := New(Config{Now: func() time.Time { return now }})
	expect := func(done, total int, since time.Time) {
		t.Helper()
		d, all, from := r.Working()
		require.Equal(t, []any{done, total, since}, []any{d, all, from})
	}
	expect(0, 0, time.Time{})
	began := now
	first := &work{Refresher: r, left: 4}
	first.expect(0, 10)
	first.step(6)
	expect(6, 10, began)
	r.succeeded(first, time.Second)
	now = now.Add(time.Minute)
	rest := &work{Refresher: r}
	rest.expect(0, 4) // and the 6 that are done
	expect(6, 10, began)
	rest.step(4)
	r.succeeded(rest, time.Second)
	expect(10, 10, time.Time{})

	again := &work{Refresher: r}
	again.expect(0, 3)
	expect(0, 3, now)
	require.Error(t, r.failed(errors.New("the cable was pulled")))
	expect(0, 3, time.Time{})
}
