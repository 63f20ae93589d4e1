// Package query answers questions about adoption. Every figure about people leaves it through one gate (gate.go),
// which hides groups that are too small and whatever would reveal them by subtraction; pages, JSON, exports and
// /metrics are all built from what the gate lets through.
package query

import (
	"context"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
	"uptake/value/ledger"
)

// WindowDays is the length of the window that "active" speaks of: four of each weekday (METRICS: Time).
const WindowDays = 28

// Freshness tells how far the figures have caught up with what was acknowledged.
type Freshness interface {
	// Settled is true when everything acknowledged so far is in the figures.
	Settled(ctx context.Context) (bool, error)
	// AsOf is an instant before which everything acknowledged is in the figures.
	AsOf() time.Time
}

// Company answers questions about one company: one database, one zone, one minimum group size. Its methods may be
// called from many goroutines. Errors are *adoption.Error where the question is at fault, wrapped otherwise.
type Company struct {
	DB        driver.Conn
	Zone      *time.Location   // reporting zone; nil is UTC
	Year      time.Month       // with which the fiscal year begins; 0 is January
	MinGroup  int              // groups of 1 to MinGroup−1 people are hidden; under 2 nothing is small
	Now       func() time.Time // nil is time.Now
	Freshness Freshness        // nil: settled, as of now
	Demo      string           // the demo's preset; "" for a real company
	Keep      bool             // what is much work is kept in the store, so that a restart does not do it again

	lists lists
	begin beginBooks
	fits  models
	books peopleBooks
	cells cells
	pairs monthBook[packedPairs]

	works        monthBook[workLine]
	actionCounts monthBook[countLine]

	seats      seatBooks
	complaints unwritten[adoption.Day, *complaints] // of the days that the trust page shows

	checked selfCheckBook
	cohorts cohortBooks

	ledger struct {
		once sync.Once
		l    *ledger.Ledger
	}
}

// Ledger is what people have entered about the company: one for as long as the company is open, so that two who
// publish at once meet in it.
func (c *Company) Ledger() *ledger.Ledger {
	c.ledger.once.Do(func() { c.ledger.l = ledger.New(c.DB, c.now) })
	return c.ledger.l
}

// FirstOfYear is the first day of the fiscal year that a day lies in: of every period that is called a year or year to date.
func (c *Company) FirstOfYear(day adoption.Day) adoption.Day {
	return day.FirstOfYear(max(c.Year, time.January))
}

// FirstOfQuarter is the first day of the quarter of the fiscal year that a day lies in.
func (c *Company) FirstOfQuarter(day adoption.Day) adoption.Day {
	return day.FirstOfQuarter(max(c.Year, time.January))
}

func (c *Company) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

func (c *Company) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// Today is the day that runs now in the reporting zone.
func (c *Company) Today() adoption.Day { return adoption.DayOf(c.now(), c.zone()) }

func (c *Company) minGroup() uint64 { return uint64(max(c.MinGroup, 1)) }

// dataUntil is the instant until which figures dated to are complete: the end of that day, or what has been
// taken in so far where that is earlier.
func (c *Company) dataUntil(to adoption.Day) time.Time {
	end := (to + 1).Start(c.zone()).Add(-time.Second)
	asOf := c.now()
	if c.Freshness != nil {
		asOf = c.Freshness.AsOf()
	}
	if asOf.Before(end) {
		end = asOf
	}
	return end.In(c.zone()).Truncate(time.Second)
}

// settled is false while anything acknowledged is missing in the figures.
func (c *Company) settled(ctx context.Context) (bool, error) {
	if c.Freshness == nil {
		return true, nil
	}
	return c.Freshness.Settled(ctx)
}
