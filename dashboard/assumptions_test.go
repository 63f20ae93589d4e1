package dashboard

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// The made-up company takes its start values, makes one change, saves it as a draft, publishes it, and compares.
func TestAssumptionsOverHTTP(t *testing.T) {
	const path = "/api/v1/value/assumptions"
	c, v := newChecker(t), newRig(t, nil).visitor()
	read := func(query string) (a query.AssumptionsAnswer) {
		status, asked, body := c.get(v, path+query)
		require.Equal(t, http.StatusOK, status, body)
		require.True(t, asked)
		require.NoError(t, json.Unmarshal([]byte(body), &a))
		return a
	}
	start := read("")
	require.Equal(t, []string{"chat", "documents", "mail", "meetings", "notepad"}, start.NewTools)
	start.Document.Horizon = 24
	document, err := json.Marshal(start.Document)
	require.NoError(t, err)
	entry := `{"version":0,"reason":"the board plans two years","document":` + string(document) + `}`
	for token, want := range map[string]int{"reader-token": http.StatusForbidden, "nobody": http.StatusUnauthorized} {
		status, _, _ := c.post(v, path, token, entry)
		require.Equal(t, want, status)
	}
	for from, to := range map[string]string{`"horizon_months":24`: `"horizon_months":240`, `"unit":"weeks"`: `"unit":"days"`, `"reason"`: `"why"`, `"currency":"EUR"`: `"currency":"EUR","colour":"red"`} {
		require.Contains(t, entry, from)
		status, asked, body := c.post(v, path, "editor-token", strings.Replace(entry, from, to, 1))
		require.Equal(t, http.StatusBadRequest, status, body)
		require.False(t, asked, "the document knows it, too")
	}
	status, asked, body := c.post(v, path, "editor-token", strings.Replace(entry, `{"version"`, `{"draft":true,"version"`, 1))
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	require.Equal(t, 24, read("?draft=Ada").Document.Horizon)
	require.Equal(t, 36, read("").Document.Horizon)

	status, asked, body = c.post(v, path, "editor-token", entry)
	require.Equal(t, http.StatusCreated, status, body)
	require.True(t, asked)
	published := read("?against=0")
	require.Equal(t, uint64(1), published.Version)
	require.Equal(t, "Ada", published.Published.Author)
	require.Equal(t, "the board plans two years", published.Versions[0].Reason)
	require.Len(t, published.Changes, 1)
	require.Equal(t, "horizon_months was 36 and is now 24", published.Changes[0].Words)
	status, _, body = c.post(v, path, "editor-token", entry)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, "Ada published version 1")
	for query, wellAsked := range map[string]bool{"?version=9": true, "?against=9": true, "?draft=Bob": true} {
		status, asked, _ := c.get(v, path+query)
		require.Equal(t, http.StatusNotFound, status, query)
		require.Equal(t, wellAsked, asked, query)
	}
	for query, wellAsked := range map[string]bool{"?version=first": false, "?draft=Ada&version=1": true, "?draft=": false} {
		status, asked, _ := c.get(v, path+query)
		require.Equal(t, http.StatusBadRequest, status, query)
		require.Equal(t, wellAsked, asked, query)
	}
}
