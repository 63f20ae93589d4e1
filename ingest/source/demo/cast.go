package demo

import (
	"slices"

	"uptake/adoption"
)

// Cast names the units that play a part in the story of a company, for what is entered about it: assumptions, targets,
// stages, its pilot.
type Cast struct {
	People  int    // of all units, about
	Ahead   string // the unit that uses most
	Stalled string // the one that stopped in the middle of the year
	Tried   []string
	Others  []string // units like those that tried Meeting Notes, without a part of their own
	// PilotStart is the first day of Meeting Notes; the pilot ends with the last day of the company.
	PilotStart adoption.Day
}

// Of the bank, so many units of each side take part in its pilot.
const (
	mostTried  = 12
	mostOthers = 24
)

// CastOf is the cast of a preset whose year ends with lastDay.
func CastOf(preset Preset, lastDay adoption.Day) Cast {
	units := unitsOf(preset)
	c := Cast{PilotStart: lastDay - Days + 1 + pilotDay}
	for _, u := range units {
		c.People += u.people
		leaf := !slices.ContainsFunc(units, func(below unit) bool { return below.parent == u.id })
		switch {
		case u.role == ahead && c.Ahead == "":
			c.Ahead = u.id
		case u.role == stalled && c.Stalled == "":
			c.Stalled = u.id
		case u.role == pilot && leaf:
			c.Tried = append(c.Tried, u.id)
		case u.role == ordinary && leaf:
			c.Others = append(c.Others, u.id)
		}
	}
	c.Tried, c.Others = evenly(c.Tried, mostTried), evenly(c.Others, mostOthers)
	return c
}

// evenly takes so many of a list, evenly.
func evenly(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	taken := make([]string, most)
	for i := range taken {
		taken[i] = list[i*len(list)/most]
	}
	return taken
}
