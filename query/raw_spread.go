package query

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"unsafe"

	"uptake/adoption"
)

var (
	//go:embed spread.sql
	spreadSQL string
	//go:embed contributions.sql
	contributionsSQL string
)

// rawSpread is how actions and contributions in a window spread over the active enabled people of a unit or node. Those
// who contributed nothing are in no bar.
type rawSpread struct{ acted, contributed adoption.Histogram }

func (s *rawSpread) add(v rawSpread) {
	if s.acted == nil { // shared from here on: nothing changes bars
		*s = v
		return
	}
	s.acted = s.acted.Merge(v.acted)
	s.contributed = s.contributed.Merge(v.contributed)
}

// columns are where a row of the statement is read into.
func (s *rawSpread) columns() []any {
	return []any{&amountsInto{&s.acted}, &peopleInto{&s.acted}, &amountsInto{&s.contributed}, &peopleInto{&s.contributed}}
}

// held is how many bytes there are beside the value itself.
func (s rawSpread) held() int {
	return (len(s.acted) + len(s.contributed)) * int(unsafe.Sizeof(adoption.Bar{}))
}

// rawSpreads are the histograms of a portion, and the contributions of the tools that are added up for "all".
type rawSpreads struct {
	spread        map[adoption.Day]map[int]rawSpread // by node of the scope: the portion's own, its children
	contributions map[dayTool][]uint64
}

// readSpreads reads what a portion asks for. Merging histograms takes time, so it is done for the nodes whose rows are
// asked for and for no other.
func (c *Company) readSpreads(ctx context.Context, p *portion, added []string) (*rawSpreads, error) {
	r := &rawSpreads{spread: map[adoption.Day]map[int]rawSpread{}, contributions: map[dayTool][]uint64{}}
	err := readCells(ctx, c, p.scope, contributionsSQL, p.days(), added, r.contributions, addCount, func(v *uint64) []any { return []any{v} })
	if err != nil {
		return nil, fmt.Errorf("read contributions: %w", err)
	}
	byUnit, err := valuesOf(ctx, c, p.scope.tree, spreadSQL, distinct(p.days()), []string{p.tool}, cellLoader(spreadSQL, (*rawSpread).add, (*rawSpread).columns))
	if err != nil {
		return nil, fmt.Errorf("read how actions spread over people: %w", err)
	}
	top, nodes := p.scope.at[p.at.node], p.scope.leafNodes()
	for key, values := range byUnit {
		r.spread[key.day] = p.scope.merged(top, nodes, values)
	}
	return r, nil
}

// merged are the histograms of a node and of its children; nodes says in which node each value is counted.
func (s *scope) merged(top int, nodes []int, values []rawSpread) map[int]rawSpread {
	byNode := map[int][]rawSpread{}
	for leaf, v := range values {
		if node := nodes[leaf]; node == top || s.nodes[node].parent == top {
			byNode[node] = append(byNode[node], v)
		}
	}
	sums := map[int]rawSpread{}
	for node, values := range byNode {
		sums[node] = mergedSpread(values)
	}
	below := []rawSpread{sums[top]}
	for _, child := range s.nodes[top].children {
		below = append(below, sums[child])
	}
	sums[top] = mergedSpread(below)
	return sums
}

func mergedSpread(values []rawSpread) rawSpread {
	if len(values) == 1 {
		return values[0] // shared: nothing changes bars
	}
	acted, contributed := make([]adoption.Histogram, len(values)), make([]adoption.Histogram, len(values))
	for i, v := range values {
		acted[i], contributed[i] = v.acted, v.contributed
	}
	return rawSpread{adoption.Merged(acted), adoption.Merged(contributed)}
}

// amountsInto reads the amounts of a histogram from a list of numbers written as [1,2,3], peopleInto the people of its
// bars, which must have been made before.
type (
	amountsInto struct{ *adoption.Histogram }
	peopleInto  struct{ *adoption.Histogram }
)

var errNoHistogram = errors.New("a histogram is not written as lists of equal length")

// Scan is that of sql.Scanner.
func (into *amountsInto) Scan(list any) error {
	numbers, err := numbersOf(list)
	h := make(adoption.Histogram, len(numbers))
	for i, n := range numbers {
		h[i].Amount = n
	}
	*into.Histogram = h
	return err
}

// Scan is that of sql.Scanner.
func (into *peopleInto) Scan(list any) error {
	numbers, err := numbersOf(list)
	h := *into.Histogram
	if err == nil && len(numbers) != len(h) {
		return errNoHistogram
	}
	for i, n := range numbers {
		h[i].People = n
	}
	return err
}

// numbersOf reads a list.
func numbersOf(list any) ([]uint64, error) {
	text, ok := list.(string)
	if !ok || len(text) < 2 || text[0] != '[' || text[len(text)-1] != ']' {
		return nil, errNoHistogram
	}
	if len(text) == 2 {
		return nil, nil
	}
	numbers := make([]uint64, 1, len(text)/2)
	for _, c := range []byte(text[1 : len(text)-1]) {
		if last := len(numbers) - 1; c == ',' {
			numbers = append(numbers, 0)
		} else {
			numbers[last] = 10*numbers[last] + uint64(c-'0')
		}
	}
	return numbers, nil
}
