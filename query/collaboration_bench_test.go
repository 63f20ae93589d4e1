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

// pairStore is a company of 200,000 people in 400 units (20 divisions of 20 teams, the division's name on the first) who
// interacted 12 million times in a year, with 6 tools: of ten interactions six stay in the team, two or three in the
// division, the others go anywhere (in email-eu-core, 58.8 % stay in a department). Anywhere is the worst case: real
// units talk with few others, and rows of the same two units and day are one.
func pairStore(b *testing.B) *Company {
	b.Helper()
	ctx := context.Background()
	db := clickhousetest.Open(b)
	require.NoError(b, migrations.Up(ctx, db))
	for _, sql := range []string{
		`INSERT INTO units (unit, parent, name, version) SELECT concat('unit-', toString(number)), if(number < 20, 'company', concat('unit-', toString(number % 20))), concat('Unit ', toString(number)), 1 FROM numbers(400)`,
		`INSERT INTO licences (person, tool, first_day, version) SELECT number, concat('tool-', toString(number % 6)), '2025-01-01', 1 FROM numbers(600000)`,
		`INSERT INTO kpi_size (day, run, unit, tool, people) SELECT toDate('2025-11-01') + intDiv(number, 3200) AS day, 1, concat('unit-', toString(number % 400)),
			['', 'all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5'][1 + intDiv(number % 3200, 400)] AS tool, if(tool IN ('', 'all'), 500, 20 + cityHash64(number % 400, tool) % 480)
			FROM numbers(365 * 3200)`,
		`INSERT INTO kpi_use (day, run, unit, tool, active_28) SELECT toDate('2025-11-01') + intDiv(number, 400) AS day, 1, concat('unit-', toString(number % 400)), 'all', 15 FROM numbers(365 * 400)`,
		`INSERT INTO source_day SELECT toDate('2025-11-01') + intDiv(number, 6) AS day, 1, concat('feed-', toString(number % 6)), concat('tool-', toString(number % 6)), 1000, toDateTime64(day, 3), toDateTime64(day, 3) FROM numbers(365 * 6)`,
		`INSERT INTO kpi_pair (day, run, tool, from_unit, to_unit, interactions)
			SELECT toDate('2025-11-01') + number % 365 AS day, 1, concat('tool-', toString(cityHash64(number, 1) % 6)) AS tool, concat('unit-', toString(one)), concat('unit-', toString(other)), count()
			FROM (SELECT number, cityHash64(number, 2) % 400 AS one, cityHash64(number, 3) % 100 AS how, cityHash64(number, 4) AS who,
				multiIf(how < 60, one, how < 85, one % 20 + 20 * (who % 20), who % 400) AS other FROM numbers(12000000))
			GROUP BY day, tool, one, other`,
		`INSERT INTO refreshed SELECT about, toDate('2025-11-01') + number, 1 FROM numbers(365) ARRAY JOIN ['kpi_size', 'kpi_use', 'source_day', 'kpi_pair'] AS about`,
		`OPTIMIZE TABLE kpi_pair FINAL`, `OPTIMIZE TABLE kpi_size FINAL`, // as parts are in the long run
	} {
		require.NoError(b, db.Exec(ctx, sql))
	}
	now := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)
	return &Company{DB: db, MinGroup: 5, Now: func() time.Time { return now }}
}

// BenchmarkCollaboration measures questions about 28 and 365 days: asked for the first time ever, after a refresh has
// written the last day anew, and again. It reports median and 95th percentile.
func BenchmarkCollaboration(b *testing.B) {
	c := pairStore(b)
	ctx := context.Background()
	var rows uint64
	require.NoError(b, c.DB.QueryRow(ctx, "SELECT count() FROM kpi_pair").Scan(&rows))
	b.Logf("%d rows of kpi_pair", rows)
	run := uint64(1)
	anew := func() { // as the refresher writes a day
		for _, sql := range []string{
			`INSERT INTO kpi_pair SELECT day, run + 1, tool, from_unit, to_unit, interactions FROM kpi_pair WHERE day = '2026-10-31' AND run = {run:UInt64}`,
			`INSERT INTO refreshed SELECT 'kpi_pair', toDate('2026-10-31'), {run:UInt64} + 1`,
		} {
			require.NoError(b, c.DB.Exec(ctx, sql, named("run", strconv.FormatUint(run, 10))))
		}
		run++
	}
	never := func() {
		c.pairs, c.cells, c.lists.last = monthBook[packedPairs]{}, cells{}, nil
	}
	for _, state := range []struct {
		name   string
		before func()
	}{{"first time ever", never}, {"after a refresh of a day", anew}, {"again", func() {}}} {
		for _, question := range []struct {
			name string
			CollaborationQuestion
		}{
			{"company, 28 days", CollaborationQuestion{From: day("2026-10-04")}},
			{"company, 365 days", CollaborationQuestion{From: day("2025-11-01")}},
			{"company, 365 days, one tool", CollaborationQuestion{From: day("2025-11-01"), Tool: "tool-3"}},
			{"division, 28 days", CollaborationQuestion{From: day("2026-10-04"), Unit: "unit-3"}},
			{"division, 365 days", CollaborationQuestion{From: day("2025-11-01"), Unit: "unit-3"}},
			{"team, 365 days", CollaborationQuestion{From: day("2025-11-01"), Unit: "unit-33"}},
		} {
			q := question.CollaborationQuestion
			q.To, q.Children = day("2026-10-31"), true
			b.Run(question.name+", "+state.name, func(b *testing.B) {
				var took []time.Duration
				used := time.Duration(0)
				for b.Loop() {
					state.before()
					start, processing := time.Now(), processor(b)
					answer, err := c.Collaboration(ctx, q)
					took, used = append(took, time.Since(start)), used+processor(b)-processing
					require.NoError(b, err)
					require.NotEqual(b, adoption.Day(0), answer.Rows[0].Date)
				}
				slices.Sort(took)
				b.ReportMetric(float64(used.Microseconds())/1000/float64(len(took)), "cpu-ms")
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			})
		}
	}
}
