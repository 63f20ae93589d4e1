package dashboard

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"uptake/access"
)

const (
	sessionCookie = "uptake_session"
	sessionLength = 12 * time.Hour
)

// session is who is signed in. It travels in a signed cookie, so that a restart signs nobody out.
type session struct {
	ID      string `json:"id"`
	User    string `json:"user"`
	Epoch   uint64 `json:"epoch,omitempty"` // of the account at sign-in
	Expires int64  `json:"exp"`             // unix seconds
}

// sessions signs and reads session cookies, and remembers those that were ended before their time.
type sessions struct {
	key    []byte
	secure bool // mark cookies Secure even on a plain connection
	now    func() time.Time
	person func(name string) (access.Person, bool) // the account as it is now

	mu    sync.Mutex
	ended map[string]int64 // session id → when it would have expired
}

func newSessions(key []byte, secure bool, now func() time.Time, person func(name string) (access.Person, bool)) *sessions {
	// A key of its own for this use: the given one may sign other things too.
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("uptake session cookie v1"))
	return &sessions{key: mac.Sum(nil), secure: secure, now: now, person: person, ended: map[string]int64{}}
}

// start signs a person in: it sets the cookie.
func (s *sessions) start(w http.ResponseWriter, r *http.Request, person access.Person) {
	ses := session{ID: rand.Text(), User: person.Name, Epoch: person.Epoch, Expires: s.now().Add(sessionLength).Unix()}
	s.set(w, r, s.seal(ses), int(sessionLength.Seconds()))
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
	return person, ok && person.Epoch == ses.Epoch
}

// valid is the session of a request, if it was neither forged, nor ended, nor is over.
func (s *sessions) valid(r *http.Request) (session, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return session{}, false
	}
	ses, ok := s.unseal(cookie.Value)
	if !ok || ses.Expires <= s.now().Unix() {
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

func (s *sessions) seal(ses session) string {
	body, _ := json.Marshal(ses) // strings and numbers: cannot fail
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(s.sign(text))
}

func (s *sessions) unseal(value string) (session, bool) {
	text, signature, ok := strings.Cut(value, ".")
	if !ok {
		return session{}, false
	}
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, s.sign(text)) {
		return session{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return session{}, false
	}
	var ses session
	if json.Unmarshal(body, &ses) != nil {
		return session{}, false
	}
	return ses, true
}

func (s *sessions) sign(text string) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
