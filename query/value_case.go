package query

import (
	"context"
	"fmt"
	"net/url"

	"uptake/adoption"
	"uptake/value/worth"
)

// ValueCaseQuestion asks about one unit and tool, or all tools together, in more depth.
type ValueCaseQuestion struct {
	ValueQuestion
	Figure string // of a tornado: one of worth.Figures; "" is the combined net present value
}

// ParseValueCase reads unit, tool, from, to and assumptions; ParseTornado also figure. Errors are InvalidParameter and name the
// field.
func ParseValueCase(values url.Values, _ adoption.Day) (q ValueCaseQuestion, err error) {
	return q, q.caseParameters().read(values)
}

// ParseTornado reads a question about what moves a figure.
func ParseTornado(values url.Values, _ adoption.Day) (q ValueCaseQuestion, err error) {
	return q, append(q.caseParameters(), parameter{"figure", textInto(&q.Figure)}).read(values)
}

func (q *ValueCaseQuestion) caseParameters() parameters {
	var known parameters
	for _, one := range q.parameters() {
		if one.name != "children" {
			known = append(known, one)
		}
	}
	return known
}

// TornadoAnswer is the shape of GET /api/v1/value/tornado.
type TornadoAnswer struct {
	ValueHeader
	Tornado ValueTornado `json:"tornado"`
}

// ValueTornado is worth.Tornado of the header's unit and tool.
type ValueTornado struct {
	Figure string      `json:"figure"`
	Likely *float64    `json:"likely"`
	Why    string      `json:"why,omitempty"`
	Bars   []worth.Bar `json:"bars"` // the greatest change first
}

// Tornado answers how much each input alone moves a figure. Errors are those of Value, NotFound where the use is hidden or
// not known, and InvalidParameter for a figure that is none.
func (c *Company) Tornado(ctx context.Context, q ValueCaseQuestion) (*TornadoAnswer, error) {
	if q.Figure == "" {
		q.Figure = "combined.npv"
	}
	var answer *TornadoAnswer
	err := c.valuedCase(ctx, q, func(v *valued) error {
		t, err := v.model.Tornado(v.header.Unit, v.header.Tool, q.Figure)
		answer = &TornadoAnswer{v.header, ValueTornado{t.Figure, t.Likely, t.Why, t.Bars}}
		return err
	})
	return answer, err
}

// BreakEvenAnswer is the shape of GET /api/v1/value/break-even.
type BreakEvenAnswer struct {
	ValueHeader
	BreakEvens []worth.BreakEven `json:"break_evens"` // by tool
}

// BreakEven answers from where on a tool, or each tool, is worth its money to a unit. Errors are those of Tornado.
func (c *Company) BreakEven(ctx context.Context, q ValueCaseQuestion) (*BreakEvenAnswer, error) {
	var answer *BreakEvenAnswer
	err := c.valuedCase(ctx, q, func(v *valued) error {
		answer = &BreakEvenAnswer{v.header, []worth.BreakEven{}}
		for _, tool := range v.knownTools() {
			one, err := v.model.BreakEven(v.header.Unit, tool)
			if err != nil {
				return err
			}
			answer.BreakEvens = append(answer.BreakEvens, one)
		}
		return nil
	})
	return answer, err
}

// knownTools are the tools of a question whose use is known: the one that is asked for, or all.
func (v *valued) knownTools() (tools []string) {
	if v.header.Tool != adoption.AllTools {
		return []string{v.header.Tool}
	}
	for _, tool := range v.model.Tools() {
		if e := v.book.entries[[2]string{v.header.Unit, tool}]; e != nil && e.shown != nil {
			tools = append(tools, tool)
		}
	}
	return tools
}

// TimeAnswer is the shape of GET /api/v1/value/time: time in the tools as a cost, beside what came of it.
type TimeAnswer struct {
	ValueHeader
	Time worth.Unproductive `json:"time"`
}

// Time answers whether the time that people spend in a tool, or in all, is worth it. Errors are those of Tornado.
func (c *Company) Time(ctx context.Context, q ValueCaseQuestion) (*TimeAnswer, error) {
	var answer *TimeAnswer
	err := c.valuedCase(ctx, q, func(v *valued) error {
		t, err := v.model.Unproductive(v.header.Unit, v.header.Tool)
		answer = &TimeAnswer{v.header, t}
		return err
	})
	return answer, err
}

// valuedCase is valued for one unit and tool whose use is known; else NotFound says why it is not.
func (c *Company) valuedCase(ctx context.Context, q ValueCaseQuestion, work func(*valued) error) error {
	return c.valued(ctx, q.ValueQuestion, func(v *valued) error {
		e := v.book.entries[[2]string{v.header.Unit, v.header.Tool}]
		switch {
		case e == nil:
			return nothingToValue("tool", "there are no figures of it in the span")
		case v.header.Tool != adoption.AllTools && e.shown == nil:
			return nothingToValue("unit", e.why)
		case len(v.knownTools()) == 0:
			return nothingToValue("unit", firstText(e.why, "no tool is shown for this group"))
		}
		return work(v)
	})
}

func nothingToValue(field, why string) error {
	return &adoption.Error{Code: adoption.NotFound, Field: field, Message: fmt.Sprintf("There is nothing to value: %s.", why)}
}

func firstText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
