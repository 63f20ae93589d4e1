package demo

import (
	"hash/fnv"

	"uptake/adoption"
)

// company is the whole of it. It is made of the preset and the last day alone.
type company struct {
	preset Preset
	first  adoption.Day // of the year
	seed   uint64
	units  []unit
	people []person
	moves  map[string][]int // units to move to, by entity
	inside [][]int32        // people of each unit on the last day, to talk to
	duty   [toolCount]int   // who does the little that is done on the quietest day
}

func newCompany(preset Preset, lastDay adoption.Day) *company {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(preset))
	c := &company{preset: preset, first: lastDay - Days + 1, seed: seed.Sum64(), units: unitsOf(preset)}
	for i := range c.units {
		if c.units[i].parent == "" {
			c.units[i].parent = adoption.Company
		}
	}
	c.staff()
	c.inside = make([][]int32, len(c.units))
	for i := range c.people {
		if p := &c.people[i]; p.unit != nowhere && p.left == never {
			c.inside[p.second] = append(c.inside[p.second], int32(i))
		}
	}
	c.appoint()
	return c
}

// appoint chooses, for each tool, who keeps it going on a day on which nobody else uses it: a feed that is empty on
// one quiet Sunday and not on another would look broken.
func (c *company) appoint() {
	for t := range tools {
		want := ahead
		switch t {
		case notes:
			want = pilot
		case wiki:
			want = trial
		}
		for i := range c.people {
			if p := &c.people[i]; p.unit != nowhere && c.units[p.unit].role == want && p.joined == always && p.left == never {
				c.duty[t] = i
				p.use[t].from, p.use[t].until = c.begins(t), never
				break
			}
		}
	}
}

// begins is the first day of a tool.
func (c *company) begins(t int) int16 {
	if t == notes {
		return pilotDay
	}
	return 0
}

func (c *company) day(i int) adoption.Day { return c.first + adoption.Day(i) }

// allowed tells whether a person in a unit has access to a tool, and since when.
func (c *company) allowed(u *unit, t int) (since int16, ok bool) {
	switch t {
	case chat:
		return always, u.entity == alder
	case notes:
		return pilotDay, u.role == pilot
	case wiki:
		return 200, u.role == trial
	}
	return always, true
}
