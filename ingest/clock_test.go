package ingest

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAClockNeverGoesBack(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	now := time.Now()
	var highest uint64
	for round := range 4 {
		c, err := openClock(t.Context(), spool.clock, func() time.Time { return now }, false)
		require.NoError(t, err)
		for range 10 {
			base, err := c.take(t.Context(), 3)
			require.NoError(t, err)
			require.Greater(t, base, highest)
			highest = base + 2
		}
		require.LessOrEqual(t, highest, c.mark)
		if round%2 == 0 {
			require.NoError(t, c.close(t.Context())) // else: killed
		}
		now = now.Add(-time.Hour)
	}
}

func TestAnOrderlyEndTakesTheMarkBack(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	c, err := openClock(t.Context(), spool.clock, time.Now, false)
	require.NoError(t, err)
	base, err := c.take(t.Context(), 5)
	require.NoError(t, err)
	require.NoError(t, c.close(t.Context()))
	next, err := openClock(t.Context(), spool.clock, time.Now, false)
	require.NoError(t, err)
	require.Equal(t, base+4, next.last)
}

// Several processes move one mark at the same time, end and start again, with clocks that differ. None ever gives out
// a number at or below one that had been given out anywhere when it started, and none goes back.
func TestProcessesShareAMark(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	var mu sync.Mutex
	var highest uint64 // given out by anybody
	var group sync.WaitGroup
	for i := range 4 {
		off := time.Duration(i-2) * 3 * time.Second
		group.Go(func() {
			for round := range 3 {
				mu.Lock()
				before := highest
				mu.Unlock()
				c, err := openClock(t.Context(), spool.clock, func() time.Time { return time.Now().Add(off) }, true)
				if err != nil {
					t.Error(err)
					return
				}
				last := before
				for range 50 {
					base, err := c.take(t.Context(), 1+i)
					if err != nil || base <= last {
						t.Errorf("%d after %d: %v", base, last, err)
						return
					}
					last = base + uint64(i)
					c.mark = min(c.mark, last) // so that the next one moves the mark again
				}
				mu.Lock()
				highest = max(highest, last)
				mu.Unlock()
				if round%2 == 0 {
					if err := c.close(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	c, err := openClock(t.Context(), spool.clock, time.Now, true)
	require.NoError(t, err)
	require.GreaterOrEqual(t, c.last, highest)
}

// The mark of another process is not taken back by one that ends, and who starts lets its own clock pass a mark that
// lies a little ahead: running ahead it would win over what others receive later.
func TestAStartWaitsForTheMarkOfOthers(t *testing.T) {
	spool := openTestSpool(t, SpoolConfig{})
	one, err := openClock(t.Context(), spool.clock, time.Now, true)
	require.NoError(t, err)
	_, err = one.take(t.Context(), 1)
	require.NoError(t, err)
	two, err := openClock(t.Context(), spool.clock, time.Now, true)
	require.NoError(t, err)
	require.Equal(t, one.mark, two.last)
	require.GreaterOrEqual(t, uint64(time.Now().UnixNano()), one.mark)
	base, err := two.take(t.Context(), 1)
	require.NoError(t, err)
	require.Greater(t, base, one.mark)
	require.NoError(t, one.close(t.Context()))
	three, err := openClock(t.Context(), spool.clock, time.Now, false)
	require.NoError(t, err)
	require.GreaterOrEqual(t, three.last, base)
}
