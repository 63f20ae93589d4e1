package refresh

import (
	"context"
	_ "embed"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"uptake/adoption"
	"uptake/ingest/refresh/tally"
)

// Where few people did anything else than before, and nothing else has changed, the figures that readers see are moved on by
// what these people did before and now: what a refresh of a large company costs follows them, and not its size.

//go:embed moved_people.sql
var selectMovedPeople string

const (
	// movedFrom is from how many pairs of a person and a tool on figures are moved. A smaller company is counted anew in less time
	// than the statements take that this needs.
	movedFrom = 50_000
	// movedAtMost bounds the people whose names a statement has in it, and movedShare them as a share of the pairs.
	movedAtMost = 20_000
	movedShare  = 16
	// comparedAtOnce bounds the rows that one statement compares.
	comparedAtOnce = 1_000_000
)

// moved is whose facts are others than readers see, and which figures are moved on by that.
type moved struct {
	people  []uint64 // nil: not known, or too many
	began   []beganWith
	windows days   // of kpi_use, kpi_spread and kpi_by
	in      weekly // Mondays, and days of habits
}

// beganWith is when a person began with a tool, as readers see it.
type beganWith struct {
	tool string
	began
}

// findMoved finds whose activity changed, and when these people had begun. It comes before first_active is moved.
func (w *work) findMoved(ctx context.Context) error {
	if !w.clean || !w.was.any() || len(w.changed) == 0 {
		return nil
	}
	if err := w.countPairs(ctx); err != nil || w.pairs < w.movedFrom {
		return err
	}
	most := min(movedAtMost, max(w.pairs/movedShare, 8))
	people := map[uint64]struct{}{}
	var person uint64
	for part := range slices.Chunk(w.changed.sorted(), max(comparedAtOnce/w.pairs, 1)) {
		var shown []written
		for _, d := range part {
			if run, there := w.factsBefore(d); there {
				shown = append(shown, written{"person_day", d, run})
			}
		}
		p := params{"run": w.run, "days": part, "shown": pairList(shown), "most": most + 1}
		err := w.each(ctx, "find whose activity changed", selectMovedPeople, p, func(scan scanner) error {
			err := scan(&person)
			people[person] = struct{}{}
			return err
		})
		if err != nil || len(people) > most {
			return err
		}
	}
	w.moved.people = slices.Sorted(maps.Keys(people))
	return w.readBegan(ctx, 0, adoption.LastDay, w.ofWhom(), func(tool string, b began) { w.moved.began = append(w.moved.began, beganWith{tool, b}) })
}

// ofWhom are the parameters of a statement that asks of these people only, where they are known.
func (w *work) ofWhom() params {
	if w.moved.people == nil {
		return everybody()
	}
	return params{"everybody": false, "people": w.moved.people}
}

// everybody are the parameters of one that asks of all.
func everybody() params { return params{"everybody": true, "people": []uint64{}} }

// planMoved takes out of what is planned what was not planned before the facts were looked at, and can be moved: readers see
// it, and people are placed and have access as when it was written.
func (w *work) planMoved(windows days, in weekly) {
	if w.moved.people == nil || parseBeginState(w.was.begin) != w.rests.beginState || w.is.zone != w.was.zone || w.is.access != w.was.access {
		return
	}
	w.moved.windows = w.movable(w.use, windows, "kpi_use", "kpi_spread")
	maps.DeleteFunc(w.moved.windows, func(d adoption.Day, _ struct{}) bool { _, both := w.spread[d]; return !both })
	w.moved.in = weekly{
		weeks:   w.movable(w.weeks, in.weeks, "kpi_week"),
		cohorts: w.movable(w.cohorts, in.cohorts, "kpi_cohort"),
		habits:  w.movable(w.habits, in.habits, "kpi_habit"),
	}
}

// movable are those of the planned days that are not among others, and that readers see of all tables.
func (w *work) movable(planned, others days, tables ...string) days {
	some := maps.Clone(planned)
	maps.DeleteFunc(some, func(d adoption.Day, _ struct{}) bool {
		_, other := others[d]
		return other || slices.ContainsFunc(tables, func(table string) bool { return w.shown[table][d] == 0 })
	})
	return some
}

// planMovedBy leaves out what is broken down by attributes and readers do not see so yet.
func (w *work) planMovedBy() {
	unseen := func(planned days, table string) func(adoption.Day, struct{}) bool {
		return func(d adoption.Day, _ struct{}) bool {
			_, by := planned[d]
			return by && w.shown[table][d] == 0
		}
	}
	maps.DeleteFunc(w.moved.windows, unseen(w.by, "kpi_by"))
	maps.DeleteFunc(w.moved.in.weeks, unseen(w.byWeeks, "kpi_by_week"))
	w.moved.in.byWeeks = days{}
	for d := range w.moved.in.weeks {
		if _, by := w.byWeeks[d]; by {
			w.moved.in.byWeeks.add(d, d)
		}
	}
}

// moveNothing has everything planned counted anew.
func (m *moved) moveNothing() { m.windows, m.in = nil, weekly{} }

// split tells those of all days that are in the set from the others, both in order.
func (s days) split(all days) (others, own []adoption.Day) {
	for _, d := range all.sorted() {
		if _, in := s[d]; in {
			own = append(own, d)
		} else {
			others = append(others, d)
		}
	}
	return others, own
}

// less are the days of a set without those of another.
func (s days) less(other days) days {
	rest := maps.Clone(s)
	maps.DeleteFunc(rest, func(d adoption.Day, _ struct{}) bool { _, in := other[d]; return in })
	return rest
}

// less is what is planned without what is planned elsewhere.
func (p weekly) less(other weekly) weekly {
	return weekly{p.weeks.less(other.weeks), p.byWeeks.less(other.byWeeks), p.cohorts.less(other.cohorts), p.habits.less(other.habits)}
}

// asBefore tells what was known of a person when the figures were written that readers see: only when people began may be
// another day now.
func (m *moved) asBefore(of *directory) func(uint64) *tally.Person {
	began := map[uint64][]tally.Began{}
	for _, b := range m.began {
		began[b.person] = append(began[b.person], tally.Began{Tool: of.tool[b.tool], Day: b.day})
	}
	return func(person uint64) *tally.Person {
		p := *of.of(person)
		p.Began = began[person]
		return &p
	}
}

// units are those that these people belong to on any day that matters, and where people are counted who belong nowhere.
func (m *moved) units(of *directory) string {
	names := map[string]struct{}{of.units[0]: {}}
	for _, person := range m.people {
		for _, stay := range of.of(person).Stays {
			names[of.units[stay.Unit]] = struct{}{}
		}
	}
	list := make([]string, 0, len(names))
	for name := range names {
		list = append(list, hex.EncodeToString([]byte(name)))
	}
	return strings.Join(list, ",")
}

const (
	ofUnits     = "unit %[3]s (SELECT unhex(arrayJoin(splitByChar(',', {units:String}))))"
	carryOthers = "INSERT INTO %[1]s (day, run, %[2]s) SELECT day, {run:UInt64}, %[2]s FROM %[1]s WHERE (day, run) IN {shown:Array(Tuple(Date, UInt64))} AND " + ofUnits
	selectKnown = "SELECT day, %[2]s FROM %[1]s WHERE (day, run) IN {shown:Array(Tuple(Date, UInt64))} AND " + ofUnits
)

// carry takes up the rows of a table that readers see on some days: those of the units that the people belong to are handed to
// row, the others written again as they are.
func (w *work) carry(ctx context.Context, table, columns string, on days, units string, row func(scanner) error) error {
	p := params{"run": w.run, "shown": pairList(w.seen(table, on)), "units": units}
	if err := w.exec(ctx, "carry figures over", fmt.Sprintf(carryOthers, table, columns, "NOT IN"), p); err != nil {
		return err
	}
	return w.each(ctx, "read the figures that are moved", fmt.Sprintf(selectKnown, table, columns, "IN"), p, row)
}

// seen are days of a table with the runs that readers see.
func (w *work) seen(table string, on days) []written {
	var rows []written
	for _, d := range on.sorted() {
		if run, there := w.shown[table][d]; there {
			rows = append(rows, written{table, d, run})
		}
	}
	return rows
}
