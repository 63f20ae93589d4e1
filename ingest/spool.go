package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// The names of what the spool holds. They live in files of running installations: do not rename.
const (
	eventsStream   = "uptake_events"
	eventsSubject  = "uptake.events"
	deadStream     = "uptake_dead"
	deadSubject    = "uptake.dead"
	tokensBucket   = "uptake_tokens"
	aboutBucket    = "uptake_about"
	clockBucket    = "uptake_clock"
	loaderConsumer = "loader"
)

const (
	maxMessage    = 8 << 20  // MaxPayload of the server; what the batcher makes stays far below
	smallBuckets  = 16 << 20 // each of the buckets
	serverStart   = 20 * time.Second
	publishWithin = 10 * time.Second
)

// ErrFull says that the spool has no room left: ClickHouse has been away, or too slow, for too long. What is inside
// stays; nothing new is taken until the loader has made room.
var ErrFull = &adoption.Error{Code: adoption.Unavailable, Message: "The spool is full because the database has been away or too slow for too long. " +
	"Send the request again later; what of it was taken nevertheless counts once."}

// SpoolConfig says where the spool lives and how large it may grow.
type SpoolConfig struct {
	Dir      string       // a folder of its own for the embedded server; made where it is missing
	URL      string       // an existing NATS with JetStream; Dir is not used then
	MaxBytes int64        // of events not loaded yet; 0: 4 GiB
	DeadMax  int64        // of dead letters; 0: a sixteenth of MaxBytes, but at least 16 MiB
	Log      *slog.Logger // nil: slog.Default()

	// Reserve is how many bytes of the disk under Dir stay free: with fewer, new events are refused. 0: 1 GiB or a
	// twentieth of the disk, whichever is smaller; negative: the disk is not looked at.
	Reserve int64
	// MaxAge is how long the oldest message may wait to be loaded before new ones are refused. 0: 7 days; negative: for
	// ever.
	MaxAge time.Duration

	// Replicas is how many servers of an external cluster keep each message; 0: 1.
	Replicas int
	// Join leaves the streams of an external NATS as they are where they are there: their bounds are the server's, not
	// those of each process that receives.
	Join bool
}

// Spool keeps events durably between their acknowledgement and ClickHouse: a JetStream work queue, embedded or an
// existing one. Beside it stand the dead letters (what can never be loaded), the tokens and the clock's high mark.
type Spool struct {
	server  *embedded // nil with an external NATS
	conn    *nats.Conn
	js      jetstream.JetStream
	events  jetstream.Stream
	created time.Time // of the stream of events
	dead    jetstream.Stream
	refused jetstream.Stream
	tokens  jetstream.KeyValue
	clock   jetstream.KeyValue
	about   jetstream.KeyValue // what is said once about the installation
	room    *room
	log     *slog.Logger

	deadSince time.Time  // when the stream of dead letters was made
	letters   sync.Mutex // held while a letter is buried or goes back to be loaded
}

// OpenSpool starts the embedded server on cfg.Dir, or connects to cfg.URL, and makes the streams where they are
// missing. After a crash all that was acknowledged is there again.
func OpenSpool(ctx context.Context, cfg SpoolConfig) (*Spool, error) {
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = 4 << 30
	}
	if cfg.DeadMax <= 0 {
		cfg.DeadMax = max(cfg.MaxBytes/16, 16<<20)
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Spool{log: cfg.Log}
	s.room = newRoom(cfg, s.oldest)
	if err := s.connect(cfg); err != nil {
		s.Close()
		return nil, err
	}
	if s.shared() {
		if err := s.suits(ctx); err != nil {
			s.Close()
			return nil, err
		}
	}
	if err := s.prepare(ctx, cfg); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// connect reaches the server, the one inside this process unless the configuration names another.
func (s *Spool) connect(cfg SpoolConfig) (err error) {
	options := []nats.Option{nats.Name("uptake"), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(false)}
	if cfg.URL == "" {
		if s.server, err = startEmbedded(cfg); err != nil {
			return err
		}
		// The server inside comes back within a moment or not at all; what is sent meanwhile fails and is not kept for later.
		options = append(options, nats.InProcessServer(s.server), nats.ReconnectWait(100*time.Millisecond),
			nats.ReconnectJitter(0, 0), nats.ReconnectBufSize(-1))
	} else {
		options = append(options, externalOptions(cfg.Log)...)
	}
	if s.conn, err = nats.Connect(cfg.URL, options...); err != nil {
		if cfg.URL != "" {
			return unreachable(err)
		}
		return fmt.Errorf("connecting to the spool: %w", err)
	}
	if s.js, err = jetstream.New(s.conn, jetstream.WithDefaultTimeout(publishWithin)); err != nil {
		return fmt.Errorf("opening the spool: %w", err)
	}
	return nil
}

// prepare makes the streams and buckets, or brings those that are there to the configured sizes.
func (s *Spool) prepare(ctx context.Context, cfg SpoolConfig) (err error) {
	if s.events, err = s.stream(ctx, jetstream.StreamConfig{
		Name: eventsStream, Subjects: []string{eventsSubject}, Description: "Events acknowledged and not loaded yet",
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage,
		// DiscardOld, the default, would drop acknowledged events in silence.
		Discard: jetstream.DiscardNew, MaxBytes: cfg.MaxBytes, MaxMsgSize: maxMessage, Replicas: max(cfg.Replicas, 1),
	}, cfg.Join); err != nil {
		return fmt.Errorf("making the stream of events: %w", err)
	}
	s.created = s.events.CachedInfo().Created
	if s.dead, err = s.stream(ctx, jetstream.StreamConfig{
		Name: deadStream, Subjects: []string{deadSubject}, Description: "What can never be loaded, with the reason",
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage,
		// The oldest dead letters make room for new ones: a full box must not stop the loader.
		Discard: jetstream.DiscardOld, MaxBytes: cfg.DeadMax, MaxMsgSize: maxMessage, Replicas: max(cfg.Replicas, 1),
	}, cfg.Join); err != nil {
		return fmt.Errorf("making the stream of dead letters: %w", err)
	}
	s.deadSince = s.dead.CachedInfo().Created
	if s.refused, err = s.stream(ctx, jetstream.StreamConfig{
		Name: refusedStream, Subjects: []string{refusedSubject + ">"}, Description: "Which events were refused lately, and why",
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, MaxAge: refusedFor,
		Discard: jetstream.DiscardOld, MaxBytes: refusedBytes, MaxMsgsPerSubject: refusedKept, MaxMsgSize: maxMessage, Replicas: max(cfg.Replicas, 1),
	}, cfg.Join); err != nil {
		return fmt.Errorf("making the stream of refusals: %w", err)
	}
	for bucket, kv := range map[string]*jetstream.KeyValue{tokensBucket: &s.tokens, clockBucket: &s.clock, aboutBucket: &s.about} {
		if *kv, err = s.keyValue(ctx, jetstream.KeyValueConfig{
			Bucket: bucket, Storage: jetstream.FileStorage, MaxBytes: smallBuckets, History: 1, Replicas: max(cfg.Replicas, 1),
		}, cfg.Join); err != nil {
			return fmt.Errorf("making the bucket %s: %w", bucket, err)
		}
	}
	return nil
}

// Publish keeps one message and returns when it is on the disk. An Unavailable error says that it was refused: the
// spool is full, its disk nearly is (Room), or the database is away for too long. After any other error the outcome is
// unknown: the message may be inside.
func (s *Spool) Publish(ctx context.Context, message []byte) error { return s.publish(ctx, message) }

func (s *Spool) publish(ctx context.Context, message []byte, options ...jetstream.PublishOpt) error {
	if err := s.whole(); err != nil {
		return err
	}
	if err := s.room.take(ctx, len(message)); err != nil {
		return err
	}
	ctx, cancel := s.whileWell(ctx)
	defer cancel()
	_, err := s.js.Publish(ctx, eventsSubject, message, append(options, jetstream.WithExpectStream(eventsStream))...)
	if err == nil {
		return nil
	}
	if broken := s.whole(); broken != nil {
		return broken
	}
	if s.full(ctx, err, len(message)) {
		return ErrFull
	}
	return fmt.Errorf("writing to the spool: %w", explained(err))
}

// full tells whether a message of size bytes was refused for want of room. JetStream has one number for all failures
// to store, a broken disk among them, so the stream's state decides.
func (s *Spool) full(ctx context.Context, err error, size int) bool {
	var api *jetstream.APIError
	if !errors.As(err, &api) || api.ErrorCode != jetstream.ErrorCode(server.JSStreamStoreFailedF) {
		return false
	}
	const overhead = 1 << 10 // what the stream adds to a message, amply
	info, err := s.events.Info(ctx)
	return err == nil && info.State.Bytes+uint64(size)+overhead > uint64(info.Config.MaxBytes)
}

// consumer is what a loader takes messages with. There is one loader on a spool, so what its predecessor took and did
// not finish is given out again at once.
func (s *Spool) consumer(ctx context.Context) (jetstream.Consumer, error) {
	if err := s.events.DeleteConsumer(ctx, loaderConsumer); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, fmt.Errorf("taking over from the loader before: %w", err)
	}
	consumer, err := s.events.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: loaderConsumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
		MaxDeliver: -1, MaxAckPending: 2 * takeMessages,
	})
	if err != nil {
		return nil, fmt.Errorf("making the consumer of the spool: %w", err)
	}
	return consumer, nil
}

// SpoolState is what the spool holds.
type SpoolState struct {
	Messages uint64        // not loaded yet
	Bytes    uint64        // of them
	MaxBytes int64         // how many there may be
	Oldest   time.Time     // when the oldest of them was acknowledged; zero where there is none
	Dead     uint64        // dead letters
	Ahead    time.Duration // the clock of this machine before that of an external NATS, about
}

// State asks the spool what it holds.
func (s *Spool) State(ctx context.Context) (SpoolState, error) {
	asked := time.Now()
	events, err := s.events.Info(ctx)
	if err != nil {
		return SpoolState{}, fmt.Errorf("asking the spool for its state: %w", err)
	}
	answered := time.Now()
	dead, err := s.dead.Info(ctx)
	if err != nil {
		return SpoolState{}, fmt.Errorf("asking the spool for its dead letters: %w", err)
	}
	state := SpoolState{Messages: events.State.Msgs, Bytes: events.State.Bytes, MaxBytes: events.Config.MaxBytes, Dead: dead.State.Msgs}
	if s.shared() && !events.TimeStamp.IsZero() {
		state.Ahead = asked.Add(answered.Sub(asked) / 2).Sub(events.TimeStamp)
	}
	if state.Messages > 0 {
		state.Oldest = events.State.FirstTime
	}
	return state, nil
}

// oldest is when the oldest message that is not loaded came; zero where there is none.
func (s *Spool) oldest(ctx context.Context) (time.Time, error) {
	info, err := s.events.Info(ctx)
	if err != nil || info.State.Msgs == 0 {
		return time.Time{}, err
	}
	return info.State.FirstTime, nil
}

// Settled tells whether everything acknowledged so far is loaded, or put with the dead letters.
func (s *Spool) Settled(ctx context.Context) (bool, error) {
	state, err := s.State(ctx)
	return state.Messages == 0, err
}

// Close stops the spool; what is inside stays on the disk. Close the batcher and the loader first.
func (s *Spool) Close() {
	if s.conn != nil {
		s.conn.Close()
	}
	if s.server != nil {
		s.server.close()
	}
}
