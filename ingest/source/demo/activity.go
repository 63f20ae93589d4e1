package demo

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"

	"uptake/adoption"
)

// activity makes the events of the company day by day.
type activity struct {
	*company
	zone   *time.Location
	actors []adoption.Hash // of each person
	guests []adoption.Hash // counterparts outside the company
	chatty float64         // share of events that name a counterpart; the bank's would fill the disk
}

// newActivity makes the events' side of a company. hash is the keyed hash of an address.
func newActivity(c *company, zone *time.Location, hash func(address string) adoption.Hash) *activity {
	a := &activity{company: c, zone: zone, chatty: 0.8}
	if c.preset == Bank {
		a.chatty = 0.15
	}
	a.actors = make([]adoption.Hash, len(c.people))
	for i := range c.people {
		a.actors[i] = hash(c.people[i].address())
	}
	for _, guest := range []string{"guest1@partner.invalid", "guest2@partner.invalid", "guest3@partner.invalid"} {
		a.guests = append(a.guests, hash(guest))
	}
	return a
}

// events appends those of a day of the year: one a person, tool and class of action, with how many there were.
func (a *activity) events(day int, list []adoption.Event) []adoption.Event {
	r := rand.New(rand.NewPCG(a.seed, uint64(day)<<32|1))
	date := a.day(day)
	m := moment{activity: a, r: r, day: int16(day), date: date, start: date.Start(a.zone), list: list}
	usual := [2]float64{workShare(date, false), workShare(date, true)}
	var seen [toolCount]bool
	for i := range a.people {
		p := &a.people[i]
		if !p.employed(m.day) || p.absent(m.day) {
			continue
		}
		share := usual[0]
		if p.unit != nowhere && a.units[p.at(m.day)].shifts {
			share = usual[1]
		}
		if r.Float64() >= share*0.96 { // 4 % are ill or busy elsewhere
			continue
		}
		for t := range tools {
			if m.uses(p, t) {
				m.use(i, p, t)
				seen[t] = true
			}
		}
	}
	for t := range tools {
		if !seen[t] && m.day >= a.begins(t) {
			m.use(a.duty[t], &a.people[a.duty[t]], t)
		}
	}
	return m.list
}

// moment is a day being made.
type moment struct {
	*activity
	r     *rand.Rand
	day   int16
	date  adoption.Day
	start time.Time
	list  []adoption.Event
}

// uses draws whether somebody uses a tool on the day. Beginners start slowly.
func (m *moment) uses(p *person, t int) bool {
	u := &p.use[t]
	if m.day < u.from || m.day > u.until {
		return false
	}
	daily := float64(u.daily)
	if since := m.day - u.from; u.from != always && since < 28 {
		daily *= 0.5 + float64(since)/56
	}
	return m.r.Float64() < daily
}

// habit is how likely somebody of a style does something of a class on a day of use.
var habit = [...][classCount]float64{
	creator:   {contribute: 0.75, respond: 0.45, share: 0.10, meet: 1, consume: 0.55},
	responder: {contribute: 0.015, respond: 0.70, share: 0.08, meet: 1, consume: 0.65},
	consumer:  {contribute: 0, respond: 0.02, share: 0.005, meet: 1, consume: 1},
}

var classNames = [classCount]adoption.Class{adoption.Contribute, adoption.Respond, adoption.Share, adoption.Meet, adoption.Consume}

// use appends the events of a person and tool; at least one.
func (m *moment) use(i int, p *person, t int) {
	before := len(m.list)
	last := -1
	for class, action := range tools[t].actions {
		if action == "" {
			continue
		}
		if last = class; m.r.Float64() < habit[p.style][class] {
			m.add(i, p, t, class)
		}
	}
	if len(m.list) == before {
		m.add(i, p, t, last)
	}
}

func (m *moment) add(i int, p *person, t, class int) {
	quantity := 1 + uint64(m.r.ExpFloat64()*tools[t].amount*float64(p.vigour))
	at := m.start.Add(8*time.Hour + time.Duration(m.r.Int64N(int64(10*time.Hour/time.Second)))*time.Second)
	e := adoption.Event{
		Source: tools[t].id, ID: eventID(m.date, p.number, t, class), Time: at.UTC(), Tool: tools[t].id, Actor: m.actors[i],
		Action: tools[t].actions[class], Class: classNames[class], Quantity: quantity,
		Received: uint64(at.Add(2 * time.Minute).UnixNano()),
	}
	if seconds := tools[t].duration; seconds > 0 {
		e.Duration = uint32(float64(seconds) * float64(quantity) * (0.6 + 0.8*m.r.Float64()))
	}
	if class != consume && m.r.Float64() < m.chatty {
		e.Counterparts = m.counterparts(p)
	}
	m.list = append(m.list, e)
}

// counterparts are mostly of the same unit, rarely from outside.
func (m *moment) counterparts(p *person) []adoption.Hash {
	who := m.r.Float64()
	if who < 0.01 {
		return []adoption.Hash{m.guests[m.r.IntN(len(m.guests))]}
	}
	if p.unit != nowhere && who < 0.75 {
		if near := m.inside[p.at(m.day)]; len(near) > 0 {
			return []adoption.Hash{m.actors[near[m.r.IntN(len(near))]]}
		}
	}
	return []adoption.Hash{m.actors[m.r.IntN(len(m.actors))]}
}

// eventID tells events apart; it needs no key, because a demo has nothing to hide.
func eventID(day adoption.Day, number, tool, class int) (id adoption.Hash) {
	binary.BigEndian.PutUint32(id[0:], uint32(day))
	binary.BigEndian.PutUint32(id[4:], uint32(number))
	binary.BigEndian.PutUint32(id[8:], uint32(tool))
	binary.BigEndian.PutUint32(id[12:], math.MaxUint32-uint32(class))
	return id
}
