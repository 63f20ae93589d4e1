package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"uptake/access"
	"uptake/adoption"
	"uptake/query"
)

type inner struct {
	Day   adoption.Day `json:"day"`
	Share float64      `json:"share"`
}

type note struct {
	Name  string  `json:"name"`
	Parts []inner `json:"parts"`
}

// noteRoute is a route of what is published, as the table of routes makes it, on a dashboard without figures.
func noteRoute(t *testing.T) (*Dashboard, http.Handler) {
	t.Helper()
	d := emptyRig(t, nil).d
	engine := gin.New()
	engine.POST("/api/v1/notes", d.bound, d.sameOrigin, d.guarded(route{access: mayWrite}), written(d, func(_ *query.Company, _ context.Context, author string, n note) (string, error) {
		return author + " wrote " + n.Name, nil
	}))
	return d, engine
}

func TestWhoMayPublish(t *testing.T) {
	d, route := noteRoute(t)
	signIn := httptest.NewRecorder()
	d.sessions.start(signIn, httptest.NewRequest(http.MethodPost, "/", nil), access.Person{Name: "admin"})
	cookie := signIn.Result().Cookies()[0]
	for _, c := range []struct {
		header       string
		signed       bool
		origin       string
		status       int
		code, answer string
	}{
		{"Bearer editor-token", false, "", 201, "", "Ada wrote x"},
		{"", true, "", 201, "", "admin wrote x"},
		{"", true, "same-origin", 201, "", "admin wrote x"},
		{"", true, "cross-site", 403, "forbidden", "another site"},
		{"Bearer editor-token", true, "", 201, "", "Ada wrote x"},
		{"Bearer reader-token", false, "", 403, "forbidden", "You may not publish pilots"},
		{"Bearer reader-token", true, "", 403, "forbidden", "You may not publish pilots"},
		{"Bearer metrics-token", false, "", 403, "forbidden", "You may not publish pilots"},
		{"Bearer nobody", true, "", 401, "unauthorized", "--editor"},
		{"Bearer ", true, "", 401, "unauthorized", "--editor"},
		{"Basic editor-token", false, "", 401, "unauthorized", "--editor"},
		{"", false, "", 401, "unauthorized", "--editor"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/notes", strings.NewReader(`{"name":"x"}`))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		if c.signed {
			r.AddCookie(cookie)
		}
		if c.origin != "" {
			r.Header.Set("Sec-Fetch-Site", c.origin)
		}
		w := httptest.NewRecorder()
		route.ServeHTTP(w, r)
		require.Equal(t, c.status, w.Code, "%+v: %s", c, w.Body)
		require.Contains(t, w.Body.String(), c.answer)
		require.Contains(t, w.Body.String(), c.code)
	}
}

func TestAnEditorsTokenReads(t *testing.T) {
	v := emptyRig(t, nil).visitor()
	for path, status := range map[string]int{"/api/v1/units": 200, "/metrics": 200, "/units": 303} {
		resp, _ := v.get(path, "Authorization", "Bearer editor-token")
		require.Equal(t, status, resp.StatusCode, path)
	}
}

func TestWhatIsPublishedIsReadStrictly(t *testing.T) {
	for body, field := range map[string]string{
		`{"name":"x","parts":[{"day":"2026-11-02","share":0.5}]}`: "",
		`{"name":"x","colour":"red"}`:                             "colour",
		`{"Name":"x"}`:                                            "Name",
		`{"name":"x","parts":[{"share":1},{"shares":1}]}`:         "parts[1].shares",
		`{"name":7}`:                     "name",
		`{"parts":[{"share":"half"}]}`:   "parts[0].share",
		`{"parts":[{"day":"tomorrow"}]}`: "parts[0].day",
		`[]`:                             "body",
		`{"name":"x"} {}`:                "body",
		`{"name":"x"`:                    "body",
		``:                               "body",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		var n note
		err := readJSON(r, &n)
		if field == "" {
			require.NoError(t, err, body)
			continue
		}
		require.Equal(t, adoption.InvalidParameter, adoption.CodeOf(err), body)
		require.Equal(t, field, adoption.Public(err).Field, body)
	}
	_, route := noteRoute(t)
	for media, c := range map[string]struct {
		length, status int
		code           adoption.Code
	}{
		"application/x-www-form-urlencoded": {1, 415, adoption.Unsupported},
		"":                                  {1, 415, adoption.Unsupported},
		"application/json":                  {maxRecord + 1, 413, adoption.TooLarge},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/notes", strings.NewReader(`{"name":"`+strings.Repeat("x", c.length)+`"}`))
		r.Header.Set("Content-Type", media)
		r.Header.Set("Authorization", "Bearer editor-token")
		w := httptest.NewRecorder()
		route.ServeHTTP(w, r)
		require.Equal(t, c.status, w.Code)
		var e errorBody
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &e))
		require.Equal(t, c.code, e.Error.Code)
	}
}
