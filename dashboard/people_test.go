package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
)

// housed gives a rig accounts and an audit log in its own database.
func housed(t testing.TB, accounts **access.Accounts) func(*Config) {
	return func(c *Config) {
		db := c.Company().DB
		var err error
		*accounts, err = access.OpenAccounts(t.Context(), db, c.Now, "admin")
		require.NoError(t, err)
		c.People, c.Audit = *accounts, access.OpenAudit(db, c.Now, c.Log)
	}
}

var madePassword = regexp.MustCompile(`<pre>([A-Z2-7]{20})</pre>`)

// An administrator adds ada, sees the password once, gives her other rights and shuts her out; all of it, and what was
// refused, stands in the audit log.
func TestPeopleAreAdministeredAndAudited(t *testing.T) {
	var accounts *access.Accounts
	r := emptyRig(t, housed(t, &accounts))
	guesser := r.visitor()
	guesser.post("/sign-in", url.Values{"user": {"somebody@example.org"}, "password": {"guess"}})
	guesser.post("/sign-in", url.Values{"user": {"finance"}, "password": {"guess"}})
	v := r.as("admin")
	change := func(form url.Values) (*http.Response, string) { return v.post("/settings/people", form) }

	resp, body := change(url.Values{"do": {"add"}, "name": {"ada@example.org"}, "role": {"lead", "finance"}, "units": {"sales, legal"}})
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "It is no address")
	for _, kept := range []string{`value="ada@example.org"`, `value="sales, legal"`, `value="lead" checked`, `value="finance" checked`} {
		assert.Contains(t, body, kept)
	}
	assert.NotContains(t, body, `value="viewer" checked`)

	resp, body = change(url.Values{"do": {"add"}, "name": {"ada"}, "role": {"lead"}, "units": {"sales, legal"}})
	assert.Equal(t, http.StatusCreated, resp.StatusCode)
	assert.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"))
	made := madePassword.FindStringSubmatch(body)
	require.Len(t, made, 2)
	person, ok := accounts.SignIn("ada", made[1])
	require.True(t, ok)
	assert.Equal(t, []string{"sales", "legal"}, person.Units)
	_, body = v.get("/settings/people")
	assert.NotContains(t, body, made[1], "shown once")
	says(t, body, "One person signs in")

	resp, body = change(url.Values{"do": {"role"}, "name": {"ada"}, "role": {"lead"}})
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "A lead leads at least one unit")
	says(t, body, "Change ada")
	resp, _ = change(url.Values{"do": {"role"}, "name": {"ada"}, "role": {"it", "finance"}})
	assert.Equal(t, "/settings/people?done=role&name=ada", resp.Header.Get("Location"))
	_, body = v.get("/settings/people?done=role&name=ada")
	says(t, body, "ada has other roles now.")
	says(t, body, "IT, Finance")
	resp, _ = change(url.Values{"do": {"disable"}, "name": {"ada"}})
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
	_, ok = accounts.Person("ada")
	assert.False(t, ok)
	change(url.Values{"do": {"enable"}, "name": {"ada"}})
	_, body = change(url.Values{"do": {"password"}, "name": {"ada"}})
	again := madePassword.FindStringSubmatch(body)
	require.Len(t, again, 2)
	_, ok = accounts.SignIn("ada", again[1])
	assert.True(t, ok)
	for name, status := range map[string]int{"nobody": http.StatusNotFound, "admin": http.StatusConflict} {
		resp, _ = change(url.Values{"do": {"disable"}, "name": {name}})
		assert.Equal(t, status, resp.StatusCode, name)
	}
	resp, _ = change(url.Values{"do": {"destroy"}, "name": {"ada"}})
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)

	viewer := r.as("viewer")
	_, body = viewer.get("/trust")
	assert.NotContains(t, body, "/settings/people", "offered to administrators alone")
	viewer.get("/trust?save=s.csv")
	viewer.get("/trust?save=" + url.QueryEscape("ada@example.org"))
	viewer.post("/sign-out", nil)
	require.Equal(t, []string{
		"viewer sign_out  done",
		"viewer export /trust ? refused",
		"viewer export /trust s.csv refused",
		"viewer sign_in  done",
		"admin rights accounts refused",
		"admin rights accounts refused",
		"admin rights accounts refused",
		"admin rights account/ada password done",
		"admin rights account/ada enable done",
		"admin rights account/ada disable done",
		"admin rights account/ada role it,finance done",
		"admin rights accounts refused",
		"admin rights account/ada add lead of sales,legal done",
		"admin rights accounts refused",
		"admin sign_in  done",
		"finance sign_in_refused  refused",
		" sign_in_refused  refused",
	}, lines(t, r))

	resp, body = v.get("/audit")
	assertStrict(t, "/audit", resp, body)
	says(t, body, "account/ada role it,finance")
	says(t, body, "a name without an active account")
	assert.NotContains(t, body, "@example.org")
	for _, path := range []string{"/settings/people", "/settings/people?name=ada", "/settings/people?lang=de", "/audit?lang=de"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
	}
}

// An administrator reads how Uptake was set and which tokens there are, and no secret; nobody else is offered it.
func TestSettingsAreShownWithoutSecrets(t *testing.T) {
	r := emptyRig(t, func(c *Config) {
		c.Settings = []Setting{
			{Key: "timezone", Variable: "UPTAKE_TIMEZONE", Doc: "reporting time zone", Value: "Europe/Berlin", Place: "uptake.yaml:1"},
			{Key: "fiscal_year", Variable: "UPTAKE_FISCAL_YEAR", Doc: "month", Value: "1"},
			{Key: "min_group", Variable: "UPTAKE_MIN_GROUP", Doc: "smallest group", Value: "5"},
			{Key: "spool_url", Variable: "UPTAKE_SPOOL_URL", Doc: "NATS", Hidden: true, Place: "UPTAKE_SPOOL_URL"},
		}
		c.OIDC = &OIDC{Issuer: "http://127.0.0.1:1", ClientID: "uptake", Groups: must(access.ParseGroups("roles.yaml", []byte(groupsOfTest)))}
		c.Grants = func() []Grant {
			return []Grant{{ID: "0123456789ab", Name: "hr", Kind: "source", Directory: true}, {ID: "ba9876543210", Name: "board", Kind: "reader"}}
		}
	})
	v := r.as("admin")
	for _, path := range []string{"/settings", "/settings?lang=de"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		assertStrict(t, path, resp, body)
	}
	_, body := v.get("/settings?lang=en")
	for _, said := range []string{"2 of 4 settings were set", "First month of the fiscal year", "fiscal_year in uptake.yaml, or UPTAKE_FISCAL_YEAR", ">January<", "oidc_roles names a unit that does not exist: production.", "timezone in uptake.yaml, or UPTAKE_TIMEZONE", "Europe/Berlin", "uptake.yaml:1", "set, not shown", "sends events and the directory", "0123456789ab", "reads figures"} {
		says(t, body, said)
	}
	_, body = r.as("it").get("/trust")
	assert.NotContains(t, body, `href="/settings"`)
}

// lines is the audit log, newest first.
func lines(t *testing.T, r *rig) []string {
	t.Helper()
	list, err := r.d.cfg.Audit.List(t.Context(), 0, 1000)
	require.NoError(t, err)
	var all []string
	for _, e := range list {
		all = append(all, strings.Join([]string{e.Who, e.What, e.About, e.Outcome}, " "))
	}
	return all
}

// 250 lines come in parts of 100, 100 and 50, each as the document has them. What is published is named by its id.
func TestAuditComesInParts(t *testing.T) {
	var accounts *access.Accounts
	r := emptyRig(t, housed(t, &accounts))
	c, v := newChecker(t), r.as("admin") // the first line
	for range 249 {
		r.d.note("ada", access.Exported, "/units ranking.csv", access.Done)
	}
	path, seen := "/api/v1/audit", 0
	for _, want := range []int{100, 100, 50} {
		req := v.request(http.MethodGet, path, nil)
		resp, body := v.do(req)
		asked, answered := c.check(req, resp.StatusCode, resp.Header, []byte(body))
		require.NoError(t, asked)
		require.NoError(t, answered)
		assert.Equal(t, want, strings.Count(body, `"number"`))
		seen += want
		if next := regexp.MustCompile(`"before":(\d+)`).FindStringSubmatch(body); next != nil {
			path = "/api/v1/audit?before=" + next[1]
		} else {
			assert.Equal(t, 250, seen)
		}
	}
	for _, wrong := range []string{"x", "0", "-1", ""} {
		resp, _ := v.get("/api/v1/audit?before=" + wrong)
		assert.Equal(t, http.StatusBadRequest, resp.StatusCode, wrong)
	}
	_, body := v.get("/audit")
	assert.Regexp(t, `href="/audit\?before=\d+"`, body)

	assert.Equal(t, "wiki", auditedID(map[string]any{"plan": map[string]string{"id": "wiki"}, "version": 3}))
	assert.Equal(t, "slow", auditedID(map[string]any{"id": "slow"}))
	assert.Equal(t, "3", auditedID(map[string]any{"version": 3}))
	resp, _ := r.visitor().post("/sign-out", nil)
	assert.Equal(t, http.StatusSeeOther, resp.StatusCode)
	req := r.visitor().request(http.MethodPost, "/api/v1/value/assumptions", strings.NewReader("{}"))
	req.Header.Set("Authorization", "Bearer reader-token")
	r.visitor().do(req)
	assert.Equal(t, "robot assumptions value/assumptions refused", lines(t, r)[0], "and a stranger's sign-out is nobody's")
}
