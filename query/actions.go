package query

import (
	"context"
	"fmt"
	"net/url"

	"uptake/adoption"
)

// By is what the actions of an answer are taken apart by.
type By string

const (
	ByClass  By = "class"
	ByAction By = "action" // by class and action
	BySource By = "source" // by class, action and the source that brought it
)

// ActionsQuestion asks what was done on the days From to To, each day by the people enabled on it.
type ActionsQuestion struct {
	Unit     string // as in AdoptionQuestion; "" is the company
	Tool     string // "" is all tools: then there are rows of each
	From, To adoption.Day
	Grain    adoption.Grain // of the periods that days are added up over; "" is one, all days together
	Children bool
	By       By // "" is ByClass

	everywhere bool // rows of every unit
}

// ActionsAnswer is the shape of GET /api/v1/actions.
type ActionsAnswer struct {
	Header
	From adoption.Day `json:"from"`
	To   adoption.Day `json:"to"`
	By   By           `json:"by"`
	Rows []ActionsRow `json:"rows"` // by date, of a date by tool; then the unit asked for, its children by id, its rest
}

// ActionsRow is what the people of a unit did with a tool on the days from From to Date. Each day is judged by itself, as
// the rows of Adoption of that day are, and the figures are the sum over the days that are shown: nil where there is none.
type ActionsRow struct {
	RowFrame                 // as of Date
	From        adoption.Day `json:"from"`
	Days        int          `json:"days"`          // that are added up
	DaysLeftOut int          `json:"days_left_out"` // days with figures that are not: the group is hidden on them
	Quantity    *uint64      `json:"quantity"`      // actions of all classes
	Contribute  *uint64      `json:"contribute"`
	Respond     *uint64      `json:"respond"`
	Share       *uint64      `json:"share"`
	Meet        *uint64      `json:"meet"`
	Consume     *uint64      `json:"consume"`

	// Those of them that count towards value: of each person, day and class at most adoption.CountedAtMost.
	CountedContribute *uint64 `json:"counted_contribute"`
	CountedRespond    *uint64 `json:"counted_respond"`
	CountedShare      *uint64 `json:"counted_share"`
	CountedMeet       *uint64 `json:"counted_meet"`
	CountedConsume    *uint64 `json:"counted_consume"`
	Seconds           *uint64 `json:"seconds"` // spent in the tool, as far as sources tell; of each person and day at most adoption.SecondsAtMost

	Parts        []ActionPart `json:"parts"`          // by class, action, source; nil ByClass
	PartsLeftOut int          `json:"parts_left_out"` // of Days, those that are in no part: their people were corrected when their events had gone
}

// ActionPart is one count behind a row.
type ActionPart struct {
	Class    adoption.Class `json:"class"`
	Action   string         `json:"action"`
	Source   string         `json:"source,omitempty"`
	Quantity uint64         `json:"quantity"`
}

// ParseActions reads a question from URL parameters, as ParseAdoption does. Left out: the company, every tool, the 28
// days up to today as one period, without children, by class.
func ParseActions(values url.Values, today adoption.Day) (ActionsQuestion, error) {
	q := ActionsQuestion{To: today}
	var from *adoption.Day
	err := parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"grain", textInto(&q.Grain)}, {"children", flagInto(&q.Children)}, {"by", textInto(&q.By)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = windowStart(q.To)
	if from != nil {
		q.From = *from
	}
	return q, q.check()
}

// check fills the defaults in and refuses what cannot be answered.
func (q *ActionsQuestion) check() error {
	dates := AdoptionQuestion{Unit: q.Unit, Tool: q.Tool, From: q.From, To: q.To, Grain: q.Grain}
	if err := dates.check(); err != nil {
		return err
	}
	q.Unit, q.Tool = dates.Unit, dates.Tool
	switch q.By {
	case "":
		q.By = ByClass
	case ByClass, ByAction, BySource:
	default:
		return adoption.Invalid("by", fmt.Sprintf("%q is nothing to take actions apart by. Write class, action or source.", string(q.By)))
	}
	return nil
}

// Actions answers what was done, by class, and the counts behind it. Errors are those of Adoption, and InvalidParameter
// for a By that is none.
func (c *Company) Actions(ctx context.Context, q ActionsQuestion) (*ActionsAnswer, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	var answer *ActionsAnswer
	err := c.consistently(ctx, func(snap *snapshot) (err error) {
		answer = &ActionsAnswer{Header: c.header(q.To), From: q.From, To: q.To, By: q.By}
		answer.WindowDays = int(q.To-q.From) + 1
		answer.Rows, err = c.actionsRows(ctx, snap, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// Work answers what was done in every unit with every tool on the days from..to, by class: one row for each unit and
// tool, and for each rest, or with a grain one for each of its periods. It is what value is worked out from. Errors are
// those of Actions.
func (c *Company) Work(ctx context.Context, from, to adoption.Day, grain adoption.Grain) (*ActionsAnswer, error) {
	return c.Actions(ctx, ActionsQuestion{From: from, To: to, Grain: grain, everywhere: true})
}

// actionsRows reads the rows of a question, or remembers them.
func (c *Company) actionsRows(ctx context.Context, snap *snapshot, q ActionsQuestion) ([]ActionsRow, error) {
	key := fmt.Sprintf("%q %q %d %d %q %t %q %t", q.Unit, q.Tool, q.From, q.To, q.Grain, q.Children, q.By, q.everywhere)
	if rows, there := snap.worked.get(key); there {
		return rows, nil
	}
	at, err := snap.place(q.Unit)
	if err != nil {
		return nil, err
	}
	if err := snap.hasTool(q.Tool); err != nil {
		return nil, err
	}
	rows, err := c.readActions(ctx, snap, q, at)
	if err == nil {
		snap.worked.put(key, rows)
	}
	return rows, err
}
