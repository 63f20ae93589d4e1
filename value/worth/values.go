package worth

import (
	"slices"
	"sync"

	"uptake/adoption"
	"uptake/value/assumptions"
)

// Value is what a tool, or all tools together, is worth to a unit. Cash and capacity stand side by side and are added
// nowhere but in Combined.
type Value struct {
	Unit          string `json:"unit"`
	Tool          string `json:"tool"`
	Currency      string `json:"currency"`
	Hours         Figure `json:"hours"`
	CapacityValue Figure `json:"capacity_value"`
	CashIn        Figure `json:"cash_in"`
	CashOut       Figure `json:"cash_out"`
	CapacityCosts Figure `json:"capacity_costs"`
	NetCash       Figure `json:"net_cash"`
	NetCapacity   Figure `json:"net_capacity"`
	ROI           Figure `json:"roi"`
	NPV           Figure `json:"npv"`
	Payback       Figure `json:"payback_months"`

	Combined Combined `json:"combined"`
	// Foreign are sums of the span in currencies that nobody has entered a rate for.
	Foreign   []Foreign `json:"other_currencies,omitempty"`
	PerPerson PerPerson `json:"per_person"`
	Inputs    []Stated  `json:"inputs"`
}

// Combined is the case in which hours count as money. It is another case than cash, and says so.
type Combined struct {
	Label   string `json:"label"`
	Net     Figure `json:"net"`
	ROI     Figure `json:"roi"`
	NPV     Figure `json:"npv"`
	Payback Figure `json:"payback_months"`
}

// CombinedLabel is what the combined case says of itself.
const CombinedLabel = "cash and capacity together: hours are counted as if they were money"

// Foreign are sums in another currency.
type Foreign struct {
	Currency      string `json:"currency"`
	CashIn        Figure `json:"cash_in"`
	CashOut       Figure `json:"cash_out"`
	CapacityCosts Figure `json:"capacity_costs"`
}

// Stated is an input that figures rest on, and what moving it from low to high changes in the combined net present value.
type Stated struct {
	Path string `json:"path"`
	assumptions.Input
	Moves float64 `json:"moves"`
}

// Values works out units × tools, the units in the order given; none means all. Tools may hold adoption.AllTools, which
// is the sum over the unit's tools that are known and have assumptions; none means each tool and all of them. A unit and
// tool whose use is not known, or without assumptions, has no value.
func (m *Model) Values(units, tools []string) []Value {
	if len(units) == 0 {
		for _, u := range m.company.Units {
			units = append(units, u.ID)
		}
	}
	if len(tools) == 0 {
		tools = append(m.Tools(), adoption.AllTools)
	}
	found := make([][]Value, len(units))
	var wait sync.WaitGroup
	next := make(chan int, len(units))
	for i := range units {
		next <- i
	}
	close(next)
	for range workers(len(units)) {
		wait.Go(func() {
			e := m.evaluator(m.zoning())
			for i := range next {
				found[i] = e.values(units[i], tools)
			}
		})
	}
	wait.Wait()
	return slices.Concat(found...)
}

// values are those of one unit, the tools in the model's order and all of them last.
func (e *evaluator) values(unit string, tools []string) (values []Value) {
	all := slices.Contains(tools, adoption.AllTools)
	e.begin(unit, adoption.AllTools, asItIs)
	known := false
	for _, tool := range e.m.Tools() {
		asked := slices.Contains(tools, tool)
		if !asked && !all || !e.fill(unit, tool, asItIs) {
			continue
		}
		known = true
		if all {
			e.join()
		}
		if asked {
			values = append(values, e.value(&e.one, asItIs))
		}
	}
	if all && known {
		e.end()
		values = append(values, e.value(&e.all, asItIs))
	}
	return values
}

// value turns a cell into figures.
func (e *evaluator) value(c *cell, ch change) Value {
	figures, rows := e.figures(c, ch)
	v := Value{
		Unit: c.unit, Tool: c.tool, Currency: e.m.doc.Currency,
		Hours: figures[nHours], CapacityValue: figures[nValue], CashIn: figures[nCashIn], CashOut: figures[nCashOut],
		CapacityCosts: figures[nCapacityCosts], NetCash: figures[nNetCash], NetCapacity: figures[nNetCapacity],
		ROI: figures[nROI], NPV: figures[nNPV], Payback: figures[nPayback],
		Combined: Combined{CombinedLabel, figures[nBothNet], figures[nBothROI], figures[nBothNPV], figures[nBothPayback]},
		Foreign:  e.foreign(c),
		Inputs:   e.m.stated(c.tool, rows),
	}
	v.PerPerson = e.m.perPerson(v)
	return v
}

// stated lists the inputs of a tool, or of all, and those of the company, by how much they move the combined net present
// value.
func (m *Model) stated(tool string, npv []float64) (list []Stated) {
	for i, in := range m.in.list {
		if in.tool == "" || in.tool == tool || tool == adoption.AllTools {
			list = append(list, Stated{in.path, *in.Input, npv[2+3*i] - npv[1+3*i]})
		}
	}
	return list
}
