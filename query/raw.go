package query

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"uptake/adoption"
)

// The types of this file hold figures that nobody has judged yet. Only gate.go may turn them into something that
// leaves the package; a test looks after that.

var (
	//go:embed sizes.sql
	sizesSQL string
	//go:embed use.sql
	useSQL string
	//go:embed actions.sql
	actionsSQL string
	//go:embed weeks.sql
	weeksSQL string
)

// rawUse is the use of one tool in one window, summed over the enabled people of a node (activeNotEnabled: the others).
type rawUse struct {
	active1, active7, active28, activeNotEnabled, activeDays uint64
	creators, responders, consumers, actions                 uint64
	score                                                    float64
}

func (u *rawUse) add(v rawUse) {
	u.active1 += v.active1
	u.active7 += v.active7
	u.active28 += v.active28
	u.activeNotEnabled += v.activeNotEnabled
	u.activeDays += v.activeDays
	u.creators += v.creators
	u.responders += v.responders
	u.consumers += v.consumers
	u.actions += v.actions
	u.score += v.score
}

// rawWeek is the life cycle of one week, summed over a node.
type rawWeek struct{ new, returning, resurrected, dormant uint64 }

func (w *rawWeek) add(v rawWeek) {
	w.new += v.new
	w.returning += v.returning
	w.resurrected += v.resurrected
	w.dormant += v.dormant
}

// dayTool is what figures are kept by; tool "" in sizes is everybody.
type dayTool struct {
	day  adoption.Day
	tool string
}

// raw holds figures by node of a scope, each with everybody below it.
type raw struct {
	sizes   map[dayTool][]uint64
	use     map[dayTool][]rawUse
	actions map[dayTool][]uint64  // of the tools that "all" adds up
	weeks   map[dayTool][]rawWeek // by Monday
}

// need says which figures to read.
type need struct {
	days  []adoption.Day
	tools []string // "all" among them needs the actions of every counted tool
}

// read fetches the figures of a need, for the nodes of scope s. The statements run side by side: each fills a map of its own.
func (c *Company) read(ctx context.Context, snap *snapshot, s *scope, n need) (*raw, error) {
	r := &raw{sizes: map[dayTool][]uint64{}, use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	added := n.addedUp(snap)
	sized := append([]string{""}, n.tools...)
	var sizeDays, mondays []adoption.Day
	for _, d := range n.days {
		judged := snap.lifecycleDay(d)
		sizeDays = append(sizeDays, d, d.FirstOfMonth(), judged, judged.FirstOfMonth())
		mondays = append(mondays, d.Monday())
	}
	steps := []struct {
		what string
		read func(ctx context.Context) error
	}{
		{"group sizes", func(ctx context.Context) error {
			return c.readSizes(ctx, s, sizeDays, append(sized, added...), r.sizes)
		}},
		{"use", func(ctx context.Context) error {
			return readCells(ctx, c, s, useSQL, n.days, n.tools, r.use, (*rawUse).add, func(v *rawUse) []any {
				return []any{&v.active1, &v.active7, &v.active28, &v.activeNotEnabled, &v.activeDays, &v.creators, &v.responders, &v.consumers, &v.score, &v.actions}
			})
		}},
		{"actions", func(ctx context.Context) error {
			return readCells(ctx, c, s, actionsSQL, n.days, added, r.actions, addCount, func(v *uint64) []any { return []any{v} })
		}},
		{"life cycles", func(ctx context.Context) error {
			return readCells(ctx, c, s, weeksSQL, mondays, n.tools, r.weeks, (*rawWeek).add, func(v *rawWeek) []any {
				return []any{&v.new, &v.returning, &v.resurrected, &v.dormant}
			})
		}},
	}
	together, ctx := errgroup.WithContext(ctx)
	for _, step := range steps {
		together.Go(func() error {
			if err := step.read(ctx); err != nil {
				return fmt.Errorf("read %s: %w", step.what, err)
			}
			return nil
		})
	}
	return r, together.Wait()
}

// addedUp lists the tools whose actions make up those of "all": none where nobody asks for "all".
func (n need) addedUp(snap *snapshot) []string {
	var tools []string
	if slices.Contains(n.tools, adoption.AllTools) {
		for _, t := range snap.tools {
			if t.counted {
				tools = append(tools, t.ID)
			}
		}
	}
	return tools
}

// readCells finds what a statement that answers day, tool, node and the columns of a V says of days and tools, and sums
// it up the scope. The statement looks up its table's runs in refreshed and numbers units by the parameters units and
// nodes; it is asked only for what is not remembered (cells.go).
func readCells[V any](ctx context.Context, c *Company, s *scope, sql string, days []adoption.Day, tools []string,
	into map[dayTool][]V, add func(*V, V), columns func(*V) []any) error {
	days, tools = distinct(days), distinct(tools)
	if len(days) == 0 || len(tools) == 0 {
		return nil
	}
	found, err := valuesOf(ctx, c, s.tree, sql, days, tools, cellLoader(sql, add, columns))
	if err != nil {
		return err
	}
	nodes := s.leafNodes()
	for key, values := range found {
		sum := make([]V, len(s.nodes))
		for leaf, v := range values {
			add(&sum[nodes[leaf]], v)
		}
		sumUp(s, sum, add)
		into[key] = sum
	}
	return nil
}

// leafNodes is, for each of the tree's leaves, the node of the scope that counts its people.
func (s *scope) leafNodes() []int {
	units := s.tree.leaves()
	nodes := make([]int, len(units))
	for i, unit := range units {
		nodes[i] = s.cell[s.tree.leaf[unit]]
	}
	return nodes
}

// distinct sorts values and drops repeats.
func distinct[T adoption.Day | string](values []T) []T {
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}

// lifecycleDay is the day whose enabled people the life cycle of d's week speaks of: the week's last day, or the last
// closed day while the week runs.
func (s *snapshot) lifecycleDay(d adoption.Day) adoption.Day {
	return min(d.Monday()+6, s.state.today-1)
}
