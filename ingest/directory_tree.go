package ingest

import (
	"fmt"
	"slices"

	"uptake/adoption"
)

// A tree is the stored units with the lines of a file laid over them.
type tree struct {
	stored map[string]adoption.Unit
	lines  map[string][]line[adoption.Unit] // by unit, in the order of the file; the last one holds
	order  []string                         // the units of the file in the order in which they appear first
}

// misplaced is a line whose unit cannot stand where it says.
type misplaced struct {
	line  int
	wrong *flaw
}

func newTree(stored map[string]adoption.Unit, lines []line[adoption.Unit]) *tree {
	t := &tree{stored: stored, lines: map[string][]line[adoption.Unit]{}}
	for _, l := range lines {
		if len(t.lines[l.row.ID]) == 0 {
			t.order = append(t.order, l.row.ID)
		}
		t.lines[l.row.ID] = append(t.lines[l.row.ID], l)
	}
	return t
}

// holds is the line of the file that holds for a unit; ok is false if none is left.
func (t *tree) holds(unit string) (l line[adoption.Unit], ok bool) {
	if lines := t.lines[unit]; len(lines) > 0 {
		return lines[len(lines)-1], true
	}
	return l, false
}

// parent is where a unit hangs; ok is false for a unit that nobody knows.
func (t *tree) parent(unit string) (parent string, ok bool) {
	if l, ok := t.holds(unit); ok {
		return l.row.Parent, true
	}
	u, ok := t.stored[unit]
	return u.Parent, ok
}

// incoming are the units of the file as they will be stored.
func (t *tree) incoming() []adoption.Unit {
	var all []adoption.Unit
	for _, unit := range t.order {
		if l, ok := t.holds(unit); ok {
			all = append(all, l.row)
		}
	}
	return all
}

// prune takes lines out until every unit hangs, by however many others, on the company. What it takes out: lines
// whose parent nobody knows, and all lines of the file that are part of a circle. A unit whose line goes falls back
// to its line before or to what is stored, so it looks again until nothing more goes.
func (t *tree) prune() []misplaced {
	var gone []misplaced
	for {
		wrong := t.orphans()
		if len(wrong) == 0 {
			wrong = t.circles()
		}
		if len(wrong) == 0 {
			return gone
		}
		gone = append(gone, wrong...)
	}
}

// orphans takes out the lines whose parent is neither in the file nor stored, and the lines that hang on those.
func (t *tree) orphans() []misplaced {
	children := map[string][]string{}
	for _, unit := range t.order {
		if l, ok := t.holds(unit); ok {
			children[l.row.Parent] = append(children[l.row.Parent], unit)
		}
	}
	var gone []misplaced
	queue := slices.Clone(t.order)
	for len(queue) > 0 {
		unit := queue[0]
		queue = queue[1:]
		l, ok := t.holds(unit)
		if !ok || l.row.Parent == adoption.Company {
			continue
		}
		if _, known := t.parent(l.row.Parent); known {
			continue
		}
		gone = append(gone, misplaced{l.number, &flaw{"parent",
			fmt.Sprintf("the unit %q is neither in this file nor known from before; add a line for it", cut(l.row.Parent))}})
		t.drop(unit)
		queue = append(queue, unit)
		queue = append(queue, children[unit]...)
	}
	return gone
}

// circles takes out the lines of the file that make units their own ancestors.
func (t *tree) circles() []misplaced {
	const walking, done = 1, 2
	state := map[string]int{adoption.Company: done}
	var gone []misplaced
	for _, begin := range t.order {
		var path []string
		unit := begin
		for state[unit] == 0 {
			state[unit] = walking
			path = append(path, unit)
			unit, _ = t.parent(unit)
		}
		if state[unit] == walking {
			gone = append(gone, t.breakUp(path[slices.Index(path, unit):])...)
		}
		for _, u := range path {
			state[u] = done
		}
	}
	return gone
}

func (t *tree) breakUp(circle []string) []misplaced {
	var gone []misplaced
	for _, unit := range circle {
		if l, ok := t.holds(unit); ok {
			gone = append(gone, misplaced{l.number, &flaw{"parent",
				fmt.Sprintf("the units form a circle: %q is above and below itself", cut(unit))}})
			t.drop(unit)
		}
	}
	return gone
}

func (t *tree) drop(unit string) {
	t.lines[unit] = t.lines[unit][:len(t.lines[unit])-1]
}
