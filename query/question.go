package query

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"uptake/adoption"
)

// Bounds of one question.
const (
	maxDates = 1_100   // three years of days
	maxRows  = 100_000 // dates × units
)

// AdoptionQuestion asks for adoption figures: of a unit, with or without its children, and a tool, at the end of each
// period from From to To.
type AdoptionQuestion struct {
	Unit     string // a unit's id, UNIT.direct, UNIT.rest, "unassigned"; "" is the company
	Tool     string // "" is all tools
	From, To adoption.Day
	Grain    adoption.Grain // "" is day
	Children bool
}

// ParseAdoption reads a question from URL parameters. Left out: the company, all tools, the 28 days up to today, by
// day. Errors are InvalidParameter and name the field.
func ParseAdoption(values url.Values, today adoption.Day) (AdoptionQuestion, error) {
	return parseQuestion(values, AdoptionQuestion{To: today}, windowStart)
}

// parseQuestion reads a question from URL parameters over the defaults in q; from is by default what start says of to.
func parseQuestion(values url.Values, q AdoptionQuestion, start func(to adoption.Day) adoption.Day) (AdoptionQuestion, error) {
	var from *adoption.Day
	err := parameters{
		{"unit", textInto(&q.Unit)},
		{"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"grain", textInto(&q.Grain)},
		{"children", flagInto(&q.Children)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = start(q.To)
	if from != nil {
		q.From = *from
	}
	return q, q.check()
}

// windowStart is the first day of the 28 that end with a day.
func windowStart(to adoption.Day) adoption.Day { return max(to-WindowDays+1, 0) }

// parameters are the URL parameters of a question, in the order in which they are told.
type parameters []parameter

type parameter struct {
	name string
	read func(string) error // the error is a plain message without a full stop
}

// read hands each value to its parameter. What is unknown, empty, repeated or cannot be read is InvalidParameter.
func (p parameters) read(values url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(values)) { // so that of several mistakes the same one is told each time
		known := slices.IndexFunc(p, func(one parameter) bool { return one.name == name })
		given := values[name]
		switch {
		case known < 0:
			return adoption.Invalid(name, fmt.Sprintf("There is no parameter %q. Known are %s.", name, p.names()))
		case len(given) != 1:
			return adoption.Invalid(name, "Give this parameter once.")
		case given[0] == "":
			return adoption.Invalid(name, "This parameter is empty. Leave it out for its default.")
		}
		if err := p[known].read(given[0]); err != nil {
			return adoption.Invalid(name, sentence(err.Error()))
		}
	}
	return nil
}

// textInto and dayInto keep a value that is taken as it is.
func textInto[T ~string](into *T) func(string) error {
	return func(s string) error { *into = T(s); return nil }
}

func dayInto(into *adoption.Day) func(string) error {
	return func(s string) error { return into.UnmarshalText([]byte(s)) }
}

// flagInto keeps 1 or 0.
func flagInto(into *bool) func(string) error {
	return func(s string) error {
		if s != "0" && s != "1" {
			return fmt.Errorf("%q is neither 1 nor 0", s)
		}
		*into = s == "1"
		return nil
	}
}

// names writes the names as in "unit, tool and from".
func (p parameters) names() string {
	last := len(p) - 1
	names := make([]string, last)
	for i, one := range p[:last] {
		names[i] = one.name
	}
	return strings.Join(names, ", ") + " and " + p[last].name
}

// check fills the defaults in and refuses what cannot be answered, before anything is read.
func (q *AdoptionQuestion) check() error {
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	switch q.Grain {
	case "":
		q.Grain = adoption.ByDay
	case adoption.ByDay, adoption.ByWeek, adoption.ByMonth:
	default:
		return adoption.Invalid("grain", fmt.Sprintf("%q is no grain. Write day, week or month.", string(q.Grain)))
	}
	if q.From > q.To {
		return adoption.Invalid("from", fmt.Sprintf("from (%s) lies after to (%s).", q.From, q.To))
	}
	days := map[adoption.Grain]int{adoption.ByDay: 1, adoption.ByWeek: 7, adoption.ByMonth: 28}[q.Grain]
	if dates := int(q.To-q.From)/days + 1; dates > maxDates {
		return adoption.Invalid("from", fmt.Sprintf("That is more than %d dates. Ask for a shorter span or a coarser grain.", maxDates))
	}
	return nil
}

// sentence makes a plain message one.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
