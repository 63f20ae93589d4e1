package ingest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// refusePoison makes ClickHouse refuse the tool named poison.
const refusePoison = "ALTER TABLE events ADD CONSTRAINT poison CHECK tool != 'poison'"

const acceptPoison = "ALTER TABLE events DROP CONSTRAINT poison"

func TestADeadLetterIsListedShownAndReplayed(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), refusePoison))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	letters := NewDeadLetters(r.spool)
	list, err := letters.List(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Equal(t, DeadLetterList{Letters: []DeadLetter{}}, list)

	begun := time.Now()
	poisoned := strings.Replace(event(1), `"wiki"`, `"poison"`, 1)
	r.accepted(poisoned+"\n"+eventLines(2, 10), 9)
	r.settle()
	require.EqualValues(t, 8, rows(t, db, countFinal))
	list, err = letters.List(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, list.Letters, 1)
	require.EqualValues(t, 1, list.Total)
	require.Zero(t, list.Next)
	letter := list.Letters[0]
	require.Equal(t, 1, letter.Events)
	require.Equal(t, []string{"feed"}, letter.Sources)
	require.Contains(t, letter.Reason, "poison")
	require.Positive(t, letter.Bytes)
	require.WithinDuration(t, begun, letter.Time, time.Minute)

	content, err := letters.Show(t.Context(), letter.Number)
	require.NoError(t, err)
	require.Equal(t, letter, content.DeadLetter)
	e := content.Content[0]
	require.Equal(t, "poison", e.Tool)
	require.Equal(t, "edit", e.Action)
	require.Equal(t, string(adoption.Contribute), e.Class)
	require.EqualValues(t, 1, e.Quantity)
	require.Equal(t, time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC), e.Time)
	require.WithinDuration(t, begun, e.Received, time.Minute)
	text, err := json.Marshal(content)
	require.NoError(t, err)
	require.NotContains(t, string(text), "example.com")
	for _, hash := range []string{e.ID, e.Actor, e.Object} {
		require.Regexp(t, "^[0-9a-f]{8}…$", hash)
	}

	// While its cause is there, it only comes back: under another number, and not lost among those that were known.
	back, err := letters.Replay(t.Context(), letter.Number)
	require.NoError(t, err)
	require.Equal(t, Replayed{Events: 1, Letters: 1}, back)
	require.Eventually(t, func() bool {
		list, err := letters.List(t.Context(), 0, 10)
		return err == nil && len(list.Letters) == 1 && list.Letters[0].Number > letter.Number
	}, 30*time.Second, 10*time.Millisecond)
	r.settle()

	require.NoError(t, db.Exec(t.Context(), acceptPoison))
	back, err = letters.ReplayAll(t.Context())
	require.NoError(t, err)
	require.Equal(t, Replayed{Events: 1, Letters: 1}, back)
	r.settle()
	require.EqualValues(t, 9, rows(t, db, countFinal))
	_, err = letters.Replay(t.Context(), letter.Number)
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	back, err = letters.ReplayAll(t.Context())
	require.NoError(t, err)
	require.Zero(t, back)
}

// A crash between the publishing and the deleting leaves a letter in both places, and so do two who replay at once.
func TestALetterReplayedTwiceCountsOnce(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), refusePoison))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	letters := NewDeadLetters(r.spool)
	r.accepted(strings.Replace(event(1), `"wiki"`, `"poison"`, 1), 1)
	r.settle()
	require.NoError(t, db.Exec(t.Context(), acceptPoison))
	m, err := letters.next(t.Context(), 0)
	require.NoError(t, err)

	before, err := r.spool.events.Info(t.Context())
	require.NoError(t, err)
	require.NoError(t, letters.putBack(t.Context(), m))
	require.NoError(t, letters.putBack(t.Context(), m), "it is gone already, which is what was wanted")
	after, err := r.spool.events.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, before.State.LastSeq+1, after.State.LastSeq, "the spool knows the message by its name")
	require.NoError(t, r.spool.Publish(t.Context(), m.Data), "and later than it remembers")
	r.settle()
	require.EqualValues(t, 1, rows(t, db, countFinal))
	require.EqualValues(t, 1, rows(t, db, "SELECT sum(quantity) FROM events FINAL"))
}

// What was corrected while a letter lay with the dead ones stays corrected when it is replayed.
func TestAReplayDoesNotReplaceWhatCameLater(t *testing.T) {
	db := testDB(t)
	require.NoError(t, db.Exec(t.Context(), refusePoison))
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	total := func(tool string, n string) string {
		return `{"id":"total","time":"2026-11-20","tool":"` + tool + `","actor":"a","action":"edit","quantity":` + n + `}`
	}
	r.accepted(total("poison", "7"), 1)
	r.settle()
	r.accepted(total("wiki", "9"), 1)
	r.settle()
	require.NoError(t, db.Exec(t.Context(), acceptPoison))
	back, err := NewDeadLetters(r.spool).ReplayAll(t.Context())
	require.NoError(t, err)
	require.Equal(t, Replayed{Events: 1, Letters: 1}, back)
	r.settle()
	require.EqualValues(t, 1, rows(t, db, countFinal))
	require.EqualValues(t, 9, rows(t, db, "SELECT sum(quantity) FROM events FINAL"))
}

func TestWhatIsNoMessageIsShownAndDropped(t *testing.T) {
	r := openRig(t, rigConfig{})
	letters := NewDeadLetters(r.spool)
	for i, message := range []string{"no message", "nor this", "nor that"} {
		require.NoError(t, r.spool.bury(t.Context(), deadLetter{[]byte(message), "why\nnot"}), i)
	}
	require.NoError(t, r.spool.bury(t.Context(), deadLetter{[]byte("no message"), "twice"}))

	list, err := letters.List(t.Context(), 0, 2)
	require.NoError(t, err)
	require.Len(t, list.Letters, 2)
	require.EqualValues(t, 3, list.Total)
	require.EqualValues(t, 3, list.Next)
	content, err := letters.Show(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, "why not", content.Reason)
	require.Equal(t, len("no message"), content.Bytes)
	require.Empty(t, content.Content)

	_, err = letters.Replay(t.Context(), 1)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "why not")
	back, err := letters.ReplayAll(t.Context())
	require.NoError(t, err)
	require.Equal(t, Replayed{Kept: 3}, back)

	require.NoError(t, letters.Drop(t.Context(), 2))
	for _, gone := range []uint64{0, 2, 4, 1 << 40} {
		require.Equal(t, adoption.NotFound, adoption.CodeOf(letters.Drop(t.Context(), gone)), gone)
		_, err = letters.Show(t.Context(), gone)
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), gone)
	}
	list, err = letters.List(t.Context(), 2, 10)
	require.NoError(t, err)
	require.Len(t, list.Letters, 1)
	require.EqualValues(t, 3, list.Letters[0].Number)
	dropped, err := letters.DropAll(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, dropped)
	dropped, err = letters.DropAll(t.Context())
	require.NoError(t, err)
	require.Zero(t, dropped)
}
