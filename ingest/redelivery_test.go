package ingest

import (
	"context"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// slowConn holds the first insert of events back, before it happens, until it is told or the insert's context ends.
type slowConn struct {
	driver.Conn
	held chan struct{} // gets one when the insert has come
	let  chan struct{} // closed: it goes on
}

func holding(db driver.Conn) *slowConn {
	return &slowConn{Conn: db, held: make(chan struct{}, 1), let: make(chan struct{})}
}

func (c *slowConn) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	select {
	case c.held <- struct{}{}:
	default: // the first is known of
	}
	select {
	case <-c.let:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return c.Conn.PrepareBatch(ctx, query, opts...)
}

// A message that the spool takes for forgotten while its insert is under way comes again, and counts once.
func TestWhatComesAgainWhileItIsLoadedCountsOnce(t *testing.T) {
	db := testDB(t)
	slow := holding(db)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: slow}})
	consumer := r.loader.consumer.CachedInfo().Config
	consumer.AckWait = 200 * time.Millisecond // the loader renews every 20 s
	_, err := r.spool.events.UpdateConsumer(t.Context(), consumer)
	require.NoError(t, err)
	r.accepted(eventLines(0, 100), 100)
	<-slow.held
	require.Eventually(t, func() bool {
		info, err := r.spool.events.Consumer(t.Context(), loaderConsumer)
		require.NoError(t, err)
		return info.CachedInfo().NumRedelivered > 0
	}, time.Minute, 20*time.Millisecond, "the message was given out a second time")
	close(slow.let)
	r.settle()
	r.accepted(event(100), 1) // and loading goes on
	r.settle()
	require.EqualValues(t, 101, rows(t, db, countFinal))
	require.EqualValues(t, 101, rows(t, db, "SELECT sum(quantity) FROM events FINAL"))
}

// A database that takes an insert and never ends it holds no stop up: after its time the loader gives up, and what it was
// loading is loaded after the next start, once.
func TestAHangingInsertDoesNotHoldTheStopUp(t *testing.T) {
	db, dir := testDB(t), t.TempDir()
	slow := holding(db)
	r := openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: slow, Closing: 100 * time.Millisecond}})
	r.accepted(eventLines(0, 100), 100)
	<-slow.held
	ended := make(chan struct{})
	go func() { defer close(ended); r.loader.Close() }()
	select {
	case <-ended: // though nobody let the insert go on
	case <-time.After(time.Minute):
		close(slow.let)
		<-ended
		require.Fail(t, "the loader waited for an insert without end")
	}
	settled, err := r.spool.Settled(t.Context())
	require.NoError(t, err)
	require.False(t, settled, "what is not loaded stays")
	r.close()

	r = openRig(t, rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db}})
	r.settle()
	require.EqualValues(t, 100, rows(t, db, countFinal))
}
