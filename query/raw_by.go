package query

import (
	"context"
	_ "embed"
	"fmt"
	"sync"
	"time"

	"uptake/adoption"
)

var (
	//go:embed by_use.sql
	byUseSQL string
	//go:embed by_weeks.sql
	byWeeksSQL string
)

// byReads remembers what was read of attributes as long as its snapshot lasts. What lies here has not been judged.
type byReads struct {
	mu   sync.Mutex
	read map[string]*raw
}

// byReadsHeld bounds how many attributes and spans are remembered, below a megabyte each; then all are forgotten.
const byReadsHeld = 16

func (b *byReads) get(key string) *raw {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.read[key]
}

func (b *byReads) put(key string, r *raw) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.read == nil || len(b.read) >= byReadsHeld {
		b.read = map[string]*raw{}
	}
	b.read[key] = r
}

// readBy fetches the figures of days for the nodes of an attribute's scope, of all tools: whoever asks next asks about another
// one. Sizes are not among them: they come from the same cells as the judgement.
func (c *Company) readBy(ctx context.Context, snap *snapshot, attribute adoption.Attribute, s *scope, n need) (*raw, error) {
	if attribute == adoption.ByLegacyEntity {
		return c.readByEntity(ctx, snap, s, n)
	}
	key := fmt.Sprintf("%q %v %x", attribute, n.days, s.tree.fingerprint())
	r := snap.byReads.get(key)
	if r == nil {
		end, err := c.cells.begin(ctx, byUseSQL) // those who ask at the same moment wait for one reading
		if err != nil {
			return nil, err
		}
		defer end()
		if r = snap.byReads.get(key); r == nil {
			if r, err = c.readByTools(ctx, snap, attribute, s, n.days); err != nil {
				return nil, err
			}
			snap.byReads.put(key, r)
		}
	}
	return &raw{sizes: map[dayTool][]uint64{}, use: r.use, actions: r.actions, weeks: r.weeks}, nil
}

// readByTools asks the store for the figures of all tools.
func (c *Company) readByTools(ctx context.Context, snap *snapshot, attribute adoption.Attribute, s *scope, days []adoption.Day) (*raw, error) {
	r := &raw{use: map[dayTool][]rawUse{}, actions: map[dayTool][]uint64{}, weeks: map[dayTool][]rawWeek{}}
	tools := []string{adoption.AllTools}
	for _, t := range snap.tools {
		tools = append(tools, t.ID)
	}
	err := readValues(ctx, c, s, byUseSQL, attribute, days, tools, r.use, (*rawUse).add, func(v *rawUse) []any {
		return []any{&v.active1, &v.active7, &v.active28, &v.activeDays, &v.creators, &v.responders, &v.consumers, &v.score, &v.actions}
	})
	if err != nil {
		return nil, err
	}
	for key, use := range r.use {
		actions := make([]uint64, len(use))
		for i, u := range use {
			actions[i] = u.actions
		}
		r.actions[key] = actions
	}
	var mondays []adoption.Day
	for _, d := range days {
		mondays = append(mondays, d.Monday())
	}
	return r, readValues(ctx, c, s, byWeeksSQL, attribute, distinct(mondays), tools, r.weeks, (*rawWeek).add, func(v *rawWeek) []any {
		return []any{&v.new, &v.returning, &v.resurrected, &v.dormant}
	})
}

// readValues asks a statement that answers day, tool, value and the columns of a V. What nobody has access to is left
// out: a value without people on a day has no node.
func readValues[V any](ctx context.Context, c *Company, s *scope, sql string, attribute adoption.Attribute, days []adoption.Day, tools []string,
	into map[dayTool][]V, add func(*V, V), columns func(*V) []any) error {
	p := params{"days": dayList(days), "tools": textList(tools), "attribute": string(attribute)}
	err := c.each(ctx, sql, p, func(scan scanner) error {
		var at time.Time
		var tool, value string
		var v V
		if err := scan(append([]any{&at, &tool, &value}, columns(&v)...)...); err != nil {
			return err
		}
		node, known := s.tree.leaf[value]
		if !known {
			return nil
		}
		key := dayTool{dayOf(at), tool}
		if into[key] == nil {
			into[key] = make([]V, len(s.nodes))
		}
		add(&into[key][s.at[node]], v)
		return nil
	})
	for _, values := range into {
		sumUp(s, values, add)
	}
	return err
}

// readByEntity adds the figures of units up by their legacy entity.
func (c *Company) readByEntity(ctx context.Context, snap *snapshot, s *scope, n need) (*raw, error) {
	whole := snap.tree.whole()
	units, err := c.read(ctx, snap, whole, n)
	if err != nil {
		return nil, err
	}
	of := make([]int, len(whole.nodes)) // node of the whole tree → node here; 0 for all but leaves
	entities := snap.tree.entities()
	for i, unit := range snap.tree.leaves() {
		if node, known := s.tree.leaf[entities[i]]; known {
			of[whole.at[snap.tree.leaf[unit]]] = s.at[node]
		}
	}
	return &raw{
		sizes:   map[dayTool][]uint64{},
		use:     regroup(units.use, s, of, (*rawUse).add),
		actions: regroup(units.actions, s, of, addCount),
		weeks:   regroup(units.weeks, s, of, (*rawWeek).add),
	}, nil
}

// regroup adds the values of leaves up by the nodes of another scope that they belong to.
func regroup[V any](values map[dayTool][]V, s *scope, of []int, add func(*V, V)) map[dayTool][]V {
	into := map[dayTool][]V{}
	for key, list := range values {
		sums := make([]V, len(s.nodes))
		for leaf, v := range list {
			if of[leaf] > 0 {
				add(&sums[of[leaf]], v)
			}
		}
		sumUp(s, sums, add)
		into[key] = sums
	}
	return into
}
