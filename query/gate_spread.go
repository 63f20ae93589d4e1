package query

import "uptake/adoption"

// spreadGate judges how actions spread over people. A row is of the people enabled on its day, and hidden as they are. A
// median is one person's number, and so is how many made half of all: they are told of k active people or more, because
// the active ones are the group that is broken down. What adds up over tools holds the tools that are shown and no other,
// as actions do (METRICS: Small groups, 4).
type spreadGate struct {
	*gate
	raws    *rawSpreads
	written map[adoption.Day]uint64 // the days whose histograms are known
}

// spreadRow is what the answers about depth and concentration are cut from.
type spreadRow struct {
	RowFrame
	active28                            *uint64
	median, mean, breadth, halfShare    *float64
	contributors, contributed, halfMade *uint64
	toolsLeftOut                        int
}

// rows are those of a portion on a day, as gate.rows has them.
func (g *spreadGate) rows(p *portion, end adoption.PeriodEnd) []spreadRow {
	var rows []spreadRow
	for _, of := range g.groups(p.at, p.tool, end.Date, p.children) {
		from := g.row(of, p.tool, end)
		row := spreadRow{RowFrame: from.RowFrame, active28: from.Active28, toolsLeftOut: from.ToolsLeftOut}
		if _, known := g.written[row.Date]; known && !row.Suppressed {
			g.writeSums(&row, from, of)
			if *row.active28 > 0 && !small(*row.active28, g.k) {
				g.writePlaces(&row, of)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// writeSums writes what can be summed: means, and how much was contributed by how many.
func (g *spreadGate) writeSums(row *spreadRow, from AdoptionRow, of group) {
	active := float64(*row.active28)
	row.mean = ratio(float64(*from.Actions), windowWeeks*active)
	row.contributors = from.Creators
	tools := []string{row.Tool}
	if row.Tool == adoption.AllTools {
		tools = g.shownTools(row.Date, of)
	}
	var used, contributed uint64
	for _, tool := range tools {
		if total(g.enabledPeople(row.Date, tool), of.members, addCount) > 0 {
			used += total(g.raw.use[dayTool{row.Date, tool}], of.members, (*rawUse).add).active28
			contributed += total(g.raws.contributions[dayTool{row.Date, tool}], of.members, addCount)
		}
	}
	row.contributed, row.breadth = &contributed, ratio(float64(used), active)
}

// shownTools lists the tools that "all" adds up for a group: those whose own partition shows it.
func (g *spreadGate) shownTools(day adoption.Day, of group) []string {
	var tools []string
	for _, tool := range g.snap.countedTools() {
		if g.visible(g.enabledPartition(day, tool), of) {
			tools = append(tools, tool)
		}
	}
	return tools
}

// writePlaces writes the figures that stand for a place in the order of people: the middle one, and from which on they
// made half.
func (g *spreadGate) writePlaces(row *spreadRow, of group) {
	members := make([]rawSpread, len(of.members))
	for i, n := range of.members {
		members[i] = g.raws.spread[row.Date][n]
	}
	s := mergedSpread(members)
	if median, ok := s.acted.Median(); ok {
		median /= windowWeeks
		row.median = &median
	}
	if half, ok := s.contributed.Concentration(); ok {
		row.halfMade, row.halfShare = &half.People, ratio(float64(half.People), float64(*row.active28))
	}
}
