package assumptions_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// A document of start values alone, with a tool of every category, is good, and all of it is of grade C with a source.
func TestStartValuesAreGood(t *testing.T) {
	set := day(t, "2026-11-22")
	tools := []adoption.Tool{{ID: "odd", Category: "toys"}, {ID: "none"}}
	for _, category := range assumptions.Categories() {
		tools = append(tools, adoption.Tool{ID: "my-" + string(category), Category: string(category), Price: "120", Currency: "EUR"})
	}
	begun := assumptions.Start("EUR", set)
	doc := begun.WithNewTools(tools, set)
	require.NoError(t, doc.Check())
	require.Empty(t, begun.Tools, "the document itself stays as it is")
	require.Len(t, doc.Tools, len(assumptions.Categories())+2)

	text, err := json.Marshal(doc)
	require.NoError(t, err)
	_, err = assumptions.Read(text)
	require.NoError(t, err)
	require.NotContains(t, string(text), `"grade":"A"`)
	require.NotContains(t, string(text), `"grade":"B"`)
	require.Equal(t, strings.Count(string(text), `"grade":"C"`), strings.Count(string(text), `"owner":"start values of Uptake"`))

	require.Empty(t, doc.Tools["odd"].Minutes, "a category that is not known saves nothing")
	require.Equal(t, cash.Exactly(10), doc.Tools["my-chat"].Costs[0].Amount.Range, "120 a year are 10 a month")
	require.Empty(t, doc.Tools["odd"].Costs)
	require.Equal(t, doc, doc.WithNewTools(tools, set+1), "what is there stays")
}

// The figures that VALUE names, at their places: 72 an hour, 46 weeks, 25/50/75 %, 10 %, 36 months, 20 %; 6 minutes for a
// find and for a creation, 0.5 minutes a mail thread, 1 minute a document, 5 a meeting, 100 a person and week.
func TestStartValuesAreThoseOfTheContract(t *testing.T) {
	set := day(t, "2026-11-22")
	d := assumptions.Start("EUR", set)
	require.Equal(t, cash.Range{Low: 50, Likely: 72, High: 125}, d.Rates[adoption.Company].Range)
	require.Equal(t, cash.Exactly(46), d.WorkingWeeks.Range)
	require.Equal(t, cash.Range{Low: 0.25, Likely: 0.5, High: 0.75}, d.Recapture.Range)
	require.Equal(t, cash.Exactly(0.1), d.DiscountRate.Range)
	require.Equal(t, cash.Exactly(0.2), d.RiskBenefits.Range)
	require.Equal(t, cash.Exactly(0.2), d.RiskCosts.Range)
	require.Equal(t, 36, d.Horizon)
	require.Equal(t, assumptions.ByEnabled, d.Spread)

	of := func(category assumptions.Category) assumptions.Tool {
		tool, ok := assumptions.StartTool(category, set)
		require.True(t, ok)
		return tool
	}
	require.Equal(t, 6.0, of("wiki").Minutes[adoption.Consume].High)
	require.Equal(t, 6.0, of("documents").Minutes[adoption.Contribute].High)
	require.Equal(t, 1.0, of("documents").Minutes[adoption.Contribute].Likely)
	require.Equal(t, 0.5, of("chat").Minutes[adoption.Contribute].High)
	require.Equal(t, 5.0, of("meetings").Minutes[adoption.Meet].Likely)
	require.Equal(t, cash.Exactly(100), of("wiki").Ceiling.Range)
	require.Empty(t, of("mail").Minutes)
	_, ok := assumptions.StartTool("toys", set)
	require.False(t, ok)
}
