package query

import (
	"math"
	"math/rand/v2"
	"time"

	"uptake/adoption"
)

// A company of simulated people, in which nothing changes unless a test plants it. Everybody has a constant inclination
// to use the wiki on a working day; weekends, holidays, chance weeks of a unit and of the company move all alike.

// watchedDay is the last day simulated, a Wednesday: windows and ISO weeks do not end together.
var watchedDay = day("2026-10-28")

type simPerson struct {
	unit    int
	daily   float64 // probability of being active on an ordinary working day
	changes adoption.Day
	after   float64      // from changes on; 0 is never
	active  []bool       // by day
	first   adoption.Day // of the first activity; 0 while there was none
}

type simCompany struct {
	r        *rand.Rand
	units    []string
	first    adoption.Day
	days     int
	people   []*simPerson
	holiday  func(adoption.Day) float64 // factor on everybody's inclination
	unitWeek float64                    // standard deviation of the logarithm of a unit's factor of a week
	rows     map[string]map[adoption.Day]AdoptionRow
	events   map[string]map[adoption.Day]uint64
}

// newSim makes units of the sizes given. users is the share of people who use the wiki, half of them nearly daily, half
// now and then; each unit has more or fewer of them.
func newSim(seed uint64, users float64, weeks int, sizes ...int) *simCompany {
	s := &simCompany{r: rand.New(rand.NewPCG(seed, 7)), days: 7 * weeks, unitWeek: 0.15, holiday: func(adoption.Day) float64 { return 1 }}
	s.first = watchedDay - adoption.Day(s.days) + 1
	for u, size := range sizes {
		s.units = append(s.units, string(rune('a'+u)))
		share := min(users+0.1*(s.r.Float64()-0.5), 1)
		often := 0.3 + 0.4*s.r.Float64()
		for range size {
			p := &simPerson{unit: u, active: make([]bool, s.days)}
			switch {
			case s.r.Float64() > share:
			case s.r.Float64() < often:
				p.daily = 0.3 + 0.6*s.r.Float64()
			default:
				p.daily = 0.03 + 0.17*s.r.Float64()
			}
			s.people = append(s.people, p)
		}
	}
	return s
}

// live lets all days pass and counts.
func (s *simCompany) live() {
	factor := make([]float64, len(s.units))
	company := 1.0
	s.events = map[string]map[adoption.Day]uint64{"feed": {}}
	for i := range s.days {
		d := s.first + adoption.Day(i)
		if d == d.Monday() || i == 0 {
			company = math.Exp(0.08 * s.r.NormFloat64())
			for u := range factor {
				factor[u] = company * math.Exp(s.unitWeek*s.r.NormFloat64())
			}
		}
		today := s.holiday(d)
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			today *= 0.08
		}
		for _, p := range s.people {
			daily := p.daily
			if p.changes != 0 && d >= p.changes {
				daily = p.after
			}
			if daily > 0 && s.r.Float64() < 1-math.Pow(1-daily, today*factor[p.unit]) {
				p.active[i] = true
				if p.first == 0 {
					p.first = d
				}
				s.events["feed"][d]++
			}
		}
	}
	s.count()
}

func (p *simPerson) within(from, to int) bool {
	for i := max(from, 0); i <= to; i++ {
		if p.active[i] {
			return true
		}
	}
	return false
}

// count makes rows of every seventh day back from the last.
func (s *simCompany) count() {
	s.rows = map[string]map[adoption.Day]AdoptionRow{adoption.Company: {}}
	for _, unit := range s.units {
		s.rows[unit] = map[adoption.Day]AdoptionRow{}
	}
	for at := s.days - 1; at >= WindowDays; at -= 7 {
		d := s.first + adoption.Day(at)
		whole := &simCount{}
		counts := make([]simCount, len(s.units))
		for _, p := range s.people {
			counts[p.unit].take(p, at, int(d.Monday()-s.first))
		}
		for u, unit := range s.units {
			s.rows[unit][d] = counts[u].row(unit, d)
			whole.add(counts[u])
		}
		s.rows[adoption.Company][d] = whole.row(adoption.Company, d)
	}
}

// simCount is one unit on one day.
type simCount struct{ enabled, active7, active28, returning, dormant uint64 }

func (c *simCount) take(p *simPerson, at, monday int) {
	c.enabled++
	c.active7 += one01(p.within(at-6, at))
	c.active28 += one01(p.within(at-27, at))
	if sunday := monday + 6; sunday < len(p.active) && p.within(monday-7, monday-1) {
		here := p.within(monday, sunday)
		c.returning += one01(here)
		c.dormant += one01(!here)
	}
}

func (c *simCount) add(v simCount) {
	c.enabled, c.active7, c.active28, c.returning, c.dormant = c.enabled+v.enabled, c.active7+v.active7, c.active28+v.active28, c.returning+v.returning, c.dormant+v.dormant
}

func (c simCount) row(unit string, d adoption.Day) AdoptionRow {
	row := handRow(unit, d, c.enabled, c.active28)
	row.Tool = "wiki"
	row.Active7, row.Returning, row.Dormant, row.Trust.Coverage = &c.active7, &c.returning, &c.dormant, f64(1)
	return row
}

func one01(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}

// watchOn is what the rules see as of a day.
func (s *simCompany) watchOn(d adoption.Day, unit string) *watch {
	gaps := map[string]gapDays{}
	snap := &snapshot{state: state{today: d + 1}, tree: newTree(nil, s.units), gaps: gaps, days: map[adoption.Day]bool{},
		tools: []toolInfo{{Tool: adoption.Tool{ID: "wiki", Name: "Wiki"}, listed: true, licensed: true, counted: true}}}
	events := map[string]map[adoption.Day]uint64{}
	for source, of := range s.events {
		var with []adoption.Day
		first := adoption.LastDay
		events[source] = map[adoption.Day]uint64{}
		for day, n := range of {
			if n > 0 && day <= d {
				with, first = append(with, day), min(first, day)
				if day > d-feedDays {
					events[source][day] = n
				}
			}
		}
		gaps[source] = findGaps(with, d+1)
		snap.feeds = append(snap.feeds, feed{source: source, tool: "wiki", firstDay: first, lastDay: d})
	}
	w := &watch{k: 5, book: &book{snap: snap, unit: unit, tool: "wiki", date: d, before: d - WindowDays, rows: s.rows, members: map[adoption.Day]string{}},
		company: s.rows[adoption.Company], events: events, tools: map[string]map[string]map[adoption.Day]AdoptionRow{"wiki": s.rows}}
	if unit == adoption.Company {
		w.order = s.units
	}
	for _, u := range w.units() {
		w.seats = append(w.seats, s.seatsOn(u, d))
	}
	w.look()
	return w
}

// seatsOn is a unit's seats: everybody has held one for ever.
func (s *simCompany) seatsOn(unit string, d adoption.Day) SeatsRow {
	row := s.rows[unit][d]
	idle, never := row.Enabled-*row.Active28, uint64(0)
	for _, p := range s.people {
		if (p.first == 0 || p.first > d) && (unit == adoption.Company || s.units[p.unit] == unit) {
			never++
		}
	}
	return SeatsRow{RowFrame: row.RowFrame, Assigned: &row.Enabled, HeldByLeavers: u64(0), Held28: &row.Enabled, Idle: &idle, NeverUsed: &never, Unused: &idle}
}

// inactive is the share of a unit's people expected not to be active in 20 ordinary working days.
func (s *simCompany) inactive(unit string) float64 {
	var expected, people float64
	for _, p := range s.people {
		if unit == adoption.Company || s.units[p.unit] == unit {
			people++
			expected += math.Pow(1-p.daily, 20)
		}
	}
	return expected / people
}
