package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest/refresh"
	"uptake/migrations"
)

// directoryToday is the day on which the directory's tests play.
const directoryToday = "2026-06-15"

// touchLog remembers what was touched, and fails a touch that is not made under Exclusive.
type touchLog struct {
	exclusive sync.Mutex
	mu        sync.Mutex
	held      bool
	spans     []refresh.Span
	fail      error
}

func (l *touchLog) Touch(_ context.Context, spans ...refresh.Span) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		return errors.New("touched without holding Exclusive")
	}
	l.spans = append(l.spans, spans...)
	return l.fail
}

func (l *touchLog) Exclusive() func() {
	l.exclusive.Lock()
	l.mu.Lock()
	l.held = true
	l.mu.Unlock()
	return func() {
		l.mu.Lock()
		l.held = false
		l.mu.Unlock()
		l.exclusive.Unlock()
	}
}

// take is what was touched since the last time, as "FROM..TO", in order.
func (l *touchLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range l.spans {
		if s.Kind != refresh.KPI {
			panic("the directory changes no facts")
		}
		all = append(all, s.From.String()+".."+s.To.String())
	}
	l.spans = nil
	return all
}

// directoryRig is a Directory on a database of its own.
type directoryRig struct {
	*Directory
	t       testing.TB
	touched *touchLog
	db      driver.Conn
}

func newDirectoryRig(t testing.TB) *directoryRig {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	return newDirectoryOn(t, db)
}

func newDirectoryOn(t testing.TB, db driver.Conn) *directoryRig {
	log := &touchLog{}
	d := NewDirectory(db, log, NewPseudonymiser([]byte("a secret for tests")), time.UTC)
	now, err := time.Parse(time.DateOnly, directoryToday)
	require.NoError(t, err)
	d.now = func() time.Time { return now.Add(9 * time.Hour) }
	return &directoryRig{Directory: d, t: t, touched: log, db: db}
}

// load imports lines, the first of them the header, and returns what came of it.
func (r *directoryRig) load(kind string, lines ...string) Result {
	r.t.Helper()
	result, err := r.Import(r.t.Context(), kind, strings.NewReader(strings.Join(lines, "\n")), false)
	require.NoError(r.t, err)
	return result
}

// dump is what a query says, a line a row.
func (r *directoryRig) dump(query string) []string {
	r.t.Helper()
	rows, err := r.db.Query(r.t.Context(), `SELECT arrayStringConcat(arrayMap(x -> toString(x), [`+query)
	require.NoError(r.t, err)
	defer rows.Close()
	all := []string{}
	for rows.Next() {
		var text string
		require.NoError(r.t, rows.Scan(&text))
		all = append(all, text)
	}
	require.NoError(r.t, rows.Err())
	return all
}

// who is the number of the person that an address stands for, 0 for nobody.
func (r *directoryRig) who(address string) uint64 {
	r.t.Helper()
	found, err := r.identify(r.t.Context(), map[adoption.Hash]struct{}{r.pseudonyms.Address(address): {}})
	require.NoError(r.t, err)
	return uint64(found.known[r.pseudonyms.Address(address)])
}

// memberships is the view's answer for an address: "unit FROM..TO".
func (r *directoryRig) memberships(address string) []string {
	return r.dump(fmt.Sprintf(`unit, ' ', toString(first_day), '..', toString(last_day)]), '')
		FROM membership WHERE person = %d ORDER BY first_day`, r.who(address)))
}

// brokenConn fails the nth insert from now on, counted from 0: before its rows are sent, or after.
type brokenConn struct {
	driver.Conn
	left  int
	after bool
}

var errBroken = errors.New("the cable was pulled")

func (c *brokenConn) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	batch, err := c.Conn.PrepareBatch(ctx, query, opts...)
	return &brokenBatch{batch, c}, err
}

type brokenBatch struct {
	driver.Batch
	conn *brokenConn
}

func (b *brokenBatch) Send() error {
	b.conn.left--
	if b.conn.left >= 0 {
		return b.Batch.Send()
	}
	if b.conn.after {
		return errors.Join(b.Batch.Send(), errBroken)
	}
	return errBroken
}

// rejected writes rejections as "line field: reason".
func rejected(r Result) []string {
	all := []string{}
	for _, x := range r.Rejected {
		all = append(all, fmt.Sprintf("%d %s: %s", x.Line, x.Field, x.Reason))
	}
	return all
}
