package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestScreensOfTheDemo signs in to the demo company of `make run` as a person does and reads its overview. With
// UPTAKE_TEST_SCREENS it keeps the pictures that README shows.
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
		wide, err := chromedp.Run(tab, chromedp.Evaluate[float64]("document.documentElement.scrollWidth"))
		require.NoError(t, err)
		require.LessOrEqual(t, int64(wide), width, "nothing is wider than the window")
		keepPicture(t, tab, name, width)
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
