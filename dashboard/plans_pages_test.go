package dashboard

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"uptake/query"
)

// Targets are set and changed, and roll-outs begun and moved on, with forms; the pages say what the API answers, and a refusal
// writes nothing.
func plansOnPages(t *testing.T, r *rig, v *visitor) {
	strict := func(path string) string {
		t.Helper()
		resp, body := v.get(path)
		require.Equal(t, http.StatusOK, resp.StatusCode, path)
		assertStrict(t, path, resp, body)
		return body
	}
	post := func(path string, form url.Values, want int) string {
		t.Helper()
		resp, body := v.post(path, form)
		require.Equal(t, want, resp.StatusCode, readable(body))
		return body
	}
	says(t, strict("/value"), "Renewals and what can be given back")
	says(t, strict("/value/renewals"), "No licence with a renewal ahead")

	says(t, strict("/targets"), "No target is set yet")
	goal := url.Values{"unit": {"sales"}, "tool": {"chat"}, "measure": {"adoption"}, "goal": {"600"}, "by": {"2027-06-30"}, "reason": {"asked for by the board"}}
	body := post("/targets", goal, http.StatusBadRequest)
	says(t, body, "Nothing was written")
	says(t, body, `value="600"`, "what was typed stands there still")
	goal.Set("goal", "60")
	post("/targets", goal, http.StatusSeeOther)
	post("/targets", goal, http.StatusConflict) // it is there already, and this form did not know of it
	company := r.company.Load()
	found, err := company.Targets(t.Context(), query.TargetsQuestion{Unit: "sales"})
	require.NoError(t, err)
	require.Len(t, found.Targets, 1)
	require.InDelta(t, 0.6, found.Targets[0].Plan.Goal, 1e-12, "sixty percent")
	page := strict("/targets?change=sales-chat-adoption")
	says(t, page, r.english().words.text("targets.state."+string(found.Targets[0].Course.State)))
	says(t, page, "60.0")
	says(t, page, `name="based" value="1"`)
	goal.Set("id", "sales-chat-adoption")
	goal.Set("based", "1")
	goal.Set("goal", "1")
	post("/targets", goal, http.StatusSeeOther)
	page = strict("/targets")
	says(t, page, "1.0")
	require.Contains(t, page, `class="c-plan"`, "the goal is an outline")

	// The year of the unit and tool that it is set for holds it, on the day and in the table; no other does.
	page = strict("/units/sales?tool=chat")
	require.Equal(t, 2, strings.Count(page, `class="c-plan"`), "wide and narrow")
	says(t, page, "Target for 30 Jun 2027")
	says(t, page, "Target: 1.0 % by 30 Jun 2027.")
	forecast := found.Targets[0].Course.Forecast != nil
	require.Equal(t, forecast, strings.Contains(page, `class="c-ahead"`))
	page = strict("/units/sales?tool=chat&to=2026-09-30")
	require.Contains(t, page, `class="c-plan"`)
	require.NotContains(t, page, `class="c-ahead"`, "what is expected was not worked out from these figures")
	for _, other := range []string{"/", "/?tool=chat", "/units/sales", "/units/production?tool=chat", "/units/sales?tool=mail"} {
		require.NotContains(t, strict(other), `class="c-plan"`, other)
	}

	says(t, strict("/stages"), "No roll-out is entered yet")
	begin := url.Values{"unit": {"sales"}, "tool": {"chat"}, "driver": {"business"}, "stage": {"concept"}, "day": {"2026-09-01"}, "owner": {"it"}, "adoption": {"99.5"}, "reason": {"begun"}}
	post("/stages", begin, http.StatusSeeOther)
	page = strict("/stages?move=sales-chat")
	says(t, page, "adoption of 99.5")
	says(t, page, "not open")
	next := url.Values{"id": {"sales-chat"}, "based": {"1"}, "unit": {"sales"}, "tool": {"chat"}, "driver": {"business"}, "stage": {"pilot"}, "day": {"2026-11-01"}, "owner": {"business"}, "habit": {"20"}, "amount": {"1000"}, "currency": {"EUR"}, "reason": {"time"}}
	body = post("/stages", next, http.StatusBadRequest)
	says(t, body, "The gate is not met")
	next.Set("despite", "the contract ends")
	post("/stages", next, http.StatusSeeOther)
	page = strict("/stages")
	says(t, page, "61 days") // from 2026-09-01 to 2026-11-01
	says(t, page, "the contract ends")
	says(t, page, "fewer than three: no mean")
	resp, _ := r.visitor().post("/stages", next)
	require.Contains(t, resp.Header.Get("Location"), "/sign-in")
}
