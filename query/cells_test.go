package query

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// countingConn counts the statements that read rows.
type countingConn struct {
	driver.Conn
	queries atomic.Int64
}

func (c *countingConn) Query(ctx context.Context, sql string, args ...any) (driver.Rows, error) {
	c.queries.Add(1)
	return c.Conn.Query(ctx, sql, args...)
}

// askSizes reads the headcounts of days the way rows do, and says how many statements it took.
func askSizes(t *testing.T, s *store, days ...adoption.Day) (heads map[adoption.Day]uint64, statements int64) {
	t.Helper()
	now, err := s.state(t.Context())
	require.NoError(t, err)
	snap, err := s.snapshot(t.Context(), now)
	require.NoError(t, err)
	conn := &countingConn{Conn: s.DB}
	s.DB = conn
	defer func() { s.DB = conn.Conn }()
	sizes := map[dayTool][]uint64{}
	err = s.readSizes(t.Context(), snap.tree.around(0), days, []string{""}, sizes)
	require.NoError(t, err)
	heads = map[adoption.Day]uint64{}
	for key, people := range sizes {
		heads[key.day] = people[0]
	}
	return heads, conn.queries.Load()
}

func TestOnlyDaysThatARefreshHasWrittenAreReadAgain(t *testing.T) {
	s := newStore(t)
	first, second := day("2026-10-30"), day("2026-10-31")
	s.heads(first, "a", 10, "b", 5)
	s.heads(second, "a", 11)
	s.publish()

	heads, statements := askSizes(t, s, first, second)
	assert.Equal(t, map[adoption.Day]uint64{first: 15, second: 11}, heads)
	assert.EqualValues(t, 2, statements, "the sizes, and whether they are still the same")
	_, statements = askSizes(t, s, second, first)
	assert.Zero(t, statements, "nothing has changed")
	_, statements = askSizes(t, s, first, day("2026-10-01"))
	assert.Zero(t, statements, "a day that was never written has nothing to read")

	s.heads(second, "a", 12, "b", 1)
	s.publish()
	heads, statements = askSizes(t, s, first, second)
	assert.Equal(t, map[adoption.Day]uint64{first: 15, second: 13}, heads)
	assert.EqualValues(t, 2, statements, "the sizes, and whether they are still the same")
	missing := func() []adoption.Day {
		_, missing := lookUp[uint64](&s.cells, s.lists.last.edition, s.lists.last.tree.leaves(), sizesSQL, []adoption.Day{first, second}, []string{"", "wiki"})
		return missing.days
	}
	assert.Equal(t, []adoption.Day{first, second}, missing(), "a tool that nobody has asked for")

	s.heads(second, "a", 12, "c", 1) // another unit: the places of all others may be others
	s.publish()
	heads, _ = askSizes(t, s, first, second)
	assert.Equal(t, map[adoption.Day]uint64{first: 15, second: 13}, heads)
}

func TestCellsAreBounded(t *testing.T) {
	const days, perDay = 40, 1000
	units := make([]string, perDay)
	c := cells{most: days / 2 * perDay * 8} // half of the days, or a little less
	e := &edition{runs: map[string]map[adoption.Day]uint64{"kpi_size": {}}}
	for d := range adoption.Day(days) {
		e.runs["kpi_size"][d] = 1
		lookUp[uint64](&c, e, units, sizesSQL, []adoption.Day{d}, []string{""})
		remember(&c, e, units, sizesSQL, need{days: []adoption.Day{d}, tools: []string{""}}, map[dayTool][]uint64{{d, ""}: make([]uint64, perDay)})
		assert.LessOrEqual(t, c.held, c.most)
		// The first day is asked for all the time.
		found, _ := lookUp[uint64](&c, e, units, sizesSQL, []adoption.Day{0}, []string{""})
		assert.Len(t, found, 1)
	}
	_, missing := lookUp[uint64](&c, e, units, sizesSQL, []adoption.Day{0, 1, days - 1}, []string{""})
	assert.Equal(t, []adoption.Day{1}, missing.days, "what was not used for longest is gone")
}

func TestStatementsNameTheirTable(t *testing.T) {
	assert.Equal(t, "kpi_size", tableOf(sizesSQL))
	assert.Equal(t, "kpi_use", tableOf(useSQL))
	assert.Equal(t, "kpi_use", tableOf(actionsSQL))
	assert.Equal(t, "kpi_week", tableOf(weeksSQL))
	assert.Panics(t, func() { tableOf("SELECT 1") })
}

// Those who ask while one reading is under way share the next one, and none gets the one that began before.
func TestReadersShareOneReadingOfTheState(t *testing.T) {
	var r stateReader
	var first, second, third *stateReading
	var mine, again bool
	got, err := r.read(t.Context(), func(context.Context) (state, error) {
		second, mine = r.join()
		third, again = r.join()
		return state{run: 1}, nil
	})
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.run)
	assert.True(t, mine)
	assert.False(t, again)
	assert.Same(t, second, third)
	r.run(t.Context(), second, func(context.Context) (state, error) {
		first, mine = r.join()
		return state{run: 2}, nil
	})
	assert.EqualValues(t, 2, third.state.run)
	assert.True(t, mine)
	assert.NotSame(t, second, first)
}

func TestWhoWaitsForAReadingIsNotEndedWithItsReader(t *testing.T) {
	var r stateReader
	leaving, leave := context.WithCancel(context.Background())
	reading, mine := r.join()
	require.True(t, mine)
	done := make(chan error, 1)
	go func() {
		_, err := r.read(context.Background(), func(context.Context) (state, error) { return state{}, nil })
		done <- err
	}()
	leave()
	r.run(leaving, reading, func(ctx context.Context) (state, error) { return state{}, ctx.Err() })
	require.NoError(t, <-done)

	failure := errors.New("the store is away")
	_, err := r.read(context.Background(), func(context.Context) (state, error) { return state{}, failure })
	assert.ErrorIs(t, err, failure)
}
