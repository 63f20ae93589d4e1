package querytest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// Answers whose rows are not one of a unit, tool and date with a few figures.

// by checks that the values of each attribute add up to the company, which is the one of every other answer.
func (r *reconciliation) by(tool, from, to string) {
	r.t.Helper()
	for _, attribute := range []string{"location", "legacy_entity", "role", "hire_cohort"} {
		rows := Rows(r.t, r.ask("by", url.Values{"attribute": {attribute}, "tool": {tool}, "from": {from}, "to": {to}}), "rows")
		for _, row := range rows {
			switch row["kind"] { // as family reads them
			case "company":
			case "rest":
				row["unit"] = "company.rest"
			default:
				row["unit"] = row["value"]
			}
		}
		a := Answer{What: "by " + attribute, Additive: all(use[:3], use[4:], lifecycle, pyramid), Rising: []string{"active_1", "active_7", "active_28", "enabled"},
			Sums: []Sum{{"enabled", pyramid}, {"active_28", pyramid[:3]}}}
		r.values(a, rows)
	}
}

// values checks rows by attribute. The rest is one of values: no other answer has it.
func (r *reconciliation) values(a Answer, rows []Row) {
	r.t.Helper()
	var dates [][]Row
	for _, row := range rows {
		if row["kind"] == "company" {
			r.remember(a, row)
			dates = append(dates, nil)
		}
		r.within(a, row)
		dates[len(dates)-1] = append(dates[len(dates)-1], row)
	}
	for _, family := range dates {
		r.family(a, "company", family)
	}
}

// retention checks that in each week the cohorts of a unit are those of its children, that all were active in their own
// week, and that a week's cohort is as large as its life cycle says.
func (r *reconciliation) retention(unit, tool, from, to string) {
	r.t.Helper()
	rows := Rows(r.t, r.ask("retention", url.Values{"unit": {unit}, "tool": {tool}, "from": {from}, "to": {to}, "children": {"1"}}), "rows")
	a := Answer{What: "retention", Additive: []string{"size"}, Sums: []Sum{{"size", []string{"active after 0"}}}, Same: []Pair{{"size", "new"}}}
	longest := 0
	for _, row := range rows {
		weeks := row["weeks"].([]any)
		for k, week := range weeks {
			row[after(k)] = week.(map[string]any)["active"]
		}
		longest = max(longest, len(weeks))
	}
	for k := range longest {
		a.Additive = append(a.Additive, after(k))
	}
	r.rows(a, unit, rows)
	for _, row := range rows {
		for k := range longest {
			if active := row[after(k)]; active != nil && active.(float64) > row["size"].(float64) {
				r.t.Errorf("retention: more people after %d weeks than began: %s", k, describe(row))
			}
		}
	}
}

func after(weeks int) string { return fmt.Sprint("active after ", weeks) }

// collaboration checks that what the children exchange is in the matrix once: the unit's own interactions are all of
// it, a child's are on the diagonal, and what children send is what goes from one to another or leaves the unit.
func (r *reconciliation) collaboration(unit, tool, from, to string) {
	r.t.Helper()
	answer := r.ask("collaboration", url.Values{"unit": {unit}, "tool": {tool}, "from": {from}, "to": {to}, "children": {"1"}})
	var whole struct {
		Rows   []Row
		Matrix struct {
			Units        []string
			Interactions [][]float64
		}
	}
	if err := json.Unmarshal(answer, &whole); err != nil {
		r.t.Fatalf("collaboration: %v", err)
	}
	if len(whole.Rows) == 0 || whole.Rows[0]["internal"] == nil {
		return
	}
	rowOf := map[string]Row{}
	for _, row := range whole.Rows[1:] {
		rowOf[row["unit"].(string)] = row
	}
	var all, between, sent, received float64
	for i, id := range whole.Matrix.Units {
		row := rowOf[id]
		if row == nil || row["internal"] == nil {
			r.t.Errorf("collaboration: the matrix has %s, which has no row that is shown", id)
			return
		}
		for j, n := range whole.Matrix.Interactions[i] {
			all += n
			if i != j {
				between += n
			}
		}
		r.equal(row["internal"].(float64), whole.Matrix.Interactions[i][i], "collaboration: internal and the diagonal", row)
		sent += row["sent"].(float64)
		received += row["received"].(float64)
	}
	parent := whole.Rows[0]
	r.equal(parent["internal"].(float64), all, "collaboration: internal and the matrix", parent)
	r.equal(parent["sent"].(float64), sent-between, "collaboration: what leaves the unit and what its children send to others", parent)
	r.equal(parent["received"].(float64), received-between, "collaboration: what comes to the unit and what its children receive from others", parent)
}

// compare checks that both sides are rows of the other answers, and differences those between them. The last day may run
// still, and only days that are over are compared.
func (r *reconciliation) compare(unit, tool, from, to string) {
	r.t.Helper()
	if last, err := time.Parse(time.DateOnly, to); err == nil && from < to {
		to = last.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	for _, against := range []string{"previous", "company"} {
		if unit == against {
			continue
		}
		var answer struct {
			This, Other struct{ Row Row }
			Figures     []Row
		}
		text := r.ask("compare", url.Values{"unit": {unit}, "tool": {tool}, "from": {from}, "to": {to}, "against": {against}})
		if err := json.Unmarshal(text, &answer); err != nil {
			r.t.Fatalf("compare: %v", err)
		}
		for _, row := range []Row{answer.This.Row, answer.Other.Row} {
			if row != nil {
				r.remember(Answer{What: "compare", Additive: all(use, lifecycle, pyramid)}, row)
			}
		}
		for _, f := range answer.Figures {
			key := f["key"].(string)
			if f["this"] != answer.This.Row[key] || f["other"] != answer.Other.Row[key] {
				r.t.Errorf("compare: %s is not what the sides say: %s", key, describe(f))
			}
			if f["difference"] != nil {
				r.equal(f["difference"].(float64), f["this"].(float64)-f["other"].(float64), "compare: "+key, f)
			}
		}
	}
}
