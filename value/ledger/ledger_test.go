package ledger_test

import (
	"context"
	"encoding/json"
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
	"uptake/migrations"
	"uptake/value/ledger"
)

func TestMain(m *testing.M) { clickhousetest.Main(m) }

// noon is when the tests write.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) (*ledger.Ledger, driver.Conn) {
	t.Helper()
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	return ledger.New(db, func() time.Time { return noon }), db
}

func entry(id string, based uint64, author, body string) ledger.Entry {
	return ledger.Entry{Kind: ledger.Pilot, ID: id, Based: based, Author: author, Reason: "because", Body: json.RawMessage(body)}
}

func TestRevisions(t *testing.T) {
	l, _ := open(t)
	const id = `a "pilot"\ of O'Hara\nüber` // comes back as it went in
	first, err := l.Append(t.Context(), entry(id, 0, "Ada", `{ "x" : 1 }`))
	require.NoError(t, err)
	require.Equal(t, ledger.Record{Kind: ledger.Pilot, ID: id, Revision: 1, At: noon, Author: "Ada", Reason: "because", Body: json.RawMessage(`{"x":1}`)}, first)
	second, err := l.Append(t.Context(), entry(id, 1, "Bob", `{"x":2}`))
	require.NoError(t, err)
	_, err = l.Append(t.Context(), entry("b", 0, "Bob", `{}`))
	require.NoError(t, err)
	_, err = l.Append(t.Context(), ledger.Entry{Kind: ledger.Stage, ID: id, Author: "Bob", Body: json.RawMessage(`{}`)})
	require.NoError(t, err, "another kind has ids of its own")

	latest, err := l.Latest(t.Context(), ledger.Pilot, id)
	require.NoError(t, err)
	require.Equal(t, second, latest)
	old, err := l.At(t.Context(), ledger.Pilot, id, 1)
	require.NoError(t, err)
	require.Equal(t, first, old, "what was published stays as it was")

	history, err := l.History(t.Context(), ledger.Pilot, id)
	require.NoError(t, err)
	first.Body, latest.Body = nil, nil
	require.Equal(t, []ledger.Record{latest, first}, history)
	list, err := l.List(t.Context(), ledger.Pilot)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, second, list[0])
	require.Equal(t, "b", list[1].ID)

	_, err = l.Latest(t.Context(), ledger.Pilot, "none")
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
	_, err = l.At(t.Context(), ledger.Pilot, id, 3)
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

// Ten people publish on the same revision at once: one wins, and the others are told who it was and when.
func TestAtOnce(t *testing.T) {
	l, _ := open(t)
	_, err := l.Append(t.Context(), entry("p", 0, "Ada", `{}`))
	require.NoError(t, err)
	errs := make([]error, 10)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, errs[i] = l.Append(t.Context(), entry("p", 1, fmt.Sprint("author ", i), fmt.Sprintf(`{"i":%d}`, i)))
		})
	}
	all.Wait()
	won := -1
	for i, err := range errs {
		if err == nil {
			require.Negative(t, won, "only one wins")
			won = i
		}
	}
	require.GreaterOrEqual(t, won, 0, "one wins")
	for i, err := range errs {
		if i == won {
			continue
		}
		require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
		require.ErrorContains(t, err, fmt.Sprintf("author %d wrote revision 2 on 2026-11-02 at 12:00:00 UTC", won))
		var overtaken *ledger.Overtaken
		require.ErrorAs(t, err, &overtaken)
		require.Equal(t, uint64(1), overtaken.Based)
		require.Equal(t, uint64(2), overtaken.Newest.Revision)
	}
	latest, err := l.Latest(t.Context(), ledger.Pilot, "p")
	require.NoError(t, err)
	require.JSONEq(t, fmt.Sprintf(`{"i":%d}`, won), string(latest.Body))
	history, err := l.History(t.Context(), ledger.Pilot, "p")
	require.NoError(t, err)
	require.Len(t, history, 2, "those who lost left nothing")
}

func TestRefusals(t *testing.T) {
	l, db := open(t)
	good := entry("p", 0, "Ada", `{}`)
	for _, c := range []struct {
		change func(*ledger.Entry)
		code   adoption.Code
		field  string
	}{
		{func(e *ledger.Entry) { e.Kind = "gossip" }, adoption.InvalidParameter, "kind"},
		{func(e *ledger.Entry) { e.ID = "" }, adoption.InvalidParameter, "id"},
		{func(e *ledger.Entry) { e.ID = strings.Repeat("x", ledger.MaxID+1) }, adoption.InvalidParameter, "id"},
		{func(e *ledger.Entry) { e.ID = "a\nb" }, adoption.InvalidParameter, "id"},
		{func(e *ledger.Entry) { e.Author = "" }, adoption.InvalidParameter, "author"},
		{func(e *ledger.Entry) { e.Author = "Ada " }, adoption.InvalidParameter, "author"},
		{func(e *ledger.Entry) { e.Reason = "\xff" }, adoption.InvalidParameter, "reason"},
		{func(e *ledger.Entry) { e.Reason = strings.Repeat("x", ledger.MaxReason+1) }, adoption.InvalidParameter, "reason"},
		{func(e *ledger.Entry) { e.Body = nil }, adoption.InvalidParameter, "body"},
		{func(e *ledger.Entry) { e.Body = json.RawMessage(`[1]`) }, adoption.InvalidParameter, "body"},
		{func(e *ledger.Entry) { e.Body = json.RawMessage(`{"a":`) }, adoption.InvalidParameter, "body"},
		{func(e *ledger.Entry) { e.Body = make([]byte, ledger.MaxBody+1) }, adoption.TooLarge, "body"},
		{func(e *ledger.Entry) { e.Based = 1 }, adoption.InvalidParameter, "based"},
	} {
		e := good
		c.change(&e)
		_, err := l.Append(t.Context(), e)
		require.Equal(t, c.code, adoption.CodeOf(err), "%+v", c.field)
		require.Equal(t, c.field, adoption.Public(err).Field)
	}
	var n uint64
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count() FROM ledger").Scan(&n))
	require.Zero(t, n, "nothing is half-saved")

	_, err := l.Append(t.Context(), good)
	require.NoError(t, err)
	_, err = l.Append(t.Context(), good)
	require.Equal(t, adoption.Conflict, adoption.CodeOf(err))
	require.ErrorContains(t, err, "There is one with this id already: Ada wrote revision 1")
	good.Based = 5
	_, err = l.Append(t.Context(), good)
	require.ErrorContains(t, err, "There is no revision 5. The newest is 1.")
}

func TestRoomIsBounded(t *testing.T) {
	l, db := open(t)
	require.NoError(t, db.Exec(t.Context(), `INSERT INTO ledger SELECT 'pilot', toString(number), 1, now64(3), 'Ada', '', '{}' FROM numbers(2000)`))
	_, err := l.Append(t.Context(), entry("new", 0, "Ada", `{}`))
	require.Equal(t, adoption.Unprocessable, adoption.CodeOf(err))
	_, err = l.Append(t.Context(), entry("7", 1, "Ada", `{}`))
	require.NoError(t, err, "those that are there can be changed")
}

// The clock goes back between two revisions: their order is kept.
func TestClockSetBack(t *testing.T) {
	_, db := open(t)
	at := noon
	l := ledger.New(db, func() time.Time { return at })
	_, err := l.Append(t.Context(), entry("p", 0, "Ada", `{}`))
	require.NoError(t, err)
	at = noon.Add(-time.Hour)
	second, err := l.Append(t.Context(), entry("p", 1, "Ada", `{}`))
	require.NoError(t, err)
	require.Equal(t, noon, second.At)
}

// lossy is a line to the engine that loses what comes back of an insert, or the insert itself.
type lossy struct {
	driver.Conn
	arrives bool
}

func (c lossy) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	batch, err := c.Conn.PrepareBatch(ctx, query, opts...)
	return lossyBatch{batch, c.arrives}, err
}

type lossyBatch struct {
	driver.Batch
	arrives bool
}

func (b lossyBatch) Send() error {
	if b.arrives {
		if err := b.Batch.Send(); err != nil {
			return err
		}
	}
	return errors.New("the line broke")
}

func TestAnswerIsLost(t *testing.T) {
	safe, db := open(t)
	_, err := ledger.New(lossy{db, true}, nil).Append(t.Context(), entry("p", 0, "Ada", `{}`))
	require.NoError(t, err, "it stands in the ledger, so it was saved")
	_, err = safe.Latest(t.Context(), ledger.Pilot, "p")
	require.NoError(t, err)

	_, err = ledger.New(lossy{db, false}, nil).Append(t.Context(), entry("q", 0, "Ada", `{}`))
	require.ErrorContains(t, err, "the line broke")
	_, err = safe.Latest(t.Context(), ledger.Pilot, "q")
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err))
}

// counting is a store that counts its questions, and what was written to it.
type counting struct {
	driver.Conn
	asked  int
	writes uint64
}

func (c *counting) Query(ctx context.Context, query string, args ...any) (driver.Rows, error) {
	c.asked++
	return c.Conn.Query(ctx, query, args...)
}

func (c *counting) PrepareBatch(ctx context.Context, query string, opts ...driver.PrepareBatchOption) (driver.Batch, error) {
	c.writes++
	return c.Conn.PrepareBatch(ctx, query, opts...)
}

func (c *counting) Writes() (uint64, bool) { return c.writes, true }

// The store is asked once for what nobody has written since.
func TestWhatNobodyHasWrittenIsNotAskedAgain(t *testing.T) {
	db := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(t.Context(), db))
	store := &counting{Conn: db}
	l := ledger.New(store, nil)
	enter := func(based uint64) {
		t.Helper()
		_, err := l.Append(t.Context(), ledger.Entry{Kind: ledger.Target, ID: "one", Based: based, Author: "Ada", Reason: "agreed", Body: []byte(`{}`)})
		require.NoError(t, err)
	}
	list := func() []ledger.Record {
		t.Helper()
		all, err := l.List(t.Context(), ledger.Target)
		require.NoError(t, err)
		return all
	}
	enter(0)
	first := list()
	require.Len(t, first, 1)
	asked := store.asked
	second := list()
	require.Equal(t, first, second)
	require.Equal(t, asked, store.asked)
	second[0].Author = "somebody"
	require.Equal(t, "Ada", list()[0].Author, "what is remembered is nobody's to change")
	enter(1)
	require.EqualValues(t, 2, list()[0].Revision)
	require.Greater(t, store.asked, asked)
}
