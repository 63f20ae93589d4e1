package cases_test

import (
	"context"
	"fmt"
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

// tell fills a company with all that the self-check looks at: two levels of units, people who move, leave and have no
// membership, a tool that needs a licence and one that does not, two months.
func (c *company) tell() {
	c.t.Helper()
	// By the engine's clock this company is long past, and what is touched now would be forgotten at once.
	require.NoError(c.t, c.db.Exec(c.t.Context(), "SYSTEM STOP TTL MERGES touched"))
	c.units("sales,,Sales", "north,sales,North", "south,sales,South", "legal,,Legal")
	c.people("ada@x.de,north,2025-01-01", "ben@x.de,south,2025-01-01", "ben@x.de,legal,2025-03-20", "cara@x.de,legal,2025-01-01,,2025-03-31", "dora@x.de,sales,2025-02-01")
	c.licences("ada@x.de,chat,2025-03-01", "ben@x.de,chat,2025-03-01,2025-04-05", "dora@x.de,chat,2025-04-01")
	c.did("2025-03-03T09:00:00Z ada@x.de wiki post", "2025-03-12T09:00:00Z ada@x.de chat send 7", "2025-04-02T09:00:00Z ada@x.de chat reply", "2025-04-10T09:00:00Z ada@x.de wiki view",
		"2025-03-14T22:30:00Z ben@x.de wiki view", "2025-04-01T09:00:00Z ben@x.de chat send 3", "2025-04-08T09:00:00Z ben@x.de chat view",
		"2025-03-25T09:00:00Z cara@x.de wiki share", "2025-04-03T09:00:00Z cara@x.de wiki view", "2025-04-11T09:00:00Z dora@x.de chat join",
		"2025-04-09T09:00:00Z stranger@x.de wiki view 2", "2025-04-15T09:00:00Z dora@x.de wiki login")
	c.settle()
}

func (c *company) selfCheck() query.SelfCheck {
	c.t.Helper()
	found, err := c.query.SelfCheck(c.t.Context())
	require.NoError(c.t, err)
	require.Equal(c.t, found, c.lastSelfCheck())
	return found
}

// lastSelfCheck is the last result, as a process says it that has just been started, too.
func (c *company) lastSelfCheck() query.SelfCheck {
	c.t.Helper()
	last, err := c.query.LastSelfCheck(c.t.Context())
	require.NoError(c.t, err)
	started, err := (&query.Company{DB: c.db, Zone: c.zone}).LastSelfCheck(c.t.Context())
	require.NoError(c.t, err)
	require.Equal(c.t, last, started)
	return last
}

// recompute has the figures of some days computed again at the next settle.
func (c *company) recompute(from, to string) {
	c.t.Helper()
	span := refresh.Span{Kind: refresh.KPI}
	for day, text := range map[*adoption.Day]string{&span.From: from, &span.To: to} {
		require.NoError(c.t, day.UnmarshalText([]byte(text)))
	}
	require.NoError(c.t, c.refresher.Touch(c.t.Context(), span))
}

// What the refresh has written passes. Then the store is altered as no part of the program would: each way in which a figure
// can be wrong is told by its unit, tool, day and figure, in the API, on the trust page and in /metrics. Computed again, it
// is told nowhere.
func TestTheSelfCheck(t *testing.T) {
	t.Parallel()
	c := open(t, "Europe/Berlin", "2025-04-16")
	v := c.visitor()
	assert.Equal(t, query.SelfCheckNever, v.trust().State)
	assert.Contains(t, v.get("/trust"), "No source has sent anything yet")
	assert.Contains(t, v.get("/metrics"), "\nuptake_selfcheck_last_success_timestamp_seconds 0\n")
	found := c.selfCheck()
	require.Equal(t, query.SelfCheckPassed, found.State, "without figures there is nothing to check")
	require.Zero(t, found.Checks)

	c.tell()
	found = c.selfCheck()
	require.Equal(t, query.SelfCheckPassed, found.State, found.Failures)
	assert.Empty(t, found.Failures)
	assert.Equal(t, found.Ended, found.LastSuccess)
	assert.Len(t, found.Days, 5)
	assert.Greater(t, found.Checks, uint64(1000))
	assert.Equal(t, found, v.trust())

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
		{"ALTER TABLE kpi_spread UPDATE people = arrayMap(n -> n + 1, people) WHERE day = '2025-04-15' AND unit = 'north' AND tool = 'chat'", "facts", "north", "chat", "2025-04-15", "active_28"},
		{"ALTER TABLE kpi_habit UPDATE low = low + 1 WHERE day = '2025-04-15' AND unit = 'north' AND tool = 'chat'", "facts", "north", "chat", "2025-04-15", "low"},
		{"INSERT INTO kpi_pair SELECT day, run, 'chat', 'north', 'legal', 1 FROM refreshed WHERE about = 'kpi_pair' AND day = '2025-04-15'", "facts", "north", "chat", "2025-04-15", "interactions"},
		{"ALTER TABLE kpi_cohort UPDATE people = people + 1 WHERE day = '2025-04-07' AND unit = 'north' AND tool = 'wiki'", "facts", "north", "wiki", "2025-04-13", "retention"},
		{"ALTER TABLE kpi_begin UPDATE used = toDate(65535) WHERE unit = 'north' AND tool = 'chat'", "facts", "north", "chat", "2025-04-13", "started"},
		{"ALTER TABLE kpi_cell UPDATE people = people + 1 WHERE day = '2025-04-13' AND unit = 'north'", "facts", "north", "all", "2025-04-13", "headcount"},
		{"ALTER TABLE kpi_by UPDATE active_7 = active_7 + 1 WHERE day = '2025-04-13' AND attribute = 'role' AND tool = 'wiki'", "total", "role", "wiki", "2025-04-13", "active_7"},
		{"ALTER TABLE kpi_by_week UPDATE new = new + 1 WHERE day = '2025-04-07' AND attribute = 'location' AND tool = 'wiki'", "total", "location", "wiki", "2025-04-13", "new"},
	}
	for _, w := range wrong {
		require.NoError(t, c.db.Exec(t.Context(), w.sql+map[bool]string{true: " SETTINGS mutations_sync = 2"}[strings.HasPrefix(w.sql, "ALTER")]), w.sql)
	}
	c.now = c.now.Add(time.Hour)
	bad := c.selfCheck()
	require.Equal(t, query.SelfCheckFailed, bad.State)
	require.Equal(t, found.Ended, bad.LastSuccess)
	require.EqualValues(t, len(bad.Failures), bad.FailuresTotal)
	for _, w := range wrong {
		told := slices.ContainsFunc(bad.Failures, func(f query.SelfCheckFailure) bool {
			return f.Check == w.check && f.Unit == w.unit && f.Tool == w.tool && f.Date.String() == w.date && f.Figure == w.figure
		})
		assert.True(t, told, "%s: %v", w.sql, bad.Failures)
	}
	assert.Equal(t, bad, v.trust())
	assert.Contains(t, v.get("/metrics"), fmt.Sprintf("\nuptake_selfcheck_failures %d\n", bad.FailuresTotal))
	page := v.get("/trust")
	assert.Contains(t, page, fmt.Sprintf("%d figures contradict others or the facts", bad.FailuresTotal))
	assert.Regexp(t, `actions of north, chat, .{0,20}15.{0,20}: counted anew it is another`, page)

	c.recompute("2025-03-13", "2025-03-16")
	c.recompute("2025-04-13", "2025-04-15")
	// Beginnings are no figures of a day, and are not computed again with one. Ada began on 12 March.
	require.NoError(t, c.db.Exec(t.Context(), "ALTER TABLE kpi_begin UPDATE used = toDate('2025-03-12') WHERE unit = 'north' AND tool = 'chat' SETTINGS mutations_sync = 2"))
	c.settle()
	assert.Equal(t, query.SelfCheckPassed, c.selfCheck().State)
	assert.Empty(t, v.trust().Failures)
	metrics := v.get("/metrics")
	assert.Contains(t, metrics, "\nuptake_selfcheck_failures 0\n")
	assert.Contains(t, metrics, "\nuptake_selfcheck_last_success_timestamp_seconds 1.7448012e+09\n") // 2025-04-16T11:00:00Z
	assert.Contains(t, v.get("/trust"), "and all agreed")

	// While a change of the directory waits to be in the figures there is nothing to compare with: the check does not
	// end, and what the last one has found stays.
	before := c.lastSelfCheck()
	c.people("ada@x.de,legal,2025-04-14")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := c.query.SelfCheck(ctx)
	require.Error(t, err)
	require.Equal(t, before, c.lastSelfCheck())
}
