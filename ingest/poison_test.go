package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dead reads the dead letters: reasons by message.
func dead(t *testing.T, s *Spool) (messages [][]byte, reasons []string) {
	t.Helper()
	info, err := s.dead.Info(t.Context())
	require.NoError(t, err)
	for seq := info.State.FirstSeq; info.State.Msgs > 0 && seq <= info.State.LastSeq; seq++ {
		m, err := s.dead.GetMsg(t.Context(), seq)
		require.NoError(t, err)
		messages, reasons = append(messages, m.Data), append(reasons, m.Header.Get(deadReason))
		require.NotEmpty(t, m.Header.Get(deadTime))
	}
	return messages, reasons
}

func TestPoisonIsIsolated(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE events ADD CONSTRAINT poison CHECK tool != 'poison'"))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db, Linger: time.Second}})
	lines := strings.Split(strings.TrimSpace(eventLines(0, 1000)), "\n")
	for _, i := range []int{17, 500, 501, 999} {
		lines[i] = strings.Replace(lines[i], `"wiki"`, `"poison"`, 1)
	}
	r.accepted(strings.Join(lines[:600], "\n"), 600)
	require.NoError(t, r.spool.Publish(t.Context(), []byte("no message at all")))
	r.accepted(strings.Join(lines[600:], "\n"), 400)
	r.settle()
	require.EqualValues(t, 996, rows(t, db, countFinal))
	messages, reasons := dead(t, r.spool)
	require.Len(t, messages, 5)
	poisoned := 0
	for i, m := range messages {
		events, err := decodeMessage(m, nil, &interner{})
		if err != nil {
			require.Equal(t, "no message at all", string(m))
			require.Contains(t, reasons[i], "cannot be read")
			continue
		}
		require.Len(t, events, 1)
		require.Equal(t, "poison", events[0].Tool)
		require.NotZero(t, events[0].Received)
		require.Contains(t, reasons[i], "poison")
		poisoned++
	}
	require.Equal(t, 4, poisoned)
}

// A table that refuses everything is at fault itself: nothing is buried, and once it is repaired all goes in.
func TestATableThatRefusesEverythingBuriesNothing(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE events ADD CONSTRAINT closed CHECK 0"))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	r.accepted(eventLines(0, 1000), 1000)
	require.Eventually(t, func() bool { return r.loader.State().Error != "" }, 20*time.Second, 10*time.Millisecond)
	require.Contains(t, r.loader.State().Error, "469")
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE events DROP CONSTRAINT closed"))
	r.settle()
	require.EqualValues(t, 1000, rows(t, db, countFinal))
	messages, _ := dead(t, r.spool)
	require.Empty(t, messages)
}

func TestALonePoisonEventDoesNotStopTheLoader(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE events ADD CONSTRAINT poison CHECK tool != 'poison'"))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	r.accepted(strings.Replace(event(1), `"wiki"`, `"poison"`, 1), 1)
	r.settle()
	r.accepted(event(2), 1)
	r.settle()
	require.EqualValues(t, 1, rows(t, db, countFinal))
	messages, _ := dead(t, r.spool)
	require.Len(t, messages, 1)
}
