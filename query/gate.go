package query

import (
	"strconv"

	"uptake/adoption"
)

// gate is the one way out: it judges raw figures by the rules for small groups and makes rows of what may be shown.
// Nothing else makes an AdoptionRow or a coverage.
type gate struct {
	snap    *snapshot
	scope   *scope
	raw     *raw
	k       uint64
	enabled map[dayTool]partition
	others  map[dayTool]partition
	trusts  map[dayTool]RowTrust // the same for every unit
}

func newGate(snap *snapshot, s *scope, r *raw, k uint64) *gate {
	return &gate{snap: snap, scope: s, raw: r, k: k, enabled: map[dayTool]partition{}, others: map[dayTool]partition{}, trusts: map[dayTool]RowTrust{}}
}

// group is what a row is about: one node, or the hidden children of a node taken together.
type group struct {
	rest    bool
	node    int   // the node, or the one whose rest it is
	members []int // the node, or the hidden children
}

func one(node int) group { return group{node: node, members: []int{node}} }

// rows are those of the place asked for on a day: it, with children also its children and its rest. None for a rest
// that does not exist on the day.
func (g *gate) rows(at place, tool string, end adoption.PeriodEnd, children bool) []AdoptionRow {
	var rows []AdoptionRow
	for _, of := range g.groups(at, tool, end.Date, children) {
		rows = append(rows, g.row(of, tool, end))
	}
	return rows
}

// groups are what the rows of a place are about.
func (g *gate) groups(at place, tool string, day adoption.Day, children bool) []group {
	n := g.scope.at[at.node]
	rest, there := g.rest(n, tool, day)
	if at.rest {
		if there {
			return []group{rest}
		}
		return nil
	}
	groups := []group{one(n)}
	if !children {
		return groups
	}
	for _, child := range g.scope.nodes[n].children {
		if g.treeNode(child).kind == kindDirect && g.headcount(day)[child] == 0 {
			continue // nobody is placed directly there: the group does not exist on this day
		}
		groups = append(groups, one(child))
	}
	if there {
		groups = append(groups, rest)
	}
	return groups
}

// rest is the group of the hidden children of n on a day, if there is one.
func (g *gate) rest(n int, tool string, day adoption.Day) (group, bool) {
	p := g.enabledPartition(day, tool)
	return group{rest: true, node: n, members: p.hiddenChildren(g.scope, n)}, p.rest[n]
}

// row judges the figures of a group and writes down those that may be shown.
func (g *gate) row(of group, tool string, end adoption.PeriodEnd) AdoptionRow {
	day := end.Date
	row := AdoptionRow{RowFrame: RowFrame{
		Unit: g.id(of), UnitName: g.name(of, tool, day), Tool: tool, Date: day, Running: end.Running,
		Denominator: g.snap.denominator(tool),
		Headcount:   total(g.headcount(day), of.members, addCount),
		Enabled:     total(g.enabledPeople(day, tool), of.members, addCount),
		Trust:       g.trust(day, tool),
	}}
	p := g.enabledPartition(day, tool)
	row.Suppressed = !of.rest && p.hidden[of.node]
	if row.Suppressed {
		if parent := g.scope.nodes[of.node].parent; parent >= 0 && p.rest[parent] {
			row.ShownIn = g.scope.id(parent) + adoption.RestSuffix
		}
	} else {
		g.writeUse(&row, of)
		g.writeWeek(&row, of)
		g.writeActions(&row, of)
	}
	if !of.rest && !g.othersPartition(day, tool).hidden[of.node] {
		row.ActiveNotEnabled = new(uint64)
		if g.others[dayTool{day, tool}].people[of.node] > 0 {
			*row.ActiveNotEnabled = at(g.raw.use[dayTool{day, tool}], of.node).activeNotEnabled
		}
	}
	return row
}

// writeUse writes the figures of the enabled people in the window.
func (g *gate) writeUse(row *AdoptionRow, of group) {
	var u rawUse
	if row.Enabled > 0 {
		u = total(g.raw.use[dayTool{row.Date, row.Tool}], of.members, (*rawUse).add)
	}
	row.Active1, row.Active7, row.Active28 = &u.active1, &u.active7, &u.active28
	row.Creators, row.Responders, row.Consumers = &u.creators, &u.responders, &u.consumers
	inactive := row.Enabled - min(row.Enabled, u.creators+u.responders+u.consumers)
	row.Inactive = &inactive
	row.AdoptionRate = ratio(float64(u.active28), float64(row.Enabled))
	row.Stickiness = ratio(float64(u.activeDays), WindowDays*float64(u.active28))
	row.EngagementScore = ratio(u.score, float64(row.Enabled))
	row.Actions = &u.actions
}

// writeWeek writes the life cycle of the ISO week that holds the row's day. It speaks of the people enabled on another
// day, the week's last: so that day's population is judged too.
func (g *gate) writeWeek(row *AdoptionRow, of group) {
	judged := g.snap.lifecycleDay(row.Date)
	if !g.snap.days[judged] {
		return // who was enabled then is not known
	}
	if p := g.enabledPartition(judged, row.Tool); !g.visible(p, of) {
		return
	}
	var w rawWeek
	if total(g.enabledPeople(judged, row.Tool), of.members, addCount) > 0 {
		w = total(g.raw.weeks[dayTool{row.Date.Monday(), row.Tool}], of.members, (*rawWeek).add)
	}
	row.New, row.Returning, row.Resurrected, row.Dormant = &w.new, &w.returning, &w.resurrected, &w.dormant
}

// writeActions adds up, for "all", the actions of the tools that are shown for the group (METRICS: Small groups, 4).
// Of a rest group only tools whose own partition shows the same people as a whole are taken.
func (g *gate) writeActions(row *AdoptionRow, of group) {
	if row.Tool != adoption.AllTools {
		return
	}
	var sum uint64
	for _, t := range g.snap.tools {
		switch {
		case !t.counted:
		case !g.visible(g.enabledPartition(row.Date, t.ID), of):
			row.ToolsLeftOut++
		case total(g.enabledPeople(row.Date, t.ID), of.members, addCount) > 0:
			sum += total(g.raw.actions[dayTool{row.Date, t.ID}], of.members, addCount)
		}
	}
	row.Actions = &sum
}

// visible tells whether a partition shows a sum over the group.
func (g *gate) visible(p partition, of group) bool {
	if of.rest {
		return p.shows(g.scope, of.node, of.members)
	}
	return !p.hidden[of.node]
}

// trust says how far the rows of a tool and day may be believed.
func (g *gate) trust(day adoption.Day, tool string) RowTrust {
	key := dayTool{day, tool}
	t, made := g.trusts[key]
	if !made {
		t = RowTrust{GapDays: g.snap.gapDaysOf(tool, day), Coverage: g.coverage(day, tool)}
		g.trusts[key] = t
	}
	return t
}

// coverage is the share of all active people of a tool, company-wide, whom the directory knows. It tells the number of
// unassigned active people, and of all active people, to whoever knows one of them: so it is there only where both
// may be known, or where everybody is in the directory. nil, too, where nobody was active.
func (g *gate) coverage(day adoption.Day, tool string) *float64 {
	use := g.raw.use[dayTool{day, tool}]
	everybody := at(use, 0).active28 + at(use, 0).activeNotEnabled
	lost := g.unassignedActive(day, tool)
	if lost > 0 && (g.othersPartition(day, tool).hidden[g.unassigned()] || g.enabledPartition(day, tool).hidden[0]) {
		return nil
	}
	return ratio(float64(everybody-lost), float64(everybody))
}

// id and name are those of a row. A rest group is called after the one child that is in it only to keep the others
// from being computed, if there is such a child.
func (g *gate) id(of group) string {
	if of.rest {
		return g.scope.id(of.node) + adoption.RestSuffix
	}
	return g.scope.id(of.node)
}

func (g *gate) name(of group, tool string, day adoption.Day) string {
	name := g.treeNode(of.node).unit.Name
	if !of.rest {
		return name
	}
	people, heads := g.enabledPeople(day, tool), g.headcount(day)
	for _, child := range of.members {
		if !small(people[child], g.k) {
			others := total(heads, of.members, addCount) - heads[child]
			return g.treeNode(child).unit.Name + " with " + strconv.FormatUint(others, 10) + " others"
		}
	}
	return "Small groups of " + name
}

func (g *gate) treeNode(n int) *node { return &g.scope.tree.nodes[g.scope.nodes[n].node] }

// ratio is nil where there is nothing to divide by.
func ratio(part, whole float64) *float64 {
	if whole == 0 {
		return nil
	}
	r := part / whole
	return &r
}
