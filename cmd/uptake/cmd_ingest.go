package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"uptake/adoption"
	"uptake/dashboard"
	"uptake/ingest"
)

var ingestCommand = command{
	name:    "ingest",
	summary: "receive events into an external spool, beside a server that loads them",
	help: `Usage: uptake ingest

Only the door: it takes events at /v1/ and the addresses of other clients, and answers /healthz,
/readyz and /metrics. It needs no ClickHouse and keeps nothing on its disk, so any number of them
may run, beside one "uptake serve" that loads. All need the same UPTAKE_SPOOL_URL and the same
secret (UPTAKE_SECRET_FILE), and should have the same keep_ and retention settings.
The directory is sent to the server.`,
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return &usageError{message: fmt.Sprintf("ingest takes no arguments, but %q was given", args[0]), command: "ingest"}
			}
			if m.config.SpoolURL == "" {
				return &usageError{message: "ingest: UPTAKE_SPOOL_URL is missing. It names the NATS server that `uptake serve` loads from", command: "ingest"}
			}
			return m.receive(ctx)
		}
	},
}

// receive opens the door and waits for the end of ctx.
func (m *Main) receive(ctx context.Context) (err error) {
	a := &app{m: m, cfg: m.config, log: m.log, registry: newRegistry()}
	a.alive, a.die = context.WithCancel(context.Background())
	defer func() {
		m.log.Info("stopping")
		err = errors.Join(err, a.stop())
		m.log.Info("stopped")
	}()
	if a.secret, err = ingest.ReadSecret(a.cfg.SecretPath()); err != nil {
		return err
	}
	if err := a.openSpool(ctx, true); err != nil {
		return err
	}
	if err := a.openDoor(ctx, ingest.NewPseudonymiser(a.secret), ingest.NewMetrics(a.registry)); err != nil {
		return err
	}
	address, err := a.listen(ctx, m.config.Listen, "UPTAKE_LISTEN", a.nodeHandler())
	if err != nil {
		return err
	}
	if m.config.MetricsListen != "" {
		if _, err := a.listen(ctx, m.config.MetricsListen, "UPTAKE_METRICS_LISTEN", a.nodeMetrics(func(string) bool { return true })); err != nil {
			return err
		}
	}
	if m.OnServing != nil {
		m.OnServing(address)
	}
	if err := m.print("Uptake %s receives events at %s", versionText(), address); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// nodeHandler answers what a process without a database can answer.
func (a *app) nodeHandler() http.Handler {
	mux := http.NewServeMux()
	a.mountDoor(mux)
	for _, path := range []string{"/v1/directory/", ingest.OutcomesPath} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "60")
			writeFailure(w, &adoption.Error{Code: adoption.Unavailable, Message: "This process only receives events. Send the directory to the server, `uptake serve`, and outcomes, too."})
		})
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeAnswer(w, http.StatusOK, map[string]string{"status": "up"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		ready, status := a.nodeReady(ctx), http.StatusOK
		if ready.Degraded == nil {
			ready.Degraded = []string{}
		}
		if !ready.Accepting {
			status = http.StatusServiceUnavailable
		}
		writeAnswer(w, status, ready)
	})
	mux.Handle("/metrics", a.nodeMetrics(a.mayScrape))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		writeFailure(w, &adoption.Error{Code: adoption.NotFound, Message: "There is nothing at this address. This process only receives events, at /v1/events and where the clients of other products send them; pages are on the server, `uptake serve`."})
	})
	return mux
}

// nodeReady is spoolReady, and whether this door lets through what the server's does.
func (a *app) nodeReady(ctx context.Context) dashboard.Readiness {
	ready := a.spoolReady(ctx)
	other, err := a.spool.OtherSettings(ctx, a.doorSettings())
	if err == nil && len(other) > 0 { // an error is that of a spool that does not answer, which is said already
		ready.Degraded = append(ready.Degraded, "These settings differ from the server's: "+strings.Join(other, ", ")+". Make them alike, or the same thing is stored in two ways.")
	}
	return ready
}

// doorSettings are the settings that say what the door lets through, and how.
func (a *app) doorSettings() map[string]string {
	list := func(names []string) string { return strings.Join(slices.Sorted(slices.Values(names)), ",") }
	return map[string]string{
		"timezone": a.cfg.Timezone.String(), "retention": a.cfg.Retention.String(),
		"keep_objects": list(a.cfg.KeepObjects), "keep_containers": list(a.cfg.KeepContainers), "keep_attributes": list(a.cfg.KeepAttributes),
	}
}

// nodeMetrics answers /metrics with what this process counts, to whoever bears a token that may.
func (a *app) nodeMetrics(may func(token string) bool) http.Handler {
	mux := http.NewServeMux()
	metrics := promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{ErrorLog: logAt(a.log, "metrics")})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		if !may(bearer(r)) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="uptake"`)
			writeFailure(w, &adoption.Error{Code: adoption.Unauthorized, Message: "A token is needed here: send the header Authorization: Bearer TOKEN. `uptake token create --metrics NAME` makes one."})
			return
		}
		metrics.ServeHTTP(w, r)
	})
	return mux
}

// writeAnswer answers with v as JSON.
func writeAnswer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // who has gone is told nothing
}

// writeFailure answers with the error form that all of Uptake shares.
func writeFailure(w http.ResponseWriter, err *adoption.Error) {
	_, body := failure(err)
	writeAnswer(w, err.Code.Status(), map[string]any{"error": body})
}

// bearer is the token of the request's Authorization header, "" if it has none.
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
