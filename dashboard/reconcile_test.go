package dashboard

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query/querytest"
)

// Whoever reads the API over HTTP finds every total to be the sum of its parts, in every row of every answer.
func TestTotalsReconcileOverHTTP(t *testing.T) {
	r := newRig(t, nil)
	v := r.visitor()
	held := querytest.Reconcile(t, func(what string, params url.Values) []byte {
		resp, body := v.get("/api/v1/"+what+"?"+params.Encode(), "Authorization", "Bearer reader-token")
		require.Equal(t, http.StatusOK, resp.StatusCode, body)
		return []byte(body)
	}, "2026-11-02", "2026-11-21")
	assert.Greater(t, held, 10_000)
	t.Run("retention", func(t *testing.T) { cohortsOfTheStory(t, v) })
}
