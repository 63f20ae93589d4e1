// Package tally counts what people's days with tools come to: for each of some days, of each unit and tool, and of each
// value of an attribute, who was active in the 28 days that end with it, how, and how much (METRICS: Adoption,
// Engagement). The refresh hands it one person after the other and writes down what it holds in the end. It knows no
// store: names are numbers here, days the bits of one.
package tally

import "math/bits"

const (
	// MostDays is how many days can be counted at once: a set of them, and of the 27 days before, is a number of 64 bits.
	MostDays = 64 - before
	before   = 27        // days of a window before its last
	full     = 1<<28 - 1 // all days of a window, the last of them the highest bit
	lastDay  = 1 << 27   // a window from here on has activity on its last day
	lastWeek = 1 << 21   // or on one of its last seven
)

// AllTools is the number of all tools together. 0 is none; the others are the caller's.
const AllTools = 1

// Attributes is how many attributes people are described by at once.
const Attributes = 3

// Act is what a person did with a tool on a day, not nothing.
type Act struct {
	Tool        uint16
	Offset      uint8 // days since the first that a window reaches to, which is 27 days before the first day counted
	Responded   bool  // responded or shared
	Contributed uint64
	Done        uint64 // actions that make active, contributions among them
}

// Stay is where a person belonged on the days Here, and how he or she is described. Stays of a person share no day.
type Stay struct {
	Unit   uint32
	Values [Attributes]uint32
	Here   uint64 // bit i: on the day i
}

// Grant says on which days a person had access to a tool that needs a licence.
type Grant struct {
	Tool uint16
	On   uint64
}

// Plan says what is counted.
type Plan struct {
	Units    int    // their numbers are below; 0 is none
	Tools    int    // their numbers are below
	Values   int    // of attributes; their numbers are below
	Licensed []bool // by number of the tool: it needs a grant. Others are open to all who have a unit
	Days     uint64 // the days counted, bit i: the day i
	By       uint64 // those of them that are broken down by attribute
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

// Tally holds what was counted so far.
type Tally struct {
	plan   Plan
	days   int     // up to the last one counted
	units  []group // by unit and tool; nil: nobody yet
	values [Attributes][]group
	person person
}

// New is a tally of nobody.
func New(p Plan) *Tally {
	t := &Tally{plan: p, days: bits.Len64(p.Days), units: make([]group, p.Units*p.Tools)}
	for a := range t.values {
		t.values[a] = make([]group, p.Values*p.Tools)
	}
	t.person.slots = make([]int, p.Tools)
	return t
}

// Add counts a person. The three lists are not kept.
func (t *Tally) Add(acts []Act, stays []Stay, grants []Grant) {
	p := &t.person
	p.gather(acts)
	for days := t.plan.Days; days != 0; days &= days - 1 {
		day := bits.TrailingZeros64(days)
		p.tools(day)
		if p.used == 0 {
			continue
		}
		stay := stayOn(stays, day)
		for i := range p.uses {
			if window := p.uses[i].window; window != 0 {
				t.count(&p.uses[i], day, stay, t.granted(p.uses[i].tool, stay, grants, day))
			}
		}
	}
}

// granted tells whether somebody with that stay has access on a day. Nobody without a unit has.
func (t *Tally) granted(tool uint16, stay *Stay, grants []Grant, day int) bool {
	if stay == nil || stay.Unit == 0 {
		return false
	}
	if !t.plan.Licensed[tool] {
		return true
	}
	for _, g := range grants {
		if g.Tool == tool {
			return g.On>>day&1 != 0
		}
	}
	return false
}

func stayOn(stays []Stay, day int) *Stay {
	for i := range stays {
		if stays[i].Here>>day&1 != 0 {
			return &stays[i]
		}
	}
	return nil
}

// count counts a person's use of a tool in the window that ends with a day.
func (t *Tally) count(u *toolUse, day int, stay *Stay, enabled bool) {
	unit := uint32(0)
	if stay != nil {
		unit = stay.Unit
	}
	in := &t.at(t.units, unit, u.tool)[day]
	if !enabled {
		in.NotEnabled++
		return
	}
	done, contributed := u.done.in(day), u.contributed.in(day)
	one := t.person.weigh(u, day, done)
	in.add(&one)
	in.Acted.add(done)
	in.Contributed.add(contributed)
	if t.plan.By>>day&1 == 0 {
		return
	}
	for a, value := range stay.Values {
		t.at(t.values[a], value, u.tool)[day].add(&one)
	}
}

func (t *Tally) at(groups []group, number uint32, tool uint16) group {
	i := int(number)*t.plan.Tools + int(tool)
	if groups[i] == nil {
		groups[i] = make(group, t.days)
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

// Units calls row for each unit, tool and counted day on which somebody was active.
func (t *Tally) Units(row func(unit uint32, tool uint16, day int, use *Use) error) error {
	return t.each(t.units, t.plan.Days, row)
}

// Values calls row for each value of an attribute, tool and day broken down on which somebody with access was active.
func (t *Tally) Values(attribute int, row func(value uint32, tool uint16, day int, use *Use) error) error {
	return t.each(t.values[attribute], t.plan.By, row)
}

func (t *Tally) each(groups []group, days uint64, row func(number uint32, tool uint16, day int, use *Use) error) error {
	for i, g := range groups {
		for rest := days; g != nil && rest != 0; rest &= rest - 1 {
			day := bits.TrailingZeros64(rest)
			if use := &g[day]; use.Active28+use.NotEnabled > 0 {
				if err := row(uint32(i/t.plan.Tools), uint16(i%t.plan.Tools), day, use); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
