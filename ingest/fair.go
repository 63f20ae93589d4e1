package ingest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"uptake/adoption"
)

// fairLimits are the bounds that all sources share.
type fairLimits struct {
	requests int           // being worked on at one time
	bytes    int64         // of their bodies
	wait     time.Duration // for a place among the requests
	rate     int           // events a second of one source, while the door is under pressure
	burst    int           // events that a source may be ahead of its rate
}

// fairness shares the door among the sources, so that a noisy one starves nobody.
//
// Places and bytes: a source may hold at most as many as are free. One source alone gets half, two get a third each,
// and there is always a place for one that comes anew (dynamic thresholds, as switches share their buffers: Choudhury
// and Hahne, 1998). Who finds none waits; of those who wait, the source that holds the least is next.
//
// Rate: every source has a token bucket of events. Who is above it is turned away only while the door is under
// pressure; with nobody else there a source may go as fast as the machine lets it.
type fairness struct {
	limits  fairLimits
	metrics *Metrics

	mu       sync.Mutex
	sources  map[string]*share // by name; names come from tokens or are those of strangers, never what a client says
	requests int
	bytes    int64
	waiting  int
}

// A share is what one source holds of the door.
type share struct {
	name     string
	requests int
	bytes    int64
	waiting  []*place // in the order they came
	bucket   *rate.Limiter
}

// A place is one request's. It must be left when the request is answered.
type place struct {
	fair    *fairness
	share   *share
	bytes   int64
	granted chan struct{} // closed when a place that was waited for is there
}

// maxShares is how many sources are remembered before those that have nothing to remember are forgotten.
const maxShares = 1000

func newFairness(limits fairLimits, metrics *Metrics) *fairness {
	return &fairness{limits: limits, metrics: metrics, sources: map[string]*share{}}
}

// admit lets a request of source in, unless it is above its rate while others want in: TooMany, then. It waits for a
// place as enter does.
func (f *fairness) admit(ctx context.Context, source string) (*place, error) {
	f.mu.Lock()
	s := f.shareOf(source)
	wait := s.above(time.Now())
	above := wait > 0 && f.pressed(s)
	f.mu.Unlock()
	if above {
		return nil, f.throttled(source, wait, s.subject()+" has sent more events than its rate allows, and others want to send, too. Nothing of this request was taken; send it again later.")
	}
	return f.enter(ctx, source)
}

// enter gives a request of source its place, at once or when there is one. It fails with TooMany where the source has
// its share of them already, and with Unavailable where the door is full.
func (f *fairness) enter(ctx context.Context, source string) (*place, error) {
	f.mu.Lock()
	s := f.shareOf(source)
	p := &place{fair: f, share: s}
	if len(s.waiting) == 0 && f.room(s) {
		f.take(s)
		f.mu.Unlock()
		return p, nil
	}
	p.granted = make(chan struct{})
	s.waiting = append(s.waiting, p)
	f.waiting++
	f.mu.Unlock()
	return p.wait(ctx)
}

// wait returns when the place is granted, or gives it up.
func (p *place) wait(ctx context.Context) (*place, error) {
	timer := time.NewTimer(p.fair.limits.wait)
	defer timer.Stop()
	select {
	case <-p.granted:
		return p, nil
	case <-timer.C:
	case <-ctx.Done():
	}
	return p.giveUp()
}

// giveUp ends the waiting, unless the place was granted at this very moment.
func (p *place) giveUp() (*place, error) {
	f := p.fair
	f.mu.Lock()
	for i, other := range p.share.waiting {
		if other == p {
			p.share.waiting = append(p.share.waiting[:i], p.share.waiting[i+1:]...)
			f.waiting--
			own := p.share.requests > 0
			f.mu.Unlock()
			if own {
				return nil, f.throttled(p.share.name, time.Second, p.share.subject()+" has more requests under way than its share. Nothing of this one was taken; send it again later.")
			}
			return nil, &retryError{after: time.Second, Err: &adoption.Error{Code: adoption.Unavailable, Message: "Too many requests are being worked on at this moment. Nothing of this one was taken; send it again later."}}
		}
	}
	f.mu.Unlock()
	return p, nil
}

// leave gives the place and its bytes back, and lets in who waits.
func (p *place) leave() {
	f := p.fair
	f.mu.Lock()
	defer f.mu.Unlock()
	p.share.requests--
	f.requests--
	p.share.bytes -= p.bytes
	f.bytes -= p.bytes
	p.bytes = 0
	for next := f.next(); next != nil; next = f.next() {
		granted := next.waiting[0].granted
		next.waiting = next.waiting[1:]
		f.waiting--
		f.take(next)
		close(granted)
	}
}

// pass makes a place that of another source, with the bytes that it holds. It fails with TooMany where admit would, or
// would have to wait: the body is here already, and waiting would only hold it longer.
func (p *place) pass(source string) error {
	f := p.fair
	f.mu.Lock()
	s := f.shareOf(source)
	wait := s.above(time.Now())
	full := (wait > 0 && f.pressed(s)) || s.requests >= f.limits.requests-f.requests+1
	if !full {
		p.share.requests--
		p.share.bytes -= p.bytes
		s.requests++
		s.bytes += p.bytes
		p.share = s
	}
	f.mu.Unlock()
	if full {
		return f.throttled(source, max(wait, time.Second), "This source sends more than its share while others want to send, too. Nothing of this request was taken; send it again later.")
	}
	return nil
}

// grow asks for n more bytes of the request's body, or gives some back where n is negative.
func (p *place) grow(n int64) error {
	f, s := p.fair, p.share
	f.mu.Lock()
	// A source's only request is bounded by the size of a body alone.
	mine := n > 0 && s.bytes > p.bytes && s.bytes+n > f.limits.bytes-f.bytes-n
	full := n > 0 && f.bytes+n > f.limits.bytes
	if !mine && !full {
		p.bytes += n
		s.bytes += n
		f.bytes += n
	}
	f.mu.Unlock()
	switch {
	case mine:
		return f.throttled(s.name, time.Second, s.subject()+" sends more bytes at a time than its share. Nothing of this request was taken; send it again later, or in smaller parts.")
	case full:
		return &retryError{after: time.Second, Err: &adoption.Error{Code: adoption.Unavailable, Message: "Too much is being received at this moment. Nothing of this request was taken; send it again later."}}
	}
	return nil
}

// spend takes events out of the source's bucket. They have come in already, so the bucket may run into debt; but what
// a source took while nobody else wanted it is held against it for one burst at most.
func (p *place) spend(events int) {
	f := p.fair
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	for events > 0 && p.share.bucket.TokensAt(now) > -float64(f.limits.burst) {
		n := min(events, f.limits.burst)
		p.share.bucket.ReserveN(now, n)
		events -= n
	}
}

// above is how long it takes until the source's bucket has room again, 0 where it has.
func (s *share) above(now time.Time) time.Duration {
	tokens := s.bucket.TokensAt(now)
	if tokens > 0 {
		return 0
	}
	return max(time.Second, time.Duration((1-tokens)/float64(s.bucket.Limit())*float64(time.Second)))
}

// pressed tells whether somebody would gain if s held back.
func (f *fairness) pressed(s *share) bool {
	return 2*f.requests > f.limits.requests || 2*f.bytes > f.limits.bytes || f.waiting > len(s.waiting)
}

// room tells whether a source may have one more place.
func (f *fairness) room(s *share) bool { return s.requests < f.limits.requests-f.requests }

func (f *fairness) take(s *share) {
	s.requests++
	f.requests++
}

// next is the source whose turn it is among those that wait, nil where there is room for none of them.
func (f *fairness) next() (least *share) {
	if f.waiting == 0 {
		return nil
	}
	for _, s := range f.sources {
		if len(s.waiting) > 0 && f.room(s) && (least == nil || s.requests < least.requests) {
			least = s
		}
	}
	return least
}

// shareOf finds the share of a source, or makes it.
func (f *fairness) shareOf(source string) *share {
	if s := f.sources[source]; s != nil {
		return s
	}
	if len(f.sources) >= maxShares {
		f.forget()
	}
	s := &share{name: source, bucket: rate.NewLimiter(rate.Limit(f.limits.rate), f.limits.burst)}
	f.sources[source] = s
	return s
}

// forget drops the sources that would be made anew just as they are.
func (f *fairness) forget() {
	now := time.Now()
	for name, s := range f.sources {
		if s.requests == 0 && len(s.waiting) == 0 && s.bucket.TokensAt(now) >= float64(f.limits.burst) {
			delete(f.sources, name)
		}
	}
}

func (f *fairness) throttled(source string, after time.Duration, message string) error {
	f.metrics.throttle(sourceLabel(source))
	return &retryError{after: after, Err: &adoption.Error{Code: adoption.TooMany, Message: message}}
}

// A retryError says when to try again. Its cause is an *adoption.Error.
type retryError struct {
	after time.Duration
	Err   error
}

func (e *retryError) Error() string { return fmt.Sprintf("%v (again in %s)", e.Err, e.after) }
func (e *retryError) Unwrap() error { return e.Err }

// retryAfter is the value of the header Retry-After for a refusal that says to send again: whole seconds, rounded up so
// that who obeys it finds room.
func retryAfter(err error) string {
	after := 5 * time.Second
	if known := (*retryError)(nil); errors.As(err, &known) {
		after = known.after
	}
	return strconv.Itoa(max(1, int(math.Ceil(after.Seconds()))))
}
