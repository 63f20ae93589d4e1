package worth

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// input is one doubtful amount of the document under its path, by which it is drawn: so a figure does not change because
// a line was put before another.
type input struct {
	path string
	tool string // "" for one of the company
	*assumptions.Input
}

// inputs lists what figures of these units depend on, in the order of their paths, and where each stands in the list.
type inputs struct {
	list []input
	at   map[string]int
}

func gather(doc *assumptions.Document, units tree) inputs {
	in := inputs{at: map[string]int{}}
	add := func(path, tool string, i assumptions.Input) {
		in.at[path] = len(in.list)
		in.list = append(in.list, input{path, tool, &i})
	}
	add("discount_rate", "", doc.DiscountRate)
	for _, unit := range slices.Sorted(maps.Keys(doc.Rates)) {
		if _, known := units.parent[unit]; known || unit == adoption.Company {
			add(ratePath(unit), "", doc.Rates[unit])
		}
	}
	add("recapture", "", doc.Recapture)
	add("risk_benefits", "", doc.RiskBenefits)
	add("risk_costs", "", doc.RiskCosts)
	for _, id := range slices.Sorted(maps.Keys(doc.Tools)) {
		tool, path := doc.Tools[id], "tools."+id
		add(path+".attribution", id, tool.Attribution)
		for _, class := range adoption.Classes() {
			if minutes, ok := tool.Minutes[class]; ok {
				add(path+".minutes."+string(class), id, minutes)
			}
		}
		for _, l := range linesOf(id, tool) {
			add(l.path, id, l.Amount)
		}
	}
	add("working_weeks", "", doc.WorkingWeeks)
	return in
}

func ratePath(unit string) string { return "rates." + unit }

// rateOf is the rate that counts for a unit: its own, or that of the nearest unit above it that has one.
func (in inputs) rateOf(t tree, unit string) int {
	for _, above := range t.path(unit) {
		if i, ok := in.at[ratePath(above)]; ok {
			return i
		}
	}
	return in.at[ratePath(adoption.Company)]
}

// line is a cost or a benefit of a tool.
type line struct {
	assumptions.Line
	path  string
	cost  *assumptions.Cost // nil for a benefit
	hours bool
}

// linesOf lists a tool's lines. Their paths bear names; a name that stands twice is told apart by its turn.
func linesOf(id string, tool assumptions.Tool) (lines []line) {
	times := map[string]int{}
	path := func(of, name string) string {
		p := fmt.Sprintf("tools.%s.%s[%s]", id, of, name)
		if times[p]++; times[p] > 1 {
			p = fmt.Sprintf("tools.%s.%s[%s, %d]", id, of, name, times[p])
		}
		return p + ".amount"
	}
	for i := range tool.Costs {
		c := &tool.Costs[i]
		lines = append(lines, line{c.Line, path("costs", c.Name), c, c.Amount.Unit == assumptions.Hours})
	}
	for _, b := range tool.Benefits {
		lines = append(lines, line{b.Line, path("benefits", b.Name), nil, false})
	}
	return lines
}

// world is one way to fill in the inputs: each has as many values, called lanes, as there are cases. In one world lanes
// are draws; in another each lane moves one input and leaves all others at their likely value.
type world struct {
	lanes  int
	values [][]float64 // by input
}

// drawn is the world of draws. Inputs are drawn side by side: each has an order of its own, so that none waits for
// another.
func drawn(in inputs, draws cash.Draws) world {
	w := world{draws.N(), make([][]float64, len(in.list))}
	var wait sync.WaitGroup
	workers := workers(len(in.list))
	for worker := range workers {
		wait.Go(func() {
			for i := worker; i < len(in.list); i += workers {
				w.values[i] = draws.Of(in.list[i].path, in.list[i].Range)
			}
		})
	}
	wait.Wait()
	return w
}

// bump is by how much an input is moved to see what it makes of a figure.
const bump = 0.01

// moved is the world in which lane 0 is all likely values, and input i is low in lane 1 + 3i, high in lane 2 + 3i, and its
// likely value and a hundredth in lane 3 + 3i.
func moved(in inputs) world {
	w := world{1 + 3*len(in.list), make([][]float64, len(in.list))}
	for i, one := range in.list {
		lanes := slices.Repeat([]float64{one.Likely}, w.lanes)
		lanes[1+3*i], lanes[2+3*i], lanes[3+3*i] = one.Low, one.High, float64(one.Likely*(1+bump))
		w.values[i] = lanes
	}
	return w
}
