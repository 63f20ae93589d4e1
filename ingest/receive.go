package ingest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"uptake/adoption"
	"uptake/ingest/mapping"
)

// DoorConfig is what a Door works with. Tokens, Batcher, Pseudonyms and Rules.Zone are needed.
type DoorConfig struct {
	Tokens     *Tokens
	Batcher    *Batcher
	Pseudonyms *Pseudonymiser
	Rules      Rules
	Limits     Limits
	Mappings   *mapping.Set // nil: foreign names mean what they say
	Facts      Facts        // nil: what clients tell of people and groups is ignored
	Rejects    *Rejects     // nil: refusals are not kept
	Metrics    *Metrics     // nil: not measured
	Log        *slog.Logger // nil: slog.Default()

	unknown *unknownNames // of all sources
}

// Facts takes what clients tell of people and groups. When it returns without an error, that is durable.
type Facts func(ctx context.Context, facts []Fact) error

// A Door receives events. It is the http.Handler of all Paths, and Receive is POST /v1/events without HTTP.
type Door struct {
	cfg     DoorConfig
	bodies  *bodies
	fair    *fairness
	workers sync.Pool // *worker

	complaint rate.Sometimes // in the log
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
	// Ignored is what was neither: events that the source's mapping leaves out, and what was told of people and groups
	// by a source that may not change the directory.
	Ignored int `json:"ignored,omitempty"`
}

// NewDoor makes a door.
func NewDoor(cfg DoorConfig) *Door {
	cfg.Limits, cfg.unknown = cfg.Limits.withDefaults(), &unknownNames{}
	if cfg.Rules.Now == nil {
		cfg.Rules.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	d := &Door{cfg: cfg, bodies: newBodies(cfg.Limits), fair: newFairness(cfg.Limits.fair(), cfg.Metrics), complaint: rate.Sometimes{Interval: time.Second}}
	d.workers.New = func() any { return newWorker(cfg) }
	return d
}

// ServeHTTP answers POST to any of Paths in the way that the clients which send there expect.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	f, known := forms[r.URL.Path]
	if !known {
		writeError(w, &adoption.Error{Code: adoption.NotFound, Message: "There is nothing at this address. Events go to /v1/events."})
		return
	}
	status := d.serve(w, r, f)
	d.cfg.Metrics.answered(r.URL.Path, status, time.Since(begun))
}

func (d *Door) serve(w http.ResponseWriter, r *http.Request, f *form) (status int) {
	if !allowMethod(w, r, http.MethodPost) {
		return http.StatusMethodNotAllowed
	}
	in := &input{header: r.Header}
	v, err := d.enter(r, f)
	if err != nil {
		w.Header().Set("Connection", "close") // the body is not waited for
		return f.refuse(w, in, err)
	}
	defer v.place.leave()
	b, err := d.readBody(w, r, v.place)
	if err != nil {
		w.Header().Set("Connection", "close") // the rest of the body is not waited for
		return f.refuse(w, in, err)
	}
	defer b.release()
	in.body = b.Bytes()
	answer, err := d.receive(r.Context(), v, f, in)
	answerWithin(w, d.cfg.Limits)
	if err != nil {
		if code := adoption.CodeOf(err); code == adoption.Unavailable || code == adoption.Internal {
			// While the spool is full every request fails, thousands a second: the metrics count them all.
			d.complaint.Do(func() {
				d.cfg.Log.Warn("a request of events was not taken", "source", sourceLabel(v.grant.Name), "error", err)
			})
		}
		return f.refuse(w, in, err)
	}
	return f.answer(w, in, answer)
}

// A visitor is a request that was let in. Its grant is empty as long as the key in its body was not read.
type visitor struct {
	grant Grant
	place *place
}

// enter finds out who sends, and lets the request in when there is room. Who may bear the key in the body is let in
// without one; until the body was read, all these from one address share what one source may have of the door.
func (d *Door) enter(r *http.Request, f *form) (*visitor, error) {
	var v visitor
	var err error
	if f.key == nil || r.Header.Get("Authorization") != "" {
		if v.grant, err = authorise(d.cfg.Tokens, r); err != nil {
			return nil, err
		}
		v.place, err = d.fair.admit(r.Context(), v.grant.Name)
		return &v, err
	}
	v.place, err = d.fair.admit(r.Context(), stranger(r.RemoteAddr))
	return &v, err
}

// identify reads the key in the body of a visitor that showed none.
func (d *Door) identify(v *visitor, f *form, in *input) (err error) {
	if v.grant.Name != "" {
		return nil
	}
	if v.grant, err = grantOf(d.cfg.Tokens, f.key(in.body)); err != nil {
		return err
	}
	return v.place.pass(v.grant.Name)
}

// readBody reads the body under a deadline of its own, which ends with it: behind it the server waits for the disk,
// not for the client.
func (d *Door) readBody(w http.ResponseWriter, r *http.Request, p *place) (*body, error) {
	paced := pace(w, r, d.cfg.Limits)
	b, err := d.bodies.read(r, paced, p)
	if err == nil {
		paced.done()
	}
	return b, err
}

// Receive takes a body of events, in any form that POST /v1/events takes, as sent by source. When it returns without
// an error, the accepted ones are durable. An *adoption.Error says why nothing could be taken.
func (d *Door) Receive(ctx context.Context, source string, r io.Reader) (answer Answer, err error) {
	err = d.visit(ctx, source, r, func(v *visitor, in *input) error {
		answer, err = d.receive(ctx, v, eventsForm, in)
		return err
	})
	return answer, err
}

// visit lets in a body that comes without HTTP.
func (d *Door) visit(ctx context.Context, source string, r io.Reader, then func(*visitor, *input) error) error {
	if err := checkName(source); err != nil {
		return err
	}
	place, err := d.fair.enter(ctx, source)
	if err != nil {
		return err
	}
	defer place.leave()
	b, err := d.bodies.readFrom(r, place)
	if err != nil {
		return err
	}
	defer b.release()
	return then(&visitor{Grant{Name: source, Kind: SourceToken}, place}, &input{body: b.Bytes()})
}

// receive takes what a body holds. When it returns without an error, all of it is durable.
func (d *Door) receive(ctx context.Context, v *visitor, f *form, in *input) (Answer, error) {
	if err := d.identify(v, f, in); err != nil {
		return Answer{}, err
	}
	w := d.workers.Get().(*worker)
	defer d.workers.Put(w)
	chunks, err := w.work(v.grant, f, in)
	v.place.spend(w.index)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Limits.Commit)
	defer cancel()
	if err := d.cfg.Batcher.commit(ctx, chunks); err != nil {
		return Answer{}, notDurable(err)
	}
	if len(w.facts) > 0 {
		if err := d.cfg.Facts(ctx, w.facts); err != nil {
			return Answer{}, notDurable(err)
		}
	}
	d.cfg.Metrics.received(v.grant.Name, w)
	d.cfg.Rejects.count(adoption.DayOf(w.checker.now, time.UTC), v.grant.Name, w.rejected)
	return w.answer(), nil
}

// notDurable is err as the client may see it: whatever failed behind the door, sending again is right.
func notDurable(err error) error {
	if adoption.CodeOf(err) == adoption.Unavailable {
		return err
	}
	return &adoption.Error{Code: adoption.Unavailable, Message: "The events could not be made durable. Send them again later; those that were taken nevertheless count once.", Err: err}
}
