package dashboard

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

const storyStage = `{"id":"chat-company","unit":"company","tool":"chat","driver":"business","stage":"concept","day":"2026-11-01","owner":"it","gate":[{"measure":"npv_p10","goal":%s,"currency":"EUR"},{"measure":"adoption","goal":0.01}],"reason":"an offer came"}`

// All is sure in the assumptions of valueOverHTTP, so the P10 of the chat's present value is the value itself: a goal of a euro
// less is met, and one of a euro more is not.
func stagesOverHTTP(t *testing.T, c *checker, v *visitor) {
	status, _, body := c.get(v, "/api/v1/value?tool=chat")
	require.Equal(t, http.StatusOK, status, body)
	var value query.ValueAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &value))
	npv := *value.Rows[0].NPV.P10
	entry := fmt.Sprintf(storyStage, fmt.Sprintf("%.2f", npv-1))
	for token, want := range map[string]int{"reader-token": http.StatusForbidden, "nobody": http.StatusUnauthorized} {
		status, _, _ := c.post(v, "/api/v1/stages", token, entry)
		require.Equal(t, want, status)
	}
	for from, to := range map[string]string{`"concept"`: `"joy"`, `"reason"`: `"why"`, `"2026-11-01"`: `"soon"`, `"EUR"`: `"euro"`, `"business"`: `"me"`} {
		status, asked, body := c.post(v, "/api/v1/stages", "editor-token", strings.Replace(entry, from, to, 1))
		require.Equal(t, http.StatusBadRequest, status, body)
		require.False(t, asked, "the document knows it, too")
	}
	states := func(entry string) (all []string, open bool) {
		status, asked, body := c.post(v, "/api/v1/stages", "editor-token", entry)
		require.Equal(t, http.StatusCreated, status, body)
		require.True(t, asked)
		var a query.StageAnswer
		require.NoError(t, json.Unmarshal([]byte(body), &a))
		require.Equal(t, uint64(1), *a.Version)
		for _, one := range a.Gate {
			all = append(all, string(one.State))
		}
		return all, a.Open
	}
	met, open := states(entry)
	require.Equal(t, []string{"met", "met"}, met)
	require.True(t, open)
	missed, open := states(strings.Replace(fmt.Sprintf(storyStage, fmt.Sprintf("%.2f", npv+1)), "chat-company", "chat-dear", 1))
	require.Equal(t, []string{"missed", "met"}, missed)
	require.False(t, open)
	hidden, _ := states(strings.NewReplacer("chat-company", "chat-legal", `"company"`, `"legal"`).Replace(entry))
	require.Equal(t, []string{"hidden", "hidden"}, hidden)

	status, asked, body := c.get(v, "/api/v1/stages?tool=chat")
	require.Equal(t, http.StatusOK, status, body)
	require.True(t, asked)
	var all query.StagesAnswer
	require.NoError(t, json.Unmarshal([]byte(body), &all))
	require.Len(t, all.Rollouts, 3)
	require.Equal(t, 2, all.Drivers[0].Shown)
	for query, want := range map[string]int{"?unit=nowhere": 404, "?tool=fax": 404, "?colour=red": 400} {
		status, _, _ := c.get(v, "/api/v1/stages"+query)
		require.Equal(t, want, status, query)
	}
}
