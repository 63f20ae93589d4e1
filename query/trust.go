package query

import (
	"time"

	"uptake/adoption"
)

// TrustAnswer is the shape of GET /api/v1/trust: how far the figures may be believed.
//
//	func (c *Company) Trust(ctx context.Context) (*TrustAnswer, error)
type TrustAnswer struct {
	Settled   bool           `json:"settled"` // everything acknowledged so far (events, directory, demo) is in the figures
	DataUntil time.Time      `json:"data_until"`
	Timezone  string         `json:"timezone"`
	MinGroup  int            `json:"min_group"`
	GapRule   string         `json:"gap_rule"` // in words
	Sources   []SourceTrust  `json:"sources"`  // by name
	Coverage  []ToolCoverage `json:"coverage"` // "all" first, then by tool
}

// SourceTrust is what is known of one feed.
type SourceTrust struct {
	Source         string         `json:"source"`
	Tools          []string       `json:"tools"`
	FirstDay       *adoption.Day  `json:"first_day"`       // nil for a source of which every record was refused
	LastEvent      *time.Time     `json:"last_event"`      // time of its latest event
	LastLoad       *time.Time     `json:"last_load"`       // when its latest event was accepted
	LagSeconds     *int64         `json:"lag_seconds"`     // last_load − last_event
	SilentSeconds  *int64         `json:"silent_seconds"`  // now − last_load
	Rejected       uint64         `json:"rejected"`        // records refused in the last 28 days
	UnknownActions uint64         `json:"unknown_actions"` // of them: the action is not in the list
	Reasons        []Rejection    `json:"reasons"`         // the most frequent first, at most ten
	Days           []SourceDay    `json:"days"`            // the last 28, oldest first, today included
	Gaps           []adoption.Day `json:"gaps"`            // of the last 91 closed days
}

// SourceDay counts records, not people.
type SourceDay struct {
	Day      adoption.Day `json:"day"`
	Events   uint64       `json:"events"`
	Rejected uint64       `json:"rejected"` // refused on that UTC day
	Gap      bool         `json:"gap"`
}

// Rejection is a reason for which records were refused.
type Rejection struct {
	Field  string `json:"field"`
	Reason string `json:"reason"`
	Events uint64 `json:"events"`
}

// ToolCoverage is the share of a tool's active people, company-wide, that the directory knows.
type ToolCoverage struct {
	Tool     string       `json:"tool"`
	Date     adoption.Day `json:"date"`     // the window of 28 days ends with the last closed day
	Coverage *float64     `json:"coverage"` // nil where nobody was active or where it would reveal a small group
	Low      bool         `json:"low"`      // under 80 %
}
