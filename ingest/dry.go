package ingest

import (
	"context"
	"io"
)

// Check is Receive without taking anything: the answer says what would become of the events. Nothing is counted.
func (d *Door) Check(source string, r io.Reader) (Answer, error) {
	if err := checkName(source); err != nil {
		return Answer{}, err
	}
	place, err := d.fair.enter(context.Background(), source)
	if err != nil {
		return Answer{}, err
	}
	defer place.leave()
	b, err := d.bodies.readFrom(r, place)
	if err != nil {
		return Answer{}, err
	}
	defer b.release()
	w := d.workers.Get().(*worker)
	defer d.workers.Put(w)
	if _, err := w.work(source, b.Bytes()); err != nil {
		return Answer{}, err
	}
	return w.answer(), nil
}
