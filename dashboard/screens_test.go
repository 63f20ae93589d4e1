package dashboard

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"

	"uptake/access"
)

// TestScreens looks at every page as a desk and a phone show it, by day and by night: nothing scrolls sideways.
// With UPTAKE_TEST_SCREENS=DIR it keeps the pictures (make screens: docs/screens).
// On every page, axe-core finds nothing serious: by day on a desk, by night on a phone.
func TestScreens(t *testing.T) {
	var accounts *access.Accounts
	r := newRig(t, func(c *Config) {
		housed(t, &accounts)(c)
		c.Settings = []Setting{{Key: "timezone", Variable: "UPTAKE_TIMEZONE", Doc: "reporting time zone", Value: "UTC"}}
		c.DeadLetters = &letterBox{}
		c.Tokens = must(access.OpenTokens(t.Context(), c.Company().DB, c.Accounts.Person, c.Now, c.Log))
	})
	axe := axeCore(t)
	w := openWindow(t, r.server.URL)
	w.open("/")
	pages := []struct{ name, path string }{
		{"overview", "/"}, {"unit", "/units/production"}, {"figure", "/figures/adoption_rate"}, {"units", "/units"}, {"tools", "/tools"}, {"tool", "/tools/chat"}, {"collaboration", "/collaboration"}, {"trust", "/trust"}, {"value", "/value"}, {"assumptions", "/value/assumptions/edit"}, {"hidden", "/units/legal"}, {"not-found", "/nowhere"},
	}
	shoot := func(name, path string) {
		for _, look := range []struct {
			name string
			size size
			dark bool
		}{{"desk", desk, false}, {"desk-dark", desk, true}, {"phone", phone, false}, {"phone-dark", phone, true}} {
			w.resize(look.size, look.dark)
			w.open(path)
			w.fits(name + " (" + look.name + ")")
			if look.dark == (look.size == phone) {
				w.accessible(axe, name+" ("+look.name+")")
			}
			if !look.dark || name == "overview" || name == "unit" {
				w.shoot(name + "-" + look.name)
			}
		}
	}
	shoot("sign-in", "/sign-in")
	w.signIn(testPassword)
	for _, p := range pages {
		shoot(p.name, p.path)
	}
	w.resize(phone, false)
	for _, path := range []string{"/figures/active_28", "/figures/engagement_score", "/figures/stickiness", "/figures/active_not_enabled", "/?tool=notepad", "/units/unassigned", "/units/company.rest"} {
		w.open(path)
		w.fits(path + " (phone)")
	}
	for _, path := range []string{"/pilots", "/campaigns", "/value/actions", "/value/assumptions", "/value/figures/net_capacity", "/account", "/account/api", "/settings", "/settings/people", "/audit", "/dead-letters", "/?from=2026-10-01&to=2026-09-01&compare=year", "/?lang=de"} {
		w.open(path)
		w.fits(path + " (phone)")
		w.accessible(axe, path)
	}
	if axe != "" { // it would tell
		w.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('h1').insertAdjacentHTML('afterend', '<input class="bare"><p class="planted">pale</p>'); document.querySelector('.planted').style.color = '#ddd'; undefined`))
		assert.Equal(t, []string{"color-contrast at .planted", "label at .bare"}, w.barriers(axe))
	}
	w.resize(size{1024, 768}, false)
	w.open("/")
	w.fits("overview (tablet)")
	w.shoot("overview-tablet")
	w.resize(size{718, 1016}, false) // A4 within its margins
	w.media("print")
	w.fits("overview (print)")
	w.shoot("overview-print")
	r.company.Store(r.real)
	shoot("start", "/")
}
