package dashboard

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
	"uptake/query"
)

const testPassword = "correct horse"

type onePassword struct{}

func (o onePassword) SignIn(user, password string) (access.Person, bool) {
	person, ok := o.Person(user)
	return person, ok && password == testPassword
}

// Person has an account for each role, by its name; the lead leads Production.
func (onePassword) Person(name string) (access.Person, bool) {
	p := access.Person{Name: name, Roles: []access.Role{access.Role(name)}}
	if name == "lead" {
		p.Units = []string{"production"}
	}
	return p, slices.Contains(access.Roles(), access.Role(name))
}

func (o onePassword) Taken(name string) bool {
	_, taken := o.Person(name)
	return taken
}

// testBearer knows a token of each kind.
func testBearer(token string) (access.Person, bool) {
	p, ok := map[string]access.Person{
		"reader-token":  {Name: "robot", Roles: access.ReaderRoles},
		"editor-token":  {Name: "Ada", Roles: access.EditorRoles},
		"metrics-token": {Name: "prometheus", Roles: []access.Role{access.Scraper}},
	}[token]
	return p, ok
}

// rig is a dashboard on the real engine, served over HTTP, with a demo that can be left.
type rig struct {
	t       testing.TB
	d       *Dashboard
	server  *httptest.Server
	company atomic.Pointer[query.Company]
	real    *query.Company // what is shown once the demo is left
	now     atomic.Int64   // the clock, in nanoseconds
}

func newCompany(db driver.Conn, demo string, now func() time.Time) *query.Company {
	return &query.Company{DB: db, Zone: time.UTC, MinGroup: 5, Now: now, Demo: demo}
}

// newRig shows the story as the demo company; behind it waits an empty company.
func newRig(t testing.TB, change func(*Config)) *rig {
	t.Helper()
	r := emptyRig(t, change)
	r.company.Store(newCompany(tellStory(t), "manufacturer", func() time.Time { return storyNow }))
	return r
}

// emptyRig shows a company that nothing has arrived of yet.
func emptyRig(t testing.TB, change func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t}
	r.now.Store(storyNow.UnixNano())
	empty := clickhousetest.Open(t)
	require.NoError(t, migrations.Up(context.Background(), empty))
	r.real = newCompany(empty, "", func() time.Time { return storyNow })
	r.company.Store(r.real)
	cfg := Config{
		Company: r.company.Load, Accounts: onePassword{}, SessionKey: []byte("0123456789abcdef0123456789abcdef"), Address: "http://127.0.0.1:8080",
		Bearer:    testBearer,
		LeaveDemo: func(context.Context) error { r.company.Store(r.real); return nil },
		Log:       slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Unix(0, r.now.Load()).UTC() },
	}
	if change != nil {
		change(&cfg)
	}
	d, err := New(cfg)
	require.NoError(t, err)
	r.d = d
	r.server = httptest.NewServer(d)
	t.Cleanup(r.server.Close)
	return r
}

// english is who reads English.
func (r *rig) english() *reader { return r.d.speaking(r.d.languages.of(english)) }

// visitor is a browser without a window: it keeps cookies and follows no redirects.
func (r *rig) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	require.NoError(r.t, err)
	return &visitor{r: r, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a visitor with a session.
func (r *rig) signedIn() *visitor {
	c := r.visitor()
	resp, _ := c.post("/sign-in", url.Values{"user": {"admin"}, "password": {testPassword}})
	require.Equal(r.t, http.StatusSeeOther, resp.StatusCode)
	return c
}

type visitor struct {
	r    *rig
	http *http.Client
}

func (c *visitor) do(req *http.Request) (*http.Response, string) {
	c.r.t.Helper()
	resp, err := c.http.Do(req)
	require.NoError(c.r.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(c.r.t, err)
	return resp, string(body)
}

func (c *visitor) request(method, path string, body io.Reader) *http.Request {
	req, err := http.NewRequestWithContext(context.Background(), method, c.r.server.URL+path, body)
	require.NoError(c.r.t, err)
	return req
}

func (c *visitor) get(path string, header ...string) (*http.Response, string) {
	c.r.t.Helper()
	req := c.request(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return c.do(req)
}

func (c *visitor) post(path string, form url.Values) (*http.Response, string) {
	c.r.t.Helper()
	req := c.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

// says asserts that a page or an answer holds a text, entities and no-break spaces aside. A failure does not repeat
// the page.
func says(t testing.TB, body, want string, about ...any) {
	t.Helper()
	if !strings.Contains(readable(body), readable(want)) {
		assert.Fail(t, "not said: "+want, about...)
	}
}

func readable(body string) string { return strings.ReplaceAll(html.UnescapeString(body), nbsp, " ") }
