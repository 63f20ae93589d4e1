package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/cenkalti/backoff/v5"
	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// LoaderConfig is what a Loader works with. Only DB, Spool, Touch and Zone are needed.
type LoaderConfig struct {
	DB      driver.Conn
	Spool   *Spool
	Touch   Toucher
	Facts   Facts          // stores what clients tell of people; nil: they wait in the spool for a loader that can
	Zone    *time.Location // the reporting time zone
	Rows    int            // of one insert, about; 0: 40,000
	Linger  time.Duration  // how long an insert waits to become that large; 0: 500 ms
	Closing time.Duration  // how long Close lets the running insert go on; 0: 10 s
	Behind  func(bool)     // told whether more waits than one insert takes; nil: nobody asks
	Metrics *Metrics       // nil: not measured
	Log     *slog.Logger   // nil: slog.Default()
}

// LoaderState is how loading goes.
type LoaderState struct {
	LastLoad time.Time // the end of the last load that succeeded; zero before the first
	Failing  time.Time // since when loading fails; zero while it does not
	Error    string    // the last failure while it does
}

// A Loader takes messages from the spool, in order, and writes them into ClickHouse in large inserts. While
// ClickHouse is away it tries again and again, and the spool grows. A message leaves the spool when its events are
// inserted and the days they change are noted, or when it lies with the dead letters.
//
// While one batch is inserted the next is taken and read, so there are at most two of them in memory.
type Loader struct {
	cfg      LoaderConfig
	consumer jetstream.Consumer
	cancel   context.CancelFunc // ends taking
	work     context.Context    // of the load under way; ends later
	abort    context.CancelFunc
	done     chan struct{}
	names    interner              // the preparing goroutine's
	spare    chan []adoption.Event // memory of batches that are done, to be used again

	forgotten forgotten // the preparing goroutine's, as is consumer

	mu    sync.Mutex
	state LoaderState
	held  []*batch // taken and not done, oldest first
}

const (
	// ackWait is when a message that was taken and not acknowledged is given out again; renewed while it is held.
	ackWait = 60 * time.Second
	// takeSize bounds the bytes of one load, takeMessages its messages.
	takeSize     = 32 << 20
	takeMessages = 5000
	insertWithin = 2 * time.Minute
)

// StartLoader starts to load in the background, until Close.
func StartLoader(ctx context.Context, cfg LoaderConfig) (*Loader, error) {
	setDefault(&cfg.Rows, 40_000)
	setDefault(&cfg.Linger, 500*time.Millisecond)
	setDefault(&cfg.Closing, 10*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Facts == nil {
		cfg.Facts = func(context.Context, []Fact) error { return errNoDirectory }
	}
	consumer, err := cfg.Spool.consumer(ctx)
	if err != nil {
		return nil, err
	}
	taking, cancel := context.WithCancel(context.Background())
	work, abort := context.WithCancel(context.Background())
	l := &Loader{cfg: cfg, consumer: consumer, cancel: cancel, work: work, abort: abort,
		done: make(chan struct{}), spare: make(chan []adoption.Event, 2)}
	go l.run(taking)
	return l, nil
}

// State is how loading goes at this moment.
func (l *Loader) State() LoaderState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

// Close takes no more messages, lets the insert under way end, for as long as LoaderConfig.Closing, and returns.
// What is not loaded then stays in the spool.
func (l *Loader) Close() {
	l.cancel()
	timer := time.AfterFunc(l.cfg.Closing, l.abort)
	defer timer.Stop()
	<-l.done
	l.abort()
}

// run loads the batches that prepare hands over, one after the other.
func (l *Loader) run(taking context.Context) {
	defer close(l.done)
	prepared := make(chan *batch)
	var preparing sync.WaitGroup
	preparing.Go(func() { l.prepare(taking, prepared) })
	defer preparing.Wait()
	renew := time.NewTicker(ackWait / 3)
	defer renew.Stop()
	preparing.Go(func() { l.renew(taking, renew.C) })
	for {
		select {
		case b := <-prepared:
			l.load(taking, b)
			l.release(b)
		case <-taking.Done():
			return
		}
	}
}

// load brings a batch into ClickHouse and acknowledges it. It returns when that is done, or, with nothing
// acknowledged, when the loader closes.
func (l *Loader) load(taking context.Context, b *batch) {
	begun := time.Now()
	policy := backoff.NewExponentialBackOff() // with jitter
	policy.InitialInterval, policy.MaxInterval = 200*time.Millisecond, 15*time.Second
	for attempt := 1; ; attempt++ {
		err := l.buryAll(b.broken)
		if err == nil {
			b.broken = nil
			err = l.write(attempt, b.events, b.token)
		}
		if err == nil {
			err = l.writeNotes(attempt, b)
		}
		if err == nil {
			break
		}
		if l.work.Err() != nil {
			return
		}
		l.failed("loading events", err)
		if taking.Err() != nil { // closing: it stays in the spool
			return
		}
		sleep(taking, policy.NextBackOff())
	}
	if err := l.acknowledge(b.messages); err != nil {
		l.failed("acknowledging loaded events", err)
		return
	}
	l.loaded(len(b.events), time.Since(begun))
}

// acknowledge takes loaded messages out of the spool. Only the last is waited for: acks are handled in order.
func (l *Loader) acknowledge(messages []jetstream.Msg) error {
	last := len(messages) - 1
	for _, m := range messages[:last] {
		if err := m.Ack(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(l.work, publishWithin)
	defer cancel()
	return messages[last].DoubleAck(ctx)
}

// sleep waits for d, or until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (l *Loader) failed(doing string, err error) {
	l.cfg.Metrics.loadFailed()
	l.mu.Lock()
	first := l.state.Failing.IsZero()
	if first {
		l.state.Failing = time.Now()
	}
	l.state.Error = sentence(err)
	l.mu.Unlock()
	if first { // the repeats would fill the log for as long as ClickHouse is away
		l.cfg.Log.Error("loading fails; events stay in the spool until it succeeds", "doing", doing, "error", sentence(err))
	}
}

func (l *Loader) loaded(rows int, took time.Duration) {
	l.cfg.Metrics.loadedRows(rows, took)
	l.mu.Lock()
	failing := l.state.Failing
	l.state = LoaderState{LastLoad: time.Now()}
	l.mu.Unlock()
	if !failing.IsZero() {
		l.cfg.Log.Info("loading succeeds again", "failed_for", time.Since(failing).Round(time.Second))
	}
}
