package ingest

import (
	"bytes"
	"context"
	"errors"
	"time"

	"uptake/adoption"
	"uptake/ingest/mapping"
	"uptake/ingest/wire"
)

// errNoDirectory says that a note with facts came to a loader that has nobody to give them to.
var errNoDirectory = errors.New("this loader has no directory")

// What is wrong with what a client tells of people.
const (
	unitReserved = "The unit's id has a meaning of its own in Uptake; give the group another one."
	groupMissing = "The group has no id."
)

// tells tells whether a fact says anything: an identify call may tell no more than the name that the events bear.
func (f *Fact) tells() bool { return len(f.Same) > 0 || f.Unit != "" }

// fact reads what an identify or group call tells of a person. What it calls a person leaves this function as a hash
// only.
func (c *checker) fact(r *wire.Record, people mapping.People) (f Fact, wrong *wire.Refusal) {
	if actor := bytes.TrimSpace(r.Actor); len(actor) > maxActor {
		return f, &wire.Refusal{Field: "actor", Reason: actorTooLong}
	} else if len(actor) > 0 {
		f.Who = c.pseudonyms.Address(string(actor))
	} else if r.Kind == wire.Identify {
		return f, &wire.Refusal{Field: "actor", Reason: missing}
	}
	if r.Kind == wire.Identify {
		f.Same = c.furtherNames(r, people)
		f.Unit = string(bytes.TrimSpace(mapping.First(r, people.Unit)))
	} else if group := string(bytes.TrimSpace(r.Field("group_id"))); group == "" {
		return f, &wire.Refusal{Field: "group_id", Reason: groupMissing}
	} else if people.IsUnit(string(r.Field("group_type"))) {
		f.Unit = group
	}
	if f.Unit == "" {
		return f, nil
	}
	f.UnitName = string(bytes.TrimSpace(mapping.First(r, people.UnitNames(r.Kind))))
	if wrong := checkUnit(f); wrong != nil {
		return f, wrong
	}
	f.From, wrong = c.factDay(r)
	return f, wrong
}

// furtherNames are the other names that a record gives its person.
func (c *checker) furtherNames(r *wire.Record, people mapping.People) (same []adoption.Hash) {
	add := func(name []byte) {
		name = bytes.TrimSpace(name)
		if len(name) == 0 || len(name) > maxActor || bytes.Equal(name, bytes.TrimSpace(r.Actor)) {
			return
		}
		same = append(same, c.pseudonyms.Address(string(name)))
	}
	add(mapping.First(r, people.Email))
	add(r.Field("anonymous_id"))
	for _, f := range r.Fields {
		if string(f.Path) == "previous_id" {
			add(f.Value)
		}
	}
	return same
}

// checkUnit holds a unit that a client names against the rules of the directory's files.
func checkUnit(f Fact) *wire.Refusal {
	switch {
	case len(f.Unit) > maxUnitID:
		return &wire.Refusal{Field: "unit", Reason: unitTooLong}
	case !graphic(f.Unit):
		return &wire.Refusal{Field: "unit", Reason: notPrintable}
	case reservedUnit(f.Unit):
		return &wire.Refusal{Field: "unit", Reason: unitReserved}
	case len(f.UnitName) > maxName || !graphic(f.UnitName):
		return &wire.Refusal{Field: "unit_name", Reason: unitNameWrong}
	}
	return nil
}

var unitTooLong, unitNameWrong = tooLong(maxUnitID), tooLong(maxName) + " It must be printable."

// factDay is the first day for which a record speaks: that of its time, or, where it tells none, of its arrival.
func (c *checker) factDay(r *wire.Record) (adoption.Day, *wire.Refusal) {
	at := c.now
	if len(bytes.TrimSpace(r.Time)) > 0 {
		t, dateOnly, reason := parseTime(r.Time)
		if at = t; dateOnly {
			at = adoption.DayOf(t, time.UTC).Start(c.rules.Zone)
		}
		switch {
		case reason != "":
			return 0, &wire.Refusal{Field: "time", Reason: reason}
		case t.Unix() < 0:
			return 0, &wire.Refusal{Field: "time", Reason: timeTooEarly}
		case at.After(c.now.Add(maxAhead)):
			return 0, &wire.Refusal{Field: "time", Reason: timeAhead}
		}
	}
	return max(adoption.DayOf(at, c.rules.Zone), 0), nil
}

// factsInNote bounds the length of a note.
const factsInNote = 2000

// Tell makes facts durable; the loader brings them into the directory. Its errors are those of Publish.
func (s *Spool) Tell(ctx context.Context, facts []Fact) error {
	for len(facts) > 0 {
		n := min(len(facts), factsInNote)
		message, err := encodeNote(note{Directory: facts[:n]})
		if err != nil {
			return err
		}
		if err := s.Publish(ctx, message); err != nil {
			return err
		}
		facts = facts[n:]
	}
	return nil
}
