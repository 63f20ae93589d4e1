package ingest

import (
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// sampleEvents use everything that the form knows.
func sampleEvents() []adoption.Event {
	p := NewPseudonymiser([]byte("secret"))
	return []adoption.Event{
		{Source: "feed", ID: p.ID("feed", "1"), Time: time.Date(2026, 11, 20, 8, 30, 0, 123e6, time.UTC), Tool: "wiki", Actor: p.Address("a"), Action: "edit", Class: adoption.Contribute, Quantity: 1},
		{Source: "feed", ID: p.ID("feed", "2"), Time: time.Unix(0, 0).UTC(), DateOnly: true, Tool: "wiki", Actor: p.Address("b"), Action: "meet", Class: adoption.Meet,
			Object: p.Text("thing", "x"), ObjectType: "room", Container: "plain text", Counterparts: []adoption.Hash{p.Address("a"), {}}, Duration: 3600, Quantity: 0,
			Attributes: map[string]string{"b": "2", "a": "", "wiki": "wiki"}},
		{Source: "feed", ID: p.ID("feed", "3"), Time: adoption.LastDay.Time().Add(24*time.Hour - time.Millisecond), Tool: "chat", Actor: p.Address("c"), Action: "post", Class: adoption.Contribute,
			Object: "ABCDEF0123456789ABCDEF0123456789", Container: hex.EncodeToString(make([]byte, 16)), Quantity: math.MaxUint64, Duration: math.MaxUint32},
	}
}

func pack(events []adoption.Event, base uint64) []byte {
	var w encoder
	var chunks []chunk
	for i := 0; i < len(events); {
		w.begin(events[i].Source)
		for source := events[i].Source; i < len(events) && events[i].Source == source; i++ {
			w.add(&events[i])
		}
		chunks = append(chunks, w.finish()...)
	}
	return appendMessage(nil, base, chunks...)
}

func TestMessagesReadAsTheyWereWritten(t *testing.T) {
	want := append(sampleEvents(), sampleEvents()...)
	for i := range want {
		want[i].Received = 1000 + uint64(i)
		if i >= 3 {
			want[i].Source = "another"
		}
	}
	got, err := decodeMessage(pack(want, 1000), nil, &interner{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(want, got))
	one, err := decodeMessage(encodeEvent(&want[4]), nil, &interner{})
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(want[4:5], one))
}

// The messages of every released version lie in testdata and must be read for ever. UPTAKE_RENEW=1 writes the one of
// this version; an old one is never renewed.
func TestOldMessagesAreStillRead(t *testing.T) {
	path := filepath.Join("testdata", "message-v1.bin")
	if os.Getenv("UPTAKE_RENEW") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, pack(sampleEvents(), 7), 0o644))
	}
	message, err := os.ReadFile(path)
	require.NoError(t, err)
	got, err := decodeMessage(message, nil, &interner{})
	require.NoError(t, err)
	want := sampleEvents()
	for i := range want {
		want[i].Received = 7 + uint64(i)
	}
	require.Empty(t, cmp.Diff(want, got))
	require.Equal(t, message, pack(want, 7), "version 1 is still written as it was")
}

func TestAMessageCutOffIsNone(t *testing.T) {
	message := pack(sampleEvents(), 1)
	before := []adoption.Event{{Tool: "kept"}}
	for n := range len(message) {
		if n == headerSize {
			continue // a message without chunks
		}
		events, err := decodeMessage(message[:n], before, &interner{})
		require.ErrorIs(t, err, errMessage, n)
		require.Equal(t, before, events)
	}
	future := append([]byte(nil), message...)
	future[1] = 2
	_, err := decodeMessage(future, nil, &interner{})
	require.ErrorContains(t, err, "version 2")
}

func FuzzDecodeMessage(f *testing.F) {
	f.Add(pack(sampleEvents(), 1))
	f.Add(pack(append(sampleEvents(), sampleEvents()[0]), math.MaxUint64))
	f.Add([]byte("U\x01\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("U\x01\x00\x00\x00\x00\x00\x00\x00\x00\x03\x01a\xff"))
	f.Fuzz(func(t *testing.T, message []byte) {
		events, err := decodeMessage(message, nil, &interner{})
		if err != nil {
			require.Empty(t, events)
			return
		}
		if len(events) == 0 {
			return
		}
		// Whatever can be read can be stored, and written and read again.
		columnsOf(events)
		again, err := decodeMessage(pack(events, events[0].Received), nil, &interner{})
		require.NoError(t, err)
		require.Len(t, again, len(events))
		for i := range events {
			if len(events[i].Attributes) == 0 {
				events[i].Attributes, again[i].Attributes = nil, nil
			}
			if len(events[i].Counterparts) == 0 {
				events[i].Counterparts, again[i].Counterparts = nil, nil
			}
		}
		require.Empty(t, cmp.Diff(events, again))
	})
}
