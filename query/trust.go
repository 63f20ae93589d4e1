package query

import (
	"context"
	"time"

	"uptake/adoption"
)

const (
	trustDays   = 28   // days that the trust page shows
	trustGaps   = 91   // closed days in which it names gaps
	lowCoverage = 0.80 // under this a figure says so (METRICS: Trust)
	topReasons  = 10
	topNames    = 20
)

// TrustAnswer is the shape of GET /api/v1/trust: how far the figures may be believed.
type TrustAnswer struct {
	Settled   bool           `json:"settled"` // everything acknowledged so far (events, directory, demo) is in the figures
	DataUntil time.Time      `json:"data_until"`
	Timezone  string         `json:"timezone"`
	MinGroup  int            `json:"min_group"`
	GapRule   string         `json:"gap_rule"` // in words
	Sources   []SourceTrust  `json:"sources"`  // by name
	Coverage  []ToolCoverage `json:"coverage"` // "all" first, then by tool
	SelfCheck SelfCheck      `json:"self_check"`
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
	UnknownNames   []UnknownName  `json:"unknown_names"`   // of the last 28 days, the most frequent first, at most twenty
	NamesTotal     uint64         `json:"unknown_names_total"`
	UnknownEvents  uint64         `json:"unknown_events"` // under all of these names: kept, and in no figure
	Days           []SourceDay    `json:"days"`           // the last 28, oldest first, today included
	Gaps           []adoption.Day `json:"gaps"`           // of the last 91 closed days
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

// UnknownName is what a client calls events that no rule of its source's mapping gives a meaning.
type UnknownName struct {
	Name   string `json:"name"`
	Events uint64 `json:"events"`
}

// ToolCoverage is the share of a tool's active people, company-wide, that the directory knows.
type ToolCoverage struct {
	Tool     string       `json:"tool"`
	Date     adoption.Day `json:"date"`     // the window of 28 days ends with the last closed day
	Coverage *float64     `json:"coverage"` // nil where nobody was active or where it would reveal a small group
	Low      bool         `json:"low"`      // under 80 %
}

// Trust tells how fresh and how complete the data is, per source and tool.
func (c *Company) Trust(ctx context.Context) (*TrustAnswer, error) {
	settled, err := c.settled(ctx) // before the figures are read: what it vouches for is then in them
	if err != nil {
		return nil, err
	}
	checked, err := c.LastSelfCheck(ctx)
	if err != nil {
		return nil, err
	}
	answer := &TrustAnswer{Settled: settled, DataUntil: c.dataUntil(c.Today()), Timezone: c.zone().String(), MinGroup: int(c.minGroup()), GapRule: gapRule, SelfCheck: checked}
	err = c.consistently(ctx, func(snap *snapshot) (err error) {
		if answer.Sources, err = c.sourceTrust(ctx, snap); err == nil {
			answer.Coverage, err = c.toolCoverage(ctx, snap)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// toolCoverage takes coverage from rows of the company, as the gate lets it through.
func (c *Company) toolCoverage(ctx context.Context, snap *snapshot) ([]ToolCoverage, error) {
	tools := []string{adoption.AllTools}
	for _, t := range snap.tools {
		if t.counted {
			tools = append(tools, t.ID)
		}
	}
	end := []adoption.PeriodEnd{{Date: snap.lastClosed()}}
	rows, err := c.rows(ctx, snap, inquiry{unit: adoption.Company, tools: tools, ends: end})
	if err != nil {
		return nil, err
	}
	coverage := make([]ToolCoverage, len(rows))
	for i, row := range rows {
		share := row.Trust.Coverage
		coverage[i] = ToolCoverage{Tool: row.Tool, Date: row.Date, Coverage: share, Low: share != nil && *share < lowCoverage}
	}
	return coverage, nil
}

// lastClosed is the last closed day with figures; where only today has some, or the first event is of today, today.
func (s *snapshot) lastClosed() adoption.Day {
	last, there := s.latest()
	if there && last == s.state.today && s.days[last-1] && !s.beganToday() {
		return last - 1
	}
	if !there {
		return s.state.today - 1
	}
	return last
}

// beganToday tells whether the first event of all is of today: a page about yesterday would say that nothing came.
func (s *snapshot) beganToday() bool {
	for _, f := range s.feeds {
		if f.firstDay < s.state.today {
			return false
		}
	}
	return len(s.feeds) > 0
}
