//go:build linux && (amd64 || arm64)

package embedded

import (
	"context"
	"errors"
	"fmt"
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
// server. Cancelling the request's context, or closing the body, kills the statement.
func (e *engine) RoundTrip(req *http.Request) (*http.Response, error) {
	call, err := newCall(req)
	if err != nil {
		return nil, err
	}
	defer call.free()
	if call.statement == helloQuery {
		return answer(req, io.NopCloser(strings.NewReader(string(e.hello))), int64(len(e.hello))), nil
	}
	lease, err := e.pool.lease(req.Context(), call.database)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(req.Context())
	body := &body{ctx: req.Context(), cancel: cancel, pieces: make(chan piece, 1)}
	keep := call.detach()
	go func() {
		defer close(body.pieces)
		defer cancel()
		// A statement may have state in the thread that began it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer lease.release()
		defer keep.free()
		lease.serve(ctx, keep, body.pieces)
	}()

	// The status depends on how the statement begins.
	select {
	case first, ok := <-body.pieces:
		var failed *exception
		switch {
		case !ok:
			return answer(req, body, -1), nil
		case errors.As(first.err, &failed):
			_ = body.Close()
			return failed.response(req), nil
		case first.err != nil:
			_ = body.Close()
			return nil, first.err
		}
		body.rest = first.data
		return answer(req, body, -1), nil
	case <-req.Context().Done():
		_ = body.Close()
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

// piece is a part of a statement's output, or how it failed.
type piece struct {
	data []byte
	err  error
}

// killInterval is how often a KILL is repeated until the statement is gone: the
// first may arrive before the engine has entered the statement into its list.
const killInterval = 100 * time.Millisecond

// serve runs the call on the leased connection and sends its output. When ctx
// ends it kills the statement. It returns when nothing runs on the connection any more.
func (l *lease) serve(ctx context.Context, call *call, pieces chan<- piece) {
	finished := make(chan struct{})
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		select {
		case <-finished:
			return
		case <-ctx.Done():
		}
		for {
			l.pool.kill(l.tag)
			select {
			case <-finished:
				return
			case <-time.After(killInterval):
			}
		}
	}()

	send := func(data []byte) bool {
		select {
		case pieces <- piece{data: data}:
			return true
		case <-ctx.Done():
			return false
		}
	}
	err := l.execute(call, send)
	close(finished)
	<-killed // or the KILL would hit the next statement on this connection
	if err == nil {
		return
	}
	select {
	case pieces <- piece{err: err}:
	case <-ctx.Done():
	}
}

func (l *lease) execute(call *call, send func([]byte) bool) error {
	if err := l.prepare(call.database, call.settings); err != nil {
		var refused *settingsError
		l.broken = errors.As(err, &refused)
		return err
	}
	if call.streamable() {
		err := l.stream(call.statement, call.format, call.params, send)
		if !notStreamable(err) {
			return err
		}
	}
	data, err := l.run(call.statement, call.format, call.params)
	if err == nil && len(data) > 0 {
		send(data)
	}
	return err
}

// body is the answer as the driver reads it.
type body struct {
	ctx    context.Context
	cancel context.CancelFunc
	pieces chan piece
	rest   []byte
	err    error
}

func (b *body) Read(p []byte) (int, error) {
	for len(b.rest) == 0 {
		if b.err != nil {
			return 0, b.err
		}
		select {
		case next, ok := <-b.pieces:
			var failed *exception
			switch {
			case !ok && b.ctx.Err() != nil:
				b.err = b.ctx.Err() // the end of a killed statement is not the end of the result
			case !ok:
				b.err = io.EOF
			case errors.As(next.err, &failed):
				b.rest, b.err = failed.inBand(), io.EOF
			case next.err != nil:
				b.err = next.err
			default:
				b.rest = next.data
			}
		case <-b.ctx.Done():
			b.err = b.ctx.Err()
		}
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// Close ends the statement if it still runs. It does not wait for that.
func (b *body) Close() error {
	b.cancel()
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

var errMultipart = fmt.Errorf("the embedded engine takes no external tables: use a parameter of type Array, or a temporary name in a WITH clause")
