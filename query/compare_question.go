package query

import (
	"fmt"
	"net/url"
	"strings"

	"uptake/adoption"
)

// What a unit, tool and period can be compared with, beside "unit:ID" and "tool:ID".
const (
	AgainstCompany  = "company"  // the whole company, same tool and period
	AgainstPrevious = "previous" // the period of equal length that ends the day before this one begins
	AgainstYear     = "year"     // the period of equal length that ends on the same date of the year before (29 February: on the 28th)

	againstUnit = "unit:"
	againstTool = "tool:"
)

// CompareQuestion asks how the figures of a unit, a tool and a period differ from those of another unit, tool or period.
type CompareQuestion struct {
	Unit     string       // as in AdoptionQuestion; "" is the company
	Tool     string       // "" is all tools
	From, To adoption.Day // both over
	Against  string       // AgainstCompany, "unit:ID", "tool:ID", AgainstPrevious, AgainstYear; "" is AgainstPrevious
}

// ParseCompare reads a comparison from URL parameters. Left out: the company, all tools, the 28 days up to yesterday,
// against the period before. Errors are InvalidParameter and name the field.
func ParseCompare(values url.Values, today adoption.Day) (CompareQuestion, error) {
	q := CompareQuestion{To: today - 1}
	var from *adoption.Day
	err := parameters{
		{"unit", textInto(&q.Unit)}, {"tool", textInto(&q.Tool)},
		{"from", func(s string) error { from = new(adoption.Day); return from.UnmarshalText([]byte(s)) }},
		{"to", dayInto(&q.To)},
		{"against", textInto(&q.Against)},
	}.read(values)
	if err != nil {
		return q, err
	}
	q.From = windowStart(q.To)
	if from != nil {
		q.From = *from
	}
	_, _, err = q.sides(today)
	return q, err
}

// sides fills the defaults in and works out what is compared, without rows.
func (q *CompareQuestion) sides(today adoption.Day) (this, other CompareSide, err error) {
	whole := AdoptionQuestion{Unit: q.Unit, Tool: q.Tool, From: q.From, To: q.To, Grain: adoption.ByMonth}
	if err := whole.check(); err != nil {
		return this, other, err
	}
	q.Unit, q.Tool = whole.Unit, whole.Tool
	if q.Against == "" {
		q.Against = AgainstPrevious
	}
	if q.To >= today {
		return this, other, adoption.Invalid("to", fmt.Sprintf("Only days that are over are compared: %s at the latest.", today-1))
	}
	this = CompareSide{Unit: q.Unit, Tool: q.Tool, From: q.From, To: q.To}
	if other, err = q.other(this); err != nil {
		return this, other, err
	}
	switch {
	case other == this:
		return this, other, adoption.Invalid("against", "Both sides are the same.")
	case other.From < 0:
		return this, other, adoption.Invalid("from", "The period to compare with would begin before 1970-01-01.")
	}
	return this, other, nil
}

// other is the side that against names.
func (q *CompareQuestion) other(this CompareSide) (CompareSide, error) {
	other := this
	if unit, is := strings.CutPrefix(q.Against, againstUnit); is && unit != "" {
		other.Unit = unit
		return other, nil
	}
	if tool, is := strings.CutPrefix(q.Against, againstTool); is && tool != "" {
		other.Tool = tool
		return other, nil
	}
	switch q.Against {
	case AgainstCompany:
		other.Unit = adoption.Company
	case AgainstPrevious:
		other.To = this.From - 1
		other.From = other.To - (this.To - this.From)
	case AgainstYear:
		other.To = yearBefore(this.To)
		other.From = other.To - (this.To - this.From)
	default:
		return other, adoption.Invalid("against", fmt.Sprintf("%q is nothing to compare with. Write company, unit:ID, tool:ID, previous or year.", q.Against))
	}
	return other, nil
}

// yearBefore is the same date of the year before; of 29 February it is the 28th.
func yearBefore(d adoption.Day) adoption.Day {
	t := d.Time()
	first := d.FirstOfMonth().Time()
	month := adoption.DayOf(first.AddDate(-1, 0, 0), first.Location())
	return min(month+adoption.Day(t.Day()-1), month.EndOfMonth())
}
