package assumptions_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

func day(t testing.TB, s string) adoption.Day {
	d, err := adoption.ParseDay(s)
	require.NoError(t, err)
	return d
}

// good is a document with every kind of line, as a company may have it.
func good(t testing.TB) *assumptions.Document {
	text, err := os.ReadFile("testdata/company.json")
	require.NoError(t, err)
	doc, err := assumptions.Read(text)
	require.NoError(t, err)
	return doc
}

// What is written is what is read, to the last field.
func TestADocumentIsReadAsItIsWritten(t *testing.T) {
	doc := good(t)
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	again, err := assumptions.Read(text)
	require.NoError(t, err)
	require.Equal(t, doc, again)
	require.Equal(t, cash.Range{Low: 0.25, Likely: 0.5, High: 0.75}, doc.Recapture.Range)
	require.Equal(t, day(t, "2027-03-31"), *doc.Tools["wiki"].Costs[0].Renewal)
	require.Equal(t, "sales", doc.Tools["wiki"].Costs[2].Unit)
}

// Each change makes one document bad in one way; the field and a part of the reason are said, and nothing else is wrong.
func TestWhatIsRefused(t *testing.T) {
	source, err := os.ReadFile("testdata/company.json")
	require.NoError(t, err)
	for _, c := range []struct{ old, new, field, reason string }{
		{`"currency": "EUR"`, `"currency": "euro"`, "currency", "three capital letters"},
		{`"currency": "EUR"`, `"currency": 5`, "currency", "text in quotes"},
		{`"currency": "EUR",`, ``, "currency", "is missing"},
		{`"horizon_months": 36`, `"horizon_months": 36.5`, "horizon_months", "whole number"},
		{`"horizon_months": 36`, `"horizon_months": 0`, "horizon_months", "1 to 120"},
		{`"horizon_months": 36`, `"horizon": 36, "horizon_months": 36`, "horizon", "not known"},
		{`"horizon_months": 36`, `"horizon_months": 36, "horizon_months": 36`, "horizon_months", "twice"},
		{`"spread": "enabled"`, `"spread": "seats"`, "spread", "enabled, headcount, active"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.25, "likely": 0.5, "high": 1.75`, "recapture.high", "at most 1"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": -0.25, "likely": 0.5, "high": 0.75`, "recapture.low", "below 0"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.6, "likely": 0.5, "high": 0.75`, "recapture", "lies above likely"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.25, "likely": 0.8, "high": 0.75`, "recapture", "lies above high"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.25, "high": 0.75`, "recapture.likely", "is missing"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.25, "likely": "half", "high": 0.75`, "recapture.likely", "must be a number"},
		{`"low": 0.25, "likely": 0.5, "high": 0.75`, `"low": 0.25, "likely": 1e999, "high": 0.75`, "recapture.likely", "must be a number"},
		{`"low": 46, "likely": 46, "high": 46`, `"low": 0, "likely": 46, "high": 46`, "working_weeks.low", "above 0"},
		{`"low": 46, "likely": 46, "high": 46`, `"low": 46, "likely": 46, "high": 60`, "working_weeks.high", "53 weeks"},
		{`"low": 0.2, "likely": 1, "high": 6`, `"low": 0.2, "likely": 1, "high": 6000`, "tools.wiki.minutes.consume.high", "more than a day"},
		{`"unit": "weeks"`, `"unit": "months"`, "working_weeks.unit", "one of weeks"},
		{`"source": "HR, 2026"`, `"source": "  "`, "rates.company.source", "empty"},
		{`"grade": "A"`, `"grade": "D"`, "tools.wiki.attribution.grade", "one of A, B, C"},
		{`"owner": "Controlling"`, `"owner": ""`, "rates.company.owner", "answers for it"},
		{`"set": "2026-10-01"`, `"set": "1 October"`, "rates.company.set", "no date"},
		{`"set": "2026-10-01"`, `"set": 20261001`, "rates.company.set", "must be a day"},
		{`"company": {`, `"somewhere": {`, "rates.company", "is missing"},
		{`"rate": 0.92`, `"rate": 0`, "exchange[0].rate", "above 0"},
		{`"from": "USD", "to": "EUR"`, `"from": "EUR", "to": "EUR"`, "exchange[0].to", "the currency itself"},
		{`"category": "wiki"`, `"category": "toys"`, "tools.wiki.category", "one of chat"},
		{`"consume": {`, `"stare": {`, "tools.wiki.minutes.stare", "no class"},
		{`"per": "seat_month", "currency": "USD"`, `"per": "seat_month"`, "tools.wiki.costs[0].currency", "a price needs its currency"},
		{`"per": "seat_month", "currency": "USD"`, `"per": "weekly", "currency": "USD"`, "tools.wiki.costs[0].per", "one of seat_month"},
		{`"kind": "licences"`, `"kind": "gifts"`, "tools.wiki.costs[0].kind", "one of licences"},
		{`"from": "2026-04-01"`, `"from": "2028-04-01"`, "tools.wiki.costs[0].to", "before it begins"},
		{`"notice": "2026-12-31"`, `"notice": "2027-12-31"`, "tools.wiki.costs[0].notice", "after the renewal"},
		{`"per": "month", "class": "capacity"`, `"per": "month", "currency": "EUR", "class": "capacity"`, "tools.wiki.costs[1].currency", "must be left out"},
		{`"class": "capacity"`, `"class": "cash"`, "tools.wiki.costs[1].amount.unit", "one of money"},
		{`"kind": "replaced_tools"`, `"kind": "joy"`, "tools.wiki.benefits[0].kind", "one of replaced_tools"},
		{`"time_counted": true`, `"time_counted": "yes"`, "tools.wiki.time_counted", "true or false"},
		{`"costs": [`, `"costs": [7, `, "tools.wiki.costs[0]", "must be an object"},
	} {
		require.Contains(t, string(source), c.old, "the test itself")
		_, err := assumptions.Read([]byte(strings.Replace(string(source), c.old, c.new, 1)))
		var problems assumptions.Problems
		require.ErrorAs(t, err, &problems, c.new)
		fields := []string{}
		for _, p := range problems {
			fields = append(fields, p.Field)
			if p.Field == c.field {
				require.Contains(t, p.Reason, c.reason, c.new)
			}
		}
		require.Contains(t, fields, c.field, c.new)
	}
}

// Of five mistakes all are told, in the document's order; as an error of the house it is about the first.
func TestAllThatIsWrongComesAtOnce(t *testing.T) {
	source, err := os.ReadFile("testdata/company.json")
	require.NoError(t, err)
	bad := strings.NewReplacer(`"currency": "EUR",`, `"currency": "eur",`, `"high": 0.75`, `"high": 75`, `"spread": "enabled"`, `"spread": ""`).Replace(string(source))
	_, err = assumptions.Read([]byte(bad))
	var problems assumptions.Problems
	require.ErrorAs(t, err, &problems)
	fields := []string{}
	for _, p := range problems {
		fields = append(fields, p.Field)
	}
	require.Equal(t, []string{"currency", "recapture.high", "spread", "tools.wiki.costs[2].currency", "tools.wiki.benefits[0].currency"}, fields)
	var public *adoption.Error
	require.True(t, errors.As(err, &public))
	require.Equal(t, adoption.InvalidParameter, public.Code)
	require.Equal(t, "currency", public.Field)
	require.Contains(t, public.Message, "Nothing was saved.")
	require.Contains(t, public.Message, "recapture.high")
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, text := range []string{"", "{", `{"a":`, "[1,2", "{} {}", strings.Repeat("[", 100), "nonsense", `"text"`, "null", "[]"} {
		_, err := assumptions.Read([]byte(text))
		require.Error(t, err, text)
	}
}

func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("testdata/company.json")
	require.NoError(f, err)
	f.Add(text)
	f.Add([]byte(`{"rates":{"company":{"low":1}},"tools":{"a":{"costs":[{}]}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := assumptions.Read(text)
		if err != nil {
			return
		}
		require.NoError(t, doc.Check(), "what is read is good")
		again, err := json.Marshal(doc)
		require.NoError(t, err)
		_, err = assumptions.Read(again)
		require.NoError(t, err)
	})
}

// One US dollar was 0.92 € in October and 0.9 € since November; francs have no rate. A rate of the future is not known yet.
func TestExchange(t *testing.T) {
	doc := good(t)
	for _, c := range []struct {
		from, to, on string
		factor       float64
		ok           bool
	}{
		{"USD", "EUR", "2026-10-31", 0.92, true},
		{"USD", "EUR", "2026-11-01", 0.9, true},
		{"EUR", "USD", "2026-11-02", 1 / 0.9, true},
		{"USD", "EUR", "2026-09-30", 0, false},
		{"CHF", "EUR", "2026-11-02", 0, false},
		{"CHF", "CHF", "2026-11-02", 1, true},
	} {
		conversion, ok := doc.Convert(c.from, c.to, day(t, c.on))
		require.Equal(t, c.ok, ok, c)
		require.Equal(t, c.factor, conversion.Factor, c)
	}
}
