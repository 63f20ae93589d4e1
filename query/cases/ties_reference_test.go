package cases_test

import (
	"cmp"
	"slices"
	"strings"

	"uptake/adoption"
)

// The reference works collaboration out from lists: plain loops over interactions, days and people, nothing remembered.

// tie is interactions of a day between two people.
type tie struct {
	day      adoption.Day
	tool     string
	from, to int
	n        uint64
}

// tieWorld is a company as the reference knows it.
type tieWorld struct {
	k       int
	parents map[string]string                       // of each unit; "company" at the top
	homes   []func(adoption.Day) string             // of each person: the unit he or she is placed in; "" for none
	tools   []string                                // that there are
	access  map[string]func(int, adoption.Day) bool // of a tool that needs a licence
	ties    []tie

	below map[string][]string // children that have been looked up
}

// tieAnswer is what the reference answers.
type tieAnswer struct {
	rows    map[string]tieRow
	matrix  map[[2]string]uint64
	leftOut int
}

type tieRow struct {
	hidden                   bool
	shownIn                  string
	internal, sent, received uint64
}

func (w *tieWorld) children(unit string) []string {
	if list, known := w.below[unit]; known {
		return list
	}
	var list []string
	for u, parent := range w.parents {
		if parent == unit {
			list = append(list, u)
		}
	}
	slices.Sort(list)
	if len(list) > 0 {
		list = append(list, unit+".direct")
	}
	if w.below == nil {
		w.below = map[string][]string{}
	}
	w.below[unit] = list
	return list
}

// leaf is the group without children that somebody is in.
func (w *tieWorld) leaf(person int, d adoption.Day) string {
	unit := w.homes[person](d)
	if unit != "" && len(w.children(unit)) > 0 {
		return unit + ".direct"
	}
	return unit
}

// under tells whether a leaf is a unit or lies below it.
func (w *tieWorld) under(leaf, unit string) bool {
	for at := leaf; at != ""; at = w.parentOf(at) {
		if at == unit {
			return true
		}
	}
	return false
}

func (w *tieWorld) parentOf(unit string) string {
	if parent, is := strings.CutSuffix(unit, ".direct"); is {
		return parent
	}
	return w.parents[unit]
}

// mayUse tells whether somebody has access; "" is no tool: everybody.
func (w *tieWorld) mayUse(person int, tool string, d adoption.Day) bool {
	if tool == "all" {
		return slices.ContainsFunc(w.tools, func(t string) bool { return w.mayUse(person, t, d) })
	}
	licensed := w.access[tool]
	return licensed == nil || licensed(person, d)
}

func (w *tieWorld) count(unit, tool string, d adoption.Day) (people int) {
	for p := range w.homes {
		if leaf := w.leaf(p, d); leaf != "" && w.under(leaf, unit) && w.mayUse(p, tool, d) {
			people++
		}
	}
	return people
}

// hide adds what a population hides on a day, from the company down to the children of a unit.
func (w *tieWorld) hide(hidden map[string]bool, unit, tool string, d adoption.Day) {
	var path []string
	for at := unit; at != ""; at = w.parentOf(at) {
		path = append([]string{at}, path...)
	}
	small := func(u string) bool { n := w.count(u, tool, d); return n > 0 && n < w.k }
	today := map[string]bool{"company": small("company")}
	for _, at := range path {
		held := 0
		var others []string
		for _, child := range w.children(at) {
			switch {
			case today[at] || small(child):
				today[child] = true
				held += w.count(child, tool, d)
			case w.count(child, tool, d) > 0:
				others = append(others, child)
			}
		}
		first := d.FirstOfMonth()
		slices.SortFunc(others, func(a, b string) int {
			return cmp.Or(cmp.Compare(w.count(a, "", first), w.count(b, "", first)), cmp.Compare(a, b))
		})
		for _, child := range others {
			if today[at] || held == 0 || held >= w.k {
				break
			}
			today[child] = true
			held += w.count(child, tool, d)
		}
	}
	for u, is := range today {
		hidden[u] = hidden[u] || is
	}
}

// hiddenBy is what the given populations hide on any of the days.
func (w *tieWorld) hiddenBy(unit string, tools []string, from, to adoption.Day) map[string]bool {
	hidden := map[string]bool{}
	for d := from; d <= to; d++ {
		for _, tool := range tools {
			w.hide(hidden, unit, tool, d)
		}
	}
	return hidden
}

// flows adds up interactions between leaves.
func (w *tieWorld) flows(tools []string, from, to adoption.Day) map[[2]string]uint64 {
	flows := map[[2]string]uint64{}
	for _, t := range w.ties {
		if t.day < from || t.day > to || t.from == t.to || !slices.Contains(tools, t.tool) {
			continue
		}
		if a, b := w.leaf(t.from, t.day), w.leaf(t.to, t.day); a != "" && b != "" {
			flows[[2]string{a, b}] += t.n
		}
	}
	return flows
}

// answer is what is to be answered about a unit, with its children.
func (w *tieWorld) answer(unit, tool string, from, to adoption.Day) tieAnswer {
	answer := tieAnswer{rows: map[string]tieRow{}, matrix: map[[2]string]uint64{}}
	tools := []string{tool}
	hidden := w.hiddenBy(unit, []string{"", tool}, from, to)
	if tool == "all" {
		tools, hidden, answer.leftOut = w.choose(unit, hidden, from, to)
	}
	flows := w.flows(tools, from, to)
	in := func(leaf string, members []string) bool {
		return slices.ContainsFunc(members, func(m string) bool { return w.under(leaf, m) })
	}
	groups := map[string][]string{} // that are shown in the matrix
	row := func(name string, members []string) {
		var r tieRow
		for ends, n := range flows {
			switch sends, receives := in(ends[0], members), in(ends[1], members); {
			case sends && receives:
				r.internal += n
			case sends:
				r.sent += n
			case receives:
				r.received += n
			}
		}
		answer.rows[name] = r
	}
	if hidden[unit] {
		shownIn := ""
		if parent := w.parentOf(unit); !hidden[parent] {
			shownIn = parent + ".rest"
		}
		answer.rows[unit] = tieRow{hidden: true, shownIn: shownIn}
	} else {
		row(unit, []string{unit})
	}
	for _, child := range w.children(unit) {
		there := !strings.HasSuffix(child, ".direct") || w.count(child, "", to) > 0
		if !there && !hidden[unit] { // people were placed directly in the unit, and are no more
			there = hidden[child]
			for ends := range flows {
				there = there || ends[0] == child || ends[1] == child
			}
		}
		switch {
		case !there:
		case hidden[unit]:
			answer.rows[child] = tieRow{hidden: true}
		case hidden[child]:
			answer.rows[child] = tieRow{hidden: true, shownIn: unit + ".rest"}
			groups[unit+".rest"] = append(groups[unit+".rest"], child)
		default:
			row(child, []string{child})
			groups[child] = []string{child}
		}
	}
	if rest := groups[unit+".rest"]; rest != nil {
		row(unit+".rest", rest)
	}
	for a, senders := range groups {
		for b, receivers := range groups {
			for ends, n := range flows {
				if in(ends[0], senders) && in(ends[1], receivers) {
					answer.matrix[[2]string{a, b}] += n
				}
			}
		}
	}
	return answer
}

// choose is which tools all of them are, and what is hidden then.
func (w *tieWorld) choose(unit string, hidden map[string]bool, from, to adoption.Day) (tools []string, hides map[string]bool, leftOut int) {
	order := slices.Clone(w.tools)
	slices.SortFunc(order, func(a, b string) int {
		return cmp.Or(cmp.Compare(w.count(unit, b, to), w.count(unit, a, to)), cmp.Compare(a, b))
	})
	for _, tool := range order {
		with, more := w.hiddenBy(unit, []string{tool}, from, to), false
		for u, is := range hidden {
			with[u] = with[u] || is
		}
		for u, is := range with {
			more = more || is && !hidden[u]
		}
		held := 0
		for _, child := range w.children(unit) {
			if with[child] {
				held += w.count(child, "", to)
			}
		}
		if more && (with[unit] != hidden[unit] || 4*held > w.count(unit, "", to)) {
			leftOut++
			continue
		}
		tools, hidden = append(tools, tool), with
	}
	return tools, hidden, leftOut
}
