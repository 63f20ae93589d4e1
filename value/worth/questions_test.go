package worth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/worth"
)

// The break-even of Microsoft's own calculator: 30 US dollars a seat and month, 72 an hour; with VALUE's 46 weeks and half
// recaptured, 360 ÷ 46 ÷ 72 × 60 ÷ 0.5 = 13.04 minutes a week. And the small company's, by hand: 60 a year ÷ 46 ÷ 60 ×
// 60 ÷ ½ ÷ ½ = 5.217 minutes; an active person saves 170 h × 60 ÷ 4 ÷ 100 = 25.5; so 20.5 % of the licensed must use
// it as these do. In Sales an hour is dearer: 3.478 minutes.
func TestBreakEvenByHand(t *testing.T) {
	doc := small()
	m := model(t, doc, smallUse())
	b, err := m.BreakEven(adoption.Company, "wiki")
	require.NoError(t, err)
	sure(t, 60/46.0/60*60/0.25, b.Minutes, "minutes")
	sure(t, 25.5, b.Saved, "saved")
	sure(t, 60/46.0/60*60/0.25/25.5, b.Reach, "reach")
	require.Equal(t, "yearly licence 60 ÷ 46 weeks ÷ 60 an hour × 60 ÷ 0.5 recapture ÷ 0.5 attribution = 5.22 min", b.Minutes.Formula)
	// NPV = −(2,880 + 12 × 1,200 + 12 × 720) + 1,200 + adoption ÷ 0.625 × 12 × 2,933.04 = 0.
	brings := 12 * 0.8 * 3_375 * 365 / 28.0 / 12
	sure(t, 0.625*24_720/brings, b.Adoption, "adoption")
	require.Equal(t, 0.625, *b.Now)
	sales, err := m.BreakEven("sales", "wiki")
	require.NoError(t, err)
	sure(t, 60/46.0/90*60/0.25, sales.Minutes, "Sales")

	wiki := doc.Tools["wiki"]
	wiki.Attribution = exactly(1, assumptions.Share)
	wiki.Costs[0].Amount = exactly(30, assumptions.Money)
	doc.Tools["wiki"] = wiki
	doc.Rates[adoption.Company] = exactly(72, assumptions.MoneyPerHour)
	b, err = model(t, doc, smallUse()).BreakEven(adoption.Company, "wiki")
	require.NoError(t, err)
	sure(t, 13.0434782608, b.Minutes, "Microsoft's")

	wiki.TimeCounted = true // 200 h in the tool bring less than they cost
	doc.Tools["wiki"] = wiki
	doc.Rates[adoption.Company] = exactly(600, assumptions.MoneyPerHour)
	doc.Recapture = exactly(0.01, assumptions.Share)
	b, err = model(t, doc, smallUse()).BreakEven(adoption.Company, "wiki")
	require.NoError(t, err)
	require.Nil(t, b.Adoption.P50)
	require.Contains(t, b.Adoption.Why, "no adoption is enough")
}

// Where people adopt as far as the break-even says, the net present value is 0: active people and use in that proportion.
func TestAtTheBreakEvenNothingIsLeft(t *testing.T) {
	doc, company := small(), smallUse()
	delete(doc.Rates, "sales") // one rate: 170 h × ¼ × 60 = 2,550 a span
	b, err := model(t, doc, company).BreakEven(adoption.Company, "wiki")
	require.NoError(t, err)
	// Views and contributions 10,000 times as many, so that whole numbers are exact enough, and minutes so much shorter.
	factor := *b.Adoption.Likely / 0.625 * 10_000
	for i := range company.Uses {
		for class, n := range company.Uses[i].Last {
			company.Uses[i].Last[class] = uint64(float64(n) * factor)
		}
	}
	for class, minutes := range map[adoption.Class]float64{adoption.Consume: 2, adoption.Contribute: 6} {
		doc.Tools["wiki"].Minutes[class] = exactly(minutes/10_000, assumptions.Minutes)
	}
	require.InDelta(t, 0, *value(t, model(t, doc, company), adoption.Company, "wiki").Combined.NPV.Likely, 0.01)
}

// By hand: 62.5 % are active. Ten points more are × 1.16, all are × 1.6 of a use that is worth 12 × 2,933.04 = 35,196.43.
// Switched off, only the 2,880 that were paid are left of −16,080 + 35,196.43 − 8,640 = 10,476.43.
func TestScenariosByHand(t *testing.T) {
	m := model(t, small(), smallUse())
	for _, tool := range []string{"wiki", adoption.AllTools} {
		scenarios, err := m.Scenarios(adoption.Company, tool)
		require.NoError(t, err)
		require.Len(t, scenarios, 4)
		use := 12 * 0.8 * 3_375 * 365 / 28.0 / 12
		for i, difference := range []float64{0, 0.16 * use, 0.6 * use, -2_880 - (use - 24_720)} {
			require.Equal(t, worth.Scenarios()[i], scenarios[i].Name)
			sure(t, difference, *scenarios[i].Difference, scenarios[i].Name)
			sure(t, use-24_720+difference, scenarios[i].Value.Combined.NPV, scenarios[i].Name)
			if tool == "wiki" {
				require.InDelta(t, []float64{0.625, 0.725, 1, 0}[i], *scenarios[i].Adoption, 1e-12)
			}
		}
		off := scenarios[3].Value
		for _, f := range []worth.Figure{off.Hours, off.CapacityValue, off.CashIn, off.CashOut, off.CapacityCosts} {
			sure(t, 0, f, "a tool that is off brings and costs nothing")
		}
		sure(t, -1, off.ROI, "what was paid is lost")
	}
	company := smallUse()
	for i := range company.Uses {
		company.Uses[i].Active = 0
	}
	scenarios, err := model(t, small(), company).Scenarios(adoption.Company, "wiki")
	require.NoError(t, err)
	require.Nil(t, scenarios[1].Value)
	require.NotEmpty(t, scenarios[1].Why)
	require.NotNil(t, scenarios[3].Value)
}

// By hand: 200 h in the wiki, half of them by Sales: 100 × 90 + 100 × 60 = 15,000. Beside it 3,375 − 805.48 − 552.33; the
// sum is −12,982.81. The minutes saved would have to be (3,375 + 12,982.81) ÷ 3,375 = 4.85 times as many.
func TestUnproductiveHoursByHand(t *testing.T) {
	doc := small()
	u, err := model(t, doc, smallUse()).Unproductive(adoption.Company, "wiki")
	require.NoError(t, err)
	const months = 28 * 12 / 365.0
	total := 3_375 - 875*months - 600*months - 15_000
	require.InDelta(t, 200, u.Hours, 1e-9)
	sure(t, 15_000, u.TimeCost, "time")
	sure(t, 3_375, u.CameOfIt, "came of it")
	sure(t, total, u.Sum, "sum")
	sure(t, (3_375-total)/3_375, u.SignChanges, "sign")
	require.Equal(t, worth.NotWorthIt, u.Verdict)
	require.Contains(t, u.Words, "Not worth it")

	for verdict, minutes := range map[string]assumptions.Input{worth.WorthIt: ranged(14, 15, 20, assumptions.Minutes), worth.Open: ranged(0, 11, 25, assumptions.Minutes)} {
		doc.Tools["wiki"].Minutes[adoption.Consume] = minutes
		u, err := model(t, doc, smallUse()).Unproductive(adoption.Company, adoption.AllTools)
		require.NoError(t, err)
		require.Equal(t, verdict, u.Verdict, u.Words)
	}
	// At the multiple at which the sign changes, the sum is 0.
	doc = small()
	for class, likely := range map[adoption.Class]float64{adoption.Consume: 2, adoption.Contribute: 6} {
		doc.Tools["wiki"].Minutes[class] = exactly(likely*(3_375-total)/3_375, assumptions.Minutes)
	}
	u, err = model(t, doc, smallUse()).Unproductive(adoption.Company, "wiki")
	require.NoError(t, err)
	require.InDelta(t, 0, *u.Sum.Likely, 1e-6)
}

// By hand: the licence of 5 € renews after 6 months (182 or 183 days), for 200 seats: 12,000 a year. 30 seats are unused and
// 40 unassigned: 70 × 5 × months until then are reassignable, 70 × 5 × 12 = 4,200 reducible until the day of notice.
func TestExposureAtRenewalByHand(t *testing.T) {
	doc := small()
	doc.Tools["wiki"].Costs[0].Renewal = onMonth(6)
	m := model(t, doc, smallUse())
	x := m.Exposures()
	require.Len(t, x, 1)
	sure(t, 12_000, x[0].Exposed, "exposed")
	sure(t, 350*float64(*onMonth(6)-last)*12/365, x[0].Reassignable, "reassignable")
	sure(t, 4_200, x[0].Reducible, "reducible")
	require.Equal(t, int(*onMonth(6)-last), x[0].DaysLeft)

	notice := last - 1
	doc.Tools["wiki"].Costs[0].Notice = &notice
	x = model(t, doc, smallUse()).Exposures()
	require.Equal(t, -1, x[0].DaysLeft)
	require.Nil(t, x[0].Reducible.P50)
	require.Contains(t, x[0].Reducible.Why, "has passed")
	sure(t, 12_000, x[0].Exposed, "exposed")
}

// By hand: of 30 unused seats alone 30 × 5 × 12 = 1,800 can be given back, of 40 that nobody holds 2,400. What is not known
// is no zero, and where seats are hidden nothing is said of them.
func TestExposureOfSeatsThatAreNotKnown(t *testing.T) {
	doc := small()
	doc.Tools["wiki"].Costs[0].Renewal = onMonth(6)
	for _, one := range []struct {
		unused, unassigned *uint64
		reducible          float64
		words              string
	}{{new(uint64(30)), nil, 1_800, "how many nobody holds is not known"}, {nil, new(uint64(40)), 2_400, "held and not used is not known"}, {new(uint64(0)), new(uint64(0)), 0, "0 idle seats"}} {
		use := smallUse()
		use.Uses[0].Unused, use.Uses[0].Unassigned = one.unused, one.unassigned
		x := model(t, doc, use).Exposures()[0]
		sure(t, one.reducible, x.Reducible, "reducible")
		require.Contains(t, x.Reducible.Formula, one.words)
		require.Equal(t, []*uint64{one.unused, one.unassigned}, []*uint64{x.Unused, x.Unassigned})
	}
	use := smallUse()
	use.Uses[0].Unused, use.Uses[0].Unassigned = nil, nil
	x := model(t, doc, use).Exposures()[0]
	sure(t, 12_000, x.Exposed, "exposed")
	for _, f := range []worth.Figure{x.Reassignable, x.Reducible} {
		require.Nil(t, f.P50)
		require.Contains(t, f.Why, "not known")
	}
	use.Uses = use.Uses[1:]
	x = model(t, doc, use).Exposures()[0]
	require.Nil(t, x.Seats)
	require.Nil(t, x.Exposed.P50)
	require.Contains(t, x.Exposed.Why, "hidden")
}

// By hand, of the capacity value 3,375 at likely values: recapture from 0.25 to 0.75 moves it from 1,687.5 to 5,062.5; a
// view from 1 to 3 minutes by 2 × (3,000 × 90 + 900 × 60) ÷ 60 × ¼ = 2,700; nothing else is in doubt.
func TestTheTornadoByHand(t *testing.T) {
	doc := small()
	doc.Recapture = ranged(0.25, 0.5, 0.75, assumptions.Share)
	doc.Tools["wiki"].Minutes[adoption.Consume] = ranged(1, 2, 3, assumptions.Minutes)
	m := model(t, doc, smallUse())
	tornado, err := m.Tornado(adoption.Company, "wiki", "capacity_value")
	require.NoError(t, err)
	require.InDelta(t, 3_375, *tornado.Likely, 1e-9)
	require.Len(t, tornado.Bars, 2)
	require.Equal(t, "recapture", tornado.Bars[0].Path)
	require.InDelta(t, 1_687.5, *tornado.Bars[0].AtLow, 1e-9)
	require.InDelta(t, 5_062.5, *tornado.Bars[0].AtHigh, 1e-9)
	require.Equal(t, "tools.wiki.minutes.consume", tornado.Bars[1].Path)
	require.InDelta(t, 2_700, tornado.Bars[1].Change, 1e-9)
	for _, figure := range worth.Figures() {
		_, err := m.Tornado(adoption.Company, adoption.AllTools, figure)
		require.NoError(t, err, figure)
	}
	// A payback that does not come at one end moves it most, and has no number there.
	payback, err := m.Tornado(adoption.Company, "wiki", "combined.payback_months")
	require.NoError(t, err)
	require.Nil(t, payback.Bars[0].AtLow)
	require.Equal(t, "recapture", payback.Bars[0].Path)
}
