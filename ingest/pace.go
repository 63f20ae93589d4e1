package ingest

import (
	"io"
	"net/http"
	"time"
)

// paced is the body of a request whose client must keep up: from a beginning that it may take its time for, it has to
// have sent Limits.Pace bytes for every second that has passed, and all within Limits.ReadBody. A client that trickles
// is cut off when it falls behind, not when the longest time for the largest body is over.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	limits  Limits
	begun   time.Time
	read    int64
	until   time.Time // the deadline as it is set
}

// pace makes a paced one of the body of r. Its deadline must be taken off with done. The request keeps its own: from
// that the server sees whether a client is still sending when it is refused, and waits for it to read why.
func pace(w http.ResponseWriter, r *http.Request, limits Limits) *paced {
	return &paced{ReadCloser: r.Body, control: http.NewResponseController(w), limits: limits, begun: time.Now()}
}

// patiencePart of ReadBody, 5 of 30 seconds, may pass before a client is asked to keep up.
const patiencePart = 6

// Read reads under the deadline for what has come so far.
func (p *paced) Read(into []byte) (int, error) {
	patience := p.limits.ReadBody/patiencePart + time.Duration(p.read)*time.Second/time.Duration(p.limits.Pace)
	until := p.begun.Add(min(patience, p.limits.ReadBody))
	// A deadline that moves by little is not worth setting: a fast client reads many times a millisecond.
	if until.Sub(p.until) > p.limits.ReadBody/100 {
		p.until = until
		// Where the connection knows no deadlines (a test's recorder), nobody can be slow either.
		_ = p.control.SetReadDeadline(until)
	}
	n, err := p.ReadCloser.Read(into)
	p.read += int64(n)
	return n, err
}

// done takes the deadline off: behind the body the server waits for the disk, not for the client.
func (p *paced) done() { _ = p.control.SetReadDeadline(time.Time{}) }

// answerWithin is how long a client may take to read its answer. Until then it keeps its place at the door.
func answerWithin(w http.ResponseWriter, limits Limits) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(limits.Answer))
}
