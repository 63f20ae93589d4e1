// Package ledger keeps what people enter and publish (assumptions, scenarios, pilots, campaigns, targets, stages) in
// the table ledger: each change is a new revision with its author, time and reason, and nothing is ever changed or
// deleted. Two people who change the same record at once are told of each other (Append).
package ledger

import (
	"context"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// Ledger is the records of one company. Its methods may be called from many goroutines.
//
// Appends are made one at a time under a lock of the process, because ClickHouse has no transaction that could compare
// and write. So there must be one Ledger a database, in the one process that serves the pages; no other process writes.
type Ledger struct {
	db  driver.Conn
	now func() time.Time
	one sync.Mutex // held from the look at the newest revision until the next one is written

	said remembered
}

// New is the ledger in a database that was migrated. now is the clock; nil is time.Now.
func New(db driver.Conn, now func() time.Time) *Ledger {
	if now == nil {
		now = time.Now
	}
	return &Ledger{db: db, now: now}
}

var (
	//go:embed newest.sql
	newestSQL string
	//go:embed at.sql
	atSQL string
	//go:embed history.sql
	historySQL string
	//go:embed list.sql
	listSQL string
	//go:embed count.sql
	countSQL string
)

// Append writes the next revision of a record and returns it as it stands in the ledger. Where somebody has written
// since e.Based, it fails with a Conflict that says who and when (its cause is *Overtaken), and nothing is written.
// InvalidParameter, with the field, for an entry that cannot be kept; TooLarge for its body; Unprocessable where the
// kind has MaxRecords records already.
func (l *Ledger) Append(ctx context.Context, e Entry) (Record, error) {
	body, err := e.check()
	if err != nil {
		return Record{}, err
	}
	l.one.Lock()
	defer l.one.Unlock()
	newest, known, err := l.first(ctx, newestSQL, l.key(e.Kind, e.ID))
	switch {
	case err != nil:
		return Record{}, err
	case newest.Revision != e.Based:
		return Record{}, overtaken(e, newest)
	case !known:
		if err := l.room(ctx, e.Kind); err != nil {
			return Record{}, err
		}
	}
	r := Record{Kind: e.Kind, ID: e.ID, Revision: e.Based + 1, At: l.now().UTC().Truncate(time.Millisecond), Author: e.Author, Reason: e.Reason, Body: body}
	if r.At.Before(newest.At) { // the clock was set back
		r.At = newest.At
	}
	return r, l.write(ctx, r)
}

// room refuses a new record where there are too many.
func (l *Ledger) room(ctx context.Context, kind Kind) error {
	var n uint64
	if err := l.each(ctx, countSQL, l.key(kind, ""), func(rows driver.Rows) error { return rows.Scan(&n) }); err != nil {
		return err
	}
	if n >= MaxRecords {
		return &adoption.Error{Code: adoption.Unprocessable, Field: "id", Message: fmt.Sprintf("There are %d records of the kind %s, and no room for more. Change one that is there.", n, kind)}
	}
	return nil
}

// lookAgain is how long a write whose outcome is unknown is looked for.
const lookAgain = 10 * time.Second

// write inserts one row, which ClickHouse does wholly or not at all. After an error nobody knows which, so it looks:
// an author must neither be told that what stands in the ledger was not saved, nor the other way round.
func (l *Ledger) write(ctx context.Context, r Record) error {
	err := l.insert(ctx, r)
	if err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookAgain)
	defer cancel()
	_, there, lookErr := l.first(ctx, atSQL, l.key(r.Kind, r.ID).with("revision", strconv.FormatUint(r.Revision, 10)))
	if there { // nobody else can have written it: the lock is held
		return nil
	}
	return fmt.Errorf("write the ledger: %w", errors.Join(err, lookErr))
}

func (l *Ledger) insert(ctx context.Context, r Record) error {
	batch, err := l.db.PrepareBatch(ctx, "INSERT INTO ledger (kind, id, revision, at, author, reason, body)")
	if err != nil {
		return err
	}
	defer batch.Close()
	if err := batch.Append(string(r.Kind), r.ID, r.Revision, r.At, r.Author, r.Reason, string(r.Body)); err != nil {
		return err
	}
	return batch.Send()
}

// Latest is the newest revision of a record; NotFound where there is none.
func (l *Ledger) Latest(ctx context.Context, kind Kind, id string) (Record, error) {
	r, there, err := l.first(ctx, newestSQL, l.key(kind, id))
	if err == nil && !there {
		return r, &adoption.Error{Code: adoption.NotFound, Field: "id", Message: fmt.Sprintf("There is no %s %q.", kind, id)}
	}
	return r, err
}

// At is one revision of a record; NotFound where there is none.
func (l *Ledger) At(ctx context.Context, kind Kind, id string, revision uint64) (Record, error) {
	r, there, err := l.first(ctx, atSQL, l.key(kind, id).with("revision", strconv.FormatUint(revision, 10)))
	if err == nil && !there {
		return r, &adoption.Error{Code: adoption.NotFound, Field: "revision", Message: fmt.Sprintf("There is no revision %d of the %s %q.", revision, kind, id)}
	}
	return r, err
}

// History is all revisions of a record without their bodies, the newest first; empty where there is none.
func (l *Ledger) History(ctx context.Context, kind Kind, id string) ([]Record, error) {
	return l.records(ctx, historySQL, l.key(kind, id))
}

// List is the newest revision of every record of a kind, by id.
func (l *Ledger) List(ctx context.Context, kind Kind) ([]Record, error) {
	return l.records(ctx, listSQL, l.key(kind, ""))
}

// params are the {name:Type} parameters of a statement.
type params []any

// key names a record. An id is any text, which a parameter as it stands would not take unharmed.
func (l *Ledger) key(kind Kind, id string) params {
	return params{driver.NamedValue{Name: "kind", Value: string(kind)}, driver.NamedValue{Name: "id", Value: hex.EncodeToString([]byte(id))}}
}

func (p params) with(name, value string) params {
	return append(p, driver.NamedValue{Name: name, Value: value})
}

func (l *Ledger) first(ctx context.Context, sql string, p params) (r Record, there bool, err error) {
	all, err := l.records(ctx, sql, p)
	if err != nil || len(all) == 0 {
		return Record{}, false, err
	}
	return all[0], true, nil
}

// find asks the store.
func (l *Ledger) find(ctx context.Context, sql string, p params) ([]Record, error) {
	all := []Record{}
	err := l.each(ctx, sql, p, func(rows driver.Rows) error {
		var r Record
		var kind, body string
		if err := rows.Scan(&kind, &r.ID, &r.Revision, &r.At, &r.Author, &r.Reason, &body); err != nil {
			return err
		}
		if r.Kind, r.At = Kind(kind), r.At.UTC(); body != "" {
			r.Body = json.RawMessage(body)
		}
		all = append(all, r)
		return nil
	})
	return all, err
}

func (l *Ledger) each(ctx context.Context, sql string, p params, row func(driver.Rows) error) error {
	rows, err := l.db.Query(ctx, sql, p...)
	if err != nil {
		return fmt.Errorf("ask the ledger: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return fmt.Errorf("read the ledger: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	return nil
}
