package query

import (
	"context"
	"slices"

	"uptake/adoption"
)

// UnitsAnswer is the shape of GET /api/v1/units: the tree of units, each before its children.
type UnitsAnswer struct {
	Date  *adoption.Day `json:"date"` // the day that headcounts are of: today, or the last day with figures; nil where there is none
	Units []UnitLine    `json:"units"`
}

// UnknownUnits are those of the ids that no unit of today has, in their order.
func (c *Company) UnknownUnits(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	answer, err := c.Units(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, u := range answer.Units {
		known[u.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] }), nil
}

// UnitLine is one unit of the tree. headcounts are no secret (METRICS: Small groups, 1).
type UnitLine struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Parent       string `json:"parent"` // "" for the company
	LegacyEntity string `json:"legacy_entity"`
	Headcount    uint64 `json:"headcount"`
	Depth        int    `json:"depth"`    // 0 for the company
	Children     int    `json:"children"` // how many lines stand directly below
	Kind         string `json:"kind"`     // "company", "unit", "direct" (people placed directly in a unit with children) or "unassigned"
}

// Units lists the tree of units, the company first, each unit before its children and these by id. UNIT.direct is
// there where people are in it on the answer's date.
func (c *Company) Units(ctx context.Context) (*UnitsAnswer, error) {
	var answer *UnitsAnswer
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer = &UnitsAnswer{Units: []UnitLine{}}
		s := snap.tree.whole()
		heads := make([]uint64, len(s.nodes))
		if day, there := snap.latest(); there {
			answer.Date = &day
			sizes := map[dayTool][]uint64{}
			err := c.readSizes(ctx, s, []adoption.Day{day}, []string{""}, sizes)
			if err != nil {
				return err
			}
			if counted := sizes[dayTool{day, ""}]; counted != nil {
				heads = counted
			}
		}
		answer.list(snap.tree, heads)
		return nil
	})
	return answer, err
}

func (a *UnitsAnswer) list(t *tree, heads []uint64) {
	empty := func(n int) bool { return t.nodes[n].kind == kindDirect && heads[n] == 0 }
	for at, n := range t.nodes {
		if empty(at) {
			continue
		}
		line := UnitLine{ID: n.unit.ID, Name: n.unit.Name, Parent: n.unit.Parent, LegacyEntity: n.unit.LegacyEntity,
			Headcount: heads[at], Depth: n.depth, Kind: n.kind.String()}
		for _, child := range n.children {
			if !empty(child) {
				line.Children++
			}
		}
		a.Units = append(a.Units, line)
	}
}

// latest is the last day with figures that is not in the future.
func (s *snapshot) latest() (day adoption.Day, there bool) {
	for d := range s.days {
		if d <= s.state.today && (!there || d > day) {
			day, there = d, true
		}
	}
	return day, there
}

// ToolsAnswer is the shape of GET /api/v1/tools: "all" first, then every tool that an event, a licence or tools.csv names, by id.
type ToolsAnswer struct {
	Tools []ToolEntry `json:"tools"`
}

// ToolEntry is one tool.
type ToolEntry struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Category    string        `json:"category"`
	Vendor      string        `json:"vendor"`
	Seats       uint32        `json:"seats"`       // bought; 0 where nobody has entered it
	Denominator string        `json:"denominator"` // "headcount" where no licence was ever recorded: open to everyone; else "enabled"
	Sources     []string      `json:"sources"`     // the feeds that have brought events of it
	FirstDay    *adoption.Day `json:"first_day"`   // of its first event; nil where there is none
	LastDay     *adoption.Day `json:"last_day"`    // of its last event
	Counted     bool          `json:"counted"`     // part of "all": it has an event or a licence
}

// Tools lists the tools.
func (c *Company) Tools(ctx context.Context) (*ToolsAnswer, error) {
	answer := &ToolsAnswer{}
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer.Tools = []ToolEntry{snap.toolEntry(toolInfo{Tool: allTools, counted: true})}
		for _, t := range snap.tools {
			answer.Tools = append(answer.Tools, snap.toolEntry(t))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// allTools is how all tools together are named.
var allTools = adoption.Tool{ID: adoption.AllTools, Name: "All tools"}

func (s *snapshot) toolEntry(t toolInfo) ToolEntry {
	entry := ToolEntry{ID: t.ID, Name: t.Name, Category: t.Category, Vendor: t.Vendor, Seats: t.Seats,
		Denominator: s.denominator(t.ID), Sources: s.sources(t.ID), Counted: t.counted}
	for _, f := range s.feeds {
		if t.ID != adoption.AllTools && f.tool != t.ID {
			continue
		}
		if entry.FirstDay == nil || f.firstDay < *entry.FirstDay {
			entry.FirstDay = &f.firstDay
		}
		if entry.LastDay == nil || f.lastDay > *entry.LastDay {
			entry.LastDay = &f.lastDay
		}
	}
	return entry
}

// sources lists the sources that have brought events of a tool ("all": of any), by name.
func (s *snapshot) sources(tool string) []string {
	names := []string{}
	for _, f := range s.feeds {
		if tool == adoption.AllTools || f.tool == tool {
			names = append(names, f.source)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
