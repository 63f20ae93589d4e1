package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// Whatever is remembered, the answer is that of the computation; and no more is remembered than was said.
func TestRecent(t *testing.T) {
	const room = 1000
	r := newRecent[string](room)
	upper := func(s string) string { return strings.ToUpper(s) }
	var group sync.WaitGroup
	for g := range 4 {
		group.Go(func() {
			for i := range 40_000 {
				text := fmt.Sprintf("person-%d", i*(g+1)%3000)
				if got := r.get(text, upper); got != strings.ToUpper(text) {
					t.Errorf("%s became %s", text, got)
					return
				}
			}
		})
	}
	group.Wait()
	kept := 0
	for i := range r.shards {
		kept += len(r.shards[i].fresh) + len(r.shards[i].old)
	}
	require.Positive(t, kept)
	require.LessOrEqual(t, kept, room)
}

// What comes often is soon not computed any more, though as many texts come between that come once.
func TestRecentKeepsWhatComesOften(t *testing.T) {
	r := newRecent[int](2000)
	computed := 0
	count := func(string) int { computed++; return 0 }
	const rounds, often = 200, 100
	for round := range rounds {
		for i := range often {
			r.get(fmt.Sprint("often ", i), count)
			r.get(fmt.Sprint("once ", round*often+i), func(string) int { return 0 })
		}
	}
	require.Less(t, computed, rounds*often/10)
}

func TestRecentLeavesOutLongTexts(t *testing.T) {
	r := newRecent[int](100)
	computed := 0
	for range 100 {
		r.get(strings.Repeat("x", recentText+1), func(string) int { computed++; return 0 })
	}
	require.Equal(t, 100, computed)
}

// A hash is the same whether it is remembered or not, and under another secret another one.
func TestRememberedHashes(t *testing.T) {
	p, other := NewPseudonymiser([]byte("secret")), NewPseudonymiser([]byte("another"))
	address, text := p.Address(" P1@Example.com "), p.Text("thing", "wiki\x00page")
	for range 20 {
		require.Equal(t, address, p.Address(" P1@Example.com "))
		require.Equal(t, address, p.Address("p1@example.com"))
		require.Equal(t, text, p.Text("thing", "wiki\x00page"))
		require.NotEqual(t, text, p.Text("thing", "chat\x00page"))
		require.NotEqual(t, address, other.Address("p1@example.com"))
	}
}

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
