package tally

import (
	"math/bits"

	"uptake/adoption"
)

const (
	// MostWeeks is how many weeks can be counted at once.
	MostWeeks = 12
	// WeeksBefore is how many weeks before the first one counted what people did is looked at.
	WeeksBefore = 12
)

// Did is what a person did with a tool on a day of a week.
type Did struct {
	Tool uint16
	Week uint8 // 0 begins WeeksBefore weeks before the first one counted
	Done uint8 // actions that make active, at most Enough of them
}

// WeeksPlan says what is counted. Sets of weeks have bit i for the week i.
type WeeksPlan struct {
	Names
	First   adoption.Day   // the Monday of week 0
	Weeks   int            // how many there are, at most MostWeeks
	Closed  adoption.Day   // the last day that is over: people of the running week are placed on it
	Cycles  uint32         // weeks whose life cycle is counted
	By      uint32         // those of them that are broken down by attribute
	Cohorts uint32         // weeks whose active people are counted by when they began
	Habits  []adoption.Day // days of the weeks, in order, for which people are sorted by the 12 weeks before
}

// Weeks counts what speaks of ISO weeks.
type Weeks struct {
	plan    WeeksPlan
	cycles  [1 + Attributes][][]Cycle // of units, then of each attribute's values, by their number and the tool; nil: nobody yet
	habits  [][]Habit                 // of units, likewise
	cohorts []cohorts                 // of units, likewise

	// Of the person at hand:
	one   uint64   // what he or she counts for: 1, or less
	tools []uint16 // those that he or she used, and AllTools
	uses  []weeksUse
}

// weeksUse is what somebody did with a tool.
type weeksUse struct {
	used  uint32 // bit i: in the week WeeksBefore before the week i
	done  [WeeksBefore + MostWeeks]uint32
	began adoption.Day // 0: long before
	is    kind         // in the week at hand
}

// NewWeeks has counted nobody.
func NewWeeks(p WeeksPlan) *Weeks {
	w := &Weeks{plan: p, uses: make([]weeksUse, p.Tools), habits: make([][]Habit, p.Units*p.Tools), cohorts: make([]cohorts, p.Units*p.Tools)}
	w.cycles[0] = make([][]Cycle, p.Units*p.Tools)
	for a := range Attributes {
		w.cycles[1+a] = make([][]Cycle, p.Values*p.Tools)
	}
	return w
}

// Add counts a person. The list is not kept.
func (w *Weeks) Add(did []Did, of *Person) { w.take(did, of, 1) }

// Remove takes a person away whom the known figures count, with what he or she did then.
func (w *Weeks) Remove(did []Did, of *Person) { w.take(did, of, less) }

// take counts a person, as one more or one less.
func (w *Weeks) take(did []Did, of *Person, one uint64) {
	w.one = one
	w.gather(did, of)
	for weeks := w.plan.Cycles; weeks != 0; weeks &= weeks - 1 {
		w.countCycles(bits.TrailingZeros32(weeks), of)
	}
	w.countCohorts(of)
	w.countHabits(of)
}

// gather takes up what somebody did.
func (w *Weeks) gather(did []Did, of *Person) {
	for _, tool := range w.tools {
		w.uses[tool] = weeksUse{}
	}
	w.tools = append(w.tools[:0], AllTools)
	for i := range did {
		d := &did[i]
		if w.uses[d.Tool].used == 0 {
			w.tools = append(w.tools, d.Tool)
		}
		w.uses[d.Tool].take(d)
		w.uses[AllTools].take(d)
	}
	for _, b := range of.Began {
		if u := &w.uses[b.Tool]; u.used != 0 {
			u.began = b.Day
		}
	}
}

func (u *weeksUse) take(d *Did) {
	u.used |= 1 << d.Week
	u.done[d.Week] += uint32(d.Done)
}

// in tells whether the tool was used in a week; -1 is the one before the first counted.
func (u *weeksUse) in(week int) bool { return u.used>>(WeeksBefore+week)&1 != 0 }

func (p *WeeksPlan) monday(week int) adoption.Day { return p.First + 7*adoption.Day(week) }

// week is the number of the week of a Monday.
func (p *WeeksPlan) week(monday adoption.Day) int { return int(monday-p.First) / 7 }

// placed is the day on which people of the week of a Monday are placed: its last one, or, while it runs, the last day
// that is over.
func (p *WeeksPlan) placed(monday adoption.Day) adoption.Day { return min(monday+6, p.Closed) }
