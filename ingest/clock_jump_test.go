package ingest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// wallClock is the machine's clock as somebody else sets it.
type wallClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *wallClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond) // it goes on between two looks
	return c.at
}

func (c *wallClock) jump(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(by)
}

// actions is how many actions the figures of a day show for the wiki, 0 where there are none yet.
func actions(t *testing.T, db driver.Conn, day adoption.Day) uint64 {
	return rows(t, db, fmt.Sprintf(`SELECT sum(contribute) FROM person_day WHERE tool = 'wiki' AND day = '%[1]s'
		AND run = (SELECT max(run) FROM refreshed WHERE about = 'person_day' AND day = '%[1]s')`, day))
}

// The machine's clock jumps by an hour in both directions, over midnight and back, while the process runs and between
// two starts, orderly ones and crashes. Of two events with one identity the one that came later wins, events of now are
// taken, and the figures know which day is running.
func TestTheClockJumpsByAnHour(t *testing.T) {
	db, dir := testDB(t), t.TempDir()
	clock := &wallClock{at: time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC)}
	refresher := refresh.New(refresh.Config{DB: db, Zone: time.UTC, Now: clock.now})
	cfg := rigConfig{spool: SpoolConfig{Dir: dir}, loader: LoaderConfig{DB: db, Touch: refresher}, now: clock.now,
		rules: Rules{Zone: time.UTC, Now: clock.now}}
	const hour = time.Hour
	n := 0
	for i, jumps := range [][]time.Duration{{0, hour, -hour}, {-hour, hour}, {hour, hour, -hour}, {-2 * hour, 3 * hour, -hour}} {
		r := openRig(t, cfg)
		for _, by := range jumps {
			clock.jump(by)
			n++
			total := fmt.Sprintf(`{"id":"total","time":"2026-11-10T08:00:00Z","tool":"wiki","actor":"a","action":"edit","quantity":%d}`, n)
			r.accepted(total, 1)
			today := adoption.DayOf(clock.now(), time.UTC)
			before := actions(t, db, today)
			r.accepted(strings.Replace(strings.Replace(total, `"total"`, fmt.Sprintf(`"now %d"`, n), 1),
				"2026-11-10T08:00:00Z", clock.now().Format(time.RFC3339), 1), 1)
			r.settle()
			require.NoError(t, refresher.Refresh(t.Context()))
			require.EqualValues(t, n, rows(t, db, "SELECT quantity FROM events FINAL WHERE utc_day = '2026-11-10'"), "later is later, whatever the clock says")
			require.EqualValues(t, n, actions(t, db, dayNamed(t, "2026-11-10")))
			require.Equal(t, before+uint64(n), actions(t, db, today), "what happens now is in the figures of the running day")
			require.Positive(t, rows(t, db, fmt.Sprintf("SELECT count() FROM refreshed WHERE about = 'kpi_use' AND day = '%s'", today)), "and it has figures")
		}
		if i%2 == 0 { // a crash: the clock's mark stays where it was, ahead
			r.closed = true
			r.server.Close()
			r.loader.Close()
			require.NoError(t, r.rejects.Close(t.Context()))
			require.NoError(t, r.tokens.Close())
			r.spool.Close()
			require.Error(t, r.batcher.Close(t.Context()), "its mark can no longer be taken back")
		} else {
			r.close()
		}
	}
}

func dayNamed(t *testing.T, text string) adoption.Day {
	t.Helper()
	d, err := adoption.ParseDay(text)
	require.NoError(t, err)
	return d
}
