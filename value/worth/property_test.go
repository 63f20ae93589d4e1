package worth_test

import (
	"encoding/json"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/value/assumptions"
	"uptake/value/cash"
	"uptake/value/worth"
)

// doubtful is the small company with doubt in everything, and two tools.
func doubtful() (*assumptions.Document, worth.Company) {
	doc, company := small(), smallUse()
	doc.Recapture = ranged(0.25, 0.5, 0.75, assumptions.Share)
	doc.DiscountRate = ranged(0.05, 0.1, 0.12, assumptions.Share)
	doc.Rates[adoption.Company] = ranged(50, 60, 100, assumptions.MoneyPerHour)
	doc.Rates["sales"] = ranged(80, 90, 120, assumptions.MoneyPerHour)
	wiki := doc.Tools["wiki"]
	wiki.Minutes[adoption.Consume] = ranged(0.5, 2, 4, assumptions.Minutes)
	wiki.Attribution = ranged(0.2, 0.5, 0.9, assumptions.Share)
	wiki.TimeCounted = true
	wiki.Costs[0].Amount = ranged(4, 5, 8, assumptions.Money)
	wiki.Costs[1].Amount = ranged(5, 10, 30, assumptions.Hours)
	doc.Tools["wiki"] = wiki
	chat := assumptions.Tool{Category: "chat", Attribution: ranged(0.1, 0.3, 0.9, assumptions.Share), Minutes: map[adoption.Class]assumptions.Input{adoption.Contribute: ranged(0, 0.5, 1, assumptions.Minutes)},
		Costs: []assumptions.Cost{cost("licences", line("Licences", ranged(2, 3, 3, assumptions.Money), assumptions.SeatMonth))}}
	doc.Tools["chat"] = chat
	for _, u := range slices.Clone(company.Uses) {
		u.Tool = "chat"
		company.Uses = append(company.Uses, u)
	}
	return doc, company
}

// One cell against a straightforward reckoning of every draw, sorted: hours, value by zones of two rates, and the combined
// net present value with all its costs.
func TestDrawsAgainstAPlainReckoning(t *testing.T) {
	const n, seed = 2_000, 9
	doc, company := doubtful()
	m, err := worth.New(doc, company, n, seed)
	require.NoError(t, err)
	v := value(t, m, adoption.Company, "wiki")

	draws := cash.NewDraws(n, seed)
	wiki := doc.Tools["wiki"]
	of := func(path string, in assumptions.Input) []float64 { return draws.Of(path, in.Range) }
	views, contributions := of("tools.wiki.minutes.consume", wiki.Minutes[adoption.Consume]), of("tools.wiki.minutes.contribute", wiki.Minutes[adoption.Contribute])
	attribution, recapture := of("tools.wiki.attribution", wiki.Attribution), of("recapture", doc.Recapture)
	rate, sales := of("rates.company", doc.Rates[adoption.Company]), of("rates.sales", doc.Rates["sales"])
	discount := of("discount_rate", doc.DiscountRate)
	licence, it := of("tools.wiki.costs[Licences].amount", wiki.Costs[0].Amount), of("tools.wiki.costs[Running it].amount", wiki.Costs[1].Amount)
	hours, worked, npv := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		hoursOf := func(v, c float64) float64 { return (v*views[i] + c*contributions[i]) / 60 }
		hours[i] = hoursOf(3_900, 400)
		worked[i] = (hoursOf(3_000, 100)*sales[i] + hoursOf(900, 300)*rate[i]) * attribution[i] * recapture[i]
		const month = 365 / 28.0 / 12
		time := (100*sales[i] + 100*rate[i]) * month
		net := 0.8*(worked[i]*month+1_500/12.0) - 1.2*(200*licence[i]+it[i]*rate[i]+time)
		annuity, err := cash.Annuity(discount[i], 12)
		require.NoError(t, err)
		npv[i] = -1.2*2_400 + net*annuity
	}
	for _, c := range []struct {
		figure  worth.Figure
		samples []float64
	}{{v.Hours, hours}, {v.CapacityValue, worked}, {v.Combined.NPV, npv}} {
		if c.figure.Above0 != nil {
			require.Equal(t, cash.Above(c.samples, 0), *c.figure.Above0)
		}
		s := cash.SpreadOf(c.samples)
		require.InEpsilon(t, s.P10, *c.figure.P10, 1e-9)
		require.InEpsilon(t, s.P50, *c.figure.P50, 1e-9)
		require.InEpsilon(t, s.P90, *c.figure.P90, 1e-9)
	}
}

// The same seed gives the same bytes, on one processor and on several, and whichever units are asked; another seed others.
func TestTheSameSeedTheSameBytes(t *testing.T) {
	answer := func(seed uint64, units ...string) string {
		doc, company := doubtful()
		m, err := worth.New(doc, company, 1_000, seed)
		require.NoError(t, err)
		values := m.Values(units, nil)
		if len(units) == 0 {
			values = slices.DeleteFunc(values, func(v worth.Value) bool { return v.Unit != "it" })
		}
		text, err := json.Marshal(values)
		require.NoError(t, err)
		return string(text)
	}
	several := answer(1)
	require.Equal(t, several, answer(1, "it"))
	before := runtime.GOMAXPROCS(1)
	one := answer(1)
	runtime.GOMAXPROCS(before)
	require.Equal(t, several, one)
	require.NotEqual(t, several, answer(2))
}

// additive are the figures that add up, at likely values.
func additive(v worth.Value) []float64 {
	return []float64{*v.Hours.Likely, *v.CapacityValue.Likely, *v.CashIn.Likely, *v.CashOut.Likely, *v.CapacityCosts.Likely,
		*v.NetCash.Likely, *v.NetCapacity.Likely, *v.NPV.Likely, *v.Combined.Net.Likely, *v.Combined.NPV.Likely}
}

func sum(rows ...[]float64) []float64 {
	total := make([]float64, len(rows[0]))
	for _, row := range rows {
		for i, v := range row {
			total[i] += v
		}
	}
	return total
}

// A parent is the sum of its children, once those that are hidden stand together as its rest; and all tools are the sum
// of the tools.
func TestSumsAddUp(t *testing.T) {
	doc, company := doubtful()
	company.Units = append(company.Units, worth.Place{ID: "company.rest", Parent: adoption.Company})
	for _, u := range slices.Clone(company.Uses) {
		if u.Unit == adoption.Company { // the rest: 300 views, no contribution, 20 people, 10 of them active, 72,000 s
			counts := worth.Counts{adoption.Consume: 300}
			company.Uses = append(company.Uses, worth.Use{Unit: "company.rest", Tool: u.Tool, Span: counts, Last: counts, SpanSeconds: 72_000, LastSeconds: 72_000, Headcount: 20, Enabled: 20, Active: 10})
		}
	}
	m := model(t, doc, company)
	for _, tool := range []string{"wiki", "chat", adoption.AllTools} {
		of := func(unit string) []float64 { return additive(value(t, m, unit, tool)) }
		require.InDeltaSlice(t, of(adoption.Company), sum(of("sales"), of("it"), of("company.rest")), 1e-6, tool)
	}
	for _, unit := range []string{adoption.Company, "sales", "it"} {
		require.InDeltaSlice(t, additive(value(t, m, unit, adoption.AllTools)), sum(additive(value(t, m, unit, "wiki")), additive(value(t, m, unit, "chat"))), 1e-6, unit)
	}
}

// A unit whose days are hidden more often than those below it still has the figure of what is shown of it.
func TestAParentThatIsShownLessThanItsChildren(t *testing.T) {
	doc, company := small(), smallUse()
	company.Uses[0].Span = worth.Counts{adoption.Consume: 1_800, adoption.Contribute: 400} // Sales and IT have 3,600 views
	company.Uses[0].Last = company.Uses[0].Span
	v := value(t, model(t, doc, company), adoption.Company, "wiki")
	sure(t, (1_800*2+400*6)/60.0, v.Hours, "hours")
	// Half of each one's views: Sales (1,500 × 2 + 600) ÷ 60 = 60 h, IT (300 × 2 + 1,800) ÷ 60 = 40 h.
	sure(t, (60*90+40*60)/4.0, v.CapacityValue, "value")
}

// More minutes, more recapture or more use never make a benefit less; a dearer licence never makes a net figure more.
func TestFiguresMoveTheRightWay(t *testing.T) {
	base := func(change func(*assumptions.Document, worth.Company)) worth.Value {
		doc, company := doubtful()
		change(doc, company)
		return value(t, model(t, doc, company), "sales", "wiki")
	}
	now := base(func(*assumptions.Document, worth.Company) {})
	for name, change := range map[string]func(*assumptions.Document, worth.Company){
		"minutes": func(d *assumptions.Document, _ worth.Company) {
			d.Tools["wiki"].Minutes[adoption.Consume] = ranged(0.6, 2.4, 4.8, assumptions.Minutes)
		},
		"recapture": func(d *assumptions.Document, _ worth.Company) { d.Recapture = ranged(0.3, 0.6, 0.9, assumptions.Share) },
		"use":       func(_ *assumptions.Document, c worth.Company) { c.Uses[1].Last[adoption.Consume] += 500 },
	} {
		more := base(change)
		for i, f := range []worth.Figure{now.Hours, now.CapacityValue, now.NetCapacity, now.Combined.NPV, now.Combined.ROI} {
			after := []worth.Figure{more.Hours, more.CapacityValue, more.NetCapacity, more.Combined.NPV, more.Combined.ROI}[i]
			require.GreaterOrEqual(t, *after.P10, *f.P10, "%s, figure %d", name, i)
			require.GreaterOrEqual(t, *after.P50, *f.P50, "%s, figure %d", name, i)
			require.GreaterOrEqual(t, *after.P90, *f.P90, "%s, figure %d", name, i)
		}
		require.Greater(t, *more.Combined.NPV.P50, *now.Combined.NPV.P50, name)
		require.Equal(t, now.NPV.P50, more.NPV.P50, "cash knows nothing of hours")
	}
	dearer := base(func(d *assumptions.Document, _ worth.Company) {
		d.Tools["wiki"].Costs[0].Amount = ranged(8, 10, 16, assumptions.Money)
	})
	require.Less(t, *dearer.NPV.P90, *now.NPV.P10)
	require.Equal(t, now.Hours.P50, dearer.Hours.P50)
}

// 100 minutes a person and week, 6 minutes a contribution: 16.67 contributions a week. IT has 40 active people and 4 weeks:
// 2,666.67 of its 3,000; Sales is far below. So the company counts 100 + 2,666.67 + 0 and not 3,100.
func TestTheCeilingOfSharedEditing(t *testing.T) {
	doc, company := small(), smallUse()
	wiki := doc.Tools["wiki"]
	ceiling := exactly(100, assumptions.Minutes)
	wiki.Ceiling = &ceiling
	doc.Tools["wiki"] = wiki
	set := func(i int, contributions uint64) {
		company.Uses[i].Span = worth.Counts{adoption.Contribute: contributions}
		company.Uses[i].Last = company.Uses[i].Span
	}
	set(0, 3_100)
	set(1, 100)
	set(2, 3_000)
	m := model(t, doc, company)
	const counted = 100 / 6.0 * 40 * 4
	sure(t, counted*6/60, value(t, m, "it", "wiki").Hours, "IT")
	sure(t, 10, value(t, m, "sales", "wiki").Hours, "Sales")
	sure(t, 10+counted*6/60, value(t, m, adoption.Company, "wiki").Hours, "the company")
	require.Contains(t, value(t, m, "it", "wiki").Hours.Formula, "333.33 contribute lie over the ceiling of 100 min an active person and week, and are not counted")
}

// Of the company's value, minutes, attribution, recapture and the two rates make all; a line that makes less than what is
// left after 80 % has no say in the grade.
func TestTheGradeIsTheWorstOfWhatMakesTheFigure(t *testing.T) {
	grade := func(change func(*assumptions.Document)) worth.Value {
		doc := small()
		change(doc)
		return value(t, model(t, doc, smallUse()), adoption.Company, "wiki")
	}
	set := func(in assumptions.Input, g assumptions.Grade) assumptions.Input {
		in.Grade = g
		return in
	}
	require.Equal(t, assumptions.Used, grade(func(*assumptions.Document) {}).CapacityValue.Grade)
	require.Equal(t, assumptions.Assumed, grade(func(d *assumptions.Document) { d.Recapture = set(d.Recapture, "C") }).CapacityValue.Grade)
	require.Equal(t, assumptions.Used, grade(func(d *assumptions.Document) { d.Recapture = set(d.Recapture, "C") }).Hours.Grade, "hours know nothing of recapture")
	// Views make 7,800 of 10,200 minutes, 76 %, so contributions are needed for 80 %.
	contributions := func(d *assumptions.Document) {
		d.Tools["wiki"].Minutes[adoption.Contribute] = set(d.Tools["wiki"].Minutes[adoption.Contribute], "C")
	}
	require.Equal(t, assumptions.Assumed, grade(contributions).Hours.Grade)
	// With 1 minute each they make 400 of 8,200, 5 %.
	require.Equal(t, assumptions.Used, grade(func(d *assumptions.Document) {
		d.Tools["wiki"].Minutes[adoption.Contribute] = exactly(1, assumptions.Minutes)
		contributions(d)
	}).Hours.Grade)
	require.Equal(t, assumptions.Assumed, grade(func(d *assumptions.Document) {
		w := d.Tools["wiki"]
		w.Benefits = nil
		d.Tools["wiki"] = w
	}).CashIn.Grade, "nothing is entered")
}

// A cost of 0 / 5 / 10 is paid in every draw, so there is a return; only at its low end, which no draw has, there is none.
func TestACostThatMayBeNothing(t *testing.T) {
	doc := small()
	doc.Tools["wiki"] = assumptions.Tool{Category: "wiki", Attribution: exactly(0.5, assumptions.Share), Benefits: doc.Tools["wiki"].Benefits,
		Costs: []assumptions.Cost{cost("vendor", line("Vendor", ranged(0, 5, 10, assumptions.Money), assumptions.Month))}}
	m := model(t, doc, smallUse())
	v := value(t, m, adoption.Company, "wiki")
	// 0.8 × 125 a month against 1.2 × 5 at the likely value; the median of the draws is 5, too.
	require.InDelta(t, (100-6)/6.0, *v.ROI.Likely, 1e-9)
	require.InDelta(t, (100-6)/6.0, *v.ROI.P50, 0.1)
	tornado, err := m.Tornado(adoption.Company, "wiki", "roi")
	require.NoError(t, err)
	require.Nil(t, tornado.Bars[0].AtLow)
	require.InDelta(t, (100-12)/12.0, *tornado.Bars[0].AtHigh, 1e-9)
}

func TestWhatCannotBeAsked(t *testing.T) {
	doc, company := small(), smallUse()
	m := model(t, doc, company)
	_, err := m.Tornado(adoption.Company, "wiki", "joy")
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	for _, at := range [][2]string{{"nowhere", "wiki"}, {adoption.Company, "chat"}, {"nowhere", adoption.AllTools}} {
		_, err = m.Tornado(at[0], at[1], "npv")
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), at)
		_, err = m.Scenarios(at[0], at[1])
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), at)
		_, err = m.Unproductive(at[0], at[1])
		require.Equal(t, adoption.NotFound, adoption.CodeOf(err), at)
		require.Empty(t, m.Values([]string{at[0]}, []string{at[1]}))
	}
	_, err = m.BreakEven(adoption.Company, adoption.AllTools)
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	company.Units = append(company.Units, worth.Place{ID: "a", Parent: "b"}, worth.Place{ID: "b", Parent: "a"})
	_, err = worth.New(doc, company, 10, 1)
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
	company = smallUse()
	company.To = company.From - 1
	_, err = worth.New(doc, company, 10, 1)
	require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err))
}
