package query

import (
	"slices"

	"uptake/adoption"
)

const (
	unusedShare  = 0.25 // share of idle seats that is worth a word …
	usualUnused  = 0.20 // … where more than this are idle beyond chance
	unusedBeyond = 0.10 // … and, in a part of a unit that is told of already, so much more than in the whole
	begunShare   = 0.10 // under this, use has not begun …
	begunBound   = 0.25 // … where it lies under this beyond chance,
	begunCompany = 0.30 // … in a company where it has
	begunPeople  = 10
)

// unusedSeats names, for each licensed tool, the units whose seats lie idle; those whose people never began where
// others did are told as that.
func (w *watch) unusedSeats() []AttentionItem {
	var list []AttentionItem
	whole := map[string]float64{}
	for _, row := range w.seats {
		if row.Unit == adoption.Unassigned || row.Idle == nil || *row.Held28 == 0 || !w.fed28(row.Tool) || row.Trust.GapDays > 0 || !w.quiet(0) {
			continue
		}
		if item, told := w.notBegun(row); told {
			list = append(list, item)
			continue
		}
		share := float64(*row.Idle) / float64(*row.Held28)
		p := upperTail(*row.Idle, *row.Held28, usualUnused)
		if *row.Idle < w.k || share < max(unusedShare, whole[row.Tool]) || p >= w.bound() {
			continue
		}
		if row.Unit == w.unit {
			whole[row.Tool] = share + unusedBeyond
		}
		list = append(list, w.unusedItem(row, share, p))
	}
	return list
}

func (w *watch) unusedItem(row SeatsRow, share, p float64) AttentionItem {
	of, tool := UnitRef{row.Unit, row.UnitName}, w.toolRef(row.Tool)
	item := AttentionItem{
		Rule: ruleUnused, Unit: of, Tool: *tool, Weight: float64(*row.Idle),
		Said: ItemSaid{
			say("say.unused"+inUnit(of), "share", Percent(share), "tool", tool.Name, "unit", of.Name),
			say("say.unused.words", "idle", Whole(*row.Idle), "seats", saidSeats(*row.Held28), "never", Whole(*row.NeverUsed)),
			say("say.next.look", "tool", tool.Name)},
		Evidence: Evidence{Figure: "idle", After: &share, Count: row.Idle, Of: row.Held28, Enabled: row.Enabled, P: &p},
		Link:     link("seats", "unit", row.Unit, "tool", row.Tool, "to", w.date.String()),
	}
	if i := slices.IndexFunc(w.seats, func(r SeatsRow) bool { return r.Unit == adoption.Company && r.Tool == row.Tool }); i >= 0 && w.seats[i].Idle != nil && row.Unit != adoption.Company {
		item.Evidence.CompanyAfter = ratio(float64(*w.seats[i].Idle), float64(*w.seats[i].Held28))
	}
	return item
}

// notBegun tells that a unit has had access to a tool for eight weeks and hardly uses it, while the company does.
func (w *watch) notBegun(seats SeatsRow) (item AttentionItem, told bool) {
	rows, company := w.tools[seats.Tool][seats.Unit], w.tools[seats.Tool][adoption.Company][w.date]
	now, then, first := rows[w.date], rows[w.date-WindowDays], rows[w.date-2*WindowDays]
	switch {
	case seats.Unit == adoption.Company || now.AdoptionRate == nil || then.AdoptionRate == nil || company.AdoptionRate == nil:
		return item, false
	case now.Enabled < begunPeople || float64(first.Enabled) < (1-sameGroup)*float64(now.Enabled) || then.Trust.GapDays > 0:
		return item, false
	case max(*now.AdoptionRate, *then.AdoptionRate) > begunShare || *company.AdoptionRate < begunCompany:
		return item, false
	}
	p := lowerTail(*now.Active28, now.Enabled, begunBound)
	if p >= w.bound() {
		return item, false
	}
	of, tool, since := UnitRef{now.Unit, now.UnitName}, w.toolRef(seats.Tool), first.Date
	return AttentionItem{
		Rule: ruleNotBegun, Unit: of, Tool: *tool, Since: &since, Weight: float64(now.Enabled) * (*company.AdoptionRate - *now.AdoptionRate),
		Said: ItemSaid{
			say("say.not_begun", "people", saidPeople(now.Enabled), "unit", of.Name, "tool", tool.Name, "rate", Percent(*now.AdoptionRate), "company", Percent(*company.AdoptionRate)),
			say("say.not_begun.words", "now", Whole(*now.Active28), "all_now", Whole(now.Enabled), "day", w.date, "then", Whole(*then.Active28), "all_then", Whole(then.Enabled)),
			say("say.next.open", "unit", of.Name)},
		Evidence: Evidence{Figure: "adoption_rate", Before: then.AdoptionRate, After: now.AdoptionRate, CompanyAfter: company.AdoptionRate, Count: now.Active28, Of: &now.Enabled, Enabled: now.Enabled, P: &p},
		Link:     link("adoption", "unit", of.ID, "tool", tool.ID, "from", since.String(), "to", w.date.String(), "grain", string(adoption.ByWeek)),
	}, true
}

// fed28 tells whether something has brought data of a tool all through the 28 days: seats of a tool that nobody
// reports are not idle, they are unknown.
func (w *watch) fed28(tool string) bool {
	return slices.ContainsFunc(w.snap.sources(tool), func(source string) bool { return w.snap.firstDay(source) <= w.date-WindowDays+1 })
}

// leaversSeats names, on the company's list, tools whose seats are held by people who are in no unit any more.
func (w *watch) leaversSeats() []AttentionItem {
	var list []AttentionItem
	for _, row := range w.seats {
		if row.Unit != adoption.Company || row.HeldByLeavers == nil || *row.HeldByLeavers < w.k {
			continue
		}
		tool, n := w.toolRef(row.Tool), *row.HeldByLeavers
		share := float64(n) / float64(*row.Assigned)
		list = append(list, AttentionItem{
			Rule: ruleLeavers, Unit: UnitRef{row.Unit, row.UnitName}, Tool: *tool, Weight: float64(n),
			Said: ItemSaid{
				say("say.leavers", "seats", saidSeats(n), "tool", tool.Name),
				say("say.leavers.words", "held", Whole(n), "seats", saidSeats(*row.Assigned)),
				say("say.next.look", "tool", tool.Name)},
			Evidence: Evidence{Figure: "held_by_leavers", After: &share, Count: &n, Of: row.Assigned, Enabled: row.Enabled},
			Link:     link("seats", "tool", row.Tool, "to", w.date.String(), "children", "1"),
		})
	}
	return list
}
