package refresh_test

import (
	"slices"
	"time"

	"uptake/adoption"
)

// The reference computes every figure straight from METRICS.md: plain loops over people and days, no SQL, nothing
// incremental, nothing clever. It is what the refresher's tables are compared with.

// peopleRow is a row of the directory, in the order of arrival.
type peopleRow struct {
	person         adoption.Person
	unit           string
	from, to, left adoption.Day
	location, role string
	hired          adoption.Day // 0: unknown
}

type licenceRow struct {
	person   adoption.Person
	tool     string
	from, to adoption.Day
}

// world is all that has ever arrived.
type world struct {
	zone     *time.Location
	today    adoption.Day
	horizon  adoption.Day // the first day that ever had figures; 0: none yet
	events   []adoption.Event
	people   []peopleRow
	licences []licenceRow
	identity map[adoption.Hash]adoption.Person
}

type dayTool struct {
	day  adoption.Day
	tool string
}

// counts are a person's actions on a day.
type counts struct{ contribute, respond, share, meet, consume, access, duration uint64 }

func (c counts) active() bool    { return c.contribute+c.respond+c.share+c.meet+c.consume > 0 }
func (c counts) actions() uint64 { return c.contribute + c.respond + c.share + c.meet + c.consume }

type sourceTool struct {
	day          adoption.Day
	source, tool string
}

type sourceCounts struct {
	events         uint64
	last, received time.Time
}

// sourceName is an unknown name that a source used on a day.
type sourceName struct {
	day          adoption.Day
	source, name string
}

type toolPerson struct {
	tool   string
	person adoption.Person
}

type cell struct {
	day        adoption.Day
	unit, tool string
}

type useCell struct {
	active1, active7, active28, notEnabled, activeDays, creators, responders, consumers uint64
	score                                                                               float64
	actions                                                                             uint64
}

type weekCell struct{ new, returning, resurrected, dormant uint64 }

// figures are the contents of all tables.
type figures struct {
	personDay map[dayTool]map[adoption.Person]counts
	sourceDay map[sourceTool]sourceCounts
	unknown   map[sourceName]uint64 // events
	first     map[toolPerson]adoption.Day
	size      map[cell]uint64
	use       map[cell]useCell
	week      map[cell]weekCell
	pairDay   map[pairDay]uint64
	pair      map[unitPair]uint64
	work      map[cell]workCell
	acts      map[actionCell]uint64
	by        byFigures
	begin     map[cell][]beginning
	habit     map[cell]habitCell
	spread    map[cell]spreadCell
	cohort    map[cohortCell]uint64
	days      []adoption.Day // days that have figures
	mondays   []adoption.Day // weeks that have figures
}

// compute works out all figures.
func (w *world) compute() *figures {
	f := &figures{
		personDay: map[dayTool]map[adoption.Person]counts{}, sourceDay: map[sourceTool]sourceCounts{}, unknown: map[sourceName]uint64{}, first: map[toolPerson]adoption.Day{},
		size: map[cell]uint64{}, use: map[cell]useCell{}, week: map[cell]weekCell{}, pairDay: map[pairDay]uint64{}, pair: map[unitPair]uint64{}, work: map[cell]workCell{}, acts: map[actionCell]uint64{}, habit: map[cell]habitCell{}, spread: map[cell]spreadCell{}, cohort: map[cohortCell]uint64{},
	}
	events, unknown := w.lastReceived()
	for _, e := range unknown {
		if e.Quantity > 0 {
			f.unknown[sourceName{e.Day(w.zone), e.Source, e.Action}]++
		}
	}
	tools, open := w.tools(events)
	firstDay := w.today
	for _, e := range events {
		day := e.Day(w.zone)
		firstDay = min(firstDay, day)
		w.countEvent(f, e, day)
		w.countPairs(f, e, day)
	}
	if from := firstDay.FirstOfMonth(); w.horizon == 0 || from < w.horizon {
		w.horizon = from
	}
	members := map[adoption.Person]bool{}
	for _, r := range w.people {
		members[r.person] = true
	}
	actors := map[adoption.Person]bool{}
	for key, people := range f.personDay {
		for p, c := range people {
			if c.active() {
				actors[p] = true
				for _, tool := range []string{key.tool, "all"} {
					if day, ok := f.first[toolPerson{tool, p}]; !ok || key.day < day {
						f.first[toolPerson{tool, p}] = key.day
					}
				}
			}
		}
	}
	enabled := func(p adoption.Person, tool string, d adoption.Day) bool {
		if w.unitOf(p, d) == "" {
			return false
		}
		if tool != "all" {
			return slices.Contains(open, tool) || w.hasLicence(p, tool, d)
		}
		if len(open) > 0 {
			return true
		}
		return slices.ContainsFunc(tools, func(t string) bool { return w.hasLicence(p, t, d) })
	}
	w.placePairs(f)
	w.countWork(f, events, enabled)
	for d := w.horizon; d <= w.today; d++ {
		f.days = append(f.days, d)
		for p := range members {
			if unit := w.unitOf(p, d); unit != "" {
				f.size[cell{d, unit, ""}]++
				for _, tool := range append(slices.Clone(tools), "all") {
					if tool != "all" && slices.Contains(open, tool) || tool == "all" && len(open) > 0 {
						continue
					}
					if enabled(p, tool, d) {
						f.size[cell{d, unit, tool}]++
					}
				}
			}
		}
		for p := range actors {
			unit := w.unitOf(p, d)
			if unit == "" {
				unit = "unassigned"
			}
			for _, tool := range append(slices.Clone(tools), "all") {
				w.countUse(f, p, d, unit, tool, tools, enabled(p, tool, d))
				if enabled(p, tool, d) {
					w.countHabit(f, p, d, unit, tool, tools)
					w.countSpread(f, p, d, unit, tool, tools)
				}
			}
		}
	}
	w.countBegin(f, tools, enabled)
	w.countBy(f, members, tools, open, enabled)
	for p := range actors {
		for _, tool := range append(slices.Clone(tools), "all") {
			w.countCohort(f, p, tool, tools, enabled)
		}
	}
	for monday := w.horizon.Monday(); monday <= w.today; monday += 7 {
		f.mondays = append(f.mondays, monday)
		placed := min(monday+6, w.today-1)
		for p := range actors {
			for _, tool := range append(slices.Clone(tools), "all") {
				if enabled(p, tool, placed) {
					w.countWeek(f, p, monday, w.unitOf(p, placed), tool, tools)
				}
			}
		}
	}
	return f
}

func (w *world) countEvent(f *figures, e adoption.Event, day adoption.Day) {
	s := f.sourceDay[sourceTool{day, e.Source, e.Tool}]
	s.events++
	if e.Time.After(s.last) {
		s.last = e.Time
	}
	if received := time.Unix(0, int64(e.Received)).UTC().Truncate(time.Millisecond); received.After(s.received) {
		s.received = received
	}
	f.sourceDay[sourceTool{day, e.Source, e.Tool}] = s
	if e.Quantity == 0 {
		return
	}
	key := dayTool{day, e.Tool}
	if f.personDay[key] == nil {
		f.personDay[key] = map[adoption.Person]counts{}
	}
	person := w.identity[e.Actor]
	c := f.personDay[key][person]
	switch e.Class {
	case adoption.Contribute:
		c.contribute += e.Quantity
	case adoption.Respond:
		c.respond += e.Quantity
	case adoption.Share:
		c.share += e.Quantity
	case adoption.Meet:
		c.meet += e.Quantity
	case adoption.Consume:
		c.consume += e.Quantity
	case adoption.Access:
		c.access += e.Quantity
	}
	c.duration += uint64(e.Duration)
	f.personDay[key][person] = c
}

// on adds up what a person did on a day with one tool, or with all of them.
func (f *figures) on(p adoption.Person, tool string, tools []string, d adoption.Day) counts {
	if tool != "all" {
		return f.personDay[dayTool{d, tool}][p]
	}
	var sum counts
	for _, t := range tools {
		c := f.personDay[dayTool{d, t}][p]
		sum.contribute += c.contribute
		sum.respond += c.respond
		sum.share += c.share
		sum.meet += c.meet
		sum.consume += c.consume
	}
	return sum
}

func (w *world) countUse(f *figures, p adoption.Person, d adoption.Day, unit, tool string, tools []string, enabled bool) {
	var activeDays, actions uint64
	var in1, in7, creates, responds bool
	used := map[string]bool{}
	for x := d - 27; x <= d; x++ {
		c := f.on(p, tool, tools, x)
		if !c.active() {
			continue
		}
		activeDays++
		actions += c.actions()
		in7 = in7 || x > d-7
		in1 = in1 || x == d
		creates = creates || c.contribute > 0
		responds = responds || c.respond+c.share > 0
		for _, t := range tools {
			if f.on(p, t, tools, x).active() {
				used[t] = true
			}
		}
	}
	if activeDays == 0 {
		return
	}
	c := f.use[cell{d, unit, tool}]
	defer func() { f.use[cell{d, unit, tool}] = c }()
	if !enabled {
		c.notEnabled++
		return
	}
	c.active28++
	if in7 {
		c.active7++
	}
	if in1 {
		c.active1++
	}
	c.activeDays += activeDays
	switch {
	case creates:
		c.creators++
	case responds:
		c.responders++
	default:
		c.consumers++
	}
	if tool != "all" {
		c.actions += actions
	}
	frequency := min(float64(activeDays)/12, 1)
	depth := min(float64(actions)/float64(activeDays)/5, 1)
	giving := 0.0
	if creates || responds {
		giving = 1
	}
	breadth := 1.0
	if tool == "all" {
		breadth = min(float64(len(used))/3, 1)
	}
	c.score += 100 * frequency * (0.50 + 0.25*depth + 0.15*giving + 0.10*breadth)
}

func (w *world) countWeek(f *figures, p adoption.Person, monday adoption.Day, unit, tool string, tools []string) {
	activeIn := func(from, to adoption.Day) bool {
		for d := from; d <= min(to, w.today); d++ {
			if f.on(p, tool, tools, d).active() {
				return true
			}
		}
		return false
	}
	now, before, earlier := activeIn(monday, monday+6), activeIn(monday-7, monday-1), activeIn(0, monday-1)
	c := f.week[cell{monday, unit, tool}]
	switch {
	case now && !earlier:
		c.new++
	case now && before:
		c.returning++
	case now:
		c.resurrected++
	case before:
		c.dormant++
	default:
		return
	}
	f.week[cell{monday, unit, tool}] = c
}
