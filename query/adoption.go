package query

import (
	"context"
	"fmt"
	"slices"

	"uptake/adoption"
)

// Adoption answers a question about adoption. An unknown unit or tool is NotFound; what cannot be asked is InvalidParameter.
// Rows exist for the days that figures exist for.
func (c *Company) Adoption(ctx context.Context, q AdoptionQuestion) (*AdoptionAnswer, error) {
	return answered(ctx, c, q, func(row AdoptionRow) AdoptionRow { return row })
}

// answered answers a question with rows of a kind, each cut from the one row that the gate makes of a unit, tool and
// date: so no two answers, and no page and answer, can disagree about a figure.
func answered[Row any](ctx context.Context, c *Company, q AdoptionQuestion, cut func(AdoptionRow) Row) (*Answer[Row], error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &Answer[Row]{Header: c.header(q.To)}
	err := c.consistently(ctx, func(snap *snapshot) error {
		ends := adoption.PeriodEnds(q.From, q.To, q.Grain, snap.state.today)
		rows, err := c.rows(ctx, snap, inquiry{unit: q.Unit, tools: []string{q.Tool}, ends: ends, children: q.Children})
		answer.Rows = make([]Row, len(rows))
		for i, row := range rows {
			answer.Rows[i] = cut(row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// header is that of an answer about the time up to a day.
func (c *Company) header(to adoption.Day) Header {
	return Header{DataUntil: c.dataUntil(to), WindowDays: WindowDays, Timezone: c.zone().String(), MinGroup: int(c.minGroup())}
}

// inquiry is what the pages and the API have in common: rows of a unit for some tools, each at some days.
type inquiry struct {
	unit     string
	beside   []string // other units whose rows follow the unit's own, read at once because a statement costs more than a row
	tools    []string
	ends     []adoption.PeriodEnd
	children bool
}

// rows answers an inquiry: by date, of a date by tool in the order given, then the unit, its children, its rest.
func (c *Company) rows(ctx context.Context, snap *snapshot, in inquiry) ([]AdoptionRow, error) {
	key := in.key()
	if rows, there := snap.memo.get(key); there {
		return rows, nil
	}
	rows, err := c.readRows(ctx, snap, in)
	if err == nil {
		snap.memo.put(key, rows)
	}
	return rows, err
}

func (c *Company) readRows(ctx context.Context, snap *snapshot, in inquiry) ([]AdoptionRow, error) {
	at, err := snap.place(in.unit)
	if err != nil {
		return nil, err
	}
	places, nodes := []place{at}, []int{at.node}
	for _, unit := range in.beside {
		other, err := snap.place(unit)
		if err != nil {
			return nil, err
		}
		places, nodes = append(places, other), append(nodes, other.node)
	}
	for _, tool := range in.tools {
		if err := snap.hasTool(tool); err != nil {
			return nil, err
		}
	}
	ends := slices.DeleteFunc(slices.Clone(in.ends), func(e adoption.PeriodEnd) bool { return !snap.days[e.Date] })
	s := snap.tree.around(nodes...)
	if err := snap.bound(at, len(ends), in.children); err != nil {
		return nil, err
	}
	rows := []AdoptionRow{}
	for chunk := range slices.Chunk(ends, chunkDays(snap, s)) {
		days := make([]adoption.Day, len(chunk))
		for i, e := range chunk {
			days[i] = e.Date
		}
		r, err := c.read(ctx, snap, s, need{days: days, tools: in.tools})
		if err != nil {
			return nil, err
		}
		g := newGate(snap, s, r, c.minGroup())
		for _, end := range chunk {
			for _, tool := range in.tools {
				for _, at := range places {
					rows = append(rows, g.rows(at, tool, end, in.children)...)
				}
			}
		}
	}
	if at.rest && len(rows) == 0 && len(ends) > 0 {
		return nil, noRest(in.unit)
	}
	return rows, nil
}

// noRest says that a rest group does not exist on the dates of a question.
func noRest(unit string) error {
	return &adoption.Error{Code: adoption.NotFound, Field: "unit",
		Message: fmt.Sprintf("There is no %s on these dates: no small groups below that unit are shown together.", unit)}
}

// chunkDays is how many days are read at once, so that a long question about many units stays small in memory.
func chunkDays(snap *snapshot, s *scope) int {
	const cells = 300_000
	return max(cells/(len(s.nodes)*(len(snap.tools)+2)), 1)
}

// place finds the unit of a question, or NotFound.
func (s *snapshot) place(unit string) (place, error) {
	at, known := s.tree.find(unit)
	if !known {
		return at, &adoption.Error{Code: adoption.NotFound, Field: "unit", Message: fmt.Sprintf("There is no unit %q.", unit)}
	}
	return at, nil
}

// hasTool is nil for a tool that a question may be about, else NotFound.
func (s *snapshot) hasTool(id string) error {
	if _, known := s.tool(id); known || id == adoption.AllTools {
		return nil
	}
	return &adoption.Error{Code: adoption.NotFound, Field: "tool", Message: fmt.Sprintf("There is no tool %q.", id)}
}
