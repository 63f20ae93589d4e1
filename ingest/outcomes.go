package ingest

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

const (
	// MaxOutcomes is how many rows one request or file may hold. One insert takes them all, or none.
	MaxOutcomes = 100_000
	// MaxMetrics is how many metrics there may be in all: they are chosen from a list.
	MaxMetrics = 500
)

// An Outcome is a result from outside on a day: of a unit, or of the company.
type Outcome struct {
	Unit   string
	Date   adoption.Day
	Metric string // lower case
	Value  float64
}

// Outcomes takes results from outside. A value that is there already changes nothing, so that the same export can be
// sent every night; another one for the same unit, day and metric takes its place.
type Outcomes struct {
	db   driver.Conn
	zone *time.Location
	now  func() time.Time
	most int        // rows of one request
	one  sync.Mutex // held from the look at what is there until the rest is written
}

// NewOutcomes makes what writes outcomes to db. zone is the reporting zone: no outcome may lie after its today.
func NewOutcomes(db driver.Conn, zone *time.Location) *Outcomes {
	return &Outcomes{db: db, zone: zone, now: time.Now, most: MaxOutcomes}
}

// Import stores outcomes in the name of a source: a text, packed with gzip or not, of CSV with the header unit,date,metric,value, or JSON (an
// array of objects, one object, or one a line). All of it goes in or nothing: where a row is wrong, the error is
// Unprocessable and the Result lists the wrong rows. A Rejection's Line is that of the CSV file, or in JSON the
// number of the object.
//
// Errors: TooLarge above MaxDirectoryBytes, InvalidParameter for a text that cannot be taken apart, Unprocessable for a header that is wrong, TooLarge for
// more than MaxOutcomes rows.
func (o *Outcomes) Import(ctx context.Context, source string, r io.Reader, csv bool) (Result, error) {
	text, err := readDirectoryFile(r)
	if err != nil {
		return Result{Rejected: []Rejection{}}, err
	}
	return o.importText(ctx, source, text, csv)
}

func (o *Outcomes) importText(ctx context.Context, source, text string, csv bool) (Result, error) {
	result, err := o.take(ctx, source, text, csv)
	if result.Rejected == nil {
		result.Rejected = []Rejection{}
	}
	return result, err
}

func (o *Outcomes) take(ctx context.Context, source, text string, csv bool) (Result, error) {
	read := o.fromJSON
	if csv {
		read = o.fromCSV
	}
	lines, bad, err := read(text)
	if err != nil {
		return Result{}, err
	}
	if len(lines)+bad.total > o.most {
		return Result{}, &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf("At most %d outcomes can be sent at once. Send them in parts; nothing was imported.", o.most)}
	}
	o.one.Lock()
	defer o.one.Unlock()
	if err := o.known(ctx, lines, &bad); err != nil {
		return Result{}, err
	}
	if bad.total > 0 {
		return bad.result(0, 0), &adoption.Error{Code: adoption.Unprocessable,
			Message: fmt.Sprintf("Rows that are wrong: %d. Nothing was imported: outcomes go in all together or not at all.", bad.total)}
	}
	changed, newest, err := o.changes(ctx, lines)
	if err != nil {
		return Result{}, err
	}
	if err := o.store(ctx, source, changed, max(uint64(o.now().UnixNano()), newest+1)); err != nil {
		return Result{}, err
	}
	return bad.result(len(lines), len(changed)), nil
}

// known finds the rows whose unit nobody knows, and those of metrics that are one too many.
func (o *Outcomes) known(ctx context.Context, lines []line[Outcome], bad *rejections) error {
	units, err := o.names(ctx, `SELECT unit FROM units FINAL UNION DISTINCT SELECT DISTINCT unit FROM membership`)
	if err != nil {
		return fmt.Errorf("read the units: %w", err)
	}
	metrics, err := o.names(ctx, `SELECT DISTINCT metric FROM outcomes`)
	if err != nil {
		return fmt.Errorf("read the metrics of outcomes: %w", err)
	}
	for _, l := range lines {
		if l.row.Unit != adoption.Company && !units[l.row.Unit] {
			bad.add(l.number, &flaw{"unit", fmt.Sprintf("there is no unit %q", cut(l.row.Unit))})
			continue
		}
		if !metrics[l.row.Metric] && len(metrics) == MaxMetrics {
			bad.add(l.number, &flaw{"metric", fmt.Sprintf("there are %d metrics already, and no room for %q", MaxMetrics, cut(l.row.Metric))})
			continue
		}
		metrics[l.row.Metric] = true
	}
	return nil
}

func (o *Outcomes) names(ctx context.Context, sql string) (map[string]bool, error) {
	rows, err := o.db.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names[name] = true
	}
	return names, rows.Err()
}

// outcomeKey is what an outcome is a value of.
type outcomeKey struct {
	unit, metric string
	date         adoption.Day
}

// changes are the outcomes that are new or differ from what is there; newest is when the last one of those there was
// received. Of two rows for the same the later holds.
func (o *Outcomes) changes(ctx context.Context, lines []line[Outcome]) (changed []Outcome, newest uint64, err error) {
	if len(lines) == 0 {
		return nil, 0, nil
	}
	wanted := make(map[outcomeKey]float64, len(lines))
	first, last := lines[0].row.Date, lines[0].row.Date
	for _, l := range lines {
		wanted[outcomeKey{l.row.Unit, l.row.Metric, l.row.Date}] = l.row.Value
		first, last = min(first, l.row.Date), max(last, l.row.Date)
	}
	rows, err := o.db.Query(ctx, `SELECT unit, metric, date, value, received FROM outcomes FINAL WHERE date BETWEEN {first:Date} AND {last:Date}`,
		driver.NamedValue{Name: "first", Value: first.String()}, driver.NamedValue{Name: "last", Value: last.String()})
	if err != nil {
		return nil, 0, fmt.Errorf("read the outcomes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key outcomeKey
		var date time.Time
		var value float64
		var received uint64
		if err := rows.Scan(&key.unit, &key.metric, &date, &value, &received); err != nil {
			return nil, 0, fmt.Errorf("read the outcomes: %w", err)
		}
		newest, key.date = max(newest, received), adoption.DayOf(date, time.UTC)
		if same, ok := wanted[key]; ok && same == value {
			delete(wanted, key)
		}
	}
	for key, value := range wanted {
		changed = append(changed, Outcome{key.unit, key.date, key.metric, value})
	}
	return changed, newest, rows.Err()
}

// store writes all outcomes in one insert, which ClickHouse does wholly or not at all. A repeat after an error whose
// outcome is unknown finds what is there.
func (o *Outcomes) store(ctx context.Context, source string, outcomes []Outcome, received uint64) error {
	if len(outcomes) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store the outcomes: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), insertWithin) // who gives up now breaks nothing off
	defer cancel()
	batch, err := o.db.PrepareBatch(ctx, "INSERT INTO outcomes (unit, date, metric, value, source, received)")
	if err != nil {
		return fmt.Errorf("store the outcomes: %w", err)
	}
	defer batch.Close()
	slices.SortFunc(outcomes, func(a, b Outcome) int { return int(a.Date) - int(b.Date) })
	for _, x := range outcomes {
		if err := batch.Append(x.Unit, x.Date.Time(), x.Metric, x.Value, source, received); err != nil {
			return fmt.Errorf("store the outcomes: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("store the outcomes: %w", err)
	}
	return nil
}
