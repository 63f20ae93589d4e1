package query

import "uptake/adoption"

// UnitsAnswer is the shape of GET /api/v1/units: the tree of units, each before its children.
//
//	func (c *Company) Units(ctx context.Context) (*UnitsAnswer, error)
type UnitsAnswer struct {
	Date  *adoption.Day `json:"date"` // the day that headcounts are of: today, or the last day with figures; nil where there is none
	Units []UnitLine    `json:"units"`
}

// UnitLine is one unit of the tree. headcounts are no secret (METRICS: Small groups, 1).
type UnitLine struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Parent       string `json:"parent"` // "" for the company
	LegacyEntity string `json:"legacy_entity"`
	Headcount    uint64 `json:"headcount"`
	Depth        int    `json:"depth"`    // 0 for the company
	Children     int    `json:"children"` // how many units stand directly below, UNIT.direct and unassigned included
	Kind         string `json:"kind"`     // "company", "unit", "direct" (people placed directly in a unit with children) or "unassigned"
}

// ToolsAnswer is the shape of GET /api/v1/tools: "all" first, then every tool that an event, a licence or tools.csv names, by id.
//
//	func (c *Company) Tools(ctx context.Context) (*ToolsAnswer, error)
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
