package dashboard

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"

	"uptake/access"
)

const (
	sessionCookie = "uptake_session"
	sessionLength = 12 * time.Hour
	maxCookie     = 3900 // bytes; browsers keep 4,096 with the name and what is said about it
)

// session is who is signed in. It travels in a signed cookie, so that a restart signs nobody out.
type session struct {
	ID      string `json:"id"`
	User    string `json:"user"`
	Epoch   uint64 `json:"epoch,omitempty"` // of the account at sign-in
	Expires int64  `json:"exp"`             // unix seconds
	// Of whom a provider signed in; here nothing is known of the person but what it said at sign-in.
	Issuer string        `json:"iss,omitempty"` // "" for a local account
	Roles  []access.Role `json:"roles,omitempty"`
	Units  []string      `json:"units,omitempty"`
}

// sessions signs and reads session cookies, and remembers those that were ended before their time.
type sessions struct {
	seal   sealer
	issuer string // of the provider whose sessions count, "" for none
	secure bool   // mark cookies Secure even on a plain connection
	now    func() time.Time
	person func(name string) (access.Person, bool) // the account as it is now

	mu    sync.Mutex
	ended map[string]int64 // session id → when it would have expired
}

func newSessions(key []byte, secure bool, now func() time.Time, person func(name string) (access.Person, bool)) *sessions {
	return &sessions{seal: newSealer(key, "uptake session cookie v1"), secure: secure, now: now, person: person, ended: map[string]int64{}}
}

// start signs a person in: it sets the cookie.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, person access.Person) {
	ses := session{ID: rand.Text(), User: person.Name, Epoch: person.Epoch, Expires: s.now().Add(sessionLength).Unix()}
	s.set(w, r, s.seal.seal(ses), int(sessionLength.Seconds()))
}

// startForeign signs somebody in whom the provider knows, with the rights of this moment for as long as the session
// lasts. It fails where the person's units do not fit into a cookie: browsers would drop it without a word.
func (s *sessions) startForeign(w http.ResponseWriter, r *http.Request, person access.Person) error {
	value := s.seal.seal(session{ID: rand.Text(), User: person.Name, Expires: s.now().Add(sessionLength).Unix(), Issuer: s.issuer, Roles: person.Roles, Units: person.Units})
	if len(value) > maxCookie {
		return fmt.Errorf("the session of somebody with %d units is longer than a cookie may be", len(person.Units))
	}
	s.set(w, r, value, int(sessionLength.Seconds()))
	return nil
}

// end signs the bearer of the request's cookie out, here and wherever a copy of the cookie may lie.
func (s *sessions) end(w http.ResponseWriter, r *http.Request) {
	s.forget(r)
	s.set(w, r, "", -1)
	w.Header().Set("Clear-Site-Data", `"cache"`) // pages that the browser has kept
}

// forget ends the session of a request, whatever becomes of the cookie.
func (s *sessions) forget(r *http.Request) {
	if ses, ok := s.valid(r); ok {
		s.mu.Lock()
		now := s.now().Unix()
		for id, expires := range s.ended {
			if expires < now {
				delete(s.ended, id)
			}
		}
		s.ended[ses.ID] = ses.Expires
		s.mu.Unlock()
	}
}

// of is the person of a request's valid session, with the rights of this moment. An account that is disabled has no
// sessions, and a new password ends those from before.
func (s *sessions) of(r *http.Request) (access.Person, bool) {
	ses, ok := s.valid(r)
	if !ok {
		return access.Person{}, false
	}
	person, ok := s.person(ses.User)
	if ses.Issuer != "" { // a local account of the name, made since, is somebody else
		return access.Person{Name: ses.User, Roles: ses.Roles, Units: ses.Units}, ses.Issuer == s.issuer && !ok
	}
	return person, ok && person.Epoch == ses.Epoch
}

// valid is the session of a request, if it was neither forged, nor ended, nor is over.
func (s *sessions) valid(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	var ses session
	if !s.seal.unseal(cookie.Value, &ses) || ses.Expires <= s.now().Unix() {
		return session{}, false
	}
	s.mu.Lock()
	_, ended := s.ended[ses.ID]
	s.mu.Unlock()
	return ses, !ended
}

func (s *sessions) set(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.secure || r.TLS != nil})
}
