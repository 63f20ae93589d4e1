package dashboard

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
	"uptake/value/worth"
)

// By hand: 275 seats at 5 € a month are 16,500 € a year. From 2026-11-21 it is 40 days to the notice. Who holds a seat without
// using it is not known of the story, nor how many were bought: that is no zero, and there is nothing to give back by it.
func renewalsOverHTTP(t *testing.T, c *checker, v *visitor) {
	read := func(path string, into any) {
		status, asked, body := c.get(v, path)
		require.Equal(t, http.StatusOK, status, body)
		require.True(t, asked, path)
		require.NoError(t, json.Unmarshal([]byte(body), into))
	}
	var a query.RenewalsAnswer
	read("/api/v1/value/renewals", &a)
	require.Len(t, a.Renewals, 1)
	x := a.Renewals[0]
	require.Equal(t, []any{"chat", "Licences", "company", "EUR", "2027-03-31", 40}, []any{x.Tool, x.Line, x.Unit, x.Currency, x.Renewal.String(), x.DaysLeft})
	require.InDelta(t, 16_500, *x.Exposed.P50, 1e-6)
	require.Equal(t, []*uint64{nil, nil, nil}, []*uint64{x.Seats, x.Unused, x.Unassigned})
	for _, f := range []worth.Figure{x.Reassignable, x.Reducible} {
		require.Nil(t, f.P50)
		require.Equal(t, "how many seats are idle is not known", f.Why)
	}

	for _, none := range []string{"?tool=mail", "?unit=sales", "?to=2026-09-30&assumptions=0"} {
		read("/api/v1/value/renewals"+none, &a)
		require.Empty(t, a.Renewals, none)
	}
	for query, want := range map[string]int{"?unit=nowhere": 404, "?tool=fax": 404, "?assumptions=9": 404, "?from=2026-11-01": 400, "?unit=company.rest": 400} {
		status, _, body := c.get(v, "/api/v1/value/renewals"+query)
		require.Equal(t, want, status, body)
	}
}
