package dashboard

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// A reader with a browser: a wrong password, the right one, the overview, a unit, a figure, a table, out of the demo.
func TestReaderWalksThrough(t *testing.T) {
	r := newRig(t, nil)
	w := openWindow(t, r.server.URL)
	demo := r.company.Load()
	for name, size := range map[string]size{"desk": desk, "phone": phone} {
		t.Run(name, func(t *testing.T) {
			r.company.Store(demo) // the last walk has left it
			w.resize(size, false)
			w.open("/units/sales")
			w.signIn("wrong")
			assert.Contains(t, w.text("[role=alert]"), "do not match")
			w.signIn(testPassword)
			assert.Contains(t, w.text("h1"), "Adoption in Sales", "back where the reader wanted to go")

			w.follow("header.rail nav a")
			assert.Contains(t, w.text("h1"), "215 of 310 people")
			assert.Equal(t, int64(5), w.number("document.querySelectorAll('.figure').length"))
			assert.Contains(t, w.text(".ranking tbody tr"), "Production")
			w.fits("overview")

			w.follow(".ranking tbody a")
			assert.Contains(t, w.text("h1"), "Adoption in Production")
			assert.Contains(t, w.text(".ranking"), "Plant South")
			w.fits("unit")

			w.run(chromedp.Click(chromedp.CSS(".as-table summary")))
			assert.Contains(t, w.text(".as-table[open] table"), "15 Nov 2026")

			w.follow(".figure")
			assert.Contains(t, w.text(".formula"), "÷ people with access")
			assert.Contains(t, w.text("h1"), "%")
			w.fits("figure")

			w.open("/?tool=chat")
			assert.Contains(t, w.text(".of"), "Chat")
			w.follow(".demo button")
			assert.Contains(t, w.text("h1"), "Nothing has arrived yet")
			w.fits("start")
			w.follow("form.foot button")
			assert.Contains(t, w.text("h1"), "Sign in")
		})
	}
}

// The script only adds comfort: a pointer over a chart reads its value; nothing was refused by the content policy.
func TestTooltipReadsTheValue(t *testing.T) {
	r := newRig(t, nil)
	w := openWindow(t, r.server.URL)
	w.resize(desk, false)
	w.open("/sign-in")
	w.signIn(testPassword)
	w.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('.wide .c-hit').scrollIntoView({block:'center'}); undefined`))
	// Scrolling hides the tip, and browsers tell of scrolling when they come to it: so the pointer moves until it is seen.
	told := ask(w, chromedp.Poll[string](`(() => { const a = document.querySelector('.wide .c-hit'), b = a.getBoundingClientRect();
		a.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: b.x + 2, clientY: b.y + 40}));
		const tip = document.querySelector('.tip'); return tip && !tip.hidden && tip.textContent; })()`))
	assert.Contains(t, told, "%")
}
