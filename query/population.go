package query

import "uptake/adoption"

// headcount counts the people of each node on a day.
func (g *gate) headcount(day adoption.Day) []uint64 {
	if people := g.raw.sizes[dayTool{day, ""}]; people != nil {
		return people
	}
	return make([]uint64, len(g.scope.nodes))
}

// enabledPeople counts, for each node, those with access to the tool on a day: everybody where the tool is open.
func (g *gate) enabledPeople(day adoption.Day, tool string) []uint64 {
	if g.snap.open(tool) {
		return g.headcount(day)
	}
	if people := g.raw.sizes[dayTool{day, tool}]; people != nil {
		return people
	}
	return make([]uint64, len(g.scope.nodes))
}

// otherPeople counts the population that active_not_enabled speaks of: the people of a node without access, and
// of those without membership, whose number nobody knows, the active ones.
func (g *gate) otherPeople(day adoption.Day, tool string) []uint64 {
	heads, enabled := g.headcount(day), g.enabledPeople(day, tool)
	others := make([]uint64, len(heads))
	for n := range others {
		others[n] = heads[n] - min(heads[n], enabled[n])
	}
	lost := g.unassignedActive(day, tool)
	others[0] += lost
	others[g.unassigned()] += lost
	return others
}

// unassignedActive counts the active people without membership.
func (g *gate) unassignedActive(day adoption.Day, tool string) uint64 {
	return at(g.raw.use[dayTool{day, tool}], g.unassigned()).activeNotEnabled
}

// unassigned is the node of the people without membership; every scope holds it, because the company is always open.
func (g *gate) unassigned() int { return g.scope.at[g.scope.tree.byID[adoption.Unassigned]] }

func (g *gate) enabledPartition(day adoption.Day, tool string) partition {
	key := dayTool{day, tool}
	p, made := g.enabled[key]
	if !made {
		p = divide(g.scope, g.enabledPeople(day, tool), g.headcount(day.FirstOfMonth()), g.k)
		g.enabled[key] = p
	}
	return p
}

func (g *gate) othersPartition(day adoption.Day, tool string) partition {
	key := dayTool{day, tool}
	p, made := g.others[key]
	if !made {
		p = divide(g.scope, g.otherPeople(day, tool), g.headcount(day.FirstOfMonth()), g.k)
		g.others[key] = p
	}
	return p
}

// open tells whether everybody has access to a tool: no licence row of it exists. "all" is open as soon as one of its
// tools is.
func (s *snapshot) open(tool string) bool {
	if tool != adoption.AllTools {
		t, known := s.tool(tool)
		return known && !t.licensed
	}
	for _, t := range s.tools {
		if t.counted && !t.licensed {
			return true
		}
	}
	return false
}

// denominator names what rates of a tool are shares of.
func (s *snapshot) denominator(tool string) string {
	if s.open(tool) {
		return DenominatorHeadcount
	}
	return DenominatorEnabled
}

// tool looks up a tool by id.
func (s *snapshot) tool(id string) (toolInfo, bool) {
	for _, t := range s.tools {
		if t.ID == id {
			return t, true
		}
	}
	return toolInfo{}, false
}

// total adds the values of a group's members; a table that is not there counts as zeros.
func total[V any](values []V, members []int, add func(*V, V)) (sum V) {
	for _, n := range members {
		add(&sum, at(values, n))
	}
	return sum
}

// at is the value of a node, zero where there is no table.
func at[V any](values []V, n int) (v V) {
	if values != nil {
		v = values[n]
	}
	return v
}
