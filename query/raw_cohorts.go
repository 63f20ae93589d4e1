package query

import (
	"context"
	_ "embed"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"sync"

	"uptake/adoption"
)

var (
	//go:embed cohorts.sql
	cohortsSQL string
	//go:embed cohort_sizes.sql
	cohortSizesSQL string
)

// cohortCount is how many people of a key were active in a week.
type cohortCount struct {
	week, month uint16 // of the key, in days since 1970
	people      uint64
}

func (c cohortCount) key() cohortKey {
	return cohortKey{adoption.Day(c.week), adoption.Day(c.month)}
}

// rawCohorts are the counts of a unit, tool and week of activity. row is the one being read.
type rawCohorts struct {
	row    cohortCount
	counts []cohortCount
}

func (r *rawCohorts) add(v rawCohorts) { r.counts = append(r.counts, v.row) }

func (r *rawCohorts) columns() []any { return []any{&r.row.week, &r.row.month, &r.row.people} }

// activeOf are, by week of activity and key, the people of each node of the whole tree who were active. A week that
// has no figures is not in it.
type activeOf map[adoption.Day]map[cohortKey][]uint64

// readCohorts finds who of a node was active in some weeks, in order, of a tool, and had begun in the first of them or later.
// sql is cohortsSQL, or cohortSizesSQL for those who began in the week itself.
func (c *Company) readCohorts(ctx context.Context, s *scope, of int, sql, tool string, weeks []adoption.Day) (activeOf, error) {
	found, err := valuesOf(ctx, c, s.tree, sql, weeks, []string{tool}, cellLoader(sql, (*rawCohorts).add, (*rawCohorts).columns))
	if err != nil {
		return nil, fmt.Errorf("read cohorts: %w", err)
	}
	nodes, inside := s.leafNodes(), s.within(of)
	active := activeOf{}
	for _, week := range weeks {
		if _, written := s.tree.edition.runs["kpi_cohort"][week]; !written {
			continue
		}
		byKey := map[cohortKey][]uint64{}
		for leaf, cohorts := range found[dayTool{week, tool}] {
			if !inside[nodes[leaf]] {
				continue
			}
			for _, count := range cohorts.counts {
				key := count.key()
				if key.week < weeks[0] {
					continue
				}
				people := byKey[key]
				if people == nil {
					people = make([]uint64, len(s.nodes))
					byKey[key] = people
				}
				people[nodes[leaf]] += count.people
			}
		}
		for _, people := range byKey {
			sumUp(s, people, addCount)
		}
		active[week] = byKey
	}
	return active, nil
}

// cohortBook is what one tool's cohorts are judged by: who began when, in the weeks that are over.
type cohortBook struct {
	keys  []cohortKey
	masks cohortMasks
	place map[cohortKey]int // of a key among keys
}

// newCohortBook judges the weeks of activity up to one, by those who began in each week.
func newCohortBook(s *scope, sizes activeOf, last adoption.Day, k uint64) *cohortBook {
	b := &cohortBook{place: map[cohortKey]int{}}
	var people [][]uint64
	for week, byKey := range sizes {
		if week < last {
			b.keys = slices.AppendSeq(b.keys, maps.Keys(byKey))
		}
	}
	slices.SortFunc(b.keys, cohortKey.compare)
	for i, key := range b.keys {
		b.place[key] = i
		people = append(people, sizes[key.week][key])
	}
	b.masks = newCohortJudge(s, b.keys, people, k).masks(last)
	return b
}

// hidden are the nodes that are hidden of a key in a later week of activity. Of a key that nobody began in, none are.
func (b *cohortBook) hidden(week adoption.Day, key cohortKey) []bool {
	if at, there := b.place[key]; there && week > key.week {
		return b.masks[week][at]
	}
	return nil
}

// cohortBooks remembers the book of each tool. It rests on weeks that are over, which change where something late arrives.
type cohortBooks struct {
	mu    sync.Mutex
	books map[string]*boundBook
}

// boundBook is a book and what it was made of.
type boundBook struct {
	mu   sync.Mutex // held while it is made
	of   uint64
	book *cohortBook
}

// cohortBook is the book of a tool as of a snapshot; s is its whole tree.
func (c *Company) cohortBook(ctx context.Context, s *scope, tool string) (*cohortBook, error) {
	last := s.tree.edition.state.today.Monday()
	var weeks []adoption.Day
	for week := range s.tree.edition.runs["kpi_cohort"] {
		if week < last {
			weeks = append(weeks, week)
		}
	}
	slices.Sort(weeks)
	of := c.bookMark(s.tree, weeks, last)

	c.cohorts.mu.Lock()
	if c.cohorts.books == nil {
		c.cohorts.books = map[string]*boundBook{}
	}
	bound := c.cohorts.books[tool]
	if bound == nil {
		bound = &boundBook{}
		c.cohorts.books[tool] = bound
	}
	c.cohorts.mu.Unlock()

	bound.mu.Lock()
	defer bound.mu.Unlock()
	if bound.book == nil || bound.of != of {
		sizes, err := c.readCohorts(ctx, s, 0, cohortSizesSQL, tool, weeks)
		if err != nil {
			return nil, err
		}
		bound.book, bound.of = newCohortBook(s, sizes, last, c.minGroup()), of
	}
	return bound.book, nil
}

// bookMark tells apart what books are made of: the tree, the runs of the weeks that are over, the week that runs.
func (c *Company) bookMark(t *tree, weeks []adoption.Day, last adoption.Day) uint64 {
	h := fnv.New64a()
	fmt.Fprintln(h, last, c.minGroup())
	for _, n := range t.nodes {
		fmt.Fprintf(h, "%q %d\n", n.unit.ID, n.parent)
	}
	for _, week := range weeks {
		fmt.Fprintln(h, week, t.edition.runs["kpi_cohort"][week])
	}
	return h.Sum64()
}
