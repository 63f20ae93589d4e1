package tally

import (
	"math/bits"

	"uptake/adoption"
)

// Cycle is how many people of a group use a tool in a week for the first time ever, as in the week before, or again, and
// how many stopped with that week (METRICS: Life cycle).
type Cycle struct{ New, Returning, Resurrected, Dormant uint64 }

// countCycles counts a person in a week, placed on one of its days.
func (w *Weeks) countCycles(week int, of *Person) {
	monday := w.plan.monday(week)
	placed := w.plan.placed(monday)
	stay := of.On(placed)
	for _, tool := range w.tools {
		u := &w.uses[tool]
		now, before := u.in(week), u.in(week-1)
		if !now && !before || !w.plan.Enabled(of, stay, tool, placed) {
			continue
		}
		first := u.began >= monday && u.began < monday+7
		w.cycle(0, stay.Unit, tool, week).add(now, before, first, w.one)
		if w.plan.By>>week&1 == 0 {
			continue
		}
		for a, value := range stay.Values {
			w.cycle(1+a, value, tool, week).add(now, before, first, w.one)
		}
	}
}

func (w *Weeks) cycle(of int, number uint32, tool uint16, week int) *Cycle {
	in := &w.cycles[of][w.plan.place(number, tool)]
	if *in == nil {
		*in = make([]Cycle, w.plan.Weeks)
	}
	return &(*in)[week]
}

func (c *Cycle) add(now, before, first bool, one uint64) {
	switch {
	case now && first:
		c.New += one
	case now && before:
		c.Returning += one
	case now:
		c.Resurrected += one
	default:
		c.Dormant += one
	}
}

// KnowUnit lets a unit's life cycle of a week, told by its Monday, begin with what is known, and not with nothing.
func (w *Weeks) KnowUnit(unit uint32, tool uint16, monday adoption.Day, c Cycle) {
	*w.cycle(0, unit, tool, w.plan.week(monday)) = c
}

// KnowValue does so for a value of an attribute.
func (w *Weeks) KnowValue(attribute int, value uint32, tool uint16, monday adoption.Day, c Cycle) {
	*w.cycle(1+attribute, value, tool, w.plan.week(monday)) = c
}

// Units calls row for the life cycle of each unit, tool and week, told by its Monday, in which somebody is.
func (w *Weeks) Units(row func(unit uint32, tool uint16, monday adoption.Day, c Cycle) error) error {
	return w.eachCycle(0, w.plan.Cycles, row)
}

// Values does so for each value of an attribute, in the weeks that are broken down.
func (w *Weeks) Values(attribute int, row func(value uint32, tool uint16, monday adoption.Day, c Cycle) error) error {
	return w.eachCycle(1+attribute, w.plan.By, row)
}

func (w *Weeks) eachCycle(of int, weeks uint32, row func(number uint32, tool uint16, monday adoption.Day, c Cycle) error) error {
	for i, in := range w.cycles[of] {
		for rest := weeks; in != nil && rest != 0; rest &= rest - 1 {
			week := bits.TrailingZeros32(rest)
			if c := in[week]; c != (Cycle{}) {
				if err := row(uint32(i/w.plan.Tools), uint16(i%w.plan.Tools), w.plan.monday(week), c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
