package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// demoPages are the pages that only the demo company has something to tell on, or that look the same everywhere, by the names of
// their pictures. The others are in TestScreens of package dashboard.
var demoPages = []struct{ name, path string }{
	{"pilots", "/pilots"}, {"pilot", "/pilots/notes"}, {"campaigns", "/campaigns"}, {"campaign", "/campaigns/documents-training"}, {"targets", "/targets"}, {"stages", "/stages"}, {"renewals", "/value/renewals"}, {"versions", "/value/assumptions"},
	{"value-figure", "/value/figures/net_capacity"}, {"settings", "/settings"}, {"people", "/settings/people"}, {"audit", "/audit"}, {"account", "/account"}, {"api", "/account/api"},
}

// TestScreensOfTheDemo signs in to the demo company of `make run` as a person does, reads its overview and opens the pages
// that tell more of it. With UPTAKE_TEST_SCREENS it keeps the pictures, some of which README shows.
func TestScreensOfTheDemo(t *testing.T) {
	const password = "correct horse battery"
	h := newHouse(t, "UPTAKE_ADMIN_PASSWORD="+password, "UPTAKE_DEMO=manufacturer")
	s := h.serve()
	tab := openTab(t)
	require.NoError(t, chromedp.Do(tab, chromedp.Navigate(s.url+"/"), chromedp.WaitVisible(chromedp.CSS("input[name=password]")),
		chromedp.SetValue(chromedp.CSS("input[name=user]"), "admin"), chromedp.SendKeys(chromedp.CSS("input[name=password]"), password)))
	_, err := chromedp.RunResponse(tab, chromedp.Click(chromedp.CSS("form .primary")))
	require.NoError(t, err)
	for name, width := range map[string]int64{"demo-overview-desk": 1440, "demo-overview-phone": 390} {
		require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, 900)))
		require.NoError(t, chromedp.Do(tab, chromedp.Navigate(s.url+"/"), chromedp.WaitReady(chromedp.CSS("body"))))
		text, err := chromedp.Run(tab, chromedp.Evaluate[string]("document.body.innerText"))
		require.NoError(t, err)
		// Which verdicts units have depends on the weekday that the demo ends on, a little; its story is tested on days of its own.
		for _, words := range []string{"Demo company: a manufacturer of 300", "Customer Service", "Digital Products", "Ahead", "Quickwiki"} {
			require.Contains(t, text, words)
		}
		keepFitting(t, tab, name, width)
	}
	for look, width := range map[string]int64{"desk": 1440, "phone": 390} {
		for _, p := range demoPages {
			require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, 900)))
			response, err := chromedp.RunResponse(tab, chromedp.Navigate(s.url+p.path))
			require.NoError(t, err)
			require.EqualValues(t, http.StatusOK, response.Status, p.path)
			keepFitting(t, tab, p.name+"-"+look, width)
		}
	}
	require.Zero(t, s.stop())
}

// openTab starts Debian's Chromium with a profile of its own; it is closed with the test.
func openTab(t *testing.T) context.Context {
	options := append(chromedp.DefaultExecAllocatorOptions[:0:0], chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	allocator, closeBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser is gone, so that its profile can be removed
		cancel()
		closeTab()
		closeBrowser()
	})
	return ctx
}

// keepFitting keeps the picture of a page that is no wider than the window.
func keepFitting(t *testing.T, tab context.Context, name string, width int64) {
	t.Helper()
	wide, err := chromedp.Run(tab, chromedp.Evaluate[float64]("document.documentElement.scrollWidth"))
	require.NoError(t, err)
	require.LessOrEqual(t, int64(wide), width, "nothing of %s is wider than the window", name)
	keepPicture(t, tab, name, width)
}

func keepPicture(t *testing.T, tab context.Context, name string, width int64) {
	folder := os.Getenv("UPTAKE_TEST_SCREENS")
	if folder == "" {
		return
	}
	high, err := chromedp.Run(tab, chromedp.Evaluate[float64]("document.documentElement.scrollHeight"))
	require.NoError(t, err)
	require.NoError(t, chromedp.Do(tab, chromedp.EmulateViewport(width, int64(high))))
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644))
}
