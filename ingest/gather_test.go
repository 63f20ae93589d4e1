package ingest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// However large the messages are, a batch takes at least one more and does not grow far beyond its limit.
func TestABatchStaysWithinItsLimit(t *testing.T) {
	for _, size := range []int{1, 200, 10_000, 1 << 20, 8 << 20} {
		g := gathering{limit: 5_000_000, messages: make([]jetstream.Msg, 1), bytes: size}
		for !g.enough() {
			n := g.lacks()
			require.Positive(t, n)
			g.messages = append(g.messages, make([]jetstream.Msg, n)...)
			g.bytes += n * size
		}
		require.LessOrEqual(t, g.bytes, g.limit+size)
		require.LessOrEqual(t, len(g.messages), takeMessages)
	}
}

// Whoever refreshes is told while more waits than one insert takes, and when that is over.
func TestTheLoaderSaysThatItIsBehind(t *testing.T) {
	dir := t.TempDir()
	r := openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}}) // nothing is loaded yet
	const requests, each = 20, 50
	for i := range requests {
		var body strings.Builder
		for j := range each {
			fmt.Fprintln(&body, with("id", fmt.Sprintf(`"%d"`, i*each+j)))
		}
		r.accepted(body.String(), each)
	}
	r.close()

	var behind, over atomic.Int32
	db := testDB(t)
	r = openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db, Rows: 100, Behind: func(yes bool) {
		if yes {
			behind.Add(1)
			over.Store(0)
		} else {
			over.Add(1)
		}
	}}})
	r.settle()
	r.accepted(with("id", `"last"`), 1)
	r.settle()
	require.EqualValues(t, requests*each+1, rows(t, db, countFinal))
	require.Positive(t, behind.Load())
	require.Positive(t, over.Load(), "one event more is no backlog")
}
