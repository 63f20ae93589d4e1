package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// FuzzNote reads any bytes as a note. They must not crash it, and what is read must be written and read again alike:
// a note that the door can write and the loader cannot read would take everything else in it along.
func FuzzNote(f *testing.F) {
	whole, err := encodeNote(note{Rejected: []rejectedCount{{Day: 20000, Source: "s", Field: "time", Reason: missing, Events: 3}},
		Directory: []Fact{{Who: adoption.Hash{1}, Same: []adoption.Hash{{2}}}, {Unit: "it", UnitName: "IT", From: adoption.LastDay}}})
	require.NoError(f, err)
	f.Add(whole)
	f.Add([]byte{codecMagic, noteVersion})
	f.Add(append([]byte{codecMagic, noteVersion}, `{"directory":[{"who":"00","from":"2200-01-01"}]}`...))
	f.Fuzz(func(t *testing.T, message []byte) {
		if !isNote(message) {
			return
		}
		n, err := decodeNote(message)
		if err != nil {
			require.ErrorIs(t, err, errMessage)
			return
		}
		again, err := encodeNote(n)
		require.NoError(t, err)
		same, err := decodeNote(again)
		require.NoError(t, err)
		twice, err := encodeNote(same)
		require.NoError(t, err)
		require.Equal(t, string(again), string(twice))
	})
}
