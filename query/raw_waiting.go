package query

import "uptake/adoption"

// waiting counts how long those took to begin who are enabled on a day and active with access by then, for the units below a
// node of a scope. Questions go from day to day, and from one to the next few people come or go: so it goes along with them.
type waiting struct {
	units []unitWaiting
	nodes []counter // by node of the scope, of the people counted in it and not below it
	day   adoption.Day
}

// unitWaiting is how far a unit's spans are counted.
type unitWaiting struct {
	spans       *rawSpans
	node        int
	using, left int
}

func newWaiting(s *scope, spans map[string]*rawSpans, below int) *waiting {
	w := &waiting{nodes: make([]counter, len(s.nodes))}
	inside := s.within(below)
	for unit, of := range spans {
		if leaf, there := s.tree.leaf[unit]; there && inside[s.cell[leaf]] {
			w.units = append(w.units, unitWaiting{spans: of, node: s.cell[leaf]})
		}
	}
	return w
}

// goTo counts a day, no earlier than the one before.
func (w *waiting) goTo(day adoption.Day) {
	for i := range w.units {
		u := &w.units[i]
		count := &w.nodes[u.node]
		for ; u.using < len(u.spans.using) && u.spans.using[u.using].day <= uint16(day); u.using++ {
			count.add(int(u.spans.using[u.using].wait))
		}
		for ; u.left < len(u.spans.left) && u.spans.left[u.left].day < uint16(day); u.left++ {
			(*count)[u.spans.left[u.left].wait]--
		}
	}
	w.day = day
}

// of adds up some nodes with all below them.
func (w *waiting) of(s *scope, members []int) adoption.Histogram {
	var sum counter
	for n, in := range s.within(members...) {
		if in {
			sum.join(w.nodes[n])
		}
	}
	return sum.histogram()
}
