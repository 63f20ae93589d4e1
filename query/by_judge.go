package query

import (
	"context"
	"crypto/sha256"
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
	var days []adoption.Day
	for _, end := range ends {
		days = append(days, end.Date)
		if lifecycle := snap.lifecycleDay(end.Date); snap.days[lifecycle] {
			days = append(days, lifecycle)
		}
	}
	n := need{days: distinct(days), tools: []string{tool}}
	n.tools = distinct(append(n.addedUp(snap), n.tools...))
	j := &byJudge{heads: map[adoption.Day][attributeCount]map[string]uint64{}, judged: map[dayTool]*byJudgement{}}
	d := byDays{snap: snap, units: snap.tree.whole(), tree: snap.tree.fingerprint()}
	missing := j.find(c, d, n.days, n.tools)
	if len(missing) == 0 {
		return j, nil
	}
	end, err := c.cells.begin(ctx, byCellsSQL) // those who ask at the same moment wait for one judgement
	if err != nil {
		return nil, err
	}
	defer end()
	if missing = j.find(c, d, missing, n.tools); len(missing) == 0 {
		return j, nil
	}
	if missing, err = c.recallJudged(ctx, d, j, missing, n.tools); err != nil || len(missing) == 0 {
		return j, err
	}
	return j, c.judgeDays(ctx, d, j, missing, n.tools)
}

// find takes over what is remembered of days, and says which of them must be judged.
func (j *byJudge) find(c *Company, d byDays, days []adoption.Day, tools []string) (missing []adoption.Day) {
	for _, day := range days {
		switch known := c.judgements(d, day, tools); {
		case d.snap.runOf("kpi_cell", day) == 0: // of a life cycle: who it speaks of is not known, so it is not shown
			for _, t := range tools {
				j.judged[dayTool{day, t}] = &byJudgement{small: true}
			}
		case known != nil:
			j.add(day, known)
		default:
			missing = append(missing, day)
		}
	}
	return missing
}

// add takes over what was judged of a day.
func (j *byJudge) add(day adoption.Day, judged map[string]*byJudgement) {
	for tool, judgement := range judged {
		j.judged[dayTool{day, tool}] = judgement
		j.heads[day] = judgement.heads
	}
}

// byDays is what the judgements of several days share.
type byDays struct {
	snap  *snapshot
	units *scope
	tree  [sha256.Size]byte
}

// key stands for everything that a judgement follows from. A refresh changes it for the days that it has written.
func (d byDays) key(of dayTool, k uint64) judgedKey {
	first := of.day.FirstOfMonth()
	return judgedKey{of, k, d.snap.open(of.tool), d.tree, [4]uint64{
		d.snap.runOf("kpi_cell", of.day), d.snap.runOf("kpi_size", of.day), d.snap.runOf("kpi_cell", first), d.snap.runOf("kpi_size", first)}}
}

// judgements are those of a day that are remembered: all of the tools, or nil.
func (c *Company) judgements(d byDays, day adoption.Day, tools []string) map[string]*byJudgement {
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	judged := map[string]*byJudgement{}
	for _, t := range tools {
		j, there := c.books.judged[d.key(dayTool{day, t}, c.minGroup())]
		if !there {
			return nil
		}
		judged[t] = j
	}
	return judged
}

// judgeDays judges days, and remembers: every question about any attribute needs it, and it is much work.
func (c *Company) judgeDays(ctx context.Context, d byDays, j *byJudge, days []adoption.Day, tools []string) error {
	var firsts []adoption.Day
	for _, day := range days {
		firsts = append(firsts, day.FirstOfMonth())
	}
	r := &raw{sizes: map[dayTool][]uint64{}}
	err := c.readSizes(ctx, d.units, append(slices.Clone(days), firsts...), append([]string{""}, tools...), r.sizes)
	if err != nil {
		return err
	}
	order, err := c.readOrder(ctx, distinct(firsts))
	if err != nil {
		return err
	}
	g := newGate(d.snap, d.units, r, c.minGroup())
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(2) // a book is some MB, and judging is work
	var mu sync.Mutex
	for _, day := range days {
		first := g.headcount(day.FirstOfMonth())
		of := order[day.FirstOfMonth()]
		of[attributePlace[adoption.ByLegacyEntity]] = entityOrder(d.snap.tree, d.units, first)
		shown := map[string]partition{}
		for _, t := range tools {
			shown[t] = g.enabledPartition(day, t)
		}
		together.Go(func() error {
			judged, err := c.judgeDay(ctx, d, day, shown, byOrder{first, of})
			if err != nil {
				return err
			}
			mu.Lock()
			j.add(day, judged)
			mu.Unlock()
			return c.keepJudged(ctx, d, day, judged) // at once: who is given up has not waited for nothing
		})
	}
	return together.Wait()
}

// byOrder is headcounts on the first of the month, by which more is hidden.
type byOrder struct {
	units  []uint64 // by node of the whole tree
	values [attributeCount]map[string]uint64
}

// judgeDay judges tools on a day, beside what the units show of them.
func (c *Company) judgeDay(ctx context.Context, d byDays, day adoption.Day, shown map[string]partition, order byOrder) (map[string]*byJudgement, error) {
	book, err := c.peopleBook(ctx, d.snap, day)
	if err != nil {
		return nil, err
	}
	heads := headcounts(book.placed(d.units, make([]int, len(d.units.nodes)), "", true, nil))
	judged := map[string]*byJudgement{}
	for tool, p := range shown {
		j := judgeTool(p, d.units, book, tool, d.snap.open(tool), order, c.minGroup())
		j.heads = heads
		judged[tool] = j
		c.books.remember(d.key(dayTool{day, tool}, c.minGroup()), j)
	}
	return judged, nil
}

// judgeTool judges all attributes for a tool, beside what the units show, and the seats of its people.
func judgeTool(shown partition, units *scope, book *peopleBook, tool string, open bool, order byOrder, k uint64) *byJudgement {
	groups, n, ok := shown.shownGroups(units)
	if !ok {
		cells, names := book.placed(units, groups, tool, open, nil)
		j := newByJudgement(cells, names, order.values)
		j.small = true
		return j
	}
	seats := &seatJudge{scope: units, p: shown, order: order.units, k: k, parts: book.seatParts(units, tool)}
	seats.judge()
	cells, names := book.placed(units, groups, tool, open, seats.pieces())
	return judgeAttributes(cells, names, order.values, n, k)
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
