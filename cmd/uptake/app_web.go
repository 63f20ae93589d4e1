package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"uptake/access"
	"uptake/clickhouse"
	"uptake/cmd/uptake/config"
	"uptake/dashboard"
	"uptake/ingest"
	"uptake/query"
)

// handlers are what the listeners of `serve` answer with.
type handlers struct {
	pages   http.Handler // everything, ingest included
	metrics http.Handler // /metrics alone, for an address that only Prometheus reaches
}

func (a *app) publicHandler(ctx context.Context) (handlers, error) {
	provider, err := loadOIDC(a.cfg)
	if err != nil {
		return handlers{}, err
	}
	a.warnOfUnits(ctx, provider)
	board, err := dashboard.New(dashboard.Config{
		Company:    a.shown,
		Address:    a.cfg.PublicURL,
		Language:   a.cfg.Language,
		Accounts:   people{a.admin, a.accounts},
		People:     a.accounts,
		Settings:   settingsShown(a.cfg),
		Grants:     a.grants,
		Tokens:     a.own,
		Audit:      a.audit,
		OIDC:       provider,
		SessionKey: a.sessionKey(),
		HTTPS:      strings.HasPrefix(a.cfg.PublicURL, "https://"),
		Bearer:     a.bearer,
		LeaveDemo:  a.demo.leave,

		DeadLetters: deadLetterBox{ingest.NewDeadLetters(a.spool)},

		Ready:    a.ready,
		Working:  a.working,
		Registry: a.registry,
		Log:      a.log,
	})
	if err != nil {
		return handlers{}, err
	}
	mux := http.NewServeMux()
	a.mountIngest(mux)
	mux.Handle("/", board)
	metrics := http.NewServeMux()
	metrics.Handle("GET /metrics", board.MetricsHandler())
	return handlers{pages: mux, metrics: metrics}, nil
}

// shown is the company of the pages at this moment: the demo while there is one.
func (a *app) shown() *query.Company {
	if demo := a.demo.shown(); demo != nil {
		return demo
	}
	return a.company
}

// sessionKey signs the sessions. It hangs on the password, so that a new one signs everybody out at the next start.
func (a *app) sessionKey() []byte {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte("sessions\x00" + a.admin.Hash()))
	return mac.Sum(nil)
}

// settingsShown is the configuration as administrators see it.
func settingsShown(cfg *config.Config) []dashboard.Setting {
	var all []dashboard.Setting
	for _, s := range cfg.InForce() {
		all = append(all, dashboard.Setting{Key: s.Key, Variable: s.Variable(), Doc: s.Doc, Value: s.Value, Hidden: s.Secret || s.Private, Place: s.Place})
	}
	return all
}

// grants are the tokens of sources and readers.
func (a *app) grants() []dashboard.Grant {
	var all []dashboard.Grant
	for _, g := range a.tokens.List() {
		all = append(all, dashboard.Grant{ID: g.ID, Name: g.Name, Kind: string(g.Kind), Directory: g.Directory, Created: g.Created})
	}
	return all
}

// bearer is in whose name a token reads or publishes, and what it may: what its owner may, where it is a person's. One of
// a source may neither.
func (a *app) bearer(token string) (access.Person, bool) {
	if strings.HasPrefix(token, access.TokenPrefix) {
		return a.own.Check(token)
	}
	grant, ok := a.tokens.Check(token)
	roles := map[ingest.TokenKind][]access.Role{ingest.ReaderToken: access.ReaderRoles, ingest.EditorToken: access.EditorRoles, ingest.MetricsToken: {access.Scraper}}[grant.Kind]
	return access.Person{Name: grant.Name, Roles: roles}, ok && roles != nil
}

// mayScrape tells whether a token is good for /metrics.
func (a *app) mayScrape(token string) bool {
	bearer, ok := a.bearer(token)
	return ok && bearer.May(access.Scrape)
}

// working is the longer piece of work under way.
func (a *app) working() dashboard.Work {
	if done, total, since := a.demo.progress(); total > 0 {
		return dashboard.Work{What: dashboard.DemoWork, Done: done, Total: total, Since: since}
	}
	days, all, since := a.refresher.Working()
	if since.IsZero() {
		return dashboard.Work{}
	}
	return dashboard.Work{What: dashboard.FiguresWork, Done: int64(days), Total: int64(all), Since: since}
}

// ready says whether events are accepted, and what else is amiss.
func (a *app) ready() dashboard.Readiness {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	r := a.spoolReady(ctx)
	if loader := a.loader.State(); !loader.Failing.IsZero() {
		r.Degraded = append(r.Degraded, "Loading fails since "+loader.Failing.UTC().Format(time.RFC3339)+": "+loader.Error)
	}
	if err := a.db.Ping(ctx); err != nil {
		reason := "ClickHouse does not answer."
		var known *clickhouse.Error
		if errors.As(clickhouse.Explain(err), &known) {
			reason = known.Message
		}
		r.Degraded = append(r.Degraded, reason)
	}
	return r
}

// logAt is a standard logger for a part that wants one.
func logAt(l *slog.Logger, part string) *log.Logger {
	return slog.NewLogLogger(l.With("part", part).Handler(), slog.LevelWarn)
}
