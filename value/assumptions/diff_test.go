package assumptions_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/value/assumptions"
	"uptake/value/cash"
)

func TestTwoVersionsInWords(t *testing.T) {
	a, b := good(t), good(t)
	require.Empty(t, assumptions.Diff(a, b))

	b.Recapture.Range = cash.Range{Low: 0.2, Likely: 0.4, High: 0.75}
	b.Spread = assumptions.ByActive
	wiki := b.Tools["wiki"]
	wiki.Costs[1].Amount.Likely = 35
	wiki.TimeCounted = false
	wiki.Costs = slices.Insert(wiki.Costs, 0, wiki.Costs[2]) // a second course, put first
	wiki.Benefits = nil
	b.Tools["wiki"] = wiki
	delete(b.Rates, "sales")

	got := []string{}
	for _, change := range assumptions.Diff(a, b) {
		got = append(got, change.Words)
	}
	require.Equal(t, []string{
		"rates.sales is gone; it was 80 / 90 / 110 money per hour (HR, B)",
		"recapture was 0.25 / 0.5 / 0.75 and is now 0.2 / 0.4 / 0.75",
		"spread was enabled and is now active",
		"tools.wiki.benefits is gone; it was amount 400 / 500 / 500 money (invoice, B), currency EUR, from 2026-07-01, kind replaced_tools, name Old intranet, per month",
		"tools.wiki.costs[Course, 2] is new: amount 900 / 1000 / 1500 money (offer, B), class cash, currency EUR, for_unit sales, from 2026-09-15, kind training, name Course, per once",
		"tools.wiki.costs[Running it].amount was 20 / 30 / 50 and is now 20 / 35 / 50",
		"tools.wiki.time_counted was yes and is now no",
	}, got)
	change := assumptions.Diff(a, b)[2]
	require.Equal(t, "spread", change.Path)
	require.Equal(t, "enabled", change.Before)
	require.Equal(t, "active", change.After)
}
