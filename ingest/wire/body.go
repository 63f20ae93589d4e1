package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"uptake/adoption"
)

// Each gets the events of a body in order: a record, or the reason why there is none. An error ends the reading.
type Each func(r *Record, wrong *Refusal) error

// document is the one JSON value that text holds, without the white space around it. Its members and elements may be
// walked then. Behind a broken place the events cannot be told apart, so a broken body fails as a whole.
func document(text []byte) ([]byte, error) {
	text = bytes.Trim(text, " \t\r\n")
	if len(text) == 0 {
		return nil, adoption.Invalid("", "The body is empty.")
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(text), lenient...)
	if _, err := decoder.ReadValue(); err != nil {
		return nil, brokenDocument(brokenAt(decoder, err))
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, brokenDocument(int(decoder.InputOffset()))
	}
	return text, nil
}

func brokenDocument(at int) error {
	return adoption.Invalid("", fmt.Sprintf("The body is broken JSON near byte %d, so its events cannot be told apart. Nothing of this request was taken.", at))
}

// notBatch is the error for valid JSON that holds no events of the kind that belongs here.
func notBatch(wanted string) error {
	return adoption.Invalid("", "The body holds no events: send "+wanted+".")
}

// member is the value of one member of an object, nil if it has none or null. Of several with the name it is the last.
func member(object []byte, name string) (value []byte) {
	members(object, func(quoted, v []byte) bool {
		if string(quoted[1:len(quoted)-1]) == name {
			value = v
		}
		return true
	})
	if len(value) > 0 && value[0] == 'n' {
		return nil
	}
	return value
}

// eachElement calls read with the elements of an array of events that are good to be read, and each with what is wrong
// with the others.
func eachElement(array []byte, limits Limits, each Each, read func(value []byte) error) error {
	n := 0
	var err error
	elements(array, func(value []byte) bool {
		if n++; n > limits.Batch {
			err = limits.tooLong()
		} else if wrong := limits.object(value); wrong != nil {
			err = each(nil, wrong)
		} else {
			err = read(value)
		}
		return err == nil
	})
	return err
}

// object is what is wrong with a value that should be an event, before it is read.
func (l Limits) object(value []byte) *Refusal {
	if _, wrong := l.fit(value); wrong != nil {
		return wrong
	}
	switch {
	case value[0] != '{':
		return NotAnObject
	case !utf8.Valid(value):
		return NotUTF8
	}
	return nil
}

// single is the error for a body of one event that is too much, as a whole body of that size would be.
func (l Limits) single(value []byte) error {
	if len(value) > l.Event {
		return l.eventTooLarge()
	}
	return nil
}

// eventTooLarge is the error for a body that is one event, and too large.
func (l Limits) eventTooLarge() error {
	return &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf("An event may have %d bytes at most. Nothing of this request was taken.", l.Event)}
}

// Key is the text that a body, which may be any bytes, has as a member of its object; of an array of objects it is the
// first one's. It is empty if there is none.
func Key(body []byte, name string) string {
	body = body[skipSpace(body, 0):]
	if len(body) > 0 && body[0] == '[' {
		body = body[skipSpace(body, 1):]
	}
	if len(body) == 0 || body[0] != '{' {
		return ""
	}
	value := member(body, name)
	if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' || bytes.IndexByte(value, '\\') >= 0 {
		return ""
	}
	return string(value[1 : len(value)-1])
}
