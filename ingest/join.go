package ingest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// leastPayload is what an external NATS must take in one message: those of the batcher and notes with ample room. The
// default of NATS, 1 MiB, is a few bytes too small.
const leastPayload = 4 << 20

// shared tells whether other processes may use this spool at the same time: whether it is an external NATS.
func (s *Spool) shared() bool { return s.server == nil }

// externalOptions are those for a NATS of somebody else, which may go away at any time and come back.
func externalOptions(log *slog.Logger) []nats.Option {
	return []nats.Option{
		// What is sent while it is away fails at once: the sender is told to come again, and nothing arrives behind its back.
		nats.ReconnectBufSize(-1),
		nats.ReconnectWait(250 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, 500*time.Millisecond),
		nats.PingInterval(10 * time.Second), nats.MaxPingsOutstanding(2), // a server that hangs is left within half a minute
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil: this process has closed it
				log.Warn("the NATS server of the spool is away; no events are taken until it is back", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info("the NATS server of the spool is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("the NATS server of the spool complains", "error", err)
		}),
	}
}

// unreachable explains why a NATS could not be connected to, without its address, which may hold a password.
func unreachable(err error) error {
	var malformed *url.Error
	if errors.As(err, &malformed) {
		return &adoption.Error{Code: adoption.InvalidParameter, Field: "spool_url", Message: "The address of the spool (spool_url) is no valid address of a NATS server."}
	}
	return &adoption.Error{Code: adoption.Unavailable, Field: "spool_url", Err: err,
		Message: "The NATS server of the spool (spool_url) cannot be reached, or does not let Uptake in"}
}

// errUnconnected answers while an external NATS is not connected.
var errUnconnected = &adoption.Error{Code: adoption.Unavailable, Message: "The NATS server of the spool is away. Nothing was done; try again when it is back."}

// explained is err, in words where it says that the spool's server is away.
func explained(err error) error {
	if errors.Is(err, nats.ErrReconnectBufExceeded) || errors.Is(err, nats.ErrConnectionReconnecting) {
		return errUnconnected
	}
	return err
}

// suits tells whether a connected NATS can be a spool.
func (s *Spool) suits(ctx context.Context) error {
	if size := s.conn.MaxPayload(); size < leastPayload {
		return &adoption.Error{Code: adoption.Conflict, Field: "spool_url", Message: fmt.Sprintf(
			"The NATS server of the spool takes messages of %d bytes at most, and Uptake needs %d. Set max_payload: 8MB in its configuration.", size, leastPayload)}
	}
	_, err := s.js.AccountInfo(ctx)
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		return &adoption.Error{Code: adoption.Conflict, Field: "spool_url", Message: "The NATS server of the spool has no JetStream for this account. Start it with a jetstream block in its configuration."}
	}
	if err != nil {
		return fmt.Errorf("asking the NATS server of the spool for JetStream: %w", err)
	}
	return nil
}

// stream is a stream of the spool: as cfg says, or, for one who joins, as it is.
func (s *Spool) stream(ctx context.Context, cfg jetstream.StreamConfig, join bool) (jetstream.Stream, error) {
	if join {
		stream, err := s.js.Stream(ctx, cfg.Name)
		if !errors.Is(err, jetstream.ErrStreamNotFound) {
			return stream, err
		}
	}
	return s.js.CreateOrUpdateStream(ctx, cfg)
}

// keyValue is a bucket of the spool, in the same way.
func (s *Spool) keyValue(ctx context.Context, cfg jetstream.KeyValueConfig, join bool) (jetstream.KeyValue, error) {
	if join {
		bucket, err := s.js.KeyValue(ctx, cfg.Bucket)
		if !errors.Is(err, jetstream.ErrBucketNotFound) {
			return bucket, err
		}
	}
	return s.js.CreateOrUpdateKeyValue(ctx, cfg)
}

// The keys of the bucket of what is said once about an installation.
const (
	secretKey   = "secret"   // the check value of the secret
	settingsKey = "settings" // those of the server's door, as JSON
)

// SameSecret makes sure that all processes on a spool hash under one secret: the first leaves a check value, from which
// the secret cannot be found, and who comes with another secret gets a Conflict. Under two secrets one person would be
// two, and no later cleaning could tell.
func (s *Spool) SameSecret(ctx context.Context, secret []byte) error {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("the secret of the spool"))
	check := mac.Sum(nil)
	_, err := s.about.Create(ctx, secretKey, check)
	if err == nil {
		return nil
	}
	if !errors.Is(err, jetstream.ErrKeyExists) {
		return fmt.Errorf("leaving the check value of the secret in the spool: %w", err)
	}
	entry, err := s.about.Get(ctx, secretKey)
	if err != nil {
		return fmt.Errorf("reading the check value of the secret from the spool: %w", err)
	}
	if subtle.ConstantTimeCompare(entry.Value(), check) != 1 {
		return &adoption.Error{Code: adoption.Conflict, Field: "secret_file", Message: "The secret of this process is not the one that the events in the spool are hashed under: " +
			"with two secrets every person would be two. Give it the file of the server (DATA/secret) with secret_file. " +
			"If the server itself says this, its secret was replaced: restore it from a backup."}
	}
	return nil
}

// TellSettings leaves in the spool how the server's door is set, by name, for the processes that receive beside it.
func (s *Spool) TellSettings(ctx context.Context, settings map[string]string) error {
	text, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("writing the settings of the door: %w", err)
	}
	if _, err := s.about.Put(ctx, settingsKey, text); err != nil {
		return fmt.Errorf("leaving the settings of the door in the spool: %w", err)
	}
	return nil
}

// OtherSettings are the names of the settings that are not as the server's, in order; none where no server has told.
func (s *Spool) OtherSettings(ctx context.Context, settings map[string]string) ([]string, error) {
	entry, err := s.about.Get(ctx, settingsKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the settings of the server's door: %w", err)
	}
	var told map[string]string
	if err := json.Unmarshal(entry.Value(), &told); err != nil {
		return nil, fmt.Errorf("reading the settings of the server's door: %w", err)
	}
	var other []string
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if value, known := told[name]; known && value != settings[name] {
			other = append(other, name)
		}
	}
	return other, nil
}
