package dashboard

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/query"
	"uptake/value/assumptions"
	"uptake/value/cash"
)

// Somebody without a script changes an input, is refused, saves, is overtaken, takes the changes over, publishes; nothing is lost.
func assumptionsAreEdited(t *testing.T, r *rig) {
	v := r.signedIn()
	edit := func(form url.Values, want int) string {
		t.Helper()
		resp, body := v.post("/value/assumptions/edit", form)
		require.Equal(t, want, resp.StatusCode)
		return body
	}
	for _, path := range []string{"/value/assumptions", "/value/assumptions?version=0&against=0", "/value/assumptions/edit", "/value/assumptions/edit?section=chat"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
	}
	resp, _ := v.get("/value/assumptions/edit?section=fax")
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	resp, _ = r.visitor().post("/value/assumptions/publish", url.Values{"reason": {"mine"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	require.Contains(t, resp.Header.Get("Location"), "/sign-in")

	body := edit(url.Values{"revision": {"0"}, "/recapture/low": {"0.9"}, "/recapture/likely": {"0.5"}, "/rates/company/source": {"our own count"}}, http.StatusBadRequest)
	says(t, body, "Nothing was written")
	says(t, body, "recapture")
	says(t, body, `value="our own count"`, "what was typed stands there still")

	edit(url.Values{"revision": {"0"}, "/recapture/low": {"0.4"}, "/rates/company/source": {"our own count"}}, http.StatusSeeOther)
	edit(url.Values{"section": {"chat"}, "revision": {"1"}, "/tools/chat/minutes/contribute/high": {"1"}, "/tools/chat/costs/0/name": {"Adviser"}, "/tools/chat/costs/0/class": {"cash"}, "/tools/chat/costs/0/kind": {"consultants"},
		"/tools/chat/costs/0/per": {"once"}, "/tools/chat/costs/0/currency": {"EUR"}, "/tools/chat/costs/0/amount/unit": {"money"}, "/tools/chat/costs/0/amount/low": {"900"}, "/tools/chat/costs/0/amount/likely": {"1000"},
		"/tools/chat/costs/0/amount/high": {"1200"}, "/tools/chat/costs/0/amount/source": {"the offer"}, "/tools/chat/costs/0/amount/grade": {"B"}, "/tools/chat/costs/0/amount/owner": {"Ada"}}, http.StatusSeeOther)
	body = edit(url.Values{"revision": {"1"}, "/recapture/low": {"0.3"}}, http.StatusConflict)
	says(t, body, "saved in another window")
	_, body = v.get("/value/assumptions/edit?section=chat")
	says(t, body, "Adviser")

	document, err := json.Marshal(certainChat())
	require.NoError(t, err)
	status, _, text := newChecker(t).post(v, "/api/v1/value/assumptions", "editor-token", `{"version":0,"reason":"all is sure","document":`+string(document)+`}`)
	require.Equal(t, http.StatusCreated, status, text)
	resp, body = v.post("/value/assumptions/publish", url.Values{"revision": {"2"}, "reason": {"we counted"}})
	require.Equal(t, http.StatusConflict, resp.StatusCode)
	says(t, body, "Ada published version 1 on")
	says(t, body, `value="we counted"`)
	resp, _ = v.post("/value/assumptions/rebase", url.Values{})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	resp, body = v.post("/value/assumptions/publish", url.Values{"revision": {"3"}})
	require.Equal(t, http.StatusBadRequest, resp.StatusCode, "without a reason")
	says(t, body, "Say why")
	resp, _ = v.post("/value/assumptions/publish", url.Values{"revision": {"3"}, "reason": {"we counted"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)

	var a query.AssumptionsAnswer
	_, text = v.get("/api/v1/value/assumptions?against=1")
	require.NoError(t, json.Unmarshal([]byte(text), &a))
	assert.Equal(t, uint64(2), a.Version)
	assert.Equal(t, "admin", a.Published.Author)
	assert.InDelta(t, 0.4, a.Document.Recapture.Low, 1e-12, "mine")
	assert.InDelta(t, 60, a.Document.Rates[adoption.Company].Likely, 1e-12, "theirs")
	assert.Equal(t, "our own count", a.Document.Rates[adoption.Company].Source, "mine")
	assert.Equal(t, "2026-11-22", a.Document.Recapture.Set.String(), "an amount that was changed was set today")
	_, body = v.get("/value/assumptions?version=2&against=1")
	says(t, body, "What changed from Version 1 to Version 2")
	says(t, body, a.Changes[0].Path)

	costs := "tool,name,class,kind,per,low,likely,high,unit,source,grade,owner,set,currency\nchat,Hosting,cash,infrastructure,month,1,2,3,money,the bill,B,Ada,2026-11-01,EUR\n"
	resp, _ = v.post("/value/assumptions/costs", url.Values{"section": {"chat"}, "costs": {costs}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, body = v.get("/value/assumptions/edit?section=chat")
	says(t, body, "Hosting")
	resp, _ = v.post("/value/assumptions/discard", url.Values{})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, body = v.get("/value/assumptions/edit?section=chat")
	assert.NotContains(t, body, "Hosting")

	typesAndSees(t, r)
}

// typesAndSees walks with a browser: the effect comes while an input is typed, before anything is saved.
func typesAndSees(t *testing.T, r *rig) {
	w := openWindow(t, r.server.URL)
	for _, size := range []size{phone, desk} {
		w.resize(size, false)
		w.open("/value/assumptions/edit")
		if size == phone {
			w.signIn(testPassword)
		}
		w.fits("editor")
	}
	before := w.text("#effect")
	w.run(chromedp.SetValue(chromedp.CSS(`input[name="/rates/company/high"]`), ""), chromedp.SendKeys(chromedp.CSS(`input[name="/rates/company/high"]`), "600"))
	ask(w, chromedp.Poll[bool](`!!document.getElementById('effect').dataset.turn`))
	assert.NotEqual(t, before, w.text("#effect"), "the figures follow what is typed")
	w.follow("#editor .primary")
	assert.Contains(t, w.text(".done"), "Your draft is saved")
	w.run(chromedp.SendKeys(chromedp.CSS(`input[name=reason]`), "another rate"))
	w.follow(`form[action="/value/assumptions/publish"] .primary`)
	assert.Contains(t, w.text(".done"), "Version 3 is published")
	for _, path := range []string{"/value", "/value?unit=sales&tool=chat", "/value/figures/net_capacity", "/value/actions", "/value/assumptions"} {
		w.resize(phone, false)
		w.open(path)
		w.fits(path + " (phone)")
	}
}

func TestAFormIsPutIntoADocument(t *testing.T) {
	doc, today := certainChat(), adoption.Day(20_500)
	read := func(form url.Values) *assumptions.Document {
		text, err := formed(doc, form, today)
		require.NoError(t, err)
		got, err := assumptions.Read(text)
		require.NoError(t, err)
		return got
	}
	assert.Empty(t, assumptions.Diff(doc, read(url.Values{"section": {"chat"}, "/tools/chat/costs/3/currency": {"EUR"}, "/recapture/low": {"0.50"}})), "an empty line is none, and 0.50 is 0.5")
	assert.Len(t, read(url.Values{"remove": {"/tools/chat/costs/0", "/tools/chat/costs/2"}}).Tools["chat"].Costs, 1)
	changed := read(url.Values{"/tools/chat/attribution/likely": {"0.4"}, "/tools/chat/attribution/high": {"0.6"}, "/tools/chat/time_counted": {"yes"}})
	assert.Equal(t, cash.Range{Low: 0.4, Likely: 0.4, High: 0.6}, changed.Tools["chat"].Attribution.Range)
	assert.Equal(t, today, changed.Tools["chat"].Attribution.Set)
	assert.Equal(t, adoption.Day(20_000), changed.Recapture.Set, "what was not changed was set when it was set")
	assert.True(t, changed.Tools["chat"].TimeCounted)
	for _, wrong := range []string{"/colour", "/tools/fax/attribution/low", "/tools/chat/costs/x/name", "/tools/chat/costs/9/name", "/recapture"} {
		text, err := formed(doc, url.Values{wrong: {"many"}}, today)
		require.NoError(t, err)
		got, err := assumptions.Read(text)
		if err == nil {
			assert.Empty(t, assumptions.Diff(doc, got), wrong)
		}
	}
	text, err := formed(doc, url.Values{"/recapture/low": {"many"}}, today)
	require.NoError(t, err)
	_, err = assumptions.Read(text)
	require.ErrorContains(t, err, "recapture.low")
	assert.Equal(t, []string{"tools", "a/b~c", "0"}, stepsOf(pointer("tools", "a/b~c", "0")))
}

// Of what two changed each has a part: mine where both did.
func TestChangesAreTakenOver(t *testing.T) {
	base, mine, theirs := certainChat(), certainChat(), certainChat()
	mine.Recapture.Low, mine.Horizon = 0.3, 24
	theirs.Recapture.High, theirs.Recapture.Source, theirs.Horizon = 0.7, "theirs", 48
	theirs.Tools["wiki"] = theirs.Tools["chat"]
	text, err := merged(base, mine, theirs)
	require.NoError(t, err)
	got, err := assumptions.Read(text)
	require.NoError(t, err)
	assert.Equal(t, cash.Range{Low: 0.3, Likely: 0.5, High: 0.5}, got.Recapture.Range)
	assert.Equal(t, "theirs", got.Recapture.Source)
	assert.Equal(t, 24, got.Horizon)
	assert.Contains(t, got.Tools, "wiki")
	assert.Equal(t, "3", strconv.Itoa(len(got.Tools["chat"].Costs)))
}
