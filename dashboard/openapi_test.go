package dashboard

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// document is the API's document as the validator understands it.
func document(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(documentYAML)
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()), "the document, and the examples in it")
	return doc
}

// checker holds requests and answers against the document.
type checker struct {
	t      testing.TB
	router routers.Router
}

func newChecker(t testing.TB) *checker {
	router, err := legacy.NewRouter(document(t))
	require.NoError(t, err)
	return &checker{t, router}
}

var checking = &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}

// check tells whether the document allows a request, and whether it allows the answer.
func (c *checker) check(req *http.Request, status int, header http.Header, body []byte) (asked, answered error) {
	c.t.Helper()
	plain := req.Clone(req.Context())
	plain.URL = &url.URL{Path: req.URL.Path, RawQuery: req.URL.RawQuery}
	route, params, err := c.router.FindRoute(plain)
	require.NoError(c.t, err, req.URL)
	in := &openapi3filter.RequestValidationInput{Request: plain, PathParams: params, Route: route, Options: checking}
	asked = openapi3filter.ValidateRequest(plain.Context(), in)
	answered = openapi3filter.ValidateResponse(plain.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Options: checking,
	})
	return asked, answered
}

// get asks the dashboard for a path with a reader's token and demands an answer that the document allows. wellAsked:
// whether it allows the question.
func (c *checker) get(v *visitor, path string) (status int, wellAsked bool, body string) {
	c.t.Helper()
	req := v.request(http.MethodGet, path, nil)
	req.Header.Set("Authorization", "Bearer reader-token")
	resp, body := v.do(req)
	asked, answered := c.check(req, resp.StatusCode, resp.Header, []byte(body))
	require.NoError(c.t, answered, "%s answered %d %.500s", path, resp.StatusCode, body)
	return resp.StatusCode, asked == nil, body
}

func TestTheDocumentNamesEveryRouteAndNoOther(t *testing.T) {
	var described, served []string
	for path, item := range document(t).Paths.Map() {
		for method := range item.Operations() {
			if strings.HasPrefix(path, "/api/") {
				described = append(described, method+" "+path)
			}
		}
	}
	for _, r := range emptyRig(t, nil).d.routes() {
		if strings.HasPrefix(r.path, "/api/") {
			served = append(served, r.method+" "+strings.ReplaceAll(r.path, ":id", "{id}"))
			assert.False(t, r.access.page || r.access == public, r.path)
		}
	}
	assert.ElementsMatch(t, served, described)
	assert.Greater(t, len(served), 8)
}

func TestTheDocumentIsServed(t *testing.T) {
	r := emptyRig(t, nil)
	for _, path := range []string{"/api/v1/openapi.yaml", "/api/v1/openapi.json"} {
		resp, _ := r.visitor().get(path)
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, path)
		resp, body := r.visitor().get(path, "Authorization", "Bearer reader-token")
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		doc, err := openapi3.NewLoader().LoadFromData([]byte(body))
		require.NoError(t, err, path)
		got, err := json.Marshal(doc)
		require.NoError(t, err)
		want, err := json.Marshal(document(t))
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got), path)
	}
	_, text := r.visitor().get("/api/v1/openapi.json", "Authorization", "Bearer reader-token")
	assert.True(t, json.Valid([]byte(text)))
}

// Every object says which fields it has, and that they are all; only what is meant to be open is.
func TestTheDocumentLeavesNothingOpen(t *testing.T) {
	open := []string{"Document", "Event"}
	optional := []string{"shown_in", "field", "source", "moved_most_by", "probability_above_0", "why"}
	entered := []string{"PilotEntry", "PilotOutcomeEntry", "CampaignEntry", "ScenarioEntry", "TargetEntry", "StageEntry", "StageGoal", "AssumptionsEntry", "AssumptionsDocument", "AssumptionsTool", "AssumptionsCost", "AssumptionsBenefit"} // what is sent in may leave out what has a default
	for name, schema := range document(t).Components.Schemas {
		if schema.Value.Type == nil || !schema.Value.Type.Is("object") || slices.Contains(open, name) {
			continue
		}
		allowed := schema.Value.AdditionalProperties.Has
		assert.True(t, allowed != nil && !*allowed, name)
		assert.NotEmpty(t, schema.Value.Properties, name)
		for property := range schema.Value.Properties {
			assert.True(t, slices.Contains(schema.Value.Required, property) || slices.Contains(optional, property) || slices.Contains(entered, name), "%s.%s", name, property)
		}
	}
	var codes []any
	for _, code := range append(adoption.Codes(), "method_not_allowed") {
		codes = append(codes, string(code))
	}
	assert.ElementsMatch(t, codes, document(t).Components.Schemas["Failure"].Value.Properties["code"].Value.Enum)
}

// The check itself: an answer with a field more, one less, or a figure out of its bounds is not let through.
func TestTheDocumentBites(t *testing.T) {
	c := newChecker(t)
	r := newRig(t, nil)
	const path = "/api/v1/pyramid?unit=sales&from=2026-11-15&to=2026-11-15"
	_, _, body := c.get(r.visitor(), path)
	for from, to := range map[string]string{
		`"creators":`: `"authors":1,"creators":`, `"rows":[{`: `"rows":[{"people":["someone"],`, `"window_days":28,`: ``,
		`"tool":"all",`: ``, `"creators_share":0.`: `"creators_share":3.`, `"suppressed":false`: `"suppressed":"no"`,
	} {
		require.Contains(t, body, from)
		bad := strings.Replace(body, from, to, 1)
		_, answered := c.check(r.visitor().request(http.MethodGet, path, nil), http.StatusOK, http.Header{"Content-Type": {"application/json"}}, []byte(bad))
		assert.Error(t, answered, "%s became %s", from, to)
	}
	_, answered := c.check(r.visitor().request(http.MethodGet, path, nil), http.StatusTeapot, http.Header{"Content-Type": {"application/json"}}, []byte(body))
	assert.Error(t, answered, "a status that the document does not name")
}

func TestAnswersAreAsTheDocumentSays(t *testing.T) {
	c := newChecker(t)
	r := newRig(t, nil)
	v := r.visitor()
	answers := 0
	ask := func(path string, status int, wellAsked bool) {
		t.Helper()
		answers++
		got, asked, body := c.get(v, path)
		assert.Equal(t, status, got, "%s answered %.300s", path, body)
		assert.Equal(t, wellAsked, asked, path)
	}
	units := []string{"company", "production", "plant-north", "sales", "legal", "board-office", "company.direct", "unassigned"}
	tools := []string{"all", "chat", "notepad"}
	spans := []string{"", "&from=2026-11-02", "&from=2026-08-05&to=2026-11-18", "&from=2024-02-01&to=2024-02-29", "&from=2025-11-17&to=2025-12-31"}
	grains := []string{"", "&grain=day", "&grain=week", "&grain=month"}
	for i, unit := range units {
		for j, tool := range tools {
			n := i*len(tools) + j
			query := "?unit=" + unit + "&tool=" + tool + spans[n%len(spans)] + []string{"", "&children=0", "&children=1"}[n%3]
			ask("/api/v1/adoption"+query+grains[n%len(grains)], http.StatusOK, true)
			ask("/api/v1/pyramid"+query+grains[(n+1)%len(grains)], http.StatusOK, true)
			for k, path := range []string{"/api/v1/habits", "/api/v1/depth", "/api/v1/concentration"} {
				ask(path+query+grains[(n+k)%len(grains)], http.StatusOK, true)
			}
			ask("/api/v1/lifecycle"+query+[]string{"", "&grain=week"}[n%2], http.StatusOK, true)
			ask("/api/v1/retention"+query+[]string{"", "&grain=week", "&grain=month"}[n%3], http.StatusOK, true)
			ask("/api/v1/first-use"+query+grains[(n+2)%len(grains)], http.StatusOK, true)
			ask("/api/v1/diffusion"+query, http.StatusOK, true)
			ask("/api/v1/collaboration"+query, http.StatusOK, true)
			ask("/api/v1/actions"+query+grains[(n+3)%len(grains)]+[]string{"", "&by=action", "&by=source", "&by=class"}[n%4], http.StatusOK, true)
			ask("/api/v1/attention?unit="+unit+"&tool="+tool+[]string{"", "&to=2026-11-15", "&to=2025-12-31"}[n%3], http.StatusOK, true)
			ask("/api/v1/seats?unit="+unit+"&tool="+tool+[]string{"", "&children=1", "&to=2026-11-15"}[n%3], http.StatusOK, true)
		}
		for _, against := range []string{"company", "previous", "year", "unit:engineering", "unit:legal", "tool:mail", "tool:notepad"} {
			status := http.StatusOK
			if unit == against || "unit:"+unit == against {
				status = http.StatusBadRequest // a side with itself
			}
			ask("/api/v1/compare?unit="+unit+"&tool=chat&to=2026-11-15&against="+url.QueryEscape(against), status, true)
		}
	}
	for i, attribute := range []string{"location", "legacy_entity", "role", "hire_cohort"} {
		ask("/api/v1/by?attribute="+attribute+"&tool="+tools[i%len(tools)]+spans[i]+[]string{"", "&grain=week", "&grain=month"}[i%3], http.StatusOK, true)
	}
	for _, path := range []string{"/api/v1/units", "/api/v1/tools", "/api/v1/trust", "/api/v1/openapi.yaml", "/api/v1/openapi.json"} {
		ask(path, http.StatusOK, true)
	}
	assert.Greater(t, answers, 120)
}

func TestACompanyWithoutAnythingAnswersAsTheDocumentSays(t *testing.T) {
	c := newChecker(t)
	v := emptyRig(t, nil).visitor()
	for path, item := range document(t).Paths.Map() {
		if askable(path, item) {
			status, _, body := c.get(v, path)
			want := http.StatusOK
			if slices.Contains(ofSomething, path) {
				want = http.StatusNotFound
			}
			if path == auditPath {
				want = http.StatusForbidden // a token for reading
			}
			assert.Equal(t, want, status, "%s: %s", path, body)
		}
	}
}

// auditPath is what administrators alone may read.
const auditPath = "/api/v1/audit"

// ofSomething are the answers that say what moves a value: where nothing is there to be valued, they say that.
var ofSomething = []string{"/api/v1/value/tornado", "/api/v1/value/break-even", "/api/v1/value/scenarios", "/api/v1/value/time"}

// askable tells whether a route of the API can be asked without saying anything.
func askable(path string, item *openapi3.PathItem) bool {
	return strings.HasPrefix(path, "/api/") && item.Get != nil && !slices.ContainsFunc(item.Get.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.Required })
}
