package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// requireNothingInFlight waits until every request has given back what it held: its answer is out a moment before.
func requireNothingInFlight(t testing.TB, d *Door) {
	t.Helper()
	require.Eventually(t, func() bool {
		d.fair.mu.Lock()
		defer d.fair.mu.Unlock()
		return d.fair.requests == 0 && d.fair.bytes == 0 && d.fair.waiting == 0
	}, 10*time.Second, time.Millisecond)
}

func testFairness(limits fairLimits) *fairness {
	setDefault(&limits.requests, 8)
	setDefault(&limits.bytes, 1000)
	setDefault(&limits.wait, time.Millisecond)
	setDefault(&limits.rate, 1000)
	setDefault(&limits.burst, 10_000)
	return newFairness(limits, nil)
}

// fill takes places for a source until it gets none.
func fill(t testing.TB, f *fairness, source string) (places []*place, err error) {
	t.Helper()
	for len(places) <= f.limits.requests {
		var p *place
		if p, err = f.admit(t.Context(), source); err != nil {
			return places, err
		}
		places = append(places, p)
	}
	require.Fail(t, "a source got more places than there are")
	return nil, nil
}

func TestASourceMayHoldAsManyPlacesAsAreFree(t *testing.T) {
	f := testFairness(fairLimits{requests: 12})
	a, err := fill(t, f, "a")
	require.Len(t, a, 6, "alone: half")
	require.Equal(t, adoption.TooMany, adoption.CodeOf(err))
	b, _ := fill(t, f, "b")
	require.Len(t, b, 3, "the second finds half of what is left")
	for _, p := range a[4:] {
		p.leave()
	}
	more, _ := fill(t, f, "b")
	require.Len(t, more, 1, "4 of 12 for each of them, and 4 free")
	c, _ := fill(t, f, "c")
	require.Len(t, c, 2, "there is room for one that comes anew")
}

func TestADoorThatIsFullSaysSo(t *testing.T) {
	f := testFairness(fairLimits{requests: 1})
	p, err := f.admit(t.Context(), "a")
	require.NoError(t, err)
	_, err = f.admit(t.Context(), "b")
	require.Equal(t, adoption.Unavailable, adoption.CodeOf(err))
	require.Equal(t, "1", retryAfter(err))
	p.leave()
	p, err = f.admit(t.Context(), "b")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.limits.wait = time.Hour
	_, err = f.admit(ctx, "a")
	require.Error(t, err, "a client that has gone does not wait")
	p.leave()
	require.Zero(t, f.waiting)
	require.Zero(t, f.requests)
}

// Of those who wait, the source that holds the least is next, however many of another's came before.
func TestWhoHoldsTheLeastIsNext(t *testing.T) {
	f := testFairness(fairLimits{requests: 4, wait: time.Hour})
	var held []*place
	for range 2 {
		p, err := f.enter(t.Context(), "noisy")
		require.NoError(t, err)
		held = append(held, p)
	}
	p, err := f.enter(t.Context(), "other")
	require.NoError(t, err)
	held = append(held, p)
	type entry struct {
		source string
		place  *place
	}
	entered := make(chan entry, 10)
	var group sync.WaitGroup
	wait := func(source string) {
		waiting := f.waitingNow()
		group.Go(func() {
			p, err := f.enter(t.Context(), source)
			if err == nil {
				entered <- entry{source, p}
			}
		})
		require.Eventually(t, func() bool { return f.waitingNow() > waiting }, 10*time.Second, time.Millisecond)
	}
	for range 5 {
		wait("noisy")
	}
	wait("other")
	held[2].leave() // the other's only one
	first := <-entered
	require.Equal(t, "other", first.source)
	held = append(held[:2], first.place)
	for _, p := range held {
		p.leave()
	}
	for range 5 {
		(<-entered).place.leave()
	}
	group.Wait()
	require.Zero(t, f.requests)
}

func (f *fairness) waitingNow() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting
}

func TestARateHoldsOnlyUnderPressure(t *testing.T) {
	f := testFairness(fairLimits{requests: 8, rate: 10, burst: 100})
	spend := func(source string, n int) {
		p, err := f.admit(t.Context(), source)
		require.NoError(t, err)
		p.spend(n)
		p.leave()
	}
	for range 100 {
		spend("noisy", 10_000) // nobody else is there
	}
	var others []*place
	for i := range 5 { // more than half of the places
		p, err := f.admit(t.Context(), fmt.Sprint(i))
		require.NoError(t, err)
		others = append(others, p)
	}
	_, err := f.admit(t.Context(), "noisy")
	require.Equal(t, adoption.TooMany, adoption.CodeOf(err))
	seconds, convErr := strconv.Atoi(retryAfter(err))
	require.NoError(t, convErr)
	require.Greater(t, seconds, 1)
	require.LessOrEqual(t, seconds, 21, "one burst of debt, and the last request's: what was free is not held against it for ever")
	spend("modest", 50)
	spend("modest", 10)
	for _, p := range others {
		p.leave()
	}
	spend("noisy", 1) // the pressure is gone
}

func TestBytesAreShared(t *testing.T) {
	f := testFairness(fairLimits{bytes: 1000})
	enter := func(source string) *place {
		p, err := f.admit(t.Context(), source)
		require.NoError(t, err)
		return p
	}
	one, two := enter("a"), enter("a")
	require.NoError(t, one.grow(400))
	require.NoError(t, two.grow(100))
	err := two.grow(1)
	require.Equal(t, adoption.TooMany, adoption.CodeOf(err), "half is the share of one")
	other := enter("b")
	require.NoError(t, other.grow(400), "a source's only request is bounded by what there is")
	require.Equal(t, adoption.Unavailable, adoption.CodeOf(other.grow(101)))
	require.NoError(t, other.grow(-300))
	for _, p := range []*place{one, two, other} {
		p.leave()
	}
	require.Zero(t, f.bytes)
}

func TestTheTableOfSourcesIsBounded(t *testing.T) {
	f := testFairness(fairLimits{rate: 1, burst: 10})
	spender, err := f.admit(t.Context(), "spender")
	require.NoError(t, err)
	spender.spend(5)
	spender.leave()
	for i := range 10 * maxShares {
		p, err := f.admit(t.Context(), fmt.Sprint(i))
		require.NoError(t, err)
		p.leave()
	}
	require.LessOrEqual(t, len(f.sources), maxShares)
	require.Contains(t, f.sources, "spender", "what it has spent is remembered")
}

func TestRetryAfterIsWholeSeconds(t *testing.T) {
	require.Equal(t, "5", retryAfter(errors.New("anything")))
	require.Equal(t, "1", retryAfter(&retryError{after: 0}))
	require.Equal(t, "3", retryAfter(fmt.Errorf("wrapped: %w", &retryError{after: 2100 * time.Millisecond})))
}

// A noisy source on 64 connections with large bodies, and one that sends an event now and then.
func TestANoisySourceDoesNotStarveAQuietOne(t *testing.T) {
	metrics := NewMetrics(prometheus.NewRegistry())
	r := openRig(t, rigConfig{metrics: metrics, limits: Limits{
		Requests: 16, InFlight: 512 << 10, Rate: 1000, Queue: 50 * time.Millisecond,
		ReadBody: time.Hour, Commit: time.Hour, Answer: time.Hour}}) // the machine may be slow
	quietToken, err := r.tokens.Create(t.Context(), Grant{Name: "quiet", Kind: SourceToken})
	require.NoError(t, err)
	send := func(token, body string) int {
		request, err := http.NewRequest(http.MethodPost, r.server.URL+"/v1/events", strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := r.server.Client().Do(request)
		if err != nil {
			return 0 // a refused body is not read to its end; the connection may break before the answer is read
		}
		defer response.Body.Close()
		if response.StatusCode == http.StatusTooManyRequests {
			seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
			require.NoError(t, err)
			require.Positive(t, seconds)
		}
		return response.StatusCode
	}

	big := eventLines(0, 400)
	var taken, throttled atomic.Int64
	var strange sync.Map // other answers
	stop := make(chan struct{})
	var noisy sync.WaitGroup
	for range 64 {
		noisy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				switch status := send(r.token, big); status {
				case 0:
				case http.StatusAccepted:
					taken.Add(1)
				case http.StatusTooManyRequests:
					throttled.Add(1)
					time.Sleep(300 * time.Millisecond) // sooner than it was told, but the machine is not to be measured here
				default:
					strange.Store(status, true)
				}
			}
		})
	}
	for range 20 {
		require.Equal(t, http.StatusAccepted, send(quietToken, event(1)))
		time.Sleep(50 * time.Millisecond)
	}
	close(stop)
	noisy.Wait()
	require.Positive(t, taken.Load())
	require.Positive(t, throttled.Load())
	strange.Range(func(status, _ any) bool {
		require.Fail(t, "the noisy one is told that it is too noisy, and nothing else", "%d", status)
		return false
	})
	require.GreaterOrEqual(t, testutil.ToFloat64(metrics.throttled.WithLabelValues("feed")), float64(throttled.Load()))
	require.Zero(t, testutil.ToFloat64(metrics.throttled.WithLabelValues("quiet")))

	requireNothingInFlight(t, r.door)
	for range 5 { // above its rate, and nobody else is there
		require.Equal(t, http.StatusAccepted, send(r.token, big))
	}
}
