package control

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// HelloPath answers with the Holder, so that a command can tell a living server from a file left behind.
const HelloPath = "/control/hello"

// drainingHeader marks the answer of a holder that is about to end: ask the next one.
const drainingHeader = "Uptake-Draining"

// drainPause is how long a holder that nobody can find any more still answers those who found it just before.
const drainPause = 50 * time.Millisecond

// Server answers the commands of other processes.
type Server struct {
	http     *http.Server
	listener net.Listener
	forget   func()
	draining atomic.Bool
	done     chan struct{}
}

// Serve opens the control socket of dir and answers with handler, with the right of the data directory's owner: the
// socket's permissions are the check. The caller holds the lock of dir.
func Serve(dir string, holder Holder, handler http.Handler) (*Server, error) {
	listener, forget, err := Listen(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{listener: listener, forget: forget, done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc(HelloPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(holder)
	})
	mux.Handle("/", handler)
	s.http = &http.Server{Handler: s.unlessDraining(mux), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	go func() {
		defer close(s.done)
		_ = s.http.Serve(listener) // ends with Shutdown; what the listener fails with before, its callers see
	}()
	return s, nil
}

func (s *Server) unlessDraining(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.draining.Load() {
			w.Header().Set(drainingHeader, "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Close stops answering: nobody new finds the socket, who has found it is sent on to the next holder, and running
// requests are finished until ctx ends.
func (s *Server) Close(ctx context.Context) error {
	s.draining.Store(true)
	s.forget()
	select { // whoever has connected but was not yet answered must not be cut off without a word
	case <-time.After(drainPause):
	case <-ctx.Done():
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.done
	return err
}
