package query

import (
	"context"
	_ "embed"
	"fmt"
	"sync"

	"uptake/adoption"
)

//go:embed begin.sql
var beginSQL string

// rawSpan is somebody's stay in one unit with access to a tool, from first to last, and how he or she began: when access
// did, the first day of activity ever (active), and the first one with access (used); never where there is none.
type rawSpan struct{ first, last, enabled, active, used uint16 }

// never stands for a day that has not come.
const never = uint16(adoption.LastDay)

// holds tells whether the span holds a day.
func (s rawSpan) holds(day uint16) bool { return s.first <= day && day <= s.last }

// beginBooks remembers the spans of tools, by unit, until a refresh writes some of them anew. For 130,000 people and a
// tool they take 1.3 MB, and every day's figures are counted from them in about a millisecond: so nothing is kept of the
// days themselves, any day can be asked for, and a refresh has no days to write.
type beginBooks struct {
	mu    sync.Mutex
	run   uint64
	tools map[string]map[string][]rawSpan
}

// readSpans is the spans of a tool by the unit that people are placed directly in. Those who ask at the same moment wait
// for one reading. What is returned is everybody's: nobody may write into it.
func (c *Company) readSpans(ctx context.Context, tool string) (map[string][]rawSpan, error) {
	b := &c.begin
	b.mu.Lock()
	defer b.mu.Unlock()
	var run uint64
	if err := c.DB.QueryRow(ctx, "SELECT max(run) FROM refreshed WHERE about = 'kpi_begin'").Scan(&run); err != nil {
		return nil, fmt.Errorf("ask when people's beginnings were written: %w", err)
	}
	if b.tools == nil || b.run != run {
		b.run, b.tools = run, map[string]map[string][]rawSpan{}
	}
	if spans, there := b.tools[tool]; there {
		return spans, nil
	}
	spans := map[string][]rawSpan{}
	var unit string
	var days []uint64
	var used []uint16
	err := c.each(ctx, beginSQL, params{"tool": textList([]string{tool})}, func(scan scanner) error {
		if err := scan(&unit, &days, &used); err != nil {
			return err
		}
		list := make([]rawSpan, len(days))
		for i, d := range days {
			list[i] = rawSpan{uint16(d), uint16(d >> 16), uint16(d >> 32), uint16(d >> 48), used[i]}
		}
		spans[unit] = list
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read when people began: %w", err)
	}
	b.tools[tool] = spans
	return spans, nil
}

// rawBegin is how the enabled people of a node on a day had begun by then.
type rawBegin struct {
	enabled   uint64
	eligible  uint64             // enabled for the first time at least activationDays before
	activated uint64             // of these, active with access within so many days
	waits     adoption.Histogram // of those active with access: days from the first with access to the first with activity
	adopted   adoption.Histogram // of those ever active: the number of the ISO week of the first activity (weekNumber)
}

func (b *rawBegin) add(v rawBegin) {
	b.enabled += v.enabled
	b.eligible += v.eligible
	b.activated += v.activated
	b.waits = b.waits.Merge(v.waits)
	b.adopted = b.adopted.Merge(v.adopted)
}

// countBegin counts, from spans, for each node of a scope. known is false where a span names a unit that is in no tree: the
// directory is ahead of the lists.
func countBegin(s *scope, spans map[string][]rawSpan, day adoption.Day) (nodes []rawBegin, known bool) {
	nodes = make([]rawBegin, len(s.nodes))
	waits, weeks := make([]counter, len(s.nodes)), make([]counter, len(s.nodes))
	for unit, list := range spans {
		leaf, there := s.tree.leaf[unit]
		if !there {
			return nil, false
		}
		n := s.cell[leaf]
		nodes[n].count(list, uint16(day), &waits[n], &weeks[n])
	}
	for n := range nodes {
		nodes[n].waits, nodes[n].adopted = waits[n].histogram(), weeks[n].histogram()
	}
	sumUp(s, nodes, (*rawBegin).add)
	return nodes, true
}

// count adds the people of one unit.
func (b *rawBegin) count(list []rawSpan, day uint16, waits, weeks *counter) {
	for _, s := range list {
		if !s.holds(day) {
			continue
		}
		b.enabled++
		eligible := day-s.enabled >= activationDays
		if eligible {
			b.eligible++
		}
		if s.used <= day {
			wait := s.used - s.enabled
			waits.add(int(wait))
			if eligible && wait <= activationDays {
				b.activated++
			}
		}
		if s.active <= day {
			weeks.add(weekNumber(adoption.Day(s.active)))
		}
	}
}

// counter counts people by a small number.
type counter []uint64

func (c *counter) add(n int) {
	for len(*c) <= n {
		*c = append(*c, 0)
	}
	(*c)[n]++
}

// histogram is the same as one.
func (c counter) histogram() adoption.Histogram {
	var h adoption.Histogram
	for n, people := range c {
		if people > 0 {
			h = append(h, adoption.Bar{Amount: uint64(n), People: people})
		}
	}
	return h
}

// weekNumber counts ISO weeks: 0 is the one that holds 1970-01-01, a Thursday.
func weekNumber(d adoption.Day) int { return int(d+3) / 7 }

// mondayOf is the first day of a week by its number. That of week 0 lies before the first Day.
func mondayOf(week int) adoption.Day { return adoption.Day(7*week - 3) }
