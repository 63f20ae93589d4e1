package tally

import (
	"math/bits"

	"uptake/adoption"
)

const (
	// MostDays is how many days can be counted at once: a set of them, and of the 27 days before, is a number of 64 bits.
	MostDays = 64 - before
	before   = 27        // days of a window before its last
	full     = 1<<28 - 1 // all days of a window, the last of them the highest bit
	lastDay  = 1 << 27   // a window from here on has activity on its last day
	lastWeek = 1 << 21   // or on one of its last seven
)

// Act is what a person did with a tool on a day, not nothing.
type Act struct {
	Tool        uint16
	Offset      uint8 // days since the first that a window reaches to, which is 27 days before the first day counted
	Responded   bool  // responded or shared
	Contributed uint64
	Done        uint64 // actions that make active, contributions among them
}

// WindowsPlan says what is counted.
type WindowsPlan struct {
	Names
	First adoption.Day // day 0
	Days  uint64       // the days counted, bit i: the day i
	By    uint64       // those of them that are broken down by attribute
}

// Use is how a group of people used a tool in the window that ends with a day. All but NotEnabled speak of people with
// access on that day.
type Use struct {
	Active1, Active7, Active28      uint64
	NotEnabled                      uint64
	ActiveDays                      uint64 // of all of them together
	Creators, Responders, Consumers uint64
	Actions                         uint64 // 0 of all tools: those are summed over tools that are shown
	Score                           float64
	Acted, Contributed              Amounts // of units only
}

// group is one unit, or value of an attribute, and tool: a Use for each day up to the last one counted.
type group []Use

// Windows counts, for each of some days, who was active in the 28 days that end with it, how, and how much (METRICS:
// Adoption, Engagement): of each unit and tool, and of each value of an attribute.
type Windows struct {
	plan   WindowsPlan
	days   int     // up to the last one counted
	units  []group // by unit and tool; nil: nobody yet
	values [Attributes][]group
	person person
	one    uint64 // what the person at hand counts for: 1, or less
}

// less takes one away: numbers of people are never below 0 in the end, and on the way it does not matter.
const less = ^uint64(0)

// NewWindows has counted nobody.
func NewWindows(p WindowsPlan) *Windows {
	w := &Windows{plan: p, days: bits.Len64(p.Days), units: make([]group, p.Units*p.Tools)}
	for a := range w.values {
		w.values[a] = make([]group, p.Values*p.Tools)
	}
	w.person.slots = make([]int, p.Tools)
	return w
}

// KnowUnit lets a unit's figures of a day begin with those that are known, and not with nothing.
func (w *Windows) KnowUnit(unit uint32, tool uint16, day int, use Use) {
	w.at(w.units, unit, tool)[day] = use
}

// KnowSpread adds how what people did spreads, where a unit's figures of a day are known.
func (w *Windows) KnowSpread(unit uint32, tool uint16, day int, acted, contributed Amounts) {
	use := &w.at(w.units, unit, tool)[day]
	use.Acted, use.Contributed = acted, contributed
}

// KnowValue lets the figures of a value of an attribute begin with those that are known.
func (w *Windows) KnowValue(attribute int, value uint32, tool uint16, day int, use Use) {
	w.at(w.values[attribute], value, tool)[day] = use
}

// Add counts a person. The list is not kept.
func (w *Windows) Add(acts []Act, of *Person) { w.take(acts, of, 1) }

// Remove takes a person away whom the known figures count, with what he or she did then.
func (w *Windows) Remove(acts []Act, of *Person) { w.take(acts, of, less) }

// take counts a person, as one more or one less.
func (w *Windows) take(acts []Act, of *Person, one uint64) {
	w.one = one
	p := &w.person
	p.gather(acts)
	for days := w.plan.Days; days != 0; days &= days - 1 {
		day := bits.TrailingZeros64(days)
		p.tools(day)
		if p.used == 0 {
			continue
		}
		date := w.plan.First + adoption.Day(day)
		stay := of.On(date)
		for i := range p.uses {
			if u := &p.uses[i]; u.window != 0 {
				w.count(u, day, stay, w.plan.Enabled(of, stay, u.tool, date))
			}
		}
	}
}

// count counts a person's use of a tool in the window that ends with a day.
func (w *Windows) count(u *toolUse, day int, stay *Stay, enabled bool) {
	unit := uint32(0)
	if stay != nil {
		unit = stay.Unit
	}
	in := &w.at(w.units, unit, u.tool)[day]
	if !enabled {
		in.NotEnabled += w.one
		return
	}
	done, contributed := u.done.in(day), u.contributed.in(day)
	one := w.person.weigh(u, day, done)
	if w.one == 1 {
		in.Acted.add(done)
		in.Contributed.add(contributed)
	} else {
		one = one.negative()
		in.Acted.remove(done)
		in.Contributed.remove(contributed)
	}
	in.add(&one)
	if w.plan.By>>day&1 == 0 {
		return
	}
	for a, value := range stay.Values {
		w.at(w.values[a], value, u.tool)[day].add(&one)
	}
}

func (w *Windows) at(groups []group, number uint32, tool uint16) group {
	i := w.plan.place(number, tool)
	if groups[i] == nil {
		groups[i] = make(group, w.days)
	}
	return groups[i]
}

func (u *Use) add(one *Use) {
	u.Active1 += one.Active1
	u.Active7 += one.Active7
	u.Active28 += one.Active28
	u.ActiveDays += one.ActiveDays
	u.Creators += one.Creators
	u.Responders += one.Responders
	u.Consumers += one.Consumers
	u.Actions += one.Actions
	u.Score += one.Score
}

// negative takes away what was added.
func (u *Use) negative() Use {
	return Use{
		Active1: -u.Active1, Active7: -u.Active7, Active28: -u.Active28, ActiveDays: -u.ActiveDays,
		Creators: -u.Creators, Responders: -u.Responders, Consumers: -u.Consumers, Actions: -u.Actions, Score: -u.Score,
	}
}

// Units calls row for each unit, tool and counted day on which somebody was active.
func (w *Windows) Units(row func(unit uint32, tool uint16, day int, use *Use) error) error {
	return w.each(w.units, w.plan.Days, row)
}

// Values calls row for each value of an attribute, tool and day broken down on which somebody with access was active.
func (w *Windows) Values(attribute int, row func(value uint32, tool uint16, day int, use *Use) error) error {
	return w.each(w.values[attribute], w.plan.By, row)
}

func (w *Windows) each(groups []group, days uint64, row func(number uint32, tool uint16, day int, use *Use) error) error {
	for i, g := range groups {
		for rest := days; g != nil && rest != 0; rest &= rest - 1 {
			day := bits.TrailingZeros64(rest)
			if use := &g[day]; use.Active28+use.NotEnabled > 0 {
				if use.Active28 == 0 {
					use.Score = 0 // and not what rounding left when somebody was taken away
				}
				if err := row(uint32(i/w.plan.Tools), uint16(i%w.plan.Tools), day, use); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
