package query

import (
	"context"
	_ "embed"
	"fmt"
	"hash/fnv"
	"math"
	"slices"

	"uptake/adoption"
)

var (
	//go:embed work.sql
	workSQL string
	//go:embed action_counts.sql
	actionCountsSQL string
)

// rawWork is what was done on some days: actions of each class in the order of activeClasses, those that count towards
// value, and seconds.
type rawWork struct {
	done, counted [5]uint64
	seconds       uint64
}

func (w *rawWork) add(v rawWork) {
	for i := range w.done {
		w.done[i] += v.done[i]
		w.counted[i] += v.counted[i]
	}
	w.seconds += v.seconds
}

// workLine is a line of what was read: what was done in a stretch of days with a tool, named by its place in the
// question's list, by the people counted in a node of the scope.
type workLine struct {
	first adoption.Day
	tool  int
	node  int
	work  rawWork
}

// countLine is a line of the counts behind it.
type countLine struct {
	first    adoption.Day
	tool     int
	node     int
	part     partName
	quantity uint64
}

// partName is what counts are kept by; source is "" where all are added up.
type partName struct{ class, action, source string }

// workAsked is what to read: the stretches that each tool's days are cut into.
type workAsked struct {
	tools   []string
	units   []string // as the tables name them
	places  []int    // of their people: nodes of the scope, or placeOutside
	days    []adoption.Day
	firstOf []map[adoption.Day]adoption.Day // by tool: the first day of the stretch that a day is in
}

const (
	placeOutside = math.MaxUint32     // of people that the question is not about
	placeUnknown = math.MaxUint32 - 1 // of a unit that is in no tree
)

// months takes the days asked for apart, under keys that change with the run of a table and with the stretches.
func (a *workAsked) months(runs map[adoption.Day]uint64, what string) []monthAsked {
	under := make(map[adoption.Day]uint64, len(a.days))
	for _, d := range a.days {
		h := fnv.New64a()
		fmt.Fprint(h, runs[d])
		for _, first := range a.firstOf {
			fmt.Fprint(h, " ", int(first[d]))
		}
		under[d] = h.Sum64()
	}
	return monthsOf(a.days, under, fmt.Sprintf("%s %q %q %v", what, a.tools, a.units, a.places))
}

// params are those of both statements, for some of the days.
func (a *workAsked) params(days []adoption.Day) params {
	var order, keys, firsts []int
	for tool := range a.tools {
		order = append(order, tool)
		for _, d := range days {
			keys, firsts = append(keys, tool<<16|int(d)), append(firsts, int(a.firstOf[tool][d]))
		}
	}
	return params{"days": dayList(days), "tools": textList(a.tools), "tool_places": numberList(order), "units": textList(a.units),
		"places": numberList(a.places), "keys": numberList(keys), "stretches": numberList(firsts)}
}

// readWork reads what was done.
func (c *Company) readWork(ctx context.Context, snap *snapshot, a *workAsked) ([]workLine, error) {
	lines, err := c.works.linesOf(a.months(snap.edition.runs["kpi_work"], ""), func() (func(), error) { return c.cells.begin(ctx, workSQL) },
		func(days []adoption.Day) (map[uint16][]workLine, error) {
			read := map[uint16][]workLine{}
			var line workLine
			var first, tool uint16
			var list string
			err := c.each(ctx, workSQL, a.params(days), func(scan scanner) error {
				if err := scan(&first, &tool, &list); err != nil {
					return err
				}
				line.first, line.tool = adoption.Day(first), int(tool)
				return a.lines(list, 12, func(node int, sums []uint64) {
					line.node = node
					copy(line.work.done[:], sums[:5])
					copy(line.work.counted[:], sums[5:10])
					line.work.seconds = sums[10]
					month := monthNumber(line.first)
					read[month] = append(read[month], line)
				})
			})
			return read, err
		})
	if err != nil {
		return nil, fmt.Errorf("read what was done: %w", err)
	}
	return lines, nil
}

// readCounts reads the counts behind it.
func (c *Company) readCounts(ctx context.Context, snap *snapshot, a *workAsked, by By) ([]countLine, error) {
	lines, err := c.actionCounts.linesOf(a.months(snap.edition.runs["kpi_action"], string(by)), func() (func(), error) { return c.cells.begin(ctx, actionCountsSQL) },
		func(days []adoption.Day) (map[uint16][]countLine, error) {
			read := map[uint16][]countLine{}
			var line countLine
			var first, tool uint16
			var list string
			p := a.params(days)
			p["by_source"] = fmt.Sprint(by == BySource)
			row := []any{&first, &tool, &line.part.action, &line.part.class, &line.part.source, &list}
			err := c.each(ctx, actionCountsSQL, p, func(scan scanner) error {
				if err := scan(row...); err != nil {
					return err
				}
				line.first, line.tool = adoption.Day(first), int(tool)
				return a.lines(list, 2, func(node int, sums []uint64) {
					line.node, line.quantity = node, sums[0]
					month := monthNumber(line.first)
					read[month] = append(read[month], line)
				})
			})
			return read, err
		})
	if err != nil {
		return nil, fmt.Errorf("read the counts by action: %w", err)
	}
	return lines, nil
}

// lines takes a list apart that holds so many numbers a place, the place first.
func (a *workAsked) lines(list string, width int, line func(node int, sums []uint64)) error {
	numbers, err := numbersOf(list)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(numbers, width) {
		if len(part) < width || part[0] == placeUnknown {
			return fmt.Errorf("the counts of a day name a unit that is in no tree")
		}
		line(int(part[0]), part[1:])
	}
	return nil
}
