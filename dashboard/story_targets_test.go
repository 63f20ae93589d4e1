package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
	"uptake/value/target"
)

const storyTarget = `{"id":"chat-worth","unit":"company","tool":"chat","measure":"net_capacity","goal":14000,"currency":"EUR","by":"2027-06-30","reason":"agreed with the board"}`

// The newest point is that of the 28 days up to Sunday 2026-11-15. They hold 20 workdays, so the chat is worth as much in them as
// in the span of valueOverHTTP, all of it sure: 14,295.34.
func targetsOverHTTP(t *testing.T, c *checker, v *visitor) {
	for token, want := range map[string]int{"reader-token": http.StatusForbidden, "nobody": http.StatusUnauthorized} {
		status, _, _ := c.post(v, "/api/v1/targets", token, storyTarget)
		require.Equal(t, want, status)
	}
	for from, to := range map[string]string{`"net_capacity"`: `"joy"`, `"reason"`: `"why"`, `"2027-06-30"`: `"soon"`, `"EUR"`: `"euro"`} {
		status, asked, body := c.post(v, "/api/v1/targets", "editor-token", strings.Replace(storyTarget, from, to, 1))
		require.Equal(t, http.StatusBadRequest, status, body)
		require.False(t, asked, "the document knows it, too")
	}
	status, asked, body := c.post(v, "/api/v1/targets", "editor-token", storyTarget)
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	var a query.TargetAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &a))
	require.Equal(t, "Ada", a.Author)
	require.Equal(t, uint64(1), *a.Version)
	require.InDelta(t, 14_295.34, *a.Course.Now, 0.011)
	require.Equal(t, "2026-11-15", a.Course.Points[6].Day.String())
	require.NotNil(t, a.Course.Forecast)

	for _, other := range []string{
		strings.NewReplacer("chat-worth", "chat-in-dollars", "EUR", "USD").Replace(storyTarget),
		`{"id":"legal","unit":"legal","tool":"chat","measure":"adoption","goal":0.5,"by":"2027-06-30"}`,
		`{"id":"legal-worth","unit":"legal","tool":"chat","measure":"net_cash","goal":0,"currency":"EUR","by":"2027-06-30"}`,
	} {
		status, asked, body := c.post(v, "/api/v1/targets", "editor-token", other)
		require.Equal(t, http.StatusCreated, status, body)
		require.True(t, asked)
	}
	status, asked, body = c.get(v, "/api/v1/targets?tool=chat")
	require.Equal(t, http.StatusOK, status, body)
	require.True(t, asked)
	var all query.TargetsAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &all))
	states := map[string]target.State{}
	for _, one := range all.Targets {
		states[one.Plan.ID] = one.Course.State
	}
	require.Equal(t, map[string]target.State{"chat-in-dollars": target.Unknown, "chat-worth": a.Course.State, "legal": target.Hidden, "legal-worth": target.Hidden}, states)
	for query, want := range map[string]int{"?unit=nowhere": 404, "?tool=fax": 404, "?colour=red": 400} {
		status, _, _ := c.get(v, "/api/v1/targets"+query)
		require.Equal(t, want, status, query)
	}
}
