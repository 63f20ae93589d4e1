package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"uptake/adoption"
	"uptake/cmd/uptake/config"
	"uptake/cmd/uptake/control"
)

var serveCommand = command{
	name:    "serve",
	summary: "serve pages, API and ingest",
	help: `Usage: uptake serve

Serves until it gets SIGTERM or SIGINT: then running requests are finished and what was
accepted stays durable. A second signal ends it at once. "uptake help config" lists what can
be set.`,
	prepare: func(m *Main, _ *flag.FlagSet) func(context.Context, []string) error {
		return func(ctx context.Context, args []string) error {
			if len(args) > 0 {
				return &usageError{message: fmt.Sprintf("serve takes no arguments, but %q was given", args[0]), command: "serve"}
			}
			return m.serve(ctx)
		}
	},
}

// serve starts the application, opens its doors and waits for the end of ctx.
func (m *Main) serve(ctx context.Context) (err error) {
	a, err := m.startServing(ctx)
	if err != nil {
		return err
	}
	defer func() {
		m.log.Info("stopping")
		err = errors.Join(err, a.stop())
		m.log.Info("stopped")
	}()
	handler, err := a.publicHandler(ctx) //nolint:contextcheck // it builds handlers: each request brings a context of its own
	if err != nil {
		return err
	}
	address, err := a.listen(ctx, m.config.Listen, "UPTAKE_LISTEN", handler.pages)
	if err != nil {
		return err
	}
	if m.config.MetricsListen != "" {
		metrics, err := a.listen(ctx, m.config.MetricsListen, "UPTAKE_METRICS_LISTEN", handler.metrics)
		if err != nil {
			return err
		}
		m.log.Info("serving metrics", "address", metrics+"/metrics")
	}
	if m.config.PprofListen != "" {
		profiles, err := a.listen(ctx, m.config.PprofListen, "UPTAKE_PPROF_LISTEN", profileHandler())
		if err != nil {
			return err
		}
		m.log.Info("serving profiles", "address", profiles+"/debug/pprof/")
	}
	if m.OnServing != nil {
		m.OnServing(address)
	}
	a.run("the self-check", func(ctx context.Context) error { return a.company.KeepChecking(ctx, a.log) })
	a.run("what is worked out beforehand", func(ctx context.Context) error { return a.company.KeepPrepared(ctx, a.log) })
	a.openDemo(ctx)
	if a.cfg.Reports.Every != "" {
		a.run("the sending of reports", a.sendReports)
	}
	if ctx.Err() == nil {
		if err := m.welcome(a, address); err != nil {
			return err
		}
	}
	<-ctx.Done()
	return nil
}

// startServing takes the data directory: it waits for a command that has it, not for another server that is alive.
func (m *Main) startServing(ctx context.Context) (*app, error) {
	dir := m.config.Data
	if err := control.PrepareDir(dir); err != nil {
		return nil, err
	}
	self := control.Self("serve", true, false)
	client, lock, err := control.Attach(ctx, dir, self, func(h control.Holder) bool { return h.Serves },
		func(h control.Holder) { m.console.note("Waiting for %s …", h) })
	var holder control.Holder
	var held *control.HeldError
	switch {
	case errors.As(err, &held):
		holder = held.Holder
	case err != nil:
		return nil, err
	case lock != nil:
		return startApp(ctx, m, self, lock)
	case client != nil:
		holder = client.Holder
	}
	return nil, &adoption.Error{Code: adoption.Conflict, Message: fmt.Sprintf(
		"The data directory %s is in use by %s. Stop that one, or name another directory with UPTAKE_DATA.", dir, holder)}
}

// listen serves handler on an address and returns the address as http://host:port.
func (a *app) listen(ctx context.Context, address, variable string, handler http.Handler) (string, error) {
	var listener net.Listener
	taken := func(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
	err := a.succeed(ctx, "the address "+address, taken, func() (err error) {
		listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		return err
	})
	switch {
	case taken(err):
		return "", &adoption.Error{Code: adoption.Conflict, Message: fmt.Sprintf(
			"The address %s is in use by another program. Stop that one, or name another address with %s.", address, variable)}
	case errors.Is(err, os.ErrPermission):
		return "", &adoption.Error{Code: adoption.Forbidden, Message: fmt.Sprintf(
			"This user may not listen on %s (ports below 1024 are often reserved). Name another address with %s.", address, variable)}
	case err != nil:
		return "", fmt.Errorf("listen on %s (%s): %w", address, variable, err)
	}
	bounded := boundConnections(listener, connectionBound())
	server := httpServer(handler, bounded)
	server.ErrorLog = logAt(a.log, "http")
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(bounded); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("no longer serving", "address", address, "error", err)
			a.background.add(fmt.Errorf("serving %s: %w", address, err))
		}
	}()
	a.onStop("finish the running requests", func(ctx context.Context) error {
		err := server.Shutdown(ctx)
		if err != nil {
			err = errors.Join(err, server.Close())
		}
		<-done
		return err
	})
	return reachable(listener.Addr().(*net.TCPAddr)), nil
}

// httpServer serves handler on connections, within the time that a client has for each part of its request.
func httpServer(handler http.Handler, c *connections) *http.Server {
	return &http.Server{
		Handler:           handler,
		ConnState:         c.noteState,
		ReadHeaderTimeout: 10 * time.Second,
		// No ReadTimeout: the door bounds the time for a body itself, longer for a directory than for events.
		WriteTimeout:   6 * time.Minute, // the door's own answers have less
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 32 << 10,
	}
}

// reachable is an address to open in a browser: a server that listens everywhere is reached on this machine, too.
func reachable(addr *net.TCPAddr) string {
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(addr.Port))
}

// openDemo shows the demo that is wanted. A demo that cannot be made is no reason to turn real events away.
func (a *app) openDemo(ctx context.Context) {
	var bar *progress
	err := a.demo.open(ctx, func(done, total int64) {
		if bar == nil {
			bar = a.m.console.progress("Making the demo company", "")
		}
		bar.set(done, total)
	})
	if bar != nil {
		bar.end("Making the demo company: %s.", map[bool]string{true: "done", false: "failed"}[err == nil])
	}
	if err != nil && ctx.Err() == nil {
		a.log.Error("the demo company cannot be shown", "error", err)
		a.background.add(fmt.Errorf("demo company: %w", err))
	}
}

// welcome says where to go and how to get in.
func (m *Main) welcome(a *app, address string) error {
	if m.config.PublicURL != "" {
		address = m.config.PublicURL
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nUptake %s is at %s\n", versionText(), address)
	switch {
	case a.madeAdmin != "":
		fmt.Fprintf(&b, "  sign in as   %s\n  password     %s\n  It is shown this once; `uptake password` makes a new one.\n", adminUser, a.madeAdmin)
	case m.config.AdminPassword != "":
		fmt.Fprintf(&b, "  sign in as   %s, with the password of the configuration\n", adminUser)
	default:
		fmt.Fprintf(&b, "  sign in as   %s; `uptake password` makes a new password if the first one is lost\n", adminUser)
	}
	if demo := a.demo.shown(); demo != nil {
		fmt.Fprintf(&b, "  It shows the demo company %s. Leave it on any page, or with UPTAKE_DEMO=%s.\n", demo.Demo, config.DemoOff)
	}
	return m.print("%s", b.String())
}
