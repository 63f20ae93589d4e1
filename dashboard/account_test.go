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

var madeToken = regexp.MustCompile(`<pre class="secret">(up_p_[A-Za-z0-9_-]{43})</pre>`)

// A lead makes a token, sees it once, and asks the API with it: it reads what the lead reads, and no page. Nobody else can
// revoke it. All of that stands in the audit log, without the secret.
func TestATokenOfOnesOwnReadsWhatItsOwnerReads(t *testing.T) {
	var accounts *access.Accounts
	r := emptyRig(t, func(c *Config) {
		housed(t, &accounts)(c)
		c.Tokens = must(access.OpenTokens(t.Context(), c.Company().DB, c.Accounts.Person, c.Now, c.Log))
		c.Bearer = c.Tokens.(*access.Tokens).Check
	})
	lead := r.as("lead")
	resp, body := lead.get("/account")
	assertStrict(t, "/account", resp, body)
	says(t, body, "You are lead: Unit lead.")
	says(t, body, "You have no token.")
	resp, body = lead.post("/account", url.Values{"do": {"make"}, "name": {strings.Repeat("x", 65)}})
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "1 to 64 bytes")
	resp, body = lead.post("/account", url.Values{"do": {"make"}, "name": {"notebook"}})
	require.Equal(t, http.StatusCreated, resp.StatusCode)
	assert.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"))
	made := madeToken.FindStringSubmatch(body)
	require.Len(t, made, 2)
	_, body = lead.get("/account")
	assert.NotContains(t, body, made[1], "shown once")
	id := regexp.MustCompile(`name="id" value="([0-9a-f]{12})"`).FindStringSubmatch(body)
	require.Len(t, id, 2)
	assert.Contains(t, body, ">never<")

	ask := func(path string) int {
		req := r.visitor().request(http.MethodGet, path, nil)
		req.Header.Set("Authorization", "Bearer "+made[1])
		resp, _ := r.visitor().do(req)
		return resp.StatusCode
	}
	for path, want := range map[string]int{
		"/api/v1/tools": http.StatusOK, "/api/v1/adoption?unit=sales": http.StatusForbidden, "/api/v1/units": http.StatusForbidden,
		"/api/v1/audit": http.StatusForbidden, "/units/production": http.StatusSeeOther, "/account": http.StatusSeeOther,
	} {
		assert.Equal(t, want, ask(path), path)
	}
	_, body = lead.get("/account")
	assert.NotContains(t, body, ">never<")
	resp, _ = r.as("viewer").post("/account", url.Values{"do": {"revoke"}, "id": {id[1]}})
	assert.Equal(t, http.StatusNotFound, resp.StatusCode, "somebody else's")
	assert.Equal(t, http.StatusOK, ask("/api/v1/tools"))
	resp, _ = lead.post("/account", url.Values{"do": {"revoke"}, "id": {id[1]}})
	assert.Equal(t, "/account?done=revoke", resp.Header.Get("Location"))
	assert.Equal(t, http.StatusUnauthorized, ask("/api/v1/tools"))
	resp, _ = lead.post("/account", url.Values{"do": {"lend"}})
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	resp, body = lead.get("/account?done=revoke&lang=de")
	assertStrict(t, "/account, in German", resp, body)

	log := lines(t, r)
	assert.Contains(t, log, "lead rights token/lead/notebook make done")
	assert.Contains(t, log, "lead rights token/lead/"+id[1]+" revoke done")
	assert.Contains(t, log, "viewer rights tokens refused")
	for _, line := range log {
		assert.NotContains(t, line, made[1][5:])
	}
}
