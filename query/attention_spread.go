package query

import (
	"context"
	"slices"

	"uptake/adoption"
)

const (
	fewShare     = 0.10 // of the active people who make half of all contributions: so few are worth a word …
	fewOfCompany = 0.5  // … where they are at most half of the share that they are in the company;
	fewInCompany = 0.05 // of the company itself: so few
	spreadPeople = 20   // active people, and …
	spreadGiven  = 100  // … contributions that a concentration is read off
)

// spreadDays are the ends of three windows that share no day.
func (w *watch) spreadDays() []adoption.Day {
	return []adoption.Day{w.date, w.date - WindowDays, w.date - 2*WindowDays}
}

// watchSpread reads how contributions spread, in each tool: on the date, and on the two days before only where
// somebody is concentrated then.
func (c *Company) watchSpread(ctx context.Context, w *watch, at place) error {
	w.spreads = map[string]map[string]map[adoption.Day]spreadRow{}
	for _, tool := range w.chosenTools() {
		w.spreads[tool] = map[string]map[adoption.Day]spreadRow{}
		if err := c.readWatchedSpread(ctx, w, at, tool, w.spreadDays()[:1]); err != nil {
			return err
		}
		if !slices.ContainsFunc(w.units(), func(unit string) bool { return w.few(tool, unit, w.date) }) {
			continue
		}
		if err := c.readWatchedSpread(ctx, w, at, tool, w.spreadDays()[1:]); err != nil {
			return err
		}
	}
	return nil
}

func (c *Company) readWatchedSpread(ctx context.Context, w *watch, at place, tool string, days []adoption.Day) error {
	var ends []adoption.PeriodEnd
	for _, day := range days {
		if w.snap.days[day] {
			ends = append(ends, adoption.PeriodEnd{Date: day})
		}
	}
	if len(ends) == 0 {
		return nil
	}
	places := []place{at}
	if at.node != 0 {
		places = append(places, place{})
	}
	for i, p := range places {
		rows, err := c.spreadRows(ctx, &portion{w.snap, w.snap.tree.around(p.node), p, tool, ends, i == 0 && !p.rest})
		if err != nil {
			return err
		}
		for _, row := range rows {
			w.addSpread(row)
		}
	}
	return nil
}

func (w *watch) addSpread(row spreadRow) {
	of := w.spreads[row.Tool]
	if of[row.Unit] == nil {
		of[row.Unit] = map[adoption.Day]spreadRow{}
	}
	of[row.Unit][row.Date] = row
}

// few tells whether few people of a unit made half of its contributions in the 28 days that end with a day.
func (w *watch) few(tool, unit string, day adoption.Day) bool {
	row, company := w.spreads[tool][unit][day], w.spreads[tool][adoption.Company][day]
	if row.halfShare == nil || *row.active28 < spreadPeople || *row.contributed < spreadGiven || row.Trust.GapDays > 0 {
		return false
	}
	if unit == adoption.Company {
		return *row.halfShare <= fewInCompany
	}
	return company.halfShare != nil && *row.halfShare <= min(fewShare, fewOfCompany**company.halfShare)
}

// concentrated names the units in which few people make half of all contributions to a tool, now and in the two windows
// before: one month's campaign is no habit.
func (w *watch) concentrated() []AttentionItem {
	var list []AttentionItem
	for _, tool := range w.chosenTools() {
		for _, unit := range w.units() {
			if !slices.ContainsFunc(w.spreadDays(), func(day adoption.Day) bool { return !w.few(tool, unit, day) }) {
				list = append(list, w.spreadItem(tool, unit))
			}
		}
	}
	return list
}

func (w *watch) spreadItem(tool, unit string) AttentionItem {
	days := w.spreadDays()
	now, then := w.spreads[tool][unit][w.date], w.spreads[tool][unit][days[2]]
	of, name, usual := UnitRef{now.Unit, now.UnitName}, w.toolRef(tool), fewShare
	item := AttentionItem{
		Rule: ruleSpread, Unit: of, Tool: *name, Since: &then.Date,
		Said: ItemSaid{
			say("say.concentrated"+inUnit(of), "few", Whole(*now.halfMade), "people", saidPeople(*now.active28), "tool", name.Name, "unit", of.Name),
			say("say.concentrated.words", "contributions", say("say.contributions", "n", Whole(*now.contributed)), "people", saidPeople(*now.active28), "day", w.date),
			say("say.next.look", "tool", name.Name)},
		Evidence: Evidence{Figure: "half_share", Before: then.halfShare, After: now.halfShare, Count: now.halfMade, Of: now.active28, Enabled: now.Enabled},
		Link:     link("concentration", "unit", unit, "tool", tool, "from", days[2].String(), "to", w.date.String(), "grain", string(adoption.ByWeek)),
	}
	if unit != adoption.Company {
		before, after := w.spreads[tool][adoption.Company][days[2]], w.spreads[tool][adoption.Company][w.date]
		item.Evidence.CompanyBefore, item.Evidence.CompanyAfter, usual = before.halfShare, after.halfShare, *after.halfShare
	}
	item.Weight = float64(*now.active28) * (usual - *now.halfShare)
	return item
}
