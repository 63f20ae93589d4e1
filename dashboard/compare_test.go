package dashboard

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/query"
)

// knownLonger lets the feed of chat begin before the year that the story tells, so that its first days can be compared with.
func knownLonger(t *testing.T, company *query.Company) {
	t.Helper()
	for _, statement := range []string{
		"INSERT INTO source_day (day, run, source, tool, events, last_time, last_received) VALUES ('2025-09-01', 1, 'chat-feed', 'chat', 400, '2025-09-01', '2025-09-01')",
		"INSERT INTO refreshed (about, day, run) VALUES ('source_day', '2025-09-01', 1)",
	} {
		require.NoError(t, company.DB.Exec(context.Background(), statement))
	}
}

// chatShare is the company's adoption of chat some days before the end of the story, by its own formula.
func chatShare(ago float64) float64 {
	active, enabled := 0., 0.
	for _, u := range storyUnits {
		with := math.Round(u.people * hasAccess(u, storyTools[0]))
		enabled += with
		active += math.Round(with * u.rate(ago) * storyTools[0].share)
	}
	return active / enabled
}

func TestTheReaderChoosesWhatIsComparedWith(t *testing.T) {
	r := newRig(t, nil)
	knownLonger(t, r.company.Load())
	v := r.signedIn()

	// Yesterday is 21 November 2026, 52 weeks before it 22 November 2025: 1 and 365 days before the story's end.
	now, then := chatShare(1), chatShare(365)
	_, body := v.get("/?tool=chat&compare=year")
	says(t, body, fmt.Sprintf("%.0f %% (+%.0f points against the same four weeks a year before)", now*100, (now-then)*100))
	says(t, body, "25 Oct 2026 to 21 Nov 2026, beside the same four weeks a year before (26 Oct 2025 to 22 Nov 2025).")
	says(t, body, fmt.Sprintf("+%.1f points · better", (now-then)*100))
	says(t, body, `<span class="basis">against the same four weeks a year before</span>`)
	says(t, body, "Light grey: the same four weeks a year before.")
	says(t, body, `<option value="year" selected>the same four weeks a year before</option>`)
	assert.NotContains(t, body, "28 days before</span>")

	// Of the four tools with a feed from the story's first day on, chat alone is known for the whole of those four weeks.
	_, body = v.get("/units/production?compare=year")
	says(t, body, "The two periods were not fed by the same data.")
	says(t, body, "and 1 more is not there for all of the four weeks a year before, so a part of the change is new data.")
	_, body = v.get("/units/production?tool=mail&compare=year")
	says(t, body, "There are no figures of a year ago to compare with.")
	says(t, body, `<span class="basis">no figures of a year ago</span>`)
	says(t, body, "No figures of a year ago to show.")

	_, body = v.get("/?tool=chat")
	says(t, body, "on the 28 days before")
	says(t, body, `<option value="before" selected>the 28 days before</option>`)
	_, german := v.get("/?tool=chat&compare=year&lang=de")
	says(t, german, "gegenüber denselben vier Wochen ein Jahr zuvor")

	resp, body := v.get("/?compare=decade")
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	says(t, body, "Write before or year.")
}
