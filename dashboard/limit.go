package dashboard

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	signInBurst     = 5                // tries at once from one address
	signInEvery     = 12 * time.Second // one more try after that
	signInAddresses = 10_000           // addresses remembered
	signInAllBurst  = 50               // tries at once from everywhere: bounds what checking passwords may cost
	signInAllRate   = 5                // a second, from everywhere
)

// signInLimit bounds how often passwords may be tried, from one address and in all.
type signInLimit struct {
	now func() time.Time
	all *rate.Limiter

	mu   sync.Mutex
	from map[string]*rate.Limiter
}

func newSignInLimit(now func() time.Time) *signInLimit {
	return &signInLimit{now: now, all: rate.NewLimiter(signInAllRate, signInAllBurst), from: map[string]*rate.Limiter{}}
}

// allow takes one try of the request's address; wait says after how long the next one is allowed, 0 if this one is.
func (l *signInLimit) allow(r *http.Request) (wait time.Duration) {
	now := l.now()
	own := l.of(client(r), now)
	for _, limiter := range []*rate.Limiter{own, l.all} {
		reservation := limiter.ReserveN(now, 1)
		if delay := reservation.DelayFrom(now); delay > 0 {
			reservation.CancelAt(now)
			return delay
		}
	}
	return 0
}

func (l *signInLimit) of(address string, now time.Time) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	limiter, ok := l.from[address]
	if !ok {
		if len(l.from) >= signInAddresses {
			l.forget(now)
		}
		limiter = rate.NewLimiter(rate.Every(signInEvery), signInBurst)
		l.from[address] = limiter
	}
	return limiter
}

// forget drops the addresses that have all their tries back; if there is none, all: memory stays bounded, and the
// limit over all addresses still holds.
func (l *signInLimit) forget(now time.Time) {
	for address, limiter := range l.from {
		if limiter.TokensAt(now) >= signInBurst {
			delete(l.from, address)
		}
	}
	if len(l.from) >= signInAddresses {
		clear(l.from)
	}
}

// client is the address that the connection came from. Headers that a client can write itself are not believed.
// Of an IPv6 address the first 64 bits count: one customer owns all addresses under them.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if ip != nil && ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return host
}
