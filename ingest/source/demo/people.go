package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"uptake/adoption"
)

// never is a day that does not come; always one before the year.
const (
	never  = math.MaxInt16
	always = -1
)

// A person of the company. Days are counted from the first of the year; joined is always for those who were there.
type person struct {
	number       int
	unit, second int   // second is the unit after a move
	joined, left int16 // left is the last day of employment
	moved        int16 // first day in the second unit
	style        style
	vigour       float32 // how much of everything, around 1 with a heavy tail
	away         [3][2]int16
	use          [toolCount]use
}

// use is when somebody takes a tool up, when they give it up, and how likely they use it on a working day.
type use struct {
	from, until int16
	daily       float32
}

// A style is what somebody mostly does with tools.
type style uint8

const (
	creator style = iota
	responder
	consumer
)

// nowhere is the unit of those whom the directory does not know.
const nowhere = -1

func (p *person) address() string { return fmt.Sprintf("p%06d@demo.invalid", p.number) }

// at is the unit of a person on a day of employment.
func (p *person) at(day int16) int {
	if day >= p.moved {
		return p.second
	}
	return p.unit
}

func (p *person) employed(day int16) bool { return p.joined <= day && day <= p.left }

func (p *person) absent(day int16) bool {
	for _, a := range p.away {
		if a[0] <= day && day <= a[1] {
			return true
		}
	}
	return false
}

// staff makes the people of all units. Some have left and were replaced a few weeks later, some posts are new, some
// people move to another unit of their half; the tiny units stay as they are.
func (c *company) staff() {
	c.halves()
	for i := range c.units {
		for _, place := range c.traits(1_000_000_000 + i).Perm(c.units[i].people) {
			c.post(i, place)
		}
	}
	if len(c.people) >= 200 {
		for range 6 + len(c.people)/1000 {
			c.add(nowhere, always, never, 0)
		}
	}
}

// halves lists, for each half of the merger, the units that people may move to.
func (c *company) halves() {
	c.moves = map[string][]int{}
	for i, u := range c.units {
		if u.people > 0 && u.role == ordinary {
			c.moves[u.entity] = append(c.moves[u.entity], i)
		}
	}
}

// post fills one post of a unit over the year. place is its order in the unit by readiness for new tools: the posts of
// a unit cover the whole range evenly, so that small units tell the story, too, and not the luck of the draw.
func (c *company) post(unit, place int) {
	r := c.traits(len(c.people))
	ready := quantile((float64(place) + 0.5) / float64(c.units[unit].people))
	fate := r.Float64()
	if c.units[unit].role == tiny {
		fate = 1
	}
	switch {
	case fate < 0.06: // left, and replaced
		left := int16(20 + r.IntN(Days-80))
		c.add(unit, always, left, ready)
		c.add(unit, left+int16(14+r.IntN(30)), never, ready)
	case fate < 0.09: // a new post
		c.add(unit, int16(10+r.IntN(Days-40)), never, ready)
	case fate < 0.12 && c.units[unit].role == ordinary && len(c.moves[c.units[unit].entity]) > 1:
		p := c.add(unit, always, never, ready)
		others := c.moves[c.units[unit].entity]
		p.second = others[r.IntN(len(others))]
		p.moved = int16(30 + r.IntN(Days-60))
	default:
		c.add(unit, always, never, ready)
	}
}

// add makes a person, as ready for new tools as is said (normally distributed), and otherwise as the seed and the
// number have it.
func (c *company) add(unit int, joined, left int16, ready float64) *person {
	c.people = append(c.people, person{number: len(c.people) + 1, unit: unit, second: unit, joined: joined, left: left, moved: never})
	p := &c.people[len(c.people)-1]
	r := c.traits(-p.number)
	switch x := r.Float64(); {
	case x < 0.32:
		p.style = creator
	case x < 0.66:
		p.style = responder
	default:
		p.style = consumer
	}
	p.vigour = float32(math.Exp(0.75*r.NormFloat64() - 0.28))
	p.holidays(r, c.first)
	c.habits(p, ready, r)
	return p
}

// traits is the randomness of one person or post, the same whatever is asked of the others.
func (c *company) traits(key int) *rand.Rand { return rand.New(rand.NewPCG(c.seed, uint64(key))) }

// holidays gives everybody two absences, the longer one mostly in summer, and two thirds the days around New Year.
func (p *person) holidays(r *rand.Rand, first adoption.Day) {
	summer := r.IntN(Days)
	if r.Float64() < 0.6 {
		summer = dayOfYear(first, 7, 1) + r.IntN(50)
	}
	p.away[0] = [2]int16{int16(summer), int16(summer + 10 + r.IntN(8))}
	short := r.IntN(Days)
	p.away[1] = [2]int16{int16(short), int16(short + 4 + r.IntN(5))}
	p.away[2] = [2]int16{never, never}
	if r.Float64() < 0.66 {
		christmas := dayOfYear(first, 12, 22)
		p.away[2] = [2]int16{int16(christmas), int16(christmas + 12)}
	}
}

// dayOfYear is the day of the demo's year that has a date.
func dayOfYear(first adoption.Day, month, day int) int {
	for i := range Days {
		if date := (first + adoption.Day(i)).Time(); int(date.Month()) == month && date.Day() == day {
			return i
		}
	}
	return never - Days // 29 February, in a year without one
}
