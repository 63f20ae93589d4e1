package worth_test

import (
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
	"uptake/value/worth"
)

const (
	first = adoption.Day(20_000)
	last  = first + 27 // the span is the last 28 days: 28 × 12 ÷ 365 months
)

func ranged(low, likely, high float64, unit string) assumptions.Input {
	return assumptions.Input{Range: cash.Range{Low: low, Likely: likely, High: high}, Unit: unit, Source: "the test", Grade: assumptions.Used, Owner: "the test", Set: first}
}

func exactly(v float64, unit string) assumptions.Input { return ranged(v, v, v, unit) }

func line(name string, amount assumptions.Input, per assumptions.Per) assumptions.Line {
	l := assumptions.Line{Name: name, Amount: amount, Per: per}
	if amount.Unit == assumptions.Money {
		l.Currency = "EUR"
	}
	return l
}

func cost(kind assumptions.CostKind, l assumptions.Line) assumptions.Cost {
	class := assumptions.Cash
	if l.Amount.Unit == assumptions.Hours {
		class = assumptions.Capacity
	}
	return assumptions.Cost{Line: l, Class: class, Kind: kind}
}

// small is a company without any doubt, whose figures are worked out by hand in the tests. The wiki: 2 minutes a view, 6
// a contribution, attribution ½, recapture ½, 60 € an hour, in Sales 90 €. 200 seats at 5 € a month, 10 hours of IT a
// month, 2,400 € paid at the beginning, and an old tool of 1,500 € a year that fell away. No discount, 12 months.
func small() *assumptions.Document {
	return &assumptions.Document{
		Currency: "EUR", Horizon: 12, Spread: assumptions.ByEnabled,
		Rates:        map[string]assumptions.Input{adoption.Company: exactly(60, assumptions.MoneyPerHour), "sales": exactly(90, assumptions.MoneyPerHour)},
		WorkingWeeks: exactly(46, assumptions.Weeks), Recapture: exactly(0.5, assumptions.Share), DiscountRate: exactly(0, assumptions.Share),
		RiskBenefits: exactly(0.2, assumptions.Share), RiskCosts: exactly(0.2, assumptions.Share),
		Tools: map[string]assumptions.Tool{"wiki": {
			Category: "wiki", Attribution: exactly(0.5, assumptions.Share),
			Minutes: map[adoption.Class]assumptions.Input{adoption.Consume: exactly(2, assumptions.Minutes), adoption.Contribute: exactly(6, assumptions.Minutes)},
			Costs: []assumptions.Cost{
				cost("licences", line("Licences", exactly(5, assumptions.Money), assumptions.SeatMonth)),
				cost("it_hours", line("Running it", exactly(10, assumptions.Hours), assumptions.Month)),
				cost("consultants", line("Roll-out", exactly(2_400, assumptions.Money), assumptions.Once)),
			},
			Benefits: []assumptions.Benefit{{Line: line("Old wiki", exactly(1_500, assumptions.Money), assumptions.Year), Kind: "replaced_tools"}},
		}},
	}
}

// smallUse is what its people did: Sales, IT, and 20 people who are hidden, in the company alone.
func smallUse() worth.Company {
	use := func(unit string, consume, contribute, headcount, enabled, active uint64, seconds float64) worth.Use {
		counts := worth.Counts{adoption.Consume: consume, adoption.Contribute: contribute}
		habitual := active / 2
		return worth.Use{Unit: unit, Tool: "wiki", Span: counts, Last: counts, SpanSeconds: seconds, LastSeconds: seconds, Headcount: headcount, Enabled: enabled, Active: active, Habitual: &habitual}
	}
	c := worth.Company{From: first, To: last, Units: []worth.Place{{ID: adoption.Company}, {ID: "sales", Parent: adoption.Company}, {ID: "it", Parent: adoption.Company}}}
	c.Uses = []worth.Use{use(adoption.Company, 3_900, 400, 200, 160, 100, 720_000), use("sales", 3_000, 100, 100, 80, 50, 360_000), use("it", 600, 300, 80, 60, 40, 288_000)}
	c.Uses[0].Seats, c.Uses[0].Unused, c.Uses[0].Unassigned = 200, new(uint64(30)), new(uint64(40))
	return c
}

func model(t testing.TB, doc *assumptions.Document, company worth.Company) *worth.Model {
	require.NoError(t, doc.Check())
	m, err := worth.New(doc, company, 500, 1)
	require.NoError(t, err)
	return m
}

func value(t testing.TB, m *worth.Model, unit, tool string) worth.Value {
	values := m.Values([]string{unit}, []string{tool})
	require.Len(t, values, 1)
	return values[0]
}

// sure demands a figure without doubt.
func sure(t testing.TB, expected float64, f worth.Figure, what string) {
	t.Helper()
	for _, v := range []*float64{f.Likely, f.P10, f.P50, f.P90} {
		require.NotNil(t, v, what)
		require.InDelta(t, expected, *v, 1e-6*max(1, expected, -expected), what)
	}
}

// By hand. Hours: Sales (3,000 × 2 + 100 × 6) ÷ 60 = 110, IT (600 × 2 + 300 × 6) ÷ 60 = 50, the company (3,900 × 2 +
// 400 × 6) ÷ 60 = 170. Value: Sales 110 × ¼ × 90 = 2,475; IT 50 × ¼ × 60 = 750; the 10 hours that are hidden count at the
// company's rate, 150: together 3,375. A span of 28 days has 28 × 12 ÷ 365 = 0.920548 months: licences 5 × 200 ×
// 0.920548 = 920.55, of which Sales bears 80 ÷ 160, IT 60 ÷ 160; IT hours 10 × 60 × 0.920548 = 552.33; the old wiki
// 1,500 ÷ 12 × 0.920548 = 115.07.
func TestASmallCompanyByHand(t *testing.T) {
	m := model(t, small(), smallUse())
	const months = 28 * 12 / 365.0
	for unit, e := range map[string]struct{ hours, value, share float64 }{adoption.Company: {170, 3_375, 1}, "sales": {110, 2_475, 0.5}, "it": {50, 750, 0.375}} {
		v := value(t, m, unit, "wiki")
		sure(t, e.hours, v.Hours, unit)
		sure(t, e.value, v.CapacityValue, unit)
		sure(t, 1_000*months*e.share, v.CashOut, unit)
		sure(t, 125*months*e.share, v.CashIn, unit)
		sure(t, 600*months*e.share, v.CapacityCosts, unit)
		sure(t, -875*months*e.share, v.NetCash, unit)
		sure(t, e.value-600*months*e.share, v.NetCapacity, unit)
		sure(t, e.value-1_475*months*e.share, v.Combined.Net, unit)
	}
	// Ahead, the company: benefits 1,500 × 0.8 = 1,200; costs (2,400 + 12 × 1,000) × 1.2 = 17,280. V of a month is 3,375 ×
	// 365 ÷ 28 ÷ 12 = 3,666.29, × 0.8 = 2,933.04; IT hours 600 × 1.2 = 720 a month.
	v := value(t, m, adoption.Company, "wiki")
	sure(t, -16_080, v.NPV, "npv")
	sure(t, -16_080/17_280.0, v.ROI, "roi")
	require.Nil(t, v.Payback.P50)
	require.Equal(t, "not within 12 months", v.Payback.Why)
	monthly := 3_375 * 365 / 28.0 / 12 * 0.8
	both := -16_080 + 12*monthly - 12*720
	sure(t, both, v.Combined.NPV, "combined npv")
	sure(t, both/(17_280+12*720), v.Combined.ROI, "combined roi")
	// 2,400 × 1.2 = 2,880 are made up for by 100 + 2,933.04 − 1,200 − 720 = 1,113.04 a month in the third.
	sure(t, 3, v.Combined.Payback, "combined payback")
	require.Equal(t, 1.0, *v.Combined.NPV.Above0)
	require.Equal(t, 0.0, *v.NPV.Above0)
	// 920.55 ÷ 160 enabled, ÷ 100 active, ÷ 50 habitual; nobody knows how many were retained.
	sure(t, 1_000*months/160, *v.PerPerson.Cash.Enabled, "a person")
	sure(t, 1_000*months/100, *v.PerPerson.Cash.Active, "a person")
	sure(t, 600*months/50, *v.PerPerson.Capacity.Habitual, "a person")
	require.Nil(t, v.PerPerson.Cash.Retained)
}

// A formula has the numbers in it, so that a reader can work the figure out again.
func TestFormulasHaveTheirNumbers(t *testing.T) {
	v := value(t, model(t, small(), smallUse()), adoption.Company, "wiki")
	require.Equal(t, "(400 contribute × 6 min + 3,900 consume × 2 min) ÷ 60 = 170 h", v.Hours.Formula)
	require.Equal(t, "(60 h × 60 + 110 h × 90) an hour × 0.5 attribution × 0.5 recapture = 3,375", v.CapacityValue.Formula)
	require.Equal(t, "Licences 5 × 200 seats × 0.92 months + Roll-out 2,400 × 0 (paid once, not in this span) = 920.55", v.CashOut.Formula)
	require.Equal(t, "Old wiki 1,500 ÷ 12 × 0.92 months = 115.07", v.CashIn.Formula)
	require.Equal(t, "Running it 10 h × 60 × 0.92 months = 552.33", v.CapacityCosts.Formula)
	require.Equal(t, "cash in 115.07 − cash out 920.55 = −805.48", v.NetCash.Formula)
	require.Equal(t, "−2,880 paid at once + present value of benefits 1,200 − of later costs 14,400 = −16,080; 12 months at 0 % a year, the last 28 days × 365 ÷ 28 ÷ 12 a month, benefits × (1 − 0.2), costs × (1 + 0.2)", v.NPV.Formula)
	require.Equal(t, "the first month t with −2,880 + net of the months to t ≥ 0; net 1,113.04 a month in months 1–12", v.Combined.Payback.Formula)
	require.Equal(t, "cash and capacity together: hours are counted as if they were money", v.Combined.Label)
	sales := value(t, model(t, small(), smallUse()), "sales", "wiki")
	require.Equal(t, "Licences 5 × 200 seats × 0.92 months × 0.5 by enabled + Roll-out 2,400 × 0 (paid once, not in this span) × 0.5 by enabled = 460.27", sales.CashOut.Formula)
}

// The worked example of docs/value.md is the small company with doubt: minutes a view 0.5 / 2 / 4, recapture 25 / 50 / 75 %.
// Its percentiles under seed 1 are those of the page, and the same on every machine.
func TestTheWorkedExampleOfTheManual(t *testing.T) {
	doc := small()
	doc.Tools["wiki"].Minutes[adoption.Consume] = ranged(0.5, 2, 4, assumptions.Minutes)
	doc.Recapture = ranged(0.25, 0.5, 0.75, assumptions.Share)
	m, err := worth.New(doc, smallUse(), worth.Draws, 1)
	require.NoError(t, err)
	v := value(t, m, adoption.Company, "wiki")
	for _, c := range []struct {
		figure        worth.Figure
		p10, p50, p90 float64
	}{
		{v.Hours, 119.04486833739259, 174.13226163731167, 233.69169053532138},
		{v.CapacityValue, 2111.5120626976113, 3372.3643812545024, 5019.370454498657},
		{v.Combined.NPV, -2699.9456318677694, 10448.94283308267, 27624.86331120028},
	} {
		require.Equal(t, []float64{c.p10, c.p50, c.p90}, []float64{*c.figure.P10, *c.figure.P50, *c.figure.P90})
	}
	require.Equal(t, 0.8339, *v.Combined.NPV.Above0)

	text, err := os.ReadFile("../../docs/value.md")
	require.NoError(t, err)
	exact := value(t, model(t, small(), smallUse()), adoption.Company, "wiki")
	for _, told := range []string{
		fmt.Sprintf("| hours | %.1f | %.1f | %.1f |", *v.Hours.P10, *v.Hours.P50, *v.Hours.P90),
		fmt.Sprintf("| V | %s | %s | %s |", whole(v.CapacityValue.P10), whole(v.CapacityValue.P50), whole(v.CapacityValue.P90)),
		fmt.Sprintf("| combined NPV | %s | %s | %s |", whole(v.Combined.NPV.P10), whole(v.Combined.NPV.P50), whole(v.Combined.NPV.P90)),
		fmt.Sprintf("%.0f %% of the draws have a combined NPV above 0", 100**v.Combined.NPV.Above0),
		"cash case has NPV " + whole(exact.NPV.P50) + ", ROI " + whole(times100(exact.ROI)) + " %",
		fmt.Sprintf("NPV 10,476.43, ROI %s %%, payback in month %.0f", whole(times100(exact.Combined.ROI)), *exact.Combined.Payback.P50),
	} {
		require.Contains(t, string(text), told)
	}
	require.Equal(t, "tools.wiki.minutes.consume", v.Combined.NPV.MovedMostBy)
}

// whole writes a number as the manual does: 10,449 and −2,700.
func whole(v *float64) string {
	s := fmt.Sprintf("%.0f", math.Abs(*v))
	if len(s) > 3 {
		s = s[:len(s)-3] + "," + s[len(s)-3:]
	}
	if *v < 0 {
		return "−" + s
	}
	return s
}

func times100(f worth.Figure) *float64 {
	v := 100 * *f.P50
	return &v
}
