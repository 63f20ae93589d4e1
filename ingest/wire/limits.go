package wire

import (
	"fmt"

	"uptake/adoption"
)

// Limits bound what a body may hold.
type Limits struct {
	Event int // bytes of one event as JSON
	Batch int // events of one body
}

// EventTooLarge refuses an event by its size.
func (l Limits) EventTooLarge() *Refusal {
	return &Refusal{"", fmt.Sprintf("The event is larger than %d bytes.", l.Event)}
}

// fit is the value of one event, or the reason why it is too much.
func (l Limits) fit(value []byte) ([]byte, *Refusal) {
	switch {
	case len(value) > l.Event:
		return nil, l.EventTooLarge()
	case tooDeep(value):
		return nil, TooDeep
	}
	return value, nil
}

// tooLong is the error for a body with more events than a request may have.
func (l Limits) tooLong() error {
	return &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf("A request may hold %d events at most. Nothing of this one was taken; send it in parts.", l.Batch)}
}
