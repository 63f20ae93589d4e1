package dashboard

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page has every operation of the document once, and an example as the document has it, its keys in their order.
func TestTheAPICanBeBrowsed(t *testing.T) {
	groups, err := apiBook()
	require.NoError(t, err)
	shown := map[string]int{}
	for _, g := range groups {
		for _, r := range g.Routes {
			shown[r.ID]++
			assert.NotEmpty(t, r.Summary, r.ID)
			for _, p := range r.Parameters {
				assert.NotEmpty(t, p.Name, r.ID)
			}
		}
	}
	for line := range strings.Lines(string(documentYAML)) {
		if _, id, is := strings.Cut(strings.TrimSpace(line), "operationId: "); is {
			assert.Equal(t, 1, shown[id], id)
			delete(shown, id)
		}
	}
	assert.Empty(t, shown)

	r := emptyRig(t, nil)
	v := r.as("lead")
	for _, path := range []string{"/account/api", "/account/api?lang=de"} {
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		assert.Empty(t, inlineCode.FindAllString(body, 3))
		assert.Less(t, len(body), 400_000, "under 200 KB packed")
	}
	_, body := v.get("/account/api?lang=en")
	says(t, body, `/api/v1/by?attribute=location&tool=chat&from=2026-11-15&to=2026-11-15`)
	says(t, body, `"id": "notes-logistics",`)
	says(t, body, `First day. Left out, the first of the 28 days that end with to`)
}
