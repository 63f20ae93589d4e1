//go:build linux && (amd64 || arm64)

package embedded

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"time"
)

// RoundTrip answers one request of clickhouse-go's HTTP protocol from the engine.
// Statements that fail before their first row become status 500 with the
// exception's code, later failures an exception block in the body, as on a
// server. Cancelling the request's context, or closing the body, kills the
// statement; RoundTrip and the body's Read return then at once and do not wait for
// its end. An INSERT that is cancelled may or may not have happened.
func (e *engine) RoundTrip(req *http.Request) (*http.Response, error) {
	call, err := newCall(req)
	if err != nil {
		return nil, err
	}
	if call.statement == helloQuery {
		return answer(req, io.NopCloser(bytes.NewReader(e.hello)), int64(len(e.hello))), nil
	}
	lease, err := e.pool.lease(req.Context(), call.database)
	if err != nil {
		call.free()
		return nil, err
	}
	body := &body{ctx: req.Context(), cancel: lease.cancel, pieces: make(chan []byte, 1)}
	go func() {
		// A statement may keep state in the thread that began it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(body.pieces)
		defer lease.release()
		defer call.free()
		body.failure = lease.serve(call, &e.writes, body.pieces)
	}()

	// The status depends on how the statement begins.
	select {
	case first, ok := <-body.pieces:
		var failed *exception
		switch {
		case ok:
			body.rest = first
		case errors.As(body.failure, &failed):
			return failed.response(req), nil
		case body.failure != nil:
			return nil, body.failure
		}
		return answer(req, body, -1), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

func answer(req *http.Request, body io.ReadCloser, length int64) *http.Response {
	header := http.Header{}
	header.Set("X-ClickHouse-Exception-Tag", exceptionTag)
	header.Set("X-ClickHouse-Timezone", "UTC")
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: body, ContentLength: length, Request: req,
	}
}

// killInterval is how often a KILL is repeated until the statement is gone: the
// first may arrive before the engine has entered the statement into its list.
const killInterval = 100 * time.Millisecond

// serve runs the call on the leased connection and sends its output. When the
// lease's context ends it kills the statement and returns why. Nothing runs on
// the connection any more when it returns.
func (l *lease) serve(call *call, writes *writes, pieces chan<- []byte) error {
	finished, killed := make(chan struct{}), make(chan struct{})
	unwatch := context.AfterFunc(l.ctx, func() {
		defer close(killed)
		for {
			l.pool.kill(l.tag)
			select {
			case <-finished:
				return
			case <-time.After(killInterval):
			}
		}
	})
	aborted := false
	err := l.execute(call, writes, func(data []byte) bool {
		select {
		case pieces <- data:
			return true
		case <-l.ctx.Done():
			aborted = true
			return false
		}
	})
	close(finished)
	if !unwatch() {
		<-killed // or the KILL would hit the next statement on this connection
	}
	if err != nil || aborted { // a KILL may have come before the reader's stop
		l.settle()
	}
	if aborted || err != nil && l.ctx.Err() != nil {
		return context.Cause(l.ctx) // rather than the engine's "query was cancelled"
	}
	return err
}

// execute runs the call; send takes its output piece by piece until it returns false.
func (l *lease) execute(call *call, writes *writes, send func([]byte) bool) error {
	if err := l.prepare(call.database, call.settings); err != nil {
		var refused *settingsError
		l.broken = errors.As(err, &refused)
		return err
	}
	if call.changesSession() {
		l.broken = true
	}
	if call.streamable() {
		err := l.stream(call.statement, call.format, call.params, send)
		if !notStreamable(err) {
			return err
		}
	}
	if call.rows == nil && l.api.statements(l.handle, call.statement) > 1 {
		return errSeveral
	}
	defer writes.begin()()
	data, err := l.run(call.statement, call.format, call.params)
	if err != nil || len(data) == 0 {
		return err
	}
	send(data)
	return nil
}

// errSeveral is what a server says to several statements in one request. The
// library would run them all, and what works here must work there.
var errSeveral = parseException("Code: 62. DB::Exception: Syntax error (Multi-statements are not allowed). (SYNTAX_ERROR)")

// body is the answer as the driver reads it. Only one goroutine may read.
type body struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	pieces  chan []byte
	failure error // how the statement ended, set before pieces is closed
	rest    []byte
	err     error // what Read returns when rest is used up
}

func (b *body) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		select {
		case data, ok := <-b.pieces:
			if ok {
				b.rest = data
			} else {
				b.end()
			}
		case <-b.ctx.Done():
			b.err = b.ctx.Err()
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// end decides what follows the last piece.
func (b *body) end() {
	var failed *exception
	switch {
	case errors.As(b.failure, &failed):
		b.rest, b.err = failed.inBand(), io.EOF
	case b.failure != nil:
		b.err = b.failure
	default:
		b.err = io.EOF
	}
}

// errBodyClosed ends statements whose answer nobody wants any more.
var errBodyClosed = errors.New("the answer was closed before its end")

// Close ends the statement if it still runs. It does not wait for that.
func (b *body) Close() error {
	b.cancel(errBodyClosed)
	return nil
}

// notSettings are URL parameters that are no settings.
var notSettings = map[string]bool{
	"query": true, "database": true, "default_format": true, "client_protocol_version": true,
	"query_id": true, "quota_key": true, "compress": true, "decompress": true, "user": true, "password": true,
	"wait_end_of_query": true, "buffer_size": true, "session_id": true, "session_timeout": true, "session_check": true,
	"role": true, "network_compression_method": true, "http_write_exception_in_output_format": true,
}

func (c *call) readParameters(values url.Values) {
	for name, value := range values {
		if len(value) == 0 || notSettings[name] {
			continue
		}
		if parameter, ok := strings.CutPrefix(name, "param_"); ok {
			c.params = append(c.params, param{parameter, value[0]})
			continue
		}
		if c.settings == nil {
			c.settings = map[string]string{}
		}
		c.settings[name] = value[0]
	}
}

var errMultipart = errors.New("the embedded engine takes no external tables: use a parameter of type Array, or a temporary name in a WITH clause")
