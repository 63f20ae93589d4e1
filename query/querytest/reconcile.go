package querytest

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"testing"
	"time"
)

// Ask is an answer of a company as JSON: what is the last word of its path under /api/v1/, params its parameters.
type Ask func(what string, params url.Values) []byte

// Answer says what the rows of an answer have to satisfy. A new answer of rows by unit, tool and date is one line in
// Answers.
type Answer struct {
	What     string   // the last word of its path
	Grain    string   // the grain it is asked by; "" where it has none
	AtTo     bool     // it has no from: its rows are of one date
	Additive []string // a parent's figure is the sum of its children's
	Sums     []Sum    // equations within a row
	Rising   []string // each is at most the next
	Same     []Pair   // a figure that another answer has under another name
}

// Pair says that a figure is one of another answer.
type Pair struct{ Field, Other string }

// Sum says that a field of a row is the sum of others.
type Sum struct {
	Whole string
	Parts []string
}

var (
	people    = []string{"headcount", "enabled"}
	lifecycle = []string{"new", "returning", "resurrected", "dormant"}
	pyramid   = []string{"creators", "responders", "consumers", "inactive"}
	habits    = []string{"power", "habitual", "novice", "low", "none"}
	classes   = []string{"contribute", "respond", "share", "meet", "consume"}
	counted   = []string{"counted_contribute", "counted_respond", "counted_share", "counted_meet", "counted_consume"}
	use       = []string{"active_1", "active_7", "active_28", "active_not_enabled", "actions"}
)

// Answers are all answers whose rows are checked.
var Answers = []Answer{
	{What: "adoption", Grain: "day", Additive: all(use, lifecycle, pyramid), Rising: []string{"active_1", "active_7", "active_28", "enabled"},
		Sums: []Sum{{"enabled", pyramid}, {"active_28", pyramid[:3]}}},
	{What: "adoption", Grain: "week", Additive: all(use, lifecycle, pyramid), Rising: []string{"active_1", "active_7", "active_28", "enabled"},
		Sums: []Sum{{"enabled", pyramid}, {"active_28", pyramid[:3]}}},
	{What: "pyramid", Grain: "day", Additive: pyramid, Sums: []Sum{{"enabled", pyramid}}},
	{What: "lifecycle", Grain: "week", Additive: all(lifecycle, []string{"active"}), Sums: []Sum{{"active", lifecycle[:3]}}},
	{What: "seats", AtTo: true, Additive: []string{"assigned", "held_by_leavers", "held_28", "idle", "never_used", "unused"},
		Sums: []Sum{{"assigned", []string{"enabled", "held_by_leavers"}}, {"unused", []string{"idle", "held_by_leavers"}}}, Rising: []string{"never_used", "idle", "held_28", "enabled"}},
	{What: "first-use", Grain: "day", Additive: []string{"started", "enabled_30", "activated_30"}, Rising: []string{"activated_30", "enabled_30"}},
	{What: "habits", Grain: "week", Additive: habits, Sums: []Sum{{"enabled", habits}}},
	{What: "depth", Grain: "week", Additive: []string{"active_28"}},
	{What: "concentration", Grain: "week", Additive: []string{"active_28", "contributors", "contributions"}, Rising: []string{"half_people", "contributors", "active_28", "enabled"},
		Same: []Pair{{"contributors", "creators"}}},
	{What: "actions", Grain: "week", Additive: all(classes, counted, []string{"quantity", "seconds"}), Sums: []Sum{{"quantity", classes}},
		Rising: []string{"counted_contribute", "contribute", "quantity"}},
	{What: "diffusion", Additive: []string{"adopters"}, Rising: []string{"adopters", "enabled"}},
}

func all(lists ...[]string) []string {
	var joined []string
	for _, list := range lists {
		joined = append(joined, list...)
	}
	return joined
}

// Reconcile asserts, for every unit and tool of a company and every date from..to, that totals are right in every row
// of every one of Answers, and of those of reconcile_more.go: a parent is the sum of its children (those of METRICS' rest group counted once), the parts
// of a row add up, two answers that bear the same figure agree on it, and the active people of a week that is over are
// those of the seven days up to its Sunday. A sum with a part that is hidden cannot be checked and is not. It fails
// where nothing could be checked, and returns how many equations held.
func Reconcile(t testing.TB, ask Ask, from, to string) int {
	t.Helper()
	r := &reconciliation{t: t, ask: ask, known: map[figure]known{}}
	parents := r.parents()
	for _, tool := range r.tools() {
		for _, unit := range parents {
			for _, a := range Answers {
				params := url.Values{"unit": {unit}, "tool": {tool}, "to": {to}, "children": {"1"}}
				if a.Grain != "" {
					params.Set("grain", a.Grain)
				}
				if !a.AtTo {
					params.Set("from", from)
				}
				r.answer(a, params)
			}
			r.retention(unit, tool, from, to)
			r.collaboration(unit, tool, from, to)
			r.compare(unit, tool, from, to)
		}
		r.by(tool, from, to)
	}
	r.sundays()
	if r.held == 0 && !t.Failed() {
		t.Errorf("no total could be checked from %s to %s", from, to)
	}
	return r.held
}

type reconciliation struct {
	t     testing.TB
	ask   Ask
	held  int
	known map[figure]known
}

// figure names a value that more than one answer may bear.
type figure struct{ unit, tool, date, field string }

type known struct {
	value any
	where string
}

// parents are the units that have children.
func (r *reconciliation) parents() (ids []string) {
	for _, unit := range Rows(r.t, r.ask("units", nil), "units") {
		if unit["children"].(float64) > 0 {
			ids = append(ids, unit["id"].(string))
		}
	}
	return ids
}

func (r *reconciliation) tools() (ids []string) {
	for _, tool := range Rows(r.t, r.ask("tools", nil), "tools") {
		if tool["counted"].(bool) {
			ids = append(ids, tool["id"].(string))
		}
	}
	return ids
}

// answer checks all rows of an answer about a unit and its children.
func (r *reconciliation) answer(a Answer, params url.Values) {
	r.t.Helper()
	r.rows(a, params.Get("unit"), Rows(r.t, r.ask(a.What, params), "rows"))
}

// rows checks rows about a unit and its children.
func (r *reconciliation) rows(a Answer, unit string, rows []Row) {
	r.t.Helper()
	type group struct{ tool, date string } // seats answers "all" by tool
	families := map[group][]Row{}
	var order []group
	for _, row := range rows {
		g := group{row["tool"].(string), row["date"].(string)}
		if families[g] == nil {
			order = append(order, g)
		}
		families[g] = append(families[g], row)
		r.within(a, row)
		r.remember(a, row)
	}
	for _, g := range order {
		r.family(a, unit, families[g])
	}
}

// within checks the equations of one row.
func (r *reconciliation) within(a Answer, row Row) {
	r.t.Helper()
	for _, sum := range a.Sums {
		if total, whole := add(sum.Parts, row); whole && row[sum.Whole] != nil {
			r.equal(row[sum.Whole].(float64), total, a.What+": "+sum.Whole+" and the sum of its parts", row)
		}
	}
	for i := 1; i < len(a.Rising); i++ {
		low, high := row[a.Rising[i-1]], row[a.Rising[i]]
		if low != nil && high != nil && low.(float64) > high.(float64) {
			r.t.Errorf("%s: %s is above %s in %s", a.What, a.Rising[i-1], a.Rising[i], describe(row))
		}
	}
}

// family checks that the first row, the parent's, is the sum of the others. Hidden children stand in the rest.
func (r *reconciliation) family(a Answer, parent string, rows []Row) {
	r.t.Helper()
	if rows[0]["unit"] != parent {
		r.t.Errorf("%s: the first row is not about %s but %s", a.What, parent, describe(rows[0]))
		return
	}
	for _, field := range all(people, a.Additive) {
		sum, whole := 0.0, rows[0][field] != nil
		for _, row := range rows[1:] {
			rest := row["unit"] == parent+".rest"
			switch shownIn := row["shown_in"] != nil; {
			case field == "headcount" || field == "enabled":
				if !rest {
					sum += row[field].(float64)
				}
			case field == "active_not_enabled" && rest: // those of each child are judged apart, and the rest has none
			case shownIn && field != "active_not_enabled": // counted in the rest
			case row[field] == nil, (field == "actions" || field == "contributions") && leftOut(row)+leftOut(rows[0]) > 0:
				whole = false
			default:
				sum += row[field].(float64)
			}
		}
		if whole {
			r.equal(rows[0][field].(float64), sum, a.What+": "+field+" and the sum of the children", rows[0])
		}
	}
}

func leftOut(row Row) float64 {
	n, _ := row["tools_left_out"].(float64)
	return n
}

// remember keeps every figure of a row, and checks that no other answer gave another.
func (r *reconciliation) remember(a Answer, row Row) {
	r.t.Helper()
	for _, field := range all(people, a.Additive) {
		f := figure{row["unit"].(string), row["tool"].(string), row["date"].(string), field}
		before, there := r.known[f]
		if there && before.value != row[field] {
			r.t.Errorf("%s is %v in %s and %v in %s: %s", field, text(before.value), before.where, text(row[field]), a.What, describe(row))
		}
		if there {
			r.held++
		}
		r.known[f] = known{row[field], a.What}
	}
	for _, same := range a.Same {
		other := r.known[figure{row["unit"].(string), row["tool"].(string), row["date"].(string), same.Other}].value
		if row[same.Field] != nil && other != nil {
			r.equal(row[same.Field].(float64), other.(float64), a.What+": "+same.Field+" and "+same.Other, row)
		}
	}
}

// sundays holds the active people of a whole week against those of the seven days up to its Sunday, where both
// speak of the people who are enabled on that day: on every Sunday that is over.
func (r *reconciliation) sundays() {
	r.t.Helper()
	for f, active := range r.known {
		date, err := time.Parse(time.DateOnly, f.date)
		if f.field != "active_7" || err != nil || date.Weekday() != time.Sunday {
			continue
		}
		week := r.known[figure{f.unit, f.tool, f.date, "active"}]
		if active.value == nil || week.value == nil {
			continue
		}
		r.equal(week.value.(float64), active.value.(float64), "the active people of a week and active_7 of its Sunday", Row{"unit": f.unit, "tool": f.tool, "date": f.date})
	}
}

// add sums fields of a row; whole is false where one is hidden.
func add(fields []string, row Row) (sum float64, whole bool) {
	for _, field := range fields {
		v, there := row[field].(float64)
		if !there {
			return 0, false
		}
		sum += v
	}
	return sum, true
}

func (r *reconciliation) equal(got, want float64, what string, row Row) {
	r.t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		r.t.Errorf("%s do not agree: %v and %v in %s", what, got, want, describe(row))
		return
	}
	r.held++
}

func describe(row Row) string {
	line, err := json.Marshal(row)
	if err != nil {
		return fmt.Sprint(row)
	}
	return string(line)
}
