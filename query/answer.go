package query

import (
	"time"

	"uptake/adoption"
)

// Header is what every answer of rows begins with.
type Header struct {
	DataUntil  time.Time `json:"data_until"` // RFC 3339, in the reporting zone
	WindowDays int       `json:"window_days"`
	Timezone   string    `json:"timezone"`
	MinGroup   int       `json:"min_group"`
}

// Answer is the shape that answers about units, tools and dates share (METRICS: The answer's shape).
type Answer[Row any] struct {
	Header
	Rows []Row `json:"rows"` // by date; of a date the unit asked for, then its children by id, then its rest
}

// AdoptionAnswer is the shape of GET /api/v1/adoption.
type AdoptionAnswer = Answer[AdoptionRow]

// RowFrame is what every row says whatever it is about: whom it speaks of, when, and how far it may be believed.
// Only the gate makes one, so rows of every kind are cut from rows that came through it.
type RowFrame struct {
	Unit        string       `json:"unit"`
	UnitName    string       `json:"unit_name"`
	Tool        string       `json:"tool"`
	Date        adoption.Day `json:"date"`        // last day of the grain's period, or the day it was cut at
	Running     bool         `json:"running"`     // the period is not over
	Denominator string       `json:"denominator"` // "enabled", or "headcount" where everyone has access
	Headcount   uint64       `json:"headcount"`
	Enabled     uint64       `json:"enabled"`
	Suppressed  bool         `json:"suppressed"`
	ShownIn     string       `json:"shown_in,omitempty"` // the rest group that a hidden unit is counted in
	Trust       RowTrust     `json:"trust"`
}

// AdoptionRow is what is known of one unit and tool on one day. A KPI is nil where it is hidden (Suppressed, or
// for ActiveNotEnabled its own population) or where its denominator is 0. Rates are 0..1, unrounded.
// Only the gate makes rows.
type AdoptionRow struct {
	RowFrame
	Active1          *uint64  `json:"active_1"`
	Active7          *uint64  `json:"active_7"`
	Active28         *uint64  `json:"active_28"`
	ActiveNotEnabled *uint64  `json:"active_not_enabled"`
	AdoptionRate     *float64 `json:"adoption_rate"` // active_28 ÷ enabled
	Stickiness       *float64 `json:"stickiness"`    // mean over 28 days of those active that day, ÷ active_28
	New              *uint64  `json:"new"`
	Returning        *uint64  `json:"returning"`
	Resurrected      *uint64  `json:"resurrected"`
	Dormant          *uint64  `json:"dormant"`
	Creators         *uint64  `json:"creators"`
	Responders       *uint64  `json:"responders"`
	Consumers        *uint64  `json:"consumers"`
	Inactive         *uint64  `json:"inactive"`
	EngagementScore  *float64 `json:"engagement_score"` // 0..100, mean over enabled people
	Actions          *uint64  `json:"actions"`
	ToolsLeftOut     int      `json:"tools_left_out"` // tool "all": tools whose actions are not in Actions because they are hidden here
}

// RowTrust says how far a row may be believed.
type RowTrust struct {
	GapDays  int      `json:"gap_days"` // days of the window without data although the source usually has some
	Coverage *float64 `json:"coverage"` // active people found in the directory ÷ all active people, company-wide; nil where nobody was active or where it would reveal a small group
}

// Denominators of a row.
const (
	DenominatorEnabled   = "enabled"
	DenominatorHeadcount = "headcount"
)
