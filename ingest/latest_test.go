package ingest

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// The hash table by identity does what a map does, though all ids share their first bytes, or their last.
func TestLatestAgainstAMap(t *testing.T) {
	type identity struct {
		source string
		id     adoption.Hash
		day    adoption.Day
	}
	for _, place := range []int{0, 7, 15} {
		var events []adoption.Event
		for i := range 3000 {
			e := adoption.Event{Source: []string{"a", "b"}[i%2], Time: day(i % 5).Time(), Received: uint64(i * 7919 % 3001), Quantity: uint64(i)}
			copy(e.ID[:], bytes.Repeat([]byte{9}, len(e.ID)))
			e.ID[place] = byte(i * 31 % 101)
			events = append(events, e)
		}
		want := map[identity]adoption.Event{}
		var order []identity
		for _, e := range events {
			key := identity{e.Source, e.ID, adoption.Day(e.Time.Unix() / 86400)}
			if before, known := want[key]; !known {
				order = append(order, key)
			} else if before.Received >= e.Received {
				continue
			}
			want[key] = e
		}
		got := latest(events)
		require.Len(t, got, len(order))
		for i, key := range order {
			require.Equal(t, want[key], got[i])
		}
	}
	require.Empty(t, latest(nil))
}

func day(n int) adoption.Day { return adoption.Day(20_000 + n) }

func TestUnhex(t *testing.T) {
	for text, want := range map[string]bool{
		"000102030405060708090a0b0c0d0e0f": true, "ffffffffffffffffffffffffffffffff": true,
		"FFffffffffffffffffffffffffffffff": false, "fffffffffffffffffffffffffffffffg": false, "ff": false, "": false,
		"fffffffffffffffffffffffffffffff\xff": false, "/:`fffffffffffffffffffffffffffff": false,
	} {
		hash, ok := unhex(text)
		require.Equal(t, want, ok, text)
		if ok {
			require.Equal(t, text, (&interner{}).hex(&hash))
		}
	}
}
