package ingest

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	refusedStream  = "uptake_refused"
	refusedSubject = "uptake.refused." // and the source's name in hexadecimal digits
	refusedKept    = 100               // messages of a source
	refusedNamed   = 50                // events of a source in one message
	refusedBytes   = 8 << 20
	refusedFor     = 28 * 24 * time.Hour // as long as the trust page counts them
)

// RefusedEvents are events of one source that the door refused within some seconds, as the answers to its client named them. Of
// what they held nothing is kept: it was not understood, so it may be anything, addresses and texts of people too.
type RefusedEvents struct {
	Time   time.Time      `json:"time"`
	Source string         `json:"source"`
	Events []NamedRefusal `json:"events"` // never null
	More   int            `json:"more"`   // that were refused in the same seconds, and are not named
}

// NamedRefusal is why one event was refused.
type NamedRefusal struct {
	ID     string `json:"id"` // as the client sent it; empty if it did not, or where it might be somebody's address
	Field  string `json:"field"`
	Reason string `json:"reason"`
}

// plainID is an id that is no address and no text.
var plainID = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,100}$`)

func named(e *refusedEvent) NamedRefusal {
	n := NamedRefusal{Field: label(e.wrong), Reason: e.wrong.Reason}
	if plainID.MatchString(e.id) {
		n.ID = e.id
	}
	return n
}

// refusals collects what a source is told until it is written down.
type refusals map[string]*RefusedEvents

// add takes events of a source up, as many as one message names.
func (r refusals) add(source string, refused []refusedEvent) {
	of := r[source]
	if of == nil {
		of = &RefusedEvents{Time: time.Now().UTC(), Source: source, Events: []NamedRefusal{}}
		r[source] = of
	}
	for i := range refused {
		if len(of.Events) == refusedNamed {
			of.More += len(refused) - i
			return
		}
		of.Events = append(of.Events, named(&refused[i]))
	}
}

// name writes down what was refused. The oldest of a source make room for new ones: a client that is refused all the time
// displaces nobody else's, and no letter of an event that was accepted.
func (s *Spool) name(ctx context.Context, of *RefusedEvents) error {
	text, err := json.Marshal(of)
	if err != nil {
		return fmt.Errorf("naming refused events: %w", err)
	}
	ctx, cancel := s.whileWell(ctx)
	defer cancel()
	if _, err := s.js.Publish(ctx, refusedSubject+hex.EncodeToString([]byte(of.Source)), text, jetstream.WithExpectStream(refusedStream)); err != nil {
		return fmt.Errorf("naming refused events: %w", explained(err))
	}
	return nil
}

// Refused are the latest refusals, at most n, newest first. They are told and not kept as letters are: there is nothing to
// load. The client sends its events again when they, or the mapping of the source, are right.
func (d *DeadLetters) Refused(ctx context.Context, n int) ([]RefusedEvents, error) {
	all := []RefusedEvents{}
	for from := uint64(1); ; {
		m, err := d.spool.refused.GetMsg(ctx, from, jetstream.WithGetMsgSubject(refusedSubject+">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading what was refused: %w", err)
		}
		from = m.Sequence + 1
		var of RefusedEvents
		if json.Unmarshal(m.Data, &of) == nil { // another version's is left out
			all = append(all, of)
		}
	}
	slices.Reverse(all)
	return all[:min(len(all), max(n, 0))], nil
}
