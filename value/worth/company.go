package worth

import (
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// Counts are counted actions by class: of a person, day, tool and class at most adoption's cap.
type Counts map[adoption.Class]uint64

// Use is what the people of a unit, those below it included, did with a tool, and how many they are. It holds figures of
// the gate alone.
type Use struct {
	Unit, Tool  string
	Span        Counts  // in the span asked about
	Last        Counts  // in the last 28 days of it
	SpanSeconds float64 // spent in the tool
	LastSeconds float64
	Headcount   uint64
	Enabled     uint64
	Active      uint64  // in the last 28 days
	Habitual    *uint64 // nil where it is not known
	Retained    *uint64
	Seats       uint64  // paid for; 0: as many as are enabled
	Unused      *uint64 // seats held and not used for 28 days; nil where it is not known
	Unassigned  *uint64 // seats paid for that nobody holds; nil where it is not known
}

// seats are the seats that are paid for.
func (u *Use) seats() float64 {
	if u.Seats > 0 {
		return float64(u.Seats)
	}
	return float64(u.Enabled)
}

// weight is what a shared cost is spread by.
func (u *Use) weight(by assumptions.Spread) float64 {
	switch by {
	case assumptions.ByHeadcount:
		return float64(u.Headcount)
	case assumptions.ByActive:
		return float64(u.Active)
	}
	return float64(u.Enabled)
}

// Place is a unit and the one above it, "" for the company.
type Place struct{ ID, Parent string }

// Company is all that may be shown: units, their use of tools, and the span that it is about. What is hidden is in the
// figures of the units above it and nowhere else.
type Company struct {
	Units    []Place
	Uses     []Use
	From, To adoption.Day
}

// days is the length of the span.
func (c Company) days() float64 { return float64(c.To-c.From) + 1 }

const (
	classes    = 6
	yearDays   = 365.0
	yearMonths = 12.0
	lastDays   = 28.0
	// aMonth makes a month of the last 28 days.
	aMonth = yearDays / lastDays / yearMonths
)

// byClass are amounts by class, in the order of adoption.Classes.
type byClass [classes]float64

func (c Counts) byClass() (v byClass) {
	for i, class := range adoption.Classes() {
		v[i] = float64(c[class])
	}
	return v
}

func (v byClass) plus(o byClass) byClass {
	for i := range v {
		v[i] += o[i]
	}
	return v
}

func (v byClass) minus(o byClass) byClass {
	for i := range v {
		v[i] -= o[i]
	}
	return v
}

func (v byClass) times(f float64) byClass {
	for i := range v {
		v[i] = float64(v[i] * f)
	}
	return v
}

// tree is the company's units by id, with what each of them did.
type tree struct {
	children map[string][]string // in the order of Company.Units
	parent   map[string]string
	uses     map[[2]string]*Use // by unit and tool
}

func grow(c *Company) tree {
	t := tree{map[string][]string{}, map[string]string{}, map[[2]string]*Use{}}
	for _, u := range c.Units {
		t.parent[u.ID] = u.Parent
		if u.ID != u.Parent {
			t.children[u.Parent] = append(t.children[u.Parent], u.ID)
		}
	}
	for i := range c.Uses {
		t.uses[[2]string{c.Uses[i].Unit, c.Uses[i].Tool}] = &c.Uses[i]
	}
	return t
}

// path are a unit and all above it, the unit first. A ring, which no directory has, ends where it closes.
func (t tree) path(unit string) (path []string) {
	for unit != "" && !slices.Contains(path, unit) {
		path = append(path, unit)
		unit = t.parent[unit]
	}
	return path
}
