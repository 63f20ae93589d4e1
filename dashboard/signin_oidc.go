package dashboard

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/oauth2"

	"uptake/access"
	"uptake/adoption"
)

const (
	byOIDC      = "OpenID Connect" // in the logs
	begunCookie = "uptake_oidc"
	begunPath   = "/sign-in/oidc" // the cookie goes nowhere else
	begunLength = 10 * time.Minute
)

// begun is a sign-in that the provider has not answered yet. The browser keeps it, signed.
type begun struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"` // of PKCE
	Next     string `json:"next"`     // where to go afterwards
	Expires  int64  `json:"exp"`      // unix seconds
}

// beginOIDC sends a browser to the provider.
func (d *Dashboard) beginOIDC(c *gin.Context) {
	if d.provider == nil {
		d.notFound(c)
		return
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: localPath(c.Query("next")), Expires: d.cfg.Now().Add(begunLength).Unix()}
	sealed := d.begun.seal(b)
	if len(sealed) > maxCookie { // only the way back has a length of its own
		b.Next = "/"
		sealed = d.begun.seal(b)
	}
	address, err := d.provider.begin(c.Request.Context(), b)
	if err != nil {
		d.refuseOIDC(c, "", err)
		return
	}
	d.setBegun(c, sealed, int(begunLength.Seconds()))
	c.Redirect(http.StatusSeeOther, address)
}

// endOIDC takes the provider's answer: it starts a session, or says why not.
func (d *Dashboard) endOIDC(c *gin.Context) {
	if d.provider == nil {
		d.notFound(c)
		return
	}
	given := c.Request.URL.Query()
	c.Request.URL.RawQuery = "" // nothing of it stands on a page
	b, ok := d.begunBy(c.Request)
	if !ok || subtle.ConstantTimeCompare([]byte(b.State), []byte(given.Get("state"))) != 1 {
		d.cfg.Log.Warn("a sign-in was refused", "reason", "it was not begun by this browser, or too long ago")
		d.note("", access.SignInRefused, byOIDC+": not begun here", access.Refused)
		d.fail(c, d.wordedError(adoption.Forbidden, "error.oidc_begun", nil))
		return
	}
	d.setBegun(c, "", -1) // each is ended once
	if given.Get("error") != "" || given.Get("code") == "" {
		d.refuseOIDC(c, "", errors.New("the provider answered without a code"))
		return
	}
	person, err := d.provider.end(c.Request.Context(), b, given.Get("code"))
	if err != nil {
		d.refuseOIDC(c, person.Name, err)
		return
	}
	d.sessions.forget(c.Request) // whoever signed in here before is not the one who does now
	if err := d.sessions.startForeign(c.Writer, c.Request, person); err != nil {
		d.fail(c, err)
		return
	}
	d.cfg.Log.Info("signed in", "user", person.Name, "by", byOIDC)
	d.note(person.Name, access.SignedIn, byOIDC, access.Done)
	c.Redirect(http.StatusSeeOther, localPath(b.Next))
}

// refuseOIDC says why nobody was signed in; what exactly the provider said is for the log. name is of whom the provider
// has confirmed, "" for nobody.
func (d *Dashboard) refuseOIDC(c *gin.Context, name string, err error) {
	switch {
	case errors.Is(err, errProviderAway):
		d.note(name, access.SignInRefused, byOIDC+": the provider does not answer", access.Failed)
		d.fail(c, d.wordedError(adoption.Unavailable, "error.oidc_away", err)) // logs it
		return
	case errors.Is(err, errNoRole):
		d.note(name, access.SignInRefused, byOIDC+": no role", access.Refused)
		d.fail(c, d.wordedError(adoption.Forbidden, "error.oidc_no_role", err))
	default:
		d.note(name, access.SignInRefused, byOIDC, access.Refused)
		d.fail(c, d.wordedError(adoption.Forbidden, "error.oidc_refused", err))
	}
	d.cfg.Log.Warn("a sign-in was refused", "reason", err)
}

func (d *Dashboard) begunBy(r *http.Request) (b begun, ok bool) {
	cookie, err := r.Cookie(begunCookie)
	if err != nil || !d.begun.unseal(cookie.Value, &b) {
		return begun{}, false
	}
	return b, b.State != "" && b.Expires > d.cfg.Now().Unix()
}

// setBegun keeps a sign-in in the browser. The provider's site sends the browser back, so the cookie cannot be Strict.
func (d *Dashboard) setBegun(c *gin.Context, value string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{Name: begunCookie, Value: value, Path: begunPath, MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: d.cfg.HTTPS || c.Request.TLS != nil})
}

// oidcView is the other way in, on the sign-in page.
type oidcView struct {
	Away bool // the provider does not answer; it is asked again for the next page
}

func (d *Dashboard) oidcView(c *gin.Context) *oidcView {
	if d.provider == nil {
		return nil
	}
	_, err := d.provider.described(c.Request.Context())
	if err != nil {
		d.cfg.Log.Warn("sign-in by OpenID Connect is not possible", "error", err)
	}
	return &oidcView{Away: err != nil}
}
