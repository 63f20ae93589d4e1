package query

import (
	"context"
	"slices"

	"uptake/adoption"
)

// Overview is the company's page. An unknown tool is NotFound.
func (c *Company) Overview(ctx context.Context, q OverviewQuestion) (*OverviewAnswer, error) {
	answer := &OverviewAnswer{}
	_, err := c.page(ctx, &answer.Page, UnitQuestion{Unit: adoption.Company, Tool: q.Tool, To: q.To, Against: q.Against})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// UnitPage is the page of one unit. An unknown unit or tool is NotFound.
func (c *Company) UnitPage(ctx context.Context, q UnitQuestion) (*UnitPageAnswer, error) {
	answer := &UnitPageAnswer{}
	b, err := c.page(ctx, &answer.Page, q)
	if err != nil {
		return nil, err
	}
	answer.Path, answer.Tools = b.path(), b.toolLines()
	return answer, nil
}

// page fills a page in and returns the rows it was made of.
func (c *Company) page(ctx context.Context, p *Page, q UnitQuestion) (*book, error) {
	settled, err := c.settled(ctx)
	if err != nil {
		return nil, err
	}
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	if q.Against, err = ParseAgainst(string(q.Against)); err != nil {
		return nil, err
	}
	var b *book
	err = c.consistently(ctx, func(snap *snapshot) (err error) {
		date := q.To
		if date == 0 {
			date = snap.lastClosed()
		}
		if b, err = c.open(ctx, snap, q, date); err != nil {
			return err
		}
		list, err := c.watched(ctx, snap, q.Unit, q.Tool, date)
		p.Attention = list.decisions()
		return err
	})
	if err != nil {
		return nil, err
	}
	*p = Page{
		Attention: p.Attention, Unit: UnitRef{q.Unit, b.name()}, Tool: *b.toolRef(q.Tool), Demo: c.Demo, Timezone: c.zone().String(), MinGroup: int(c.minGroup()),
		Date: b.date, Previous: b.before, Against: q.Against, Running: b.date >= b.snap.state.today, DataUntil: c.dataUntil(b.date), Settled: settled,
	}
	b.fill(p)
	return b, nil
}

func (b *book) fill(p *Page) {
	if row, there := b.row(b.date); there {
		p.Now = &row
	}
	if row, there := b.rowOf(b.unit, b.before); there {
		p.Before = &row
	}
	p.Weeks = []AdoptionRow{}
	for _, day := range b.points() {
		if row, there := b.rowOf(b.unit, day); there {
			p.Weeks = append(p.Weeks, row)
		}
	}
	p.State = b.state()
	p.Answer = b.answer(p)
	p.Figures = b.figures(p)
	p.Ranking = b.ranking()
	p.Cautions = b.cautions(p)
}

func (b *book) state() State {
	row, there := b.row(b.date)
	switch {
	case len(b.snap.feeds) == 0:
		return StateEmpty
	case !there:
		return StateNoData
	case row.Suppressed:
		return StateHidden
	}
	return StateReady
}

// name is the unit's name on the page's date.
func (b *book) name() string {
	if row, there := b.row(b.date); there {
		return row.UnitName
	}
	at, _ := b.snap.tree.find(b.unit)
	name := b.snap.tree.nodes[at.node].unit.Name
	if at.rest {
		return "Small groups of " + name
	}
	return name
}

func (b *book) toolRef(id string) *ToolRef { return &ToolRef{id, b.snap.toolName(id)} }

// toolName is a tool's name; its id where nobody has given it one.
func (s *snapshot) toolName(id string) string {
	if id == adoption.AllTools {
		return allTools.Name
	}
	t, _ := s.tool(id)
	return t.Name
}

// firstUse is the day of a tool's first event.
func (s *snapshot) firstUse(tool string) adoption.Day {
	first := adoption.LastDay
	for _, f := range s.feeds {
		if f.tool == tool {
			first = min(first, f.firstDay)
		}
	}
	return first
}

// path is the way from the company down to the unit's parent.
func (b *book) path() []UnitRef {
	at, _ := b.snap.tree.find(b.unit)
	way := b.snap.tree.path(at.node)
	if !at.rest {
		way = way[:len(way)-1]
	}
	path := []UnitRef{}
	for _, n := range way {
		u := b.snap.tree.nodes[n].unit
		path = append(path, UnitRef{u.ID, u.Name})
	}
	return path
}

// toolLines are the unit's rows per tool, most used first, hidden ones last.
func (b *book) toolLines() []ToolLine {
	lines := []ToolLine{}
	for _, row := range b.byTool {
		if row.Unit == b.unit {
			lines = append(lines, ToolLine{*b.toolRef(row.Tool), row})
		}
	}
	slices.SortStableFunc(lines, func(x, y ToolLine) int {
		return compareBool(x.Row.Active28 == nil, y.Row.Active28 == nil)*2 - signOf(zeroIfHidden(x.Row.Active28), zeroIfHidden(y.Row.Active28))
	})
	return lines
}

func signOf(x, y uint64) int {
	switch {
	case x > y:
		return 1
	case x < y:
		return -1
	}
	return 0
}

// chosenTools are the tools that the page is about: one, or all that are counted.
func (b *book) chosenTools() []string {
	if b.tool == adoption.AllTools {
		return b.snap.countedTools()
	}
	return []string{b.tool}
}

// toolRows are the rows of a tool on the page's date: of the unit itself, then of its children.
func (b *book) toolRows(tool string) []AdoptionRow {
	var rows []AdoptionRow
	for _, row := range b.byTool {
		if row.Tool == tool {
			rows = append(rows, row)
		}
	}
	return rows
}
