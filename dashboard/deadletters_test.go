package dashboard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// letterBox keeps dead letters in memory, as the interface says. The real ones are tested in ingest and cmd.
type letterBox struct {
	mu      sync.Mutex
	letters []DeadLetter
	refused []RefusedEvents
	broken  error
}

func (b *letterBox) Refused(_ context.Context, n int) ([]RefusedEvents, error) {
	return b.refused[:min(n, len(b.refused))], b.broken
}

func (b *letterBox) Count(context.Context) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return uint64(len(b.letters)), b.broken
}

func (b *letterBox) List(_ context.Context, from uint64, n int) (DeadLetterList, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := DeadLetterList{Total: uint64(len(b.letters))}
	for _, l := range b.letters {
		if l.Number < from {
			continue
		}
		if len(list.Letters) == n {
			list.Next = l.Number
			break
		}
		l.Content = nil
		list.Letters = append(list.Letters, l)
	}
	return list, b.broken
}

func (b *letterBox) Show(_ context.Context, number uint64) (DeadLetter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.letters {
		if l.Number == number {
			return l, b.broken
		}
	}
	return DeadLetter{}, &adoption.Error{Code: adoption.NotFound, Message: "There is no such dead letter."}
}

func (b *letterBox) Replay(_ context.Context, number uint64) (events, kept int, err error) {
	return b.take(number, false)
}

func (b *letterBox) Drop(_ context.Context, number uint64) (int, error) {
	before, _ := b.Count(context.Background())
	_, _, err := b.take(number, true)
	after, _ := b.Count(context.Background())
	return int(before - after), err
}

func (b *letterBox) take(number uint64, unreadable bool) (events, kept int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = slices.DeleteFunc(b.letters, func(l DeadLetter) bool {
		if number != 0 && l.Number != number {
			return false
		}
		if !l.Replayable && !unreadable {
			kept++
			return false
		}
		events += l.Events
		return true
	})
	if number != 0 && kept > 0 {
		return 0, 1, &adoption.Error{Code: adoption.Conflict, Message: "It cannot be replayed."}
	}
	return events, kept, b.broken
}

// fullBox holds a refused event with a long reason, and a message that is none.
func fullBox() *letterBox {
	at := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	refused := []RefusedEvents{{Time: at, Source: "chat-export", More: 3, Events: []RefusedEvent{{"m-17", "action", "is not known"}, {"", "time", "missing"}}}}
	return &letterBox{refused: refused, letters: []DeadLetter{
		{Number: 7, Time: at, Events: 1, Replayable: true, Sources: "wiki-export", Bytes: 143,
			Reason: "code: 469, message: Constraint `positive` for table uptake.events (5b7cb7f3-40c1-4d8e-9c5a-9d6a1b1f1f11) is violated at row 1. Expression: (quantity > 0). Column values: quantity = 0: While executing WaitForAsyncInsert",
			Content: [][]DeadLetterField{{{"source", "wiki-export"}, {"tool", "wiki"}, {"action", "edit"}, {"class", "contribute"}, {"time", "2026-11-20 09:29:00 UTC"},
				{"quantity", "0"}, {"object", "5e454cbb…"}, {"object_type", "page"}, {"actor", "4bbeda7e…"}, {"id", "12136812…"}, {"received", "2026-11-20 09:29:01 UTC"}}}},
		{Number: 9, Time: at.Add(time.Hour), Bytes: 17, Reason: "the message cannot be read: it does not start as one"},
	}}
}

func TestDeadLettersAreShownReplayedAndDropped(t *testing.T) {
	box := fullBox()
	r := newRig(t, func(c *Config) { c.DeadLetters = box })
	v := r.signedIn()
	_, body := v.get("/trust")
	says(t, body, "2 messages that were accepted could not be loaded")
	says(t, body, `href="/dead-letters"`)
	resp, body := v.get("/dead-letters")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assertStrict(t, "/dead-letters", resp, body)
	for _, want := range []string{"2 messages could not be loaded", "Constraint `positive`", "wiki-export", "143 bytes", "Replay all", `href="/dead-letters/7"`,
		"Refused at the door", "m-17", "is not known", "chat-export", "And 3 more events."} {
		says(t, body, want)
	}
	resp, body = v.get("/dead-letters/7")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assertStrict(t, "/dead-letters/7", resp, body)
	for _, want := range []string{"Letter 7", "refuses to store", "5e454cbb…", "Replay this letter"} {
		says(t, body, want)
	}
	_, body = v.get("/dead-letters/9")
	says(t, body, "This message cannot be read.")
	assert.NotContains(t, body, "/dead-letters/replay", "what cannot be read cannot be replayed")

	resp, _ = v.post("/dead-letters/replay", url.Values{"number": {"9"}})
	require.Equal(t, http.StatusConflict, resp.StatusCode)
	resp, _ = v.post("/dead-letters/replay", url.Values{"all": {"1"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, body = v.get(resp.Header.Get("Location"))
	says(t, body, "One event went back to be loaded.")
	says(t, body, "One letter cannot be read as events and stays.")
	says(t, body, "One message could not be loaded.")
	resp, _ = v.post("/dead-letters/drop", url.Values{"number": {"9"}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	resp, body = v.get(resp.Header.Get("Location"))
	assertStrict(t, "/dead-letters", resp, body)
	says(t, body, "One letter was dropped.")
	says(t, body, "There are no dead letters")
	says(t, body, "A dead letter is an event")
	_, body = v.get("/trust")
	says(t, body, "Nothing lies with the dead letters now.")
}

func TestDeadLettersAreRefusedToStrangers(t *testing.T) {
	box := fullBox()
	r := newRig(t, func(c *Config) { c.DeadLetters = box })
	stranger := r.visitor()
	for _, path := range []string{"/dead-letters", "/dead-letters/7"} {
		resp, _ := stranger.get(path)
		require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	}
	v := r.signedIn()
	for _, path := range []string{"/dead-letters/replay", "/dead-letters/drop"} {
		resp, _ := stranger.post(path, url.Values{"all": {"1"}})
		require.Equal(t, "/sign-in", resp.Header.Get("Location"))
		resp, _ = v.post(path, nil)
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, "all must be said")
		request := v.request(http.MethodPost, path, strings.NewReader("all=1"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, _ = v.do(request)
		require.Equal(t, http.StatusForbidden, resp.StatusCode)
	}
	require.Len(t, box.letters, 2)
	for _, path := range []string{"/dead-letters/8", "/dead-letters/0", "/dead-letters/x"} {
		resp, _ := v.get(path)
		require.Equal(t, http.StatusNotFound, resp.StatusCode, path)
	}
	box.broken = errors.New("the spool is away")
	resp, body := v.get("/dead-letters")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	assert.NotContains(t, body, "the spool is away")
	assert.NotContains(t, body, "There are no dead letters", "nobody knows")
	assert.NotContains(t, body, "Nothing was refused.", "nor this")
	_, body = v.get("/trust")
	assert.NotContains(t, body, "Nothing: everything")
}

func TestManyDeadLettersComeInParts(t *testing.T) {
	box := &letterBox{}
	for i := range 120 {
		box.letters = append(box.letters, DeadLetter{Number: uint64(i + 1), Time: time.Now(), Reason: "no", Bytes: 3})
	}
	v := newRig(t, func(c *Config) { c.DeadLetters = box }).signedIn()
	path, seen := "/dead-letters", 0
	for range 3 {
		_, body := v.get(path)
		seen += strings.Count(body, `class="sub why"`)
		path = ""
		for from := range 121 {
			if next := fmt.Sprintf("/dead-letters?from=%d", from); strings.Contains(body, `"`+next+`"`) {
				path = next
			}
		}
	}
	require.Empty(t, path)
	require.Equal(t, 120, seen)
}

// TestScreensOfDeadLetters looks at the pages as a desk and a phone show them, and drops a letter with the mouse.
func TestScreensOfDeadLetters(t *testing.T) {
	box := fullBox()
	r := newRig(t, func(c *Config) { c.DeadLetters = box })
	w := openWindow(t, r.server.URL)
	w.resize(desk, false)
	w.open("/sign-in")
	w.signIn(testPassword)
	for _, look := range []struct {
		name string
		size size
	}{{"desk", desk}, {"phone", phone}} {
		w.resize(look.size, false)
		for name, path := range map[string]string{"dead-letters": "/dead-letters", "dead-letter": "/dead-letters/7", "dead-letter-unreadable": "/dead-letters/9"} {
			w.open(path)
			w.fits(name + " (" + look.name + ")")
			w.shoot(name + "-" + look.name)
		}
	}
	w.open("/trust")
	w.follow(`.more a[href="/dead-letters"]`)
	w.follow(`a[href="/dead-letters/9"]`)
	w.run(chromedp.Click(chromedp.CSS(`.sure summary`)))
	w.shoot("dead-letter-drop-phone")
	// On a phone the rail lies over the lower edge of the window: a reader scrolls the button above it, too.
	w.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('.sure form button').scrollIntoView({block:'center'}); undefined`))
	w.follow(`.sure form button`)
	assert.Contains(t, w.text("[role=status]"), "One letter was dropped.")
	w.run(chromedp.Evaluate[chromedp.Void](`document.querySelector('.deeds .primary').scrollIntoView({block:'center'}); undefined`))
	w.follow(`.deeds .primary`)
	assert.Contains(t, w.text("h1"), "There are no dead letters")
	w.fits("no dead letters (phone)")
	w.shoot("dead-letters-none-phone")
}
