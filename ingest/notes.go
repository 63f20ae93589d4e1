package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

// A note is what the door has to tell the database beside events: it goes the same way, so that a process that
// receives needs no database, and loses nothing while there is none. It is the second version of a message:
//
//	message = 'U' 2 JSON
//
// A part that a program does not know is refused by it, and the note put with the dead letters: a newer one replays it.
type note struct {
	Rejected  []rejectedCount `json:"rejected,omitempty"`
	Directory []Fact          `json:"directory,omitempty"`
}

// rejectedCount is how many records of a source were refused on a UTC day for one reason.
type rejectedCount struct {
	Day    adoption.Day `json:"day"`
	Source string       `json:"source"`
	Field  string       `json:"field"`
	Reason string       `json:"reason"`
	Events uint64       `json:"events"`
}

const (
	noteVersion = 2
	noteHeader  = 2
)

func isNote(message []byte) bool {
	return len(message) >= noteHeader && message[0] == codecMagic && message[1] == noteVersion
}

func encodeNote(n note) ([]byte, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("writing a note: %w", err)
	}
	return append([]byte{codecMagic, noteVersion}, text...), nil
}

// decodeNote reads a message that isNote. It fails with errMessage for one that is not whole, or says what is not known.
func decodeNote(message []byte) (n note, err error) {
	d := json.NewDecoder(bytes.NewReader(message[noteHeader:]))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return note{}, fmt.Errorf("%w: as a note: %w", errMessage, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return note{}, fmt.Errorf("%w: more follows behind a note", errMessage)
	}
	return n, nil
}

// A spooledNote is a note on its way into the database.
type spooledNote struct {
	number  uint64 // of its message
	message []byte
	note    note
}

// readNotes picks the notes out of the messages of a batch. Those that cannot be read are broken.
func (b *batch) readNotes() {
	for _, m := range b.messages {
		if !isNote(m.Data()) {
			continue
		}
		n, err := decodeNote(m.Data())
		if err != nil {
			b.broken = append(b.broken, deadLetter{m.Data(), err.Error()})
			continue
		}
		b.notes = append(b.notes, spooledNote{sequence(m), m.Data(), n})
		b.facts = append(b.facts, n.Directory...)
	}
}

// writeNotes writes the notes of a batch. Each has a token of its own, which does not hang on what it is loaded
// together with: counts are sums, and nothing but the token makes a repeat harmless.
func (l *Loader) writeNotes(attempt int, b *batch) error {
	for len(b.notes) > 0 {
		next := &b.notes[0]
		err := l.writeNote(next)
		if isAboutRows(err) && attempt >= patience {
			err = l.buryAll([]deadLetter{{next.message, err.Error()}})
		}
		if err != nil {
			return err
		}
		b.notes = b.notes[1:]
	}
	return l.writeFacts(b)
}

// factsAtOnce bounds the people whom one change of the directory looks at.
const factsAtOnce = 5000

// writeFacts brings what clients told of people into the directory, all of a batch together: each change reads it.
func (l *Loader) writeFacts(b *batch) error {
	for len(b.facts) > 0 {
		n := min(len(b.facts), factsAtOnce)
		ctx, cancel := context.WithTimeout(l.work, insertWithin)
		err := l.cfg.Facts(ctx, b.facts[:n])
		cancel()
		if err != nil {
			return fmt.Errorf("storing what clients tell of people: %w", err)
		}
		b.facts = b.facts[n:]
	}
	return nil
}

func (l *Loader) writeNote(n *spooledNote) error {
	ctx, cancel := context.WithTimeout(l.work, insertWithin)
	defer cancel()
	return insertRejected(ctx, l.cfg.DB, n.note.Rejected, fmt.Sprintf("note/%d/%d", l.cfg.Spool.created.UnixNano(), n.number))
}

// insertRejected adds counts of refused events. The same counts with the same token again change nothing.
func insertRejected(ctx context.Context, db driver.Conn, counts []rejectedCount, token string) error {
	if len(counts) == 0 {
		return nil
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplication_token": token}))
	batch, err := db.PrepareBatch(ctx, "INSERT INTO rejected (day, source, field, reason, events)")
	if err != nil {
		return fmt.Errorf("preparing the counts of refused events: %w", err)
	}
	defer batch.Close()
	for _, c := range counts {
		if err := batch.Append(c.Day.Time(), c.Source, c.Field, c.Reason, c.Events); err != nil {
			return fmt.Errorf("filling in the counts of refused events: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("writing the counts of refused events: %w", err)
	}
	return nil
}
