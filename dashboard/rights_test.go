package dashboard

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/access"
)

// Who may use what, written down by hand: the letters of those who may. v viewer, l lead, m marketing, i IT, f finance,
// a admin, with a session; R reader, E editor, M metrics, with a token. Whoever else is known gets 403, except that pages
// take no tokens (303, to the sign-in); strangers get 303 from pages and 401 from the rest. Open is to everybody.
const matrix = `
page GET  /                             v mifa
page GET  /units                        v mifa
page GET  /units/:unit                  v mifa
page GET  /tools                        v mifa
page GET  /tools/:tool                  v mifa
page GET  /collaboration                v mifa
page GET  /figures/:figure              vlmifa
page GET  /trust                        vlmifa
page GET  /value                        v mifa
page GET  /value/figures/:figure        v mifa
page GET  /value/renewals               v mifa
page GET  /value/actions                v mifa
page POST /value/scenarios                  fa
page GET  /value/assumptions            v mifa
page GET  /value/assumptions/edit           fa
page POST /value/assumptions/edit           fa
page POST /value/assumptions/effect         fa
page POST /value/assumptions/costs          fa
page POST /value/assumptions/rebase         fa
page POST /value/assumptions/discard        fa
page POST /value/assumptions/publish        fa
page GET  /pilots                       v mifa
page POST /pilots                         m  a
page GET  /pilots/:id                   v mifa
page POST /pilots/:id/withdraw            m  a
page GET  /targets                      v mifa
page POST /targets                        m  a
page GET  /stages                       v mifa
page POST /stages                         m  a
page GET  /campaigns                    v mifa
page POST /campaigns                      m  a
page GET  /campaigns/:id                v mifa
api  GET  /reports/:report              v mifaRE
page GET  /dead-letters                    i a
page GET  /dead-letters/:number            i a
page POST /dead-letters/replay             i a
page POST /dead-letters/drop               i a
page POST /demo/leave                        a
page GET  /settings                          a
page GET  /settings/people                   a
page POST /settings/people                   a
page GET  /account/api                  vlmifa
page GET  /account                      vlmifa
page POST /account                      vlmifa
page GET  /audit                             a
open GET  /sign-in
open POST /sign-in
open GET  /sign-in/oidc
open GET  /sign-in/oidc/callback
open POST /sign-out
open GET  /healthz
open GET  /readyz
open GET  /assets/:name
api  GET  /api/v1/adoption              vlmifaRE
api  GET  /api/v1/lifecycle             vlmifaRE
api  GET  /api/v1/retention             vlmifaRE
api  GET  /api/v1/pyramid               vlmifaRE
api  GET  /api/v1/by                    v mifaRE
api  GET  /api/v1/habits                vlmifaRE
api  GET  /api/v1/depth                 vlmifaRE
api  GET  /api/v1/concentration         vlmifaRE
api  GET  /api/v1/collaboration         v mifaRE
api  GET  /api/v1/actions               v mifaRE
api  GET  /api/v1/compare               v mifaRE
api  GET  /api/v1/attention             v mifaRE
api  GET  /api/v1/seats                 vlmifaRE
api  GET  /api/v1/first-use             vlmifaRE
api  GET  /api/v1/diffusion             vlmifaRE
api  GET  /api/v1/pilots                v mifaRE
api  POST /api/v1/pilots                  m  a E
api  POST /api/v1/pilots/withdrawals       m  a E
api  GET  /api/v1/targets               v mifaRE
api  POST /api/v1/targets                  m  a E
api  GET  /api/v1/stages                v mifaRE
api  POST /api/v1/stages                  m  a E
api  GET  /api/v1/value/renewals        v mifaRE
api  GET  /api/v1/pilots/match          v mifaRE
api  GET  /api/v1/pilots/:id            v mifaRE
api  GET  /api/v1/campaigns             v mifaRE
api  POST /api/v1/campaigns               m  a E
api  GET  /api/v1/campaigns/:id         v mifaRE
api  GET  /api/v1/units                 v mifaRE
api  GET  /api/v1/tools                 vlmifaRE
api  GET  /api/v1/trust                 vlmifaRE
api  GET  /api/v1/value                 vlmifaRE
api  GET  /api/v1/value/tornado         v mifaRE
api  GET  /api/v1/value/break-even      v mifaRE
api  GET  /api/v1/value/scenarios       v mifaRE
api  POST /api/v1/value/scenarios           fa E
api  GET  /api/v1/value/time            v mifaRE
api  GET  /api/v1/value/assumptions     v mifaRE
api  POST /api/v1/value/assumptions         fa E
api  GET  /api/v1/audit                      a
api  GET  /api/v1/openapi.yaml          vlmifaRE
api  GET  /api/v1/openapi.json          vlmifaRE
api  GET  /metrics                         i aREM`

// asker is one who asks: a letter of the matrix, and a way to be known.
type asker struct {
	letter, token string
	cookies       []*http.Cookie
}

func askers(r *rig) []asker {
	all := []asker{{}, {letter: "R", token: "reader-token"}, {letter: "E", token: "editor-token"}, {letter: "M", token: "metrics-token"}}
	for _, role := range access.Roles() {
		all = append(all, asker{letter: string(role[0]), cookies: r.as(string(role)).http.Jar.Cookies(must(url.Parse(r.server.URL)))})
	}
	return all
}

// as is a visitor signed in as somebody.
func (r *rig) as(name string) *visitor {
	r.now.Add(int64(time.Minute)) // the limit of one address has its tries back
	v := r.visitor()
	resp, _ := v.post("/sign-in", url.Values{"user": {name}, "password": {testPassword}})
	require.Equal(r.t, http.StatusSeeOther, resp.StatusCode, name)
	return v
}

// The table of routes with its guards, and behind each guard nothing but the answer 204: let in.
func TestEveryRouteForEveryRole(t *testing.T) {
	r := emptyRig(t, nil)
	table, left := r.d.routes(), map[string]bool{}
	for i := range table {
		table[i].handle = func(c *gin.Context) { c.AbortWithStatus(http.StatusNoContent) }
		left[table[i].method+" "+table[i].path] = true
	}
	engine, who := r.d.engine(table), askers(r)
	for _, line := range strings.Split(strings.TrimSpace(matrix), "\n") {
		word := strings.Fields(line)
		kind, method, path, may := word[0], word[1], word[2], strings.Join(word[3:], "")
		require.True(t, left[method+" "+path], "%s %s is in the matrix and not served", method, path)
		delete(left, method+" "+path)
		for _, one := range who {
			req := httptest.NewRequest(method, path, nil)
			if one.token != "" {
				req.Header.Set("Authorization", "Bearer "+one.token)
			}
			for _, cookie := range one.cookies {
				req.AddCookie(cookie)
			}
			w := httptest.NewRecorder()
			engine.ServeHTTP(w, req)
			assert.Equal(t, due(kind, path, may, one), w.Code, "%s %s for %q", method, path, one.letter)
		}
	}
	assert.Empty(t, left, "served, and not in the matrix: decide who may, and write it down")
}

// due is the status that the matrix demands.
func due(kind, path, may string, one asker) int {
	known := one.letter != "" && (kind == "api" || one.token == "")
	switch {
	case kind == "open":
		return http.StatusNoContent
	case !known && kind == "page", path == "/" && one.letter == "l": // a lead is sent to the page of the own unit
		return http.StatusSeeOther
	case !known:
		return http.StatusUnauthorized
	case !strings.Contains(may, one.letter):
		return http.StatusForbidden
	default:
		return http.StatusNoContent
	}
}

// The lead of Production, which has the plants below it: the own units are answered like anybody else's question, of
// the company its own row, and nothing of Sales.
func TestALeadReadsTheOwnUnits(t *testing.T) {
	var accounts *access.Accounts
	r := newRig(t, housed(t, &accounts))
	lead, viewer := r.as("lead"), r.as("viewer")
	add := func(units string) (*http.Response, string) {
		return r.as("admin").post("/settings/people", url.Values{"do": {"add"}, "name": {"ada"}, "role": {"lead"}, "units": {units}})
	}
	resp, body := add("sales, marsh")
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "marsh")
	assert.Empty(t, accounts.List(), "nobody leads a unit that is none")
	resp, _ = add("sales, legal")
	require.Equal(t, http.StatusCreated, resp.StatusCode)

	resp, _ = lead.get("/?tool=chat")
	assert.Equal(t, "/units/production?tool=chat", resp.Header.Get("Location"))
	for path, open := range map[string]bool{
		"/units/production": true, "/units/plant-south": true, "/units/production.direct": true, "/units/sales": false, "/units/company.direct": false, "/units/unassigned": false, "/units/nobody": false,
		"/figures/adoption_rate": true, "/figures/adoption_rate?unit=plant-south": true, "/figures/adoption_rate?unit=sales": false, "/figures/adoption_rate?unit=production&unit=sales": false,
		"/api/v1/adoption": true, "/api/v1/adoption?unit=company&children=0": true, "/api/v1/adoption?children=1": false,
		"/api/v1/adoption?unit=production&children=1": true, "/api/v1/adoption?unit=sales": false, "/api/v1/adoption?unit=production&unit=sales": false,
		"/api/v1/adoption?unit=company.rest": false, "/api/v1/attention?unit=production": true, "/api/v1/attention": false, "/api/v1/units": false,
		"/api/v1/collaboration?unit=production": false,
	} {
		resp, body := lead.get(path)
		if !open {
			assert.Equal(t, http.StatusForbidden, resp.StatusCode, path)
			says(t, body, "not yours", path)
			assert.NotContains(t, body, "Sales", path)
			continue
		}
		_, same := viewer.get(path)
		assert.Equal(t, http.StatusOK, resp.StatusCode, path)
		if strings.HasPrefix(path, "/api/") {
			assert.JSONEq(t, same, body, "%s: the gate judges for everybody alike", path)
		}
		assert.NotContains(t, body, "Sales", path)
	}
}

// A page offers nothing that would be refused.
func TestPagesOfferWhatMayBeDone(t *testing.T) {
	r := newRig(t, func(c *Config) { c.DeadLetters = &letterBox{} })
	for name, offers := range map[string]struct{ leave, letters, units bool }{
		"viewer": {units: true}, "lead": {}, "it": {letters: true, units: true}, "admin": {true, true, true},
	} {
		resp, body := r.as(name).get("/trust")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Equal(t, offers.leave, strings.Contains(body, `action="/demo/leave"`), name)
		assert.Equal(t, offers.letters, strings.Contains(body, `href="/dead-letters"`), name)
		assert.Equal(t, offers.units, strings.Contains(body, `class="item" href="/units`), name)
	}
}
