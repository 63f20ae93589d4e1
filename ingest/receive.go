package ingest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// DoorConfig is what a Door works with. Tokens, Batcher, Pseudonyms and Rules.Zone are needed.
type DoorConfig struct {
	Tokens     *Tokens
	Batcher    *Batcher
	Pseudonyms *Pseudonymiser
	Rules      Rules
	Limits     Limits
	Rejects    *Rejects     // nil: refusals are not kept
	Metrics    *Metrics     // nil: not measured
	Log        *slog.Logger // nil: slog.Default()
}

// A Door receives events. It is the http.Handler of POST /v1/events, and Receive is the same without HTTP.
type Door struct {
	cfg     DoorConfig
	bodies  *bodies
	fair    *fairness
	workers sync.Pool // *worker
}

// RejectedEvent is an event of a batch that was not taken, as the answer names it.
type RejectedEvent struct {
	Index  int    `json:"index"` // of the event in its batch, from 0
	ID     string `json:"id"`    // as the client sent it, empty if it did not or if that is not to be known
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// Answer is what became of a batch.
type Answer struct {
	Accepted int             `json:"accepted"` // durable now, repeats included
	Rejected []RejectedEvent `json:"rejected"` // never null
}

// NewDoor makes a door.
func NewDoor(cfg DoorConfig) *Door {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Rules.Now == nil {
		cfg.Rules.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	d := &Door{cfg: cfg, bodies: newBodies(cfg.Limits), fair: newFairness(cfg.Limits.fair(), cfg.Metrics)}
	d.workers.New = func() any {
		return &worker{limits: cfg.Limits, checker: checker{rules: cfg.Rules, pseudonyms: cfg.Pseudonyms}}
	}
	return d
}

// ServeHTTP answers POST /v1/events: 202 and an Answer, or the error form that all of Uptake shares.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	status := d.serve(w, r)
	d.cfg.Metrics.answered(status, time.Since(begun))
}

func (d *Door) serve(w http.ResponseWriter, r *http.Request) (status int) {
	if !allowMethod(w, r, http.MethodPost) {
		return http.StatusMethodNotAllowed
	}
	grant, err := authorise(d.cfg.Tokens, r)
	if err != nil {
		return writeError(w, err)
	}
	place, err := d.fair.admit(r.Context(), grant.Name)
	if err != nil {
		w.Header().Set("Connection", "close") // the body is not waited for
		return writeError(w, err)
	}
	defer place.leave()
	b, err := d.readBody(w, r, place)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of the body is not waited for
		return writeError(w, err)
	}
	defer b.release()
	answer, err := d.receive(r.Context(), grant.Name, b)
	place.spend(answer.Accepted + len(answer.Rejected))
	answerWithin(w, d.cfg.Limits)
	if err != nil {
		if code := adoption.CodeOf(err); code == adoption.Unavailable || code == adoption.Internal {
			d.cfg.Log.Warn("a request of events was not taken", "source", grant.Name, "error", err)
		}
		return writeError(w, err)
	}
	writeJSON(w, http.StatusAccepted, answer)
	return http.StatusAccepted
}

// readBody reads the body under a deadline of its own, which ends with it: behind it the server waits for the disk,
// not for the client.
func (d *Door) readBody(w http.ResponseWriter, r *http.Request, p *place) (*body, error) {
	paced := pace(w, r, d.cfg.Limits)
	b, err := d.bodies.read(r, p)
	if err == nil {
		paced.done()
	}
	return b, err
}

// Receive takes a body of events, in any form that POST /v1/events takes, as sent by source. When it returns without
// an error, the accepted ones are durable. An *adoption.Error says why nothing could be taken.
func (d *Door) Receive(ctx context.Context, source string, r io.Reader) (Answer, error) {
	if err := checkName(source); err != nil {
		return Answer{}, err
	}
	place, err := d.fair.enter(ctx, source)
	if err != nil {
		return Answer{}, err
	}
	defer place.leave()
	b, err := d.bodies.readFrom(r, place)
	if err != nil {
		return Answer{}, err
	}
	defer b.release()
	return d.receive(ctx, source, b)
}

func (d *Door) receive(ctx context.Context, source string, b *body) (Answer, error) {
	w := d.workers.Get().(*worker)
	defer d.workers.Put(w)
	chunks, err := w.work(source, b.Bytes())
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Limits.Commit)
	defer cancel()
	if err := d.cfg.Batcher.commit(ctx, chunks); err != nil {
		return Answer{}, notDurable(err)
	}
	d.cfg.Metrics.received(source, w.accepted, w.rejected)
	d.cfg.Rejects.count(adoption.DayOf(w.checker.now, time.UTC), source, w.rejected)
	return w.answer(), nil
}

// notDurable is err as the client may see it: whatever failed behind the door, sending again is right.
func notDurable(err error) error {
	if adoption.CodeOf(err) == adoption.Unavailable {
		return err
	}
	return &adoption.Error{Code: adoption.Unavailable, Message: "The events could not be made durable. Send them again later; those that were taken nevertheless count once.", Err: err}
}

// A worker turns a body into chunks for the spool. It belongs to one request at a time; its memory is used again.
type worker struct {
	limits   Limits
	parser   wire.Parser
	checker  checker
	encoder  encoder
	event    adoption.Event
	source   string
	accepted int
	rejected []refusedEvent
}

// refusedEvent is an event that was refused, as the worker notes it.
type refusedEvent struct {
	index int
	id    string
	wrong *wire.Refusal
}

// work checks the events of a body and packs the good ones.
func (w *worker) work(source string, text []byte) ([]chunk, error) {
	w.source, w.accepted, w.rejected = source, 0, w.rejected[:0]
	w.checker.begin()
	w.encoder.begin(source)
	if err := wire.Split(text, w.limits.wire(), w.take); err != nil {
		return nil, err
	}
	return w.encoder.finish(), nil
}

// take handles one event of the batch.
func (w *worker) take(value []byte, wrong *wire.Refusal) error {
	id := ""
	if wrong == nil {
		var raw *wire.Event
		if raw, wrong = w.parser.Parse(value); wrong == nil {
			wrong = w.checker.check(w.source, raw, &w.event)
		}
		if wrong != nil {
			id = wire.CutText(string(raw.ID), maxID)
		}
	}
	if wrong != nil {
		w.rejected = append(w.rejected, refusedEvent{w.accepted + len(w.rejected), id, wrong})
		return nil
	}
	w.encoder.add(&w.event)
	w.accepted++
	return nil
}

func (w *worker) answer() Answer {
	answer := Answer{Accepted: w.accepted, Rejected: make([]RejectedEvent, len(w.rejected))}
	for i, r := range w.rejected {
		answer.Rejected[i] = RejectedEvent{Index: r.index, ID: r.id, Field: r.wrong.Field, Reason: r.wrong.Reason}
	}
	return answer
}
