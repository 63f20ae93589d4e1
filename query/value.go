package query

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/ledger"
	"uptake/value/worth"
)

// ValueQuestion asks what tools are worth to a unit, by what was done on the days From to To.
type ValueQuestion struct {
	Unit     string // a unit's id, UNIT.direct or "unassigned"; "" is the company
	Tool     string // "" and "all": each tool, and all of them together
	From, To *adoption.Day
	Children bool    // rows of the unit's children, too
	Version  *uint64 // of the assumptions; nil: the newest that was published; 0: start values
}

// span are the days of a question with their defaults: the 28 days up to the last complete one.
func (c *Company) span(q ValueQuestion) (from, to adoption.Day, err error) {
	to = c.complete()
	if q.To != nil {
		to = *q.To
	}
	if to == 0 {
		return 0, 0, &adoption.Error{Code: adoption.Unavailable, Message: "How far the figures go is not known yet. Nothing is lost. Ask again in a few seconds, or name the last day."}
	}
	from = windowStart(to)
	if q.From != nil {
		from = *q.From
	}
	if to > c.Today() {
		return from, to, adoption.Invalid("to", fmt.Sprintf("%s has not come yet: value is worked out from what was done. The last day to ask for is today, %s.", to, c.Today()))
	}
	dates := AdoptionQuestion{From: from, To: to}
	return from, to, dates.check()
}

// ParseValue reads unit, tool, from, to, children and assumptions. Errors are InvalidParameter and name the field.
func ParseValue(values url.Values, _ adoption.Day) (q ValueQuestion, err error) {
	return q, q.parameters().read(values)
}

func (q *ValueQuestion) parameters() parameters {
	day := func(into **adoption.Day) func(string) error {
		return func(s string) error { *into = new(adoption.Day); return (*into).UnmarshalText([]byte(s)) }
	}
	return parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)}, {"from", day(&q.From)}, {"to", day(&q.To)},
		{"children", flagInto(&q.Children)}, {"assumptions", numberInto(&q.Version)},
	}
}

// ValueHeader is what every answer about value begins with.
type ValueHeader struct {
	Header
	Unit        string       `json:"unit"`
	Tool        string       `json:"tool"`
	From        adoption.Day `json:"from"`
	To          adoption.Day `json:"to"`
	Version     uint64       `json:"version"`     // of the assumptions; 0: start values
	Assumptions ValueVersion `json:"assumptions"` // who published it, and when
}

// ValueVersion names the assumptions that figures stand on.
type ValueVersion struct {
	Version  uint64     `json:"version"`
	At       *time.Time `json:"at"` // nil for start values
	Author   string     `json:"author"`
	Reason   string     `json:"reason"`
	Words    string     `json:"words"`
	NewTools []string   `json:"new_tools"` // tools that the version does not have: their start values are used
}

// ValueAnswer is the shape of GET /api/v1/value.
type ValueAnswer struct {
	ValueHeader
	Rows []ValueRow `json:"rows"` // the unit's, then its children's by id; of a unit by tool, all tools together last
}

// ValueRow is what a tool, or all together, is worth to a unit. Where the group is hidden, every figure is without a number
// and says why.
type ValueRow struct {
	RowFrame
	ValueFigures
	NPVPositive *float64       `json:"npv_positive"` // share of the draws with a net present value of cash above 0
	Active      *uint64        `json:"active"`       // in the 28 days that end with Date
	Habitual    *uint64        `json:"habitual"`     // power and habitual; nil where it is not known
	Retained    *uint64        `json:"retained"`     // began in the span and active four weeks later
	Seats       *uint64        `json:"seats"`        // bought; nil where it is not known: then as many count as are enabled
	Days        int            `json:"days"`         // of the span, that are added up
	DaysLeftOut int            `json:"days_left_out"`
	LeftOut     []ValueLeftOut `json:"tools_left_out"` // of all tools: those that are not in the sum
	Why         string         `json:"reason"`         // why there are no figures; "" where there are
}

// ValueLeftOut is a tool that is in no sum of all tools of a unit.
type ValueLeftOut struct {
	Tool   string `json:"tool"`
	Reason string `json:"reason"`
}

// Value answers what tools are worth. NotFound for an unknown unit, tool or version; InvalidParameter for a span that
// cannot be.
func (c *Company) Value(ctx context.Context, q ValueQuestion) (*ValueAnswer, error) {
	var answer *ValueAnswer
	err := c.valued(ctx, q, func(v *valued) error {
		rows := v.remembered(valueRowsKey{v.header.Unit, v.header.Tool, q.Children}, func() []ValueRow { return v.work(q.Children) })
		answer = &ValueAnswer{v.header, rows}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// work works the rows of a question out.
func (v *valued) work(children bool) []ValueRow {
	rows, units := []ValueRow{}, []string{v.header.Unit}
	if children {
		units = append(units, v.book.children(v.snap, v.header.Unit)...)
	}
	worked := map[[2]string]worth.Value{}
	for _, value := range v.model.Values(units, v.tools()) {
		worked[[2]string{value.Unit, value.Tool}] = value
	}
	for _, unit := range units {
		for _, tool := range v.rowTools() {
			value, there := worked[[2]string{unit, tool}]
			if row, known := v.row(unit, tool, value, there); known {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// valued is a question about value with all that answers it.
type valued struct {
	*valueModel
	snap   *snapshot
	header ValueHeader
}

// valued runs work against one state of the figures and one version of the assumptions.
func (c *Company) valued(ctx context.Context, q ValueQuestion, work func(*valued) error) error {
	from, to, err := c.span(q)
	if err != nil {
		return err
	}
	doc, version, err := c.valueVersion(ctx, q.Version)
	if err != nil {
		return err
	}
	if q.Unit == "" {
		q.Unit = adoption.Company
	}
	if q.Tool == "" {
		q.Tool = adoption.AllTools
	}
	return c.consistently(ctx, func(snap *snapshot) error {
		at, err := snap.place(q.Unit)
		if err != nil {
			return err
		}
		if at.rest {
			return adoption.Invalid("unit", "A rest holds other groups from day to day, so it has no value of its own. Ask for the unit above it.")
		}
		if err := snap.hasTool(q.Tool); err != nil {
			return err
		}
		m, err := c.valueModel(ctx, snap, doc, version.Version, from, to)
		if err != nil {
			return err
		}
		version.NewTools = m.newTools
		return work(&valued{m, snap, ValueHeader{c.header(to), q.Unit, q.Tool, from, to, version.Version, version}})
	})
}

// valueVersion is the document that figures stand on; the newest that was published, if none is asked for.
func (c *Company) valueVersion(ctx context.Context, asked *uint64) (*assumptions.Document, ValueVersion, error) {
	number := uint64(0)
	if asked != nil {
		number = *asked
	} else {
		newest, err := c.Ledger().Latest(ctx, ledger.Assumptions, ledger.Published)
		var none *adoption.Error
		switch {
		case err == nil:
			number = newest.Revision
		case !errors.As(err, &none) || none.Code != adoption.NotFound:
			return nil, ValueVersion{}, err
		}
	}
	doc, published, err := c.assumed(ctx, number)
	if err != nil {
		return nil, ValueVersion{}, renamed(err, "version", "assumptions")
	}
	if published == nil {
		return doc, ValueVersion{Words: "Start values of each tool's category: nobody in the company has stated these assumptions, and no version of them is published here."}, nil
	}
	return doc, ValueVersion{Version: number, At: &published.At, Author: published.Author, Reason: published.Reason,
		Words: fmt.Sprintf("Version %d, published by %s on %s.", number, published.Author, published.At.Format(time.DateOnly))}, nil
}

// tools are what the model is asked for: none means all.
func (v *valued) tools() []string {
	if v.header.Tool == adoption.AllTools {
		return nil
	}
	return []string{v.header.Tool}
}

// rowTools are the tools of the answer's rows.
func (v *valued) rowTools() []string {
	if v.header.Tool == adoption.AllTools {
		return append(slices.Clone(v.book.tools), adoption.AllTools)
	}
	return []string{v.header.Tool}
}
