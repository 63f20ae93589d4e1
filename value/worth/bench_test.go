package worth_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
	"uptake/value/worth"
)

// bank is a company of 400 units in 4 levels with 6 tools, of every category, all with start values, and with lines of
// every kind: licences, hours of IT, a cost paid once, a replaced tool, time in the tool. Three units have rates of
// their own.
func bank() (*assumptions.Document, worth.Company) {
	set, end := adoption.Day(20_000), adoption.Day(20_400)
	doc := assumptions.Start("EUR", set)
	random := rand.New(rand.NewPCG(1, 2))
	company := worth.Company{From: end - 364, To: end, Units: []worth.Place{{ID: adoption.Company}}}
	for i := 1; i < 400; i++ {
		parent := adoption.Company
		if i > 12 {
			parent = fmt.Sprintf("u%d", (i-1)/8+1)
		}
		company.Units = append(company.Units, worth.Place{ID: fmt.Sprintf("u%d", i), Parent: parent})
	}
	amount := func(likely float64, unit string) assumptions.Input {
		return assumptions.Input{Range: cash.Range{Low: likely * (0.5 + 0.4*random.Float64()), Likely: likely, High: likely * (1.1 + random.Float64())},
			Unit: unit, Source: "a test", Grade: assumptions.Assumed, Owner: "a test", Set: set}
	}
	line := func(name string, per assumptions.Per, likely float64) assumptions.Line {
		return assumptions.Line{Name: name, Per: per, Currency: "EUR", Amount: amount(likely, assumptions.Money)}
	}
	for _, unit := range []string{"u3", "u20", "u77"} {
		doc.Rates[unit] = amount(90, assumptions.MoneyPerHour)
	}
	for _, category := range assumptions.Categories() {
		tool, _ := assumptions.StartTool(category, set)
		if category == "mail" {
			tool.Minutes[adoption.Contribute] = amount(0.1, assumptions.Minutes)
		}
		tool.TimeCounted = true
		hours := assumptions.Line{Name: "Running it", Per: assumptions.Month, Amount: amount(40, assumptions.Hours)}
		tool.Costs = []assumptions.Cost{
			{Line: line("Licences", assumptions.SeatMonth, 4), Class: assumptions.Cash, Kind: "licences"},
			{Line: hours, Class: assumptions.Capacity, Kind: "it_hours"},
			{Line: line("Roll-out", assumptions.Once, 200_000), Class: assumptions.Cash, Kind: "consultants"},
		}
		tool.Benefits = []assumptions.Benefit{{Line: line("Old tool", assumptions.Year, 100_000), Kind: "replaced_tools"}}
		doc.Tools[string(category)] = tool
	}
	for _, u := range company.Units {
		for id := range doc.Tools {
			company.Uses = append(company.Uses, someUse(u.ID, id, random))
		}
	}
	return doc, company
}

func someUse(unit, tool string, random *rand.Rand) worth.Use {
	use := worth.Use{Unit: unit, Tool: tool, Span: worth.Counts{}, Last: worth.Counts{}, Headcount: 325, Enabled: 300, Active: uint64(random.IntN(300))}
	if unit == adoption.Company {
		use.Headcount, use.Enabled, use.Active = 130_000, 120_000, 60_000
	}
	for _, class := range adoption.Classes() {
		use.Last[class] = uint64(random.IntN(9_000))
		use.Span[class] = 12 * use.Last[class]
	}
	use.LastSeconds = 1e5 * random.Float64()
	use.SpanSeconds = 12 * use.LastSeconds
	return use
}

// 10,000 draws × 400 units × 6 tools, and all tools together of each unit: the whole of what a company's pages may ask.
func BenchmarkABank(b *testing.B) {
	doc, company := bank()
	require.NoError(b, doc.Check())
	b.ReportAllocs()
	for b.Loop() {
		m, err := worth.New(doc, company, worth.Draws, 1)
		require.NoError(b, err)
		require.Len(b, m.Values(nil, nil), 400*7)
	}
}

// One input is edited: everything is drawn anew, and the headline of one unit answered.
func BenchmarkOneInputIsEdited(b *testing.B) {
	doc, company := bank()
	for i := 0; b.Loop(); i++ {
		doc.Recapture.Likely = 0.4 + float64(i%1000)*1e-4
		m, err := worth.New(doc, company, worth.Draws, 1)
		require.NoError(b, err)
		require.Len(b, m.Values([]string{adoption.Company}, []string{adoption.AllTools}), 1)
	}
}
