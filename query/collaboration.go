package query

import (
	"context"
	"net/url"

	"uptake/adoption"
)

// CollaborationQuestion asks how much the people of a unit interact, with each other and with others, over all days from
// From to To together.
type CollaborationQuestion struct {
	Unit     string // as in AdoptionQuestion; "" is the company
	Tool     string // "" is all tools
	From, To adoption.Day
	Children bool // with the unit's children, and how much they interact with each other
}

// CollaborationAnswer is the shape of GET /api/v1/collaboration.
type CollaborationAnswer struct {
	Header
	From         adoption.Day        `json:"from"`
	To           adoption.Day        `json:"to"`
	ToolsLeftOut int                 `json:"tools_left_out"` // of "all": tools that would hide too much
	CrossUnit    *float64            `json:"cross_unit"`     // of the matrix: the share whose ends are in different units; nil where it has none
	Rows         []CollaborationRow  `json:"rows"`           // the unit asked for, then its children by id, then its rest
	Matrix       CollaborationMatrix `json:"matrix"`
	Bridges      []Bridge            `json:"bridges"` // the strongest first
	Silos        []Silo              `json:"silos"`   // the most closed first
}

// CollaborationRow is how much the people of a unit interact. The figures are nil where the unit is hidden; EIIndex, too,
// where there are no interactions.
type CollaborationRow struct {
	RowFrame
	Internal *uint64  `json:"internal"` // both ends in the unit
	Sent     *uint64  `json:"sent"`     // from its people to those of other units, anywhere in the company
	Received *uint64  `json:"received"` // from people of other units to its own
	EIIndex  *float64 `json:"ei_index"` // (external − internal) ÷ (external + internal), external = sent + received
}

// CollaborationMatrix is how much the children of a unit interact. Those that are hidden are in the unit's rest, as one.
type CollaborationMatrix struct {
	Units        []string   `json:"units"`        // ids, in the order of the rows
	Interactions [][]uint64 `json:"interactions"` // from the unit of the line to the unit of the column
}

// Bridge is a pair of units that exchange more than others, for what each exchanges at all.
type Bridge struct {
	Unit         string  `json:"unit"`
	UnitName     string  `json:"unit_name"`
	With         string  `json:"with"`
	WithName     string  `json:"with_name"`
	Interactions uint64  `json:"interactions"` // in both directions
	Expected     float64 `json:"expected"`     // if nobody preferred anybody (adoption.ExpectedExchange)
	Ratio        float64 `json:"ratio"`        // interactions ÷ expected
}

// Silo is a unit whose people keep to themselves.
type Silo struct {
	Unit         string  `json:"unit"`
	UnitName     string  `json:"unit_name"`
	Interactions uint64  `json:"interactions"` // with an end in the unit
	EIIndex      float64 `json:"ei_index"`
}

// ParseCollaboration reads a question from URL parameters, as ParseAdoption does. Left out: the company, all tools, the
// 28 days up to today, with children. There is no grain: all days are added up.
func ParseCollaboration(values url.Values, today adoption.Day) (CollaborationQuestion, error) {
	q := CollaborationQuestion{To: today, Children: true}
	var from *adoption.Day
	err := parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"children", flagInto(&q.Children)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = windowStart(q.To)
	if from != nil {
		q.From = *from
	}
	return q, q.check()
}

// check fills the defaults in and refuses what cannot be answered.
func (q *CollaborationQuestion) check() error {
	days := AdoptionQuestion{Unit: q.Unit, Tool: q.Tool, From: q.From, To: q.To}
	err := days.check()
	q.Unit, q.Tool = days.Unit, days.Tool
	return err
}

// Collaboration answers how much people interact within units and between them. Errors are those of Adoption. There are
// no rows where there are no figures of any day asked for.
func (c *Company) Collaboration(ctx context.Context, q CollaborationQuestion) (*CollaborationAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	var answer *CollaborationAnswer
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer = &CollaborationAnswer{Header: c.header(q.To), From: q.From, To: q.To, Rows: []CollaborationRow{},
			Matrix: CollaborationMatrix{Units: []string{}, Interactions: [][]uint64{}}, Bridges: []Bridge{}, Silos: []Silo{}}
		answer.WindowDays = int(q.To-q.From) + 1
		g, err := c.pairGate(ctx, snap, q)
		if err != nil || g == nil {
			return err
		}
		if !g.write(answer, q.Children) {
			return noRest(q.Unit)
		}
		answer.findBridges()
		answer.findSilos()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}
