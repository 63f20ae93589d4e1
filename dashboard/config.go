// Package dashboard is the face of Uptake: pages drawn on the server, the JSON API, sign-in, health and metrics.
// It is the only package that knows Gin.
package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"uptake/query"
)

// Admin checks the password of a local administrator.
type Admin interface {
	Check(user, password string) bool
}

// Readiness is what /readyz says: whether events are accepted, and what does not work as it should, in plain words.
type Readiness struct {
	Accepting bool     `json:"accepting"`
	Degraded  []string `json:"degraded"`
}

// Config is everything the dashboard is given. Company, Admin and SessionKey are required.
type Config struct {
	// Company is the company shown at this moment: the real one, or the demo while it has not been left.
	Company func() *query.Company
	// Address is where the server can be reached, as http://host:port; the first page writes it into its commands.
	Address string

	Admin Admin
	// SessionKey signs the session cookies: at least 32 random bytes, the same after a restart.
	SessionKey []byte
	// HTTPS says that a proxy in front ends TLS, so that cookies are marked Secure though requests come in plain.
	HTTPS bool

	// Reader tells whether a bearer token may read /api/v1 and /metrics; Metrics, whether it may read /metrics alone.
	Reader  func(token string) bool
	Metrics func(token string) bool

	// LeaveDemo stops showing the demo company, durably. Nil: the demo cannot be left here.
	LeaveDemo func(ctx context.Context) error
	// Ready tells whether events are accepted. Nil: always.
	Ready func() Readiness
	// Working tells how far a longer piece of work is (the demo company being loaded, figures being recomputed), in
	// units of the caller's choice; total 0 means that nothing is under way. Nil: never anything.
	Working func() (what string, done, total int64)

	Registry *prometheus.Registry // nil: a new one
	Log      *slog.Logger         // nil: slog.Default()
	Now      func() time.Time     // nil: time.Now
	// PageTimeout bounds the making of one page or answer; 0: 20 s.
	PageTimeout time.Duration
}

// checked returns the configuration with its defaults, or everything that is wrong with it.
func (c Config) checked() (Config, error) {
	var wrong []error
	if c.Company == nil {
		wrong = append(wrong, errors.New("dashboard: Company is missing"))
	}
	if c.Admin == nil {
		wrong = append(wrong, errors.New("dashboard: Admin is missing"))
	}
	if len(c.SessionKey) < 32 {
		wrong = append(wrong, errors.New("dashboard: SessionKey needs at least 32 bytes"))
	}
	if c.Reader == nil {
		c.Reader = func(string) bool { return false }
	}
	if c.Metrics == nil {
		c.Metrics = func(string) bool { return false }
	}
	if c.Ready == nil {
		c.Ready = func() Readiness { return Readiness{Accepting: true} }
	}
	if c.Working == nil {
		c.Working = func() (string, int64, int64) { return "", 0, 0 }
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.PageTimeout <= 0 {
		c.PageTimeout = 20 * time.Second
	}
	return c, errors.Join(wrong...)
}
