package worth

import (
	"uptake/value/cash"
)

// cell is a unit and a tool, or a unit and all its tools together.
type cell struct {
	unit, tool   string
	zones        []zone
	borne        []borne // by the tool's groups, in their order; of all tools: by all
	drawn, moved side
}

// side is a cell in one world. What its lines come to is share × lines: most cells bear a share of one group, whose
// vectors then need no copy.
type side struct {
	d     *derived
	use   *vectors
	lines *vectors
	share float64
	own   *vectors // the memory of lines that are added up
}

func newSide(lanes, segments int) side {
	return side{use: newVectors(lanes, useKinds), own: newVectors(lanes, lineKinds+2*segments)}
}

func (s *side) reset(d *derived) {
	s.d = d
	s.use.reset()
	s.own.reset()
	s.lines, s.share = s.own, 1
}

// of is a vector of the use, the zero vector where there is nothing; line is one of the lines.
func (s *side) of(kind int) []float64   { return orZero(s.use.at[kind], s.d.zero) }
func (s *side) line(kind int) []float64 { return orZero(s.lines.at[kind], s.d.zero) }

func orZero(v, zero []float64) []float64 {
	if v == nil {
		return zero
	}
	return v
}

// borne is a unit's share of a group.
type borne struct {
	tool  string
	group int
	share float64
}

// change is what a scenario does to a tool's use.
type change struct {
	factor float64 // of the use
	off    bool
	time   bool // time in the tool is a cost, whatever the assumptions say
}

var asItIs = change{factor: 1}

// evaluator works cells out, one after another, in memory of its own. One goroutine uses it.
type evaluator struct {
	m              *Model
	zoning         *zoning
	picker         cash.Picker
	scratch, small []float64 // of as many lanes as there are draws, and as inputs are moved
	one, all       cell
}

func (m *Model) evaluator(z *zoning) *evaluator {
	room := func() cell {
		return cell{drawn: newSide(m.asIs.drawn.lanes, m.segments()), moved: newSide(m.asIs.moved.lanes, m.segments())}
	}
	return &evaluator{m: m, zoning: z, scratch: make([]float64, m.asIs.drawn.lanes), small: make([]float64, m.asIs.moved.lanes), one: room(), all: room()}
}

// segments is how many vectors of segments fit every plan.
func (m *Model) segments() int { return max(len(m.asIs.terms.segments), len(m.off.terms.segments)) }

// planOf is what counts under a change.
func (m *Model) planOf(c change) *plan {
	if c.off {
		return m.off
	}
	return m.asIs
}

// fill works out the cell of a unit and a tool; false where the unit's use of the tool is not known.
func (e *evaluator) fill(unit, tool string, c change) (known bool) {
	zones := e.zoning.of(unit, tool)
	if zones == nil {
		return false
	}
	one, plan := &e.one, e.m.planOf(c)
	one.unit, one.tool, one.zones, one.borne = unit, tool, zones, one.borne[:0]
	for i, g := range plan.drawn.groups[tool] {
		if share := e.m.share(unit, tool, g.bearer); share > 0 {
			one.borne = append(one.borne, borne{tool, i, share})
		}
	}
	e.fillSide(one, &one.drawn, plan.drawn, c, e.scratch)
	e.fillSide(one, &one.moved, plan.moved, c, e.small)
	return true
}

func (e *evaluator) fillSide(one *cell, s *side, d *derived, c change, scratch []float64) {
	s.reset(d)
	if !c.off {
		d.use(s.use, one.zones, d.effects[one.tool], c.time || e.m.doc.Tools[one.tool].TimeCounted, c.factor, scratch)
	}
	if len(one.borne) == 1 {
		s.lines, s.share = d.groups[one.tool][one.borne[0].group].vectors, one.borne[0].share
		return
	}
	s.bear(one.borne)
}

// bear adds up the lines of groups, by their shares.
func (s *side) bear(all []borne) {
	s.lines, s.share = s.own, 1
	for kind := range s.own.at {
		s.own.sum(kind, len(all), func(i int) (float64, []float64) {
			if g := s.d.groups[all[i].tool][all[i].group].vectors.at; kind < len(g) {
				return all[i].share, g[kind]
			}
			return 0, nil
		})
	}
}

// begin empties the cell of all tools.
func (e *evaluator) begin(unit, tool string, c change) {
	plan := e.m.planOf(c)
	e.all.unit, e.all.tool, e.all.borne = unit, tool, e.all.borne[:0]
	e.all.drawn.reset(plan.drawn)
	e.all.moved.reset(plan.moved)
}

// join adds the cell that was filled last to that of all tools; its lines are added by end, all at once.
func (e *evaluator) join() {
	e.all.borne = append(e.all.borne, e.one.borne...)
	e.all.drawn.use.addAll(1, e.one.drawn.use)
	e.all.moved.use.addAll(1, e.one.moved.use)
}

func (e *evaluator) end() {
	e.all.drawn.bear(e.all.borne)
	e.all.moved.bear(e.all.borne)
}
