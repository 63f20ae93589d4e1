package query

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"uptake/adoption"
)

// sizeWidth is what sizes.sql writes of one unit: its number (4 bytes), its people (8).
const sizeWidth = 12

// readSizes reads how many people there are on days, everybody ("") or those enabled for a tool, by node of a scope.
func (c *Company) readSizes(ctx context.Context, s *scope, days []adoption.Day, tools []string, into map[dayTool][]uint64) error {
	found, err := c.leafSizes(ctx, s.tree, days, tools)
	nodes := s.leafNodes()
	for key, people := range found {
		into[key] = s.placed(nodes, people)
		sumUp(s, into[key], addCount)
	}
	return err
}

// leafSizes is how many people there are on days by leaf of a tree.
func (c *Company) leafSizes(ctx context.Context, t *tree, days []adoption.Day, tools []string) (map[dayTool][]uint64, error) {
	days, tools = distinct(days), distinct(tools)
	if len(days) == 0 || len(tools) == 0 {
		return nil, nil
	}
	return valuesOf(ctx, c, t, sizesSQL, days, tools, loadSizes)
}

// placed adds the people of the leaves up by the node that counts them: nodes says which.
func (s *scope) placed(nodes []int, people []uint64) []uint64 {
	at := make([]uint64, len(s.nodes))
	for leaf, n := range people {
		at[nodes[leaf]] += n
	}
	return at
}

// loadSizes asks the store for the sizes of units.
func loadSizes(ctx context.Context, c *Company, what need, units []string) (map[dayTool][]uint64, error) {
	read := map[dayTool][]uint64{}
	var at time.Time
	var tool, text string
	err := c.each(ctx, sizesSQL, asksFor(what, units), func(scan scanner) error {
		if err := scan(&at, &tool, &text); err != nil {
			return err
		}
		if len(text)%sizeWidth != 0 {
			return fmt.Errorf("the sizes of groups on %s are %d bytes, which is no number of units", dayOf(at), len(text))
		}
		people := make([]uint64, len(units))
		for one := range slices.Chunk([]byte(text), sizeWidth) {
			unit := binary.LittleEndian.Uint32(one)
			if int(unit) >= len(units) {
				return errNoUnit(dayOf(at))
			}
			people[unit] += binary.LittleEndian.Uint64(one[4:])
		}
		read[dayTool{dayOf(at), tool}] = people
		return nil
	})
	return read, err
}

// readSmallSizes reads who is to be judged on days in order: everybody, and those enabled for each of the tools that is not
// open. Most days nobody is small, and nothing is hidden; the gate takes what is not there for nobody, and hides nothing
// either: so only the other days are kept.
func (c *Company) readSmallSizes(ctx context.Context, g *gate, days []adoption.Day, of []string) error {
	tools := []string{""}
	for _, t := range of {
		if !g.snap.open(t) {
			tools = append(tools, t)
		}
	}
	sizes, err := c.leafSizes(ctx, g.scope.tree, days, tools)
	if err != nil {
		return fmt.Errorf("read group sizes: %w", err)
	}
	nodes := g.scope.leafNodes()
	var firsts []adoption.Day // what the complement is chosen by
	for key, people := range sizes {
		at := g.scope.placed(nodes, people)
		if !slices.ContainsFunc(at, func(n uint64) bool { return small(n, g.k) }) {
			continue
		}
		sumUp(g.scope, at, addCount)
		g.raw.sizes[key] = at
		firsts = append(firsts, key.day.FirstOfMonth())
	}
	return c.readSizes(ctx, g.scope, firsts, []string{""}, g.raw.sizes)
}
