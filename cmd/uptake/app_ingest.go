package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"

	"uptake/adoption"
	"uptake/ingest"
	"uptake/ingest/refresh"
)

// startIngest starts the road of an event: door, spool, loader, refresher.
func (a *app) startIngest(ctx context.Context) (err error) {
	metrics := ingest.NewMetrics(a.registry)
	a.refresher = refresh.New(refresh.Config{DB: a.db, Zone: a.cfg.Timezone, Retention: a.cfg.Retention.FirstDay, Log: a.log})
	if err := a.openSpool(ctx, false); err != nil {
		return err
	}
	metrics.WatchSpool(a.registry, a.spool)
	if err := a.spool.TellSettings(ctx, a.doorSettings()); err != nil {
		return err
	}
	if err := a.refresher.Look(ctx); err != nil { // the refresher tries again, and says so
		a.log.Warn("how far the figures go is not known before they are refreshed", "error", err)
	}
	a.run("the refresher", a.refresher.Run)
	pseudonyms := ingest.NewPseudonymiser(a.secret)
	a.directory = ingest.NewDirectory(a.db, a.refresher, pseudonyms, a.cfg.Timezone)
	a.outcomes = ingest.NewOutcomes(a.db, a.cfg.Timezone)
	if a.loader, err = ingest.StartLoader(ctx, ingest.LoaderConfig{
		DB: a.db, Spool: a.spool, Touch: a.refresher, Facts: a.directory.Apply, Behind: a.refresher.Behind, Zone: a.cfg.Timezone, Metrics: metrics, Log: a.log}); err != nil {
		return err
	}
	a.onStop("close the loader", func(context.Context) error { a.loader.Close(); return nil })
	return a.openDoor(ctx, pseudonyms, metrics)
}

// openSpool opens the spool and what is kept in it for the door. With join it is another process's.
func (a *app) openSpool(ctx context.Context, join bool) (err error) {
	if a.spool, err = ingest.OpenSpool(ctx, ingest.SpoolConfig{
		Dir: filepath.Join(a.cfg.Data, "spool"), URL: a.cfg.SpoolURL, MaxBytes: a.cfg.SpoolBytes, Replicas: a.cfg.SpoolReplicas, Join: join,
		Reserve: a.cfg.SpoolReserve, MaxAge: a.cfg.SpoolAge, Log: a.log}); err != nil {
		return err
	}
	a.onStop("close the spool", func(context.Context) error { a.spool.Close(); return nil })
	if err := a.spool.SameSecret(ctx, a.secret); err != nil {
		return err
	}
	if a.tokens, err = ingest.OpenTokens(ctx, a.spool); err != nil {
		return err
	}
	a.onStop("close the tokens", func(context.Context) error { return a.tokens.Close() })
	return nil
}

// openDoor starts what receives events into the spool. It is the same with a database and without.
func (a *app) openDoor(ctx context.Context, pseudonyms *ingest.Pseudonymiser, metrics *ingest.Metrics) (err error) {
	if err := a.openMappings(); err != nil {
		return err
	}
	if a.batcher, err = ingest.NewBatcher(ctx, a.spool, nil); err != nil {
		return err
	}
	a.onStop("make the last events durable", a.batcher.Close)
	rejects := ingest.StartRejects(a.spool, a.log)
	a.onStop("count the last refused events", rejects.Close)
	a.door = ingest.NewDoor(ingest.DoorConfig{
		Tokens: a.tokens, Batcher: a.batcher, Pseudonyms: pseudonyms, Mappings: a.mappings, Facts: a.spool.Tell, Rejects: rejects, Metrics: metrics, Log: a.log,
		Limits: ingest.Limits{Rate: a.cfg.SourceRate},
		Rules:  ingest.Rules{Zone: a.cfg.Timezone, Retention: a.cfg.Retention.FirstDay, Allow: a.allowed()},
	})
	return nil
}

// allowed is what passes the door as it was told.
func (a *app) allowed() ingest.Allow {
	return ingest.Allow{Objects: set(a.cfg.KeepObjects), Containers: set(a.cfg.KeepContainers), Attributes: set(a.cfg.KeepAttributes)}
}

func set(names []string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[name] = true
	}
	return all
}

// mountIngest adds the addresses of the door and the directory. What is not served below them answers 404 at once and
// in the form of all errors: clients probe addresses that only their own makers serve, and must not hang on a page.
func (a *app) mountIngest(mux *http.ServeMux) {
	mux.Handle("/v1/directory/", ingest.DirectoryHandler(a.directory, a.tokens, a.log))
	mux.Handle(ingest.OutcomesPath, ingest.OutcomesHandler(a.outcomes, a.tokens, a.log))
	a.mountDoor(mux)
}

// mountDoor adds the addresses of the door alone.
func (a *app) mountDoor(mux *http.ServeMux) {
	for _, path := range ingest.Paths() {
		mux.Handle(exactly(path), a.door)
	}
	for _, path := range []string{"/v1/", "/flags", "/flags/", "/decide", "/decide/", "/array/"} {
		mux.HandleFunc(path, notServed)
	}
}

// exactly is the pattern of one path and nothing below it.
func exactly(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

func notServed(w http.ResponseWriter, _ *http.Request) {
	writeFailure(w, &adoption.Error{Code: adoption.NotFound,
		Message: "There is nothing at this address. Events go to /v1/events, or to where the client of another product sends them; the directory to /v1/directory/people, units, licences and tools; outcomes to /v1/outcomes."})
}
