package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

const countFinal = "SELECT count() FROM events FINAL"

func TestWhatIsAcceptedIsLoaded(t *testing.T) {
	db := testDB(t)
	touched := &factLog{}
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db, Touch: touched, Zone: berlin}})
	r.accepted(`{"id":"a","time":"2026-11-05T23:30:00.250Z","tool":"wiki","actor":"p1@example.com","action":"meet","object":"o","object_type":"page","container":"c",
		"counterparts":["b","c"],"duration_s":60,"quantity":5}`, 1)
	r.accepted(`{"id":"b","time":"2026-11-10","tool":"chat","actor":"bob","action":"login"}`, 1)
	r.settle()

	p := NewPseudonymiser([]byte("secret"))
	type stored struct {
		UTCDay       time.Time `ch:"utc_day"`
		Source       string    `ch:"source"`
		ID           string    `ch:"id"`
		Time         time.Time `ch:"time"`
		DateOnly     bool      `ch:"date_only"`
		Tool         string    `ch:"tool"`
		Actor        string    `ch:"actor"`
		Action       string    `ch:"action"`
		Class        string    `ch:"class"`
		Object       string    `ch:"object"`
		ObjectType   string    `ch:"object_type"`
		Container    string    `ch:"container"`
		Counterparts []string  `ch:"counterparts"`
		Duration     uint32    `ch:"duration_s"`
		Quantity     uint64    `ch:"quantity"`
	}
	var got []stored
	require.NoError(t, db.Select(t.Context(), &got, `SELECT utc_day, source, id, time, date_only, tool, actor, action, class,
		object, object_type, container, counterparts, duration_s, quantity FROM events FINAL ORDER BY utc_day`))
	text := func(h adoption.Hash) string { return string(h[:]) }
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	require.Equal(t, []stored{
		{UTCDay: day(5), Source: "feed", ID: text(p.ID("feed", "a")), Time: day(5).Add(23*time.Hour + 30*time.Minute + 250*time.Millisecond), Tool: "wiki", Actor: text(p.Address("p1@example.com")),
			Action: "meet", Class: "meet", Object: p.Text("thing", "wiki\x00o"), ObjectType: "page", Container: p.Text("thing", "wiki\x00c"),
			Counterparts: []string{text(p.Address("b")), text(p.Address("c"))}, Duration: 60, Quantity: 5},
		{UTCDay: day(10), Source: "feed", ID: text(p.ID("feed", "b")), Time: day(10), DateOnly: true, Tool: "chat", Actor: text(p.Address("bob")),
			Action: "login", Class: "access", Counterparts: []string{}, Quantity: 1},
	}, got)

	// Berlin is ahead of UTC: a UTC day overlaps the day of its name and the next.
	want := map[adoption.Day]bool{}
	for _, d := range []int{5, 6, 10, 11} {
		want[adoption.DayOf(day(d), time.UTC)] = true
	}
	require.Equal(t, want, touched.days())
	require.False(t, r.loader.State().LastLoad.IsZero())
}

func TestTheSameEventCountsOnce(t *testing.T) {
	db, dir := testDB(t), t.TempDir()
	cfg := rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db}}
	r := openRig(t, cfg)
	r.accepted(strings.Repeat(event(1)+"\n", 10), 10)
	for range 3 {
		r.accepted("["+event(1)+","+event(2)+"]", 2)
	}
	r.settle()
	r.accepted(event(1), 1)
	r.settle()
	r.close()

	r = openRig(t, cfg)
	r.accepted(event(1), 1)
	r.accepted(event(1), 1)
	r.settle()
	require.EqualValues(t, 2, rows(t, db, countFinal))
	require.EqualValues(t, 2, rows(t, db, "SELECT sum(quantity) FROM events FINAL"))
}

func TestTheLastReceivedWins(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	total := func(n int) string { return with("quantity", fmt.Sprint(n)) }
	r.accepted(total(3)+"\n"+total(7), 2) // within a batch: the later one
	r.settle()
	require.EqualValues(t, 7, rows(t, db, "SELECT quantity FROM events FINAL"))
	r.accepted(total(5), 1)
	r.settle()
	require.EqualValues(t, 5, rows(t, db, "SELECT quantity FROM events FINAL"))
	r.accepted(strings.Replace(total(9), "2026-11-20", "2026-11-19", 1), 1) // another UTC day is another event
	r.settle()
	require.EqualValues(t, 14, rows(t, db, "SELECT sum(quantity) FROM events FINAL"))
}

// The machine's clock goes back an hour, also between two starts: later is still later.
func TestTheLastReceivedWinsThoughTheClockIsSetBack(t *testing.T) {
	db, dir := testDB(t), t.TempDir()
	now := time.Now()
	cfg := rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db}, now: func() time.Time { return now }}
	for i, back := range []time.Duration{0, time.Hour, 2 * time.Hour, 2 * time.Hour} {
		now = now.Add(-back)
		r := openRig(t, cfg)
		for j := range 3 {
			n := i*10 + j + 1
			r.accepted(with("quantity", fmt.Sprint(n)), 1)
			r.settle()
			require.EqualValues(t, n, rows(t, db, "SELECT quantity FROM events FINAL"))
			now = now.Add(-time.Minute)
		}
		r.close()
	}
}

func TestEventsOfManyYearsInOneBatch(t *testing.T) {
	db := testDB(t)
	rules := testRules()
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}, rules: rules})
	var b strings.Builder
	n := 0
	for _, year := range []int{1970, 1971, 1999, 2000, 2001, 2022, 2023, 2024, 2025} {
		for month := 1; month <= 12; month++ {
			fmt.Fprintf(&b, `{"id":"%d","time":"%d-%02d-01","tool":"wiki","actor":"a","action":"edit"}`+"\n", n, year, month)
			n++
		}
	}
	r.accepted(b.String(), n)
	r.settle()
	require.EqualValues(t, n, rows(t, db, countFinal))
}

// flakyConn fails inserts, before or after they happened, while it is told to.
type flakyConn struct {
	driver.Conn
	away  atomic.Bool // nothing reaches ClickHouse
	after atomic.Bool // everything reaches it, and the answer is lost
	tries atomic.Int64
}

var errAway = errors.New("connection refused")

func (c *flakyConn) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	if strings.Contains(query, "INTO events") {
		c.tries.Add(1)
		if c.away.Load() {
			return nil, errAway
		}
	}
	batch, err := c.Conn.PrepareBatch(ctx, query, opts...)
	return flakyBatch{batch, c}, err
}

type flakyBatch struct {
	driver.Batch
	conn *flakyConn
}

func (b flakyBatch) Send() error {
	err := b.Batch.Send()
	if b.conn.after.Load() {
		return errors.Join(err, errAway)
	}
	return err
}

func TestClickHouseAwayAndBack(t *testing.T) {
	db := testDB(t)
	flaky := &flakyConn{Conn: db}
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: flaky}})
	flaky.away.Store(true)
	for i := range 10 {
		r.accepted(eventLines(i*100, i*100+100), 100) // ingest goes on
	}
	require.Eventually(t, func() bool { return r.loader.State().Error != "" }, 10*time.Second, 10*time.Millisecond)
	state := r.loader.State()
	require.Contains(t, state.Error, "connection refused")
	require.False(t, state.Failing.IsZero())
	settled, err := r.spool.Settled(t.Context())
	require.NoError(t, err)
	require.False(t, settled)
	require.Zero(t, rows(t, db, countFinal))
	flaky.away.Store(false)
	r.settle()
	require.EqualValues(t, 1000, rows(t, db, countFinal))
	require.Empty(t, r.loader.State().Error)
	require.True(t, r.loader.State().Failing.IsZero())
}

func TestAnInsertOfUnknownOutcomeIsRepeatedWithTheSameToken(t *testing.T) {
	db := testDB(t)
	flaky := &flakyConn{Conn: db}
	flaky.after.Store(true)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: flaky}})
	r.accepted(eventLines(0, 100), 100)
	require.Eventually(t, func() bool { return flaky.tries.Load() >= 3 }, 20*time.Second, 10*time.Millisecond)
	flaky.after.Store(false)
	r.settle()
	require.EqualValues(t, 100, rows(t, db, "SELECT count() FROM events"), "the token keeps repeats out even before rows are merged")
}

// What the table accepts of a batch is not lost because the days could not be noted: nothing is acknowledged.
func TestNothingLeavesTheSpoolBeforeItsDaysAreNoted(t *testing.T) {
	db := testDB(t)
	touched := &factLog{fail: errAway}
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db, Touch: touched}})
	r.accepted(event(1), 1)
	require.Eventually(t, func() bool { return r.loader.State().Error != "" }, 10*time.Second, 10*time.Millisecond)
	settled, err := r.spool.Settled(t.Context())
	require.NoError(t, err)
	require.False(t, settled)
	touched.mu.Lock()
	touched.fail = nil
	touched.mu.Unlock()
	r.settle()
	require.NotEmpty(t, touched.days())
}

func TestFactDays(t *testing.T) {
	at := func(text string) adoption.Event {
		parsed, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return adoption.Event{Time: parsed}
	}
	day := func(text string) adoption.Day {
		d, err := adoption.ParseDay(text)
		require.NoError(t, err)
		return d
	}
	events := []adoption.Event{at("2026-11-05T01:00:00Z"), at("2026-11-05T23:00:00Z"), at("2026-11-06T12:00:00Z"), at("2026-11-20T12:00:00Z")}
	span := func(from, to string) refresh.Span {
		return refresh.Span{Kind: refresh.Facts, From: day(from), To: day(to)}
	}
	require.Equal(t, []refresh.Span{span("2026-11-05", "2026-11-06"), span("2026-11-20", "2026-11-20")}, factDays(events, time.UTC))
	west := time.FixedZone("west", -8*3600)
	require.Equal(t, []refresh.Span{span("2026-11-04", "2026-11-06"), span("2026-11-19", "2026-11-20")}, factDays(events, west))
	require.Equal(t, []refresh.Span{span("1970-01-01", "1970-01-01")}, factDays([]adoption.Event{at("1970-01-01T00:00:00Z")}, west))
}
