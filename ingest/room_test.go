package ingest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

const gib = int64(1) << 30

// testRoom is a room with a disk and a clock of the test's choice.
func testRoom(cfg SpoolConfig) (r *room, free, total *int64, now *time.Time, first *time.Time) {
	free, total, now, first = new(int64), new(int64), new(time.Time), new(time.Time)
	*now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	cfg.Log = slog.New(slog.DiscardHandler)
	r = newRoom(cfg, func(context.Context) (time.Time, error) { return *first, nil })
	r.disk = func() (int64, int64, error) { return *free, *total, nil }
	r.now = func() time.Time { return *now }
	return r, free, total, now, first
}

func TestTheReserveOfTheDisk(t *testing.T) {
	for _, c := range []struct {
		reserve, total, kept int64
	}{
		{0, 100 * gib, gib}, {0, 2 * gib, 2 * gib / 20}, {0, 20 * gib, gib}, {64 << 20, 100 * gib, 64 << 20}, {5 * gib, 2 * gib, 5 * gib},
	} {
		r, free, total, now, _ := testRoom(SpoolConfig{Reserve: c.reserve})
		*total, *free = c.total, c.kept+100
		require.NoError(t, r.take(t.Context(), 60))
		require.NoError(t, r.take(t.Context(), 40), "what is written counts before the disk is asked again")
		require.ErrorIs(t, r.take(t.Context(), 1), errDisk)
		require.NoError(t, r.take(t.Context(), 0))
		*now = now.Add(roomEvery)
		*free = c.kept
		require.ErrorIs(t, r.take(t.Context(), 0), errDisk)
		*free += 1000
		require.ErrorIs(t, r.take(t.Context(), 10), errDisk, "the disk is asked once a second")
		*now = now.Add(roomEvery)
		require.NoError(t, r.take(t.Context(), 10), "there is room again")
		*free = 0
		*now = now.Add(-time.Hour)
		require.ErrorIs(t, r.take(t.Context(), 10), errDisk, "a clock that is set back does not stop the looking")
	}
	r, _, _, _, _ := testRoom(SpoolConfig{Reserve: -1})
	require.NoError(t, r.take(t.Context(), 1<<30), "nobody looks")
	r, _, _, _, _ = testRoom(SpoolConfig{URL: "nats://elsewhere"})
	require.NoError(t, r.take(t.Context(), 1<<30), "the disk is another machine's")
	r, _, _, _, _ = testRoom(SpoolConfig{})
	r.disk = func() (int64, int64, error) { return 0, 0, errors.ErrUnsupported }
	require.NoError(t, r.take(t.Context(), 1<<30), "what cannot be asked refuses nothing")
	free, total, err := diskSpace(t.TempDir())
	require.NoError(t, err)
	require.Positive(t, free)
	require.Greater(t, total, free)
}

func TestTheAgeOfWhatWaits(t *testing.T) {
	r, _, _, now, first := testRoom(SpoolConfig{Reserve: -1})
	require.NoError(t, r.take(t.Context(), 1))
	*first = now.Add(-defaultOldest)
	*now = now.Add(roomEvery)
	err := r.take(t.Context(), 1)
	require.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
	require.ErrorContains(t, err, "7 days")
	require.ErrorContains(t, err, first.Format(time.RFC3339))
	require.Equal(t, "60", retryAfter(err))
	*first = *now
	*now = now.Add(roomEvery)
	require.NoError(t, r.take(t.Context(), 1))
	r, _, _, now, first = testRoom(SpoolConfig{Reserve: -1, MaxAge: -1})
	*first = now.AddDate(-10, 0, 0)
	require.NoError(t, r.take(t.Context(), 1))
}

// A disk that is nearly full refuses new events and nothing else: what is inside is loaded, tokens are made, letters
// are buried, and a clock goes on.
func TestANearlyFullDiskRefusesOnlyNewEvents(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{})
	r.accepted(eventLines(0, 100), 100)
	r.setDisk(func() (int64, int64, error) { return 10, 100 * gib, nil })
	status, _, message := r.post([]byte(event(1)))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, message, "disk is nearly full")
	require.Equal(t, "60", r.retryAfter(event(1)))
	require.ErrorIs(t, r.spool.Room(t.Context()), errDisk)

	_, err := r.tokens.Create(t.Context(), Grant{Name: "another", Kind: ReaderToken})
	require.NoError(t, err)
	require.NoError(t, r.spool.bury(t.Context(), deadLetter{[]byte("no message"), "no"}))
	_, err = r.batcher.clock.take(t.Context(), 1)
	require.NoError(t, err)
	r.startLoader(LoaderConfig{DB: db})
	r.settle()
	require.EqualValues(t, 100, rows(t, db, countFinal))

	r.setDisk(func() (int64, int64, error) { return 50 * gib, 100 * gib, nil })
	r.accepted(event(1), 1)
}

func TestASpoolThatWaitsTooLongRefusesAndKeeps(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{spool: SpoolConfig{MaxAge: time.Millisecond}})
	r.accepted(eventLines(0, 100), 100)
	require.Eventually(t, func() bool { return r.spool.Room(t.Context()) != nil }, 30*time.Second, 10*time.Millisecond)
	status, _, message := r.post([]byte(event(1)))
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, message, "longer than the spool may hold them (1ms)")
	r.startLoader(LoaderConfig{DB: db})
	r.settle()
	require.EqualValues(t, 100, rows(t, db, countFinal), "what is inside stays")
	require.Eventually(t, func() bool { return r.spool.Room(t.Context()) == nil }, 30*time.Second, 10*time.Millisecond)
	r.accepted(event(1), 1)
}

// setDisk replaces the disk that the spool sees.
func (r *rig) setDisk(disk func() (int64, int64, error)) {
	r.spool.room.mu.Lock()
	defer r.spool.room.mu.Unlock()
	r.spool.room.disk, r.spool.room.checked = disk, time.Time{}
}

// retryAfter is what a refused request is told of when to come again.
func (r *rig) retryAfter(body string) string {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.server.URL+"/v1/events", strings.NewReader(body))
	require.NoError(r.t, err)
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := r.server.Client().Do(request)
	require.NoError(r.t, err)
	defer response.Body.Close()
	return response.Header.Get("Retry-After")
}
