package dashboard

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// window is a tab of Debian's Chromium.
type window struct {
	t    testing.TB
	ctx  context.Context // chromedp keeps the tab in it
	url  string
	size size
}

type size struct{ width, height int64 }

var (
	desk  = size{1440, 900}
	phone = size{390, 844}
)

// openWindow starts a browser with a profile of its own. It is closed with the test.
func openWindow(t testing.TB, url string) *window {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:0:0], chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true))
	allocator, closeBrowser := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser is gone, so that its profile can be removed
		cancel()
		closeTab()
		closeBrowser()
	})
	return &window{t: t, ctx: ctx, url: url}
}

func (w *window) run(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	require.NoError(w.t, chromedp.Do(w.ctx, steps...))
}

func ask[T any](w *window, action chromedp.Action[T]) T {
	w.t.Helper()
	answer, err := chromedp.Run(w.ctx, action)
	require.NoError(w.t, err)
	return answer
}

func (w *window) resize(s size, dark bool) {
	w.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	w.size = s
	w.run(chromedp.EmulateViewport(s.width, s.height))
	w.media("", &emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme})
}

// media shows the page as for that medium ("print", "" is the screen).
func (w *window) media(medium string, features ...*emulation.MediaFeature) {
	w.t.Helper()
	_, err := chromedp.Call(w.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: features})
	require.NoError(w.t, err)
}

func (w *window) open(path string) {
	w.t.Helper()
	w.run(chromedp.Navigate(w.url+path), chromedp.WaitReady(chromedp.CSS("body")))
}

// signIn types the administrator's password and waits for the page that follows.
func (w *window) signIn(password string) {
	w.t.Helper()
	w.signInAs("admin", password)
}

func (w *window) signInAs(name, password string) {
	w.t.Helper()
	w.run(chromedp.WaitVisible(chromedp.CSS(`input[name=password]`)), chromedp.SetValue(chromedp.CSS(`input[name=user]`), name),
		chromedp.SendKeys(chromedp.CSS(`input[name=password]`), password))
	w.follow(`form .primary`)
}

// follow clicks and waits until another page has come.
func (w *window) follow(selector string) {
	w.t.Helper()
	_, err := chromedp.RunResponse(w.ctx, chromedp.Click(chromedp.CSS(selector)))
	require.NoError(w.t, err)
}

func (w *window) text(selector string) string {
	w.t.Helper()
	return strings.ReplaceAll(ask(w, chromedp.Text(chromedp.CSS(selector))), nbsp, " ")
}

func (w *window) number(script string) int64 {
	w.t.Helper()
	return int64(ask(w, chromedp.Evaluate[float64](script)))
}

// fits asserts that nothing is wider than the window.
func (w *window) fits(what string) {
	w.t.Helper()
	assert.LessOrEqual(w.t, w.number("document.documentElement.scrollWidth"), w.number("document.documentElement.clientWidth"), "%s scrolls sideways", what)
}

// shoot writes a picture of the whole page into the folder that UPTAKE_TEST_SCREENS names, if it names one.
func (w *window) shoot(name string) {
	w.t.Helper()
	dir := os.Getenv("UPTAKE_TEST_SCREENS")
	if dir == "" {
		return
	}
	// The window is made as high as the page: what stands fixed at an edge then stands at the page's edge.
	w.run(chromedp.EmulateViewport(w.size.width, max(w.size.height, w.number("document.documentElement.scrollHeight"))))
	picture := ask(w, chromedp.FullScreenshot(100))
	require.NoError(w.t, os.MkdirAll(dir, 0o755))
	require.NoError(w.t, os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644))
}
