package dashboard

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axeCore is Deque's checker of accessibility, as npm brings it; "" where it is not here.
func axeCore(t *testing.T) string {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("..", "cmd", "uptake", "testdata", "clients", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		require.Empty(t, os.Getenv("UPTAKE_TEST_ALL"), "axe-core from npm is not here: run `make clients`")
		t.Log("left out: axe-core from npm is not here; `make clients` brings it")
	}
	return string(script)
}

// accessible asserts that axe-core finds nothing serious or critical on the page that the window shows.
func (w *window) accessible(script, what string) {
	w.t.Helper()
	if script != "" {
		assert.Empty(w.t, w.barriers(script), what)
	}
}

// barriers is what axe-core finds serious or critical: by the rules of WCAG A and AA, and of good practice.
func (w *window) barriers(script string) []string {
	w.t.Helper()
	w.run(chromedp.Evaluate[chromedp.Void](script + `;
		window.axeSaid = '';
		axe.run(document, {resultTypes: ['violations']}).then(r => window.axeSaid = JSON.stringify({kept: r.passes.length,
			wrong: r.violations.filter(v => v.impact == 'serious' || v.impact == 'critical').map(v => v.id + ' at ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', '))}),
			e => window.axeSaid = JSON.stringify({kept: 0, wrong: [String(e)]}));
		undefined`))
	var said struct {
		Kept  int
		Wrong []string
	}
	require.NoError(w.t, json.Unmarshal([]byte(ask(w, chromedp.Poll[string](`window.axeSaid`))), &said))
	assert.Greater(w.t, said.Kept, 10, "axe-core has looked at the page")
	return said.Wrong
}
