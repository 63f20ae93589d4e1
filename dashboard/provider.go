package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"uptake/access"
)

const (
	providerAnswers = 5 * time.Second // how long one answer of the provider may take
	providerAgain   = 5 * time.Second // how long one that was away is not asked again
)

// OIDC is a provider of sign-ins by OpenID Connect.
type OIDC struct {
	Issuer       string // its address, as its own description has it
	ClientID     string
	ClientSecret string         // "" for a client that is known by PKCE alone
	Callback     string         // the whole address of /sign-in/oidc/callback, as the provider has it
	Groups       *access.Groups // what its groups may here
}

var (
	errProviderAway = errors.New("the provider of sign-ins does not answer")
	errNoRole       = errors.New("none of the groups has a role here")
)

// provider speaks with the provider of sign-ins. It is asked for its description when it is first needed, and again
// after a failure: Uptake starts without it.
type provider struct {
	cfg    OIDC
	now    func() time.Time
	taken  func(name string) bool // by a local account
	client *http.Client

	mu    sync.Mutex
	known *oidc.Provider
	next  time.Time // when it is asked again
	away  error     // of the last time
}

func newProvider(cfg Config) *provider {
	if cfg.OIDC == nil {
		return nil
	}
	return &provider{cfg: *cfg.OIDC, now: cfg.Now, taken: cfg.Accounts.Taken, client: &http.Client{Timeout: providerAnswers}}
}

// described is the provider's description of itself; errProviderAway where it has given none.
func (p *provider) described(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	if !p.now().Before(p.next) {
		known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer) // bounded by the client
		if err == nil {
			p.known = known
			return known, nil
		}
		p.next, p.away = p.now().Add(providerAgain), err
	}
	return nil, fmt.Errorf("%w: %w", errProviderAway, p.away)
}

func (p *provider) oauth(known *oidc.Provider) *oauth2.Config {
	scopes := []string{oidc.ScopeOpenID, "profile"}
	var says struct {
		Scopes []string `json:"scopes_supported"`
	}
	// Some tell of groups only if asked, others refuse a scope that they do not know.
	if known.Claims(&says) == nil && slices.Contains(says.Scopes, "groups") {
		scopes = append(scopes, "groups")
	}
	return &oauth2.Config{ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: known.Endpoint(), RedirectURL: p.cfg.Callback, Scopes: scopes}
}

// begin is where a browser has to go to sign in.
func (p *provider) begin(ctx context.Context, b begun) (address string, err error) {
	known, err := p.described(ctx)
	if err != nil {
		return "", err
	}
	return p.oauth(known).AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), nil
}

// end is the person whom the provider means with a code. Errors are errProviderAway, errNoRole, or a code or token that
// is not what it should be; with errNoRole the person has a name.
func (p *provider) end(ctx context.Context, b begun, code string) (access.Person, error) {
	known, err := p.described(ctx)
	if err != nil {
		return access.Person{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(known).Exchange(ctx, code, oauth2.VerifierOption(b.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		// Its description is left out: it may repeat what was sent.
		return access.Person{}, fmt.Errorf("the provider refused the code: %s", refused.ErrorCode)
	case err != nil:
		return access.Person{}, fmt.Errorf("%w: %w", errProviderAway, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.cfg.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return access.Person{}, fmt.Errorf("the token of identity: %w", err)
	}
	if b.Nonce == "" || id.Nonce != b.Nonce {
		return access.Person{}, errors.New("the token of identity was made for another sign-in")
	}
	var claims map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return access.Person{}, fmt.Errorf("the token of identity: %w", err)
	}
	person := access.Person{Name: p.nameOf(id, claims)}
	person.Roles, person.Units = p.cfg.Groups.Rights(texts(claims[p.cfg.Groups.Claim]))
	if len(person.Roles) == 0 {
		return person, errNoRole
	}
	return person, nil
}

// texts is a claim that is a list of texts, or a single one; what is neither is none.
func texts(claim json.RawMessage) (all []string) {
	var one string
	if json.Unmarshal(claim, &one) == nil {
		return []string{one}
	}
	if json.Unmarshal(claim, &all) != nil {
		return nil
	}
	return all
}

// What may stand as a name on a page, in a log and under what was published. There is no @ in it: Uptake keeps no
// addresses.
var (
	readableName = regexp.MustCompile(`^[\pL\pN][\pL\pN ._-]{0,63}$`)
	subjectName  = regexp.MustCompile(`^[!-?A-~]{1,64}$`)
)

// nameOf is what somebody is called here: as the provider calls the person, else its number, and where that will not do
// either, something made of it. A local account's name is nobody else's: what was published bears it. Nor is
// that of the command line, which signs in the audit log.
func (p *provider) nameOf(id *oidc.IDToken, claims map[string]json.RawMessage) string {
	var name string
	if json.Unmarshal(claims["preferred_username"], &name) == nil && readableName.MatchString(name) && name != access.CommandLine && !p.taken(name) {
		return name
	}
	if subjectName.MatchString(id.Subject) && !p.taken(id.Subject) {
		return id.Subject
	}
	sum := sha256.Sum256([]byte(id.Issuer + "\x00" + id.Subject))
	return "oidc-" + hex.EncodeToString(sum[:8])
}
