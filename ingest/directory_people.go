package ingest

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"uptake/adoption"
)

//go:embed directory_people.sql
var selectPeople string

var peopleColumns = []column{{"email", true}, {"unit", true}, {"effective_from", true},
	{"effective_to", false}, {"location", false}, {"role", false}, {"hired_on", false}, {"left_on", false}}

// A position says that somebody is in a unit from a day on.
type position struct {
	from, to       adoption.Day // to is LastDay where none was given
	unit, location string
	role           string
	hired, left    adoption.Day // hired is 0 where unknown, left LastDay
}

func (p position) begins() adoption.Day { return p.from }

// place is what decides in which groups a person is counted. Of the day of hiring that is the year (hire_cohort).
func (p position) place() string {
	return strings.Join([]string{p.unit, p.location, p.role, strconv.Itoa(p.hired.Time().Year())}, "\x00")
}

// personLine is a line of people.csv.
type personLine struct {
	address adoption.Hash
	position
}

func (d *Directory) readPerson(r *record) (personLine, *flaw) {
	f := fields{r: r}
	address := f.address("email")
	p := position{
		unit:     f.unit("unit", true),
		from:     f.firstDay("effective_from"),
		to:       f.day("effective_to", adoption.LastDay),
		location: f.text("location", maxName, false),
		role:     f.text("role", maxName, false),
		hired:    f.day("hired_on", 0),
		left:     f.day("left_on", adoption.LastDay),
	}
	if p.to < p.from {
		f.fail("effective_to", "it lies before effective_from")
	}
	if p.left < p.hired {
		f.fail("left_on", "it lies before hired_on")
	}
	if f.wrong != nil {
		return personLine{}, f.wrong
	}
	return personLine{d.pseudonyms.Address(address), p}, nil
}

// importPeople stores who is in which unit when. It touches the days on which the place of somebody differs from
// before: the unit, or an attribute that figures are broken down by.
func (d *Directory) importPeople(ctx context.Context, text string, strict bool) (Result, error) {
	lines, bad, err := parseSheet(text, peopleColumns, d.readPerson)
	if err != nil {
		return Result{}, err
	}
	if err := bad.refuse(strict); err != nil {
		return bad.result(0, 0), err
	}
	release := d.toucher.Exclusive()
	defer release()

	hashes := make(map[adoption.Hash]struct{}, len(lines))
	for _, l := range lines {
		hashes[l.row.address] = struct{}{}
	}
	identities, err := d.identify(ctx, hashes)
	if err != nil {
		return Result{}, err
	}
	incoming := make(map[adoption.Person][]position, len(hashes))
	for _, l := range lines {
		p := identities.person(l.row.address)
		incoming[p] = append(incoming[p], l.row.position)
	}
	stored, newest, err := d.storedPositions(ctx, incoming)
	if err != nil {
		return Result{}, err
	}

	changes := map[adoption.Person][]position{}
	var concerned []days
	changed := 0
	for p, rows := range incoming {
		after, different := overlay(stored[p], lastOfDay(rows))
		if len(different) == 0 {
			continue
		}
		changes[p] = different
		changed += len(different)
		concerned = append(concerned, differences(memberships(stored[p]), memberships(after), d.today()+1)...)
	}
	if err := d.touch(ctx, concerned); err != nil {
		return Result{}, err
	}
	if err := d.storeIdentities(ctx, identities); err != nil {
		return Result{}, err
	}
	if err := d.storePositions(ctx, changes, d.newVersion(newest)); err != nil {
		return Result{}, err
	}
	return bad.result(len(lines), changed), nil
}

// lastOfDay sorts rows by their first day and keeps the last of those that share one.
func lastOfDay[R dated](rows []R) []R {
	slices.SortStableFunc(rows, func(a, b R) int { return cmp.Compare(a.begins(), b.begins()) })
	kept := rows[:0]
	for i, r := range rows {
		if i+1 < len(rows) && rows[i+1].begins() == r.begins() {
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

// memberships are the stays in places that the rows of a person mean (METRICS: People): each ends at its last day,
// with the employment or on the day before the next row, whichever comes first.
func memberships(rows []position) []stay {
	stays := make([]stay, 0, len(rows))
	for i, r := range rows {
		last := min(r.to, r.left)
		if i+1 < len(rows) {
			last = min(last, rows[i+1].from-1)
		}
		if last >= r.from {
			stays = append(stays, stay{days{r.from, last}, r.place()})
		}
	}
	return stays
}

// storedPositions are the rows of the people of a file, in order, and the highest version in the table.
func (d *Directory) storedPositions(ctx context.Context, wanted map[adoption.Person][]position) (map[adoption.Person][]position, uint64, error) {
	rows, err := d.db.Query(ctx, selectPeople)
	if err != nil {
		return nil, 0, fmt.Errorf("read the people: %w", err)
	}
	defer rows.Close()
	stored := make(map[adoption.Person][]position, len(wanted))
	var newest uint64
	for rows.Next() {
		var p position
		var person, version uint64
		var from, to, hired, left uint16
		if err := rows.Scan(&person, &p.unit, &p.location, &p.role, &from, &to, &hired, &left, &version); err != nil {
			return nil, 0, fmt.Errorf("read the people: %w", err)
		}
		newest = max(newest, version)
		if _, ok := wanted[adoption.Person(person)]; !ok {
			continue
		}
		p.from, p.to, p.hired, p.left = adoption.Day(from), adoption.Day(to), adoption.Day(hired), adoption.Day(left)
		stored[adoption.Person(person)] = append(stored[adoption.Person(person)], p)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read the people: %w", err)
	}
	return stored, newest, nil
}

func (d *Directory) storePositions(ctx context.Context, changes map[adoption.Person][]position, version uint64) error {
	if len(changes) == 0 {
		return nil
	}
	in, err := d.insert(ctx, `INSERT INTO people (person, effective_from, effective_to, unit, location, role, hired_on, left_on, version)`)
	if err != nil {
		return err
	}
	defer in.close()
	for person, rows := range changes {
		for _, p := range rows {
			if err := in.row(uint64(person), p.from.Time(), p.to.Time(), p.unit, p.location, p.role, p.hired.Time(), p.left.Time(), version); err != nil {
				return err
			}
		}
	}
	return in.send()
}
