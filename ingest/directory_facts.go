package ingest

import (
	"context"
	"fmt"
	"strings"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// A Fact is what a client told of a person beside the events: further names of the same person, and the unit that he
// or she belongs to; or, where it is about nobody, how a unit is called. Names of people are hashed at the door as the
// actors of events are.
type Fact struct {
	Who      adoption.Hash   `json:"who,omitzero"` // zero: nobody
	Same     []adoption.Hash `json:"same,omitempty"`
	Unit     string          `json:"unit,omitempty"`      // empty: nothing is told of units
	UnitName string          `json:"unit_name,omitempty"` // empty: not told
	From     adoption.Day    `json:"from,omitempty"`      // the first day in the unit
}

// Apply stores what facts change. A fact that is known already changes nothing and recomputes nothing, so it may
// come with every sign-in, and a repeat after an error completes what was begun.
//
// Two names that the directory knows as two people stay two: a wrong alias would make one person out of them, and
// nothing could tell them apart again.
func (d *Directory) Apply(ctx context.Context, facts []Fact) error {
	if len(facts) == 0 {
		return nil
	}
	release := d.toucher.Exclusive()
	defer release()
	names, err := d.identify(ctx, hashesOf(facts))
	if err != nil {
		return err
	}
	united, err := d.unite(ctx, names, facts)
	if err != nil {
		return err
	}
	placed, err := d.place(ctx, united, facts)
	if err != nil {
		return err
	}
	units, newestUnit, err := d.nameUnits(ctx, facts)
	if err != nil {
		return err
	}
	if err := d.touchFacts(ctx, united.spans); err != nil {
		return err
	}
	if err := d.touch(ctx, placed.concerned); err != nil {
		return err
	}
	if err := d.storeUnits(ctx, units, d.newVersion(newestUnit)); err != nil {
		return err
	}
	if err := d.storeIdentities(ctx, names); err != nil {
		return err
	}
	return d.storePositions(ctx, placed.changes, d.newVersion(placed.newest))
}

// nobody is who a fact about a unit alone is about.
var nobody adoption.Hash

// hashesOf are all names that facts speak of.
func hashesOf(facts []Fact) map[adoption.Hash]struct{} {
	all := make(map[adoption.Hash]struct{}, 2*len(facts))
	for _, f := range facts {
		if f.Who != nobody {
			all[f.Who] = struct{}{}
		}
		for _, h := range f.Same {
			all[h] = struct{}{}
		}
	}
	return all
}

// touchFacts makes durable the days whose facts are about to change.
func (d *Directory) touchFacts(ctx context.Context, spans []refresh.Span) error {
	if len(spans) == 0 {
		return nil
	}
	if err := d.toucher.Touch(ctx, spans...); err != nil {
		return fmt.Errorf("note the days of people with a second name: %w", err)
	}
	return nil
}

// placing is what facts change in the table people.
type placing struct {
	changes   map[adoption.Person][]position
	concerned []days
	newest    uint64 // the highest version in the table
}

// place puts people into the units that facts name. Who is in the unit on that day already stays as he or she is.
func (d *Directory) place(ctx context.Context, united *united, facts []Fact) (placing, error) {
	p := placing{changes: map[adoption.Person][]position{}}
	wanted := map[adoption.Person][]position{}
	for _, f := range facts {
		if f.Unit != "" && f.Who != nobody {
			wanted[united.person(f.Who)] = nil
		}
	}
	if len(wanted) == 0 {
		return p, nil
	}
	stored, newest, err := d.storedPositions(ctx, wanted)
	if err != nil {
		return p, err
	}
	p.newest = newest
	now := map[adoption.Person][]position{}
	for person := range wanted {
		now[person] = stored[person]
	}
	for _, f := range facts {
		person := united.person(f.Who)
		if f.Unit == "" || f.Who == nobody || isIn(now[person], f.Unit, f.From) {
			continue
		}
		now[person], _ = overlay(now[person], []position{moved(now[person], f)})
	}
	for person, after := range now {
		_, changed := overlay(stored[person], after)
		if len(changed) == 0 {
			continue
		}
		p.changes[person] = changed
		p.concerned = append(p.concerned, differences(memberships(stored[person]), memberships(after), d.today()+1)...)
	}
	return p, nil
}

// isIn tells whether somebody's rows put him or her into a unit on a day.
func isIn(rows []position, unit string, day adoption.Day) bool {
	for _, s := range memberships(rows) {
		if s.first <= day && day <= s.last {
			return s.where == unit
		}
	}
	return false
}

// moved is the row that a fact adds: what the row before it says of the person stays true.
func moved(rows []position, f Fact) position {
	p := position{left: adoption.LastDay}
	for _, r := range rows {
		if r.from <= f.From {
			p = r
		}
	}
	p.from, p.to, p.unit = f.From, adoption.LastDay, f.Unit
	if p.left < p.from { // whoever had left is back
		p.left = adoption.LastDay
	}
	return p
}

// nameUnits are the units that facts name anew, and the highest version in the table. The tree stays as it is: a unit
// that it does not hold is put below the company.
func (d *Directory) nameUnits(ctx context.Context, facts []Fact) (changes []adoption.Unit, newest uint64, err error) {
	named := map[string]string{}
	for _, f := range facts {
		if name := strings.TrimSpace(f.UnitName); f.Unit != "" && name != "" {
			named[f.Unit] = name
		}
	}
	if len(named) == 0 {
		return nil, 0, nil
	}
	stored, newest, err := d.storedUnits(ctx)
	if err != nil {
		return nil, 0, err
	}
	for id, name := range named {
		unit, known := stored[id]
		if !known {
			unit = adoption.Unit{ID: id, Parent: adoption.Company}
		}
		if unit.Name != name {
			unit.Name = name
			changes = append(changes, unit)
		}
	}
	return changes, newest, nil
}
