package query

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"uptake/adoption"
)

// maxByDates bounds the dates of one question by attribute: a year of weeks and today.
const maxByDates = 54

// ByQuestion asks for the company's figures broken down by one attribute of its people.
type ByQuestion struct {
	Attribute adoption.Attribute // "" is the location
	Tool      string             // "" is all tools
	From, To  adoption.Day
	Grain     adoption.Grain // "" is week; day does not exist
}

// ByAnswer is the shape of GET /api/v1/by.
type ByAnswer = Answer[ByRow]

// Kinds of ByRow.
const (
	ByCompany = "company" // the whole company, as in /api/v1/adoption
	ByValue   = "value"
	ByUnknown = "unknown" // people of whom the directory does not say
	ByRest    = "rest"    // the hidden values taken together
)

// ByRow is what is known of the people with one value of an attribute, in the whole company.
type ByRow struct {
	Attribute adoption.Attribute `json:"attribute"`
	Value     string             `json:"value"` // "" unless Kind is "value"
	Kind      string             `json:"kind"`
	AdoptionRow
}

// ParseBy reads a question from URL parameters. Left out: by location, all tools, by week, from the Monday of the week
// before that of the last day. Errors are InvalidParameter and name the field.
func ParseBy(values url.Values, today adoption.Day) (ByQuestion, error) {
	q := ByQuestion{To: today}
	var from *adoption.Day
	err := parameters{
		{"attribute", textInto(&q.Attribute)},
		{"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"grain", textInto(&q.Grain)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = max(q.To.Monday()-7, 0)
	if from != nil {
		q.From = *from
	}
	return q, q.check()
}

// check fills the defaults in and refuses what cannot be answered.
func (q *ByQuestion) check() error {
	if q.Attribute == "" {
		q.Attribute = adoption.ByLocation
	}
	if !slices.Contains(adoption.Attributes(), q.Attribute) {
		return adoption.Invalid("attribute", "Write location, legacy_entity, role or hire_cohort.")
	}
	if q.Grain == "" {
		q.Grain = adoption.ByWeek
	}
	if q.Grain == adoption.ByDay {
		return adoption.Invalid("grain", "Figures by attribute exist for the ends of weeks and months and for the last day. Write week or month.")
	}
	a := AdoptionQuestion{Tool: q.Tool, From: q.From, To: q.To, Grain: q.Grain}
	if err := a.check(); err != nil {
		return err
	}
	q.Tool = a.Tool
	days := map[adoption.Grain]int{adoption.ByWeek: 7, adoption.ByMonth: 28}[q.Grain]
	if int(q.To-q.From)/days+1 > maxByDates {
		return adoption.Invalid("from", fmt.Sprintf("That is more than %d dates. Ask for a shorter span or a coarser grain.", maxByDates))
	}
	return nil
}

// By answers a question about one attribute: of each date the company's row, then one for each value by its name, the
// people without one, and the rest. Dates without figures have no rows (adoption.Attributed).
func (c *Company) By(ctx context.Context, q ByQuestion) (*ByAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	answer := &ByAnswer{Header: c.header(q.To)}
	err := c.consistently(ctx, func(snap *snapshot) error {
		rows, err := c.byRows(ctx, snap, q, snap.byEnds(q))
		answer.Rows = make([]ByRow, len(rows))
		for i, row := range rows {
			answer.Rows[i] = attributeRow(q.Attribute, row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// byEnds are the dates of a question that have figures by attribute.
func (s *snapshot) byEnds(q ByQuestion) []adoption.PeriodEnd {
	last, _ := s.latest()
	ends := adoption.PeriodEnds(q.From, q.To, q.Grain, s.state.today)
	return slices.DeleteFunc(ends, func(e adoption.PeriodEnd) bool {
		return !s.days[e.Date] || !adoption.Attributed(e.Date, last) || s.runOf("kpi_by", e.Date) == 0 || s.runOf("kpi_cell", e.Date) == 0
	})
}

// runOf is the run that wrote a day of a table; 0: none has.
func (s *snapshot) runOf(table string, d adoption.Day) uint64 { return s.edition.runs[table][d] }

// attributeRow names a row of an attribute's tree.
func attributeRow(attribute adoption.Attribute, row AdoptionRow) ByRow {
	by := ByRow{Attribute: attribute, Kind: ByValue, AdoptionRow: row}
	switch row.Unit {
	case adoption.Company:
		by.Kind = ByCompany
		return by
	case adoption.Company + adoption.RestSuffix:
		by.Kind = ByRest
	case unknownValue:
		by.Kind = ByUnknown
	default:
		by.Value = row.UnitName
	}
	by.Unit, by.UnitName = adoption.Company, "Company"
	if by.ShownIn != "" {
		by.ShownIn = ByRest
	}
	by.ActiveNotEnabled = nil // a population of its own, which is not broken down
	return by
}

// byRows are the rows of an attribute's tree, the company's own as everywhere else.
func (c *Company) byRows(ctx context.Context, snap *snapshot, q ByQuestion, ends []adoption.PeriodEnd) ([]AdoptionRow, error) {
	whole, err := c.rows(ctx, snap, inquiry{unit: adoption.Company, tools: []string{q.Tool}, ends: ends})
	if err != nil || len(ends) == 0 {
		return nil, err
	}
	key := fmt.Sprintf("by %q %q %v", q.Attribute, q.Tool, ends)
	if rows, there := snap.memo.get(key); there {
		return rows, nil
	}
	judge, err := c.newByJudge(ctx, snap, q.Tool, ends)
	if err != nil {
		return nil, err
	}
	t := attributeTree(judge.valuesOf(attributePlace[q.Attribute]))
	s := t.whole()
	n := need{tools: []string{q.Tool}}
	for _, end := range ends {
		n.days = append(n.days, end.Date)
	}
	r, err := c.readBy(ctx, snap, q.Attribute, s, n)
	if err != nil {
		return nil, fmt.Errorf("read figures by %s: %w", q.Attribute, err)
	}
	g := newGate(snap, s, r, c.minGroup())
	judge.tell(g, attributePlace[q.Attribute])
	var rows []AdoptionRow
	for i, end := range ends {
		g.trusts[dayTool{end.Date, q.Tool}] = whole[i].Trust
		rows = append(append(rows, whole[i]), g.rows(place{node: 0}, q.Tool, end, true)[1:]...)
	}
	snap.memo.put(key, rows)
	return rows, nil
}

// byJudge knows the sizes of all groups of the days that a question needs, and what of them is shown.
type byJudge struct {
	heads  map[adoption.Day][attributeCount]map[string]uint64
	judged map[dayTool]*byJudgement
}

// newByJudge judges the dates, and the days that their life cycles speak of, for the tool and those that it adds up.
func (c *Company) newByJudge(ctx context.Context, snap *snapshot, tool string, ends []adoption.PeriodEnd) (*byJudge, error) {
	var days, firsts []adoption.Day
	for _, end := range ends {
		days = append(days, end.Date)
		if lifecycle := snap.lifecycleDay(end.Date); snap.days[lifecycle] {
			days = append(days, lifecycle)
		}
	}
	days = distinct(days)
	for _, d := range days {
		firsts = append(firsts, d.FirstOfMonth())
	}
	n := need{days: days, tools: []string{tool}}
	n.tools = distinct(append(n.addedUp(snap), n.tools...))
	units := snap.tree.whole()
	r, err := c.readSizes(ctx, units, append(slices.Clone(days), firsts...), n.tools)
	if err != nil {
		return nil, err
	}
	order, err := c.readOrder(ctx, distinct(firsts))
	if err != nil {
		return nil, err
	}
	g := newGate(snap, units, r, c.minGroup())
	j := &byJudge{heads: map[adoption.Day][attributeCount]map[string]uint64{}, judged: map[dayTool]*byJudgement{}}
	for _, day := range days {
		if snap.runOf("kpi_cell", day) == 0 { // of a life cycle: who it speaks of is not known, so it is not shown
			for _, t := range n.tools {
				j.judged[dayTool{day, t}] = &byJudgement{small: true}
			}
			continue
		}
		book, err := c.peopleBook(ctx, snap, day)
		if err != nil {
			return nil, err
		}
		entities := entityOrder(snap.tree, units, g.headcount(day.FirstOfMonth()))
		of := order[day.FirstOfMonth()]
		of[attributePlace[adoption.ByLegacyEntity]] = entities
		j.heads[day] = headcounts(book.placed(units, make([]int, len(units.nodes)), "", true))
		for _, t := range n.tools {
			j.judged[dayTool{day, t}] = c.judgement(snap, dayTool{day, t}, func() *byJudgement { return judgeTool(g, book, dayTool{day, t}, of) })
		}
	}
	return j, nil
}

// readSizes fetches the sizes of units only.
func (c *Company) readSizes(ctx context.Context, s *scope, days []adoption.Day, tools []string) (*raw, error) {
	r := &raw{sizes: map[dayTool][]uint64{}}
	return r, readCells(ctx, c, s, sizesSQL, days, append([]string{""}, tools...), r.sizes, addCount, func(v *uint64) []any { return []any{v} })
}

// judgement is remembered as long as the figures stay: every question about any attribute needs it.
func (c *Company) judgement(snap *snapshot, of dayTool, make func() *byJudgement) *byJudgement {
	key := judgedKey{snap.state, c.minGroup(), of}
	c.books.mu.Lock()
	j, there := c.books.judged[key]
	c.books.mu.Unlock()
	if there {
		return j
	}
	j = make()
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	if c.books.judged == nil || len(c.books.judged) >= judgedHeld {
		c.books.judged = map[judgedKey]*byJudgement{}
	}
	c.books.judged[key] = j
	return j
}

// judgeTool judges all attributes on a day, beside the units, which g has as a whole.
func judgeTool(g *gate, book *peopleBook, of dayTool, order [attributeCount]map[string]uint64) *byJudgement {
	groups, n, ok := g.enabledPartition(of.day, of.tool).shownGroups(g.scope)
	cells, names := book.placed(g.scope, groups, of.tool, g.snap.open(of.tool))
	if !ok {
		j := newByJudgement(cells, names, order)
		j.small = true
		return j
	}
	return judgeAttributes(cells, names, order, n, g.k)
}

// headcounts counts the people of cells by each attribute.
func headcounts(cells []placedCell, names [attributeCount][]string) (heads [attributeCount]map[string]uint64) {
	counted := newByJudgement(cells, names, heads)
	for m := range heads {
		heads[m] = map[string]uint64{}
		for i, v := range counted.values[m] {
			if v.people > 0 {
				heads[m][names[m][i]] = v.people
			}
		}
	}
	return heads
}

// entityOrder is the headcount of each legacy entity, from that of the units.
func entityOrder(t *tree, units *scope, heads []uint64) map[string]uint64 {
	of := map[string]uint64{}
	entities := t.entities()
	for i, unit := range t.leaves() {
		of[entities[i]] += heads[units.at[t.leaf[unit]]]
	}
	return of
}

// valuesOf are the values of an attribute that anybody has on one of the days.
func (j *byJudge) valuesOf(m int) []string {
	values := map[string]bool{}
	for _, heads := range j.heads {
		for value := range heads[m] {
			values[value] = true
		}
	}
	return slices.Sorted(maps.Keys(values))
}

// tell gives a gate of an attribute's tree the sizes, and what of them is shown.
func (j *byJudge) tell(g *gate, m int) {
	for of, judged := range j.judged {
		p := judged.partition(g.scope, m)
		g.enabled[of] = p
		g.raw.sizes[of] = p.people
		heads := make([]uint64, len(g.scope.nodes))
		for value, people := range j.heads[of.day][m] {
			heads[g.scope.at[g.scope.tree.leaf[value]]] = people
		}
		sumUp(g.scope, heads, addCount)
		g.raw.sizes[dayTool{of.day, ""}] = heads
	}
}
