package query

import (
	"fmt"

	"uptake/adoption"
)

// byAttribute tells whether figures by attribute are there for a day; last is the last day with figures.
func (s *snapshot) byAttribute(d, last adoption.Day) bool {
	return s.days[d] && adoption.Attributed(d, last) && s.runOf("kpi_by", d) != 0 && s.runOf("kpi_cell", d) != 0
}

// explain says which of the dates asked for have no rows, why, and which dates nearby have some.
func (a *ByAnswer) explain(snap *snapshot, ends []adoption.PeriodEnd, missing []adoption.Day) {
	a.Why, a.Nearest = nil, []adoption.Day{}
	if len(missing) == 0 {
		if len(ends) == 0 {
			a.Why = new("The days asked for are still to come.")
		}
		return
	}
	text := fmt.Sprintf("There are no figures by attribute for %s", missing[0])
	if len(missing) > 1 {
		text += fmt.Sprintf(" and %d more of the dates asked for", len(missing)-1)
	}
	a.Nearest = snap.nearestByAttribute(missing[0])
	switch len(a.Nearest) {
	case 0:
		text = "There are no figures by attribute yet."
	case 1:
		text += fmt.Sprintf(". They exist for the last days of ISO weeks and of months and for the last day with figures; the nearest is %s.", a.Nearest[0])
	default:
		text += fmt.Sprintf(". They exist for the last days of ISO weeks and of months and for the last day with figures; the nearest are %s and %s.", a.Nearest[0], a.Nearest[1])
	}
	a.Why = &text
}

// nearestByAttribute are the last day before one that has figures by attribute, and the first after it.
func (s *snapshot) nearestByAttribute(of adoption.Day) []adoption.Day {
	last, _ := s.latest()
	var before, after *adoption.Day
	for d := range s.edition.runs["kpi_by"] {
		switch {
		case !s.byAttribute(d, last):
		case d < of && (before == nil || d > *before):
			before = &d
		case d > of && (after == nil || d < *after):
			after = &d
		}
	}
	nearest := []adoption.Day{}
	for _, d := range []*adoption.Day{before, after} {
		if d != nil {
			nearest = append(nearest, *d)
		}
	}
	return nearest
}
