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
	gives   float64      // contributions on an active day, on average
	active  []int        // by day: the days of activity up to it
	latest  []int        // by day: the last day of activity up to it, counted from the first day; −1 while there was none
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
			p := &simPerson{unit: u, latest: make([]int, s.days), active: make([]int, s.days), gives: math.Exp(s.r.NormFloat64())}
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
	var company float64 // of the week: the first day draws it
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
			p.latest[i] = -1
			if i > 0 {
				p.latest[i], p.active[i] = p.latest[i-1], p.active[i-1]
			}
			daily := p.daily
			if p.changes != 0 && d >= p.changes {
				daily = p.after
			}
			if daily > 0 && s.r.Float64() < -math.Expm1(today*factor[p.unit]*math.Log1p(-daily)) {
				p.latest[i] = i
				p.active[i]++
				if p.first == 0 {
					p.first = d
				}
				s.events["feed"][d]++
			}
		}
	}
	s.count()
}

// within tells whether somebody was active on one of the days from..to.
func (p *simPerson) within(from, to int) bool { return to >= 0 && p.latest[to] >= max(from, 0) }

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
	if sunday := monday + 6; sunday < len(p.latest) && p.within(monday-7, monday-1) {
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
		first := adoption.LastDay
		events[source] = map[adoption.Day]uint64{}
		for day, n := range of {
			if n > 0 && day <= d {
				first = min(first, day)
				if day > d-feedDays {
					events[source][day] = n
				}
			}
		}
		gaps[source] = findGaps(of, d+1)
		snap.feeds = append(snap.feeds, feed{source: source, tool: "wiki", firstDay: first, lastDay: d})
	}
	w := &watch{k: 5, book: &book{snap: snap, unit: unit, tool: "wiki", date: d, before: d - WindowDays, rows: s.rows, members: map[adoption.Day]string{}},
		company: s.rows[adoption.Company], events: events, tools: map[string]map[string]map[adoption.Day]AdoptionRow{"wiki": s.rows}}
	if unit == adoption.Company {
		w.order = s.units
	}
	w.spreads = map[string]map[string]map[adoption.Day]spreadRow{"wiki": {}}
	for _, day := range w.spreadDays() {
		for _, u := range append([]string{adoption.Company}, s.units...) {
			w.addSpread(s.spreadOn(u, day))
		}
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

// spreadOn is how the contributions of a unit spread in the 28 days that end with a day.
func (s *simCompany) spreadOn(unit string, d adoption.Day) spreadRow {
	at := int(d - s.first)
	var given adoption.Histogram
	var all uint64
	for _, p := range s.people {
		if unit != adoption.Company && s.units[p.unit] != unit {
			continue
		}
		if n := s.drawn(p.gives * float64(p.active[at]-p.active[at-WindowDays])); n > 0 {
			given.Add(n, 1)
			all += n
		}
	}
	frame := s.rows[unit][d]
	row := spreadRow{RowFrame: frame.RowFrame, active28: frame.Active28, contributed: &all}
	if half, ok := given.Concentration(); ok {
		row.halfMade, row.halfShare = &half.People, ratio(float64(half.People), float64(*frame.Active28))
	}
	return row
}

// drawn is a number of events of which so many are expected: Poisson, by its normal neighbour above 30.
func (s *simCompany) drawn(expected float64) (n uint64) {
	if expected > 30 {
		return uint64(max(math.Round(expected+math.Sqrt(expected)*s.r.NormFloat64()), 0))
	}
	for left := expected - s.r.ExpFloat64(); left > 0; left -= s.r.ExpFloat64() {
		n++
	}
	return n
}

// half is the share of a unit's active people expected to make half of its contributions.
func (s *simCompany) half(unit string) float64 {
	var given adoption.Histogram
	var active float64
	for _, p := range s.people {
		if unit == adoption.Company || s.units[p.unit] == unit {
			active += 1 - math.Pow(1-p.daily, 20)
			if n := uint64(1000 * p.gives * p.daily); n > 0 {
				given.Add(n, 1)
			}
		}
	}
	half, _ := given.Concentration()
	return float64(half.People) / active
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
