package worth

import (
	"maps"
	"runtime"
	"slices"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// Draws is how often figures are drawn.
const Draws = 10_000

// Model answers questions about one company under one version of the assumptions. Its methods may be called from many
// goroutines.
type Model struct {
	doc     *assumptions.Document
	company Company
	tree    tree
	in      inputs
	lines   map[string][]line // by tool
	draws   cash.Draws
	asIs    *plan
	off     *plan // every tool switched off
}

// plan is what the future holds for the tools, in both worlds.
type plan struct {
	terms  terms
	drawn  *derived
	moved  *derived
	shared map[string]map[string]groupSpreads // by tool and bearer
}

// New prepares a model. The document must be good (assumptions.Document.Check); seed is any number, and the same one gives
// the same figures. Errors are adoption.InvalidParameter: units that hang in a ring, or a span that ends before it begins.
func New(doc *assumptions.Document, company Company, draws int, seed uint64) (*Model, error) {
	if company.To < company.From {
		return nil, adoption.Invalid("to", "The span ends before it begins.")
	}
	m := &Model{doc: doc, company: company, tree: grow(&company), draws: cash.NewDraws(draws, seed)}
	for _, u := range company.Units {
		if path := m.tree.path(u.ID); m.tree.parent[path[len(path)-1]] != "" {
			return nil, adoption.Invalid("unit", "The unit “"+u.ID+"” hangs in a ring of units.")
		}
	}
	m.in, m.lines = gather(doc, m.tree), map[string][]line{}
	for id, tool := range doc.Tools {
		m.lines[id] = linesOf(id, tool)
	}
	drawn, moved := drawn(m.in, m.draws), moved(m.in)
	m.asIs, m.off = m.plan(drawn, moved, false), m.plan(drawn, moved, true)
	return m, nil
}

func (m *Model) plan(drawn, moved world, off bool) *plan {
	c := calendar{m.company.From, m.company.To, m.doc.Horizon}
	p := &plan{terms: terms{doc: m.doc, in: m.in, calendar: c, tree: m.tree, off: off}}
	var windows []window
	for _, lines := range m.lines {
		for _, l := range lines {
			windows = append(windows, p.terms.window(l))
			if l.Per == assumptions.Once && l.From != nil {
				month := c.month(*l.From)
				windows = append(windows, window{month, month})
			}
		}
	}
	windows = slices.DeleteFunc(windows, func(w window) bool { return w.from < 1 || w.from > c.horizon })
	p.terms.segments = segments(c.horizon, windows) // sorts them, whatever order the map has
	p.drawn, p.moved = derive(drawn, &p.terms), derive(moved, &p.terms)
	p.shared = p.spreadGroups()
	return p
}

// share is what a unit bears of the lines of a bearer: all where it is the bearer or lies above it, a part by weight
// where it lies below, else nothing.
func (m *Model) share(unit, tool, bearer string) float64 {
	if unit == bearer || unit == adoption.Company || slices.Contains(m.tree.path(bearer), unit) {
		return 1
	}
	if bearer != adoption.Company && !slices.Contains(m.tree.path(unit), bearer) {
		return 0
	}
	mine, all := m.tree.uses[[2]string{unit, tool}], m.tree.uses[[2]string{bearer, tool}]
	if mine == nil || all == nil || all.weight(m.doc.Spread) == 0 {
		return 0
	}
	return mine.weight(m.doc.Spread) / all.weight(m.doc.Spread)
}

// Tools lists the tools that the assumptions speak of, in the order of their ids.
func (m *Model) Tools() []string { return slices.Sorted(maps.Keys(m.doc.Tools)) }

// zoning parts use by rate; one goroutine may use it.
func (m *Model) zoning() *zoning {
	return &zoning{m.doc, m.tree, m.in, m.company.days() / 7, map[[2]string][]zone{}}
}

// workers is how many goroutines share work of so many pieces.
func workers(pieces int) int { return max(1, min(pieces, runtime.GOMAXPROCS(0))) }
