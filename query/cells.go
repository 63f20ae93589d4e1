package query

import (
	"cmp"
	"container/list"
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"
	"unsafe"

	"uptake/adoption"
)

// edition is what a snapshot's figures were written under.
type edition struct {
	state state
	runs  map[string]map[adoption.Day]uint64 // of each KPI table and day
}

// cellsHeld bounds, in bytes, what is remembered of the KPI tables: a year of 400 units and 7 tools needs about half.
const cellsHeld = 300 << 20

// cells remembers what statements about KPI tables answered: for a day and a tool the figures of all units. A day is
// read again only when a refresh has written it anew, so of a long question almost nothing is read twice, whoever
// asks it about whichever unit. What lies here has not been judged; it goes into a raw and through the gate.
type cells struct {
	mu      sync.Mutex
	units   []string   // the places of a day's figures stand for these
	used    *list.List // of *cellDay, those last used in front
	days    map[cellKey]*list.Element
	held    int // bytes
	most    int // bytes; cellsHeld if 0
	loading map[string]chan struct{}
}

type cellKey struct {
	sql string
	day adoption.Day
}

// cellDay is what one statement answered about one day.
type cellDay struct {
	cellKey
	run   uint64
	tools map[string]any // a []V, one for each of the units; empty where the table says nothing about the tool
	bytes int
}

var aboutPattern = regexp.MustCompile(`about = '(\w+)'`)

// tableOf names the KPI table that a statement follows: the one whose runs it looks up in refreshed.
func tableOf(sql string) string {
	if found := aboutPattern.FindStringSubmatch(sql); found != nil {
		return found[1]
	}
	panic("query: a statement about KPI tables names no table of refreshed: " + sql) // a mistake in this package
}

// begin waits until no other question loads by the same statement: it may load just what is wanted.
func (c *cells) begin(ctx context.Context, sql string) (end func(), err error) {
	c.mu.Lock()
	if c.loading == nil {
		c.loading = map[string]chan struct{}{}
	}
	if c.loading[sql] == nil {
		c.loading[sql] = make(chan struct{}, 1)
	}
	busy := c.loading[sql]
	c.mu.Unlock()
	select {
	case busy <- struct{}{}:
		return func() { <-busy }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lookUp finds the figures of days and tools as of an edition, and says which of them must be read.
func lookUp[V any](c *cells, e *edition, units []string, sql string, days []adoption.Day, tools []string) (found map[dayTool][]V, missing need) {
	found = map[dayTool][]V{}
	runs := e.runs[tableOf(sql)]
	lack := map[string]bool{}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speakOf(units)
	for _, day := range days {
		run, written := runs[day]
		if !written {
			continue // nothing to find
		}
		var held map[string]any
		if element, there := c.days[cellKey{sql, day}]; there {
			if d := element.Value.(*cellDay); d.run == run {
				held = d.tools
				c.used.MoveToFront(element)
			}
		}
		complete := true
		for _, tool := range tools {
			values, there := held[tool].([]V)
			if !there {
				complete, lack[tool] = false, true
			} else if len(values) > 0 {
				found[dayTool{day, tool}] = values
			}
		}
		if !complete {
			missing.days = append(missing.days, day)
		}
	}
	for _, tool := range tools {
		if lack[tool] {
			missing.tools = append(missing.tools, tool)
		}
	}
	return found, missing
}

// speakOf forgets everything where the units are others than before: figures are kept by a unit's place among them.
func (c *cells) speakOf(units []string) {
	same := len(units) == len(c.units)
	for i := 0; same && i < len(units); i++ {
		same = units[i] == c.units[i]
	}
	if same && c.used != nil {
		return
	}
	c.units, c.used, c.days, c.held = units, list.New(), map[cellKey]*list.Element{}, 0
}

// remember keeps what was read, if the units are still those that it was read for.
func remember[V any](c *cells, e *edition, units []string, sql string, what need, read map[dayTool][]V) {
	runs := e.runs[tableOf(sql)]
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(units) != len(c.units) || len(units) > 0 && &units[0] != &c.units[0] {
		c.speakOf(units)
	}
	for _, day := range what.days {
		key := cellKey{sql, day}
		element, there := c.days[key]
		if there && element.Value.(*cellDay).run != runs[day] {
			c.forget(element)
			there = false
		}
		if !there {
			element = c.used.PushFront(&cellDay{cellKey: key, run: runs[day], tools: map[string]any{}})
			c.days[key] = element
		}
		d := element.Value.(*cellDay)
		for _, tool := range what.tools {
			if _, there := d.tools[tool]; there {
				continue
			}
			values := read[dayTool{day, tool}]
			d.tools[tool] = values
			bytes := bytesOf(values) + 100
			d.bytes, c.held = d.bytes+bytes, c.held+bytes
		}
	}
	for c.held > cmp.Or(c.most, cellsHeld) && c.used.Len() > 1 {
		c.forget(c.used.Back())
	}
}

// bytesOf is the memory that values take, with what they point to where they tell.
func bytesOf[V any](values []V) int {
	var v V
	bytes := len(values) * int(unsafe.Sizeof(v))
	if _, more := any(v).(interface{ held() int }); more {
		for i := range values {
			bytes += any(values[i]).(interface{ held() int }).held()
		}
	}
	return bytes
}

func (c *cells) forget(element *list.Element) {
	d := element.Value.(*cellDay)
	c.held -= d.bytes
	delete(c.days, d.cellKey)
	c.used.Remove(element)
}

// valuesOf is the figures that a statement about a KPI table answers for days and tools, one value for each leaf of the
// tree. What is not remembered is read; and remembered only if no refresh came between, else the question is asked
// again anyway.
func valuesOf[V any](ctx context.Context, c *Company, t *tree, sql string, days []adoption.Day, tools []string,
	load func(context.Context, *Company, need, []string) (map[dayTool][]V, error)) (map[dayTool][]V, error) {
	units := t.leaves()
	found, missing := lookUp[V](&c.cells, t.edition, units, sql, days, tools)
	if len(missing.days) == 0 {
		return found, nil
	}
	end, err := c.cells.begin(ctx, sql)
	if err != nil {
		return nil, err
	}
	defer end()
	found, missing = lookUp[V](&c.cells, t.edition, units, sql, days, tools)
	if len(missing.days) == 0 {
		return found, nil
	}
	read, err := load(ctx, c, missing, units)
	if err != nil {
		return nil, err
	}
	now, err := c.state(ctx)
	if err != nil {
		return nil, err
	}
	if now == t.edition.state {
		remember(&c.cells, t.edition, units, sql, missing, read)
	}
	for key, values := range read {
		found[key] = values
	}
	return found, nil
}

// asksFor are the parameters of a statement about figures of days and tools, whose units are numbered as the leaves are.
func asksFor(what need, units []string) params {
	numbers := make([]int, len(units))
	for i := range numbers {
		numbers[i] = i
	}
	return params{"days": dayList(what.days), "tools": textList(what.tools), "units": textList(units), "nodes": numberList(numbers)}
}

// cellLoader asks a statement that answers day, tool, the number of a unit and the columns of a V.
func cellLoader[V any](sql string, add func(*V, V), columns func(*V) []any) func(context.Context, *Company, need, []string) (map[dayTool][]V, error) {
	return func(ctx context.Context, c *Company, what need, units []string) (map[dayTool][]V, error) {
		read := map[dayTool][]V{}
		var at time.Time
		var tool string
		var unit uint32
		var v, zero V
		row := append([]any{&at, &tool, &unit}, columns(&v)...)
		err := c.each(ctx, sql, asksFor(what, units), func(scan scanner) error {
			v = zero
			if err := scan(row...); err != nil {
				return err
			}
			if int(unit) >= len(units) {
				return errNoUnit(dayOf(at))
			}
			key := dayTool{dayOf(at), tool}
			if read[key] == nil {
				read[key] = make([]V, len(units))
			}
			add(&read[key][unit], v)
			return nil
		})
		return read, err
	}
}

func errNoUnit(d adoption.Day) error {
	return fmt.Errorf("the figures of %s name a unit that is in no tree", d)
}
