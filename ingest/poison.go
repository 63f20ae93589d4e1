package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// aboutRows are the errors of ClickHouse that are about what a row holds: the same row will be refused again, another
// may pass. Every other error is taken to pass some day.
var aboutRows = map[int32]bool{
	6: true, 27: true, 33: true, 38: true, 41: true, 72: true, 117: true, // cannot parse, incorrect data
	53: true, 70: true, // wrong type, cannot convert
	69: true, 128: true, 131: true, 321: true, // out of bound: number, array, string, value
	349: true, // null where none may be
	395: true, // throwIf of a view
	469: true, // a constraint
}

const (
	// patience is how often a load is tried before events are buried although not one of their insert was taken: until
	// then the table may be at fault and not they.
	patience = 5
	// probes is how many parts of an insert may be refused, and none taken, before the table is held to be at fault.
	probes = 64
)

// deadReason and deadTime are the headers of a dead letter.
const (
	deadReason = "Uptake-Reason"
	deadTime   = "Uptake-Time"
)

// A dead letter is what can never be loaded: a message of the spool that is none, or an event in a message of its own.
type deadLetter struct {
	message []byte
	reason  string
}

// bury puts a letter durably with the dead ones. The same one twice, from a repeated load, is kept once, but one that
// was replayed, and refused again within the time that the stream remembers, is kept anew.
func (s *Spool) bury(ctx context.Context, letter deadLetter) error {
	s.letters.Lock()
	defer s.letters.Unlock()
	sum := sha256.Sum256(letter.message)
	m := &nats.Msg{Subject: deadSubject, Data: letter.message, Header: nats.Header{
		deadReason: {oneLine(letter.reason)}, deadTime: {time.Now().UTC().Format(time.RFC3339)},
	}}
	ack, err := s.js.PublishMsg(ctx, m, jetstream.WithMsgID(hex.EncodeToString(sum[:])))
	if err == nil && ack.Duplicate {
		if _, err = s.dead.GetMsg(ctx, ack.Sequence); errors.Is(err, jetstream.ErrMsgNotFound) {
			m.Header.Del(jetstream.MsgIDHeader)
			_, err = s.js.PublishMsg(ctx, m)
		}
	}
	if err != nil {
		return fmt.Errorf("writing a dead letter: %w", err)
	}
	return nil
}

// oneLine makes a text fit for a header.
func oneLine(text string) string { return wire.CutText(strings.Join(strings.Fields(text), " "), 1000) }

// buryAll puts letters with the dead ones.
func (l *Loader) buryAll(letters []deadLetter) error {
	ctx, cancel := context.WithTimeout(l.work, insertWithin)
	defer cancel()
	for _, letter := range letters {
		if err := l.cfg.Spool.bury(ctx, letter); err != nil {
			return err
		}
		l.cfg.Metrics.buried()
	}
	if len(letters) > 0 {
		l.cfg.Log.Error("put with the dead letters, because it can never be loaded", "letters", len(letters))
	}
	return nil
}

// write inserts events and notes the days that they change. Rows that ClickHouse will never take are found and
// buried. After an error anything may have been inserted: the same call again does no harm.
func (l *Loader) write(attempt int, events []adoption.Event, token string) error {
	if len(events) == 0 {
		return nil
	}
	err := l.insert(events, token)
	if isAboutRows(err) {
		var refused []deadLetter
		if refused, err = l.isolate(attempt, events, token); err == nil {
			err = l.buryAll(refused)
		}
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(l.work, insertWithin)
	defer cancel()
	if err := l.cfg.Touch.Touch(ctx, factDays(events, l.cfg.Zone)...); err != nil {
		return fmt.Errorf("noting the days that events change: %w", err)
	}
	return nil
}

func (l *Loader) insert(events []adoption.Event, token string) error {
	ctx, cancel := context.WithTimeout(l.work, insertWithin)
	defer cancel()
	return InsertEvents(ctx, l.cfg.DB, events, token)
}

// isolate finds the rows of a refused insert that are at fault, by halving, and inserts all others. Widest parts come
// first, so that one good half soon shows that the table itself is well. An error: it is not, or ClickHouse went away.
func (l *Loader) isolate(attempt int, events []adoption.Event, token string) (refused []deadLetter, err error) {
	type span struct{ from, to int }
	waiting := []span{{0, len(events) / 2}, {len(events) / 2, len(events)}}
	taken := 0
	for tried := 0; len(waiting) > 0; tried++ {
		part := waiting[0]
		waiting = waiting[1:]
		if part.from == part.to {
			continue
		}
		err := l.insert(events[part.from:part.to], fmt.Sprintf("%s/%d-%d", token, part.from, part.to))
		middle := (part.from + part.to) / 2
		switch {
		case err == nil:
			taken += part.to - part.from
		case !isAboutRows(err) || taken == 0 && tried > probes:
			return nil, err
		case part.to-part.from == 1:
			refused = append(refused, deadLetter{encodeEvent(&events[part.from]), err.Error()})
		default:
			waiting = append(waiting, span{part.from, middle}, span{middle, part.to})
		}
		if taken == 0 && len(waiting) == 0 && attempt < patience {
			return nil, err
		}
	}
	return refused, nil
}

func isAboutRows(err error) bool {
	var exception *clickhouse.Exception
	return errors.As(err, &exception) && aboutRows[exception.Code]
}

// sentence is what an operator may read of a failure to load. ClickHouse quotes values of the row it refuses, so its
// text is left out there.
func sentence(err error) string {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) && aboutRows[exception.Code] {
		return fmt.Sprintf("ClickHouse refuses what it is to store (code %d, %s).", exception.Code, exception.Name)
	}
	return wire.CutText(err.Error(), 300)
}
