package ingest

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

func TestAFullSpoolKeepsWhatIsInside(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{spool: SpoolConfig{MaxBytes: 1 << 20}})
	taken, full := 0, false
	for i := 0; i < 100 && !full; i++ {
		status, answer, message := r.post([]byte(eventLines(i*500, i*500+500)))
		taken += answer.Accepted
		if full = status == 503; full {
			require.Contains(t, message, "full")
		}
	}
	require.True(t, full)
	require.Positive(t, taken)
	before, err := r.spool.State(t.Context())
	require.NoError(t, err)
	status, _, header := r.call("/v1/events", []byte(eventLines(0, 5000)), "Authorization", "Bearer "+r.token)
	require.Equal(t, 503, status)
	require.Equal(t, "5", header.Get("Retry-After"), "an insert makes room within seconds once the database is back")
	after, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Equal(t, before.Messages, after.Messages, "what is inside stays")

	r.startLoader(LoaderConfig{DB: db})
	r.settle()
	require.EqualValues(t, taken, rows(t, db, countFinal))
	r.accepted(event(1), 1) // there is room again
}

func TestConcurrentRequestsShareMessages(t *testing.T) {
	r := openRig(t, rigConfig{})
	const clients, each = 32, 20
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := range each {
				r.accepted(event(c*each+i), 1)
			}
		})
	}
	group.Wait()
	state, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Less(t, state.Messages, uint64(clients*each))
	events := spooled(t, r.spool)
	require.Len(t, events, clients*each)
	for i := 1; i < len(events); i++ {
		require.Greater(t, events[i].Received, events[i-1].Received)
	}
}

// spooled reads the events in the spool without taking them out.
func spooled(t testing.TB, s *Spool) (events []adoption.Event) {
	t.Helper()
	info, err := s.events.Info(t.Context())
	require.NoError(t, err)
	for seq := info.State.FirstSeq; info.State.Msgs > 0 && seq <= info.State.LastSeq; seq++ {
		m, err := s.events.GetMsg(t.Context(), seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		require.NoError(t, err)
		events, err = decodeMessage(m.Data, events, &interner{})
		require.NoError(t, err)
	}
	return events
}

func TestALargeRequestIsSplitOverMessages(t *testing.T) {
	r := openRig(t, rigConfig{})
	var b strings.Builder
	for i := range 2000 {
		b.WriteString(strings.TrimSuffix(event(i), "}") + `,"counterparts":[` + strings.TrimSuffix(strings.Repeat(`"a@example.com",`, 100), ",") + "]}\n")
	}
	r.accepted(b.String(), 2000)
	state, err := r.spool.State(t.Context())
	require.NoError(t, err)
	require.Greater(t, state.Messages, uint64(2))
	require.Len(t, spooled(t, r.spool), 2000)
}

func TestTheSpoolIsSilentAndStartsFast(t *testing.T) {
	var said strings.Builder
	cfg := SpoolConfig{Dir: t.TempDir(), Log: slog.New(slog.NewTextHandler(&said, nil))}
	for range 3 {
		begun := time.Now()
		s, err := OpenSpool(t.Context(), cfg)
		require.NoError(t, err)
		require.Less(t, time.Since(begun), 5*time.Second)
		require.NoError(t, s.Publish(t.Context(), pack(sampleEvents(), 1)))
		s.Close()
	}
	require.Empty(t, said.String())
	s := openTestSpool(t, cfg)
	require.Len(t, spooled(t, s), 9)
}

func TestTheSizeOfASpoolMayBeChanged(t *testing.T) {
	dir := t.TempDir()
	for _, size := range []int64{64 << 20, 128 << 20, 32 << 20} {
		s, err := OpenSpool(t.Context(), SpoolConfig{Dir: dir, MaxBytes: size})
		require.NoError(t, err)
		require.NoError(t, s.Publish(t.Context(), pack(sampleEvents(), 1)))
		s.Close()
	}
	require.Len(t, spooled(t, openTestSpool(t, SpoolConfig{Dir: dir})), 9)
}
