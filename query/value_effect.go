package query

import (
	"context"

	"uptake/value/assumptions"
	"uptake/value/worth"
)

// ValueEffect is what a document that nobody has published would make of a unit and tool.
type ValueEffect struct {
	ValueHeader          // of the version that it is held against
	Now         ValueRow // under that version
	Then        ValueRow // under the document, by the same use, days and seed
}

// ValueEffect answers what a document would change in the figures of a unit and tool, before it is published. It reads no more
// than Value does, and writes nothing. Errors are those of Value, and NotFound where the use is hidden or not known.
func (c *Company) ValueEffect(ctx context.Context, q ValueQuestion, doc *assumptions.Document) (*ValueEffect, error) {
	var answer *ValueEffect
	err := c.valuedCase(ctx, ValueCaseQuestion{ValueQuestion: q}, func(v *valued) error {
		m, err := modelOf(v.snap, doc, v.book, v.header.From, v.header.To)
		if err != nil {
			return err
		}
		then := &valued{m, v.snap, v.header}
		answer = &ValueEffect{ValueHeader: v.header, Now: v.one(), Then: then.one()}
		return nil
	})
	return answer, err
}

// one is the row of the header's unit and tool alone.
func (v *valued) one() ValueRow {
	for _, value := range v.model.Values([]string{v.header.Unit}, []string{v.header.Tool}) {
		if row, known := v.row(v.header.Unit, v.header.Tool, value, true); known {
			return row
		}
	}
	row, _ := v.row(v.header.Unit, v.header.Tool, worth.Value{}, false)
	return row
}
