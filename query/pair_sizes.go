package query

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"

	"uptake/adoption"
)

//go:embed pair_sizes.sql
var pairSizesSQL string

// smallDay is a day and a tool whose partition hides something, with the people of each node of the question's scope.
type smallDay struct {
	dayTool
	nodes, people []uint64
}

// readPairSizes reads who is to be judged on every day.
func (c *Company) readPairSizes(ctx context.Context, g *pairGate) error {
	return c.readSmallSizes(ctx, g.gate, g.days, append([]string{g.tool}, g.tools...))
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
	tools = distinct(tools)
	months := monthsOf(days, g.snap.edition.runs["kpi_size"], fmt.Sprintf("%q %q %v %d", tools, g.scope.tree.leaves(), g.scope.leafNodes(), g.k))
	lines, err := c.smallDays.linesOf(months, func() (func(), error) { return c.cells.begin(ctx, pairSizesSQL) },
		func(days []adoption.Day) (map[uint16][]smallDay, error) { return c.loadPairSizes(ctx, g, days, tools) })
	if err != nil {
		return fmt.Errorf("read group sizes: %w", err)
	}
	var firsts []adoption.Day // what the complement is chosen by
	for _, line := range lines {
		people := make([]uint64, len(g.scope.nodes))
		for i, n := range line.nodes {
			people[n] = line.people[i]
		}
		sumUp(g.scope, people, addCount)
		g.raw.sizes[line.dayTool] = people
		firsts = append(firsts, line.day.FirstOfMonth())
	}
	return readCells(ctx, c, g.scope, sizesSQL, firsts, []string{""}, g.raw.sizes, addCount, func(v *uint64) []any { return []any{v} })
}

// loadPairSizes asks the store, and answers by month.
func (c *Company) loadPairSizes(ctx context.Context, g *gate, days []adoption.Day, tools []string) (map[uint16][]smallDay, error) {
	p := params{"days": dayList(days), "tools": textList(tools), "units": textList(g.scope.tree.leaves()),
		"places": numberList(g.scope.leafNodes()), "least": strconv.FormatUint(g.k, 10)}
	read := map[uint16][]smallDay{}
	err := c.each(ctx, pairSizesSQL, p, func(scan scanner) error {
		var on, list string
		var line smallDay
		if err := scan(&on, &line.tool, &list); err != nil {
			return err
		}
		numbers, err := numbersOf(list)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(numbers, 2) {
			if part[0] >= uint64(len(g.scope.nodes)) {
				return fmt.Errorf("the sizes of groups name a unit that is in no tree")
			}
			line.nodes, line.people = append(line.nodes, part[0]), append(line.people, part[1])
		}
		numbers, err = numbersOf(on)
		for _, d := range numbers {
			line.day = adoption.Day(d)
			read[monthNumber(line.day)] = append(read[monthNumber(line.day)], line)
		}
		return err
	})
	return read, err
}
