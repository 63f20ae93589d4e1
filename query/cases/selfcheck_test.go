package cases_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/ingest/refresh"
	"uptake/query"
)

// checked is a company with all that the self-check looks at: two levels of units, people who move, leave and have no
// membership, a tool that needs a licence and one that does not, two months.
func checked(t *testing.T) *company {
	c := open(t, "Europe/Berlin", "2025-04-16")
	// By the engine's clock this company is long past, and what is touched now would be forgotten at once.
	require.NoError(t, c.db.Exec(t.Context(), "SYSTEM STOP TTL MERGES touched"))
	c.units("sales,,Sales", "north,sales,North", "south,sales,South", "legal,,Legal")
	c.people("ada@x.de,north,2025-01-01", "ben@x.de,south,2025-01-01", "ben@x.de,legal,2025-03-20", "cara@x.de,legal,2025-01-01,,2025-03-31", "dora@x.de,sales,2025-02-01")
	c.licences("ada@x.de,chat,2025-03-01", "ben@x.de,chat,2025-03-01,2025-04-05", "dora@x.de,chat,2025-04-01")
	c.did("2025-03-03T09:00:00Z ada@x.de wiki post", "2025-03-12T09:00:00Z ada@x.de chat send 7", "2025-04-02T09:00:00Z ada@x.de chat reply", "2025-04-10T09:00:00Z ada@x.de wiki view",
		"2025-03-14T22:30:00Z ben@x.de wiki view", "2025-04-01T09:00:00Z ben@x.de chat send 3", "2025-04-08T09:00:00Z ben@x.de chat view",
		"2025-03-25T09:00:00Z cara@x.de wiki share", "2025-04-03T09:00:00Z cara@x.de wiki view", "2025-04-11T09:00:00Z dora@x.de chat join",
		"2025-04-09T09:00:00Z stranger@x.de wiki view 2", "2025-04-15T09:00:00Z dora@x.de wiki login")
	c.settle()
	return c
}

func (c *company) selfCheck() query.SelfCheck {
	c.t.Helper()
	found, err := c.query.SelfCheck(c.t.Context())
	require.NoError(c.t, err)
	require.Equal(c.t, found, c.query.LastSelfCheck())
	return found
}

// recompute has the figures of some days computed again.
func (c *company) recompute(from, to string) {
	c.t.Helper()
	span := refresh.Span{Kind: refresh.KPI}
	for day, text := range map[*adoption.Day]string{&span.From: from, &span.To: to} {
		require.NoError(c.t, day.UnmarshalText([]byte(text)))
	}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), span))
	c.settle()
}

// What the refresh has written passes; nothing is left to check in a company without figures.
func TestTheSelfCheckPasses(t *testing.T) {
	t.Parallel()
	empty := open(t, "UTC", "2025-04-16")
	require.Equal(t, query.SelfCheckNever, empty.query.LastSelfCheck().State)
	require.Equal(t, query.SelfCheckPassed, empty.selfCheck().State)
	require.Zero(t, empty.selfCheck().Checks)

	c := checked(t)
	found := c.selfCheck()
	assert.Equal(t, query.SelfCheckPassed, found.State)
	assert.Empty(t, found.Failures)
	assert.Equal(t, found.Ended, found.LastSuccess)
	assert.Len(t, found.Days, 5)
	assert.Greater(t, found.Checks, uint64(1000))
}

// Each way in which a figure can be wrong is told by its unit, tool, day and figure. The store is altered as no part of
// the program would; a refresh of the days puts it right.
func TestTheSelfCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := checked(t)
	wrong := []struct{ sql, check, unit, tool, date, figure string }{
		// 15 April is the last day that is over: counted anew.
		{"ALTER TABLE kpi_use UPDATE actions = actions + 1 WHERE day = '2025-04-15' AND unit = 'north' AND tool = 'chat'", "facts", "north", "chat", "2025-04-15", "actions"},
		{"ALTER TABLE kpi_use UPDATE score = score / 2 WHERE day = '2025-04-15' AND unit = 'north' AND tool = 'all'", "facts", "north", "all", "2025-04-15", "engagement_score"},
		{"ALTER TABLE kpi_size UPDATE people = people + 1 WHERE day = '2025-04-15' AND unit = 'legal' AND tool = ''", "facts", "legal", "all", "2025-04-15", "headcount"},
		{"ALTER TABLE kpi_size DELETE WHERE day = '2025-04-15' AND unit = 'sales' AND tool = 'chat'", "facts", "sales", "chat", "2025-04-15", "enabled"},
		// The total of all people: who is unassigned stands in no unit.
		{"ALTER TABLE kpi_use DELETE WHERE day = '2025-04-15' AND unit = 'unassigned' AND tool = 'wiki'", "total", "company", "wiki", "2025-04-15", "active_not_enabled"},
		// Any day: a row that contradicts itself, sizes that contradict each other, a row that is there twice.
		{"ALTER TABLE kpi_use UPDATE creators = creators + 1 WHERE day = '2025-03-13' AND unit = 'north' AND tool = 'all'", "within", "north", "all", "2025-03-13", "creators"},
		{"ALTER TABLE kpi_size UPDATE people = 9 WHERE day = '2025-03-13' AND unit = 'north' AND tool = 'chat'", "within", "north", "all", "2025-03-13", "enabled"},
		{"INSERT INTO kpi_use SELECT * FROM kpi_use WHERE day = '2025-03-13' AND unit = 'north' AND tool = 'wiki'", "within", "north", "wiki", "2025-03-13", "rows"},
		// A Sunday: the week of 10 March has Ada and Ben in the wiki and the chat.
		{"ALTER TABLE kpi_week UPDATE new = new + 1 WHERE day = '2025-03-10' AND unit = 'north' AND tool = 'chat'", "week", "north", "chat", "2025-03-16", "active"},
		// The last Sunday's week is counted anew.
		{"ALTER TABLE kpi_week UPDATE dormant = dormant + 1 WHERE day = '2025-04-07' AND unit = 'north' AND tool = 'wiki'", "facts", "north", "wiki", "2025-04-13", "dormant"},
	}
	for _, w := range wrong {
		require.NoError(t, c.db.Exec(t.Context(), w.sql+map[bool]string{true: " SETTINGS mutations_sync = 2"}[strings.HasPrefix(w.sql, "ALTER")]), w.sql)
	}
	found := c.selfCheck()
	require.Equal(t, query.SelfCheckFailed, found.State)
	require.Nil(t, found.LastSuccess)
	require.EqualValues(t, len(found.Failures), found.FailuresTotal)
	for _, w := range wrong {
		told := slices.ContainsFunc(found.Failures, func(f query.SelfCheckFailure) bool {
			return f.Check == w.check && f.Unit == w.unit && f.Tool == w.tool && f.Date.String() == w.date && f.Figure == w.figure
		})
		assert.True(t, told, "%s: %v", w.sql, found.Failures)
	}
	c.recompute("2025-03-01", "2025-04-16")
	found = c.selfCheck()
	require.Equal(t, query.SelfCheckPassed, found.State)
	require.Empty(t, found.Failures)
}

// While a change of the directory waits to be in the figures there is nothing to compare with: the check does not end,
// and what the last one has found stays.
func TestTheSelfCheckWaitsForTheDirectory(t *testing.T) {
	t.Parallel()
	c := checked(t)
	before := c.selfCheck()
	c.people("ada@x.de,legal,2025-04-01")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := c.query.SelfCheck(ctx)
	require.Error(t, err)
	require.Equal(t, before, c.query.LastSelfCheck())
	c.settle()
	require.Equal(t, query.SelfCheckPassed, c.selfCheck().State)
}
