package query

import "uptake/adoption"

// activationDays is within how many days after the first day with access somebody has to become active.
const activationDays = 30

// beginGate judges figures about how people began with one tool. It stands on the gate, which makes the frame of each row.
type beginGate struct {
	*gate
	tool  string
	spans map[string]*rawSpans

	nodes    map[adoption.Day][]rawBegin
	eligible map[adoption.Day]partition
	waiting  *waiting
}

func newBeginGate(g *gate, tool string, spans map[string]*rawSpans) *beginGate {
	return &beginGate{gate: g, tool: tool, spans: spans, nodes: map[adoption.Day][]rawBegin{}, eligible: map[adoption.Day]partition{}}
}

// counted is what is known of each node on a day; nil where it is not of the same people as the figures. Between a change of
// the directory and the refresh of older days it is not: what is counted now would be judged by the groups of before.
func (g *beginGate) counted(day adoption.Day) []rawBegin {
	if nodes, there := g.nodes[day]; there {
		return nodes
	}
	nodes, known := countBegin(g.scope, g.spans, day)
	for n, people := range g.enabledPeople(day, g.tool) {
		if known && nodes[n].enabled != people {
			known = false
		}
	}
	if !known {
		nodes = nil
	}
	g.nodes[day] = nodes
	return nodes
}

// shown tells whether anything of a group's enabled people may be shown.
func (g *beginGate) shown(of group, day adoption.Day) bool {
	return g.counted(day) != nil && g.visible(g.enabledPartition(day, g.tool), of)
}

// firstUse are the rows about the first use, as gate.rows has them.
func (g *beginGate) firstUse(at place, end adoption.PeriodEnd, children bool) []FirstUseRow {
	var rows []FirstUseRow
	if g.waiting == nil || g.waiting.day > end.Date {
		g.waiting = newWaiting(g.scope, g.spans, g.scope.at[at.node])
	}
	g.waiting.goTo(end.Date)
	for _, of := range g.groups(at, g.tool, end.Date, children) {
		row := FirstUseRow{RowFrame: g.row(of, g.tool, end).RowFrame, DataFrom: g.snap.dataFrom(g.tool)}
		if g.shown(of, end.Date) {
			g.writeFirstUse(&row, of)
		}
		rows = append(rows, row)
	}
	return rows
}

// writeFirstUse writes down what may be shown of a group. The median speaks of those who have begun, and needs k of them.
// Activation speaks of those enabled for 30 days: a population of its own, by which the tree is divided once more. It is shown
// where neither division hides the group, like the life cycle.
func (g *beginGate) writeFirstUse(row *FirstUseRow, of group) {
	waited := g.waiting.of(g.scope, of.members)
	started := waited.People()
	row.Started = &started
	if median, some := waited.Median(); some && !small(started, g.k) {
		row.MedianDays = &median
	}
	if !g.visible(g.eligiblePartition(row.Date), of) {
		return
	}
	begin := total(g.counted(row.Date), of.members, (*rawBegin).add)
	row.Enabled30, row.Activated30 = &begin.eligible, &begin.activated
	row.ActivationRate = ratio(float64(begin.activated), float64(begin.eligible))
}

// eligiblePartition divides the tree by those who have had access for activationDays.
func (g *beginGate) eligiblePartition(day adoption.Day) partition {
	p, made := g.eligible[day]
	if !made {
		nodes := g.counted(day)
		people := make([]uint64, len(nodes))
		for n := range nodes {
			people[n] = nodes[n].eligible
		}
		p = divide(g.scope, people, g.headcount(day.FirstOfMonth()), g.k)
		g.eligible[day] = p
	}
	return p
}

// diffusion are the rows about diffusion, without what the models make of them.
func (g *beginGate) diffusion(at place, end adoption.PeriodEnd, children bool) []DiffusionRow {
	var rows []DiffusionRow
	for _, of := range g.groups(at, g.tool, end.Date, children) {
		row := DiffusionRow{RowFrame: g.row(of, g.tool, end).RowFrame}
		if g.shown(of, end.Date) {
			g.writeCurve(&row, adopted(below(g.scope, g.spans, of.members), end.Date))
		}
		rows = append(rows, row)
	}
	return rows
}

// writeCurve writes down the adopters of each week since the first. Each count is one of the enabled people of the row's date.
func (g *beginGate) writeCurve(row *DiffusionRow, bars adoption.Histogram) {
	adopters := bars.People()
	row.Adopters, row.Share, row.Curve = &adopters, ratio(float64(adopters), float64(row.Enabled)), []CurveWeek{}
	if adopters == 0 {
		return
	}
	var sum uint64
	for week := int(bars[0].Amount); week <= weekNumber(row.Date); week++ {
		w := CurveWeek{Week: mondayOf(week)}
		if len(bars) > 0 && int(bars[0].Amount) == week {
			w.New, bars = bars[0].People, bars[1:]
		}
		sum += w.New
		w.Adopters, w.Share = sum, float64(sum)/float64(row.Enabled)
		w.Running = w.Week+6 > row.Date || w.Week+6 >= g.snap.state.today
		row.Curve = append(row.Curve, w)
	}
}

// dataFrom is the first day with an event of a tool, of any tool for "all"; nil where there is none.
func (s *snapshot) dataFrom(tool string) *adoption.Day {
	var first *adoption.Day
	for _, f := range s.feeds {
		if (tool == adoption.AllTools || f.tool == tool) && (first == nil || f.firstDay < *first) {
			first = new(adoption.Day)
			*first = f.firstDay
		}
	}
	return first
}
