package query

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse"
)

func TestAQuestionIsAskedAgainWhenARefreshComesBetween(t *testing.T) {
	s := newStore(t)
	d := day("2026-10-31")
	s.heads(d, "a", 10)
	s.publish()
	asked := 0
	err := s.consistently(context.Background(), func(*snapshot) error {
		asked++
		if asked == 1 {
			s.heads(d, "a", 11)
			s.publish()
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, 2, asked)
}

func TestFiguresThatNeverStandStillAreUnavailable(t *testing.T) {
	s := newStore(t)
	err := s.consistently(context.Background(), func(*snapshot) error {
		s.heads(day("2026-10-31"), "a", 10)
		s.publish()
		return nil
	})
	assert.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
}

func TestAQuestionEndsWithItsContext(t *testing.T) {
	s := newStore(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Overview(ctx, OverviewQuestion{})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestARefreshEndsWhatIsRemembered(t *testing.T) {
	s := salesCompany(t)
	first := s.ask("sales", "wiki", "2026-10-31", true)
	again := s.ask("sales", "wiki", "2026-10-31", true)
	assert.Equal(t, first, again)
	again[0].Headcount = 99 // a reader's copy is the reader's
	assert.Equal(t, first, s.ask("sales", "wiki", "2026-10-31", true))

	s.heads(day("2026-10-31"), "east", 21, "west", 12, "sales", 3, "legal", 8)
	s.publish()
	assert.Equal(t, uint64(36), s.ask("sales", "wiki", "2026-10-31", false)[0].Headcount)
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	var m memo
	for i := range 20 {
		m.put(string(rune('a'+i)), make([]AdoptionRow, memoRows/8))
		assert.LessOrEqual(t, m.held, memoRows)
	}
	m.put("huge", make([]AdoptionRow, memoRows))
	_, there := m.get("huge")
	assert.False(t, there)
}

// asking counts the questions to a store.
type asking struct {
	*clickhouse.DB
	asked atomic.Int64
}

func (a *asking) Query(ctx context.Context, sql string, args ...any) (driver.Rows, error) {
	a.asked.Add(1)
	return a.DB.Query(ctx, sql, args...)
}

// Inside the program nobody else writes: the state is read again when something was written, and only then.
func TestTheStateIsReadAgainWhenSomethingWasWritten(t *testing.T) {
	s := salesCompany(t)
	store := &asking{DB: s.DB.(*clickhouse.DB)}
	if !store.Embedded() {
		s.DB = store.DB // a server that others write to is asked each time
		_, quiet := s.writes()
		require.False(t, quiet)
		return
	}
	s.DB = store
	s.ask("sales", "wiki", "2026-10-31", true)
	before := store.asked.Load()
	s.ask("sales", "wiki", "2026-10-31", true)
	assert.Equal(t, before, store.asked.Load(), "from memory, without the store")
	s.exec("INSERT INTO units (unit, parent, name, version) VALUES ('south', 'sales', 'South', 99)")
	after, err := s.state(context.Background())
	require.NoError(t, err)
	assert.Equal(t, uint64(99), after.units)
	assert.Greater(t, store.asked.Load(), before)
}
