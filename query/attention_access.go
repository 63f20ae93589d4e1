package query

import "uptake/adoption"

const someShare = 0.05 // share of a unit's people that makes use without access worth a word

// withoutAccess names, for each tool with licences, the unit with the most active people without one: at least k, and
// a twentieth of the unit.
func (w *watch) withoutAccess() []AttentionItem {
	var list []AttentionItem
	for _, tool := range w.chosenTools() {
		var most *AdoptionRow
		for _, row := range w.toolRows(tool) {
			n := row.ActiveNotEnabled
			if row.Unit == w.unit && len(w.order) > 0 {
				continue // its children say where
			}
			if row.Denominator != DenominatorEnabled || n == nil || *n < w.k || float64(*n) < someShare*float64(row.Headcount) || row.Headcount == 0 {
				continue
			}
			if most == nil || *n > *most.ActiveNotEnabled {
				most = &row
			}
		}
		if most == nil {
			continue
		}
		n, of := *most.ActiveNotEnabled, w.toolRef(tool)
		list = append(list, AttentionItem{
			Rule: ruleNoAccess, Unit: UnitRef{most.Unit, most.UnitName}, Tool: *of, Weight: float64(n),
			Said: ItemSaid{
				say("say.no_access", "people", saidPeople(n), "unit", most.UnitName, "tool", of.Name),
				say("say.no_access.words", "enabled", Whole(most.Enabled), "people", saidPeople(most.Headcount), "active", Whole(n), "day", w.date),
				say("say.next.look", "tool", of.Name)},
			Evidence: Evidence{Figure: keyOthers, Count: &n, Of: &most.Headcount, Enabled: most.Enabled},
			Link:     link("adoption", "unit", most.Unit, "tool", tool, "from", w.date.String(), "to", w.date.String()),
		})
	}
	return list
}

// unlistedTools names tools that people use although nobody has described or licensed them: by at least k people of
// the unit, and a twentieth of it.
func (w *watch) unlistedTools() []AttentionItem {
	var list []AttentionItem
	for _, tool := range w.chosenTools() {
		info, _ := w.snap.tool(tool)
		if info.listed || info.licensed {
			continue
		}
		for _, row := range w.toolRows(tool) {
			n := row.Active28
			if row.Unit != w.unit || n == nil || *n < w.k || float64(*n) < someShare*float64(row.Headcount) {
				continue
			}
			since := w.snap.firstUse(tool)
			list = append(list, AttentionItem{
				Rule: ruleNotListed, Unit: UnitRef{row.Unit, row.UnitName}, Tool: *w.toolRef(tool), Since: &since, Weight: float64(*n),
				Said: ItemSaid{
					say("say.unlisted", "people", saidPeople(*n), "tool", info.Name),
					say("say.unlisted.words", "since", since, "active", Whole(*n), "people", saidPeople(row.Headcount), "day", w.date),
					say("say.next.look", "tool", info.Name)},
				Evidence: Evidence{Figure: "active_28", Count: n, Of: &row.Headcount, Enabled: row.Enabled},
				Link:     link("adoption", "unit", w.unit, "tool", tool, "from", max(w.date-watchPoints*trendStep, since, 0).String(), "to", w.date.String(), "grain", string(adoption.ByWeek)),
			})
		}
	}
	return list
}
