package dashboard

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
)

func TestLocalPath(t *testing.T) {
	for given, want := range map[string]string{
		"/units/sales?tool=wiki": "/units/sales?tool=wiki", "/": "/", "": "/",
		"https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/\tevil": "/", "javascript:alert(1)": "/",
		"///evil.example": "/", "/..//evil.example": "/..//evil.example", "/sign-out": "/", "/sign-in?next=/": "/", "/%zz": "/",
	} {
		assert.Equal(t, want, localPath(given), "next=%q", given)
	}
}

func TestNumbers(t *testing.T) {
	l := must(loadLanguages()).of(english).locale
	assert.Equal(t, "130,000", count(l, 130000))
	assert.Equal(t, "950", l.compact(950))
	assert.Equal(t, "5,310", l.compact(5310))
	assert.Equal(t, "12.4"+nbsp+"k", l.compact(12_400))
	assert.Equal(t, "130"+nbsp+"k", l.compact(130_000))
	assert.Equal(t, "1.20"+nbsp+"M", l.compact(1_200_000))
	assert.Equal(t, "63.6"+nbsp+"%", l.percent(.6364, 1))
	assert.Equal(t, "+4.7", l.signed(4.66, 1))
	assert.Equal(t, "−0.3", l.signed(-.3, 1))
	assert.Equal(t, "±0.0", l.signed(-.04, 1))
	assert.Equal(t, "0", l.decimal(-.4, 0))
	assert.Equal(t, "−1,234.5", l.decimal(-1234.5, 1))
}

func TestMessagesChooseTheFormByNumber(t *testing.T) {
	words := must(loadLanguages()).of(english).words
	assert.Equal(t, "one day without data", words.text("trust.gap_days", "n", 1))
	assert.Equal(t, "3 days without data", words.text("trust.gap_days", "n", 3))
	assert.Equal(t, "[no.such]", words.text("no.such"))
}

func TestSessionsExpireEndAndAreSigned(t *testing.T) {
	now := storyNow
	s := newSessions(make([]byte, 32), false, func() time.Time { return now }, onePassword{}.Person)
	w := httptest.NewRecorder()
	s.start(w, httptest.NewRequest(http.MethodPost, "/sign-in", nil), access.Person{Name: "admin"})
	cookie := w.Result().Cookies()[0]
	assert.True(t, cookie.HttpOnly)
	assert.False(t, cookie.Secure, "a plain connection without a proxy cannot take Secure cookies")
	assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite)

	with := func(value string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: value})
		return r
	}
	ses, ok := s.of(with(cookie.Value))
	require.True(t, ok)
	assert.Equal(t, "admin", ses.Name)
	for _, forged := range []string{"", ".", cookie.Value + "x", "x" + cookie.Value, cookie.Value[:len(cookie.Value)-2]} {
		_, ok := s.of(with(forged))
		assert.False(t, ok, "cookie %q", forged)
	}
	other := newSessions(append(make([]byte, 31), 1), false, func() time.Time { return now }, onePassword{}.Person)
	_, ok = other.of(with(cookie.Value))
	assert.False(t, ok, "another key")

	now = now.Add(sessionLength - time.Second)
	_, ok = s.of(with(cookie.Value))
	assert.True(t, ok)
	now = now.Add(time.Second)
	_, ok = s.of(with(cookie.Value))
	assert.False(t, ok, "twelve hours are over")

	now = storyNow
	s.end(httptest.NewRecorder(), with(cookie.Value))
	_, ok = s.of(with(cookie.Value))
	assert.False(t, ok, "a copy of the cookie is worth nothing after sign-out")
}

func TestSecureCookiesUnderTLS(t *testing.T) {
	w := httptest.NewRecorder()
	newSessions(make([]byte, 32), true, time.Now, onePassword{}.Person).start(w, httptest.NewRequest(http.MethodPost, "/sign-in", nil), access.Person{Name: "admin"})
	assert.True(t, w.Result().Cookies()[0].Secure)
	w = httptest.NewRecorder()
	newSessions(make([]byte, 32), false, time.Now, onePassword{}.Person).start(w, httptest.NewRequest(http.MethodPost, "https://uptake.example/sign-in", nil), access.Person{Name: "admin"})
	assert.True(t, w.Result().Cookies()[0].Secure)
}

func TestSignInLimitIsPerAddress(t *testing.T) {
	now := storyNow
	l := newSignInLimit(func() time.Time { return now })
	from := func(address string) time.Duration {
		r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
		r.RemoteAddr = address
		return l.allow(r)
	}
	for range signInBurst {
		assert.Zero(t, from("192.0.2.1:1000"))
	}
	assert.Greater(t, from("192.0.2.1:2000"), time.Duration(0), "another port is the same address")
	assert.Zero(t, from("192.0.2.2:1000"))
	now = now.Add(signInEvery)
	assert.Zero(t, from("192.0.2.1:1000"))
	assert.Greater(t, from("192.0.2.1:1000"), time.Duration(0))
	for range signInBurst {
		assert.Zero(t, from("[2001:db8::1]:1000"))
	}
	assert.Greater(t, from("[2001:db8::ffff]:1000"), time.Duration(0), "one network of IPv6 is one client")
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{"gzip": true, "br, gzip;q=0.8": true, "gzip;q=0": false, "": false, "deflate": false, "GZIP": true} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", header)
		assert.Equal(t, want, acceptsGzip(r), header)
	}
}
