package query

import (
	"context"
	"fmt"
	"slices"

	"uptake/adoption"
)

// FirstUseAnswer is the shape of GET /api/v1/first-use.
type FirstUseAnswer = Answer[FirstUseRow]

// FirstUseRow is how the enabled people of a row had begun with the tool by its date. A day of activity before the first
// day with access does not count here. A figure is nil where a group is hidden or has no denominator, and while the figures have
// not caught up with a change of the directory.
type FirstUseRow struct {
	RowFrame
	Started        *uint64       `json:"started"`            // active with access on at least one day
	MedianDays     *float64      `json:"median_days"`        // of these: days from the first with access to the first with activity; nil for fewer than min_group people
	Enabled30      *uint64       `json:"enabled_30"`         // enabled for the first time at least 30 days before
	Activated30    *uint64       `json:"activated_30"`       // of these: active within 30 days after it
	ActivationRate *float64      `json:"activation_rate_30"` // activated_30 ÷ enabled_30
	DataFrom       *adoption.Day `json:"data_from"`          // the tool's first event: who had access before may have begun before, unseen
}

// FirstUse answers how long people with access took to begin, and how many did within 30 days. Errors are those of Adoption.
func (c *Company) FirstUse(ctx context.Context, q AdoptionQuestion) (*FirstUseAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &FirstUseAnswer{Header: c.header(q.To)}
	err := c.consistently(ctx, func(snap *snapshot) error {
		ends := adoption.PeriodEnds(q.From, q.To, q.Grain, snap.state.today)
		in := beginInquiry{unit: q.Unit, tool: q.Tool, ends: ends, children: q.Children}
		key := in.key()
		rows, there := snap.begins.get(key)
		if !there {
			var err error
			if rows, err = beginRows(ctx, c, snap, in, (*beginGate).firstUse); err != nil {
				return err
			}
			snap.begins.put(key, rows)
		}
		answer.Rows = rows
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// beginInquiry is a question about how people began.
type beginInquiry struct {
	unit, tool string
	ends       []adoption.PeriodEnd
	children   bool
}

// key tells inquiries apart.
func (in beginInquiry) key() string {
	return fmt.Sprintf("%q %q %t %v", in.unit, in.tool, in.children, in.ends)
}

// beginRows answers an inquiry with rows of a kind that the gate makes, in the order of readRows.
func beginRows[Row any](ctx context.Context, c *Company, snap *snapshot, in beginInquiry,
	make func(*beginGate, place, adoption.PeriodEnd, bool) []Row) ([]Row, error) {
	rows := []Row{}
	at, err := snap.place(in.unit)
	if err != nil {
		return nil, err
	}
	if err := snap.hasTool(in.tool); err != nil {
		return nil, err
	}
	ends := slices.DeleteFunc(slices.Clone(in.ends), func(e adoption.PeriodEnd) bool { return !snap.days[e.Date] })
	if len(ends) == 0 {
		return rows, nil
	}
	if in.children && len(ends)*(len(snap.tree.nodes[at.node].children)+2) > maxRows {
		return nil, adoption.Invalid("from", fmt.Sprintf("That is more than %d rows. Ask for a shorter span, a coarser grain or without children.", maxRows))
	}
	spans, err := c.readSpans(ctx, snap, in.tool)
	if err != nil {
		return nil, err
	}
	s := snap.tree.around(at.node)
	for chunk := range slices.Chunk(ends, chunkDays(snap, s)) {
		var days []adoption.Day
		for _, end := range chunk {
			days = append(days, end.Date)
		}
		r, err := c.read(ctx, snap, s, need{days: days, tools: []string{in.tool}})
		if err != nil {
			return nil, err
		}
		g := newBeginGate(newGate(snap, s, r, c.minGroup()), in.tool, spans)
		for _, end := range chunk {
			rows = append(rows, make(g, at, end, in.children)...)
		}
	}
	if at.rest && len(rows) == 0 {
		return nil, noRest(in.unit)
	}
	return rows, nil
}
