package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"uptake/adoption"
)

// lenient lets through, while a batch is cut into its events, what costs only the one event it stands in: a name
// that stands twice, bytes that are no UTF-8. parse.go finds both again and refuses that event.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// Split cuts a body into the JSON values of its events and calls each with them in order, or with the reason why
// there is none (value nil). What the body is decides how it is read: an array, or one value a line (NDJSON), where
// a value may also run over several lines, as one pretty-printed object does. An error is about the whole body,
// nothing of it may be taken then.
func Split(text []byte, limits Limits, each func(value []byte, wrong *Refusal) error) error {
	start := skipSpace(text, 0)
	if start == len(text) {
		return adoption.Invalid("", "The body is empty: send one event as a JSON object, an array of them, or one a line.")
	}
	if text[start] == '[' {
		return splitArray(text[start:], limits, each)
	}
	return splitLines(text[start:], limits, each)
}

// splitArray cuts an array. Behind a broken place the ends of the events cannot be known, so it fails as a whole.
func splitArray(text []byte, limits Limits, each func([]byte, *Refusal) error) error {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(text), lenient...)
	if _, err := decoder.ReadToken(); err != nil {
		return brokenBody(decoder, err)
	}
	for n := 0; decoder.PeekKind() != ']'; n++ {
		value, err := decoder.ReadValue()
		if err != nil {
			return brokenBody(decoder, err)
		}
		if n == limits.Batch {
			return limits.tooLong()
		}
		if err := each(limits.fit(value)); err != nil {
			return err
		}
	}
	if _, err := decoder.ReadToken(); err != nil {
		return brokenBody(decoder, err)
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return adoption.Invalid("", fmt.Sprintf("Something stands behind the array, from byte %d on. Nothing of this request was taken.", decoder.InputOffset()))
	}
	return nil
}

// brokenBody tells where a body stops being JSON. The text of the error is not passed on: it quotes the body.
func brokenBody(decoder *jsontext.Decoder, err error) error {
	return adoption.Invalid("", fmt.Sprintf("The array is broken JSON near byte %d, so the events behind it cannot be told apart. Nothing of this request was taken.", brokenAt(decoder, err)))
}

// brokenAt is how far a decoder came before it failed.
func brokenAt(decoder *jsontext.Decoder, err error) int {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		return int(syntax.ByteOffset)
	}
	return int(decoder.InputOffset())
}

// splitLines cuts a body of one value a line. A broken line costs itself only; but a body in which no line holds a
// JSON object is none that this door understands.
func splitLines(text []byte, limits Limits, each func([]byte, *Refusal) error) error {
	lines := lines{rest: text, limits: limits, patience: 2*len(text) + limits.Event}
	var broken []*Refusal // before the first object
	found := false
	for n := 0; lines.more(); n++ {
		if n == limits.Batch {
			return limits.tooLong()
		}
		value, wrong := lines.next(n == 0)
		if !found && (wrong != nil || value[0] != '{') {
			broken = append(broken, firstOf(wrong, NotAnObject))
			continue
		}
		for _, wrong := range broken {
			if err := each(nil, wrong); err != nil {
				return err
			}
		}
		found, broken = true, nil
		if err := each(value, wrong); err != nil {
			return err
		}
	}
	if !found {
		return noObject(broken, limits)
	}
	return nil
}

// noObject is the error for a body without a single event in it: what is wrong with its first line, if that is JSON
// and an event but for this.
func noObject(broken []*Refusal, limits Limits) error {
	switch first := broken[0]; {
	case first.Reason == limits.EventTooLarge().Reason:
		return limits.eventTooLarge()
	case first != NotJSON && first != NotAnObject:
		return adoption.Invalid(first.Field, first.Reason)
	}
	return adoption.Invalid("", "The body holds no JSON object: send one event as a JSON object, an array of them, or one a line.")
}

// lines cuts text into values that each end with a line.
type lines struct {
	rest   []byte
	limits Limits
	// patience is how many bytes may still be read in vain, looking for the end of a value behind the end of its line:
	// thousands of lines that break off would each cost the whole body otherwise.
	patience int
}

// more goes to the next line that is not empty, and tells whether there is one.
func (l *lines) more() bool {
	l.rest = l.rest[skipSpace(l.rest, 0):]
	return len(l.rest) > 0
}

// next cuts the value that starts here. It ends with its line, or later where the line breaks off inside it.
func (l *lines) next(first bool) (value []byte, wrong *Refusal) {
	text := l.rest
	end := bytes.IndexByte(text, '\n')
	if end < 0 {
		end = len(text)
	}
	line := bytes.TrimRight(text[:end], " \t\r")
	l.rest = text[end:]
	if len(line) > l.limits.Event {
		return nil, l.limits.EventTooLarge()
	}
	err := checkValue(line)
	switch {
	case err == nil:
		return l.limits.fit(line)
	case !errors.Is(err, io.ErrUnexpectedEOF) || end == len(text) || l.patience < 0:
		return nil, NotJSON
	}
	return l.nextOver(text, first)
}

// nextOver cuts the value that text starts with and that runs over the end of the line. If there is none, only the
// line is broken. The first value may run to the end of the body, so that one large object gets the right answer.
func (l *lines) nextOver(text []byte, first bool) (value []byte, wrong *Refusal) {
	window := text
	if !first {
		window = text[:min(len(text), l.limits.Event)]
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(window), lenient...)
	value, err := decoder.ReadValue()
	if err != nil {
		l.patience -= brokenAt(decoder, err)
		return nil, NotJSON
	}
	behind := text[decoder.InputOffset():]
	if !endsLine(behind) {
		l.patience -= len(value)
		return nil, NotJSON
	}
	l.rest = behind
	return l.limits.fit(value)
}

// checkValue is nil if text is exactly one JSON value, io.ErrUnexpectedEOF (wrapped) if it is the beginning of one.
func checkValue(text []byte) error {
	decoder := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(decoder)
	decoder.Reset(bytes.NewBuffer(text), lenient...)
	if _, err := decoder.ReadValue(); err != nil { // SkipValue goes token by token, which takes twice as long
		return err
	}
	if decoder.InputOffset() != int64(len(text)) {
		return errors.New("something stands behind the value")
	}
	return nil
}

// endsLine tells whether nothing but white space stands before the end of the line.
func endsLine(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return len(bytes.TrimRight(line, " \t\r")) == 0
}

// decoders are used again and again: one is larger than most lines.
var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

func firstOf(a, b *Refusal) *Refusal {
	if a != nil {
		return a
	}
	return b
}
