package query

import (
	"context"

	"uptake/adoption"
)

// windowWeeks is how many weeks a window of 28 days has.
const windowWeeks = WindowDays / 7

// DepthAnswer is the shape of GET /api/v1/depth.
type DepthAnswer = Answer[DepthRow]

// DepthRow says how much the active people of a row do in its 28 days. All figures are nil where the group is hidden, the
// rates also where nobody was active, the median where fewer than k were.
type DepthRow struct {
	RowFrame
	Active28             *uint64  `json:"active_28"`
	ActionsPerWeekMedian *float64 `json:"actions_per_week_median"` // of the active person in the middle, of an even number the mean of the middle two
	ActionsPerWeekMean   *float64 `json:"actions_per_week_mean"`   // actions ÷ 4 ÷ active_28; of "all" the actions of the tools that are shown
	Breadth              *float64 `json:"breadth"`                 // tools used per active person: Σ active_28 of the tools that are shown ÷ active_28; of a single tool 1
	ToolsLeftOut         int      `json:"tools_left_out"`          // tool "all": tools that are in neither the mean nor the breadth because they are hidden here
}

// ConcentrationAnswer is the shape of GET /api/v1/concentration.
type ConcentrationAnswer = Answer[ConcentrationRow]

// ConcentrationRow says on how few people the contributions in the 28 days of a row rest. All are nil where the group is
// hidden; HalfPeople and HalfShare also where fewer than k people were active or nobody contributed.
type ConcentrationRow struct {
	RowFrame
	Active28      *uint64  `json:"active_28"`
	Contributors  *uint64  `json:"contributors"`   // active people with a contribution: the creators of the pyramid
	Contributions *uint64  `json:"contributions"`  // of "all": those in the tools that are shown
	HalfPeople    *uint64  `json:"half_people"`    // the fewest who made half of all contributions
	HalfShare     *float64 `json:"half_share"`     // half_people ÷ active_28, 0..1
	ToolsLeftOut  int      `json:"tools_left_out"` // tool "all": tools whose contributions are not in Contributions because they are hidden here
}

// Depth answers how much active people do, and with how many tools. Errors are those of Adoption.
func (c *Company) Depth(ctx context.Context, q AdoptionQuestion) (*DepthAnswer, error) {
	return spreadAnswer(ctx, c, q, func(row spreadRow) DepthRow {
		return DepthRow{RowFrame: row.RowFrame, Active28: row.active28, ActionsPerWeekMedian: row.median, ActionsPerWeekMean: row.mean,
			Breadth: row.breadth, ToolsLeftOut: row.toolsLeftOut}
	})
}

// Concentration answers on how few people the contributions of all rest. Errors are those of Adoption.
func (c *Company) Concentration(ctx context.Context, q AdoptionQuestion) (*ConcentrationAnswer, error) {
	return spreadAnswer(ctx, c, q, func(row spreadRow) ConcentrationRow {
		return ConcentrationRow{RowFrame: row.RowFrame, Active28: row.active28, Contributors: row.contributors, Contributions: row.contributed,
			HalfPeople: row.halfMade, HalfShare: row.halfShare, ToolsLeftOut: row.toolsLeftOut}
	})
}

// spreadAnswer cuts an answer from rows of the gate.
func spreadAnswer[Row any](ctx context.Context, c *Company, q AdoptionQuestion, cut func(spreadRow) Row) (*Answer[Row], error) {
	return portioned(ctx, c, q, func(ctx context.Context, p *portion) ([]Row, error) {
		rows, err := c.spreadRows(ctx, p)
		cuts := make([]Row, len(rows))
		for i, row := range rows {
			cuts[i] = cut(row)
		}
		return cuts, err
	})
}

// spreadRows reads the rows of a portion, or remembers them.
func (c *Company) spreadRows(ctx context.Context, p *portion) ([]spreadRow, error) {
	unit := p.snap.tree.nodes[p.at.node].unit.ID
	if p.at.rest {
		unit += adoption.RestSuffix
	}
	key := inquiry{unit: unit, tools: []string{p.tool}, ends: p.ends, children: p.children}.key()
	if rows, there := p.snap.spreads.get(key); there {
		return rows, nil
	}
	needed := need{days: p.days(), tools: []string{p.tool}}
	added := needed.tools
	if p.tool == adoption.AllTools {
		added = p.snap.countedTools()
		needed.tools = append([]string{p.tool}, added...)
	}
	r, err := c.read(ctx, p.snap, p.scope, needed)
	if err != nil {
		return nil, err
	}
	raws, err := c.readSpreads(ctx, p, added)
	if err != nil {
		return nil, err
	}
	g := &spreadGate{gate: newGate(p.snap, p.scope, r, c.minGroup()), raws: raws, written: p.snap.edition.runs["kpi_spread"]}
	var rows []spreadRow
	for _, end := range p.ends {
		rows = append(rows, g.rows(p, end)...)
	}
	p.snap.spreads.put(key, rows)
	return rows, nil
}
