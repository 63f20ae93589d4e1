package query

import (
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"slices"

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

// packedPairs is how much the people of all units interacted with a tool in a month, or in the days of it that were asked
// for: for each pair of leaves of the tree its two numbers and the interactions, as pairs.sql writes them.
type packedPairs struct {
	tool  string
	pairs []byte
}

// pairWidth is what packedPairs has for one pair: from and to (2 bytes each), interactions (8).
const pairWidth = 12

func (p packedPairs) held() int { return len(p.pairs) }

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

// flowsOf are the interactions with a tool, to be added to.
func (p *rawPairs) flowsOf(tool string) [][]uint64 {
	if p.flows[tool] == nil {
		p.flows[tool] = make([][]uint64, len(p.place)+1)
		for i := range p.flows[tool] {
			p.flows[tool][i] = make([]uint64, len(p.place)+1)
		}
	}
	return p.flows[tool]
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

// readPairs reads the interactions of the people in node n of a scope, with each other and with everybody else, on days
// in their order. Read and remembered is what the whole company did with every tool, so that whoever asks next, about
// whichever unit, finds it.
func (c *Company) readPairs(ctx context.Context, snap *snapshot, s *scope, n int, days []adoption.Day, tools []string) (*rawPairs, error) {
	read := tools
	if counted := snap.countedTools(); !slices.ContainsFunc(tools, func(tool string) bool { return !slices.Contains(counted, tool) }) {
		read = counted
	}
	units := s.tree.leaves()
	question := fmt.Sprintf("%q %q", read, units)
	runs := snap.edition.runs["kpi_pair"]
	months := monthsOf(days, runs, question)
	lines, err := c.pairs.linesOf(months, func() (func(), error) { return c.cells.begin(ctx, pairsSQL) },
		func(days []adoption.Day) (map[uint16][]packedPairs, error) {
			return c.keptPairs(ctx, monthsOf(days, runs, question), func(days []adoption.Day) (map[uint16][]packedPairs, error) {
				return c.loadPairs(ctx, units, read, days)
			})
		})
	if err != nil {
		return nil, fmt.Errorf("read interactions: %w", err)
	}
	p := newRawPairs(s, n)
	places := p.placesOf(s)
	for _, month := range lines {
		if slices.Contains(tools, month.tool) {
			p.add(month, places)
		}
	}
	return p, nil
}

// placesOf is the place of each leaf's people.
func (p *rawPairs) placesOf(s *scope) []int {
	places := s.leafNodes()
	for i, node := range places {
		place, inside := p.place[node]
		if !inside {
			place = p.outside()
		}
		places[i] = place
	}
	return places
}

// add adds what the people of all units did to the places that they are in.
func (p *rawPairs) add(month packedPairs, places []int) {
	flows := p.flowsOf(month.tool)
	for at := 0; at < len(month.pairs); at += pairWidth {
		pair := month.pairs[at : at+pairWidth]
		from, to := places[binary.LittleEndian.Uint16(pair)], places[binary.LittleEndian.Uint16(pair[2:])]
		flows[from][to] += binary.LittleEndian.Uint64(pair[4:])
	}
	flows[p.outside()][p.outside()] = 0 // among everybody else nothing is counted
}

// keptPair is packedPairs as they are kept.
type keptPair struct {
	Tool  string
	Pairs []byte
}

// keptPairs are the interactions of months that were read before; load reads those of the others.
func (c *Company) keptPairs(ctx context.Context, months []monthAsked, load func([]adoption.Day) (map[uint16][]packedPairs, error)) (map[uint16][]packedPairs, error) {
	const about = "pairs"
	names := make([]string, len(months))
	for i, m := range months {
		names[i] = string(m.key[:])
	}
	found, err := recall[[]keptPair](ctx, c, about, names)
	if err != nil {
		return nil, err
	}
	all := map[uint16][]packedPairs{}
	missing := slices.DeleteFunc(slices.Clone(months), func(m monthAsked) bool {
		kept, there := found[string(m.key[:])]
		for _, p := range kept {
			all[m.number] = append(all[m.number], packedPairs{p.Tool, p.Pairs})
		}
		return there
	})
	if len(missing) == 0 {
		return all, nil
	}
	read, err := load(daysOf(missing))
	if err != nil {
		return nil, err
	}
	values := map[string][]keptPair{}
	for _, m := range missing {
		var kept []keptPair
		for _, p := range read[m.number] {
			kept = append(kept, keptPair{p.tool, p.pairs})
		}
		values[string(m.key[:])] = kept
		all[m.number] = read[m.number]
	}
	return all, keep(ctx, c, about, values)
}

// loadPairs asks the store for the interactions of days, and answers by month.
func (c *Company) loadPairs(ctx context.Context, units, tools []string, days []adoption.Day) (map[uint16][]packedPairs, error) {
	read := map[uint16][]packedPairs{}
	var month uint16
	var tool, text string
	err := c.each(ctx, pairsSQL, asksFor(need{days, tools}, units), func(scan scanner) error {
		if err := scan(&month, &tool, &text); err != nil {
			return err
		}
		pairs := []byte(text)
		if len(pairs)%pairWidth != 0 {
			return fmt.Errorf("the interactions of %d/%d are %d bytes, which is no number of pairs", (month-1)/12, (month-1)%12+1, len(pairs))
		}
		for at := 0; at < len(pairs); at += pairWidth {
			if max(binary.LittleEndian.Uint16(pairs[at:]), binary.LittleEndian.Uint16(pairs[at+2:])) >= uint16(len(units)) {
				return fmt.Errorf("the interactions of %d/%d name a unit that is in no tree", (month-1)/12, (month-1)%12+1)
			}
		}
		read[month] = append(read[month], packedPairs{tool, pairs})
		return nil
	})
	return read, err
}
