package ingest

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// DeadLetters are what the loader could never load: single events that ClickHouse refuses, and messages of the spool
// that are none. They are kept until somebody has looked at them and replays or drops them, or until newer ones need
// their room.
type DeadLetters struct{ spool *Spool }

// NewDeadLetters opens the dead letters of a spool.
func NewDeadLetters(spool *Spool) *DeadLetters { return &DeadLetters{spool} }

// DeadLetter is one of them in a list. What it says of people are hashes, and not even these stand here.
type DeadLetter struct {
	Number  uint64    `json:"number"`  // names the letter; rises with time, and is never used again
	Time    time.Time `json:"time"`    // when it was given up
	Reason  string    `json:"reason"`  // one line, in the words of ClickHouse where it refused the events
	Events  int       `json:"events"`  // 0: it is no message of events
	Note    bool      `json:"note"`    // it tells the database something else, such as counts of refused events
	Sources []string  `json:"sources"` // of the events; never null
	Bytes   int       `json:"bytes"`
}

// DeadLetterList is a part of the dead letters, oldest first.
type DeadLetterList struct {
	Letters []DeadLetter `json:"letters"` // never null
	Next    uint64       `json:"next"`    // the number to go on from; 0: there are no more
	Total   uint64       `json:"total"`   // how many there are in all
}

// readable tells whether it can be replayed.
func (l DeadLetter) readable() bool { return l.Events > 0 || l.Note }

// LetterContent is a letter with what it holds.
type LetterContent struct {
	DeadLetter
	Content []LetterEvent `json:"content"` // the first events of the letter; never null
}

// LetterEvent is an event of a dead letter, fit to be shown: of hashes only the first 8 hex digits.
type LetterEvent struct {
	Source       string            `json:"source"`
	ID           string            `json:"id"`
	Time         time.Time         `json:"time"`
	DateOnly     bool              `json:"date_only,omitempty"`
	Tool         string            `json:"tool"`
	Actor        string            `json:"actor"`
	Action       string            `json:"action"`
	Class        string            `json:"class"`
	Object       string            `json:"object,omitempty"`
	ObjectType   string            `json:"object_type,omitempty"`
	Container    string            `json:"container,omitempty"`
	Counterparts int               `json:"counterparts,omitempty"` // how many
	Duration     uint32            `json:"duration_s,omitempty"`
	Quantity     uint64            `json:"quantity"`
	Attributes   map[string]string `json:"attributes,omitempty"` // those that keep_attributes lets pass
	Received     time.Time         `json:"received"`
}

const (
	// MaxDeadLetters is how many letters List answers at once.
	MaxDeadLetters = 1000
	shownEvents    = 100 // of one letter
	shownText      = 120 // bytes of a text in it
)

// Count is how many there are.
func (d *DeadLetters) Count(ctx context.Context) (uint64, error) {
	info, err := d.spool.dead.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking for the dead letters: %w", err)
	}
	return info.State.Msgs, nil
}

// List tells of at most n letters from number from on (0: from the oldest). n is brought into 1 to MaxDeadLetters.
func (d *DeadLetters) List(ctx context.Context, from uint64, n int) (DeadLetterList, error) {
	n = min(max(n, 1), MaxDeadLetters)
	info, err := d.spool.dead.Info(ctx)
	if err != nil {
		return DeadLetterList{}, fmt.Errorf("asking for the dead letters: %w", err)
	}
	list := DeadLetterList{Letters: []DeadLetter{}, Total: info.State.Msgs}
	for {
		m, err := d.next(ctx, from)
		if err != nil || m == nil {
			return list, err
		}
		if len(list.Letters) == n {
			list.Next = m.Sequence
			return list, nil
		}
		letter, _ := open(m)
		list.Letters = append(list.Letters, letter)
		from = m.Sequence + 1
	}
}

// next is the first letter whose number is at least from; nil where there is none.
func (d *DeadLetters) next(ctx context.Context, from uint64) (*jetstream.RawStreamMsg, error) {
	m, err := d.spool.dead.GetMsg(ctx, max(from, 1), jetstream.WithGetMsgSubject(deadSubject))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a dead letter: %w", err)
	}
	return m, nil
}

// get is the letter with this number. NotFound where there is none.
func (d *DeadLetters) get(ctx context.Context, number uint64) (*jetstream.RawStreamMsg, error) {
	m, err := d.spool.dead.GetMsg(ctx, max(number, 1))
	if number == 0 || errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, &adoption.Error{Code: adoption.NotFound, Field: "number", Message: fmt.Sprintf("There is no dead letter %d. It may have been replayed or dropped already.", number)}
	}
	if err != nil {
		return nil, fmt.Errorf("reading the dead letter %d: %w", number, err)
	}
	return m, nil
}

// open reads a letter. Its events are empty where it is no message of events.
func open(m *jetstream.RawStreamMsg) (DeadLetter, []adoption.Event) {
	letter := DeadLetter{Number: m.Sequence, Time: m.Time.UTC(), Reason: m.Header.Get(deadReason), Sources: []string{}, Bytes: len(m.Data)}
	if told, err := time.Parse(time.RFC3339, m.Header.Get(deadTime)); err == nil {
		letter.Time = told
	}
	if isNote(m.Data) {
		_, err := decodeNote(m.Data)
		letter.Note = err == nil
		return letter, nil
	}
	events, err := decodeMessage(m.Data, nil, &interner{})
	if err != nil {
		return letter, nil
	}
	letter.Events = len(events)
	for i := range events {
		if !slices.Contains(letter.Sources, events[i].Source) {
			letter.Sources = append(letter.Sources, events[i].Source)
		}
	}
	return letter, events
}

// Show opens one letter. NotFound where there is none.
func (d *DeadLetters) Show(ctx context.Context, number uint64) (LetterContent, error) {
	m, err := d.get(ctx, number)
	if err != nil {
		return LetterContent{}, err
	}
	letter, events := open(m)
	content := LetterContent{DeadLetter: letter, Content: []LetterEvent{}}
	for i := range events[:min(len(events), shownEvents)] {
		content.Content = append(content.Content, shown(&events[i]))
	}
	return content, nil
}

func shown(e *adoption.Event) LetterEvent {
	view := LetterEvent{
		Source: e.Source, ID: beginning(e.ID), Time: e.Time, DateOnly: e.DateOnly, Tool: e.Tool, Actor: beginning(e.Actor),
		Action: e.Action, Class: string(e.Class), Object: shortened(e.Object), ObjectType: e.ObjectType, Container: shortened(e.Container),
		Counterparts: len(e.Counterparts), Duration: e.Duration, Quantity: e.Quantity, Received: time.Unix(0, int64(e.Received)).UTC(),
	}
	for name, value := range e.Attributes {
		if view.Attributes == nil {
			view.Attributes = map[string]string{}
		}
		view.Attributes[name] = wire.CutText(value, shownText)
	}
	return view
}

// shortened is an object or container as it is shown: the beginning of a hash, or a text that was allowed to pass.
func shortened(text string) string {
	if hash, err := hex.DecodeString(text); err == nil && len(hash) == len(adoption.Hash{}) {
		return beginning(adoption.Hash(hash))
	}
	return wire.CutText(text, shownText)
}

func beginning(hash adoption.Hash) string { return hex.EncodeToString(hash[:4]) + "…" }

// Replayed tells what became of letters that were to be replayed.
type Replayed struct {
	Events  int `json:"events"`  // went back to be loaded
	Letters int `json:"letters"` // that held them, and are gone now
	Kept    int `json:"kept"`    // letters that cannot be read and stay
}

// Replay puts the events of a letter back into the spool to be loaded, and takes the letter away. They keep the time
// at which they were received, so that they do not replace what came after them. Conflict where the letter cannot
// be read; ErrFull and its kin where the spool has no room.
func (d *DeadLetters) Replay(ctx context.Context, number uint64) (Replayed, error) {
	m, err := d.get(ctx, number)
	if err != nil {
		return Replayed{}, err
	}
	letter, _ := open(m)
	if !letter.readable() {
		return Replayed{Kept: 1}, &adoption.Error{Code: adoption.Conflict, Field: "number", Message: fmt.Sprintf(
			"The dead letter %d cannot be replayed, because this version of Uptake cannot read it (%s). It can be shown and dropped; "+
				"if a newer version wrote it, that one can replay it.", number, letter.Reason)}
	}
	if err := d.putBack(ctx, m); err != nil {
		return Replayed{}, err
	}
	return Replayed{Events: letter.Events, Letters: 1}, nil
}

// ReplayAll replays all letters there are now, oldest first. What cannot be read stays. After an error the rest is
// where it was.
func (d *DeadLetters) ReplayAll(ctx context.Context) (Replayed, error) {
	var all Replayed
	last, err := d.last(ctx)
	if err != nil {
		return all, err
	}
	for from := uint64(0); ; {
		m, err := d.next(ctx, from)
		if err != nil || m == nil || m.Sequence > last { // above it lies what was refused again meanwhile
			return all, err
		}
		from = m.Sequence + 1
		letter, _ := open(m)
		if !letter.readable() {
			all.Kept++
			continue
		}
		if err := d.putBack(ctx, m); err != nil {
			return all, err
		}
		all.Events += letter.Events
		all.Letters++
	}
}

// last is the number of the newest letter that there ever was.
func (d *DeadLetters) last(ctx context.Context) (uint64, error) {
	info, err := d.spool.dead.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking for the dead letters: %w", err)
	}
	return info.State.LastSeq, nil
}

// putBack makes a letter durable in the stream of events before it takes it away: a crash between the two leaves it
// in both, and what is loaded twice counts once. Repeated at once, not even that: the name of the message tells the
// spool that it has it.
func (d *DeadLetters) putBack(ctx context.Context, m *jetstream.RawStreamMsg) error {
	d.spool.letters.Lock() // the loader must not take it for one that is buried already
	defer d.spool.letters.Unlock()
	name := fmt.Sprintf("replay/%d/%d", d.spool.deadSince.UnixNano(), m.Sequence)
	if err := d.spool.publish(ctx, m.Data, jetstream.WithMsgID(name)); err != nil {
		return err
	}
	return d.delete(ctx, m.Sequence)
}

func (d *DeadLetters) delete(ctx context.Context, number uint64) error {
	err := d.spool.dead.DeleteMsg(ctx, number)
	if err == nil {
		return nil
	}
	if _, gone := d.spool.dead.GetMsg(ctx, number); errors.Is(gone, jetstream.ErrMsgNotFound) {
		return nil // somebody else was faster
	}
	return fmt.Errorf("taking away the dead letter %d: %w", number, err)
}

// Drop takes one letter away for good. NotFound where there is none.
func (d *DeadLetters) Drop(ctx context.Context, number uint64) error {
	if _, err := d.get(ctx, number); err != nil {
		return err
	}
	return d.delete(ctx, number)
}

// DropAll takes all letters away for good that there are now, and returns how many.
func (d *DeadLetters) DropAll(ctx context.Context) (dropped uint64, err error) {
	info, err := d.spool.dead.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking for the dead letters: %w", err)
	}
	if info.State.Msgs == 0 {
		return 0, nil
	}
	if err := d.spool.dead.Purge(ctx, jetstream.WithPurgeSequence(info.State.LastSeq+1)); err != nil {
		return 0, fmt.Errorf("dropping the dead letters: %w", err)
	}
	return info.State.Msgs, nil
}
