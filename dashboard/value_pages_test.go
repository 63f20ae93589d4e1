package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
	"uptake/value/worth"
)

// What the pages about value, assumptions, pilots and campaigns say and do, over one company: first on the day when a pilot is
// registered, then on that of the story, under start values, and under what is published meanwhile.
func TestPagesOfWorth(t *testing.T) {
	r := newRig(t, nil)
	v := r.signedIn() // who comes too often has to wait
	t.Run("pilots and campaigns", func(t *testing.T) { pilotsOnPages(t, r, v) })
	t.Run("targets, stages and renewals", func(t *testing.T) { plansOnPages(t, r, v) })
	t.Run("start values", func(t *testing.T) { startValuesOnPages(t, r) })
	t.Run("editor", func(t *testing.T) { assumptionsAreEdited(t, r) })
	t.Run("figures", func(t *testing.T) { figuresOnPages(t, r) })
	t.Run("scenarios", func(t *testing.T) { scenariosOnPages(t, v) })
	t.Run("exchange rates", func(t *testing.T) { ratesOnPages(t, v) })
}

// Before anybody has published: what is asked wrongly is refused, what is hidden stays hidden.
func startValuesOnPages(t *testing.T, r *rig) {
	v := r.signedIn()
	for _, path := range []string{"/value", "/value?unit=sales&tool=chat&from=&to=&assumptions=0", "/value?unit=legal", "/value?unit=unassigned", "/value/figures/net_capacity?unit=sales", "/value/figures/combined.npv", "/value/figures/cash.active?tool=chat",
		"/value/figures/hours?unit=legal", "/value/actions?unit=sales", "/value/actions?from=2026-11-19&to=2026-11-19", "/value/actions?unit=legal"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
	}
	for path, want := range map[string]int{"/value?unit=nowhere": 404, "/value?tool=fax": 404, "/value?assumptions=9": 404, "/value?to=2027-01-01": 200, "/value?from=soon": 400, "/value?figure=luck": 200,
		"/value/figures/luck": 404, "/value/actions?unit=nowhere": 404} {
		resp, body := v.get(path)
		require.Equal(t, want, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
	}
	_, body := v.get("/value?figure=luck")
	says(t, body, "There is no figure “luck”", "one section fails, the others stand")
	says(t, body, "From cost to net")

	_, start := v.get("/value")
	says(t, start, "These are start values at grade C")
	_, hidden := v.get("/value?unit=legal")
	says(t, hidden, "fewer than 5 people")
	assert.NotContains(t, hidden, "c-span", "nothing is drawn of a group that is hidden")
	_, counts := v.get("/value/actions?unit=legal")
	says(t, counts, "fewer than 5 people")
}

// The pages say what the API answers, and lead from a figure to the counts in three clicks.
func figuresOnPages(t *testing.T, r *rig) {
	v := r.signedIn()
	var a query.ValueAnswer
	resp, text := v.get("/api/v1/value?tool=chat&unit=sales&assumptions=1")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, json.Unmarshal([]byte(text), &a))
	row := a.Rows[0]
	_, page := v.get("/value?tool=chat&unit=sales&assumptions=1")
	for name, f := range map[string]worth.Figure{"net cash": row.NetCash, "net capacity": row.NetCapacity, "npv": row.NPV, "for each active person": *row.PerPerson.Cash.Active} {
		number, _ := r.english().worthOf(*f.P50, inMoney, row.Currency)
		says(t, page, number, name)
	}
	says(t, page, "Assumptions version 1, published by Ada")
	_, german := v.get("/value?tool=chat&unit=sales&assumptions=1&lang=de")
	says(t, german, "Annahmen Version 1, veröffentlicht von Ada")
	number, _ := r.d.speaking(r.d.languages.of("de")).worthOf(*row.NPV.P50, inMoney, row.Currency)
	says(t, german, number)
	_, pdf := v.get("/reports/board-pack.pdf?tool=chat")
	pack := pagesOf(t, pdf)
	readsGerman(t, pack)
	words := strings.Join(strings.Fields(strings.Join(pack, " ")), " ")
	require.Regexp(t, `Annahmen Version \d+, veröffentlicht von (Ada|admin) am`, words)
	require.Regexp(t, `\([\d.,]+ × Beitrag zu [\d.,]+ Min\..* ÷ 60 = [\d.,]+ Std\.`, words, "the formula of hours, with its numbers")
	_, _ = v.get("/value?lang=en")
	assert.NotContains(t, readable(page), "start values at grade C")

	for _, saved := range []string{"/value?assumptions=0&save=w.png", "/value?assumptions=0&save=tn.png", "/value?assumptions=0&save=x.png", "/value?save=by-unit.csv", "/value/actions?save=counts.xlsx"} {
		resp, _ = v.get(saved)
		require.Equal(t, http.StatusOK, resp.StatusCode, saved)
	}
	// With twice the rate, hours are worth twice as much (TestValueOverHTTP has the 15,400), and cash is as it was.
	doc, one := certainChat(), uint64(1)
	doc.Rates[adoption.Company] = certain(120, assumptions.MoneyPerHour)
	effect, err := r.company.Load().ValueEffect(t.Context(), query.ValueQuestion{Tool: "chat", Version: &one}, doc)
	require.NoError(t, err)
	assert.InDelta(t, 15_400, *effect.Now.CapacityValue.P50, 0.011)
	assert.InDelta(t, 30_800, *effect.Then.CapacityValue.P50, 0.011)
	assert.InDelta(t, 1_495.89, *effect.Then.NetCash.P50, 0.011)
	_, err = r.company.Load().ValueEffect(t.Context(), query.ValueQuestion{Unit: "legal", Tool: "chat"}, doc)
	require.Equal(t, adoption.NotFound, adoption.CodeOf(err), "of a hidden group nothing is said")

	opened := href(t, page, "/value/figures/net_capacity")
	_, figure := v.get(opened)
	says(t, figure, row.NetCapacity.Formula, "the formula with its numbers")
	says(t, figure, "the test, set on", "owner and day")
	behind := href(t, figure, "/value/actions")
	_, counted := v.get(behind)
	var actions query.ActionsAnswer
	_, text = v.get("/api/v1/actions?tool=chat&unit=sales&by=source&from=2026-10-25&to=2026-11-21")
	require.NoError(t, json.Unmarshal([]byte(text), &actions))
	part := actions.Rows[0].Parts[0]
	says(t, counted, part.Action)
	says(t, counted, count(r.english().locale, part.Quantity), "the count that the API answers")
	day := href(t, counted, "/value/actions?assumptions=1&from=2026-11-19")
	_, oneDay := v.get(day)
	for _, want := range []string{"From 19 Nov 2026 to 19 Nov 2026", "chat-feed", part.Action} {
		says(t, oneDay, want)
	}
}

// href is the address of the first link that begins so.
func href(t *testing.T, body, begins string) string {
	t.Helper()
	_, after, found := strings.Cut(readable(body), `href="`+begins)
	require.True(t, found, "no link to %s", begins)
	rest, _, _ := strings.Cut(after, `"`)
	return begins + rest
}

func TestVerdictsNeedNineDrawsOfTen(t *testing.T) {
	at := func(p10, p90 float64) *worth.Figure { return &worth.Figure{P10: &p10, P90: &p90} }
	for want, f := range map[string]*worth.Figure{worth.WorthIt: at(1, 5), worth.NotWorthIt: at(-5, -1), worth.Open: at(-1, 5), "unknown": {Why: "two currencies"}} {
		assert.Equal(t, want, worthRule(f))
	}
	assert.Equal(t, worth.Open, worthRule(at(0, 0)), "nothing is neither")
	assert.Equal(t, "good", directionOf(-5, -1, -1), "less of a cost is good")
	assert.Equal(t, "bad", directionOf(1, 5, -1))
	assert.Empty(t, directionOf(1, 5, 0), "of hours nobody says so")
}
