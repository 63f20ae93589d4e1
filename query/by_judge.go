package query

import (
	"context"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"uptake/adoption"
)

// byJudge knows the sizes of all groups of the days that a question needs, and what of them is shown.
type byJudge struct {
	heads  map[adoption.Day][attributeCount]map[string]uint64
	judged map[dayTool]*byJudgement
}

// newByJudge judges the dates, and the days that their life cycles speak of, for the tool and those that it adds up.
func (c *Company) newByJudge(ctx context.Context, snap *snapshot, tool string, ends []adoption.PeriodEnd) (*byJudge, error) {
	var days, firsts []adoption.Day
	for _, end := range ends {
		days = append(days, end.Date)
		if lifecycle := snap.lifecycleDay(end.Date); snap.days[lifecycle] {
			days = append(days, lifecycle)
		}
	}
	days = distinct(days)
	for _, d := range days {
		firsts = append(firsts, d.FirstOfMonth())
	}
	n := need{days: days, tools: []string{tool}}
	n.tools = distinct(append(n.addedUp(snap), n.tools...))
	units := snap.tree.whole()
	r, err := c.readSizes(ctx, units, append(slices.Clone(days), firsts...), n.tools)
	if err != nil {
		return nil, err
	}
	order, err := c.readOrder(ctx, distinct(firsts))
	if err != nil {
		return nil, err
	}
	g := newGate(snap, units, r, c.minGroup())
	j := &byJudge{heads: map[adoption.Day][attributeCount]map[string]uint64{}, judged: map[dayTool]*byJudgement{}}
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(2) // a book is some MB, and judging is work
	var mu sync.Mutex
	for _, day := range days {
		if snap.runOf("kpi_cell", day) == 0 { // of a life cycle: who it speaks of is not known, so it is not shown
			mu.Lock()
			for _, t := range n.tools {
				j.judged[dayTool{day, t}] = &byJudgement{small: true}
			}
			mu.Unlock()
			continue
		}
		of := order[day.FirstOfMonth()]
		of[attributePlace[adoption.ByLegacyEntity]] = entityOrder(snap.tree, units, g.headcount(day.FirstOfMonth()))
		shown := make([]partition, len(n.tools))
		for i, t := range n.tools {
			shown[i] = g.enabledPartition(day, t)
		}
		together.Go(func() error {
			book, err := c.peopleBook(ctx, snap, day)
			if err != nil {
				return err
			}
			heads := headcounts(book.placed(units, make([]int, len(units.nodes)), "", true))
			judged := make([]*byJudgement, len(n.tools))
			for i, t := range n.tools {
				judged[i] = c.judgement(snap, dayTool{day, t}, func() *byJudgement {
					return judgeTool(shown[i], units, book, t, snap.open(t), of, c.minGroup())
				})
			}
			mu.Lock()
			defer mu.Unlock()
			j.heads[day] = heads
			for i, t := range n.tools {
				j.judged[dayTool{day, t}] = judged[i]
			}
			return nil
		})
	}
	return j, together.Wait()
}

// readSizes fetches the sizes of units only.
func (c *Company) readSizes(ctx context.Context, s *scope, days []adoption.Day, tools []string) (*raw, error) {
	r := &raw{sizes: map[dayTool][]uint64{}}
	return r, readCells(ctx, c, s, sizesSQL, days, append([]string{""}, tools...), r.sizes, addCount, func(v *uint64) []any { return []any{v} })
}

// judgement is remembered as long as the figures stay: every question about any attribute needs it.
func (c *Company) judgement(snap *snapshot, of dayTool, make func() *byJudgement) *byJudgement {
	key := judgedKey{snap.state, c.minGroup(), of}
	c.books.mu.Lock()
	j, there := c.books.judged[key]
	c.books.mu.Unlock()
	if there {
		return j
	}
	j = make()
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	if c.books.judged == nil || len(c.books.judged) >= judgedHeld {
		c.books.judged = map[judgedKey]*byJudgement{}
	}
	c.books.judged[key] = j
	return j
}

// judgeTool judges all attributes for a tool, beside what the units show.
func judgeTool(shown partition, units *scope, book *peopleBook, tool string, open bool, order [attributeCount]map[string]uint64, k uint64) *byJudgement {
	groups, n, ok := shown.shownGroups(units)
	cells, names := book.placed(units, groups, tool, open)
	if !ok {
		j := newByJudgement(cells, names, order)
		j.small = true
		return j
	}
	return judgeAttributes(cells, names, order, n, k)
}

// headcounts counts the people of cells by each attribute.
func headcounts(cells []placedCell, names [attributeCount][]string) (heads [attributeCount]map[string]uint64) {
	counted := newByJudgement(cells, names, heads)
	for m := range heads {
		heads[m] = map[string]uint64{}
		for i, v := range counted.values[m] {
			if v.people > 0 {
				heads[m][names[m][i]] = v.people
			}
		}
	}
	return heads
}

// entityOrder is the headcount of each legacy entity, from that of the units.
func entityOrder(t *tree, units *scope, heads []uint64) map[string]uint64 {
	of := map[string]uint64{}
	entities := t.entities()
	for i, unit := range t.leaves() {
		of[entities[i]] += heads[units.at[t.leaf[unit]]]
	}
	return of
}

// valuesOf are the values of an attribute that anybody has on one of the days.
func (j *byJudge) valuesOf(m int) []string {
	values := map[string]bool{}
	for _, heads := range j.heads {
		for value := range heads[m] {
			values[value] = true
		}
	}
	return slices.Sorted(maps.Keys(values))
}

// tell gives a gate of an attribute's tree the sizes, and what of them is shown.
func (j *byJudge) tell(g *gate, m int) {
	for of, judged := range j.judged {
		p := judged.partition(g.scope, m)
		g.enabled[of] = p
		g.raw.sizes[of] = p.people
		heads := make([]uint64, len(g.scope.nodes))
		for value, people := range j.heads[of.day][m] {
			heads[g.scope.at[g.scope.tree.leaf[value]]] = people
		}
		sumUp(g.scope, heads, addCount)
		g.raw.sizes[dayTool{of.day, ""}] = heads
	}
}
