// Package tally counts what people's days with tools come to, by unit and tool and by the values of attributes: Windows
// what speaks of the 28 days that end with a day, Weeks what speaks of ISO weeks. The refresh hands them one person after
// the other and writes down what they hold in the end. They know no store: names are numbers here, sets of days and
// weeks the bits of one.
package tally

import "uptake/adoption"

// AllTools is the number of all tools together. 0 is none; the others are the caller's.
const AllTools = 1

// Attributes is how many attributes people are described by at once.
const Attributes = 3

// Stay is where a person belonged from when to when, and how he or she is described. Stays of a person share no day.
type Stay struct {
	Unit     uint32
	Values   [Attributes]uint32
	From, To adoption.Day
}

// Grant is a licence: access to a tool that needs one, and to all tools, from when to when.
type Grant struct {
	Tool     uint16
	From, To adoption.Day
}

// Names says what numbers there are: of units, tools and values of attributes, each below. 0 is none.
type Names struct {
	Units, Tools, Values int
	Licensed             []bool // by number of the tool: it needs a grant. Others are open to all who belong anywhere
}

// Began is the day on which a person used a tool, or any (AllTools), for the first time ever.
type Began struct {
	Tool uint16
	Day  adoption.Day
}

// Person is what is known of somebody besides what he or she did.
type Person struct {
	Stays  []Stay
	Grants []Grant
	Began  []Began // as far as it matters to what is counted
}

// On is where somebody belongs on a day; nil: nowhere.
func (p *Person) On(d adoption.Day) *Stay {
	for i := range p.Stays {
		if s := &p.Stays[i]; d >= s.From && d <= s.To {
			return s
		}
	}
	return nil
}

// Granted tells whether somebody has a licence of a tool on a day, or of any tool.
func (p *Person) Granted(tool uint16, d adoption.Day) bool {
	for i := range p.Grants {
		if g := &p.Grants[i]; (g.Tool == tool || tool == AllTools) && d >= g.From && d <= g.To {
			return true
		}
	}
	return false
}

// Held tells whether somebody has licences of a tool on every day from..to: one that follows another without a day between
// goes on with it.
func (p *Person) Held(tool uint16, from, to adoption.Day) bool {
	for from <= to {
		until := from - 1
		for i := range p.Grants {
			if g := &p.Grants[i]; g.Tool == tool && from >= g.From && from <= g.To {
				until = max(until, g.To)
			}
		}
		if until < from {
			return false
		}
		from = min(until, to) + 1 // the last day that there is has none after it
	}
	return true
}

// Enabled tells whether somebody with that stay has access to a tool on a day. Nobody who belongs nowhere has.
func (n *Names) Enabled(p *Person, stay *Stay, tool uint16, d adoption.Day) bool {
	return stay != nil && (!n.Licensed[tool] || p.Granted(tool, d))
}

// place is where the group of a number and a tool is counted.
func (n *Names) place(number uint32, tool uint16) int { return int(number)*n.Tools + int(tool) }
