package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pages are what people open, for any unit and tool.
var pages = []question{
	{"overview", 0, func(*viewer) string { return "/" }},
	{"units", 0, func(*viewer) string { return "/units" }},
	{"a unit", 0, func(v *viewer) string { return fmt.Sprintf("/units/unit-%03d", v.random.IntN(400)) }},
	{"tools", 0, func(*viewer) string { return "/tools" }},
	{"a tool", 0, func(v *viewer) string { return "/tools/" + v.tool() }},
	{"collaboration", 0, func(*viewer) string { return "/collaboration" }},
	{"value", 0, func(*viewer) string { return "/value" }},
	{"pilots", 0, func(*viewer) string { return "/pilots" }},
	{"campaigns", 0, func(*viewer) string { return "/campaigns" }},
	{"data trust", 0, func(*viewer) string { return "/trust" }},
	{"settings", 0, func(*viewer) string { return "/settings" }},
}

const pageRounds = 10 // how often each viewer opens every page

// benchPages opens each page first after a restart, alone, and by all viewers at once, as a browser does: signed in, compressed.
func benchPages(b *testing.B, t *table, k *bank) {
	k.prepare(b)
	password := k.must("password")
	var took [3][][]time.Duration
	for n := range took {
		took[n] = make([][]time.Duration, len(pages))
	}
	bytes := make([]int64, len(pages))
	for i, p := range pages {
		s := k.serve()
		v := k.reader(b, s, password, 1)
		took[0][i] = []time.Duration{v.open(p)}
		require.Zero(b, s.stop(), "%s", s.log)
	}
	s := k.serve()
	defer s.kill()
	single := k.reader(b, s, password, 2)
	for i, p := range pages {
		single.open(p)
		for range aloneTimes {
			took[1][i] = append(took[1][i], single.open(p))
			bytes[i] = max(bytes[i], single.size)
		}
	}
	k.profile(s, "pages")
	var wg sync.WaitGroup
	var mu sync.Mutex
	for n := range viewers {
		v := k.viewer(b, s, 100+n)
		v.client.Jar = single.client.Jar // the door lets a few sign in at once
		wg.Go(func() {
			for range pageRounds {
				for _, i := range v.random.Perm(len(pages)) {
					one := v.open(pages[i])
					mu.Lock()
					took[2][i] = append(took[2][i], one)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	t.line("pages: first after a restart, p50 alone, p95 of %d viewers at once without a pause", viewers)
	for i, p := range pages {
		for n := range took {
			slices.Sort(took[n][i])
		}
		t.figure(p.name, ms(took[0][i][0]), "ms", "< 1000", "again %.0f ms (< 200); p95 %.0f ms (< 150), p50 %.0f ms; %.1f kB compressed (< 200)",
			ms(at(took[1][i], 50)), ms(at(took[2][i], 95)), ms(at(took[2][i], 50)), float64(bytes[i])/1000)
	}
	require.Zero(b, s.stop(), "%s", s.log)
}

// reader is a viewer in a browser who has signed in and has seen no page yet.
func (k *bank) reader(b *testing.B, s *server, password string, n int) *viewer {
	v := k.viewer(b, s, n)
	jar, err := cookiejar.New(nil)
	require.NoError(b, err)
	v.client.Jar = jar
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := v.client.PostForm(s.url+"/sign-in", url.Values{"user": {adminUser}, "password": {strings.TrimSpace(password)}})
	require.NoError(b, err)
	require.NoError(b, response.Body.Close())
	require.Equal(b, http.StatusSeeOther, response.StatusCode)
	return v
}

// open opens a page and reads it to its end.
func (v *viewer) open(p question) time.Duration {
	path := p.path(v)
	request, err := http.NewRequest(http.MethodGet, v.server.url+path, nil)
	require.NoError(v.b, err)
	request.Header.Set("Accept-Encoding", "gzip")
	began := time.Now()
	response, err := v.client.Do(request)
	if err != nil {
		v.b.Errorf("%s: %v", path, err)
		return time.Since(began)
	}
	defer response.Body.Close()
	v.size, err = io.Copy(io.Discard, response.Body)
	took := time.Since(began)
	if err != nil || response.StatusCode != http.StatusOK {
		v.b.Error(fmt.Sprintf("%s: %d, %v", path, response.StatusCode, err))
	}
	return took
}
