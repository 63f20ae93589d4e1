package query

import (
	"context"
	_ "embed"
	"fmt"

	"uptake/adoption"
)

//go:embed pairs.sql
var pairsSQL string

// rawPairs is how much people of some places interacted over some days: for each tool from place to place. The places
// are the children of a node (or the node, if it has none), and behind them everybody else, among whom nothing is counted.
type rawPairs struct {
	place map[int]int // node of the scope → its place
	flows map[string][][]uint64
}

// rawPair is a line of what was read: interactions of a month with a tool, named by its place in the question's list.
type rawPair struct {
	tool, from, to uint16
	interactions   uint64
}

// newRawPairs has the places of a node of a scope.
func newRawPairs(s *scope, n int) *rawPairs {
	p := &rawPairs{place: map[int]int{}, flows: map[string][][]uint64{}}
	inside := s.nodes[n].children
	if len(inside) == 0 {
		inside = []int{n}
	}
	for i, node := range inside {
		p.place[node] = i
	}
	return p
}

// outside is the place of everybody else.
func (p *rawPairs) outside() int { return len(p.place) }

func (p *rawPairs) add(tool string, from, to int, interactions uint64) {
	if p.flows[tool] == nil {
		p.flows[tool] = make([][]uint64, len(p.place)+1)
		for i := range p.flows[tool] {
			p.flows[tool][i] = make([]uint64, len(p.place)+1)
		}
	}
	p.flows[tool][from][to] += interactions
}

// between adds up what went with some tools from some places to others.
func (p *rawPairs) between(tools []string, from, to []int) (sum uint64) {
	for _, tool := range tools {
		if p.flows[tool] == nil {
			continue
		}
		for _, i := range from {
			for _, j := range to {
				sum += p.flows[tool][i][j]
			}
		}
	}
	return sum
}

// pairsAsked is what to read the interactions of.
type pairsAsked struct {
	units   []string // as the table names them
	places  []int    // of their people
	outside int
	tools   []string
}

// readPairs reads the interactions of the people in node n of a scope, with each other and with everybody else, on days
// in their order.
func (c *Company) readPairs(ctx context.Context, snap *snapshot, s *scope, n int, days []adoption.Day, tools []string) (*rawPairs, error) {
	p := newRawPairs(s, n)
	asked := pairsAsked{units: s.tree.leaves(), places: s.leafNodes(), outside: p.outside(), tools: tools}
	for i, node := range asked.places {
		place, inside := p.place[node]
		if !inside {
			place = p.outside()
		}
		asked.places[i] = place
	}
	months := monthsOf(days, snap.edition.runs["kpi_pair"], fmt.Sprintf("%q %q %v", tools, asked.units, asked.places))
	lines, err := c.pairs.linesOf(months, func() (func(), error) { return c.cells.begin(ctx, pairsSQL) },
		func(days []adoption.Day) (map[uint16][]rawPair, error) { return c.loadPairs(ctx, asked, days) })
	if err != nil {
		return nil, fmt.Errorf("read interactions: %w", err)
	}
	for _, line := range lines {
		p.add(tools[line.tool], int(line.from), int(line.to), line.interactions)
	}
	return p, nil
}

// loadPairs asks the store for the interactions of days, and answers by month.
func (c *Company) loadPairs(ctx context.Context, asked pairsAsked, days []adoption.Day) (map[uint16][]rawPair, error) {
	order := make([]int, len(asked.tools))
	for i := range order {
		order[i] = i
	}
	p := params{"days": dayList(days), "tools": textList(asked.tools), "tool_places": numberList(order),
		"units": textList(asked.units), "places": numberList(asked.places), "outside": fmt.Sprint(asked.outside)}
	read := map[uint16][]rawPair{}
	var month uint16
	var line rawPair
	row := []any{&month, &line.tool, &line.from, &line.to, &line.interactions}
	err := c.each(ctx, pairsSQL, p, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		if int(line.tool) >= len(asked.tools) || int(line.from) > asked.outside || int(line.to) > asked.outside {
			return fmt.Errorf("the interactions of %d/%d name a unit that is in no tree", (month-1)/12, (month-1)%12+1)
		}
		read[month] = append(read[month], line)
		return nil
	})
	return read, err
}
