package ingest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"uptake/adoption"
)

// TokenKind is what a token is good for.
type TokenKind string

const (
	SourceToken  TokenKind = "source"  // sends events, and the directory where Grant.Directory is set
	ReaderToken  TokenKind = "reader"  // reads /api/v1
	EditorToken  TokenKind = "editor"  // reads /api/v1, and writes there what people enter: assumptions, pilots and the like
	MetricsToken TokenKind = "metrics" // reads /metrics
)

// Grant is what a token allows. The token itself is not kept, only its SHA-256.
type Grant struct {
	ID        string    `json:"id"`        // the first 12 hex digits of the token's SHA-256: names the token, reveals nothing
	Name      string    `json:"name"`      // of the source, or of who reads or writes
	Kind      TokenKind `json:"kind"`      //
	Directory bool      `json:"directory"` // a source that may also change the directory
	Created   time.Time `json:"created"`
}

// Tokens knows all tokens. They live in the spool, so that a source can send while ClickHouse is away; every process
// on the same spool sees a new or revoked one at once.
type Tokens struct {
	bucket jetstream.KeyValue
	watch  jetstream.KeyWatcher
	done   chan struct{}
	log    *slog.Logger

	mu     sync.RWMutex
	grants map[string]Grant // by the hex SHA-256 of the token
}

// OpenTokens reads the tokens in the spool and watches for changes until Close.
func OpenTokens(ctx context.Context, spool *Spool) (*Tokens, error) {
	// The watch outlives ctx, which bounds only the start.
	watch, err := spool.tokens.WatchAll(context.WithoutCancel(ctx))
	if err != nil {
		return nil, fmt.Errorf("watching the tokens: %w", err)
	}
	t := &Tokens{bucket: spool.tokens, watch: watch, done: make(chan struct{}), log: spool.log, grants: map[string]Grant{}}
	for {
		select {
		case entry := <-watch.Updates():
			if entry == nil { // all that is stored has been read
				go t.follow()
				return t, nil
			}
			t.take(entry)
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("reading the tokens: %w", ctx.Err()), watch.Stop())
		}
	}
}

// follow applies what changes while the process runs.
func (t *Tokens) follow() {
	defer close(t.done)
	for entry := range t.watch.Updates() {
		if entry != nil {
			t.take(entry)
		}
	}
}

// take applies one change of the bucket.
func (t *Tokens) take(entry jetstream.KeyValueEntry) {
	if entry.Operation() != jetstream.KeyValuePut {
		t.forget(entry.Key())
		return
	}
	var g Grant
	if err := json.Unmarshal(entry.Value(), &g); err != nil {
		t.log.Error("a token in the spool is unreadable and not honoured", "token", entry.Key()[:12], "error", err)
		t.forget(entry.Key())
		return
	}
	t.keep(entry.Key(), g)
}

func (t *Tokens) keep(key string, g Grant) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.grants[key] = g
}

func (t *Tokens) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.grants, key)
}

// Create makes a token with the name, kind and directory right of g and returns it. It is shown this once: the
// spool keeps only its hash. InvalidParameter for a name or kind that is none.
func (t *Tokens) Create(ctx context.Context, g Grant) (string, error) {
	g.Name = strings.TrimSpace(g.Name)
	if err := checkName(g.Name); err != nil {
		return "", err
	}
	prefix, ok := map[TokenKind]string{SourceToken: "up_s_", ReaderToken: "up_r_", EditorToken: "up_e_", MetricsToken: "up_m_"}[g.Kind]
	if !ok {
		return "", adoption.Invalid("kind", "A token is for a source, a reader, an editor or metrics.")
	}
	if g.Directory && g.Kind != SourceToken {
		return "", adoption.Invalid("directory", "Only a token for a source may change the directory.")
	}
	random := make([]byte, 32)
	rand.Read(random)
	token := prefix + base64.RawURLEncoding.EncodeToString(random)
	key := tokenKey(token)
	g.ID, g.Created = key[:12], time.Now().UTC().Truncate(time.Second)
	value, err := json.Marshal(g)
	if err != nil {
		return "", fmt.Errorf("writing a token: %w", err)
	}
	if _, err := t.bucket.Create(ctx, key, value); err != nil {
		return "", fmt.Errorf("storing a token: %w", explained(err))
	}
	t.keep(key, g) // the watch will say the same; until then the token must work here
	return token, nil
}

// Check is the grant of token, ok false for an unknown one. Nothing about a token can be learned from the time this
// takes: only its hash is looked up.
func (t *Tokens) Check(token string) (g Grant, ok bool) {
	key := tokenKey(token)
	t.mu.RLock()
	defer t.mu.RUnlock()
	g, ok = t.grants[key]
	return g, ok
}

// List is all grants, by kind, name and time of creation.
func (t *Tokens) List() []Grant {
	t.mu.RLock()
	defer t.mu.RUnlock()
	grants := make([]Grant, 0, len(t.grants))
	for _, g := range t.grants {
		grants = append(grants, g)
	}
	slices.SortFunc(grants, func(a, b Grant) int {
		if c := strings.Compare(string(a.Kind)+"\x00"+a.Name, string(b.Kind)+"\x00"+b.Name); c != 0 {
			return c
		}
		return a.Created.Compare(b.Created)
	})
	return grants
}

// Revoke makes the token with this Grant.ID useless from now on. NotFound where there is none.
func (t *Tokens) Revoke(ctx context.Context, id string) error {
	key := t.keyOf(id)
	if key == "" {
		return &adoption.Error{Code: adoption.NotFound, Field: "id", Message: "There is no token with this id. `uptake token list` shows them all."}
	}
	if err := t.bucket.Delete(ctx, key); err != nil {
		return fmt.Errorf("revoking a token: %w", explained(err))
	}
	t.forget(key)
	return nil
}

func (t *Tokens) keyOf(id string) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for key, g := range t.grants {
		if g.ID == id {
			return key
		}
	}
	return ""
}

// Close ends the watch. Close it before the spool.
func (t *Tokens) Close() error {
	err := t.watch.Stop()
	<-t.done
	if errors.Is(err, nats.ErrConsumerNotFound) { // the spool was opened anew a moment ago, and the watch not yet
		return nil
	}
	return err
}

// tokenKey is what is kept of a token. It has 256 random bits, so a plain hash is enough: there is nothing to guess.
func tokenKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// checkName refuses the name of a source that could not be a label, a column or a line of a list.
func checkName(name string) error {
	if name == "" || len(name) > 64 || !printableText(name) {
		return adoption.Invalid("name", "The name of a source or reader has 1 to 64 bytes of printable text.")
	}
	return nil
}
