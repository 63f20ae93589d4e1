package dashboard

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// What goes wrong is described, too. Some of it the document itself calls a mistake, the rest only the figures know.
func TestErrorsAreAsTheDocumentSays(t *testing.T) {
	c := newChecker(t)
	v := newRig(t, nil).visitor()
	for _, route := range []string{"adoption", "lifecycle", "pyramid", "compare", "collaboration", "actions"} {
		for query, want := range map[string]struct {
			status    int
			wellAsked bool
		}{
			"unit=nobody":                   {http.StatusNotFound, true},
			"tool=nothing":                  {http.StatusNotFound, true},
			"unit=production.direct.rest":   {http.StatusNotFound, true},
			"unit=%27%3B+DROP+TABLE+units":  {http.StatusNotFound, true},
			"from=2026-11-02&to=2026-11-01": {http.StatusBadRequest, true},
			"unit=sales&unit=legal":         {http.StatusBadRequest, true},
			"units=sales":                   {http.StatusBadRequest, true},
			"from=tomorrow":                 {http.StatusBadRequest, false},
			"to=2026-02-30":                 {http.StatusBadRequest, true},
			"to=20261101":                   {http.StatusBadRequest, false},
			"tool=":                         {http.StatusBadRequest, false},
			"from=1970-01-01&to=2026-11-01": {http.StatusBadRequest, true}, // too much at once; a comparison would begin before 1970
		} {
			status, asked, body := c.get(v, "/api/v1/"+route+"?"+query)
			assert.Equal(t, want.status, status, "%s?%s: %s", route, query, body)
			assert.Equal(t, want.wellAsked, asked, "%s?%s", route, query)
		}
	}
	for path, wellAsked := range map[string]bool{
		"/api/v1/by?attribute=shoe_size": false, "/api/v1/by?grain=day": false, "/api/v1/by?unit=sales": true, "/api/v1/by?from=2024-01-01&to=2026-01-01": true,
		"/api/v1/adoption?grain=fortnight": false, "/api/v1/lifecycle?grain=day": false, "/api/v1/pyramid?children=yes": false,
		"/api/v1/compare?against=everybody": false, "/api/v1/compare?to=2026-11-22": true, "/api/v1/compare?grain=day": true,
		"/api/v1/actions?by=person": false, "/api/v1/actions?grain=year": false, "/api/v1/collaboration?grain=week": true, "/api/v1/collaboration?children=2": false,
	} {
		status, asked, _ := c.get(v, path)
		assert.Equal(t, http.StatusBadRequest, status, path)
		assert.Equal(t, wellAsked, asked, path)
	}
	slow := newRig(t, func(c *Config) { c.PageTimeout = time.Nanosecond }).visitor()
	for path, item := range document(t).Paths.Map() {
		if !askable(path, item) {
			continue
		}
		req := v.request(http.MethodGet, path, nil)
		resp, body := v.do(req)
		_, answered := c.check(req, resp.StatusCode, resp.Header, []byte(body))
		assert.NoError(t, answered, path)
		assert.Equal(t, http.StatusUnauthorized, resp.StatusCode, path)
		if !strings.Contains(path, "openapi") {
			want := http.StatusServiceUnavailable
			if path == auditPath {
				want = http.StatusForbidden
			}
			status, _, _ := c.get(slow, path)
			assert.Equal(t, want, status, path)
		}
	}
}
