package ingest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/wire"
)

const countRejected = "SELECT sum(events) FROM rejected"

func TestCountsOfRefusalsAreKeptWhileTheSpoolTakesNothingAndBounded(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	r.setDisk(func() (int64, int64, error) { return 0, 100 * gib, nil })
	for i := range maxRejectKeys + 10 {
		r.rejects.count(adoption.Day(i), "feed", []refusedEvent{{wrong: wire.NotJSON}})
	}
	require.ErrorIs(t, r.rejects.Flush(t.Context()), errDisk)
	r.rejects.count(adoption.Day(1), "feed", []refusedEvent{{wrong: wire.NotJSON}, {wrong: wire.NotJSON}})
	require.ErrorIs(t, r.rejects.Flush(t.Context()), errDisk)
	r.setDisk(func() (int64, int64, error) { return 50 * gib, 100 * gib, nil })
	require.NoError(t, r.rejects.Flush(t.Context()))
	r.settle()
	require.EqualValues(t, maxRejectKeys+2, rows(t, db, countRejected))
}

// ClickHouse refuses while the loader holds the note, the loader is replaced, and the insert is repeated after it was
// done: the counts are sums, and still right.
func TestARepeatedNoteCountsOnce(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	require.NoError(t, db.Exec(t.Context(), "RENAME TABLE rejected TO elsewhere"))
	r.rejects.count(20_000, "feed", []refusedEvent{{wrong: wire.NotJSON}})
	require.NoError(t, r.rejects.Flush(t.Context()))
	require.Eventually(t, func() bool { return r.loader.State().Error != "" }, 30*time.Second, 10*time.Millisecond)
	number := r.lastMessage()
	r.loader.Close()
	require.NoError(t, r.rejects.Close(t.Context()))
	require.NoError(t, db.Exec(t.Context(), "RENAME TABLE elsewhere TO rejected"))
	r.startLoader(LoaderConfig{DB: db})
	r.settle()
	require.EqualValues(t, 1, rows(t, db, countRejected))
	again := spooledNote{number: number, note: note{Rejected: []rejectedCount{{20_000, "feed", "event", wire.NotJSON.Reason, 1}}}}
	require.NoError(t, r.loader.writeNote(&again))
	require.EqualValues(t, 1, rows(t, db, countRejected), "its token is known")
	again.number++
	require.NoError(t, r.loader.writeNote(&again))
	require.EqualValues(t, 2, rows(t, db, countRejected), "another message with the same content is not the same")
}

// lastMessage is the number of the newest message of the spool.
func (r *rig) lastMessage() uint64 {
	r.t.Helper()
	info, err := r.spool.events.Info(r.t.Context())
	require.NoError(r.t, err)
	return info.State.LastSeq
}

// A note that a later version wrote, a broken one, and one that ClickHouse refuses cost nothing else, and lie with the
// dead letters.
func TestNotesThatCannotBeLoaded(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE rejected ADD CONSTRAINT poison CHECK source != 'poison'"))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	for _, message := range []string{
		`U` + "\x02" + `{"rejected":[{"day":"2026-11-20","source":"feed","field":"time","reason":"missing","events":3}]}`,
		`U` + "\x02" + `{"rejected":[{"day":"2026-11-20","source":"poison","field":"time","reason":"missing","events":4}]}`,
		`U` + "\x02" + `{"unheard_of":[]}`,
		`U` + "\x02" + `{"rejected":[`,
		`U` + "\x02" + `{} {}`,
		`U` + "\x02" + `{"rejected":[{"day":"2526-11-20"}]}`,
		`U` + "\x02",
		`U` + "\x02{}",
	} {
		require.NoError(t, r.spool.Publish(t.Context(), []byte(message)))
	}
	r.accepted(event(1), 1)
	r.settle()
	require.EqualValues(t, 1, rows(t, db, countFinal))
	require.EqualValues(t, 3, rows(t, db, countRejected))
	letters := NewDeadLetters(r.spool)
	list, err := letters.List(t.Context(), 0, 100)
	require.NoError(t, err)
	require.Len(t, list.Letters, 6)
	require.NoError(t, db.Exec(t.Context(), "ALTER TABLE rejected DROP CONSTRAINT poison"))
	back, err := letters.ReplayAll(t.Context())
	require.NoError(t, err)
	require.Equal(t, Replayed{Letters: 1, Kept: 5}, back)
	r.settle()
	require.EqualValues(t, 7, rows(t, db, countRejected))
}
