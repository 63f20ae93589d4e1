package ingest

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"uptake/adoption"
	"uptake/ingest/wire"
)

const (
	maxOutcomeBytes = 4 << 10 // of one object
	maxMetricName   = 64
	maxOutcomeValue = 1e15 // beyond it sums of values lose their units
)

var outcomesColumns = []column{{"unit", true}, {"date", true}, {"metric", true}, {"value", true}}

// fromCSV reads the rows of a file.
func (o *Outcomes) fromCSV(text string) ([]line[Outcome], rejections, error) {
	return parseSheet(text, outcomesColumns, func(r *record) (Outcome, *flaw) {
		value, err := strconv.ParseFloat(r.get("value"), 64)
		x, wrong := o.checked(r, value)
		switch {
		case wrong != nil && wrong.field != "value":
			return x, wrong
		case r.get("value") == "":
			return x, &flaw{"value", "it is empty"}
		case err != nil:
			return x, &flaw{"value", fmt.Sprintf("%q is no number (write 1234.5)", cut(r.get("value")))}
		}
		return x, wrong
	})
}

// outcomeObject is an outcome as JSON. Pointers, because what is missing must not count as zero.
type outcomeObject struct {
	Unit   *string  `json:"unit"`
	Date   *string  `json:"date"`
	Metric *string  `json:"metric"`
	Value  *float64 `json:"value"`
}

// fromJSON reads an array of objects, or objects one a line.
func (o *Outcomes) fromJSON(text string) (lines []line[Outcome], bad rejections, err error) {
	n := 0
	// One more than there may be, so that too many is told by their number and not as events.
	err = wire.Split([]byte(text), wire.Limits{Event: maxOutcomeBytes, Batch: o.most + 1}, func(value []byte, refusal *wire.Refusal) error {
		n++
		if refusal != nil {
			bad.add(n, &flaw{refusal.Field, refusal.Reason})
			return nil
		}
		x, wrong := o.object(value)
		if wrong != nil {
			bad.add(n, wrong)
			return nil
		}
		lines = append(lines, line[Outcome]{n, x})
		return nil
	})
	return lines, bad, err
}

func (o *Outcomes) object(value []byte) (Outcome, *flaw) {
	var x outcomeObject
	if err := json.Unmarshal(value, &x, json.RejectUnknownMembers(true)); err != nil {
		return Outcome{}, badObject(err)
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	number := math.NaN()
	if x.Value != nil {
		number = *x.Value
	}
	// A record as a line of a file has it, so that both are checked alike.
	r := record{fields: []string{text(x.Unit), text(x.Date), text(x.Metric)}, columns: map[string]int{"unit": 0, "date": 1, "metric": 2}}
	out, wrong := o.checked(&r, number)
	if x.Value == nil && wrong != nil && wrong.field == "value" {
		wrong.reason = "it is missing"
	}
	return out, wrong
}

// badObject says which member of an object is wrong.
func badObject(err error) *flaw {
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic) && errors.Is(err, json.ErrUnknownName):
		return &flaw{cut(semantic.JSONPointer.LastToken()), "there is no such field; the fields are unit, date, metric, value"}
	case errors.As(err, &semantic) && semantic.JSONPointer != "":
		return &flaw{cut(semantic.JSONPointer.LastToken()), "unit, date and metric are texts, value is a number"}
	case errors.As(err, &syntactic) && errors.Is(err, jsontext.ErrDuplicateName):
		return &flaw{cut(syntactic.JSONPointer.LastToken()), "the field is there twice"}
	}
	return &flaw{"", "it is no JSON object of unit, date, metric and value"}
}

// checked is an outcome whose fields are good. value may be any number.
func (o *Outcomes) checked(r *record, value float64) (Outcome, *flaw) {
	f := fields{r: r}
	x := Outcome{Unit: f.id("unit", maxUnitID), Date: f.firstDay("date"), Metric: strings.ToLower(f.id("metric", maxMetricName)), Value: value}
	switch today := adoption.DayOf(o.now(), o.zone); {
	case x.Unit != adoption.Company && reservedUnit(x.Unit):
		f.fail("unit", fmt.Sprintf("%q is no unit that outcomes can be of", cut(x.Unit)))
	case x.Date > today:
		f.fail("date", fmt.Sprintf("it lies after today, %s", today))
	case len(x.Metric) > maxMetricName:
		f.fail("metric", fmt.Sprintf("it is longer than %d bytes", maxMetricName))
	case !(math.Abs(value) <= maxOutcomeValue):
		f.fail("value", "it is no number between −10¹⁵ and 10¹⁵")
	}
	return x, f.wrong
}
