package query

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"uptake/adoption"
)

// workGate judges what was done. It stands on the gate of the periods' last days, which makes the frame of each row.
//
// A figure is the sum over days, and each day's is judged by that day's partition of the people enabled for the tool, as
// the day's other figures are: it is of a group that the partition shows, whole groups of nobody or at least k people. So
// every figure of every answer is a sum of figures of such groups, each of one day, and sums and differences of these are
// again made of whole ones, whatever spans, levels and grains are put together. Where a unit is hidden on a day, its
// figure of that day is in no sum of its own, and in that of its parent's rest. Counts by action and source are of the
// same people on the same days. Figures of tools are never added up here: a sum is its reader's, over rows that say what
// they leave out.
type workGate struct {
	*gate
	tools        []string
	top          int // node of the scope that rows begin with
	by           By
	written      func(adoption.Day) bool // a day's counts by action are of the people that it is judged by
	pieces       [][]piece               // by tool, in order
	works        map[pieceOf][]rawWork   // by node
	actionCounts map[pieceOf][]nodeCount
}

// piece is a stretch of days of one month and period on which the same is shown of a tool.
type piece struct {
	period     int
	first      adoption.Day
	days       int
	part       partition
	partsKnown bool
}

// pieceOf names a piece: a tool and a first day.
type pieceOf struct {
	tool  int
	first adoption.Day
}

// nodeCount is a count behind what was done in a node.
type nodeCount struct {
	node     int
	part     partName
	quantity uint64
}

// workPeriod is what a row adds up: the days with figures of a period.
type workPeriod struct {
	from    adoption.Day
	end     adoption.PeriodEnd // the last of them
	days    []adoption.Day
	unknown int // days whose counts are not there yet
}

// workPeriods cuts the days of a question that have figures into periods.
func workPeriods(snap *snapshot, q ActionsQuestion) []workPeriod {
	ends := []adoption.PeriodEnd{{Date: min(q.To, snap.state.today)}}
	if q.Grain != "" {
		ends = adoption.PeriodEnds(q.From, q.To, q.Grain, snap.state.today)
	}
	var periods []workPeriod
	from := q.From
	for _, end := range ends {
		p := workPeriod{from: from, end: end}
		last := adoption.Day(-1)
		for d := from; d <= end.Date; d++ {
			if !snap.days[d] {
				continue
			}
			last = d
			if _, there := snap.edition.runs["kpi_work"][d]; there {
				p.days = append(p.days, d)
			} else {
				p.unknown++
			}
		}
		if last >= 0 {
			p.end.Date, p.end.Running = last, end.Running || last >= snap.state.today
			periods = append(periods, p)
		}
		from = end.Date + 1
	}
	return periods
}

// readActions reads the rows of a question, some periods after the others.
func (c *Company) readActions(ctx context.Context, snap *snapshot, q ActionsQuestion, at place) ([]ActionsRow, error) {
	tools := []string{q.Tool}
	if q.Tool == adoption.AllTools {
		tools = snap.countedTools()
	}
	s := snap.tree.around(at.node)
	if q.everywhere {
		s = snap.tree.whole()
	}
	periods := workPeriods(snap, q)
	groups := 1
	switch {
	case q.everywhere:
		groups = 2 * len(s.nodes)
	case q.Children:
		groups = len(snap.tree.nodes[at.node].children) + 2
	}
	if len(periods)*len(tools)*groups > maxRows {
		return nil, adoption.Invalid("from", fmt.Sprintf("That is more than %d rows. Ask for a shorter span, a coarser grain, one tool or without children.", maxRows))
	}
	rows := []ActionsRow{}
	for chunk := range slices.Chunk(periods, chunkDays(snap, s)) {
		g, err := c.workGate(ctx, snap, s, s.at[at.node], tools, q.By, chunk)
		if err != nil {
			return nil, err
		}
		for i := range chunk {
			for tool := range tools {
				rows = append(rows, g.rowsOf(tool, i, &chunk[i], at.rest, q)...)
			}
		}
	}
	if at.rest && len(rows) == 0 && len(periods) > 0 {
		return nil, noRest(q.Unit)
	}
	return rows, nil
}

// workGate reads what some periods are about.
func (c *Company) workGate(ctx context.Context, snap *snapshot, s *scope, top int, tools []string, by By, periods []workPeriod) (*workGate, error) {
	var days, ends []adoption.Day
	for _, p := range periods {
		days, ends = append(days, p.days...), append(ends, p.end.Date)
	}
	r, err := c.read(ctx, snap, s, need{days: ends, tools: tools})
	if err != nil {
		return nil, err
	}
	sizes, actions := snap.edition.runs["kpi_size"], snap.edition.runs["kpi_action"]
	g := &workGate{gate: newGate(snap, s, r, c.minGroup()), tools: tools, top: top, by: by,
		written: func(d adoption.Day) bool { run, there := actions[d]; return there && run >= sizes[d] }}
	if err := c.readSmallSizes(ctx, g.gate, days, tools); err != nil {
		return nil, err
	}
	g.cut(periods)
	asked := g.asked(days)
	works, err := c.readWork(ctx, snap, asked)
	if err != nil {
		return nil, err
	}
	g.takeWork(works)
	if by == ByClass {
		return g, nil
	}
	counts, err := c.readCounts(ctx, snap, asked, by)
	g.takeCounts(counts)
	return g, err
}

// cut finds the pieces of each tool.
func (g *workGate) cut(periods []workPeriod) {
	everything := partition{hidden: make([]bool, len(g.scope.nodes)), rest: make([]bool, len(g.scope.nodes))}
	g.pieces = make([][]piece, len(g.tools))
	for tool, id := range g.tools {
		sized := id
		if g.snap.open(id) {
			sized = ""
		}
		for i, p := range periods {
			for _, d := range p.days {
				part := everything
				if g.raw.sizes[dayTool{d, sized}] != nil { // else nothing is small, see readSmallSizes
					part = g.enabledPartition(d, id)
				}
				g.addDay(tool, piece{period: i, first: d, days: 1, part: part, partsKnown: g.by != ByClass && g.written(d)})
			}
		}
	}
}

// addDay adds a day to the last piece of a tool, or begins a new one.
func (g *workGate) addDay(tool int, day piece) {
	if n := len(g.pieces[tool]); n > 0 {
		last := &g.pieces[tool][n-1]
		if last.period == day.period && last.partsKnown == day.partsKnown && monthNumber(last.first) == monthNumber(day.first) &&
			slices.Equal(last.part.hidden, day.part.hidden) && slices.Equal(last.part.rest, day.part.rest) {
			last.days++
			return
		}
	}
	g.pieces[tool] = append(g.pieces[tool], day)
}

// asked is what to read: the pieces, of the people below the top.
func (g *workGate) asked(days []adoption.Day) *workAsked {
	a := &workAsked{tools: g.tools, units: g.scope.tree.leaves(), places: g.scope.leafNodes(), days: days}
	for i, n := range a.places {
		if !g.below(n) {
			a.places[i] = placeOutside
		}
	}
	for tool := range g.tools {
		firstOf := make(map[adoption.Day]adoption.Day, len(days))
		at := 0
		for _, d := range days {
			for at+1 < len(g.pieces[tool]) && g.pieces[tool][at+1].first <= d {
				at++
			}
			firstOf[d] = g.pieces[tool][at].first
		}
		a.firstOf = append(a.firstOf, firstOf)
	}
	return a
}

// below tells whether a node is the top or below it.
func (g *workGate) below(n int) bool {
	for ; n >= 0; n = g.scope.nodes[n].parent {
		if n == g.top {
			return true
		}
	}
	return false
}

// takeWork sums what was read up the scope.
func (g *workGate) takeWork(lines []workLine) {
	g.works = map[pieceOf][]rawWork{}
	for _, line := range lines {
		key := pieceOf{line.tool, line.first}
		if g.works[key] == nil {
			g.works[key] = make([]rawWork, len(g.scope.nodes))
		}
		g.works[key][line.node].add(line.work)
	}
	for _, sums := range g.works {
		sumUp(g.scope, sums, (*rawWork).add)
	}
}

// takeCounts sorts the counts into the pieces.
func (g *workGate) takeCounts(lines []countLine) {
	g.actionCounts = map[pieceOf][]nodeCount{}
	for _, line := range lines {
		key := pieceOf{line.tool, line.first}
		g.actionCounts[key] = append(g.actionCounts[key], nodeCount{line.node, line.part, line.quantity})
	}
}

// compareParts orders counts by class, action and source.
func compareParts(a, b ActionPart) int {
	return cmp.Or(cmp.Compare(slices.Index(activeClasses, a.Class), slices.Index(activeClasses, b.Class)),
		cmp.Compare(a.Action, b.Action), cmp.Compare(a.Source, b.Source))
}
