package query

import (
	"context"
	"slices"
	"strings"

	"uptake/adoption"
)

const (
	trendPoints = 13
	trendStep   = 7 // days
	stallPoints = 8 // weeks without growth that make a unit stalled
)

// book holds the rows that a page is made of. They came through the gate; a page can show no more than they tell.
type book struct {
	snap    *snapshot
	unit    string // whose page it is
	tool    string
	date    adoption.Day
	against Against
	before  adoption.Day                            // the earlier day that against names
	rows    map[string]map[adoption.Day]AdoptionRow // of unit and its children, tool, at the points of the trend
	order   []string                                // the children and the rest on date
	byTool  []AdoptionRow                           // of unit and its children on date, for each counted tool
	members map[adoption.Day]string                 // who makes up the rest on a day
}

// open reads a page's rows: 13 weekly points of one tool, the day it is compared with, and all tools on the last day.
func (c *Company) open(ctx context.Context, snap *snapshot, q UnitQuestion, date adoption.Day) (*book, error) {
	b := &book{snap: snap, unit: q.Unit, tool: q.Tool, date: date, against: q.Against, before: q.Against.before(date),
		rows: map[string]map[adoption.Day]AdoptionRow{}, members: map[adoption.Day]string{}}
	at, err := snap.place(b.unit)
	if err != nil {
		return nil, err
	}
	parent := snap.tree.nodes[at.node].unit.ID // a rest is read with the children that it stands for
	var ends []adoption.PeriodEnd
	for _, day := range b.points() {
		ends = append(ends, adoption.PeriodEnd{Date: day, Running: day == snap.state.today})
	}
	if err := c.addRows(ctx, b, parent, ends); err != nil {
		return nil, err
	}
	if !slices.Contains(b.points(), b.before) { // asked by itself, so that the points are remembered for both comparisons
		if err := c.addRows(ctx, b, parent, []adoption.PeriodEnd{{Date: b.before}}); err != nil {
			return nil, err
		}
	}
	if !at.rest {
		last := ends[len(ends)-1:]
		b.byTool, err = c.rows(ctx, snap, inquiry{unit: b.unit, tools: snap.countedTools(), ends: last, children: true})
	} else if _, there := b.row(date); !there && snap.days[date] {
		return nil, &adoption.Error{Code: adoption.NotFound, Field: "unit", Message: "No small groups below that unit are shown together on " + date.String() + "."}
	}
	return b, err
}

// addRows reads the rows of the page's tool on some days, of a unit and its children.
func (c *Company) addRows(ctx context.Context, b *book, unit string, ends []adoption.PeriodEnd) error {
	rows, err := c.rows(ctx, b.snap, inquiry{unit: unit, tools: []string{b.tool}, ends: ends, children: true})
	if err != nil {
		return err
	}
	for _, row := range rows {
		b.add(row, unit)
	}
	return nil
}

func (b *book) add(row AdoptionRow, parent string) {
	if b.rows[row.Unit] == nil {
		b.rows[row.Unit] = map[adoption.Day]AdoptionRow{}
	}
	b.rows[row.Unit][row.Date] = row
	if row.Date == b.date && row.Unit != parent && b.unit == parent {
		b.order = append(b.order, row.Unit)
	}
	if row.ShownIn != "" && row.Unit != parent {
		b.members[row.Date] += row.Unit + "\x00"
	}
}

// countedTools lists the tools that "all" is made of.
func (s *snapshot) countedTools() []string {
	var ids []string
	for _, t := range s.tools {
		if t.counted {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// row is the page's own row on a day.
func (b *book) row(day adoption.Day) (AdoptionRow, bool) { return b.rowOf(b.unit, day) }

// rowOf is a unit's row on a day, as far as it can be compared with that on the page's date: days before the data
// starts are left out, and those on which a rest was made of other units.
func (b *book) rowOf(unit string, day adoption.Day) (AdoptionRow, bool) {
	row, there := b.rows[unit][day]
	if start, known := b.start(); day != b.date && (!known || day-WindowDays+1 < start) {
		return AdoptionRow{}, false
	}
	if strings.HasSuffix(unit, adoption.RestSuffix) && b.members[day] != b.members[b.date] {
		return AdoptionRow{}, false
	}
	return row, there
}

// start is the day that data of the page's tool starts with: the first day of the first source that feeds it. (A tool
// that a longer known source starts to bring is new itself, and its first days are true.)
func (b *book) start() (first adoption.Day, known bool) {
	for _, source := range b.snap.sources(b.tool) {
		day := b.snap.firstDay(source)
		if !known || day < first {
			first, known = day, true
		}
	}
	return first, known
}

// newSources lists the sources of the page's tool whose data starts after the first day of the 28 that end with an
// earlier day: between that day and the page's date it is not the same data throughout.
func (b *book) newSources(before adoption.Day) []string {
	return slices.DeleteFunc(b.snap.sources(b.tool), func(source string) bool {
		return b.snap.firstDay(source) <= windowStart(before)
	})
}

// firstDay is the first day of a source with events.
func (s *snapshot) firstDay(source string) adoption.Day {
	first := adoption.LastDay
	for _, f := range s.feeds {
		if f.source == source {
			first = min(first, f.firstDay)
		}
	}
	return first
}

// points are the days of the trend, oldest first.
func (b *book) points() []adoption.Day {
	days := make([]adoption.Day, trendPoints)
	for i := range days {
		days[i] = b.date - adoption.Day((trendPoints-1-i)*trendStep)
	}
	return days
}

// reader reads a figure off a row, or says why it is missing.
type reader func(AdoptionRow) (*float64, Missing)

// value is a unit's figure on a day.
func (b *book) value(unit string, day adoption.Day, read reader) (*float64, Missing) {
	row, there := b.rowOf(unit, day)
	if !there {
		return nil, MissingNoData
	}
	return read(row)
}

// trend is a figure's course over the points.
func (b *book) trend(unit string, read reader) []Point {
	var trend []Point
	for _, day := range b.points() {
		v, why := b.value(unit, day, read)
		trend = append(trend, Point{Date: day, Value: v, Missing: why})
	}
	return trend
}

// change is how a figure differs from that of the closed period before.
func change(now, before *float64) *float64 {
	if now == nil || before == nil {
		return nil
	}
	d := *now - *before
	return &d
}
