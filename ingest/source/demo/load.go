package demo

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"uptake/adoption"
	"uptake/ingest"
	"uptake/ingest/refresh"
)

// batch is how many events make an insert, at least; a day of the bank has as many.
const batch = 100_000

// Refresher computes the figures (refresh.Refresher).
type Refresher interface {
	Touch(ctx context.Context, spans ...refresh.Span) error
	Exclusive() (release func())
	Refresh(ctx context.Context) error
	Progress() (done, total int)
}

// Target is a database of the demo's own, with the schema in place, and what writes to it.
type Target struct {
	DB         driver.Conn
	Directory  *ingest.Directory
	Refresher  Refresher // the one that the Directory touches
	Pseudonyms *ingest.Pseudonymiser
	Zone       *time.Location // the reporting zone; nil is UTC
}

// Load makes the company of a preset, whose year of use ends with lastDay, and computes its figures. It does nothing
// if the database holds just that already; another or a torn company is replaced. It returns when all is in the
// figures. progress, if not nil, is told how far it is, from one goroutine at a time; done never falls and ends at total.
//
// Errors: InvalidParameter for an unknown preset, Conflict where the database holds data that is no demo; that is
// left alone.
func Load(ctx context.Context, to Target, preset Preset, lastDay adoption.Day, progress func(done, total int64)) error {
	if _, err := ParsePreset(string(preset)); err != nil {
		return err
	}
	if to.Zone == nil {
		to.Zone = time.UTC
	}
	p := newProgress(progress)
	before, beforeDay, isComplete, err := State(ctx, to.DB)
	if err != nil {
		return err
	}
	if isComplete && before == preset && beforeDay == lastDay {
		p.report(p.total)
		return nil
	}
	if err := claim(ctx, to.DB, before); err != nil {
		return err
	}
	if err := record(ctx, to.DB, preset, lastDay, loading); err != nil {
		return err
	}
	span := days{lastDay - Days + 1, lastDay}
	if before != "" {
		span = days{min(span.first, beforeDay-Days+1), max(span.last, beforeDay)}
	}
	if err := to.empty(ctx, span); err != nil {
		return err
	}
	if err := to.fill(ctx, newCompany(preset, lastDay), p); err != nil {
		return err
	}
	debug.FreeOSMemory() // of the bank a third of a gigabyte, which the embedded engine can use now
	if err := to.refresh(ctx, span, p); err != nil {
		return err
	}
	if err := record(ctx, to.DB, preset, lastDay, complete); err != nil {
		return err
	}
	p.report(p.total)
	return nil
}

// claim makes sure that what Load is about to throw away is a demo.
func claim(ctx context.Context, db driver.Conn, before Preset) error {
	if before != "" {
		return nil
	}
	var rows uint64
	if err := db.QueryRow(ctx, `SELECT (SELECT count() FROM events) + (SELECT count() FROM people) + (SELECT count() FROM licences)`).Scan(&rows); err != nil {
		return fmt.Errorf("look whether the database of the demo is free: %w", err)
	}
	if rows > 0 {
		return &adoption.Error{Code: adoption.Conflict, Message: "This database holds a company's data. The demo needs a database of its own; nothing was changed."}
	}
	return nil
}

// days is a span of days, both ends included.
type days struct{ first, last adoption.Day }

// empty throws a former demo away. Its days are touched first, so that nothing of it can stay in the figures.
func (to Target) empty(ctx context.Context, span days) error {
	if err := to.touch(ctx, span); err != nil {
		return err
	}
	release := to.Refresher.Exclusive()
	defer release()
	for _, table := range []string{"events", "people", "licences", "units", "tools"} {
		if err := to.DB.Exec(ctx, "TRUNCATE TABLE "+table); err != nil {
			return fmt.Errorf("empty the demo's table %s: %w", table, err)
		}
	}
	return nil
}

func (to Target) touch(ctx context.Context, span days) error {
	err := to.Refresher.Touch(ctx, refresh.Span{Kind: refresh.Facts, From: span.first, To: span.last}, refresh.Span{Kind: refresh.KPI, From: span.first, To: span.last})
	if err != nil {
		return fmt.Errorf("note the days of the demo: %w", err)
	}
	return nil
}

// fill writes the directory, then the events.
func (to Target) fill(ctx context.Context, c *company, p *progress) error {
	for f := range c.files {
		result, err := to.Directory.Import(ctx, f.kind, strings.NewReader(f.text), true)
		if err != nil {
			return fmt.Errorf("import the demo's %s (%d lines refused): %w", f.kind, result.RejectedTotal, err)
		}
	}
	return to.insert(ctx, newActivity(c, to.Zone, to.Pseudonyms.Address), p)
}

// insert writes the events: the next ones are made while the last are written.
func (to Target) insert(ctx context.Context, a *activity, p *progress) error {
	type made struct {
		events []adoption.Event
		day    int
	}
	load := uuid.NewString() // a token of an earlier load must not swallow this one's inserts
	ready := make(chan made)
	spare := make(chan []adoption.Event, 2) // one list is being filled, one written; both are used again
	spare <- nil
	spare <- nil
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(ready)
		list := <-spare
		for day := range Days {
			if list = a.events(day, list); len(list) < batch && day < Days-1 {
				continue
			}
			select {
			case ready <- made{list, day}:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case list = <-spare:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		for m := range ready {
			if err := ingest.InsertEvents(ctx, to.DB, m.events, fmt.Sprintf("demo/%s/%d", load, m.day)); err != nil {
				return fmt.Errorf("insert the demo's events: %w", err)
			}
			spare <- m.events[:0]
			p.report(int64(m.day+1) * p.events / Days)
		}
		return nil
	})
	return group.Wait()
}

// refresh computes the figures and reports how far it is.
func (to Target) refresh(ctx context.Context, span days, p *progress) error {
	if err := to.touch(ctx, span); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- to.Refresher.Refresh(ctx) }()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return fmt.Errorf("compute the demo's figures: %w", err)
			}
			return nil
		case <-tick.C:
			// The refresher learns only as it goes that three tables follow from each day, and a fourth from each week.
			done, total := to.Refresher.Progress()
			total = max(total, 3*Days+Days/7)
			p.report(p.events + (p.total-1-p.events)*int64(done)/int64(total))
		}
	}
}

// progress tells how far a load is, in steps of which the first part is for the events.
type progress struct {
	tell                func(done, total int64)
	done, events, total int64
}

func newProgress(tell func(done, total int64)) *progress {
	return &progress{tell: tell, done: -1, events: 400, total: 1000}
}

// report tells of a step unless it was told already.
func (p *progress) report(done int64) {
	if p.tell == nil || done <= p.done {
		return
	}
	p.done = done
	p.tell(done, p.total)
}
