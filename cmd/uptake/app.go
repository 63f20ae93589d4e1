package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"uptake/access"
	"uptake/adoption"
	"uptake/clickhouse"
	"uptake/cmd/uptake/config"
	"uptake/cmd/uptake/control"
	"uptake/ingest"
	"uptake/ingest/mapping"
	"uptake/ingest/refresh"
	"uptake/migrations"
	"uptake/query"
)

// stopWithin is how long an orderly end may take. What is acknowledged is durable by then anyway; the time is for
// requests that run.
const stopWithin = 25 * time.Second

// app is the application on one data directory, the same for every command. What `serve` has more is its listeners.
type app struct {
	m    *Main
	cfg  *config.Config
	log  *slog.Logger
	self control.Holder

	db         *clickhouse.DB
	admin      *admin
	accounts   *access.Accounts
	audit      *access.Audit
	own        *access.Tokens // of people
	madeAdmin  string         // the administrator's password, if this start made it
	secret     []byte
	spool      *ingest.Spool
	tokens     *ingest.Tokens
	mappings   *mapping.Set
	batcher    *ingest.Batcher
	door       *ingest.Door
	loader     *ingest.Loader
	directory  *ingest.Directory
	outcomes   *ingest.Outcomes
	refresher  *refresh.Refresher
	company    *query.Company
	demo       *demoHouse
	registry   *prometheus.Registry
	background errs // what a loop that must not end has ended with

	alive context.Context // ends when the application begins to stop
	die   context.CancelFunc
	stops []step // what ends it, in the order of the starts
}

// step ends one part of the application.
type step struct {
	what string
	do   func(context.Context) error
}

// onStop notes how to end what was just started.
func (a *app) onStop(what string, do func(context.Context) error) {
	a.stops = append(a.stops, step{what, do})
}

// startApp starts the application. It owns the lock from now on. When it fails, everything is ended again.
func startApp(ctx context.Context, m *Main, self control.Holder, lock *control.Lock) (_ *app, err error) {
	a := &app{m: m, cfg: m.config, log: m.log, self: self, registry: newRegistry()}
	a.alive, a.die = context.WithCancel(context.Background())
	a.onStop("release the data directory", func(context.Context) error { return lock.Release() })
	defer func() {
		if err != nil {
			err = errors.Join(err, a.stop())
		}
	}()
	if err := a.openStore(ctx); err != nil {
		return nil, err
	}
	if !self.Limited {
		for _, start := range []func(context.Context) error{a.migrate, a.openKeys, a.openAccounts, a.openOwnTokens, a.openAudit, a.startIngest, a.openCompany} {
			if err := start(ctx); err != nil {
				return nil, err
			}
		}
	}
	return a, a.startControl()
}

// newRegistry is a registry with the metrics of the process.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// stop ends the application in the reverse order of its start, within a time of its own: the context of the command
// has usually ended by now.
func (a *app) stop() error {
	a.die()
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var all []error
	for len(a.stops) > 0 {
		last := a.stops[len(a.stops)-1]
		a.stops = a.stops[:len(a.stops)-1]
		if err := last.do(ctx); err != nil {
			all = append(all, fmt.Errorf("%s: %w", last.what, err))
		}
	}
	return errors.Join(all...)
}

// openStore opens ClickHouse, this process's own or a server.
func (a *app) openStore(ctx context.Context) (err error) {
	if a.cfg.Library != "" { // may stand in uptake.yaml; who looks for the library asks the environment
		if err := os.Setenv("UPTAKE_LIBCHDB", a.cfg.Library); err != nil {
			return err
		}
	}
	locked := func(err error) bool { return errors.Is(err, clickhouse.ErrLocked) }
	err = a.succeed(ctx, "the database in "+a.cfg.Data, locked, func() (err error) {
		a.db, err = clickhouse.Open(ctx, clickhouse.Config{DSN: a.cfg.DSN, DataDir: a.cfg.Data, MaxMemory: a.cfg.MemoryBytes})
		return err
	})
	if err != nil {
		return err
	}
	a.onStop("close the database", func(context.Context) error { return a.db.Close() })
	a.log.Debug("database open", "version", a.db.Version(), "embedded", a.db.Embedded(), "database", a.db.Database())
	return nil
}

func (a *app) migrate(ctx context.Context) error { return migrations.Up(ctx, a.db) }

// openKeys reads, or makes at the first start, what must never be lost or shown: the secret and the administrator.
func (a *app) openKeys(context.Context) (err error) {
	if a.secret, err = ingest.LoadSecret(a.cfg.SecretPath()); err != nil {
		return err
	}
	// A password is made only where it will be shown.
	a.admin, a.madeAdmin, err = openAdmin(a.cfg.Data, a.cfg.AdminPassword, a.self.Serves)
	return err
}

// run starts a loop that ends with its context, and ends it at the stop. One that fails before is reported by
// /readyz.
func (a *app) run(what string, loop func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := loop(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("a part of Uptake has ended, restart it", "part", what, "error", err)
			a.background.add(fmt.Errorf("%s: %w", what, err))
		}
	}()
	a.onStop("end "+what, func(stop context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-stop.Done():
			return stop.Err()
		}
	})
}

// openCompany makes what questions are asked of.
func (a *app) openCompany(ctx context.Context) (err error) {
	a.company = &query.Company{DB: a.db, Zone: a.cfg.Timezone, Year: a.cfg.FiscalYear, MinGroup: a.cfg.MinGroup, Freshness: freshness{a}, Keep: true}
	a.demo, err = openDemoHouse(ctx, a)
	return err
}

// freshness tells how far the figures of the real company have caught up with what was acknowledged.
type freshness struct{ a *app }

// Settled asks the spool first: what has left it is touched already, so the refresher knows of it.
func (f freshness) Settled(ctx context.Context) (bool, error) {
	if loaded, err := f.a.spool.Settled(ctx); err != nil || !loaded {
		return false, err
	}
	if f.a.demo.loading() {
		return false, nil
	}
	return f.a.refresher.Settled(ctx)
}

// AsOf is the earliest of now, the oldest event that is not loaded, and what the refresher has reached.
func (f freshness) AsOf() time.Time {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	asOf := time.Now()
	state, err := f.a.spool.State(ctx)
	if err != nil {
		return time.Time{} // nothing can be promised
	}
	if state.Messages > 0 && state.Oldest.Before(asOf) {
		asOf = state.Oldest
	}
	if done := f.a.refresher.AsOf(); done.Before(asOf) {
		asOf = done
	}
	return asOf
}

// errs gathers errors of several goroutines.
type errs struct {
	mu  sync.Mutex
	all []error
}

func (e *errs) add(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, err)
}

func (e *errs) list() []error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]error(nil), e.all...)
}

// today is the day that runs in the reporting zone.
func (a *app) today() adoption.Day { return adoption.DayOf(time.Now(), a.cfg.Timezone) }
