package worth_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
	"uptake/value/worth"
)

// onMonth is the day on which so many months of 365 ÷ 12 days are over after the span.
func onMonth(k int) *adoption.Day {
	d := last + adoption.Day(math.Round(float64(k)*365/12))
	return &d
}

// What lies ahead, of contracts that begin and end and sums that are paid once, is the flow month by month: net present
// value, return and payback are those of value/cash, which has the published tables. 60 random tools.
func TestWhatLiesAheadIsTheFlowMonthByMonth(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	came, never := 0, 0
	for range 60 {
		doc, wiki, flow := small(), assumptions.Tool{Category: "wiki", Attribution: exactly(0.5, assumptions.Share)}, cash.Flow{}
		doc.DiscountRate = exactly(0.3*random.Float64(), assumptions.Share)
		doc.Horizon = 24
		flow.In, flow.Out = make([]float64, doc.Horizon), make([]float64, doc.Horizon)
		for i := range 1 + random.IntN(4) {
			from, to := random.IntN(12), 12+random.IntN(20)
			amount := 1 + 100*random.Float64()
			l := line(fmt.Sprint("cost ", i), exactly(amount, assumptions.Money), assumptions.Month)
			if random.IntN(2) == 0 {
				first := *onMonth(from) + 1
				l.From, l.To = &first, onMonth(to)
			} else {
				from, to = 0, doc.Horizon
			}
			for month := from; month < min(to, doc.Horizon); month++ { // month 0 is the first
				flow.Out[month] += 1.2 * amount
			}
			wiki.Costs = append(wiki.Costs, cost("vendor", l))
		}
		for i := range random.IntN(4) {
			amount, month := 1+300*random.Float64(), random.IntN(30)
			l := line(fmt.Sprint("once ", i), exactly(amount, assumptions.Money), assumptions.Once)
			paid := last + adoption.Day(float64(month)*365/12) // the last whole day of the month
			l.From = &paid
			switch {
			case month == 0:
				flow.Upfront += 1.2 * amount
			case month <= doc.Horizon:
				flow.Out[month-1] += 1.2 * amount
			}
			wiki.Costs = append(wiki.Costs, cost("vendor", l))
		}
		amount := 200 * random.Float64()
		wiki.Benefits = []assumptions.Benefit{{Line: line("benefit", exactly(amount, assumptions.Money), assumptions.Month), Kind: "travel"}}
		for month := range flow.In {
			flow.In[month] = 0.8 * amount
		}
		doc.Tools["wiki"] = wiki

		v := value(t, model(t, doc, smallUse()), adoption.Company, "wiki")
		p, err := flow.Discount(doc.DiscountRate.Likely)
		require.NoError(t, err)
		sure(t, p.Net(), v.NPV, "npv")
		roi, ok := p.Return()
		require.True(t, ok)
		sure(t, roi, v.ROI, "roi")
		if month, ok := flow.Payback(); ok {
			came++
			sure(t, float64(month), v.Payback, "payback")
		} else {
			never++
			require.Nil(t, v.Payback.P50)
			require.Equal(t, "not within 24 months", v.Payback.Why)
		}
	}
	require.Greater(t, min(came, never), 5, "the test itself: both must happen")
}

// By hand: 10 € a seat and month, 200 seats, a contract until the end of month 6. Where it is renewed it goes on, and is
// 12 × 2,000 × 1.2 = 28,800; where not, half of that. Switched off, it runs until the renewal in month 3: 7,200.
func TestAContractEndsOrIsRenewed(t *testing.T) {
	for _, c := range []struct {
		renewed  bool
		now, off float64
	}{{true, -28_800, -7_200}, {false, -14_400, -14_400}} {
		doc := small()
		licences := cost("licences", line("Licences", exactly(10, assumptions.Money), assumptions.SeatMonth))
		licences.To = onMonth(6)
		if c.renewed {
			licences.Renewal = onMonth(3)
		}
		doc.Tools["wiki"] = assumptions.Tool{Category: "wiki", Attribution: exactly(0.5, assumptions.Share), Costs: []assumptions.Cost{licences}}
		scenarios, err := model(t, doc, smallUse()).Scenarios(adoption.Company, "wiki")
		require.NoError(t, err)
		sure(t, c.now, scenarios[0].Value.NPV, "as now")
		sure(t, c.off, scenarios[3].Value.NPV, "switched off")
	}
}

// A line for one unit is borne by it and by all above it; its brother bears nothing, and who is below it a part: 40 of its
// 80 enabled people sit in "sales.north".
func TestALineForOneUnit(t *testing.T) {
	doc, company := small(), smallUse()
	course := line("Course", exactly(1_000, assumptions.Money), assumptions.Once)
	day := first + 3
	course.From, course.Unit = &day, "sales"
	doc.Tools["wiki"] = assumptions.Tool{Category: "wiki", Attribution: exactly(0.5, assumptions.Share), Costs: []assumptions.Cost{cost("training", course)}}
	company.Units = append(company.Units, worth.Place{ID: "sales.north", Parent: "sales"})
	company.Uses = append(company.Uses, worth.Use{Unit: "sales.north", Tool: "wiki", Enabled: 40, Headcount: 40})
	m := model(t, doc, company)
	for unit, paid := range map[string]float64{adoption.Company: 1_000, "sales": 1_000, "it": 0, "sales.north": 500} {
		sure(t, paid, value(t, m, unit, "wiki").CashOut, unit)
	}
	require.Equal(t, worth.WhyNothingPaid, value(t, m, "it", "wiki").ROI.Why)
}

// 100 US dollars a month and 100 euros. Without a rate the dollars stand beside and are in no net figure; with 0.9 entered
// on the last day they are 90 €; a rate of the day after is not known yet.
func TestTwoCurrencies(t *testing.T) {
	const months = 28 * 12 / 365.0
	doc := small()
	dollars := line("Hosting", exactly(100, assumptions.Money), assumptions.Month)
	dollars.Currency = "USD"
	doc.Tools["wiki"] = assumptions.Tool{Category: "wiki", Attribution: exactly(0.5, assumptions.Share), Costs: []assumptions.Cost{
		cost("infrastructure", dollars), cost("vendor", line("Vendor", exactly(100, assumptions.Money), assumptions.Month))}}
	for _, day := range []adoption.Day{last + 1, last} {
		doc.Exchange = []assumptions.Exchange{{From: "USD", To: "EUR", Rate: 0.9, Date: day, Source: "the test", Owner: "the test"}}
		for _, tool := range []string{"wiki", adoption.AllTools} {
			v := value(t, model(t, doc, smallUse()), "sales", tool)
			if day > last {
				sure(t, 50*months, v.CashOut, "euros")
				sure(t, 50*months, v.Foreign[0].CashOut, "dollars")
				require.Equal(t, "USD", v.Foreign[0].Currency)
				for _, f := range []worth.Figure{v.NetCash, v.NPV, v.ROI, v.Payback, v.Combined.Net, v.Combined.NPV} {
					require.Nil(t, f.P50)
					require.Equal(t, worth.WhyTwoCurrencies, f.Why)
					require.Equal(t, assumptions.Assumed, f.Grade)
				}
				continue
			}
			sure(t, 95*months, v.CashOut, "together")
			require.Empty(t, v.Foreign)
			require.Contains(t, v.CashOut.Formula, "Hosting 100 USD × 0.9 (rate of "+last.String()+") × 0.92 months")
		}
	}
}
