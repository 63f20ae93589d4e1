package query

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
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

// rawSpans is everybody's spans in one unit, and on which days they count for what. People come and go thousands of times in a
// year of days, so these are kept as intervals: how many hold a day takes two searches.
type rawSpans struct {
	list                         []rawSpan
	enabled, eligible, activated intervals
	using, left                  []waited // of those who began: by the first day on which they count as such, and by the last
}

// waited is how many days somebody took to begin, and a day.
type waited struct{ day, wait uint16 }

// newRawSpans sorts spans into intervals: of the days with access; of those on which access began activationDays before or
// earlier (eligible); and of these, for those who were active within so many days (activated).
func newRawSpans(list []rawSpan) *rawSpans {
	s := &rawSpans{list: list}
	for _, one := range list {
		s.enabled.add(int(one.first), int(one.last))
		from := max(int(one.first), int(one.enabled)+activationDays)
		s.eligible.add(from, int(one.last))
		if one.used != never && int(one.used) <= int(one.enabled)+activationDays {
			s.activated.add(from, int(one.last))
		}
		if one.used <= one.last && one.first <= one.last {
			wait := one.used - one.enabled
			s.using, s.left = append(s.using, waited{max(one.first, one.used), wait}), append(s.left, waited{one.last, wait})
		}
	}
	byDay := func(a, b waited) int { return cmp.Compare(a.day, b.day) }
	slices.SortFunc(s.using, byDay)
	slices.SortFunc(s.left, byDay)
	for _, i := range []*intervals{&s.enabled, &s.eligible, &s.activated} {
		slices.Sort(i.from)
		slices.Sort(i.to)
	}
	return s
}

// intervals are their first and their last days, each sorted by itself.
type intervals struct{ from, to []uint16 }

// add takes one in that is not empty.
func (i *intervals) add(from, to int) {
	if from <= to {
		i.from, i.to = append(i.from, uint16(from)), append(i.to, uint16(to))
	}
}

// holding counts those that hold a day: begun and not ended before it.
func (i *intervals) holding(day uint16) uint64 {
	begun, _ := slices.BinarySearch(i.from, day+1) // no figures are of the last day of all
	ended, _ := slices.BinarySearch(i.to, day)
	return uint64(begun - ended)
}

// beginBooks remembers the spans of tools, by unit, until a refresh writes some of them anew. For 130,000 people and a
// tool they take 3 MB, and any day's figures are counted from them in a millisecond: so nothing is kept of the days
// themselves, every day can be asked for, and a refresh has no days to write.
type beginBooks struct {
	mu    sync.Mutex
	run   uint64
	tools map[string]map[string]*rawSpans
}

// readSpans is the spans of a tool by the unit that people are placed directly in. Those who ask at the same moment wait
// for one reading. What is returned is everybody's: nobody may write into it.
func (c *Company) readSpans(ctx context.Context, snap *snapshot, tool string) (map[string]*rawSpans, error) {
	b := &c.begin
	b.mu.Lock()
	defer b.mu.Unlock()
	run := snap.newest("kpi_begin")
	if b.tools == nil || b.run != run {
		b.run, b.tools = run, map[string]map[string]*rawSpans{}
	}
	if spans, there := b.tools[tool]; there {
		return spans, nil
	}
	spans := map[string]*rawSpans{}
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
		spans[unit] = newRawSpans(list)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read when people began: %w", err)
	}
	b.tools[tool] = spans
	return spans, nil
}

// rawBegin counts the enabled people of a node on a day.
type rawBegin struct {
	enabled   uint64
	eligible  uint64 // enabled for the first time at least activationDays before
	activated uint64 // of these, active with access within so many days
}

func (b *rawBegin) add(v rawBegin) {
	b.enabled += v.enabled
	b.eligible += v.eligible
	b.activated += v.activated
}

// countBegin counts, for each node of a scope. known is false where a span names a unit that is in no tree: the directory is
// ahead of the lists.
func countBegin(s *scope, spans map[string]*rawSpans, day adoption.Day) (nodes []rawBegin, known bool) {
	nodes = make([]rawBegin, len(s.nodes))
	for unit, of := range spans {
		leaf, there := s.tree.leaf[unit]
		if !there {
			return nil, false
		}
		d := uint16(day)
		nodes[s.cell[leaf]].add(rawBegin{of.enabled.holding(d), of.eligible.holding(d), of.activated.holding(d)})
	}
	sumUp(s, nodes, (*rawBegin).add)
	return nodes, true
}

// below lists the spans of everybody in a group.
func below(s *scope, spans map[string]*rawSpans, members []int) [][]rawSpan {
	inside := s.within(members...)
	var lists [][]rawSpan
	for unit, of := range spans {
		if leaf, there := s.tree.leaf[unit]; there && inside[s.cell[leaf]] {
			lists = append(lists, of.list)
		}
	}
	return lists
}

// adopted is the ISO week, by its number, of the first activity ever of those enabled on a day and active by then.
func adopted(lists [][]rawSpan, day adoption.Day) adoption.Histogram {
	var c counter
	d := uint16(day)
	for _, list := range lists {
		for i := range list {
			if s := &list[i]; s.active <= d && s.first <= d && d <= s.last {
				c.add(weekNumber(adoption.Day(s.active)))
			}
		}
	}
	return c.histogram()
}

// counter counts people by a small number.
type counter []uint64

func (c *counter) add(n int) {
	if n >= len(*c) {
		*c = append(*c, make([]uint64, n+1-len(*c))...)
	}
	(*c)[n]++
}

// join adds what another has counted.
func (c *counter) join(other counter) {
	if len(other) > len(*c) {
		*c = append(*c, make([]uint64, len(other)-len(*c))...)
	}
	for n, people := range other {
		(*c)[n] += people
	}
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
