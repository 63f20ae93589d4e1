package dashboard

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// A scenario is saved from the page of value: it stands there and in the API, with who saved it and why, and leads to its figures.
// What is refused is refused with its field, and nothing of it is kept.
func scenariosOnPages(t *testing.T, v *visitor) {
	saved := func() []query.SavedScenario {
		var a query.ScenariosAnswer
		resp, text := v.get("/api/v1/value/scenarios?tool=chat")
		require.Equal(t, http.StatusOK, resp.StatusCode, text)
		require.NoError(t, json.Unmarshal([]byte(text), &a))
		return a.Saved
	}
	good := url.Values{"name": {"Chat for all of Sales"}, "scenario": {"full_adoption"}, "unit": {"sales"}, "tool": {"chat"}, "from": {"2026-10-25"}, "to": {"2026-11-21"}, "assumptions": {"1"}, "reason": {"for the board"}}
	for _, wrong := range []struct {
		field, value, says string
		status             int
	}{{"name", " ", "name", 400}, {"scenario", "half", "scenario", 400}, {"reason", "", "reason", 400}, {"assumptions", "99", "99", 404}, {"unit", "nowhere", "nowhere", 404}, {"from", "2026-12-24", "from", 400}, {"assumptions", "", "assumptions", 400}} {
		form := maps.Clone(good)
		form.Set(wrong.field, wrong.value)
		resp, body := v.post("/value/scenarios", form)
		require.Equal(t, wrong.status, resp.StatusCode, "%s %s", wrong.field, readable(body))
		says(t, body, wrong.says)
		require.Empty(t, saved(), wrong.field)
		if wrong.field == "scenario" {
			says(t, body, `value="Chat for all of Sales"`, "what was typed stands there still")
		}
	}
	resp, body := v.post("/value/scenarios", good)
	require.Equal(t, http.StatusSeeOther, resp.StatusCode, readable(body))
	all := saved()
	require.Len(t, all, 1)
	require.Equal(t, []any{"chat-for-all-of-sales", "Chat for all of Sales", "full_adoption", "sales", "chat", uint64(1), "admin", "for the board"},
		[]any{all[0].ID, all[0].Name, all[0].Scenario, all[0].Unit, all[0].Tool, all[0].Version, all[0].Author, all[0].Reason})
	resp, body = v.get("/value")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assertStrict(t, "/value", resp, body)
	for _, want := range []string{"Saved scenarios", "Chat for all of Sales", "Sales, Chat, 25 Oct 2026 to 21 Nov 2026", "for the board", "admin, "} {
		says(t, body, want)
	}
	_, opened := v.get(strings.TrimSuffix(href(t, body, "/value?assumptions=1&from=2026-10-25&to=2026-11-21&tool=chat&unit=sales"), "#scenarios"))
	says(t, opened, "Assumptions version 1, published by Ada")
	resp, body = v.post("/value/scenarios", good)
	require.Equal(t, http.StatusConflict, resp.StatusCode, "it is there already")
	says(t, body, "Nothing was written")
	require.Len(t, saved(), 1)
}

// A rate is entered, shown, published with the version, and taken out again; a wrong one is refused with its field, and nothing
// of the form is kept.
func ratesOnPages(t *testing.T, v *visitor) {
	revision := func() string {
		_, body := v.get("/value/assumptions/edit")
		_, after, found := strings.Cut(body, `name="revision" value="`)
		require.True(t, found)
		number, _, _ := strings.Cut(after, `"`)
		return number
	}
	edit := func(form url.Values, want int) string {
		t.Helper()
		resp, body := v.post("/value/assumptions/edit", form)
		require.Equal(t, want, resp.StatusCode, readable(body))
		return body
	}
	rates := func() int {
		var a query.AssumptionsAnswer
		_, text := v.get("/api/v1/value/assumptions")
		require.NoError(t, json.Unmarshal([]byte(text), &a))
		return len(a.Document.Exchange)
	}
	began := revision()
	good := url.Values{"revision": {began}, "/exchange/0/from": {"USD"}, "/exchange/0/to": {"EUR"}, "/exchange/0/rate": {"0.92"}, "/exchange/0/date": {"2026-11-02"}, "/exchange/0/source": {"ECB"}, "/exchange/0/owner": {"Treasury"}}
	for _, wrong := range [][2]string{{"rate", "0"}, {"rate", "-0.92"}, {"rate", "many"}, {"rate", "NaN"}, {"rate", "1e13"}, {"rate", ""}, {"from", "Dollar"}, {"from", ""}, {"to", "USD"}, {"date", "soon"}, {"date", ""}, {"source", ""}, {"owner", " "}} {
		form := maps.Clone(good)
		form.Set("/exchange/0/"+wrong[0], wrong[1])
		form.Set("/recapture/low", "0.1") // right by itself, and not kept alone
		body := edit(form, http.StatusBadRequest)
		says(t, body, "Nothing was written", wrong)
		says(t, body, "exchange[0]."+wrong[0], wrong)
		if wrong[0] != "source" {
			says(t, body, `value="ECB"`, "what was typed stands there still")
		}
		require.Equal(t, began, revision(), "nothing was kept of %s", wrong)
	}
	edit(url.Values{"revision": {began}, "/exchange/0/to": {"EUR"}, "/exchange/0/date": {"2026-11-22"}}, http.StatusSeeOther) // the empty line, as it stands there
	_, page := v.get("/value/assumptions/edit")
	require.NotContains(t, page, "/exchange/1/", "there is none still")

	good.Set("revision", revision())
	edit(good, http.StatusSeeOther)
	_, page = v.get("/value/assumptions/edit")
	says(t, page, "USD → EUR")
	says(t, page, `name="/exchange/0/rate" type="number" step="any" min="0" max="1000000000000" value="0.92"`)
	require.Contains(t, page, "/exchange/1/", "a line for the next one")
	resp, body := v.post("/value/assumptions/publish", url.Values{"revision": {revision()}, "reason": {"a bill in dollars"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode, readable(body))
	require.Equal(t, 1, rates())
	resp, page = v.get("/value/assumptions")
	assertStrict(t, "/value/assumptions", resp, page)
	says(t, page, "1 USD is 0.92 EUR on 2 Nov 2026. ECB, Treasury.")

	edit(url.Values{"revision": {revision()}, "remove": {"/exchange/0"}}, http.StatusSeeOther)
	_, page = v.get("/value/assumptions/edit")
	require.NotContains(t, page, "/exchange/1/")
	require.Equal(t, 1, rates(), "published is what was published")
}
