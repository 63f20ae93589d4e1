package dashboard

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
	"uptake/value/cash"
	"uptake/value/worth"
)

// certain is an input without doubt.
func certain(v float64, unit string) assumptions.Input {
	return assumptions.Input{Range: cash.Range{Low: v, Likely: v, High: v}, Unit: unit, Source: "the test", Grade: assumptions.Used, Owner: "the test", Set: 20_000}
}

// certainChat is a document in which everything is sure: 60 € an hour, recapture ½, attribution 0.4, 6 minutes a
// contribution and ½ a view; 5 € a seat and month, 20 hours of IT a month, 3,000 € paid once; 36,000 € a year fall away.
func certainChat() *assumptions.Document {
	line := func(name string, v float64, per assumptions.Per, unit string) assumptions.Line {
		l := assumptions.Line{Name: name, Amount: certain(v, unit), Per: per}
		if unit == assumptions.Money {
			l.Currency = "EUR"
		}
		return l
	}
	return &assumptions.Document{
		Currency: "EUR", Horizon: 12, Spread: assumptions.ByEnabled, Rates: map[string]assumptions.Input{adoption.Company: certain(60, assumptions.MoneyPerHour)},
		WorkingWeeks: certain(46, assumptions.Weeks), Recapture: certain(0.5, assumptions.Share), DiscountRate: certain(0.1, assumptions.Share),
		RiskBenefits: certain(0.2, assumptions.Share), RiskCosts: certain(0.2, assumptions.Share),
		Tools: map[string]assumptions.Tool{"chat": {
			Category: "chat", Attribution: certain(0.4, assumptions.Share),
			Minutes: map[adoption.Class]assumptions.Input{adoption.Contribute: certain(6, assumptions.Minutes), adoption.Consume: certain(0.5, assumptions.Minutes)},
			Costs: []assumptions.Cost{
				{Line: line("Licences", 5, assumptions.SeatMonth, assumptions.Money), Class: assumptions.Cash, Kind: "licences"},
				{Line: line("Running it", 20, assumptions.Month, assumptions.Hours), Class: assumptions.Capacity, Kind: "it_hours"},
				{Line: line("Roll-out", 3_000, assumptions.Once, assumptions.Money), Class: assumptions.Cash, Kind: "consultants"},
			},
			Benefits: []assumptions.Benefit{{Line: line("Old chat", 36_000, assumptions.Year, assumptions.Money), Kind: "replaced_tools"}},
		}},
	}
}

// renewing lets the licences of certainChat renew on 31 March, with notice until the end of the year.
func renewing(doc *assumptions.Document) *assumptions.Document {
	renewal, notice := adoption.DayOf(time.Date(2027, 3, 31, 0, 0, 0, 0, time.UTC), time.UTC), adoption.DayOf(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), time.UTC)
	licences := &doc.Tools["chat"].Costs[0]
	licences.Renewal, licences.Notice = &renewal, &notice
	return doc
}

func publishCertain(t testing.TB, c *checker, v *visitor) {
	document, err := json.Marshal(renewing(certainChat()))
	require.NoError(t, err)
	status, _, body := c.post(v, "/api/v1/value/assumptions", "editor-token", `{"version":0,"reason":"all is sure","document":`+string(document)+`}`)
	require.Equal(t, http.StatusCreated, status, body)
}

// One company for all of them: telling its story takes longer than what is asked of it.
func TestValueOverHTTP(t *testing.T) {
	c, v := newChecker(t), newRig(t, nil).visitor()
	t.Run("figures", func(t *testing.T) { valueOverHTTP(t, c, v) })
	t.Run("in depth", func(t *testing.T) { valueInDepthOverHTTP(t, c, v) })
	t.Run("targets", func(t *testing.T) { targetsOverHTTP(t, c, v) })
	t.Run("stages", func(t *testing.T) { stagesOverHTTP(t, c, v) })
	t.Run("renewals", func(t *testing.T) { renewalsOverHTTP(t, c, v) })
}

// By hand. From Sunday 2026-10-25 to Saturday 2026-11-21 there are 20 workdays. 275 people have chat (the plants and
// maintenance ¾ of 140, 105, all others 170), and each makes two contributions that count, and four views, a day: 11,000 and 22,000. Hours:
// (11,000 × 6 + 22,000 × ½) ÷ 60 = 1,283.33. Capacity value: × 0.4 × ½ × 60 = 15,400. The span has 28 × 12 ÷ 365 = 0.920548
// months: licences 5 × 275 = 1,375 a month, 1,265.75; 3,000 a month fall away, 2,761.64; net cash 1,495.89; IT 20 × 60 =
// 1,200 a month, 1,104.66. Ahead: 3,000 × 0.8 = 2,400 in and 1,375 × 1.2 = 1,650 out a month, 750 more in than out,
// after 3,000 × 1.2 = 3,600 at once: paid back in month 5 (4 × 750 = 3,000, 5 × 750 = 3,750).
func valueOverHTTP(t *testing.T, c *checker, v *visitor) {
	read := func(query string) (a query.ValueAnswer) {
		status, asked, body := c.get(v, "/api/v1/value"+query)
		require.Equal(t, http.StatusOK, status, body)
		require.True(t, asked)
		require.NoError(t, json.Unmarshal([]byte(body), &a))
		return a
	}
	start := read("?tool=chat")
	require.Equal(t, uint64(0), start.Version)
	require.Contains(t, start.Assumptions.Words, "Start values")
	require.Equal(t, assumptions.Assumed, start.Rows[0].CapacityValue.Grade)

	publishCertain(t, c, v)
	a := read("?tool=chat&children=1")
	require.Equal(t, uint64(1), a.Version)
	require.Equal(t, "Ada", a.Assumptions.Author)
	require.Equal(t, "2026-10-25", a.From.String())
	require.Equal(t, "2026-11-21", a.To.String())
	row := a.Rows[0]
	month := math.Pow(1.1, -1.0/12)
	annuity := month * (1 - 1/1.1) / (1 - month) // the sum of 1.1^(−t÷12) over 12 months
	for name, e := range map[string]struct {
		want float64
		got  worth.Figure
	}{
		"hours": {1_283.33, row.Hours}, "capacity value": {15_400, row.CapacityValue}, "cash in": {2_761.64, row.CashIn}, "cash out": {1_265.75, row.CashOut},
		"net cash": {1_495.89, row.NetCash}, "capacity costs": {1_104.66, row.CapacityCosts}, "net capacity": {14_295.34, row.NetCapacity},
		"npv": {-3_600 + 750*annuity, row.NPV}, "roi": {(-3_600 + 750*annuity) / (3_600 + 1_650*annuity), row.ROI}, "payback": {5, row.Payback},
		"combined": {1_495.89 + 14_295.34, row.Combined.Net}, "for each of 275": {1_265.75 / 275, *row.PerPerson.Cash.Enabled},
	} {
		for _, got := range []*float64{e.got.P10, e.got.P50, e.got.P90, e.got.Likely} {
			require.NotNil(t, got, name)
			require.InDelta(t, e.want, *got, 0.011, name)
		}
		require.NotEmpty(t, e.got.Formula, name)
	}
	require.Equal(t, 1.0, *row.NPVPositive)
	require.Equal(t, "the test", row.Inputs[0].Source)
	require.Equal(t, 28, row.Days)

	hidden := 0
	for _, child := range a.Rows[1:] {
		if child.Suppressed {
			hidden++
			require.NotEmpty(t, child.Why)
			require.Equal(t, child.Why, child.NPV.Why)
			require.Nil(t, child.Hours.P50, child.Unit)
			require.Nil(t, child.PerPerson.Cash.Enabled)
		}
	}
	require.GreaterOrEqual(t, hidden, 2, "legal and the board office are too small")

	all := read("")
	require.Equal(t, []string{"documents", "mail", "meetings", "notepad"}, all.Assumptions.NewTools)
	last := all.Rows[len(all.Rows)-1]
	require.Equal(t, adoption.AllTools, last.Tool)
	sum := 0.0
	for _, one := range all.Rows[:len(all.Rows)-1] {
		sum += *one.Hours.Likely
	}
	require.InDelta(t, sum, *last.Hours.Likely, 1e-6)

	for query, want := range map[string]struct {
		status int
		field  string
	}{"?assumptions=7": {404, "assumptions"}, "?unit=nowhere": {404, "unit"}, "?tool=fax": {404, "tool"}, "?from=2026-11-02&to=2026-11-01": {400, "from"},
		"?to=2026-12-01": {400, "to"}, "?unit=company.rest": {400, "unit"}, "?colour=red": {400, "colour"}} {
		status, _, body := c.get(v, "/api/v1/value"+query)
		require.Equal(t, want.status, status, query)
		require.Contains(t, body, `"field":"`+want.field+`"`, query)
	}
}
