package query

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"time"

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
			return readCells(ctx, c, s, sizesSQL, sizeDays, append(sized, added...), r.sizes, addCount, func(v *uint64) []any { return []any{v} })
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

// readCells asks a statement that answers day, tool, node and the columns of a V, and sums the answer up the scope.
func readCells[V any](ctx context.Context, c *Company, s *scope, sql string, days []adoption.Day, tools []string,
	into map[dayTool][]V, add func(*V, V), columns func(*V) []any) error {
	days, tools = distinct(days), distinct(tools)
	if len(days) == 0 || len(tools) == 0 {
		return nil
	}
	units, nodes := s.cells()
	p := params{"days": dayList(days), "tools": textList(tools), "units": textList(units), "nodes": numberList(nodes)}
	err := c.each(ctx, sql, p, func(scan scanner) error {
		var at time.Time
		var tool string
		var node uint32
		var v V
		if err := scan(append([]any{&at, &tool, &node}, columns(&v)...)...); err != nil {
			return err
		}
		if int(node) >= len(s.nodes) {
			return fmt.Errorf("the figures of %s name a unit that is in no tree", dayOf(at))
		}
		key := dayTool{dayOf(at), tool}
		if into[key] == nil {
			into[key] = make([]V, len(s.nodes))
		}
		add(&into[key][node], v)
		return nil
	})
	if err != nil {
		return err
	}
	for _, values := range into {
		sumUp(s, values, add)
	}
	return nil
}

// cells pairs each unit of the KPI tables with the node of the scope that counts its people.
func (s *scope) cells() (units []string, nodes []int) {
	for unit := range s.tree.leaf {
		units = append(units, unit)
	}
	slices.Sort(units)
	for _, unit := range units {
		nodes = append(nodes, s.cell[s.tree.leaf[unit]])
	}
	return units, nodes
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
