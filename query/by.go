package query

import (
	"context"
	"fmt"

	"uptake/adoption"
)

// By answers a question about one attribute: of each date the company's row, then one for each value by its name, the
// people without one, and the rest. Dates without figures have no rows (adoption.Attributed), and the answer says so.
func (c *Company) By(ctx context.Context, q ByQuestion) (*ByAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &ByAnswer{Answer: Answer[ByRow]{Header: c.header(q.To)}}
	err := c.consistently(ctx, func(snap *snapshot) error {
		ends, missing := snap.byEnds(q)
		answer.explain(snap, ends, missing)
		rows, err := c.byRows(ctx, snap, q, ends)
		answer.Rows = make([]ByRow, len(rows))
		for i, row := range rows {
			answer.Rows[i] = attributeRow(q.Attribute, row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// byEnds are the dates of a question that have figures by attribute, and those that have none.
func (s *snapshot) byEnds(q ByQuestion) (ends []adoption.PeriodEnd, missing []adoption.Day) {
	last, _ := s.latest()
	for _, end := range adoption.PeriodEnds(q.From, q.To, q.Grain, s.state.today) {
		if s.byAttribute(end.Date, last) {
			ends = append(ends, end)
		} else {
			missing = append(missing, end.Date)
		}
	}
	return ends, missing
}

// runOf is the run that wrote a day of a table; 0: none has.
func (s *snapshot) runOf(table string, d adoption.Day) uint64 { return s.edition.runs[table][d] }

// newest is the last run that wrote a table; 0 where none has.
func (s *snapshot) newest(table string) (run uint64) {
	for _, one := range s.edition.runs[table] {
		run = max(run, one)
	}
	return run
}

// attributeRow names a row of an attribute's tree.
func attributeRow(attribute adoption.Attribute, row AdoptionRow) ByRow {
	by := ByRow{Attribute: attribute, Kind: ByValue, AdoptionRow: row}
	switch row.Unit {
	case adoption.Company:
		by.Kind = ByCompany
		return by
	case adoption.Company + adoption.RestSuffix:
		by.Kind = ByRest
	case unknownValue:
		by.Kind = ByUnknown
	default:
		by.Value = row.UnitName
	}
	by.Unit, by.UnitName = adoption.Company, "Company"
	if by.ShownIn != "" {
		by.ShownIn = ByRest
	}
	by.ActiveNotEnabled = nil // a population of its own, which is not broken down
	return by
}

// byRows are the rows of an attribute's tree, the company's own as everywhere else.
func (c *Company) byRows(ctx context.Context, snap *snapshot, q ByQuestion, ends []adoption.PeriodEnd) ([]AdoptionRow, error) {
	whole, err := c.rows(ctx, snap, inquiry{unit: adoption.Company, tools: []string{q.Tool}, ends: ends})
	if err != nil || len(ends) == 0 {
		return nil, err
	}
	key := fmt.Sprintf("by %q %q %v", q.Attribute, q.Tool, ends)
	if rows, there := snap.memo.get(key); there {
		return rows, nil
	}
	judge, err := c.newByJudge(ctx, snap, q.Tool, ends)
	if err != nil {
		return nil, err
	}
	t := attributeTree(judge.valuesOf(attributePlace[q.Attribute]))
	s := t.whole()
	n := need{tools: []string{q.Tool}}
	for _, end := range ends {
		n.days = append(n.days, end.Date)
	}
	r, err := c.readBy(ctx, snap, q.Attribute, s, n)
	if err != nil {
		return nil, fmt.Errorf("read figures by %s: %w", q.Attribute, err)
	}
	g := newGate(snap, s, r, c.minGroup())
	judge.tell(g, attributePlace[q.Attribute])
	var rows []AdoptionRow
	for i, end := range ends {
		g.trusts[dayTool{end.Date, q.Tool}] = whole[i].Trust
		rows = append(append(rows, whole[i]), g.rows(place{node: 0}, q.Tool, end, true)[1:]...)
	}
	snap.memo.put(key, rows)
	return rows, nil
}
