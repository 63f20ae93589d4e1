package dashboard

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"uptake/adoption"
	"uptake/value/ledger"
)

const (
	maxBody   = 64 << 10                 // forms of pages
	maxRecord = ledger.MaxBody + maxBody // a record of the ledger, and what is said about it

	contentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// record writes the access log and counts the request. The query is left out: it may hold what nobody should read.
func (d *Dashboard) record(c *gin.Context) {
	began := time.Now()
	c.Next()
	took := time.Since(began)
	path := c.FullPath()
	if path == "" {
		path = "none"
	}
	d.traffic.observe(path, c.Request.Method, c.Writer.Status(), took)
	level := slog.LevelInfo
	switch {
	case c.Writer.Status() >= http.StatusInternalServerError:
		level = slog.LevelError
	case path == "/assets/:name" || path == "/healthz" || path == "/readyz" || path == "/metrics":
		level = slog.LevelDebug // asked for all the time
	}
	d.cfg.Log.LogAttrs(c.Request.Context(), level, "request", slog.String("method", c.Request.Method), slog.String("route", path),
		slog.String("path", c.Request.URL.Path), slog.Int("status", c.Writer.Status()), slog.Duration("took", took), slog.Int("bytes", max(c.Writer.Size(), 0)))
}

// recover turns a panic into an answer and a line in the log.
func (d *Dashboard) recover(c *gin.Context) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler { //nolint:errorlint // compared as net/http does: the value itself is panicked with
			panic(cause)
		}
		d.cfg.Log.Error("a request panicked", "route", c.FullPath(), "cause", cause, "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			d.fail(c, d.wordedError(adoption.Internal, "error.internal", nil))
		}
		c.Abort()
	}()
	c.Next()
}

// secure sets the headers that bind browsers. Private pages are kept nowhere; assets say otherwise for themselves.
func (d *Dashboard) secure(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "private, no-store")
	if d.cfg.HTTPS || c.Request.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	c.Next()
}

// bound limits the size of a request and the time its answer may take.
func (d *Dashboard) bound(c *gin.Context) {
	most := int64(maxBody)
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		most = maxRecord
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	ctx, cancel := context.WithTimeout(c.Request.Context(), d.cfg.PageTimeout)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// sameOrigin refuses what another site's page makes a browser send.
func (d *Dashboard) sameOrigin(c *gin.Context) {
	if err := d.csrf.Check(c.Request); err != nil {
		d.fail(c, d.wordedError(adoption.Forbidden, "error.cross_origin", err))
		return
	}
	c.Next()
}
