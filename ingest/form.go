package ingest

import (
	"maps"
	"net/http"
	"slices"

	"uptake/ingest/wire"
)

// A form is how clients speak at an address, and what they expect to hear.
type form struct {
	read   func(w *worker, in *input) error
	key    func(body []byte) string // the source's key in a body, "" for none; nil: this form has no place for one
	answer func(w http.ResponseWriter, in *input, a Answer) (status int)
	refuse func(w http.ResponseWriter, in *input, err error) (status int)
}

// input is what a client sent.
type input struct {
	header http.Header // nil where it came without HTTP
	body   []byte      // nil as long as it was not read
}

// forms are the addresses of the door.
var forms = map[string]*form{
	"/v1/events":   eventsForm,
	"/v1/batch":    segmentForm(""),
	"/v1/track":    segmentForm("track"),
	"/v1/page":     segmentForm("page"),
	"/v1/screen":   segmentForm("screen"),
	"/v1/identify": segmentForm("identify"),
	"/v1/group":    segmentForm("group"),
	"/v1/alias":    segmentForm("alias"),
	"/batch/":      posthogForm,
	"/batch":       posthogForm,
	"/capture/":    posthogForm,
	"/capture":     posthogForm,
	"/e/":          posthogForm,
	"/e":           posthogForm,
	"/v1/logs":     otlpForm,
}

// Paths are the addresses that a Door answers, in order.
func Paths() []string { return slices.Sorted(maps.Keys(forms)) }

// eventsForm takes Uptake's own events and CloudEvents, also beside each other.
var eventsForm = &form{
	read: func(w *worker, in *input) error {
		if !wire.IsBinaryCloudEvent(in.header) {
			return wire.Split(in.body, w.limits.wire(), w.take)
		}
		r, wrong, err := w.records.BinaryCloudEvent(in.header, in.body, w.limits.wire())
		if err != nil {
			return err
		}
		return w.foreign(r, wrong)
	},
	answer: func(w http.ResponseWriter, _ *input, a Answer) int { return writeJSON(w, http.StatusAccepted, a) },
	refuse: refuseInHouse,
}

// refuseInHouse answers with the error form that all of Uptake shares.
func refuseInHouse(w http.ResponseWriter, _ *input, err error) int { return writeError(w, err) }

// segmentForm takes what the clients of Segment and RudderStack send; alone is the call that a body without a type is.
func segmentForm(alone string) *form {
	type told struct {
		Success bool `json:"success"`
		Answer
	}
	return &form{
		read: func(w *worker, in *input) error {
			return w.records.Segment(in.body, alone, w.limits.wire(), w.foreign)
		},
		key:    func(body []byte) string { return wire.Key(body, "writeKey") },
		answer: func(w http.ResponseWriter, _ *input, a Answer) int { return writeJSON(w, http.StatusOK, told{true, a}) },
		refuse: refuseInHouse,
	}
}

// posthogForm takes what the clients of PostHog send.
var posthogForm = &form{
	read: func(w *worker, in *input) error { return w.records.PostHog(in.body, w.limits.wire(), w.foreign) },
	key:  wire.PostHogKey,
	answer: func(w http.ResponseWriter, _ *input, a Answer) int {
		return writeJSON(w, http.StatusOK, struct {
			Status int `json:"status"`
			Answer
		}{1, a})
	},
	refuse: refuseInHouse,
}
