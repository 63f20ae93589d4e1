package dashboard

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/access"
)

// signInView is what the sign-in page shows.
type signInView struct {
	Next, User, Wrong string
	OIDC              *oidcView // nil where nobody signs in that way
}

func (d *Dashboard) signInPage(c *gin.Context) {
	next := localPath(c.Query("next"))
	if _, ok := c.Get(userKey); ok {
		c.Redirect(http.StatusSeeOther, next)
		return
	}
	d.showSignIn(c, http.StatusOK, signInView{Next: next, User: "admin"})
}

// signIn checks the password and starts a session. A wrong name and a wrong password read the same.
func (d *Dashboard) signIn(c *gin.Context) {
	view := signInView{Next: localPath(c.PostForm("next")), User: c.PostForm("user")}
	if wait := max(d.limit.allow(c.Request), d.lock.wait(view.User)); wait > 0 {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		view.Wrong = d.reader(c).words.text("signin.too_many", "n", int(math.Ceil(wait.Seconds())))
		d.noteRefusal(view.User, "too many tries")
		d.showSignIn(c, http.StatusTooManyRequests, view)
		return
	}
	person, ok := d.cfg.Accounts.SignIn(view.User, c.PostForm("password"))
	if !ok {
		d.lock.failed(view.User)
		d.cfg.Log.Warn("a sign-in was refused")
		d.noteRefusal(view.User, "")
		view.Wrong = d.reader(c).words.text("signin.wrong")
		d.showSignIn(c, http.StatusUnauthorized, view)
		return
	}
	d.lock.succeeded(view.User)
	d.sessions.forget(c.Request) // whoever signed in here before is not the one who does now
	d.sessions.start(c.Writer, c.Request, person)
	d.cfg.Log.Info("signed in", "user", person.Name)
	d.note(person.Name, access.SignedIn, "", access.Done)
	c.Redirect(http.StatusSeeOther, view.Next)
}

func (d *Dashboard) signOut(c *gin.Context) {
	d.sessions.end(c.Writer, c.Request)
	c.Redirect(http.StatusSeeOther, "/sign-in")
}

func (d *Dashboard) showSignIn(c *gin.Context, status int, view signInView) {
	view.OIDC = d.oidcView(c)
	d.render(c, status, "signin.html", d.pageOf(c, d.reader(c).words.text("signin.title"), ""), view)
}

// sendToSignIn answers a page that needs a session: sign in, and come back here afterwards.
func (d *Dashboard) sendToSignIn(c *gin.Context) {
	if wantsJSON(c.Request) {
		d.unauthorized(c, mayRead)
		return
	}
	to := "/sign-in"
	if c.Request.Method == http.MethodGet && c.Request.URL.RequestURI() != "/" {
		to += "?next=" + url.QueryEscape(c.Request.URL.RequestURI())
	}
	c.Redirect(http.StatusSeeOther, to)
	c.Abort()
}

// leaveDemo goes back from the demo to the real company, with one click.
func (d *Dashboard) leaveDemo(c *gin.Context) {
	if d.cfg.LeaveDemo == nil {
		d.notFound(c)
		return
	}
	began := time.Now()
	if err := d.cfg.LeaveDemo(c.Request.Context()); err != nil {
		d.fail(c, err)
		return
	}
	d.cfg.Log.Info("left the demo company", "took", time.Since(began))
	c.Redirect(http.StatusSeeOther, "/")
}
