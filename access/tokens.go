package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"uptake/adoption"
)

const (
	// TokenPrefix begins every token of a person.
	TokenPrefix = "up_p_"
	maxTokens   = 20 // good ones that a person may have
	usedEvery   = time.Hour
	keepEvery   = time.Minute
)

// Token is a person's own token, without the secret: only its hash is kept, and that never leaves this package.
type Token struct {
	ID      string // names it, reveals nothing
	Owner   string // name of the account
	Name    string // as the owner calls it
	Created time.Time
	Used    time.Time // last, to the hour; zero for never
	Revoked bool
	Good    bool // not revoked, and the account is open and has had no new password since

	hash    string
	epoch   uint64
	version uint64
}

// Tokens are the tokens of people, kept in the table personal_tokens and read once. What one may is what the account of its owner
// may at the moment. Its methods may be called from many goroutines.
type Tokens struct {
	db     driver.Conn
	now    func() time.Time
	person func(name string) (Person, bool)
	log    *slog.Logger

	change sync.Mutex // one change at a time, from the look at a token until it is written
	mu     sync.RWMutex
	byHash map[string]*Token
	unkept map[string]bool // hashes of tokens whose last use is not written down yet
}

//go:embed tokens.sql
var tokensSQL string

// OpenTokens reads the tokens of a database that was migrated. person is the account of a name as it is now, false where
// it is disabled or none; now is the clock, nil is time.Now.
func OpenTokens(ctx context.Context, db driver.Conn, person func(name string) (Person, bool), now func() time.Time, log *slog.Logger) (*Tokens, error) {
	if now == nil {
		now = time.Now
	}
	t := &Tokens{db: db, now: now, person: person, log: log, byHash: map[string]*Token{}, unkept: map[string]bool{}}
	rows, err := db.Query(ctx, tokensSQL)
	if err != nil {
		return nil, fmt.Errorf("read the tokens of people: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Token
		if err := rows.Scan(&one.ID, &one.hash, &one.Owner, &one.epoch, &one.Name, &one.Created, &one.Used, &one.Revoked, &one.version); err != nil {
			return nil, fmt.Errorf("read the tokens of people: %w", err)
		}
		if one.Used.Unix() == 0 {
			one.Used = time.Time{}
		}
		t.byHash[one.hash] = &one
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the tokens of people: %w", err)
	}
	return t, nil
}

// Make makes a token of an account and returns it: it is shown this once. InvalidParameter for a name that is none,
// Unprocessable where the owner has no open account, or too many tokens.
func (t *Tokens) Make(ctx context.Context, owner, name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", adoption.Invalid("name", "A token has a name of 1 to 64 bytes of printable text, which says what it is for.")
	}
	t.change.Lock()
	defer t.change.Unlock()
	person, ok := t.person(owner)
	if !ok {
		return "", &adoption.Error{Code: adoption.Unprocessable, Field: "owner", Message: "There is no open account of this name here. Only who has one can have tokens: they hold what the account may."}
	}
	good := 0
	for _, one := range t.List(owner) {
		if one.Good {
			good++
		}
	}
	if good >= maxTokens {
		return "", &adoption.Error{Code: adoption.Unprocessable, Field: "name", Message: fmt.Sprintf("There are %d tokens of this account. Revoke one first.", maxTokens)}
	}
	random := make([]byte, 32)
	rand.Read(random)
	token := TokenPrefix + base64.RawURLEncoding.EncodeToString(random)
	hash := hashOf(token)
	one := Token{ID: hash[:12], Owner: owner, Name: name, Created: t.now().UTC().Truncate(time.Second), hash: hash, epoch: person.Epoch}
	return token, t.keep(ctx, one)
}

// Check is the owner of a token, with the rights of this moment; false for a token that is not good.
func (t *Tokens) Check(token string) (Person, bool) {
	hash := hashOf(token)
	t.mu.RLock()
	one := t.byHash[hash]
	var person Person
	good := false
	if one != nil {
		person, good = t.holder(one)
	}
	late := good && t.now().Sub(one.Used) >= usedEvery
	t.mu.RUnlock()
	if late {
		t.mu.Lock()
		one.Used, t.unkept[hash] = t.now().UTC().Truncate(usedEvery), true
		t.mu.Unlock()
	}
	if !good {
		return Person{}, false
	}
	return person, true
}

func (t *Tokens) holder(one *Token) (Person, bool) {
	person, ok := t.person(one.Owner)
	return person, ok && !one.Revoked && person.Epoch == one.epoch
}

// List is the tokens of an account, the newest first; those that are revoked are left out.
func (t *Tokens) List(owner string) []Token {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []Token
	for _, one := range t.byHash {
		if one.Owner == owner && !one.Revoked {
			shown := *one
			_, shown.Good = t.holder(one)
			list = append(list, shown)
		}
	}
	slices.SortFunc(list, func(x, y Token) int {
		return cmp.Or(y.Created.Compare(x.Created), cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID))
	})
	return list
}

// Revoke makes a token of an account useless from now on. NotFound where the account has none of this id.
func (t *Tokens) Revoke(ctx context.Context, owner, id string) error {
	t.change.Lock()
	defer t.change.Unlock()
	for _, one := range t.List(owner) {
		if one.ID == id {
			one.Revoked = true
			return t.keep(ctx, one)
		}
	}
	return &adoption.Error{Code: adoption.NotFound, Field: "id", Message: "This account has no token of this id. Nothing was changed."}
}

// Run writes down when tokens were used, until ctx ends; then what is left.
func (t *Tokens) Run(ctx context.Context) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditWithin)
			defer cancel()
			return t.Flush(last)
		case <-tick.C:
			if err := t.Flush(ctx); err != nil && ctx.Err() == nil {
				t.log.Warn("when tokens were used cannot be written down now", "error", err)
			}
		}
	}
}

// Flush writes down when tokens were used.
func (t *Tokens) Flush(ctx context.Context) error {
	t.change.Lock()
	defer t.change.Unlock()
	t.mu.RLock()
	var late []Token
	for hash := range t.unkept {
		late = append(late, *t.byHash[hash])
	}
	t.mu.RUnlock()
	for _, one := range late {
		if err := t.keep(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

// keep writes a token down, and has it hold from then on.
func (t *Tokens) keep(ctx context.Context, one Token) error {
	one.version++
	used := one.Used
	if used.IsZero() {
		used = time.Unix(0, 0)
	}
	batch, err := t.db.PrepareBatch(ctx, "INSERT INTO personal_tokens (id, hash, owner, epoch, name, created, used, revoked, version)")
	if err != nil {
		return fmt.Errorf("store the token: %w", err)
	}
	defer batch.Close()
	if err := batch.Append(one.ID, one.hash, one.Owner, one.epoch, one.Name, one.Created, used.UTC(), one.Revoked, one.version); err != nil {
		return fmt.Errorf("store the token: %w", err)
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("store the token: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if was := t.byHash[one.hash]; was != nil && was.Used.After(one.Used) {
		one.Used = was.Used // in between; it waits for the next time
	} else {
		delete(t.unkept, one.hash)
	}
	t.byHash[one.hash] = &one
	return nil
}

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
