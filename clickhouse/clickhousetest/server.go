package clickhousetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"uptake/clickhouse"
	"uptake/clickhouse/embedded"
)

// Server is the tests' engine behind a port, as a server is, on a line that fails on demand: a program of its own can
// use it, and lose it.
type Server struct {
	DSN string // of a database of its own

	// Away ends every connection without an answer, and nothing reaches the engine.
	Away atomic.Bool
	// Deaf lets statements that write into the table events reach the engine, and loses every answer to them.
	Deaf atomic.Bool
	// Lost counts the answers that were lost.
	Lost atomic.Int64

	engine *embedded.Engine
}

// Serve makes a server that ends with the test. It always is the embedded engine, also where UPTAKE_TEST_DSN names
// another: that one's line cannot be cut.
func Serve(t testing.TB) *Server {
	t.Helper()
	if os.Getenv("UPTAKE_TEST_DSN") != "" {
		t.Fatal("this test cuts the line to ClickHouse, which it can do to the embedded engine only: run it without UPTAKE_TEST_DSN")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	base := shared(ctx, t)
	engine, err := embedded.Open(ctx, filepath.Join(root.dir, "clickhouse"), embedded.Options{})
	if err != nil {
		t.Fatalf("open the engine for a server: %v", err)
	}
	s := &Server{engine: engine}
	listener := httptest.NewServer(s)
	database := name(t)
	s.DSN = listener.URL + "/" + database + "?compress=none" // the engine answers as it is
	t.Cleanup(func() {
		listener.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := base.Exec(ctx, "DROP DATABASE IF EXISTS "+clickhouse.QuoteName(database)+" SYNC"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
		if err := engine.Close(); err != nil {
			t.Errorf("close the server's engine: %v", err)
		}
	})
	return s
}

// ServeHTTP answers as a server does, or fails as a line does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.Away.Load() {
		hangUp(w)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		hangUp(w)
		return
	}
	writes := strings.Contains(r.URL.Query().Get("query")+string(body[:min(len(body), 1000)]), "INTO events")
	answer, err := s.engine.RoundTrip(s.request(r, body))
	if err != nil {
		http.Error(w, fmt.Sprintf("Code: 210. DB::NetException: %v (NETWORK_ERROR)", err), http.StatusInternalServerError)
		return
	}
	defer answer.Body.Close()
	if writes && s.Deaf.Load() {
		_, _ = io.Copy(io.Discard, answer.Body) // it happens
		s.Lost.Add(1)
		hangUp(w)
		return
	}
	for key, values := range answer.Header {
		w.Header()[key] = values
	}
	w.WriteHeader(answer.StatusCode)
	if _, err := io.Copy(w, answer.Body); err != nil {
		hangUp(w)
	}
}

// request is r as the engine wants it: a request of the client's, not the server's, side.
func (s *Server) request(r *http.Request, body []byte) *http.Request {
	request := r.Clone(r.Context())
	request.RequestURI = ""
	request.Body = io.NopCloser(strings.NewReader(string(body)))
	request.ContentLength = int64(len(body))
	return request
}

// hangUp ends the connection as a cable that is cut does.
func hangUp(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err == nil {
		_ = conn.Close()
	}
}
