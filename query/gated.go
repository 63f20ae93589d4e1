package query

import (
	"context"
	"fmt"
	"slices"

	"uptake/adoption"
)

// portion is a part of a question that is read at once: a place and a tool on some days.
type portion struct {
	snap     *snapshot
	scope    *scope
	at       place
	tool     string
	ends     []adoption.PeriodEnd
	children bool
}

func (p *portion) days() []adoption.Day {
	days := make([]adoption.Day, len(p.ends))
	for i, end := range p.ends {
		days[i] = end.Date
	}
	return days
}

// portioned answers a question whose rows come from a gate beside that of adoption, a portion after the other. Errors are
// those of Adoption.
func portioned[Row any](ctx context.Context, c *Company, q AdoptionQuestion, rows func(context.Context, *portion) ([]Row, error)) (*Answer[Row], error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &Answer[Row]{Header: c.header(q.To)}
	err := c.consistently(ctx, func(snap *snapshot) error {
		answer.Rows = []Row{}
		at, err := snap.place(q.Unit)
		if err != nil {
			return err
		}
		if err := snap.hasTool(q.Tool); err != nil {
			return err
		}
		ends := slices.DeleteFunc(adoption.PeriodEnds(q.From, q.To, q.Grain, snap.state.today), func(e adoption.PeriodEnd) bool { return !snap.days[e.Date] })
		if err := snap.bound(at, len(ends), q.Children); err != nil {
			return err
		}
		s := snap.tree.around(at.node)
		for chunk := range slices.Chunk(ends, chunkDays(snap, s)) {
			more, err := rows(ctx, &portion{snap, s, at, q.Tool, chunk, q.Children})
			if err != nil {
				return err
			}
			answer.Rows = append(answer.Rows, more...)
		}
		if at.rest && len(answer.Rows) == 0 && len(ends) > 0 {
			return noRest(q.Unit)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// bound refuses questions with more rows than one answer may have.
func (s *snapshot) bound(at place, dates int, children bool) error {
	if children && dates*(len(s.tree.nodes[at.node].children)+2) > maxRows {
		return adoption.Invalid("from", fmt.Sprintf("That is more than %d rows. Ask for a shorter span, a coarser grain or without children.", maxRows))
	}
	return nil
}
