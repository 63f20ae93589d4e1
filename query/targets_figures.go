package query

import (
	"context"
	"maps"
	"slices"
	"sync"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/target"
	"uptake/value/worth"
)

// targetFigures are what the gates show of the groups that targets are set for.
type targetFigures map[targetKey]targetFigure

type targetKey struct {
	unit, tool string
	measure    target.Measure
	day        adoption.Day
}

// targetFigure is a figure, nil where there is none; hidden where a gate keeps it.
type targetFigure struct {
	value  *float64
	hidden bool
}

// course judges a target by its figures. Where the newest is hidden, nothing is said at all; an older one that is hidden
// is a gap.
func (f targetFigures) course(p target.Plan, g targetGroup, over bool) target.Course {
	var points []target.Point
	for _, d := range g.days() {
		one := f[targetKey{p.Unit, p.Tool, p.Measure, d}]
		if one.hidden && d == g.end {
			return target.Silent(target.Hidden, "the group is hidden, because it is small or a small one could be told from it")
		}
		points = append(points, target.Point{Day: d, Value: one.value})
	}
	return target.Judge(p, points, over)
}

func (c *Company) targetAdoption(ctx context.Context, snap *snapshot, g targetGroup, list []*TargetAnswer) (targetFigures, error) {
	var units []string
	for _, a := range list {
		units = append(units, a.Plan.Unit)
	}
	w, err := c.weekly(ctx, snap, units, g.tool, g.days())
	if err != nil {
		return nil, err
	}
	found := targetFigures{}
	for unit, rows := range w.rows {
		for d, row := range rows {
			found[targetKey{unit, g.tool, target.Adoption, d}] = targetFigure{row.AdoptionRate, row.Suppressed}
		}
	}
	return found, nil
}

func (c *Company) targetHabits(ctx context.Context, snap *snapshot, g targetGroup) (targetFigures, error) {
	found := targetFigures{}
	var ends []adoption.PeriodEnd
	for _, d := range g.days() {
		if snap.days[d] {
			ends = append(ends, adoption.PeriodEnd{Date: d})
		}
	}
	if len(ends) == 0 {
		return found, nil
	}
	rows, err := c.habitsEverywhere(ctx, &portion{snap: snap, scope: snap.tree.whole(), tool: g.tool, ends: ends})
	for _, row := range rows {
		found[targetKey{row.Unit, g.tool, target.Habit, row.Date}] = targetFigure{row.PowerHabitualRate, row.Suppressed}
	}
	return found, err
}

// targetMoney is what tools were worth in each span of 28 days, under the newest version that was published: a course over
// two versions would compare what cannot be compared.
func (c *Company) targetMoney(ctx context.Context, snap *snapshot, g targetGroup, list []*TargetAnswer) (targetFigures, error) {
	doc, version, err := c.valueVersion(ctx, nil)
	if err != nil {
		return nil, err
	}
	var asked [][2]string // unit and tool
	for _, a := range list {
		a.Version = &version.Version
		if a.Plan.Currency != doc.Currency {
			a.Course = target.Silent(target.Unknown, "it is set in "+a.Plan.Currency+", and the assumptions are in "+doc.Currency)
			continue
		}
		asked = append(asked, [2]string{a.Plan.Unit, a.Plan.Tool})
	}
	found := targetFigures{}
	missing := snap.targets.get(version.Version, g, asked, found)
	if len(missing) == 0 {
		return found, nil
	}
	fresh, err := c.workMoney(ctx, snap, doc, g, missing)
	if err != nil {
		return nil, err
	}
	snap.targets.put(version.Version, g, missing, fresh)
	maps.Copy(found, fresh)
	return found, nil
}

// workMoney works figures of money out, span by span, the newest first: of a bank a model has some 40 MB, so there is one at a
// time. What is hidden now is not looked at in former spans.
func (c *Company) workMoney(ctx context.Context, snap *snapshot, doc *assumptions.Document, g targetGroup, asked [][2]string) (targetFigures, error) {
	found := targetFigures{}
	var newest *valueBook
	for _, d := range slices.Backward(g.days()) {
		book, err := c.moneyBook(ctx, snap, windowStart(d), d)
		if err != nil {
			return nil, err
		}
		if newest == nil {
			newest = book
			asked = slices.DeleteFunc(slices.Clone(asked), func(key [2]string) bool {
				found[targetKey{key[0], key[1], target.NetCapacity, d}] = targetFigure{hidden: book.hides(key)}
				found[targetKey{key[0], key[1], target.NetCash, d}] = targetFigure{hidden: book.hides(key)}
				return book.hides(key)
			})
			if len(asked) == 0 {
				break
			}
		}
		m, err := modelOf(snap, doc, book, windowStart(d), d)
		if err != nil {
			return nil, err
		}
		worked := map[[2]string]worth.Value{}
		units, tools := partsOf(asked)
		for _, v := range m.model.Values(units, tools) {
			worked[[2]string{v.Unit, v.Tool}] = v
		}
		for _, key := range asked {
			capacity, cash := targetFigure{hidden: book.hides(key)}, targetFigure{hidden: book.hides(key)}
			if v, there := worked[key]; there && book.whole(key, newest) {
				capacity.value, cash.value = v.NetCapacity.P50, v.NetCash.P50
			}
			found[targetKey{key[0], key[1], target.NetCapacity, d}] = capacity
			found[targetKey{key[0], key[1], target.NetCash, d}] = cash
		}
	}
	return found, nil
}

// partsOf are the units and the tools of pairs of these, each once.
func partsOf(pairs [][2]string) (units, tools []string) {
	for _, p := range pairs {
		if !slices.Contains(units, p[0]) {
			units = append(units, p[0])
		}
		if !slices.Contains(tools, p[1]) {
			tools = append(tools, p[1])
		}
	}
	return units, tools
}

// hides tells whether a unit and tool are hidden.
func (b *valueBook) hides(key [2]string) bool {
	e := b.entries[key]
	return e != nil && e.frame.Suppressed
}

// whole tells whether a figure holds all days of its span and, of all tools, no fewer and no more of them than the newest
// one: what comes out of hiding, or goes into it, is no course.
func (b *valueBook) whole(key [2]string, newest *valueBook) bool {
	tools := []string{key[1]}
	if key[1] == adoption.AllTools {
		tools = b.tools
	}
	for _, tool := range tools {
		part := [2]string{key[0], tool}
		if e := b.entries[part]; b.hides(part) != newest.hides(part) || (e != nil && e.shown != nil && e.daysLeftOut > 0) {
			return false
		}
	}
	return !b.hides(key)
}

// targetsHeld is of how many groups a snapshot remembers figures of money.
const targetsHeld = 2_000

// targetMemo remembers figures of money as long as its snapshot lasts. What it holds has passed the gate.
type targetMemo struct {
	mu    sync.Mutex
	known map[targetMoneyKey]targetFigures
}

type targetMoneyKey struct {
	version uint64
	end     adoption.Day
	group   [2]string // unit and tool
}

// get copies what is remembered, and returns what is not.
func (m *targetMemo) get(version uint64, g targetGroup, asked [][2]string, into targetFigures) (missing [][2]string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range asked {
		if figures, there := m.known[targetMoneyKey{version, g.end, one}]; there {
			maps.Copy(into, figures)
		} else if !slices.Contains(missing, one) {
			missing = append(missing, one)
		}
	}
	return missing
}

func (m *targetMemo) put(version uint64, g targetGroup, groups [][2]string, figures targetFigures) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known)+len(groups) > targetsHeld {
		m.known = map[targetMoneyKey]targetFigures{}
	}
	for _, one := range groups {
		own := targetFigures{}
		for key, figure := range figures {
			if key.unit == one[0] && key.tool == one[1] {
				own[key] = figure
			}
		}
		m.known[targetMoneyKey{version, g.end, one}] = own
	}
}
