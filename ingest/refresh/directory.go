package refresh

import (
	"context"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

var (
	//go:embed stays.sql
	selectStays string
	//go:embed grants.sql
	selectGrants string
	//go:embed firsts.sql
	selectFirsts string
)

// directory is where people belong, what they have licences for and when they began, as far as a refresh asks: some 300
// bytes a person. The store, asked to place people in each statement about them, took up to a tenth of a second to plan
// each, however small the company (ADR 12).
type directory struct {
	tools, units, values []string // by number; 0 is none
	licensed             []bool   // tools, by number; all together where none of them is open

	people  []tally.Person
	persons map[uint64]int    // their places in people
	tool    map[string]uint16 // numbers of tools
}

// remembered is the directory of the last refresh, and what it was read from. A refresh of a day of a large company takes less time
// than reading it again.
type remembered struct {
	*directory
	from     stretch
	versions beginState
	allOpen  bool
}

// readDirectory reads what is so on any day on which people are placed, or remembers it: the versions of the directory say
// whether it is the same.
func (w *work) readDirectory(ctx context.Context) (*directory, error) {
	is := remembered{from: w.placedOn(), versions: w.rests.beginState, allOpen: w.is.allOpen()}
	last := w.directory
	if last.directory == nil || last.versions != is.versions || last.allOpen != is.allOpen || last.from.from > is.from.from || last.from.to < is.from.to {
		w.directory = remembered{} // one of them is enough
		d, err := w.readPlaces(ctx, is.from)
		if err != nil {
			return nil, err
		}
		is.directory = d
		w.directory = is
	}
	d := w.directory.directory
	for i := range d.people {
		d.people[i].Began = nil
	}
	return d, w.readFirsts(ctx, d)
}

// readPlaces reads where people belong and what they have licences for on any day of a stretch.
func (w *work) readPlaces(ctx context.Context, s stretch) (*directory, error) {
	d := &directory{
		tools: append([]string{"", "all"}, w.tools.all()...), units: []string{"unassigned"}, values: []string{""},
		people: []tally.Person{{}}, persons: map[uint64]int{}, tool: map[string]uint16{},
	}
	d.licensed = make([]bool, len(d.tools))
	for i, tool := range d.tools {
		d.tool[tool] = uint16(i)
		d.licensed[i] = slices.Contains(w.tools.licensed, tool)
	}
	d.licensed[tally.AllTools] = !w.is.allOpen()
	p := params{"from": s.from, "to": s.to}
	if err := w.readStays(ctx, p, d); err != nil {
		return nil, err
	}
	return d, w.readGrants(ctx, s, d)
}

// readStays reads the people of each unit, location, role and year of hiring.
func (w *work) readStays(ctx context.Context, p params, d *directory) error {
	units, values := map[string]uint32{}, map[string]uint32{}
	number := func(numbers map[string]uint32, names *[]string, name string) uint32 {
		if numbers[name] == 0 {
			numbers[name] = uint32(len(*names))
			*names = append(*names, name)
		}
		return numbers[name]
	}
	var unit, location, role, hired string
	var text []byte
	var spans []span
	return w.each(ctx, "read where people belong", selectStays, p, func(scan scanner) error {
		if err := scan(&unit, &location, &role, &hired, &text); err != nil {
			return err
		}
		if err := decode(&spans, text, spanWidth, readSpan); err != nil {
			return err
		}
		stay := tally.Stay{Unit: number(units, &d.units, unit)}
		for a, value := range []string{location, role, hired} {
			stay.Values[a] = number(values, &d.values, value)
		}
		for _, s := range spans {
			stay.From, stay.To = s.from, s.to
			of := d.place(s.person)
			of.Stays = append(of.Stays, stay)
		}
		return nil
	})
}

// The attributes in the order in which a Stay has them.
var attributes = [tally.Attributes]string{"location", "role", "hire_cohort"}

// readGrants reads who has licences of each tool, also on the days before that seats must have been held.
func (w *work) readGrants(ctx context.Context, s stretch, d *directory) error {
	p := params{"from": max(s.from-seatDays+1, 0), "to": s.to}
	var tool string
	var text []byte
	var spans []span
	return w.each(ctx, "read who has licences", selectGrants, p, func(scan scanner) error {
		if err := scan(&tool, &text); err != nil {
			return err
		}
		if err := decode(&spans, text, spanWidth, readSpan); err != nil {
			return err
		}
		for _, s := range spans {
			of := d.place(s.person)
			of.Grants = append(of.Grants, tally.Grant{Tool: d.tool[tool], From: s.from, To: s.to})
		}
		return nil
	})
}

// readFirsts reads when people began with tools, if a planned week asks: the life cycle of a week asks for its own days,
// cohorts for the weeks before in which they can have begun.
func (w *work) readFirsts(ctx context.Context, d *directory) error {
	if len(w.weeks)+len(w.byWeeks)+len(w.cohorts) == 0 {
		return nil
	}
	from := w.today
	for _, set := range []days{w.weeks, w.byWeeks} {
		for monday := range set {
			from = min(from, monday)
		}
	}
	for monday := range w.cohorts {
		from = min(from, max(monday-cohortSpan, w.firstWeek()))
	}
	whom := everybody()
	if anew := w.weekly().less(w.moved.in); len(anew.weeks)+len(anew.byWeeks)+len(anew.cohorts) == 0 {
		whom = w.ofWhom()
	}
	return w.readBegan(ctx, from, w.today, whom, func(tool string, b began) {
		if i, known := d.persons[b.person]; known {
			d.people[i].Began = append(d.people[i].Began, tally.Began{Tool: d.tool[tool], Day: b.day})
		}
	})
}

// readBegan calls found for each of some people who began with a tool, or any, on one of the days from..to.
func (w *work) readBegan(ctx context.Context, from, to adoption.Day, whom params, found func(tool string, b began)) error {
	var tool string
	var text []byte
	var list []began
	whom["from"], whom["to"] = from, to
	return w.each(ctx, "read when people began", selectFirsts, whom, func(scan scanner) error {
		if err := scan(&tool, &text); err != nil {
			return err
		}
		if err := decode(&list, text, beganWidth, readBegan); err != nil {
			return err
		}
		for _, b := range list {
			found(tool, b)
		}
		return nil
	})
}

// place is a person's place in the directory, made if it is missing.
func (d *directory) place(person uint64) *tally.Person {
	i, ok := d.persons[person]
	if !ok {
		i = len(d.people)
		d.people, d.persons[person] = append(d.people, tally.Person{}), i
	}
	return &d.people[i]
}

// of is what is known of a person; nothing of those who are not in the directory.
func (d *directory) of(person uint64) *tally.Person { return &d.people[d.persons[person]] }

// enabled is the number of the unit in which a person belongs on a day, with access to a tool; 0 where that is not so.
func (d *directory) enabled(person uint64, tool string, on adoption.Day) (unit uint32) {
	p := d.of(person)
	stay, number := p.On(on), d.tool[tool]
	if stay == nil || d.licensed[number] && !p.Granted(number, on) {
		return 0
	}
	return stay.Unit
}

// toolList is the names of tools as a parameter: by number, from 1 on, in hexadecimal digits.
func (d *directory) toolList() string {
	names := make([]string, 0, len(d.tools))
	for _, tool := range d.tools[1:] {
		names = append(names, hex.EncodeToString([]byte(tool)))
	}
	return strings.Join(names, ",")
}

// numbers says which numbers there are.
func (d *directory) numbers() tally.Names {
	return tally.Names{Units: len(d.units), Tools: len(d.tools), Values: len(d.values), Licensed: d.licensed}
}

// groups is how many units and tools there are together.
func (d *directory) groups() int { return len(d.units) * len(d.tools) }

// tools are those that anybody has used or has a licence of.
type tools struct{ licensed, open []string }

func (t tools) all() []string { return slices.Concat(t.licensed, t.open) }

// placedOn is the stretch of all days on which people are placed.
func (w *work) placedOn() stretch {
	s := stretch{w.is.upTo, w.is.upTo}
	for _, set := range []days{w.size, w.cells, w.between, w.use, w.spread, w.by, w.habits} {
		for d := range set {
			s.from = min(s.from, d)
		}
	}
	// People of a week are placed on one of its days, or, on a Monday, on the day before.
	for _, set := range []days{w.weeks, w.byWeeks} {
		for monday := range set {
			s.from = min(s.from, monday-1)
		}
	}
	for monday := range w.cohorts {
		s.from = min(s.from, monday-cohortSpan-1)
	}
	s.from = max(s.from, 0)
	return s
}

// began is when a person began.
type began struct {
	person uint64
	day    adoption.Day
}

// span is from when to when something is so of a person.
type span struct {
	person   uint64
	from, to adoption.Day
}
