package refresh_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

var errCrash = errors.New("the power went out")

// statements says which statement is the next to fail: 1 is each of them, which takes a quarter of an hour, as in
// go test ./ingest/refresh -run Crash -statements 1 -timeout 1h.
var statements = flag.Int("statements", 14, "every how manieth statement fails")

// How a statement fails.
const (
	before   = iota // it has not run
	after           // it has run, but nobody hears of it
	canceled        // the context ends
	ways
)

// failing is the real store, on which one statement fails.
type failing struct {
	driver.Conn
	in     int // so many statements from now
	way    int
	cancel context.CancelFunc
}

// fails runs a statement, or not.
func (f *failing) fails(writes bool, statement func() error) error {
	if f.way == after && !writes {
		return statement() // that would be the same as before it
	}
	f.in--
	if f.in != 0 {
		return statement()
	}
	switch f.way {
	case after:
		_ = statement()
	case canceled:
		f.cancel()
		return statement()
	}
	return errCrash
}

func (f *failing) Exec(ctx context.Context, sql string, args ...any) error {
	return f.fails(true, func() error { return f.Conn.Exec(ctx, sql, args...) })
}

func (f *failing) Query(ctx context.Context, sql string, args ...any) (rows driver.Rows, err error) {
	err = f.fails(false, func() (err error) {
		rows, err = f.Conn.Query(ctx, sql, args...)
		return err
	})
	if err != nil && rows != nil {
		_ = rows.Close()
		rows = nil
	}
	return rows, err
}

func (f *failing) PrepareBatch(ctx context.Context, sql string, options ...driver.PrepareBatchOption) (driver.Batch, error) {
	batch, err := f.Conn.PrepareBatch(ctx, sql, options...)
	return &failingBatch{batch, f}, err
}

type failingBatch struct {
	driver.Batch
	f *failing
}

func (b *failingBatch) Send() error { return b.f.fails(true, b.Batch.Send) }

// Whichever statement of a refresh fails, in whichever way: readers see the figures of before or those of after, and
// in the end, in the same process or the next, all is as if nothing had happened.
func TestCrash(t *testing.T) {
	c := open(t, "Europe/Berlin", "2026-04-06")
	store := &failing{Conn: c.db}
	c.restart(store)
	r := &chance{Rand: rand.New(rand.NewPCG(11, 13)), c: c, persons: 5, tools: []string{"wiki", "chat"}, back: 40}
	for p := range r.persons {
		c.enrol(adoption.Person(p + 1))
	}
	for range 5 {
		r.arrive()
	}
	c.mustEqual()
	shown := readFigures(t, c.db)
	for way := range ways {
		for at, reached := 1+way, true; reached; at += *statements * []int{1, 1, 3}[way] {
			require.NoError(t, c.refresher.Touch(t.Context(), c.receive(r.event(), r.correction())...))
			if at%2 == 0 {
				c.restart(store)
			}
			ctx, cancel := context.WithCancel(t.Context())
			store.in, store.way, store.cancel = at, way, cancel
			err := c.refresher.Refresh(ctx)
			cancel()
			reached = store.in <= 0
			store.in = 0
			require.True(t, reached || err == nil)

			name := fmt.Sprintf("way %d, statement %d", way, at)
			got, complete := readSteady(t, c.db), c.expected()
			shown.first, complete.first = got.first, got.first // no reader's figure, and brought up to date before the others
			if difference(shown, got) != "" {
				require.Empty(t, difference(complete, got), "%s: half of a refresh is seen", name)
			}
			if settled, _ := c.refresher.Settled(t.Context()); settled {
				require.Empty(t, difference(complete, got), "%s: settled before the figures are there", name)
			}
			if r.IntN(2) == 0 {
				c.restart(store)
			}
			if r.IntN(3) == 0 { // what failed meets something else the next time
				r.arrive()
			}
			shown = c.read()
		}
	}
}

// readSteady reads the figures when nothing moves any more: a statement whose context has ended may still take effect,
// between the reading of one table and the next. (Real readers compare what refreshed says before and after.)
func readSteady(t *testing.T, db driver.Conn) *figures {
	t.Helper()
	for f := readFigures(t, db); ; {
		again := readFigures(t, db)
		if difference(f, again) == "" {
			return f
		}
		f = again
	}
}

// What one refresh leaves to the next is not lost when the process ends between them, and the newest days come first.
func TestLeft(t *testing.T) {
	c := open(t, "UTC", "2026-04-30")
	store := &failing{Conn: c.db}
	c.restart(store)
	c.place("sales", "2026-01-01", 1, 2)
	c.post(event(c, 1, "wiki", "post", "2026-02-20T10:00:00Z"))
	c.mustEqual()
	c.place("legal", "2026-02-01", 2) // 89 days
	c.post(event(c, 2, "wiki", "post", "2026-02-20T10:00:00Z"))
	c.refresher.SetMost(20)
	store.in = 34
	require.Error(t, c.refresher.Refresh(t.Context()))
	got, complete := readFigures(t, c.db), c.expected()
	last, first := cell{c.today, "legal", ""}, cell{day(t, "2026-02-01"), "legal", ""}
	require.Equal(t, complete.size[last], got.size[last])
	require.NotEqual(t, complete.size[first], got.size[first])
	settled, err := c.refresher.Settled(t.Context())
	require.NoError(t, err)
	require.False(t, settled)
	c.restart(c.db)
	c.mustEqual()
}

// A touch whose outcome is unknown is repeated by the caller, and neither lost nor in the way.
func TestTouchFails(t *testing.T) {
	for way := range ways {
		c := open(t, "UTC", "2026-04-06")
		store := &failing{Conn: c.db}
		c.restart(store)
		c.mustEqual()
		spans := c.receive(event(c, 1, "wiki", "post", "2026-04-03T10:00:00Z"))
		ctx, cancel := context.WithCancel(t.Context())
		store.in, store.way, store.cancel = 1, way, cancel
		require.Error(t, c.refresher.Touch(ctx, spans...))
		cancel()
		settled, err := c.refresher.Settled(t.Context())
		require.NoError(t, err)
		require.False(t, settled, "the row may be in the queue or not")
		require.NoError(t, c.refresher.Touch(t.Context(), spans...))
		c.mustEqual()
	}
}
