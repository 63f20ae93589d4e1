package dashboard

import (
	"bufio"
	"html"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
)

const groupsOfTest = `groups:
  - {group: controllers, roles: [finance]}
  - {group: plant-managers, roles: [lead], units: [production]}`

// Sign-in by OpenID Connect with oidc-provider of npm, a process of its own, whose people stand in oidc-provider.mjs.
func TestSignInByOpenIDConnect(t *testing.T) {
	clients := filepath.Join("..", "cmd", "uptake", "testdata", "clients")
	if _, err := os.Stat(filepath.Join(clients, "node_modules", "oidc-provider")); err != nil {
		require.Empty(t, os.Getenv("UPTAKE_TEST_ALL"), "the provider from npm is not here: run `make clients`")
		t.Log("left out: the provider from npm is not here; `make clients` brings it")
		return
	}
	free := must(net.Listen("tcp", "127.0.0.1:0"))
	issuer := "http://" + free.Addr().String()
	require.NoError(t, free.Close())
	var accounts *access.Accounts
	r := emptyRig(t, func(cfg *Config) {
		housed(t, &accounts)(cfg)
		cfg.OIDC = &OIDC{Issuer: issuer, ClientID: "uptake", ClientSecret: "a secret of uptake", Groups: must(access.ParseGroups("roles.yaml", []byte(groupsOfTest)))}
	})
	r.d.provider.cfg.Callback = r.server.URL + "/sign-in/oidc/callback" // where the test's server came to listen
	r.now.Store(time.Now().UnixNano())                                  // the provider has a clock of its own

	v := r.visitor()
	_, body := v.get("/sign-in")
	says(t, body, "does not answer just now")
	assert.NotContains(t, body, `href="/sign-in/oidc`)
	resp, body := v.get("/sign-in/oidc")
	assert.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	says(t, body, "Nobody was signed in")
	assert.Empty(t, resp.Cookies())

	startProvider(t, clients, issuer, r.d.provider.cfg.Callback)
	_, body = v.get("/sign-in")
	says(t, body, "does not answer just now", "it is asked again only after a while")
	r.now.Add(int64(providerAgain))
	_, body = v.get("/sign-in?next=/units")
	assert.Contains(t, body, `href="/sign-in/oidc?next=%2funits"`)

	t.Run("a sign-in", r.foreignSignIn)
	t.Run("refusals", r.foreignRefusals)
	t.Run("names and units", r.foreignNames)
	t.Run("other groups", r.foreignGroups)
	t.Run("the end", r.foreignEnd)
	log := lines(t, r)
	for _, line := range []string{
		"Frieda sign_in OpenID Connect done", "Frieda sign_out  done", "lea sign_in OpenID Connect done", "Nils sign_in_refused OpenID Connect: no role refused",
		" sign_in_refused OpenID Connect refused", " sign_in_refused OpenID Connect: not begun here refused",
		" sign_in_refused OpenID Connect: the provider does not answer failed",
	} {
		assert.Contains(t, log, line)
	}
	for _, line := range log {
		assert.NotContains(t, line, "@")
		assert.False(t, strings.HasPrefix(line, access.CommandLine), line)
	}
}

// Who changes groups has other rights at the next sign-in, and who is in none anymore is not let in. A sign-out is for good.
func (r *rig) foreignGroups(t *testing.T) {
	regroup := func(groups url.Values) {
		groups.Set("of", "frieda")
		resp, _ := r.visitor().do(must(http.NewRequestWithContext(t.Context(), http.MethodGet, r.d.provider.cfg.Issuer+"/groups?"+groups.Encode(), nil)))
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	regroup(url.Values{"group": {"plant-managers", "others"}})
	v := r.visitor()
	v.get(v.atProvider(t, "frieda", "/trust").RequestURI())
	assert.Equal(t, access.Person{Name: "Frieda", Roles: []access.Role{access.Lead}, Units: []string{"production"}}, v.person(t))
	regroup(url.Values{})
	again := r.visitor()
	again.refused(t, again.atProvider(t, "frieda", "/trust"), "none of your groups has a role")
	regroup(url.Values{"group": {"controllers"}})

	at := must(url.Parse(r.server.URL))
	kept := v.http.Jar.Cookies(at)
	v.post("/sign-out", nil)
	v.http.Jar.SetCookies(at, kept)
	resp, _ := v.get("/trust")
	assert.Equal(t, "/sign-in?next=%2Ftrust", resp.Header.Get("Location"), "a copy of the cookie is worth nothing")
}

func (r *rig) foreignSignIn(t *testing.T) {
	v := r.visitor()
	back := v.atProvider(t, "frieda", "/trust")
	forged := *back
	forged.RawQuery = strings.Replace(back.RawQuery, "state=", "state=x", 1)
	v.refused(t, &forged, "not begun by this browser")
	r.visitor().refused(t, back, "not begun by this browser") // somebody else's browser
	kept := v.begun(t)

	resp, _ := v.get(back.RequestURI())
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	assert.Equal(t, "/trust", resp.Header.Get("Location"))
	for _, cookie := range resp.Cookies() {
		assert.True(t, cookie.HttpOnly && cookie.SameSite == http.SameSiteLaxMode, cookie.Name)
	}
	assert.Equal(t, access.Person{Name: "Frieda", Roles: []access.Role{access.Finance}}, v.person(t))
	resp, _ = v.get("/trust")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	resp, _ = v.get("/dead-letters")
	assert.Equal(t, http.StatusForbidden, resp.StatusCode, "finance has no business there")

	v.refused(t, back, "not begun by this browser") // it is ended once
	thief := r.visitor()
	thief.setBegun(kept)
	thief.refused(t, back, "did not confirm") // a code is good once

	v = r.visitor()
	resp, _ = v.get(v.atProvider(t, "frieda", "//evil.example/").RequestURI())
	assert.Equal(t, "/", resp.Header.Get("Location"))
}

func (r *rig) foreignRefusals(t *testing.T) {
	v := r.visitor()
	v.refused(t, v.atProvider(t, "nils", "/"), "none of your groups has a role")

	for name, change := range map[string]func(*begun){
		"another nonce":       func(b *begun) { b.Nonce = "another" },
		"no nonce":            func(b *begun) { b.Nonce = "" },
		"another PKCE secret": func(b *begun) { b.Verifier += "x" },
	} {
		v := r.visitor()
		back := v.atProvider(t, "frieda", "/")
		var b begun
		require.True(t, r.d.begun.unseal(v.begun(t), &b), name)
		change(&b)
		v.setBegun(r.d.begun.seal(b))
		v.refused(t, back, "did not confirm")
	}

	v = r.visitor()
	back := v.atProvider(t, "frieda", "/")
	kept := v.begun(t)
	v.setBegun(kept[:len(kept)-2])
	v.refused(t, back, "not begun by this browser") // tampered with
	v.setBegun(newSealer([]byte("0123456789abcdef0123456789abcdef"), "uptake session cookie v1").seal(begun{State: back.Query().Get("state"), Expires: 1 << 40}))
	v.refused(t, back, "not begun by this browser") // sealed for another use
	v.setBegun(kept)
	r.now.Add(int64(begunLength))
	v.refused(t, back, "more than ten minutes ago")

	v = r.visitor()
	back = v.atProvider(t, "frieda", "/")
	denied := *back
	denied.RawQuery = url.Values{"error": {"access_denied"}, "state": {back.Query().Get("state")}}.Encode()
	v.refused(t, &denied, "did not confirm")
}

func (r *rig) foreignNames(t *testing.T) {
	lea := r.visitor()
	resp, _ := lea.get(lea.atProvider(t, "lea", "/trust").RequestURI())
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	// The provider calls her lea@example.com, and an address is no name.
	assert.Equal(t, access.Person{Name: "lea", Roles: []access.Role{access.Lead}, Units: []string{"production"}}, lea.person(t))
	resp, _ = lea.get("/units")
	assert.Equal(t, http.StatusForbidden, resp.StatusCode, "a lead of Production has no list of all")
	resp, _ = lea.get("/")
	assert.Equal(t, "/units/production", resp.Header.Get("Location"))

	// Here admin is the administrator, whoever is called so elsewhere.
	machine := r.visitor()
	machine.get(machine.atProvider(t, access.CommandLine, "/").RequestURI())
	assert.Regexp(t, `^oidc-[0-9a-f]{16}$`, machine.person(t).Name, "that is who signs for the machine itself")
	other := r.visitor()
	resp, _ = other.get(other.atProvider(t, "admin", "/").RequestURI())
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	assert.Regexp(t, `^oidc-[0-9a-f]{16}$`, other.person(t).Name)
	resp, _ = other.get("/dead-letters")
	assert.Equal(t, http.StatusForbidden, resp.StatusCode)
}

func (r *rig) foreignEnd(t *testing.T) {
	v := r.visitor()
	v.get(v.atProvider(t, "frieda", "/").RequestURI())
	status := func() int {
		resp, _ := v.get("/trust")
		return resp.StatusCode
	}
	require.Equal(t, http.StatusOK, status())
	issuer := r.d.sessions.issuer
	r.d.sessions.issuer = ""
	assert.Equal(t, http.StatusSeeOther, status(), "the provider is no longer the one that is trusted")
	r.d.sessions.issuer = issuer
	r.now.Add(int64(sessionLength) - int64(time.Second))
	assert.Equal(t, http.StatusOK, status())
	r.now.Add(int64(time.Second))
	assert.Equal(t, http.StatusSeeOther, status(), "twelve hours are over")

	local, err := New(Config{Company: r.company.Load, Accounts: onePassword{}, SessionKey: []byte("0123456789abcdef0123456789abcdef"), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	for path, want := range map[string]int{"/sign-in": http.StatusOK, "/sign-in/oidc": http.StatusNotFound, "/sign-in/oidc/callback?state=&code=x": http.StatusNotFound} {
		w := httptest.NewRecorder()
		local.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, w.Code, path)
		assert.NotContains(t, w.Body.String(), `href="/sign-in/oidc?next`, path)
	}
}

func startProvider(t *testing.T, dir, issuer, callback string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "oidc-provider.mjs")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "UPTAKE_CALLBACK="+callback, "UPTAKE_PORT="+must(url.Parse(issuer)).Port())
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, issuer, strings.TrimSpace(line))
}

var formAction = regexp.MustCompile(`<form[^>]* action="([^"]+)"[^>]*>\s*<input type="hidden" name="prompt" value="([^"]+)"`)

// atProvider begins a sign-in, walks through the provider's pages, and is where it sends the browser back to.
func (c *visitor) atProvider(t *testing.T, login, next string) *url.URL {
	t.Helper()
	resp, _ := c.get("/sign-in/oidc?next=" + url.QueryEscape(next))
	for range 12 {
		if resp.StatusCode == http.StatusOK {
			t.Fatal("the provider shows a page without a form")
		}
		to, err := resp.Location()
		require.NoError(t, err, resp.Status)
		if strings.HasPrefix(to.String(), c.r.server.URL) {
			return to
		}
		var body string
		resp, body = c.do(must(http.NewRequestWithContext(t.Context(), http.MethodGet, to.String(), nil)))
		if form := formAction.FindStringSubmatch(body); form != nil {
			values := url.Values{"prompt": {form[2]}, "login": {login}, "password": {"any"}}
			req := must(http.NewRequestWithContext(t.Context(), http.MethodPost, html.UnescapeString(form[1]), strings.NewReader(values.Encode())))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			resp, _ = c.do(req)
		}
	}
	t.Fatal("the provider leads nowhere")
	return nil
}

// refused asserts that an answer of the provider signs nobody in, and says why.
func (c *visitor) refused(t *testing.T, back *url.URL, why string) {
	t.Helper()
	resp, body := c.get(back.RequestURI())
	assert.Equal(t, http.StatusForbidden, resp.StatusCode)
	says(t, body, why)
	for _, cookie := range resp.Cookies() {
		assert.NotEqual(t, sessionCookie, cookie.Name)
	}
	if code := back.Query().Get("code"); code != "" {
		assert.NotContains(t, body, code)
	}
}

// person is who is signed in.
func (c *visitor) person(t *testing.T) access.Person {
	t.Helper()
	req := c.request(http.MethodGet, "/", nil)
	for _, cookie := range c.http.Jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	person, ok := c.r.d.sessions.of(req)
	require.True(t, ok)
	return person
}

// begun is the cookie of a sign-in that was begun.
func (c *visitor) begun(t *testing.T) string {
	t.Helper()
	for _, cookie := range c.http.Jar.Cookies(must(url.Parse(c.r.server.URL + begunPath))) {
		if cookie.Name == begunCookie {
			return cookie.Value
		}
	}
	t.Fatal("there is no cookie")
	return ""
}

func (c *visitor) setBegun(value string) {
	c.http.Jar.SetCookies(must(url.Parse(c.r.server.URL+begunPath)), []*http.Cookie{{Name: begunCookie, Value: value, Path: begunPath}})
}
