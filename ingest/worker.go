package ingest

import (
	"bytes"

	"uptake/adoption"
	"uptake/ingest/mapping"
	"uptake/ingest/wire"
)

// A worker turns a body into chunks for the spool. It belongs to one request at a time; its memory is used again.
type worker struct {
	limits   Limits
	mappings *mapping.Set
	facted   bool // somebody wants facts
	parser   wire.Parser
	records  wire.Records
	checker  checker
	encoder  encoder
	raw      wire.Event // of a foreign record
	event    adoption.Event
	record   []byte // canonical form of a record without an id

	source   string
	mapping  *mapping.Mapping
	told     bool // the source may change the directory, and somebody wants to know
	index    int  // of the next event in its batch
	accepted int
	ignored  map[string]int // by reason
	rejected []refusedEvent
	facts    []Fact

	name  []byte                                   // how the client calls what it tells, nil where that could not be read
	watch func(became string, wrong *wire.Refusal) // is told of each event; nil: nobody is
}

// Why something is ignored.
const (
	ignoredByMapping = "mapping"   // the source's mapping leaves it out
	ignoredDirectory = "directory" // this source may not change the directory
)

// refusedEvent is an event that was refused, as the worker notes it.
type refusedEvent struct {
	index int
	id    string
	wrong *wire.Refusal
}

func newWorker(cfg DoorConfig) *worker {
	return &worker{limits: cfg.Limits, mappings: cfg.Mappings, facted: cfg.Facts != nil,
		checker: checker{rules: cfg.Rules, pseudonyms: cfg.Pseudonyms, unknown: cfg.unknown}, ignored: map[string]int{}}
}

// work checks the events of a body and packs the good ones.
func (w *worker) work(grant Grant, f *form, in *input) ([]chunk, error) {
	w.source, w.mapping, w.told = grant.Name, w.mappings.Of(grant.Name), grant.Directory && w.facted
	w.index, w.accepted, w.rejected, w.facts = 0, 0, w.rejected[:0], nil
	clear(w.ignored)
	w.checker.begin()
	w.encoder.begin(w.source)
	if err := f.read(w, in); err != nil {
		return nil, err
	}
	return w.encoder.finish(), nil
}

// take handles one event of a body of JSON events: in Uptake's own form, or a CloudEvent.
func (w *worker) take(value []byte, wrong *wire.Refusal) error {
	w.name = nil
	switch {
	case wrong != nil:
		w.refuse(nil, wrong)
	case wire.IsCloudEvent(value):
		return w.foreign(w.records.CloudEvent(value))
	default:
		w.native(w.parser.Parse(value))
	}
	return nil
}

// native handles an event in Uptake's own form.
func (w *worker) native(raw *wire.Event, wrong *wire.Refusal) {
	w.name = raw.Action
	if wrong == nil {
		if w.mapping.Native(raw) == mapping.Ignored {
			w.ignore(ignoredByMapping)
			return
		}
		wrong = w.checker.check(w.source, raw, &w.event)
	}
	w.finish(raw.ID, wrong)
}

// foreign handles a record of another product's client. It is a wire.Each.
func (w *worker) foreign(r *wire.Record, wrong *wire.Refusal) error {
	if w.name = nil; r != nil {
		w.name = r.Name
	}
	switch {
	case r == nil:
		w.refuse(nil, wrong)
	case wrong != nil:
		w.refuse(r.ID, wrong)
	case r.Kind != wire.Track:
		w.fact(r)
	default:
		w.use(r)
	}
	return nil
}

// fact notes what a client tells of people and groups.
func (w *worker) fact(r *wire.Record) {
	if !w.told {
		w.ignore(ignoredDirectory)
		return
	}
	fact, wrong := w.checker.fact(r, w.mapping.People())
	if wrong != nil {
		w.refuse(r.ID, wrong)
		return
	}
	w.tell(becameFact, nil)
	if fact.tells() {
		w.facts = append(w.facts, fact)
	}
	w.index++
	w.accepted++
}

// use handles a record of somebody's doing.
func (w *worker) use(r *wire.Record) {
	if w.mapping.Event(r, &w.raw) == mapping.Ignored {
		w.ignore(ignoredByMapping)
		return
	}
	w.checker.record = nil
	if len(bytes.TrimSpace(r.ID)) == 0 {
		w.record = appendRecord(w.record[:0], r)
		w.checker.record = w.record
	}
	wrong := w.checker.check(w.source, &w.raw, &w.event)
	w.checker.record = nil
	w.finish(r.ID, wrong)
}

// finish packs the event that was checked, or refuses it.
func (w *worker) finish(id []byte, wrong *wire.Refusal) {
	if wrong != nil {
		w.refuse(id, wrong)
		return
	}
	w.tell(becameEvent, nil)
	w.encoder.add(&w.event)
	w.index++
	w.accepted++
}

// refuse notes an event that is not taken. Of the id of a CloudEvent the client knows the part behind its source.
func (w *worker) refuse(id []byte, wrong *wire.Refusal) {
	w.tell(becameNothing, wrong)
	if _, own, found := bytes.Cut(id, []byte{0}); found {
		id = own
	}
	w.rejected = append(w.rejected, refusedEvent{w.index, wire.CutText(string(id), maxID), wrong})
	w.index++
}

func (w *worker) ignore(reason string) {
	w.tell(reason, nil)
	w.ignored[reason]++
	w.index++
}

func (w *worker) answer() Answer {
	answer := Answer{Accepted: w.accepted, Rejected: make([]RejectedEvent, len(w.rejected))}
	for i, r := range w.rejected {
		answer.Rejected[i] = RejectedEvent{Index: r.index, ID: r.id, Field: r.wrong.Field, Reason: r.wrong.Reason}
	}
	for _, n := range w.ignored {
		answer.Ignored += n
	}
	return answer
}

// What became of an event, for who watches; what is ignored became its reason.
const (
	becameEvent   = "event"
	becameFact    = "fact"
	becameNothing = "nothing"
)

// tell says what became of the event at hand.
func (w *worker) tell(became string, wrong *wire.Refusal) {
	if w.watch != nil {
		w.watch(became, wrong)
	}
}
