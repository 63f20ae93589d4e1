package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"uptake/adoption"
	"uptake/cmd/uptake/control"
)

// session is a command's way to the data directory: through the process that holds it, or through the application
// started in this one. Either way it asks over the control socket.
type session struct {
	m      *Main
	self   control.Holder
	client *control.Client
	app    *app // nil while another process holds the data directory
}

// openSession finds or becomes the holder of the data directory.
func (m *Main) openSession(ctx context.Context, name string, limited bool) (*session, error) {
	if err := control.PrepareDir(m.config.Data); err != nil {
		return nil, err
	}
	if m.config.LogLevel == slog.LevelInfo { // what a server has to tell of its day is of no use beside a command's own words
		m.logFrom(slog.LevelWarn)
	}
	s := &session{m: m, self: control.Self(name, false, limited)}
	if err := s.attach(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *session) attach(ctx context.Context) error {
	accept := func(h control.Holder) bool { return !h.Limited || s.self.Limited }
	waiting := func(h control.Holder) { s.m.console.note("Waiting for %s …", h) }
	client, lock, err := control.Attach(ctx, s.m.config.Data, s.self, accept, waiting)
	if err != nil {
		return err
	}
	if lock != nil {
		if s.app, err = startApp(ctx, s.m, s.self, lock); err != nil {
			return err
		}
		// This process holds the data directory now, so nobody else can answer.
		client, _, err = control.Attach(ctx, s.m.config.Data, s.self, nil, nil)
		if err != nil {
			return errors.Join(err, s.app.stop())
		}
	}
	s.client = client
	return nil
}

// close ends the application if this process runs it.
func (s *session) close() error {
	if s.app == nil {
		return nil
	}
	return s.app.stop()
}

// withSession runs work and closes the session after it.
func (m *Main) withSession(ctx context.Context, name string, work func(*session) error) error {
	s, err := m.openSession(ctx, name, false)
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.close())
}

// request is what a command asks of the holder.
type request struct {
	method, path string
	query        url.Values
	header       http.Header
	body         []byte
	// once: the request must not be repeated when the connection breaks in the middle of it. Most may: events and
	// directory rows count once however often they come.
	once bool
}

// tries is how often a request is repeated after the holder was lost in the middle of it.
const tries = 3

// do asks and returns the answer, whose status is a success. A holder that ends is replaced, by another or by this
// process, and asked again. Answers with an error come back as *adoption.Error.
func (s *session) do(ctx context.Context, r request) (*http.Response, error) {
	for try := 1; ; try++ {
		response, err := s.ask(ctx, r)
		if err == nil {
			return response, nil
		}
		var answered *adoption.Error
		gone := errors.Is(err, control.ErrGone)
		if errors.As(err, &answered) || ctx.Err() != nil || s.app != nil || (!gone && (r.once || try >= tries)) {
			return nil, err
		}
		if err := s.attach(ctx); err != nil {
			return nil, err
		}
	}
}

func (s *session) ask(ctx context.Context, r request) (*http.Response, error) {
	address := url.URL{Scheme: "http", Host: "uptake", Path: r.path, RawQuery: r.query.Encode()}
	q, err := http.NewRequestWithContext(ctx, r.method, address.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	for name, values := range r.header {
		q.Header[name] = values
	}
	response, err := s.client.Do(q)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.client.Holder, err)
	}
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	return nil, readError(response)
}

// call asks and decodes the JSON answer into out, if out is not nil.
func (s *session) call(ctx context.Context, r request, out any) error {
	for try := 1; ; try++ {
		response, err := s.do(ctx, r)
		if err != nil {
			return err
		}
		err = readJSON(response, out)
		if err == nil || r.once || try >= tries || ctx.Err() != nil {
			return err
		}
	}
}

func readJSON(response *http.Response, out any) error {
	defer response.Body.Close()
	if out == nil {
		_, err := io.Copy(io.Discard, response.Body)
		return err
	}
	if err := json.NewDecoder(response.Body).Decode(out); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// answerError is an answer that says no: its error, and all of its body.
type answerError struct {
	err  *adoption.Error
	body []byte
}

func (e *answerError) Error() string { return e.err.Error() }
func (e *answerError) Unwrap() error { return e.err }

// readError is the error that an answer bears.
func readError(response *http.Response) error {
	var answer struct {
		Error struct {
			Code    adoption.Code
			Message string
			Field   string
		}
	}
	text, _ := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if json.Unmarshal(text, &answer) != nil || answer.Error.Message == "" {
		answer.Error.Code, answer.Error.Message = adoption.Internal, "The server answered "+response.Status+"."
	}
	return &answerError{&adoption.Error{Code: answer.Error.Code, Message: answer.Error.Message, Field: answer.Error.Field}, text}
}

// settle waits until everything acknowledged is in the figures, and draws how far that is.
func (s *session) settle(ctx context.Context) error {
	bar, start := s.m.console.progress("Computing the figures", "days"), time.Now()
	for {
		var state settledAnswer
		err := s.call(ctx, request{method: http.MethodGet, path: "/control/settled"}, &state)
		if err != nil {
			return err
		}
		if state.Settled {
			bar.end("The figures are up to date (%s).", time.Since(start).Round(100*time.Millisecond))
			return nil
		}
		bar.set(state.Done, state.Total)
	}
}
