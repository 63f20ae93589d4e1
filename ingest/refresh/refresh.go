// Package refresh keeps the figures true to what has arrived. An arrival touches days: days whose events changed
// (facts) or whose directory did (KPI). A refresh recomputes those days and what follows from them, as METRICS.md
// ("What an arrival changes") lists it, and nothing else:
//
//	events ─► person_day, source_day, unknown_day, pair_day, first_active ─► kpi_size, kpi_use, kpi_pair, kpi_work, kpi_week, kpi_begin
//
// Nothing is changed in place. A refresh writes whole days under a new run number and then names them all in one
// insert into the table refreshed, so that readers see every figure of it change at the same moment, and a crash
// before leaves nothing but garbage. (Where much must be computed for a large company, the newest days come first, in
// a refresh of their own.) What is touched is kept in the table touched until its figures are in place, so
// a crash at any point is healed by the next refresh.
package refresh

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"

	"uptake/adoption"
)

// Kind says what changed on the days of a Span.
type Kind string

const (
	Facts Kind = "facts" // events
	KPI   Kind = "kpi"   // the directory: people, licences
)

// Span is a span of reporting days that an arrival touched, both ends included.
type Span struct {
	Kind     Kind
	From, To adoption.Day
}

// Config is what a Refresher works with.
type Config struct {
	DB   driver.Conn    // bound to the company's database
	Zone *time.Location // the reporting zone; UTC if nil. The store must know its name

	// Retention is the first day whose raw events are kept. The facts of earlier days are frozen: they are never
	// recomputed, and their events may be dropped. Nil keeps everything.
	Retention func(today adoption.Day) adoption.Day

	Now func() time.Time // time.Now if nil
	Log *slog.Logger     // slog.Default() if nil
}

// Refresher recomputes what was touched. There may be one for a database. Its methods may be called concurrently.
type Refresher struct {
	db        driver.Conn
	zone      *time.Location
	retention func(adoption.Day) adoption.Day
	now       func() time.Time
	log       *slog.Logger

	exclusive chan struct{} // holds one token: who takes it may write identities, directory, facts and figures
	wake      chan struct{}
	behind    atomic.Bool // the loader is

	mu      sync.Mutex // guards the fields below
	queue   queue
	upTo    adoption.Day // the last day with figures; 0 before the first refresh of this process
	found   adoption.Day // the last day with figures that Look has found
	done    int
	total   int
	before  int       // of done, those of the refreshes that left something to this one
	since   time.Time // when the work under way began, by Config.Now; zero for none
	outcome Outcome

	// Guarded by exclusive.
	published *state        // what the store holds; nil: must be read (at the start, after a failure)
	shown     shown         // the run of each table and day that readers see
	lastRun   uint64        // the highest run number ever used; 0: must be read
	directory remembered    // of the last refresh
	garbage   garbage       // rows of runs that nobody reads any more
	grace     time.Duration // how long superseded rows stay
	most      int           // days of figures that one refresh computes; 0: as the company's size allows
	movedFrom int           // from how many pairs of a person and a tool on figures are moved

	forgotten adoption.Day // the day on which Run last dropped raw events; Run's own
}

// New is a Refresher that has not read anything yet.
func New(c Config) *Refresher {
	r := &Refresher{
		db: c.DB, zone: c.Zone, retention: c.Retention, now: c.Now, log: c.Log,
		exclusive: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		queue: newQueue(), grace: graceful, movedFrom: movedFrom,
	}
	if r.zone == nil {
		r.zone = time.UTC
	}
	if r.retention == nil {
		r.retention = func(adoption.Day) adoption.Day { return 0 }
	}
	if r.now == nil {
		r.now = time.Now
	}
	if r.log == nil {
		r.log = slog.Default()
	}
	r.exclusive <- struct{}{}
	return r
}

// Touch says that what the figures of these days rest on has changed, or is about to (under Exclusive). When it has
// returned nil this is durable. After an error the caller must repeat it: whether it was noted is unknown.
// A span whose From lies after its To is empty.
func (r *Refresher) Touch(ctx context.Context, spans ...Span) error {
	r.mu.Lock()
	rows := r.queue.announce(r.now(), spans)
	r.mu.Unlock()
	if len(rows) == 0 {
		return nil
	}
	err := r.storeTouched(ctx, rows, 0)
	r.mu.Lock()
	r.queue.settle(rows, err)
	r.mu.Unlock()
	r.nudge()
	return err
}

// nudge wakes Run.
func (r *Refresher) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Exclusive waits until no refresh runs and lets none begin until release is called. Whoever writes identities or
// the directory holds it. Calling release again does nothing.
func (r *Refresher) Exclusive() (release func()) {
	<-r.exclusive
	return sync.OnceFunc(func() { r.exclusive <- struct{}{} })
}

// lock is Exclusive with an end to the waiting.
func (r *Refresher) lock(ctx context.Context) (release func(), err error) {
	select {
	case <-r.exclusive:
		return func() { r.exclusive <- struct{}{} }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Refresh computes everything that is pending, now, and returns when it is in the figures.
func (r *Refresher) Refresh(ctx context.Context) error {
	for {
		if more, err := r.refresh(ctx, everything); err != nil || !more {
			return err
		}
	}
}

// Settled tells whether everything touched so far is in the figures and the figures reach up to today. It is false
// until this Refresher has refreshed for the first time.
func (r *Refresher) Settled(context.Context) (bool, error) {
	today := r.today()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queue.empty() && r.upTo >= today, nil
}

// Look finds out what an earlier process has left: how far its figures go, and what is still queued. AsOf says so then,
// though this process has refreshed nothing yet.
func (r *Refresher) Look(ctx context.Context) error {
	release, err := r.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := r.loadTouched(ctx); err != nil {
		return err
	}
	left, err := r.readState(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.found = left.upTo
	return nil
}

// AsOf is the instant such that every touch before it is in the figures; zero where that is not known: before Look and the
// first refresh, and where there are no figures.
func (r *Refresher) AsOf() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.upTo == 0 && r.found == 0 {
		return time.Time{}
	}
	if oldest, ok := r.queue.oldest(); ok {
		return oldest
	}
	return r.now()
}

// Progress says how many days the refresh under way has computed, of how many. Both are those of the last refresh
// while none is under way. The total may change while it becomes clear what follows from an arrival.
func (r *Refresher) Progress() (done, total int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done, r.total
}

// Working is Progress of the work under way, and when it began: since is zero while there is none. A refresh that another has
// left its rest to is the same work.
func (r *Refresher) Working() (done, total int, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.done, r.total, r.since
}

// Outcome is how the refreshes of this process went.
type Outcome struct {
	Refreshes uint64        // that succeeded and had something to do
	Failures  uint64        // that failed, and were or will be repeated
	Last      time.Time     // when the last successful one ended
	Took      time.Duration // how long it took
	Pending   int           // touched spans that wait for the next one
}

// Outcome is for metrics.
func (r *Refresher) Outcome() Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.outcome
	o.Pending = r.queue.waiting()
	return o
}

func (r *Refresher) today() adoption.Day { return adoption.DayOf(r.now(), r.zone) }

// touch is a row of the table touched.
type touch struct {
	id uuid.UUID
	Span
	at     time.Time // when it was touched, by Config.Now
	seen   time.Time // when this process learned of it, for gathering
	stored bool      // its row is durable
}
