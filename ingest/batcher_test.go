package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// However many small requests wait while a message is written, they share the next: one write to the disk for all.
func TestWhatWaitsSharesOneMessage(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	b, err := NewBatcher(t.Context(), spool, nil)
	require.NoError(t, err)
	close(b.stop) // its goroutine ends, and what is handed in waits as it does behind a slow disk
	<-b.done
	const requests = 500
	w, commits := testWorker(testRules()), make([]*commit, requests)
	for i := range commits {
		chunks, err := w.work(Grant{Name: "feed"}, eventsForm, &input{body: []byte(event(i))})
		require.NoError(t, err)
		commits[i] = &commit{chunks: cloned(chunks), done: make(chan error, 1)}
		b.queue <- commits[i]
	}
	b.stop, b.done = make(chan struct{}), make(chan struct{})
	go b.run()
	for _, c := range commits {
		require.NoError(t, <-c.done)
	}
	require.NoError(t, b.Close(t.Context()))
	state, err := spool.State(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, state.Messages)
	require.Len(t, spooled(t, spool), requests)
}

// cloned are chunks that outlive their worker's next request.
func cloned(chunks []chunk) []chunk {
	all := make([]chunk, len(chunks))
	for i, c := range chunks {
		all[i] = c
		all[i].data = append([]byte(nil), c.data...)
	}
	return all
}
