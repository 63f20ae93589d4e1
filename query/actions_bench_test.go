package query

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// workStore is a year of 400 units (20 divisions of 19 teams) and 6 tools. Three to seven people are placed directly in
// each division, not the same number every month: so groups are hidden, and not the same ones.
func workStore(b *testing.B) *Company {
	b.Helper()
	ctx := context.Background()
	db := clickhousetest.Open(b)
	require.NoError(b, migrations.Up(ctx, db))
	for _, sql := range []string{
		`INSERT INTO units (unit, parent, name, version) SELECT concat('unit-', toString(number)), if(number < 20, 'company', concat('unit-', toString(number % 20))), concat('Unit ', toString(number)), 1 FROM numbers(400)`,
		`INSERT INTO licences (person, tool, first_day, version) SELECT number, concat('tool-', toString(number % 6)), '2025-01-01', 1 FROM numbers(6)`,
		`INSERT INTO kpi_size (day, run, unit, tool, people) SELECT toDate('2025-11-01') + intDiv(number, 2800) AS day, 1, concat('unit-', toString(number % 400)),
			['', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5'][1 + intDiv(number % 2800, 400)] AS tool,
			if(number % 400 < 20, 3 + (toMonth(day) + number) % 5, 300 + cityHash64(number % 400, tool) % 100) FROM numbers(365 * 2800)`,
		`INSERT INTO kpi_use (day, run, unit, tool, active_28) SELECT toDate('2025-11-01') + intDiv(number, 2400) AS day, 1, concat('unit-', toString(number % 400)), concat('tool-', toString(intDiv(number % 2400, 400))), 15 FROM numbers(365 * 2400)`,
		`INSERT INTO kpi_work SELECT toDate('2025-11-01') + intDiv(number, 2400) AS day, 1, concat('unit-', toString(number % 400)), concat('tool-', toString(intDiv(number % 2400, 400))),
			cityHash64(number, 1) % 900, cityHash64(number, 2) % 900, cityHash64(number, 3) % 900, cityHash64(number, 4) % 900, cityHash64(number, 5) % 900,
			cityHash64(number, 1) % 700, cityHash64(number, 2) % 700, cityHash64(number, 3) % 700, cityHash64(number, 4) % 700, cityHash64(number, 5) % 700, 3600 FROM numbers(365 * 2400)`,
		`INSERT INTO kpi_action SELECT toDate('2025-11-01') + intDiv(number, 2400) AS day, 1, concat('unit-', toString(number % 400)), concat('tool-', toString(intDiv(number % 2400, 400))),
			action, 'consume', source, cityHash64(number) % 100 FROM numbers(365 * 2400) ARRAY JOIN ['post', 'reply', 'view', 'read', 'search', 'like'] AS action ARRAY JOIN ['feed', 'proxy'] AS source`,
		`INSERT INTO source_day SELECT toDate('2025-11-01') + intDiv(number, 6) AS day, 1, concat('feed-', toString(number % 6)), concat('tool-', toString(number % 6)), 1000, toDateTime64(day, 3), toDateTime64(day, 3) FROM numbers(365 * 6)`,
		`INSERT INTO refreshed SELECT about, toDate('2025-11-01') + number, 1 FROM numbers(365) ARRAY JOIN ['kpi_size', 'kpi_use', 'source_day', 'kpi_work', 'kpi_action'] AS about`,
		`OPTIMIZE TABLE kpi_work FINAL`, `OPTIMIZE TABLE kpi_size FINAL`, `OPTIMIZE TABLE kpi_action FINAL`, // as parts are in the long run
	} {
		require.NoError(b, db.Exec(ctx, sql))
	}
	now := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	return &Company{DB: db, MinGroup: 5, Now: func() time.Time { return now }}
}

// BenchmarkActions measures questions about a year: asked for the first time ever, after a refresh has written the last
// day anew, and again. It reports median and 95th percentile.
func BenchmarkActions(b *testing.B) {
	c := workStore(b)
	ctx := context.Background()
	run := uint64(1)
	anew := func() {
		for _, sql := range []string{
			`INSERT INTO kpi_work SELECT * REPLACE (run + 1 AS run) FROM kpi_work WHERE day = '2026-10-31' AND run = {run:UInt64}`,
			`INSERT INTO kpi_action SELECT * REPLACE (run + 1 AS run) FROM kpi_action WHERE day = '2026-10-31' AND run = {run:UInt64}`,
			`INSERT INTO refreshed SELECT about, toDate('2026-10-31'), {run:UInt64} + 1 FROM (SELECT arrayJoin(['kpi_work', 'kpi_action']) AS about)`,
		} {
			require.NoError(b, c.DB.Exec(ctx, sql, named("run", strconv.FormatUint(run, 10))))
		}
		run++
	}
	never := func() {
		c.works, c.actionCounts, c.cells, c.lists.last = monthBook[workLine]{}, monthBook[countLine]{}, cells{}, nil
	}
	for _, state := range []struct {
		name   string
		before func()
	}{{"first time ever", never}, {"after a refresh of a day", anew}, {"again", func() {}}} {
		for _, question := range []struct {
			name string
			ActionsQuestion
		}{
			{"every unit", ActionsQuestion{everywhere: true}},
			{"every unit by month", ActionsQuestion{everywhere: true, Grain: adoption.ByMonth}},
			{"company and children by week", ActionsQuestion{Children: true, Grain: adoption.ByWeek}},
			{"team by day, one tool", ActionsQuestion{Unit: "unit-33", Tool: "tool-3", Grain: adoption.ByDay}},
			{"company and children by action", ActionsQuestion{Children: true, By: ByAction}},
			{"division by source", ActionsQuestion{Unit: "unit-3", By: BySource}},
		} {
			q := question.ActionsQuestion
			q.From, q.To = day("2025-11-01"), day("2026-10-31")
			b.Run(question.name+", "+state.name, func(b *testing.B) {
				var took []time.Duration
				used := time.Duration(0)
				for b.Loop() {
					state.before()
					start, processing := time.Now(), processor(b)
					answer, err := c.Actions(ctx, q)
					took, used = append(took, time.Since(start)), used+processor(b)-processing
					require.NoError(b, err)
					require.NotNil(b, answer.Rows[0].Quantity)
				}
				slices.Sort(took)
				b.ReportMetric(float64(used.Microseconds())/1000/float64(len(took)), "cpu-ms")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			})
		}
	}
}
