package query

import (
	"fmt"
	"net/url"
	"slices"

	"uptake/adoption"
)

// maxByDates bounds the dates of one question by attribute: a year of weeks and today.
const maxByDates = 54

// ByQuestion asks for the company's figures broken down by one attribute of its people.
type ByQuestion struct {
	Attribute adoption.Attribute // "" is the location
	Tool      string             // "" is all tools
	From, To  adoption.Day
	Grain     adoption.Grain // "" is week; day does not exist
}

// ByAnswer is the shape of GET /api/v1/by.
type ByAnswer struct {
	Answer[ByRow]
	Why     *string        `json:"why"`     // a sentence: which dates asked for have no rows, and why; nil where all have some
	Nearest []adoption.Day `json:"nearest"` // the dates with figures before and after the first that has none; empty where Why is nil
}

// Kinds of ByRow.
const (
	ByCompany = "company" // the whole company, as in /api/v1/adoption
	ByValue   = "value"
	ByUnknown = "unknown" // people of whom the directory does not say
	ByRest    = "rest"    // the hidden values taken together
)

// ByRow is what is known of the people with one value of an attribute, in the whole company.
type ByRow struct {
	Attribute adoption.Attribute `json:"attribute"`
	Value     string             `json:"value"` // "" unless Kind is "value"
	Kind      string             `json:"kind"`
	AdoptionRow
}

// ParseBy reads a question from URL parameters. Left out: by location, all tools, by week, from the Monday of the week
// before that of the last day. Errors are InvalidParameter and name the field.
func ParseBy(values url.Values, today adoption.Day) (ByQuestion, error) {
	q := ByQuestion{To: today}
	var from *adoption.Day
	err := parameters{
		{"attribute", textInto(&q.Attribute)},
		{"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"grain", textInto(&q.Grain)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = max(q.To.Monday()-7, 0)
	if from != nil {
		q.From = *from
	}
	return q, q.check()
}

// check fills the defaults in and refuses what cannot be answered.
func (q *ByQuestion) check() error {
	if q.Attribute == "" {
		q.Attribute = adoption.ByLocation
	}
	if !slices.Contains(adoption.Attributes(), q.Attribute) {
		return adoption.Invalid("attribute", "Write location, legacy_entity, role or hire_cohort.")
	}
	if q.Grain == "" {
		q.Grain = adoption.ByWeek
	}
	if q.Grain == adoption.ByDay {
		return adoption.Invalid("grain", "Figures by attribute exist for the ends of weeks and months and for the last day. Write week or month.")
	}
	a := AdoptionQuestion{Tool: q.Tool, From: q.From, To: q.To, Grain: q.Grain}
	if err := a.check(); err != nil {
		return err
	}
	q.Tool = a.Tool
	days := map[adoption.Grain]int{adoption.ByWeek: 7, adoption.ByMonth: 28}[q.Grain]
	if int(q.To-q.From)/days+1 > maxByDates {
		return adoption.Invalid("from", fmt.Sprintf("That is more than %d dates. Ask for a shorter span or a coarser grain.", maxByDates))
	}
	return nil
}
