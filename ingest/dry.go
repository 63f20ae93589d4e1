package ingest

import (
	"context"
	"io"
)

// Check is Receive without taking anything: the answer says what would become of the events. Nothing is counted.
func (d *Door) Check(source string, r io.Reader) (answer Answer, err error) {
	err = d.visit(context.Background(), source, r, func(v *visitor, in *input) error {
		w := d.workers.Get().(*worker)
		defer d.workers.Put(w)
		if _, err := w.work(v.grant, eventsForm, in); err != nil {
			return err
		}
		answer = w.answer()
		return nil
	})
	return answer, err
}
