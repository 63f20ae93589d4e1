package query

import (
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// All viewers together ask for everything there is of a date: adoption, pyramid and life cycle, habits, depth and
// contributions, seats, first use and diffusion, sizes of cohorts, figures by attribute, the gauges of /metrics; of every unit,
// its children and its rest, every tool and "all". (Comparisons and exports are made of the same rows.) They put all figures into
// one system, with what ties them: those active made, answered or only read; those active in a closed week are new, returning or
// resurrected; who is not idle was active, who has begun has used it. No combination of one figure of cells of people
// that together are 1 to k−1 may follow.
//
// What docs/metrics.md says is not protected is left out: that counts are none below 0, and that who has access to one tool only is
// active with all as with that one. The attackers of interactions, of what was done, of cohorts' later weeks and of coverage are beside those gates; nothing of one date ties them
// to these figures.

var everyWorlds = flag.Int("every-worlds", 40, "how many companies the attacker of all answers is let loose on")

// places are all that can be asked for: each node, with its children, and each rest.
func (a *everyAttacker) places() (all []place) {
	for n := range a.snap.tree.nodes {
		all = append(all, place{node: n}, place{node: n, rest: true})
	}
	return all
}

// hearAdoption takes in rows of adoption, pyramid and life cycle.
func (a *everyAttacker) hearAdoption(tool int, rows []AdoptionRow) {
	for _, row := range rows {
		for f, v := range map[int]*uint64{ofActive1: row.Active1, ofActive7: row.Active7, ofActive28: row.Active28, ofCreators: row.Creators,
			ofResponders: row.Responders, ofConsumers: row.Consumers, ofNew: row.New, ofReturning: row.Returning,
			ofResurrected: row.Resurrected, ofDormant: row.Dormant, ofWithout: row.ActiveNotEnabled} {
			a.hear(tool, f, v)
		}
		a.hear(0, ofActions, row.Actions) // of which tool, the power of two says
	}
}

// hearUnits takes in what there is of the tree.
func (a *everyAttacker) hearUnits(g *gate) {
	end := adoption.PeriodEnd{Date: a.day}
	for t, tool := range everyTools {
		a.hearAdoption(t, g.everyRow(tool, end))
		for _, at := range a.places() {
			p := &portion{snap: a.snap, scope: a.scope, at: at, tool: tool, children: !at.rest}
			a.hearAdoption(t, g.rows(at, tool, end, !at.rest))
			a.hearHabits(g, t, p, end)
			a.hearSpread(g, t, p, end)
			a.hearCohorts(g, t, at)
		}
		a.hearBeginnings(g, t)
	}
}

func (a *everyAttacker) hearHabits(g *gate, tool int, p *portion, end adoption.PeriodEnd) {
	of := map[dayTool][]rawHabit{}
	for key, use := range g.raw.use {
		for _, u := range use {
			of[key] = append(of[key], rawHabit{u.active28, u.active28, u.active28, u.active28})
		}
	}
	h := &habitGate{gate: g, habits: of, written: map[adoption.Day]uint64{a.day: 1}}
	for _, row := range h.rows(p, end) {
		for f, v := range map[int]*uint64{ofPower: row.Power, ofHabitual: row.Habitual, ofNovice: row.Novice, ofLow: row.Low} {
			a.hear(tool, f, v)
		}
	}
}

// hearSpread takes in what depth and concentration add up. Breadth is made of the same tools as contributions.
func (a *everyAttacker) hearSpread(g *gate, tool int, p *portion, end adoption.PeriodEnd) {
	s := &spreadGate{gate: g, raws: &rawSpreads{contributions: g.raw.actions}, written: map[adoption.Day]uint64{a.day: 1}}
	for _, row := range s.rows(p, end) {
		a.hear(0, ofContributed, row.contributed)
		if row.breadth != nil {
			a.hear(0, ofActive28, row.contributed)
		}
		a.hear(tool, ofCreators, row.contributors)
	}
}

// hearCohorts takes in who began in the week.
func (a *everyAttacker) hearCohorts(g *gate, tool int, at place) {
	monday := a.day.Monday()
	sizes := make([]uint64, len(a.scope.nodes))
	for n, week := range g.raw.weeks[dayTool{monday, everyTools[tool]}] {
		sizes[n] = week.new
	}
	c := &cohortGate{gate: g, tool: everyTools[tool], grain: adoption.ByWeek, running: monday + 70, book: &cohortBook{},
		followed: activeOf{monday: {cohortKey{monday, monday.FirstOfMonth()}: sizes}}}
	for _, row := range c.cohortRows(at, adoption.PeriodEnd{Date: a.day}, !at.rest) {
		a.hear(tool, ofNew, row.Size)
	}
}

// hearBeginnings takes in first use and diffusion: everybody has begun, those of cell i i weeks after those of the first. So the
// curve says of whom it is, and both are told of the same groups.
func (a *everyAttacker) hearBeginnings(g *gate, tool int) {
	spans := map[string]*rawSpans{}
	lists := map[int][]rawSpan{}
	first := a.day.Monday() - 7*mostCells
	for i, c := range a.cells {
		span := rawSpan{first: 1, last: never, enabled: uint16(a.day), active: uint16(first) + uint16(7*i), used: uint16(a.day)}
		if c.eligible {
			span.enabled -= activationDays
		}
		for range a.enabled(c, everyTools[tool], a.day) {
			lists[c.leaf] = append(lists[c.leaf], span)
		}
	}
	for unit, leaf := range a.snap.tree.leaf {
		if len(lists[leaf]) > 0 {
			spans[unit] = newRawSpans(lists[leaf])
		}
	}
	b := newBeginGate(g, everyTools[tool], spans)
	counted := b.counted(a.day)
	for n, v := range a.sums(a.scope, func(c everyCell) int { return c.leaf }, func(i int, _ everyCell) uint64 {
		return figure(i, a.population(tool, ofActivated, i))
	}) {
		counted[n].activated = v
	}
	end := adoption.PeriodEnd{Date: a.day}
	for _, at := range a.places() {
		curves := b.diffusion(at, end, !at.rest)
		for i, row := range b.firstUse(at, end, !at.rest) {
			a.hear(tool, ofActivated, row.Activated30)
			if row.Started == nil {
				continue
			}
			var begun uint64
			for _, week := range curves[i].Curve {
				begun |= figure(int(week.Week-first)/7, week.New)
			}
			a.hear(tool, ofBegun, &begun)
			a.hear(tool, ofStarted, &begun)
		}
	}
}

// hearSeats takes in the idle and those who have never used it, of those who have held their seats for 28 days: how many were
// active, and have begun, follows.
func (a *everyAttacker) hearSeats(g *gate) {
	s := &seatGate{gate: g, day: a.day, seats: map[string][]rawSeats{}}
	for t, tool := range everyTools[:2] {
		if a.snap.open(tool) {
			continue
		}
		s.seats[tool] = make([]rawSeats, len(a.scope.nodes))
		for i, c := range a.cells {
			cell := rawSeats{held: a.enabled(c, tool, a.day)}
			if c.long {
				cell.seasoned, cell.idle, cell.never = cell.held, figure(i, cell.held), figure(i, cell.held)
			}
			s.seats[tool][c.leaf].add(cell)
		}
		sumUp(a.scope, s.seats[tool], (*rawSeats).add)
		for _, at := range a.places() {
			for _, row := range s.rows(at, tool, !at.rest) {
				a.hear(t, ofActive28, row.Idle)
				a.hear(t, ofBegun, row.NeverUsed)
			}
		}
	}
}

// hearAttributes takes in figures by attribute.
func (a *everyAttacker) hearAttributes(units *gate) {
	for _, of := range []adoption.Attribute{adoption.ByLocation, adoption.ByHireCohort} {
		g := a.by(units, of)
		for t, tool := range everyTools {
			rows := g.rows(place{}, tool, adoption.PeriodEnd{Date: a.day}, true)[1:]
			for i := range rows {
				rows[i].ActiveNotEnabled = nil // as byRow
			}
			a.hearAdoption(t, rows)
		}
	}
}

// attacked is an attacker who has heard all that there is of a company, in which the gate is as it is told to be.
func attacked(seed uint64, careless, forgetful bool) *everyAttacker {
	w := newEveryWorld(seed)
	w.careless, w.forgetful = careless, forgetful
	a := &everyAttacker{everyWorld: w, known: newKnown()}
	a.begin()
	g := w.units()
	a.hearUnits(g)
	a.hearSeats(g)
	a.hearAttributes(g)
	return a
}

func TestAllAnswersTogetherRevealNoSmallGroup(t *testing.T) {
	open, torn, told := 0, 0, 0
	r := rand.New(rand.NewPCG(5, 31))
	for seed := range uint64(*everyWorlds) {
		a := attacked(seed, false, false)
		told += a.told
		require.Empty(t, a.breach(r), "seed %d: can be computed", seed)
		if attacked(seed, true, false).breach(r) != "" { // the attack finds something where little is hidden
			open++
		}
		if attacked(seed, false, true).breach(r) != "" { // and where attributes are not judged beside seats
			torn++
		}
	}
	t.Logf("%d figures are told; %d of %d companies are open where only what is small is hidden, %d where seats are left out", told, open, *everyWorlds, torn)
	require.Positive(t, torn, "no company has seats that matter to attributes, or the test proves nothing of them")
	require.Greater(t, open, *everyWorlds/2, "the companies need more than that, or the test proves nothing")
	require.Greater(t, told, 100**everyWorlds, "most is hidden: the test proves little")
}
