package dashboard

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"uptake/access"
)

// What each role finds in the rail, written down by hand.
var rails = map[access.Role][]string{
	access.Viewer:    {"/", "/units", "/tools", "/collaboration", "/value", "/pilots", "/trust", "/account"},
	access.Lead:      {"/", "/trust", "/account"},
	access.Marketing: {"/", "/units", "/tools", "/collaboration", "/value", "/pilots", "/trust", "/account"},
	access.IT:        {"/", "/units", "/tools", "/collaboration", "/value", "/pilots", "/trust", "/account"},
	access.Finance:   {"/", "/units", "/tools", "/collaboration", "/value", "/pilots", "/trust", "/account"},
	access.Admin:     {"/", "/units", "/tools", "/collaboration", "/value", "/pilots", "/trust", "/settings", "/account"},
}

// Each role signs in with a browser, finds its sections and no others, goes down into a figure, and signs out; finance publishes, a
// viewer takes files home. The audit log has all of it.
func TestEachRoleWalksThrough(t *testing.T) {
	var accounts *access.Accounts
	r := newRig(t, func(c *Config) {
		housed(t, &accounts)(c)
		c.Settings = []Setting{}
	})
	w := openWindow(t, r.server.URL)
	w.resize(desk, false)
	for _, role := range access.Roles() {
		r.now.Add(int64(60e9)) // the limit of one address has its tries back
		w.open("/sign-in")
		w.signInAs(string(role), testPassword)
		rail := strings.Fields(ask(w, chromedp.Evaluate[string](`Array.from(document.querySelectorAll('header.rail nav > ul > li > a')).map(a => a.pathname).join(' ')`)))
		assert.Equal(t, rails[role], rail, role)
		for _, s := range sections {
			want := http.StatusForbidden
			for _, path := range rail {
				if path == s.Path {
					want = http.StatusOK
				}
			}
			status, _ := w.fetch(s.Path)
			assert.Equal(t, want, status, "%s for %s", s.Path, role)
		}
		switch role {
		case access.Viewer:
			w.takesHome(t)
		case access.Finance:
			w.publishes(t)
		}
		w.open("/")
		if role != access.Lead {
			w.follow(".ranking tbody a")
		}
		assert.Contains(t, w.text("h1"), "Adoption in Production", role)
		w.follow(".figure")
		assert.Contains(t, w.text(".formula"), "÷ people with access", role)
		w.follow("form.foot button")
		assert.Contains(t, w.text("h1"), "Sign in", role)
		_, page := w.fetch("/trust")
		assert.Contains(t, page, `name="password"`, "%s is out", role)
	}
	log := lines(t, r)
	for _, line := range []string{"viewer sign_in  done", "viewer export / tools.csv done", "viewer export / tools.xlsx done", "viewer export /reports/board-pack.pdf done", "viewer sign_out  done",
		"finance assumptions value/assumptions/1 done"} {
		assert.Contains(t, log, line)
	}
}

// takesHome reads what a page and a report are saved as.
func (w *window) takesHome(t *testing.T) {
	_, csv := w.fetch("/?save=tools.csv")
	assert.Contains(t, csv, "Tool,Adoption rate,Active")
	_, book := w.fetch("/?save=tools.xlsx")
	opened, err := excelize.OpenReader(strings.NewReader(book))
	require.NoError(t, err)
	defer opened.Close()
	rows, err := opened.GetRows("Uptake")
	require.NoError(t, err)
	assert.Equal(t, []string{"Tool", "Adoption rate"}, rows[3][:2])
	status, pdf := w.fetch("/reports/board-pack.pdf")
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, strings.Join(pagesOf(t, pdf), "\n"), "Adoption rose to 69")
}

// publishes changes a rate in the editor, saves it, and publishes it.
func (w *window) publishes(t *testing.T) {
	w.open("/value/assumptions/edit")
	w.run(chromedp.SetValue(chromedp.CSS(`input[name="/rates/company/high"]`), ""), chromedp.SendKeys(chromedp.CSS(`input[name="/rates/company/high"]`), "600"))
	w.follow("#editor .primary")
	w.run(chromedp.SendKeys(chromedp.CSS(`input[name=reason]`), "another rate"))
	w.follow(`form[action="/value/assumptions/publish"] .primary`)
	assert.Contains(t, w.text(".done"), "Version 1 is published")
}

// fetch asks for an address as the page that is shown would, following redirects.
func (w *window) fetch(path string) (status int, body string) {
	w.t.Helper()
	address, err := json.Marshal(path)
	require.NoError(w.t, err)
	w.run(chromedp.Evaluate[chromedp.Void](`window.fetched = ''; fetch(` + string(address) + `).then(async r => { const b = new Uint8Array(await r.arrayBuffer()); let s = '';
		for (let i = 0; i < b.length; i += 8192) s += String.fromCharCode(...b.subarray(i, i + 8192)); window.fetched = JSON.stringify({status: r.status, body: btoa(s)}); }); undefined`))
	var got struct {
		Status int
		Body   string
	}
	require.NoError(w.t, json.Unmarshal([]byte(ask(w, chromedp.Poll[string](`window.fetched`))), &got))
	text, err := base64.StdEncoding.DecodeString(got.Body)
	require.NoError(w.t, err)
	return got.Status, string(text)
}
