package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEverythingIsBehindTheSignIn(t *testing.T) {
	r := newRig(t, nil)
	v := r.visitor()
	for _, rt := range r.d.routes() {
		path := strings.NewReplacer(":unit", "sales", ":figure", "adoption_rate", ":name", "none.css").Replace(rt.path)
		req := v.request(rt.method, path, nil)
		resp, body := v.do(req)
		switch {
		case rt.access == public:
		case rt.access.page:
			assert.Equal(t, http.StatusSeeOther, resp.StatusCode, path)
			assert.True(t, strings.HasPrefix(resp.Header.Get("Location"), "/sign-in"), path)
		default:
			assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, path)
			says(t, body, `"code":"unauthorized"`, path)
			assert.NotEmpty(t, resp.Header.Get("WWW-Authenticate"), path)
		}
		assert.NotContains(t, body, "Plant North", path)
	}
	resp, _ := v.get("/units/sales?tool=chat")
	assert.Equal(t, "/sign-in?next="+url.QueryEscape("/units/sales?tool=chat"), resp.Header.Get("Location"))
}

func TestSignInLeadsBackAndNowhereElse(t *testing.T) {
	r := emptyRig(t, nil)
	resp, _ := r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}, "next": {"/units/sales?tool=chat"}})
	assert.Equal(t, "/units/sales?tool=chat", resp.Header.Get("Location"))
	resp, _ = r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}, "next": {"//evil.example/"}})
	assert.Equal(t, "/", resp.Header.Get("Location"))
}

func TestWrongPasswordsAreCounted(t *testing.T) {
	r := emptyRig(t, nil)
	v := r.visitor()
	for range signInBurst {
		resp, body := v.post("/sign-in", url.Values{"user": {"admin"}, "password": {"guess"}})
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode)
		says(t, body, "do not match")
		assert.Empty(t, resp.Cookies())
	}
	resp, body := v.post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}})
	assert.Equal(t, http.StatusTooManyRequests, resp.StatusCode, "the right password has to wait, too")
	assert.Equal(t, "12", resp.Header.Get("Retry-After"))
	says(t, body, "Too many tries")
	r.now.Add(int64(signInEvery))
	resp, _ = v.post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}})
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
}

func TestSessionEnds(t *testing.T) {
	r := emptyRig(t, nil)
	v := r.signedIn()
	r.now.Add(int64(sessionLength))
	resp, _ := v.get("/")
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode, "twelve hours are over")

	v = r.signedIn()
	copied := v.http.Jar.Cookies(must(url.Parse(r.server.URL)))
	resp, _ = v.post("/sign-out", nil)
	assert.Equal(t, "/sign-in", resp.Header.Get("Location"))
	thief := r.visitor()
	thief.http.Jar.SetCookies(must(url.Parse(r.server.URL)), copied)
	resp, _ = thief.get("/")
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode, "a copied cookie is worth nothing after sign-out")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestOtherSitesCannotAct(t *testing.T) {
	r := emptyRig(t, nil)
	r.company.Store(newCompany(r.real.DB, "manufacturer", r.real.Now))
	v := r.signedIn()
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		req := v.request(http.MethodPost, "/demo/leave", nil)
		req.Header.Set(header[0], header[1])
		resp, body := v.do(req)
		assert.Equal(t, http.StatusForbidden, resp.StatusCode, header[0])
		says(t, body, "nothing was done")
	}
	assert.NotSame(t, r.real, r.company.Load(), "the demo is still shown")
}

func TestLongFormsAreRefused(t *testing.T) {
	r := emptyRig(t, nil)
	resp, _ := r.visitor().post("/sign-in", url.Values{"user": {"admin"}, "password": {strings.Repeat("x", maxBody)}})
	assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a form that is cut signs nobody in")
}

func TestConfigTellsAllThatIsMissing(t *testing.T) {
	_, err := New(Config{SessionKey: []byte("short")})
	require.Error(t, err)
	for _, want := range []string{"Company", "Accounts", "SessionKey"} {
		assert.ErrorContains(t, err, want)
	}
}
