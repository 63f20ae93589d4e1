package ingest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
)

// sizes are the headcounts that readers see on a day: "unit n".
func (r *directoryRig) sizes(day string) []string {
	return r.dump(fmt.Sprintf(`unit, ' ', toString(people)]), '') FROM kpi_size WHERE tool = '' AND day = '%[1]s' AND people > 0
		AND run = (SELECT max(run) FROM refreshed WHERE about = 'kpi_size' AND day = '%[1]s') ORDER BY unit`, day))
}

// TestTheDirectoryReachesTheFigures runs imports, at once and with corrections, against the real refresher.
func TestTheDirectoryReachesTheFigures(t *testing.T) {
	r := newDirectoryRig(t)
	refresher := refresh.New(refresh.Config{DB: r.db, Zone: time.UTC, Now: r.now})
	r.toucher = refresher
	event := adoption.Event{Source: "s", Tool: "chat", Action: "post", Class: adoption.Contribute, Quantity: 1, Received: 1,
		Actor: r.pseudonyms.Address("ada@x.de"), Time: time.Date(2026, 6, 2, 9, 0, 0, 0, time.UTC)}
	require.NoError(t, InsertEvents(t.Context(), r.db, []adoption.Event{event}, "one"))
	require.NoError(t, refresher.Touch(t.Context(), factDays([]adoption.Event{event}, time.UTC)...))
	require.NoError(t, refresher.Refresh(t.Context())) // Ada is unknown and gets a number from the refresher
	number := r.who("ada@x.de")
	require.NotZero(t, number)

	text := "email,unit,effective_from\nada@x.de,sales,2026-06-01\nben@x.de,sales,2026-06-05\n"
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			_, err := r.Import(t.Context(), "people", strings.NewReader(text), true)
			assert.NoError(t, err)
		})
	}
	group.Wait()
	settled, err := refresher.Settled(t.Context())
	require.NoError(t, err)
	assert.False(t, settled, "what is acknowledged is not in the figures yet")
	require.NoError(t, refresher.Refresh(t.Context()))
	assert.Equal(t, number, r.who("ada@x.de"), "history follows the person without being computed again")
	assert.Equal(t, []string{"sales 1"}, r.sizes("2026-06-04"))
	assert.Equal(t, []string{"sales 2"}, r.sizes("2026-06-15"))

	r.load("people", "email,unit,effective_from", "ada@x.de,it,2026-06-10")
	require.NoError(t, refresher.Refresh(t.Context()))
	assert.Equal(t, []string{"sales 2"}, r.sizes("2026-06-09"))
	assert.Equal(t, []string{"it 1", "sales 1"}, r.sizes("2026-06-10"))

	r.load("people", "email,unit,effective_from", "ada@x.de,it,2026-06-10") // nothing new
	settled, err = refresher.Settled(t.Context())
	require.NoError(t, err)
	assert.True(t, settled)
}
