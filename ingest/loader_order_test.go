package ingest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"
)

// orderConn notes the numbers of receipt of every insert of events that succeeds, in the order of the inserts.
type orderConn struct {
	flakyConn
	mu      sync.Mutex
	inserts [][]uint64
}

func (c *orderConn) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	batch, err := c.flakyConn.PrepareBatch(ctx, query, opts...)
	if err != nil || !strings.Contains(query, "INTO events") {
		return batch, err
	}
	_, list, _ := strings.Cut(query, "(")
	columns := strings.Split(strings.TrimSuffix(list, ")"), ", ")
	return &orderBatch{Batch: batch, conn: c, number: slices.Index(columns, "received")}, nil
}

type orderBatch struct {
	driver.Batch
	conn     *orderConn
	number   int // of the column
	received []uint64
}

func (b *orderBatch) Column(i int) driver.BatchColumn {
	column := b.Batch.Column(i)
	if i == b.number {
		return orderColumn{column, b}
	}
	return column
}

type orderColumn struct {
	driver.BatchColumn
	batch *orderBatch
}

func (c orderColumn) Append(values any) error {
	c.batch.received = append(c.batch.received, values.([]uint64)...)
	return c.BatchColumn.Append(values)
}

func (b *orderBatch) Send() error {
	err := b.Batch.Send()
	if err == nil {
		b.conn.mu.Lock()
		defer b.conn.mu.Unlock()
		b.conn.inserts = append(b.conn.inserts, b.received)
	}
	return err
}

// ClickHouse goes away and comes back, several times and once over a restart: what was received first is loaded first.
func TestWhatWaitedIsLoadedInOrderOfArrival(t *testing.T) {
	db := testDB(t)
	conn := &orderConn{flakyConn: flakyConn{Conn: db}}
	cfg := rigConfig{spool: SpoolConfig{Dir: t.TempDir()}, loader: LoaderConfig{DB: conn, Rows: 100}}
	r := openRig(t, cfg)
	sent := 0
	send := func(batches int) {
		for range batches {
			r.accepted(eventLines(sent, sent+20), 20)
			sent += 20
		}
	}
	fails := func() {
		tries := conn.tries.Load()
		require.Eventually(t, func() bool { return conn.tries.Load() > tries+1 }, time.Minute, time.Millisecond)
	}
	for round := range 3 {
		conn.away.Store(true)
		send(15)
		fails()
		send(15)
		if round == 1 {
			r.close()
			r = openRig(t, cfg)
			fails()
		}
		conn.away.Store(false)
		send(5)
		r.settle()
	}
	require.EqualValues(t, sent, rows(t, db, "SELECT count() FROM events"), "no insert happened twice")
	require.Greater(t, len(conn.inserts), 10, "it takes several inserts")
	var last uint64
	loaded := 0
	for _, received := range conn.inserts {
		for _, number := range received {
			require.Greater(t, number, last, "what came later was loaded earlier")
			last = number
			loaded++
		}
	}
	require.Equal(t, sent, loaded)
}
