// Package dashboard is the face of Uptake: pages drawn on the server, the JSON API, sign-in, health and metrics.
// It is the only package that knows Gin.
package dashboard

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"uptake/access"
	"uptake/query"
)

// Accounts are the people who sign in with a name and a password.
type Accounts interface {
	// SignIn is the person whose name and password these are. It takes as long for a name that is none.
	SignIn(name, password string) (access.Person, bool)
	// Person is the holder of an account with the rights of this moment; false where it is disabled or none.
	Person(name string) (access.Person, bool)
	// Taken tells whether there is an account of this name, disabled or not.
	Taken(name string) bool
}

// People are the local accounts, to be looked at and changed; errors of the changes name the field at fault.
type People interface {
	// List is all of them, by name.
	List() []access.Account
	Add(ctx context.Context, name, password string, roles []access.Role, units []string) error
	SetRights(ctx context.Context, name string, roles []access.Role, units []string) error
	SetPassword(ctx context.Context, name, password string) error
	SetDisabled(ctx context.Context, name string, disabled bool) error
}

// Audit is the log of who did what.
type Audit interface {
	// Note puts a line down; it neither waits nor fails.
	Note(who, what, about, outcome string)
	// List is at most n lines before the one of a number, newest first; before 0 begins with the newest.
	List(ctx context.Context, before uint64, n int) ([]access.Entry, error)
}

// Tokens are those with which people ask the API in their own name.
type Tokens interface {
	// Make returns a new one, which is shown this once; errors name the field at fault.
	Make(ctx context.Context, owner, name string) (token string, err error)
	// List is those of an account, without the secrets.
	List(owner string) []access.Token
	Revoke(ctx context.Context, owner, id string) error
}

// Readiness is what /readyz says: whether events are accepted, and what does not work as it should, in plain words.
type Readiness struct {
	Accepting bool     `json:"accepting"`
	Degraded  []string `json:"degraded"`
}

// Work is a longer piece of work of the server and how far it is.
type Work struct {
	What  string    `json:"what"`  // DemoWork or FiguresWork
	Done  int64     `json:"done"`  // of FiguresWork: days of figures; else steps that mean nothing to a reader
	Total int64     `json:"total"` // may grow while it becomes clear what follows from an arrival
	Since time.Time `json:"since"`
}

// Kinds of Work: the demo company is being made, figures are being computed anew.
const (
	DemoWork    = "demo"
	FiguresWork = "figures"
)

// DeadLetters are the messages that could never be loaded, and what may be done with them.
type DeadLetters interface {
	// Count is how many there are.
	Count(ctx context.Context) (uint64, error)
	// List is at most n of them from number from on, oldest first.
	List(ctx context.Context, from uint64, n int) (DeadLetterList, error)
	// Refused are the latest events that were refused, by source and moment, newest first, at most n moments.
	Refused(ctx context.Context, n int) ([]RefusedEvents, error)
	// Show opens one; an error with the code NotFound where there is none.
	Show(ctx context.Context, number uint64) (DeadLetter, error)
	// Replay has the events of one letter loaded again, of all with number 0. kept is how many cannot be read and stay.
	Replay(ctx context.Context, number uint64) (events, kept int, err error)
	// Drop takes one letter away for good, all with number 0.
	Drop(ctx context.Context, number uint64) (dropped int, err error)
}

// RefusedEvents are events of a source that were refused within some seconds. Nothing else of them is kept.
type RefusedEvents struct {
	Time   time.Time
	Source string
	Events []RefusedEvent
	More   int // that are not named
}

// RefusedEvent is why one was.
type RefusedEvent struct{ ID, Field, Reason string }

// DeadLetterList is a part of the dead letters.
type DeadLetterList struct {
	Letters []DeadLetter
	Next    uint64 // the number to go on from; 0: there are no more
	Total   uint64 // how many there are in all
}

// DeadLetter is a message that could not be loaded. Whom it is about stands in it as hashes only.
type DeadLetter struct {
	Number  uint64 // names it, at least 1
	Time    time.Time
	Reason  string
	Events  int // 0: it is no message of events
	Sources string
	// Replayable tells whether it can be read at all, and so be loaded again.
	Replayable bool
	Bytes      int
	Content    [][]DeadLetterField // its first events, field by field; nil in a list
}

// DeadLetterField is a line of what is shown of an event.
type DeadLetterField struct{ Name, Text string }

// Config is everything the dashboard is given. Company, Accounts and SessionKey are required.
type Config struct {
	// Company is the company shown at this moment: the real one, or the demo while it has not been left.
	Company func() *query.Company
	// Address is where the server can be reached, as http://host:port; the first page writes it into its commands.
	Address string

	Accounts Accounts
	// People are changed on a page. Nil: they are not.
	People People
	// Settings are what was read at the start, and Grants the tokens of sources and readers at this moment; an administrator
	// sees them. Nil: nobody does.
	Settings []Setting
	Grants   func() []Grant
	// Tokens are made and revoked by their owners. Nil: there are none.
	Tokens Tokens
	// Audit is told who did what. Nil: nobody is.
	Audit Audit
	// OIDC is a provider of sign-ins beside the accounts. Nil: there is none.
	OIDC *OIDC
	// SessionKey signs the session cookies: at least 32 random bytes, the same after a restart.
	SessionKey []byte
	// HTTPS says that a proxy in front ends TLS, so that cookies are marked Secure though requests come in plain.
	HTTPS bool

	// Bearer is in whose name, and with which rights, a token is used; false for one that is none. Nil: there are none.
	Bearer func(token string) (access.Person, bool)

	// LeaveDemo stops showing the demo company, durably. Nil: the demo cannot be left here.
	LeaveDemo func(ctx context.Context) error
	// DeadLetters are what could not be loaded. Nil: they are not shown.
	DeadLetters DeadLetters
	// Ready tells whether events are accepted. Nil: always.
	Ready func() Readiness
	// Working is the longer piece of work under way; Total 0 means that there is none. Nil: never any.
	Working func() Work

	// Language is what pages speak to whoever chose none and whose browser asks for none that Uptake speaks: "en", "de".
	// "" is English.
	Language string

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
	if c.Accounts == nil {
		wrong = append(wrong, errors.New("dashboard: Accounts is missing"))
	}
	if len(c.SessionKey) < 32 {
		wrong = append(wrong, errors.New("dashboard: SessionKey needs at least 32 bytes"))
	}
	if c.Bearer == nil {
		c.Bearer = func(string) (access.Person, bool) { return access.Person{}, false }
	}
	if c.Ready == nil {
		c.Ready = func() Readiness { return Readiness{Accepting: true} }
	}
	if c.Working == nil {
		c.Working = func() Work { return Work{} }
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
