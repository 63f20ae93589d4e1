package dashboard

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
)

// Ten wrong passwords lock a name for a minute, each more for twice as long, at most a quarter of an hour; from any
// address, and whether there is such an account or not.
func TestANameWaitsAfterWrongPasswords(t *testing.T) {
	now := storyNow
	l := newLockout(func() time.Time { return now })
	for range 9 {
		l.failed("ada")
	}
	require.Zero(t, l.wait("ada"))
	for i, minutes := range []time.Duration{1, 2, 4, 8, 15, 15, 15} {
		l.failed("ada")
		require.Equal(t, minutes*time.Minute, l.wait("ada"), "wrong password %d", 10+i)
	}
	require.Zero(t, l.wait("bob"), "another name")
	now = now.Add(15 * time.Minute)
	require.Zero(t, l.wait("ada"))
	l.failed("ada")
	require.Equal(t, 15*time.Minute, l.wait("ada"), "it is not forgotten yet")
	now = now.Add(24*time.Hour + time.Second)
	l.failed("ada")
	require.Zero(t, l.wait("ada"), "after a day it is")
	for range 9 {
		l.failed("ada")
	}
	require.NotZero(t, l.wait("ada"))
	l.succeeded("ada")
	require.Zero(t, l.wait("ada"))
	for i := range lockedNames + 10 {
		l.failed(string(rune(i + 1)))
	}
	require.LessOrEqual(t, len(l.names), lockedNames)
}

// changing is an account that can be disabled, and whose password changes.
type changing struct {
	onePassword
	epoch uint64
	gone  bool
}

func (c *changing) SignIn(name, password string) (access.Person, bool) {
	_, ok := c.onePassword.SignIn(name, password)
	p, there := c.Person(name)
	return p, ok && there
}

func (c *changing) Person(name string) (access.Person, bool) {
	p, ok := c.onePassword.Person(name)
	p.Epoch = c.epoch
	return p, ok && !c.gone
}

func TestASessionLivesNoLongerThanItsAccount(t *testing.T) {
	accounts := &changing{}
	r := emptyRig(t, func(c *Config) { c.Accounts = accounts })
	v := r.as("viewer")
	first := v.http.Jar.Cookies(must(url.Parse(r.server.URL)))[0].Value
	status := func(v *visitor) int { resp, _ := v.get("/api/v1/tools"); return resp.StatusCode }
	require.Equal(t, http.StatusOK, status(v))

	resp, _ := v.post("/sign-in", url.Values{"user": {"viewer"}, "password": {testPassword}})
	require.Equal(t, http.StatusSeeOther, resp.StatusCode)
	require.NotEqual(t, first, v.http.Jar.Cookies(must(url.Parse(r.server.URL)))[0].Value, "a sign-in makes a session of its own")
	old := r.visitor()
	old.http.Jar.SetCookies(must(url.Parse(r.server.URL)), []*http.Cookie{{Name: sessionCookie, Value: first}})
	assert.Equal(t, http.StatusUnauthorized, status(old), "and ends the one before")

	accounts.epoch++
	assert.Equal(t, http.StatusUnauthorized, status(v), "a new password ends sessions")
	v = r.as("viewer")
	require.Equal(t, http.StatusOK, status(v))
	accounts.gone = true
	assert.Equal(t, http.StatusUnauthorized, status(v), "an account that is disabled has none")
}
