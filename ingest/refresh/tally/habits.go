package tally

import (
	"math/bits"
	"slices"

	"uptake/adoption"
)

const (
	// Enough is how many actions in 12 weeks are as good as any more: 15 a week.
	Enough       = 15 * habitWeeks
	habitWeeks   = 12
	habitual     = 9 // weeks of them with activity
	windowOfWeek = 1<<habitWeeks - 1
)

// Habit is how many people of a group are of each kind, by what they did in the 12 weeks that end before a day
// (METRICS: Habit).
type Habit struct{ Power, Habitual, Novice, Low uint64 }

type kind uint8

const (
	none kind = iota
	power
	habit
	novice
	low
)

// kind is what the 12 weeks before a week make of a person: the first that fits.
func (u *weeksUse) kind(week int) kind {
	weeks, done := bits.OnesCount32(u.used>>week&windowOfWeek), uint32(0)
	for _, n := range u.done[week : week+habitWeeks] {
		done += n
	}
	switch {
	case weeks >= habitual && done >= Enough:
		return power
	case weeks >= habitual:
		return habit
	case done >= habitWeeks:
		return novice
	case done > 0:
		return low
	}
	return none
}

// countHabits counts a person on the days planned. Those of a week have the same 12 weeks before them.
func (w *Weeks) countHabits(of *Person) {
	last := -1
	for i, d := range w.plan.Habits {
		if week := int(d-w.plan.First) / 7; week != last {
			for _, tool := range w.tools {
				w.uses[tool].is = w.uses[tool].kind(week)
			}
			last = week
		}
		stay := of.On(d)
		for _, tool := range w.tools {
			if is := w.uses[tool].is; is != none && w.plan.Enabled(of, stay, tool, d) {
				w.habit(stay.Unit, tool, i).add(is, w.one)
			}
		}
	}
}

func (w *Weeks) habit(unit uint32, tool uint16, day int) *Habit {
	in := &w.habits[w.plan.place(unit, tool)]
	if *in == nil {
		*in = make([]Habit, len(w.plan.Habits))
	}
	return &(*in)[day]
}

func (h *Habit) add(is kind, one uint64) {
	switch is {
	case power:
		h.Power += one
	case habit:
		h.Habitual += one
	case novice:
		h.Novice += one
	case low:
		h.Low += one
	}
}

// KnowHabit lets a unit's habits of a planned day begin with what is known, and not with nothing.
func (w *Weeks) KnowHabit(unit uint32, tool uint16, day adoption.Day, h Habit) {
	if i, planned := slices.BinarySearch(w.plan.Habits, day); planned {
		*w.habit(unit, tool, i) = h
	}
}

// Habits calls row for each unit, tool and planned day, told by its place in the plan, on which somebody is of any kind.
func (w *Weeks) Habits(row func(unit uint32, tool uint16, day int, h Habit) error) error {
	for i, in := range w.habits {
		for day, h := range in {
			if h == (Habit{}) {
				continue
			}
			if err := row(uint32(i/w.plan.Tools), uint16(i%w.plan.Tools), day, h); err != nil {
				return err
			}
		}
	}
	return nil
}
