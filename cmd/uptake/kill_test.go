package main

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server that is killed in the middle of loading, again and again, loses nothing that it acknowledged, and counts
// nothing twice, also when the senders send everything again because they were cut off.
func TestKillInTheMiddleOfLoading(t *testing.T) {
	const (
		people  = 40
		batches = 60
		size    = 2000
		day     = "2026-11-10"
	)
	h := newHouse(t, "UPTAKE_RETENTION=off")
	token := h.must("token", "create", "--source", "sender", "--directory")
	reader := h.must("token", "create", "--reader", "test")
	body := func(batch int) *bytes.Buffer {
		var b bytes.Buffer
		for i := range size {
			n := batch*size + i
			fmt.Fprintf(&b, `{"id":"%d","time":"%sT%02d:00:00Z","tool":"chat","actor":"p%d@example.org","action":"post"}`+"\n", n, day, n%24, n%people)
		}
		return &b
	}
	var acked [batches]atomic.Bool
	// sendAll sends every batch that is not acknowledged yet, and tells of each acknowledgement.
	sendAll := func(s *server, told func(n int)) {
		var done atomic.Int64
		var wg sync.WaitGroup
		work := make(chan int)
		for range 4 {
			wg.Go(func() {
				for batch := range work {
					status, _, err := s.send(token, "/v1/events", "application/x-ndjson", body(batch))
					if err == nil && status == http.StatusAccepted {
						acked[batch].Store(true)
						told(int(done.Add(1)))
					}
				}
			})
		}
		for batch := range batches {
			if !acked[batch].Load() {
				work <- batch
			}
		}
		close(work)
		wg.Wait()
	}
	for _, killAfter := range []int{5, 9, 14} {
		s := h.serve()
		sendAll(s, func(n int) {
			if n == killAfter {
				s.kill()
			}
		})
		require.False(t, s.running())
	}
	before := 0
	for batch := range batches {
		if acked[batch].Load() {
			before++
		}
	}
	require.Greater(t, before, 5+9+14-1)
	require.Less(t, before, batches, "the senders were cut off")

	s := h.serve()
	var csv bytes.Buffer
	csv.WriteString("email,unit,effective_from\n")
	for i := range people {
		fmt.Fprintf(&csv, "p%d@example.org,sales,2026-01-01\n", i)
	}
	s.sendDirectory(token, "people", csv.String())
	s.settle(reader)
	rows := s.adoption(reader, "chat", day, false)
	require.GreaterOrEqual(t, *rows[0].Actions, before*size, "nothing that was acknowledged is missing")
	require.LessOrEqual(t, *rows[0].Actions, batches*size)

	sendAll(s, func(int) {})
	s.settle(reader)
	for batch := range batches { // once more, all of it
		acked[batch].Store(false)
	}
	sendAll(s, func(int) {})
	s.settle(reader)
	rows = s.adoption(reader, "chat", day, false)
	require.Equal(t, batches*size, *rows[0].Actions, "everything counts, and nothing twice")
	require.Equal(t, people, *rows[0].Active1)
	require.Zero(t, s.stop(), "%s", s.log)
}
