package main

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"uptake/adoption"
)

// mailModel computes the figures of METRICS.md for the mail data the plain way: one person and one day after the
// other, with no thought of speed. It shares nothing with the product but the calendar.
type mailModel struct {
	k      int // minimum group size
	people map[int]*mailPerson
	open   bool // no licences: everybody of the directory has access
}

type mailPerson struct {
	unit     string               // "" for somebody whom the directory does not know
	actions  map[adoption.Day]int // sent mails
	licences [][2]adoption.Day    // first and last day
}

func (p *mailPerson) enabled(day adoption.Day, open bool) bool {
	if p.unit == "" || open {
		return p.unit != ""
	}
	return slices.ContainsFunc(p.licences, func(l [2]adoption.Day) bool { return l[0] <= day && day <= l[1] })
}

func (p *mailPerson) activeBetween(from, to adoption.Day) (days, actions int) {
	for day := from; day <= to; day++ {
		if n := p.actions[day]; n > 0 {
			days++
			actions += n
		}
	}
	return days, actions
}

func (p *mailPerson) firstActive() adoption.Day {
	first := adoption.LastDay
	for day := range p.actions {
		first = min(first, day)
	}
	return first
}

// mailUnit is the sums over a group of people.
type mailUnit struct {
	headcount, enabled, others             int
	active1, active7, active28, notEnabled int
	activeDays, actions                    int
	fresh, returning, resurrected, dormant int // fresh: METRICS' new
	score                                  float64
	hidden, weekHidden, othersHidden       bool
	shownIn                                string
}

func (u *mailUnit) add(o *mailUnit) {
	u.headcount += o.headcount
	u.enabled += o.enabled
	u.others += o.others
	u.active1 += o.active1
	u.active7 += o.active7
	u.active28 += o.active28
	u.notEnabled += o.notEnabled
	u.activeDays += o.activeDays
	u.actions += o.actions
	u.fresh += o.fresh
	u.returning += o.returning
	u.resurrected += o.resurrected
	u.dormant += o.dormant
	u.score += o.score
}

// figures are those of the company, its departments, its unassigned people and its rest on a day. breadth is METRICS' b.
func (m *mailModel) figures(day adoption.Day, breadth float64) map[string]*mailUnit {
	units := map[string]*mailUnit{adoption.Unassigned: {}}
	atWeeksEnd := map[string]int{} // enabled people of the departments on the last day of the week
	for _, p := range m.people {
		unit := cmp.Or(p.unit, adoption.Unassigned)
		if units[unit] == nil {
			units[unit] = &mailUnit{}
		}
		m.count(units[unit], p, day, breadth)
		if p.enabled(day.Monday()+6, m.open) {
			atWeeksEnd[unit]++
		}
	}
	children := maps.Clone(units)
	company := &mailUnit{}
	for _, u := range children {
		company.add(u)
	}
	units[adoption.Company] = company
	m.hide(units, children, atWeeksEnd)
	return units
}

func (m *mailModel) count(u *mailUnit, p *mailPerson, day adoption.Day, breadth float64) {
	days28, actions := p.activeBetween(day-27, day)
	if p.unit != "" {
		u.headcount++
	}
	if p.enabled(day, m.open) {
		m.countEnabled(u, p, day, days28, actions, breadth)
	} else {
		if p.unit != "" || days28 > 0 {
			u.others++
		}
		if days28 > 0 {
			u.notEnabled++
		}
	}
	if monday := day.Monday(); p.enabled(monday+6, m.open) {
		countWeek(u, p, monday)
	}
}

func (m *mailModel) countEnabled(u *mailUnit, p *mailPerson, day adoption.Day, days28, actions int, breadth float64) {
	u.enabled++
	if days28 == 0 {
		return
	}
	u.active28++
	u.activeDays += days28
	u.actions += actions
	if days, _ := p.activeBetween(day, day); days > 0 {
		u.active1++
	}
	if days, _ := p.activeBetween(day-6, day); days > 0 {
		u.active7++
	}
	frequency := min(float64(days28)/12, 1)
	depth := min(float64(actions)/float64(days28)/5, 1)
	u.score += 100 * frequency * (0.50 + 0.25*depth + 0.15 + 0.10*breadth) // who sends contributes
}

func countWeek(u *mailUnit, p *mailPerson, monday adoption.Day) {
	now, _ := p.activeBetween(monday, monday+6)
	before, _ := p.activeBetween(monday-7, monday-1)
	switch {
	case now > 0 && p.firstActive() >= monday:
		u.fresh++
	case now > 0 && before > 0:
		u.returning++
	case now > 0:
		u.resurrected++
	case before > 0:
		u.dormant++
	}
}

// hide applies the rules for small groups to a company without levels between it and its departments.
func (m *mailModel) hide(units, children map[string]*mailUnit, atWeeksEnd map[string]int) {
	enabled, others := map[string]int{}, map[string]int{}
	for name, u := range children {
		enabled[name], others[name] = u.enabled, u.others
	}
	hidden, held := m.hidden(children, enabled)
	// The life cycle speaks of another day's people: it is shown where neither they nor those of the day are hidden.
	weekHidden, _ := m.hidden(children, atWeeksEnd)
	othersHidden, _ := m.hidden(children, others)
	for name, u := range units {
		u.hidden, u.weekHidden, u.othersHidden = hidden[name], hidden[name] || weekHidden[name], othersHidden[name]
	}
	if held < m.k || hidden[adoption.Company] {
		return
	}
	rest := &mailUnit{othersHidden: true}
	common := 0
	for name := range hidden {
		rest.add(units[name])
		units[name].shownIn = adoption.Company + adoption.RestSuffix
		if weekHidden[name] {
			common++
		}
	}
	rest.weekHidden = weekHidden[adoption.Company] || common > 0 && common < len(weekHidden)
	units[adoption.Company+adoption.RestSuffix] = rest
}

// hidden names what is not shown of a population, of which size tells how many are in each of the children, and counts
// the people in it.
func (m *mailModel) hidden(children map[string]*mailUnit, size map[string]int) (names map[string]bool, held int) {
	names = map[string]bool{}
	all := 0
	for _, n := range size {
		all += n
	}
	if 0 < all && all < m.k {
		names[adoption.Company] = true
		for name := range children {
			names[name] = true
		}
		return names, all
	}
	bySize := slices.SortedFunc(maps.Keys(children), func(a, b string) int {
		return cmp.Or(cmp.Compare(children[a].headcount, children[b].headcount), cmp.Compare(a, b))
	})
	for _, name := range bySize {
		if n := size[name]; 0 < n && n < m.k {
			names[name] = true
			held += n
		}
	}
	for _, name := range bySize {
		if n := size[name]; held > 0 && held < m.k && n > 0 && !names[name] {
			names[name] = true
			held += n
		}
	}
	return names, held
}

// mailDay is the reporting day of a moment.
func mailDay(start time.Time, seconds int, zone *time.Location) adoption.Day {
	return adoption.DayOf(start.Add(time.Duration(seconds)*time.Second), zone)
}
