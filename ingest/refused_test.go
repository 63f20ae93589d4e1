package ingest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

// What was refused is named with its field and reason, as the answer named it, and nothing else of it is kept; an id that may be
// an address is not. A source that is refused all the time displaces its own names only.
func TestRefusedEventsAreNamed(t *testing.T) {
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: testDB(t)}})
	letters := NewDeadLetters(r.spool)
	none, err := letters.Refused(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []RefusedEvents{}, none)

	body := strings.Join([]string{
		event(1),
		`{"id":"m-17","time":"2026-11-02T08:30:00Z","tool":"wiki","actor":"ada@example.com","action":"edit","quantity":-1}`,
		`{"id":"ada@example.com","time":"never","tool":"wiki","actor":"ada@example.com","action":"edit"}`,
		`{"time":"2026-11-02T08:30:00Z","tool":"wiki","action":"edit","secret of ada":"x"}`,
	}, "\n")
	_, answer, _ := r.post([]byte(body))
	require.Equal(t, 1, answer.Accepted)
	require.Len(t, answer.Rejected, 3)
	before := time.Now()
	require.NoError(t, r.rejects.Flush(t.Context()))
	list, err := letters.Refused(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "feed", list[0].Source)
	require.WithinDuration(t, before, list[0].Time, time.Minute)
	require.Zero(t, list[0].More)
	require.Equal(t, []string{"m-17", "", ""}, []string{list[0].Events[0].ID, list[0].Events[1].ID, list[0].Events[2].ID})
	for i, told := range answer.Rejected {
		require.Equal(t, told.Reason, list[0].Events[i].Reason)
	}
	require.Equal(t, []string{"quantity", "time", "unknown"}, []string{list[0].Events[0].Field, list[0].Events[1].Field, list[0].Events[2].Field})
	require.NotContains(t, fmt.Sprint(list), "ada")

	noise := make([]refusedEvent, refusedNamed+7)
	for i := range noise {
		noise[i] = refusedEvent{id: fmt.Sprint(i), wrong: wire.NotJSON}
	}
	for range refusedKept + 5 {
		r.rejects.count(20_000, "noisy.source", noise)
		require.NoError(t, r.rejects.Flush(t.Context()))
	}
	list, err = letters.Refused(t.Context(), 1000)
	require.NoError(t, err)
	require.Len(t, list, 1+refusedKept)
	require.Equal(t, "noisy.source", list[0].Source, "newest first")
	require.Len(t, list[0].Events, refusedNamed)
	require.Equal(t, 7, list[0].More)
	require.Equal(t, "feed", list[refusedKept].Source, "still there")
}
