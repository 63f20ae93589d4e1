package query

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"uptake/adoption"
)

var (
	//go:embed state.sql
	stateSQL string
	//go:embed list_placed.sql
	placedSQL string
	//go:embed list_feeds.sql
	feedsSQL string
	//go:embed list_source_days.sql
	sourceDaysSQL string
)

// lists keeps the last snapshot: its parts change rarely, and every question needs them.
type lists struct {
	mu        sync.Mutex
	last      *snapshot
	confirmed time.Time // when last was last found to be the state of the figures
	states    stateReader
	state     unwritten[struct{}, state]
}

// state tells snapshots apart: the number of the last refresh, the last changes of units and tools, the day.
type state struct {
	run, units, tools uint64
	today             adoption.Day
}

// snapshot is what is known of the company besides its figures.
type snapshot struct {
	state   state
	edition *edition
	tree    *tree
	days    map[adoption.Day]bool              // days that figures exist for
	tools   []toolInfo                         // by id
	feeds   []feed                             // by source, then tool
	brought map[string]map[adoption.Day]uint64 // events by source and day
	gaps    map[string]gapDays                 // by source
	memo    memo
	spreads memoOf[spreadRow]
	worked  memoOf[ActionsRow]
	begins  memoOf[FirstUseRow]
	byReads byReads
	watched watchedMemo
	valued  valueMemo
	targets targetMemo
}

// toolInfo is a tool that a question may be about.
type toolInfo struct {
	adoption.Tool
	listed   bool // somebody has described it in tools.csv
	licensed bool // a licence row exists: enabled people are counted apart
	counted  bool // it has an event or a licence row: part of "all"
}

// feed is what one source has brought of one tool.
type feed struct {
	source, tool           string
	firstDay, lastDay      adoption.Day
	lastTime, lastReceived time.Time
}

// attempts is how often a question is asked again because a refresh changed the figures under it.
const attempts = 5

// lately is how long a snapshot that was found current is tried before asking whether it still is.
const lately = 250 * time.Millisecond

// consistently runs ask against one state of the figures: where a refresh came between the first read and the last,
// populations and figures might not belong together, and what is hidden by one could be told from the other.
//
// Reading the state costs as much as answering from memory. States only ever grow, so what was the state a moment ago and
// is it after ask has been it all the time: then one reading does.
func (c *Company) consistently(ctx context.Context, ask func(*snapshot) error) error {
	if snap := c.lists.current(); snap != nil {
		if same, err := c.consistent(ctx, snap, ask); same {
			return err
		}
	}
	for range attempts {
		before, err := c.state(ctx)
		if err != nil {
			return err
		}
		snap, err := c.snapshot(ctx, before)
		if err != nil {
			return err
		}
		if same, err := c.consistent(ctx, snap, ask); same {
			return err
		}
	}
	return &adoption.Error{Code: adoption.Unavailable, Message: "The figures are being recomputed. Nothing is lost; ask again in a few seconds."}
}

// consistent runs ask, and tells whether the figures are still those of the snapshot. Where that cannot be found out, the
// error says so.
func (c *Company) consistent(ctx context.Context, snap *snapshot, ask func(*snapshot) error) (same bool, err error) {
	failed := ask(snap)
	after, err := c.state(ctx)
	if err != nil {
		return true, err
	}
	if after != snap.state {
		return false, nil
	}
	c.lists.confirm(snap)
	return true, failed
}

// current is the last snapshot, if it was the state of the figures a moment ago.
func (l *lists) current() *snapshot {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil || time.Since(l.confirmed) > lately {
		return nil
	}
	return l.last
}

// confirm notes that a snapshot is current.
func (l *lists) confirm(snap *snapshot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == snap {
		l.confirmed = time.Now()
	}
}

// state is what the figures and lists were last written under.
func (c *Company) state(ctx context.Context) (state, error) {
	s, err := c.lists.state.get(c, struct{}{}, func() (state, error) { return c.lists.states.read(ctx, c.readState) })
	if err != nil {
		return s, fmt.Errorf("read the state of the figures: %w", err)
	}
	s.today = c.Today()
	return s, nil
}

func (c *Company) readState(ctx context.Context) (state, error) {
	var s state
	versions := []*uint64{&s.run, &s.units, &s.tools}
	var what uint8
	var version uint64
	err := c.each(ctx, stateSQL, nil, func(scan scanner) error {
		err := scan(&what, &version)
		*versions[what] = version
		return err
	})
	return s, err
}

// snapshot is the lists as of s. Those who ask at the same moment wait for one reading.
func (c *Company) snapshot(ctx context.Context, s state) (*snapshot, error) {
	c.lists.mu.Lock()
	defer c.lists.mu.Unlock()
	if c.lists.last != nil && c.lists.last.state == s {
		return c.lists.last, nil
	}
	snap, err := c.readSnapshot(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("read units, tools and days: %w", err)
	}
	c.lists.last, c.lists.confirmed = snap, time.Time{}
	return snap, nil
}

func (c *Company) readSnapshot(ctx context.Context, s state) (*snapshot, error) {
	snap := &snapshot{state: s, days: map[adoption.Day]bool{}}
	together, ctx := errgroup.WithContext(ctx) // each fills fields of its own
	together.Go(func() error { return c.readDays(ctx, snap) })
	together.Go(func() error { return c.readTree(ctx, snap) })
	together.Go(func() error {
		if err := c.readFeeds(ctx, snap); err != nil {
			return err
		}
		return c.readTools(ctx, snap)
	})
	if err := together.Wait(); err != nil {
		return nil, err
	}
	snap.tree.edition = snap.edition
	return snap, nil
}

// readDays reads which days have figures, and the runs that wrote them.
func (c *Company) readDays(ctx context.Context, snap *snapshot) error {
	runs := map[string]map[adoption.Day]uint64{}
	var about string
	var at time.Time
	var run uint64
	row := []any{&about, &at, &run}
	err := c.each(ctx, "SELECT toString(about), day, max(run) FROM refreshed GROUP BY about, day", nil, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		if runs[about] == nil {
			runs[about] = map[adoption.Day]uint64{}
		}
		runs[about][dayOf(at)] = run
		return nil
	})
	for day := range runs["kpi_size"] {
		snap.days[day] = true
	}
	snap.edition = &edition{state: snap.state, runs: runs}
	return err
}

func (c *Company) readTree(ctx context.Context, snap *snapshot) error {
	var units []adoption.Unit
	err := c.each(ctx, "SELECT unit, parent, name, legacy_entity FROM units FINAL", nil, func(scan scanner) error {
		var u adoption.Unit
		err := scan(&u.ID, &u.Parent, &u.Name, &u.LegacyEntity)
		units = append(units, u)
		return err
	})
	if err != nil {
		return err
	}
	var placed []string
	err = c.each(ctx, placedSQL, nil, func(scan scanner) error {
		var id string
		err := scan(&id)
		placed = append(placed, id)
		return err
	})
	snap.tree = newTree(units, placed)
	return err
}

func (c *Company) readFeeds(ctx context.Context, snap *snapshot) error {
	err := c.each(ctx, feedsSQL, nil, func(scan scanner) error {
		var f feed
		var first, last time.Time
		if err := scan(&f.source, &f.tool, &first, &last, &f.lastTime, &f.lastReceived); err != nil {
			return err
		}
		f.firstDay, f.lastDay = dayOf(first), dayOf(last)
		snap.feeds = append(snap.feeds, f)
		return nil
	})
	if err != nil {
		return err
	}
	snap.brought, snap.gaps = map[string]map[adoption.Day]uint64{}, map[string]gapDays{}
	err = c.each(ctx, sourceDaysSQL, nil, func(scan scanner) error {
		var source string
		var at time.Time
		var events uint64
		if err := scan(&source, &at, &events); err != nil {
			return err
		}
		if snap.brought[source] == nil {
			snap.brought[source] = map[adoption.Day]uint64{}
		}
		snap.brought[source][dayOf(at)] = events
		return nil
	})
	for source, days := range snap.brought {
		snap.gaps[source] = findGaps(days, snap.state.today)
	}
	return err
}

// broughtIn is how many events each source has brought on which of the days from first to last.
func (s *snapshot) broughtIn(first, last adoption.Day) map[string]map[adoption.Day]uint64 {
	in := map[string]map[adoption.Day]uint64{}
	for source, days := range s.brought {
		for day := first; day <= last; day++ {
			if events, there := days[day]; there {
				if in[source] == nil {
					in[source] = map[adoption.Day]uint64{}
				}
				in[source][day] = events
			}
		}
	}
	return in
}

func (c *Company) readTools(ctx context.Context, snap *snapshot) error {
	known := map[string]*toolInfo{}
	tool := func(id string) *toolInfo {
		if known[id] == nil {
			known[id] = &toolInfo{Tool: adoption.Tool{ID: id, Name: id}}
		}
		return known[id]
	}
	err := c.each(ctx, "SELECT tool, name, category, vendor, seats, if(price > 0, toString(price), ''), currency FROM tools FINAL", nil, func(scan scanner) error {
		var t adoption.Tool
		if err := scan(&t.ID, &t.Name, &t.Category, &t.Vendor, &t.Seats, &t.Price, &t.Currency); err != nil {
			return err
		}
		if t.Name == "" {
			t.Name = t.ID
		}
		tool(t.ID).Tool, tool(t.ID).listed = t, true
		return nil
	})
	if err != nil {
		return err
	}
	err = c.each(ctx, "SELECT DISTINCT tool FROM licences", nil, func(scan scanner) error {
		var id string
		err := scan(&id)
		tool(id).licensed, tool(id).counted = true, true
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range snap.feeds {
		tool(f.tool).counted = true
	}
	for _, t := range known {
		snap.tools = append(snap.tools, *t)
	}
	slices.SortFunc(snap.tools, func(a, b toolInfo) int { return compareText(a.ID, b.ID) })
	return nil
}
