package dashboard

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/access"
	"uptake/adoption"
)

const (
	userKey   = "user"   // the name of whoever asks
	personKey = "person" // the access.Person
)

// anybody lets everybody in, and notes who is signed in.
func (d *Dashboard) anybody(c *gin.Context) {
	if person, ok := d.sessions.of(c.Request); ok {
		c.Set(userKey, person.Name)
		c.Set(personKey, person)
	}
	c.Next()
}

// guarded lets in whoever has the right that a route needs, and is not kept out by the bounds of the own units.
func (d *Dashboard) guarded(r route) gin.HandlerFunc {
	if r.access == public {
		return d.anybody
	}
	return func(c *gin.Context) {
		person, known := d.who(c, r.access)
		if !known {
			return
		}
		c.Set(userKey, person.Name)
		c.Set(personKey, person)
		if !person.May(r.access.right) {
			word := "error.right." + strings.ReplaceAll(string(r.access.right), " ", "_")
			d.fail(c, d.wordedError(adoption.Forbidden, word, nil))
			return
		}
		if person.Limited() && !d.withinUnits(c, r, person) {
			return
		}
		c.Next()
	}
}

// may tells whether whoever asks has a right: a page offers nothing that would be refused.
func may(c *gin.Context, right access.Right) bool { return asking(c).May(right) }

// asking is whoever asks, nobody where that is not known.
func asking(c *gin.Context) access.Person {
	person, _ := c.Get(personKey)
	known, _ := person.(access.Person)
	return known
}

// who is whoever asks; where nobody is known, the request is answered. A token that is given counts alone: a wrong one
// is refused, session or not. Pages take none.
func (d *Dashboard) who(c *gin.Context, g guard) (person access.Person, known bool) {
	token, given := bearer(c.Request)
	if !g.page && given {
		if token != "" {
			person, known = d.cfg.Bearer(token)
		}
	} else {
		person, known = d.sessions.of(c.Request)
	}
	if known {
		return person, true
	}
	if g.page {
		d.sendToSignIn(c)
	} else {
		d.unauthorized(c, g)
	}
	return person, false
}

// unauthorized asks for a token, in the words of what it is needed for.
func (d *Dashboard) unauthorized(c *gin.Context, g guard) {
	word := "error.token"
	if g.right == access.EditPlans || g.right == access.EditAssumptions {
		word = "error.editor"
	}
	c.Header("WWW-Authenticate", `Bearer realm="uptake"`)
	d.failJSON(c, &adoption.Error{Code: adoption.Unauthorized, Message: d.words.text(word)})
}

// bearer is the token of a request, "" where the header that should hold one holds something else; given tells whether
// there is such a header.
func bearer(r *http.Request) (token string, given bool) {
	header := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	return strings.TrimSpace(token), header != ""
}
