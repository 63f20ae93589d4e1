package query

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"uptake/adoption"
)

const (
	watchPoints = 53   // weekly points: a year
	feedDays    = 91   // how far back feeds are looked at; one that has been silent for longer is taken for switched off
	holidayDip  = 0.85 // a week in which the company reached fewer than this share of the people of the weeks around it is a holiday
	holidaySpan = 6    // weeks to each side that it is held against
)

// watch is what the rules of attention look at. Every row came through the gate.
type watch struct {
	*book                                                       // unit, its children and rest, in the tool, at the weekly points
	k        uint64                                             // groups of fewer people are worth no word
	company  map[adoption.Day]AdoptionRow                       // of the company in the tool, at the weekly points
	tools    map[string]map[string]map[adoption.Day]AdoptionRow // by tool and unit: on date, 4 and 8 weeks before
	seats    []SeatsRow                                         // of each licensed tool on date
	spreads  map[string]map[string]map[adoption.Day]spreadRow   // by tool and unit: how contributions spread, as of spreadDays
	fed      adoption.Day                                       // from here on all sources of the tool had begun
	events   map[string]map[adoption.Day]uint64                 // by source: the last 91 days
	ordinary []bool                                             // by weekly point: the week that ends there was no holiday
	noise    map[int]scatter                                    // by kind of comparison
}

// watch reads what the rules need, as of the last closed day at most.
func (c *Company) watch(ctx context.Context, snap *snapshot, unit, tool string, to adoption.Day) (*watch, error) {
	date := snap.state.today - 1
	if to != 0 {
		date = min(date, to)
	}
	w := &watch{k: max(c.minGroup(), 5), book: &book{snap: snap, unit: unit, tool: tool, date: date, against: AgainstBefore, before: date - WindowDays,
		rows: map[string]map[adoption.Day]AdoptionRow{}, members: map[adoption.Day]string{}}}
	w.events = snap.broughtIn(date-feedDays+1, date)
	at, err := snap.place(unit)
	if err != nil {
		return nil, err
	}
	if err := snap.hasTool(tool); err != nil {
		return nil, err
	}
	for _, read := range []func(context.Context, *watch, place) error{c.watchYear, c.watchTools, c.watchSpread} {
		if err := read(ctx, w, at); err != nil {
			return nil, err
		}
	}
	w.seats, err = c.seatRows(ctx, snap, seatInquiry{unit: unit, tool: tool, day: date, children: !at.rest})
	if adoption.CodeOf(err) == adoption.NotFound { // a rest that does not exist in one of the tools
		w.seats, err = nil, nil
	}
	w.look()
	return w, err
}

// watchYear reads a year of weekly rows.
func (c *Company) watchYear(ctx context.Context, w *watch, at place) error {
	parent := w.snap.tree.nodes[at.node].unit.ID // a rest is read with the children that it stands for
	rows, err := c.rows(ctx, w.snap, inquiry{unit: parent, tools: []string{w.tool}, ends: w.ends(watchPoints, trendStep), children: true})
	if err != nil {
		return err
	}
	for _, row := range rows {
		w.add(row, parent)
	}
	w.company = w.rows[adoption.Company]
	if parent == adoption.Company {
		return nil
	}
	rows, err = c.rows(ctx, w.snap, inquiry{unit: adoption.Company, tools: []string{w.tool}, ends: w.ends(watchPoints, trendStep)})
	w.company = map[adoption.Day]AdoptionRow{}
	for _, row := range rows {
		w.company[row.Date] = row
	}
	return err
}

// watchTools reads the tools that the question is about, one by one, now and 4 and 8 weeks before.
func (c *Company) watchTools(ctx context.Context, w *watch, at place) error {
	w.tools = map[string]map[string]map[adoption.Day]AdoptionRow{}
	units := []string{w.unit, adoption.Company}
	if at.rest {
		units = units[1:]
	}
	for i, unit := range slices.Compact(units) {
		rows, err := c.rows(ctx, w.snap, inquiry{unit: unit, tools: w.chosenTools(), ends: w.ends(3, WindowDays), children: i == 0 && !at.rest})
		if err != nil {
			return err
		}
		for _, row := range rows {
			w.addTool(row)
			if row.Date == w.date && i == 0 && !at.rest {
				w.byTool = append(w.byTool, row)
			}
		}
	}
	return nil
}

func (w *watch) addTool(row AdoptionRow) {
	if w.tools[row.Tool] == nil {
		w.tools[row.Tool] = map[string]map[adoption.Day]AdoptionRow{}
	}
	if w.tools[row.Tool][row.Unit] == nil {
		w.tools[row.Tool][row.Unit] = map[adoption.Day]AdoptionRow{}
	}
	w.tools[row.Tool][row.Unit][row.Date] = row
}

// ends are so many days up to the date, so many days apart, oldest first.
func (w *watch) ends(n int, step adoption.Day) []adoption.PeriodEnd {
	var ends []adoption.PeriodEnd
	for i := n - 1; i >= 0; i-- {
		ends = append(ends, adoption.PeriodEnd{Date: w.date - adoption.Day(i)*step})
	}
	return ends
}

// look works out what all rules share: which weeks were holidays, and how much comparisons usually scatter.
func (w *watch) look() {
	w.fed = w.fedFrom()
	w.ordinary = make([]bool, watchPoints)
	for i := range w.ordinary {
		w.ordinary[i] = w.isOrdinary(i)
	}
	w.noise = map[int]scatter{}
	for _, kind := range comparisons {
		w.noise[kind.lag] = w.scatterOf(kind)
	}
}

// isOrdinary tells whether the week that ends at a point was no holiday: the company reached at least 85 % of the middle
// of the weeks around it.
func (w *watch) isOrdinary(i int) bool {
	here, known := w.reach(i)
	if !known {
		return false
	}
	var around []float64
	for j := max(i-holidaySpan, 0); j <= min(i+holidaySpan, watchPoints-1); j++ {
		if v, known := w.reach(j); known && j != i {
			around = append(around, v)
		}
	}
	if len(around) == 0 {
		return true
	}
	slices.Sort(around)
	return here >= holidayDip*median(around)
}

// reach is the share of the company that was active in the week that ends at a point.
func (w *watch) reach(i int) (float64, bool) {
	row, there := w.company[w.point(i)]
	if !there || row.Active7 == nil || row.Enabled == 0 || !w.fedSince(w.point(i)-6) {
		return 0, false
	}
	return float64(*row.Active7) / float64(row.Enabled), true
}

// point is a weekly point, 0 the date.
func (w *watch) point(i int) adoption.Day { return w.date - adoption.Day(i*trendStep) }

// fedSince tells whether all sources of the tool had begun by a day, so that it was fed by the same data as today.
func (w *watch) fedSince(day adoption.Day) bool { return w.fed <= day }

// fedFrom is the first day of the latest source of the tool; the end of time where there is none.
func (w *watch) fedFrom() adoption.Day {
	var latest adoption.Day
	for _, source := range w.snap.sources(w.tool) {
		latest = max(latest, w.snap.firstDay(source))
	}
	if latest == 0 {
		return adoption.LastDay
	}
	return latest
}

// rowAt is a unit's row on a day; none of a rest that was made of other units then.
func (w *watch) rowAt(unit string, day adoption.Day) (AdoptionRow, bool) {
	row, there := w.rows[unit][day]
	if strings.HasSuffix(unit, adoption.RestSuffix) && w.members[day] != w.members[w.date] {
		return row, false
	}
	return row, there
}

// quiet tells whether none of the weeks of the 28 days that end at a point was a holiday.
func (w *watch) quiet(i int) bool {
	return i+4 <= len(w.ordinary) && !slices.Contains(w.ordinary[i:i+4], false)
}

// units are those looked at: the viewer's own and those directly below it.
func (w *watch) units() []string { return append([]string{w.unit}, w.order...) }

// looks counts the comparisons that could make an item by chance.
func (w *watch) looks() int {
	licensed := 0
	for _, id := range w.chosenTools() {
		if t, _ := w.snap.tool(id); t.licensed {
			licensed++
		}
	}
	return len(w.units())*(len(comparisons)+2*licensed) + len(w.snap.sources(w.tool)) + len(w.chosenTools()) + 1
}

// bound is the doubt of one comparison (Bonferroni).
func (w *watch) bound() float64 { return listDoubt / float64(w.looks()) }

// ref names a unit as it is called on the date.
func (w *watch) ref(unit string) UnitRef {
	if row, there := w.rows[unit][w.date]; there {
		return UnitRef{unit, row.UnitName}
	}
	return UnitRef{unit, unit}
}

// link is a question of the API.
func link(route string, parameters ...string) string {
	values := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
	}
	return "/api/v1/" + route + "?" + values.Encode()
}

// inUnit ends the key of a sentence that names the unit, where that is not the company.
func inUnit(unit UnitRef) string {
	if unit.ID == adoption.Company {
		return ""
	}
	return "_unit"
}

// adoptionIn is "Adoption in Sales", of a single tool "Adoption of Chat in Sales".
func (w *watch) adoptionIn(unit UnitRef) Said {
	if w.tool == adoption.AllTools {
		return say("say.adoption_unit", "unit", unit.Name)
	}
	return say("say.adoption_tool_unit", "tool", w.snap.toolName(w.tool), "unit", unit.Name)
}
