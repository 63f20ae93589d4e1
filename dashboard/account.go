package dashboard

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
)

// accountView is the page of whoever reads it: what one may, and one's tokens.
type accountView struct {
	Name, Roles, Units string
	Local              bool   // by an account that is here; tokens are of those alone
	Done               string // what was just done, "" for nothing
	Token              string // that was just made: shown this once
	Tokens             []tokenLine
	Form               tokenForm
}

type tokenLine struct {
	ID, Name, Since, Used string
	Ended                 bool // by a new password, or since the account was disabled
}

// tokenForm is the form with what was typed, and what is wrong with it.
type tokenForm struct{ Name, Wrong, Original string }

func (d *Dashboard) accountPage(c *gin.Context) {
	view := accountView{}
	if c.Query("done") == "revoke" {
		view.Done = d.reader(c).words.text("account.done.revoke")
	}
	d.reader(c).showAccount(c, http.StatusOK, view)
}

// changeTokens makes or revokes a token of whoever asks. A new one is shown at once, in the answer alone: it is kept by nobody.
func (d *Dashboard) changeTokens(c *gin.Context) {
	if d.cfg.Tokens == nil {
		d.notFound(c)
		return
	}
	who, owner := d.reader(c), asking(c).Name
	typed := strings.TrimSpace(c.PostForm("name"))
	switch c.PostForm("do") {
	case "make":
		token, err := d.cfg.Tokens.Make(c.Request.Context(), owner, typed)
		if err != nil {
			e := d.public(c, err)
			said := who.errorView(e)
			who.showAccount(c, e.Code.Status(), accountView{Form: tokenForm{typed, said.Message, said.Original}})
			return
		}
		c.Set(aboutKey, access.AboutToken(owner, typed, "make"))
		who.showAccount(c, http.StatusCreated, accountView{Done: who.words.text("account.done.make", "name", typed), Token: token})
	case "revoke":
		id := c.PostForm("id")
		if err := d.cfg.Tokens.Revoke(c.Request.Context(), owner, id); err != nil {
			d.fail(c, err)
			return
		}
		c.Set(aboutKey, access.AboutToken(owner, id, "revoke"))
		c.Redirect(http.StatusSeeOther, "/account?done=revoke")
	default:
		d.fail(c, d.wordedError(adoption.InvalidParameter, "people.no_deed", nil))
	}
}

func (d *reader) showAccount(c *gin.Context, status int, view accountView) {
	person, zone := asking(c), d.cfg.Company().Zone
	view.Name, view.Roles, view.Units = person.Name, d.roleNames(person.Roles), strings.Join(person.Units, ", ")
	if d.cfg.Tokens != nil {
		_, view.Local = d.cfg.Accounts.Person(person.Name)
		for _, one := range d.cfg.Tokens.List(person.Name) {
			line := tokenLine{ID: one.ID, Name: one.Name, Since: d.date(adoption.DayOf(one.Created, zone)), Used: d.words.text("account.never"), Ended: !one.Good}
			if !one.Used.IsZero() {
				line.Used = d.date(adoption.DayOf(one.Used, zone))
			}
			view.Tokens = append(view.Tokens, line)
		}
	}
	d.render(c, status, "account.html", d.pageOf(c, d.words.text("account.title"), "account"), view)
}
