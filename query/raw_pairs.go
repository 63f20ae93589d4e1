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
	units  []string // as the table names them
	places []int    // of their people
	tools  []string
	days   []adoption.Day // in order
}

// readPairs reads the interactions of the people in node n of a scope, with each other and with everybody else. Most of
// what a question about a year adds up has not changed since the last one, so months are remembered (pair_book.go).
func (c *Company) readPairs(ctx context.Context, snap *snapshot, s *scope, n int, days []adoption.Day, tools []string) (*rawPairs, error) {
	p := newRawPairs(s, n)
	asked := pairsAsked{units: s.tree.leaves(), places: s.leafNodes(), tools: tools, days: days}
	for i, node := range asked.places {
		place, inside := p.place[node]
		if !inside {
			place = p.outside()
		}
		asked.places[i] = place
	}
	months := asked.months(snap.edition.runs["kpi_pair"])
	found, missing := c.pairs.get(months)
	if len(missing) > 0 {
		end, err := c.cells.begin(ctx, pairsSQL) // whoever comes after finds it remembered
		if err != nil {
			return nil, err
		}
		defer end()
		var more [][]rawPair
		more, missing = c.pairs.get(missing)
		found = append(found, more...)
		read, err := c.loadPairs(ctx, asked, missing, p.outside())
		if err != nil {
			return nil, fmt.Errorf("read interactions: %w", err)
		}
		for _, m := range missing {
			c.pairs.put(m, read[m.number])
			found = append(found, read[m.number])
		}
	}
	for _, month := range found {
		for _, line := range month {
			p.add(tools[line.tool], int(line.from), int(line.to), line.interactions)
		}
	}
	return p, nil
}

// loadPairs asks the store for the days of some months, and answers by month.
func (c *Company) loadPairs(ctx context.Context, asked pairsAsked, months []pairMonth, outside int) (map[uint32][]rawPair, error) {
	read := map[uint32][]rawPair{}
	if len(months) == 0 {
		return read, nil
	}
	var days []adoption.Day
	for _, m := range months {
		days = append(days, m.days...)
	}
	order := make([]int, len(asked.tools))
	for i := range order {
		order[i] = i
	}
	p := params{"days": dayList(days), "tools": textList(asked.tools), "tool_places": numberList(order),
		"units": textList(asked.units), "places": numberList(asked.places), "outside": fmt.Sprint(outside)}
	var month uint32
	var line rawPair
	row := []any{&month, &line.tool, &line.from, &line.to, &line.interactions}
	err := c.each(ctx, pairsSQL, p, func(scan scanner) error {
		if err := scan(row...); err != nil {
			return err
		}
		if int(line.tool) >= len(asked.tools) || int(line.from) > outside || int(line.to) > outside {
			return fmt.Errorf("the interactions of %d name a unit that is in no tree", month)
		}
		read[month] = append(read[month], line)
		return nil
	})
	return read, err
}
