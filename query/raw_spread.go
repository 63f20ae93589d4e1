package query

import (
	"context"
	_ "embed"
	"encoding/hex"
	"fmt"
	"time"

	"uptake/adoption"
)

var (
	//go:embed spread.sql
	spreadSQL string
	//go:embed contributions.sql
	contributionsSQL string
)

// rawSpread is how actions and contributions in a window spread over the active enabled people of a node. Those who
// contributed nothing are in no bar.
type rawSpread struct{ acted, contributed adoption.Histogram }

func (s *rawSpread) add(v rawSpread) {
	s.acted = s.acted.Merge(v.acted)
	s.contributed = s.contributed.Merge(v.contributed)
}

// rawSpreads are the histograms of a portion, and the contributions of the tools that are added up for "all".
type rawSpreads struct {
	spread        map[adoption.Day]map[int]rawSpread // by node of the scope: the portion's own, its children
	contributions map[dayTool][]uint64
}

// readSpreads reads what a portion asks for, and of histograms nothing else: they are far larger than other figures.
func (c *Company) readSpreads(ctx context.Context, p *portion, added []string) (*rawSpreads, error) {
	r := &rawSpreads{spread: map[adoption.Day]map[int]rawSpread{}, contributions: map[dayTool][]uint64{}}
	err := readCells(ctx, c, p.scope, contributionsSQL, p.days(), added, r.contributions, addCount, func(v *uint64) []any { return []any{v} })
	if err != nil {
		return nil, fmt.Errorf("read contributions: %w", err)
	}
	top := p.scope.at[p.at.node]
	units, nodes := p.scope.below(top)
	if len(units) == 0 {
		return r, nil
	}
	var at time.Time
	var node uint32
	var bars [4][]uint64
	params := params{"days": dayList(p.days()), "tool": hex.EncodeToString([]byte(p.tool)), "units": textList(units), "nodes": numberList(nodes)}
	err = c.each(ctx, spreadSQL, params, func(scan scanner) error {
		if err := scan(&at, &node, &bars[0], &bars[1], &bars[2], &bars[3]); err != nil {
			return err
		}
		r.put(dayOf(at), int(node), top, rawSpread{histogram(bars[0], bars[1]), histogram(bars[2], bars[3])})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read how actions spread over people: %w", err)
	}
	return r, nil
}

// put keeps the histograms of a node, and adds those of a child to the node above it.
func (r *rawSpreads) put(day adoption.Day, node, top int, v rawSpread) {
	if r.spread[day] == nil {
		r.spread[day] = map[int]rawSpread{}
	}
	for _, n := range []int{node, top} {
		sum := r.spread[day][n]
		sum.add(v)
		r.spread[day][n] = sum
		if node == top {
			break
		}
	}
}

// below lists the units whose people are counted in an opened node or a child of it, and in which of them each is.
func (s *scope) below(top int) (units []string, nodes []int) {
	all := s.leafNodes()
	for i, unit := range s.tree.leaves() {
		if node := all[i]; node == top || s.nodes[node].parent == top {
			units, nodes = append(units, unit), append(nodes, node)
		}
	}
	return units, nodes
}

// histogram is made of bars in the order of their amounts.
func histogram(amounts, people []uint64) adoption.Histogram {
	h := make(adoption.Histogram, len(amounts))
	for i, amount := range amounts {
		h[i] = adoption.Bar{Amount: amount, People: people[i]}
	}
	return h
}
