package demo

import (
	"time"

	"uptake/adoption"
)

// figures are what the events of a company mean, calculated in the plainest way, for the checks of the story.
type figures struct {
	c      *company
	active []map[int]map[int]bool // by day: person → tools with an active action
	events int
}

func count(c *company) *figures {
	f := &figures{c: c}
	number := map[adoption.Hash]int{}
	a := newActivity(c, time.UTC, func(address string) (h adoption.Hash) { copy(h[:], address); return h })
	for i := range c.people {
		number[a.actors[i]] = i
	}
	tool := map[string]int{}
	for t := range tools {
		tool[tools[t].id] = t
	}
	var list []adoption.Event
	for day := range Days {
		list = a.events(day, list[:0])
		active := map[int]map[int]bool{}
		for i := range list {
			who := number[list[i].Actor]
			if active[who] == nil {
				active[who] = map[int]bool{}
			}
			active[who][tool[list[i].Tool]] = true
		}
		f.active = append(f.active, active)
		f.events += len(list)
	}
	return f
}

// below tells whether a unit is another or lies below it.
func (f *figures) below(unit int, top string) bool {
	for unit >= 0 {
		if f.c.units[unit].id == top {
			return true
		}
		parent := f.c.units[unit].parent
		unit = -1
		for i := range f.c.units {
			if f.c.units[i].id == parent {
				unit = i
			}
		}
	}
	return top == adoption.Company
}

// rate is the adoption rate of a unit for a tool, or for all (toolCount), on a day, and the people behind it.
func (f *figures) rate(top string, tool, day int) (rate float64, enabled, active, without int) {
	seen := map[int]bool{}
	for d := max(0, day-27); d <= day; d++ {
		for who, tools := range f.active[d] {
			if tool == toolCount || tools[tool] {
				seen[who] = true
			}
		}
	}
	for i := range f.c.people {
		p := &f.c.people[i]
		if p.unit == nowhere || !p.employed(int16(day)) || !f.below(p.at(int16(day)), top) {
			continue
		}
		has := tool == toolCount
		if !has {
			since, ok := f.c.allowed(&f.c.units[p.unit], tool)
			has = ok && int16(day) >= since
		}
		switch {
		case has:
			enabled++
			if seen[i] {
				active++
			}
		case seen[i]:
			without++
		}
	}
	return float64(active) / float64(max(enabled, 1)), enabled, active, without
}
