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
	who := d.reader(c)
	d.render(c, e.Code.Status(), "error.html", d.pageOf(c, who.words.text("error.title."+string(e.Code)), ""), who.errorView(e))
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
		err = d.wordedError(adoption.Unavailable, "error.slow", err)
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
	d.fail(c, d.wordedError(adoption.NotFound, key, nil))
}

// worded is the cause of an error whose message stands in the catalogue, so that a page can say it in another language.
type worded struct {
	key string
	err error // the cause behind it, nil where there is none
}

func (w *worded) Error() string {
	if w.err != nil {
		return w.err.Error()
	}
	return w.key
}

func (w *worded) Unwrap() error { return w.err }

// wordedError is an error with the message of key, in English, as the API says it.
func (d *Dashboard) wordedError(code adoption.Code, key string, cause error) *adoption.Error {
	return &adoption.Error{Code: code, Message: d.words.text(key), Err: &worded{key, cause}}
}

// errorView is an error as a page says it.
type errorView struct {
	Message  string
	Original string // what exactly was wrong, where that is known in English only
}

// errorView says an error in the reader's language. Errors of the domain are made in English, with the names and values
// that are at fault; in another language the page says what kind of error it is, and quotes them.
func (d *reader) errorView(e *adoption.Error) errorView {
	var known *worded
	switch {
	case errors.As(e, &known):
		return errorView{Message: d.words.text(known.key)}
	case d.language.Tag == english:
		return errorView{Message: e.Message}
	}
	return errorView{Message: d.words.text("error.kind." + string(e.Code)), Original: e.Message}
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
