package ingest

import (
	"context"
	_ "embed"
	"fmt"

	"uptake/adoption"
)

//go:embed directory_licences.sql
var selectLicences string

var licencesColumns = []column{{"email", true}, {"tool", true}, {"from", true}, {"to", false}}

// A licence is access to a tool on a span of days; of two with the same first day the later replaces the earlier.
type licence struct{ days }

func (l licence) begins() adoption.Day { return l.first }

// A holder is somebody who has access to a tool.
type holder struct {
	person adoption.Person
	tool   string
}

// licenceLine is a line of licences.csv.
type licenceLine struct {
	address adoption.Hash
	tool    string
	licence
}

func (d *Directory) readLicence(r *record) (licenceLine, *flaw) {
	f := fields{r: r}
	address := f.address("email")
	l := licenceLine{tool: f.tool("tool"), licence: licence{days{f.firstDay("from"), f.day("to", adoption.LastDay)}}}
	if l.last < l.first {
		f.fail("to", "it lies before from")
	}
	if f.wrong != nil {
		return licenceLine{}, f.wrong
	}
	l.address = d.pseudonyms.Address(address)
	return l, nil
}

// importLicences stores who may use which tool when. It touches the days on which somebody's access differs from
// before. The first licence of a tool ends its being open to everyone, on all days: the refresher finds that out by
// itself when it runs, so a touch of today is enough to make it run.
func (d *Directory) importLicences(ctx context.Context, text string, strict bool) (Result, error) {
	lines, bad, err := parseSheet(text, licencesColumns, d.readLicence)
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
	incoming := make(map[holder][]licence, len(lines))
	for _, l := range lines {
		h := holder{identities.person(l.row.address), l.row.tool}
		incoming[h] = append(incoming[h], l.row.licence)
	}
	stored, err := d.storedLicences(ctx, incoming)
	if err != nil {
		return Result{}, err
	}

	changes := map[holder][]licence{}
	var concerned []days
	changed := 0
	for h, rows := range incoming {
		after, different := overlay(stored.of[h], lastOfDay(rows))
		if len(different) == 0 {
			continue
		}
		changes[h] = different
		changed += len(different)
		concerned = append(concerned, differences(access(stored.of[h]), access(after), d.today()+1)...)
		if !stored.tools[h.tool] {
			concerned = append(concerned, days{d.today(), d.today()})
		}
	}
	if err := d.touch(ctx, concerned); err != nil {
		return Result{}, err
	}
	if err := d.storeIdentities(ctx, identities); err != nil {
		return Result{}, err
	}
	if err := d.storeLicences(ctx, changes, d.newVersion(stored.newest)); err != nil {
		return Result{}, err
	}
	return bad.result(len(lines), changed), nil
}

// access joins licences, sorted by their first day, that overlap: twice allowed is allowed.
func access(rows []licence) []stay {
	spans := make([]days, 0, len(rows))
	for _, r := range rows {
		spans = append(spans, r.days)
	}
	stays := make([]stay, 0, len(spans))
	for _, s := range merge(spans) {
		stays = append(stays, stay{s, "allowed"})
	}
	return stays
}

// storedLicences are the licences that an import meets.
type storedLicences struct {
	of     map[holder][]licence // those of the holders in the file, in order
	tools  map[string]bool      // tools with any licence
	newest uint64               // the highest version in the table
}

func (d *Directory) storedLicences(ctx context.Context, wanted map[holder][]licence) (*storedLicences, error) {
	rows, err := d.db.Query(ctx, selectLicences)
	if err != nil {
		return nil, fmt.Errorf("read the licences: %w", err)
	}
	defer rows.Close()
	stored := &storedLicences{of: make(map[holder][]licence, len(wanted)), tools: map[string]bool{}}
	for rows.Next() {
		var h holder
		var person, version uint64
		var first, last uint16
		if err := rows.Scan(&person, &h.tool, &first, &last, &version); err != nil {
			return nil, fmt.Errorf("read the licences: %w", err)
		}
		h.person = adoption.Person(person)
		stored.newest = max(stored.newest, version)
		stored.tools[h.tool] = true
		if _, ok := wanted[h]; ok {
			stored.of[h] = append(stored.of[h], licence{days{adoption.Day(first), adoption.Day(last)}})
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the licences: %w", err)
	}
	return stored, nil
}

func (d *Directory) storeLicences(ctx context.Context, changes map[holder][]licence, version uint64) error {
	if len(changes) == 0 {
		return nil
	}
	in, err := d.insert(ctx, `INSERT INTO licences (person, tool, first_day, last_day, version)`)
	if err != nil {
		return err
	}
	defer in.close()
	for h, rows := range changes {
		for _, l := range rows {
			if err := in.row(uint64(h.person), h.tool, l.first.Time(), l.last.Time(), version); err != nil {
				return err
			}
		}
	}
	return in.send()
}
