package ingest

import (
	"fmt"
	"time"

	"uptake/adoption"
	"uptake/ingest/wire"
)

// Limits bound what one request may cost. The zero value of a field means its default.
type Limits struct {
	Body     int           // bytes of a body, counted after decompression: 16 MiB
	Event    int           // bytes of one event as JSON: 64 KiB
	Batch    int           // events of one request: 10,000
	Requests int           // being worked on at one time, of all sources: 256
	InFlight int64         // bytes of all bodies being worked on at one time: 256 MiB
	Queue    time.Duration // for a request to wait for its place among them: 5 s
	Rate     int           // events a second of one source, kept to while the door is under pressure: 50,000
	ReadBody time.Duration // for a client to send its body: 30 s
	Pace     int           // bytes of a body a second that a client must send after the first sixth of ReadBody: 1 KiB
	Answer   time.Duration // for a client to read its answer: 10 s
	Commit   time.Duration // for an accepted batch to become durable: 20 s
}

// withDefaults fills in what is not set.
func (l Limits) withDefaults() Limits {
	setDefault(&l.Body, 16<<20)
	setDefault(&l.Event, 64<<10)
	setDefault(&l.Batch, 10_000)
	setDefault(&l.Requests, 256)
	setDefault(&l.InFlight, 256<<20)
	setDefault(&l.Queue, 5*time.Second)
	setDefault(&l.Rate, 50_000)
	setDefault(&l.ReadBody, 30*time.Second)
	setDefault(&l.Pace, 1<<10)
	setDefault(&l.Answer, 10*time.Second)
	setDefault(&l.Commit, 20*time.Second)
	return l
}

func setDefault[N int | int64 | time.Duration](n *N, value N) {
	if *n <= 0 {
		*n = value
	}
}

// wire is the part of the limits that the readers of bodies keep.
func (l Limits) wire() wire.Limits { return wire.Limits{Event: l.Event, Batch: l.Batch} }

// burstSeconds is for how long a source may send faster than its rate before it is above it.
const burstSeconds = 10

// fair is the part of the limits that the sources share.
func (l Limits) fair() fairLimits {
	return fairLimits{requests: l.Requests, bytes: l.InFlight, wait: l.Queue, rate: l.Rate, burst: max(burstSeconds*l.Rate, l.Batch)}
}

// tooLarge is the error for a body with more bytes than a request may have.
func (l Limits) tooLarge() error {
	return &adoption.Error{Code: adoption.TooLarge, Message: fmt.Sprintf("A request may hold %d bytes at most, counted after decompression. Nothing of this one was taken; send it in parts.", l.Body)}
}
