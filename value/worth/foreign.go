package worth

import (
	"slices"
	"strings"
)

// foreign are the sums of a cell in currencies without a rate, by currency.
func (e *evaluator) foreign(c *cell) (list []Foreign) {
	drawn, moved := e.foreignOf(c, e.m.asIs.drawn), e.foreignOf(c, e.m.asIs.moved)
	for i, f := range drawn {
		figure := func(kind int) (out Figure) {
			if f.sums.at[kind] == nil {
				f.sums.begin(kind)
				moved[i].sums.begin(kind)
			}
			out.spreads(f.sums.at[kind], &e.picker)
			out.Likely = finite(moved[i].sums.at[kind][0])
			b := believe(moved[i].sums.at[kind], e.m.in)
			out.Grade, out.MovedMostBy = b.grade, b.mover
			out.Formula = "lines in " + f.currency + "; no exchange rate was entered"
			return out
		}
		list = append(list, Foreign{f.currency, figure(spanIn), figure(spanOut), figure(spanCap)})
	}
	return list
}

func (e *evaluator) foreignOf(c *cell, d *derived) (list []foreign) {
	for _, b := range c.borne {
		for _, f := range d.groups[b.tool][b.group].foreign {
			i := slices.IndexFunc(list, func(o foreign) bool { return o.currency == f.currency })
			if i < 0 {
				i = len(list)
				list = append(list, foreign{f.currency, newVectors(d.lanes, lineKinds)})
			}
			list[i].sums.addAll(b.share, f.sums)
		}
	}
	slices.SortFunc(list, func(a, b foreign) int { return strings.Compare(a.currency, b.currency) })
	return list
}
