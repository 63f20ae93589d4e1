package dashboard

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
)

// errorBody is how every error of the API reads.
type errorBody struct {
	Error struct {
		Code    adoption.Code `json:"code"`
		Message string        `json:"message"`
		Field   string        `json:"field,omitempty"`
	} `json:"error"`
}

// fail answers an error in the form that the asker reads: JSON under /api and for machines, a page for people.
func (d *Dashboard) fail(c *gin.Context, err error) {
	if wantsJSON(c.Request) {
		d.failJSON(c, err)
		return
	}
	e := d.public(c, err)
	d.render(c, e.Code.Status(), "error.html", d.pageOf(c, d.words.text("error.title."+string(e.Code)), ""), e)
	c.Abort()
}

func (d *Dashboard) failJSON(c *gin.Context, err error) {
	e := d.public(c, err)
	var body errorBody
	body.Error.Code, body.Error.Message, body.Error.Field = e.Code, e.Message, e.Field
	c.AbortWithStatusJSON(e.Code.Status(), body)
}

// public is what the reader may see of err; the rest goes to the log. A deadline is our slowness, said as such.
func (d *Dashboard) public(c *gin.Context, err error) *adoption.Error {
	if errors.Is(err, context.DeadlineExceeded) {
		err = &adoption.Error{Code: adoption.Unavailable, Message: d.words.text("error.slow"), Err: err}
	}
	e := adoption.Public(err)
	if e.Code == adoption.Internal || e.Code == adoption.Unavailable {
		d.cfg.Log.Error("a request failed", "route", c.FullPath(), "code", e.Code, "error", err)
	}
	return e
}

func (d *Dashboard) notFound(c *gin.Context) {
	key := "error.page_not_found"
	if wantsJSON(c.Request) {
		key = "error.path_not_found"
	}
	d.fail(c, &adoption.Error{Code: adoption.NotFound, Message: d.words.text(key)})
}

// wrongMethod answers 405. It is no code of the domain: only HTTP knows methods. Gin has set the Allow header.
func (d *Dashboard) wrongMethod(c *gin.Context) {
	var body errorBody
	body.Error.Code = "method_not_allowed"
	body.Error.Message = d.words.text("error.method", "method", c.Request.Method)
	c.AbortWithStatusJSON(http.StatusMethodNotAllowed, body)
}

// wantsJSON tells programs from people.
func wantsJSON(r *http.Request) bool {
	path := r.URL.Path
	if path == "/api" || strings.HasPrefix(path, "/api/") || path == "/metrics" {
		return true
	}
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}
