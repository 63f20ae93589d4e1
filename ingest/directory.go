package ingest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// maxListed is how many rejected lines an answer lists; RejectedTotal counts them all.
const maxListed = 1000

// Directory takes what a company knows about its people, units, licences and tools, as CSV files with a header.
//
// A file says what is so, it is not a whole: rows that it does not name stay. A row that is there already changes
// nothing and recomputes nothing, so that the same export can be sent every night.
type Directory struct {
	db         driver.Conn
	toucher    Toucher
	pseudonyms *Pseudonymiser
	zone       *time.Location
	now        func() time.Time
}

// NewDirectory makes a Directory that writes to db and tells toucher which days its changes concern. zone is the
// reporting zone.
func NewDirectory(db driver.Conn, toucher Toucher, pseudonyms *Pseudonymiser, zone *time.Location) *Directory {
	return &Directory{db: db, toucher: toucher, pseudonyms: pseudonyms, zone: zone, now: time.Now}
}

// Result is what became of a file.
type Result struct {
	Accepted      int         `json:"accepted"`       // lines that were right, repeats included
	Changed       int         `json:"changed"`        // rows that are new or differ from what was there
	Rejected      []Rejection `json:"rejected"`       // the first 1,000 wrong lines, never nil
	RejectedTotal int         `json:"rejected_total"` // all wrong lines
}

// Rejection says what is wrong with a line of a file.
type Rejection struct {
	Line   int    `json:"line"`  // where the record begins in the file, from 1
	Field  string `json:"field"` // the column at fault, empty when it is the line as a whole
	Reason string `json:"reason"`
}

// DirectoryKinds are the files that Import knows, in the order in which a whole directory is best sent.
func DirectoryKinds() []string { return []string{"units", "tools", "people", "licences"} }

// Import reads a file of a kind (people, units, licences or tools), packed with gzip or not, and stores what it
// changes. Wrong lines are left out and listed; with strict, one wrong line keeps everything out, and the Result
// lists them beside the error.
//
// Errors: NotFound for an unknown kind, TooLarge above MaxDirectoryBytes, Unprocessable for a file that cannot be
// read as a whole (its header) and for a strict one with wrong lines. After any other error a part may have been
// stored; repeating the import completes it.
func (d *Directory) Import(ctx context.Context, kind string, r io.Reader, strict bool) (Result, error) {
	text, err := readDirectoryFile(r)
	if err != nil {
		return Result{Rejected: []Rejection{}}, err
	}
	return d.importText(ctx, kind, text, strict)
}

func (d *Directory) importText(ctx context.Context, kind, text string, strict bool) (result Result, err error) {
	switch kind {
	case "people":
		result, err = d.importPeople(ctx, text, strict)
	case "units":
		result, err = d.importUnits(ctx, text, strict)
	case "licences":
		result, err = d.importLicences(ctx, text, strict)
	case "tools":
		result, err = d.importTools(ctx, text, strict)
	default:
		err = &adoption.Error{Code: adoption.NotFound,
			Message: fmt.Sprintf("There is no directory file of the kind %q. There are: %s.", cut(kind), strings.Join(DirectoryKinds(), ", "))}
	}
	if result.Rejected == nil {
		result.Rejected = []Rejection{}
	}
	return result, err
}

// A line is a row of a file and where it stood.
type line[T any] struct {
	number int
	row    T
}

// parseSheet reads all lines of a file. read returns what is wrong with a line, or nil.
func parseSheet[T any](text string, columns []column, read func(*record) (T, *flaw)) ([]line[T], rejections, error) {
	var lines []line[T]
	var bad rejections
	s, err := openSheet(text, columns)
	if err != nil {
		return nil, bad, err
	}
	for r, ok := s.next(); ok; r, ok = s.next() {
		if r.problem != "" {
			bad.add(r.line, &flaw{"", r.problem})
			continue
		}
		row, wrong := read(&r)
		if wrong != nil {
			bad.add(r.line, wrong)
			continue
		}
		lines = append(lines, line[T]{r.line, row})
	}
	return lines, bad, nil
}

// rejections are the wrong lines of a file.
type rejections struct {
	listed []Rejection
	total  int
}

func (r *rejections) add(line int, wrong *flaw) {
	r.total++
	if r.total <= maxListed {
		r.listed = append(r.listed, Rejection{Line: line, Field: wrong.field, Reason: wrong.reason})
	}
}

// result is the answer for a file of which so many lines were right.
func (r *rejections) result(accepted, changed int) Result {
	slices.SortStableFunc(r.listed, func(a, b Rejection) int { return cmp.Compare(a.Line, b.Line) })
	return Result{Accepted: accepted, Changed: changed, Rejected: r.listed, RejectedTotal: r.total}
}

// refuse is the error of a strict import that has wrong lines, nil for every other.
func (r *rejections) refuse(strict bool) error {
	if !strict || r.total == 0 {
		return nil
	}
	return &adoption.Error{Code: adoption.Unprocessable,
		Message: fmt.Sprintf("Lines that are wrong: %d. Nothing was imported, because the import is strict.", r.total)}
}

// touch makes the days durable whose figures the import is about to change.
func (d *Directory) touch(ctx context.Context, days []days) error {
	spans := make([]refresh.Span, 0, len(days))
	for _, s := range merge(days) {
		spans = append(spans, refresh.Span{Kind: refresh.KPI, From: s.first, To: s.last})
	}
	if len(spans) == 0 {
		return nil
	}
	if err := d.toucher.Touch(ctx, spans...); err != nil {
		return fmt.Errorf("note the days that the directory changes: %w", err)
	}
	return nil
}

// today is the last day that has figures.
func (d *Directory) today() adoption.Day { return adoption.DayOf(d.now(), d.zone) }

// newVersion is a version above all that a table has, also when the clock was set back.
func (d *Directory) newVersion(newest uint64) uint64 {
	return max(uint64(d.now().UnixNano()), newest+1)
}
