package ingest

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

//go:embed directory_settled.sql
var selectSettled string

//go:embed directory_names.sql
var selectNames string

//go:embed directory_days.sql
var selectDays string

// united is who a name stands for once people with several names are one.
type united struct {
	names *identities
	into  map[adoption.Person]adoption.Person // who is somebody else now, and who that is
	spans []refresh.Span                      // the days whose facts change
}

// person is who a name of the facts stands for now.
func (u *united) person(h adoption.Hash) adoption.Person { return u.find(u.names.person(h)) }

func (u *united) find(p adoption.Person) adoption.Person {
	for {
		next, gone := u.into[p]
		if !gone {
			return p
		}
		p = next
	}
}

// unite makes one person of those whose names facts hold for one's. Afterwards names.missing holds every row of
// identity that is to be written.
func (d *Directory) unite(ctx context.Context, names *identities, facts []Fact) (*united, error) {
	u := &united{names: names, into: map[adoption.Person]adoption.Person{}}
	rank, err := d.rankPeople(ctx, names, facts)
	if err != nil {
		return nil, err
	}
	for _, f := range facts {
		for _, h := range f.Same {
			u.join(u.person(f.Who), u.person(h), rank)
		}
	}
	if len(u.into) == 0 {
		return u, nil
	}
	return u, d.rename(ctx, u)
}

// rank says who of two people that are one goes on.
type rank int

const (
	drawn   rank = iota // for these facts: nothing is stored of him or her
	seen                // in events
	settled             // in the directory
)

// join makes one person of two: the one of higher rank, else the one with the lower number, so that a repeat comes to
// the same.
func (u *united) join(a, b adoption.Person, ranks map[adoption.Person]rank) {
	switch {
	case a == b || ranks[a] == settled && ranks[b] == settled:
		return
	case ranks[a] > ranks[b] || ranks[a] == ranks[b] && a < b:
		u.into[b] = a
	default:
		u.into[a] = b
	}
}

// rankPeople ranks the people with a second name in the facts.
func (d *Directory) rankPeople(ctx context.Context, names *identities, facts []Fact) (map[adoption.Person]rank, error) {
	ranks := map[adoption.Person]rank{}
	var asked []uint64
	note := func(h adoption.Hash) {
		if p, known := names.known[h]; known {
			ranks[p] = seen
			asked = append(asked, uint64(p))
		}
	}
	for _, f := range facts {
		for _, h := range f.Same {
			note(h)
			note(f.Who)
		}
	}
	if len(asked) == 0 {
		return ranks, nil
	}
	rows, err := d.db.Query(ctx, selectSettled, clickhouse.Named("people", asked))
	if err != nil {
		return nil, fmt.Errorf("read whom the directory knows: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var person uint64
		if err := rows.Scan(&person); err != nil {
			return nil, fmt.Errorf("read whom the directory knows: %w", err)
		}
		ranks[adoption.Person(person)] = settled
	}
	return ranks, rows.Err()
}

// rename points every name of those who are somebody else now to that one, and finds the days on which that shows.
func (d *Directory) rename(ctx context.Context, u *united) error {
	gone := make([]uint64, 0, len(u.into))
	for p := range u.into {
		gone = append(gone, uint64(p))
	}
	rows, err := d.db.Query(ctx, selectNames, clickhouse.Named("people", gone))
	if err != nil {
		return fmt.Errorf("read the names of people: %w", err)
	}
	defer rows.Close()
	for h, p := range u.names.missing {
		u.names.missing[h] = u.find(p)
	}
	for rows.Next() {
		var text string
		var person uint64
		if err := rows.Scan(&text, &person); err != nil {
			return fmt.Errorf("read the names of people: %w", err)
		}
		u.names.missing[adoption.Hash([]byte(text))] = u.find(adoption.Person(person))
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the names of people: %w", err)
	}
	u.spans, err = d.daysOf(ctx, gone)
	return err
}

// daysOf are the spans of reporting days on which people have events. Facts whose raw events are gone are frozen:
// they keep saying what they said.
func (d *Directory) daysOf(ctx context.Context, people []uint64) ([]refresh.Span, error) {
	rows, err := d.db.Query(ctx, selectDays, clickhouse.Named("people", people))
	if err != nil {
		return nil, fmt.Errorf("read the days of people: %w", err)
	}
	defer rows.Close()
	days := map[adoption.Day]bool{}
	for rows.Next() {
		var day uint16
		if err := rows.Scan(&day); err != nil {
			return nil, fmt.Errorf("read the days of people: %w", err)
		}
		days[adoption.Day(day)] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the days of people: %w", err)
	}
	return factSpans(days, d.zone), nil
}
