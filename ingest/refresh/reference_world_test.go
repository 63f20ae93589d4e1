package refresh_test

import (
	"slices"
	"time"

	"uptake/adoption"
)

// lastReceived leaves one event of each identity, those without a meaning apart: they change no figure.
func (w *world) lastReceived() (all, unknown []adoption.Event) {
	type identity struct {
		source string
		id     adoption.Hash
		day    adoption.Day
	}
	last := map[identity]adoption.Event{}
	for _, e := range w.events {
		i := identity{e.Source, e.ID, adoption.DayOf(e.Time, time.UTC)}
		if old, ok := last[i]; !ok || e.Received > old.Received {
			last[i] = e
		}
	}
	for _, e := range last {
		if e.Class == adoption.UnknownUse {
			unknown = append(unknown, e)
		} else {
			all = append(all, e)
		}
	}
	return all, unknown
}

// unitOf is the unit that a person is in on a day, "" if none.
func (w *world) unitOf(p adoption.Person, d adoption.Day) string {
	rows := map[adoption.Day]peopleRow{} // of equal first days the last received wins
	for _, r := range w.people {
		if r.person == p {
			rows[r.from] = r
		}
	}
	unit := ""
	var begun adoption.Day = -1
	for from, r := range rows {
		if from <= d && from > begun {
			begun, unit = from, ""
			if d <= r.to && d <= r.left {
				unit = r.unit
			}
		}
	}
	return unit
}

// hasLicence tells whether a licence row of the tool covers the person and the day.
func (w *world) hasLicence(p adoption.Person, tool string, d adoption.Day) bool {
	type key struct {
		person adoption.Person
		tool   string
		from   adoption.Day
	}
	rows := map[key]licenceRow{}
	for _, l := range w.licences {
		rows[key{l.person, l.tool, l.from}] = l
	}
	for _, l := range rows {
		if l.person == p && l.tool == tool && l.from <= d && d <= l.to {
			return true
		}
	}
	return false
}

// tools are those with an event or a licence row; open are those of them without a licence row ever.
func (w *world) tools(events []adoption.Event) (all, open []string) {
	licensed := map[string]bool{}
	for _, l := range w.licences {
		licensed[l.tool] = true
		all = append(all, l.tool)
	}
	for _, e := range events {
		all = append(all, e.Tool)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, t := range all {
		if !licensed[t] {
			open = append(open, t)
		}
	}
	return all, open
}
