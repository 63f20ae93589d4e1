package query

import (
	"context"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// bankStore has 400 units (20 divisions of 19 teams), 7 tools and 365 days of KPI rows, as many as a company of
// 130,000 people makes: 1.2 million rows of use and as many of sizes.
func bankStore(b *testing.B) *Company {
	b.Helper()
	ctx := context.Background()
	db := clickhousetest.Open(b)
	require.NoError(b, migrations.Up(ctx, db))
	for _, sql := range []string{
		`INSERT INTO units SELECT concat('unit-', toString(number)), if(number < 20, 'company', concat('unit-', toString(number % 20))), concat('Unit ', toString(number)), '', 1 FROM numbers(400)`,
		`INSERT INTO licences (person, tool, first_day, version) SELECT number, concat('tool-', toString(number % 7)), '2025-01-01', 1 FROM numbers(910000)`,
		`INSERT INTO kpi_size SELECT toDate('2025-11-01') + intDiv(number, 3600) AS day, 1, concat('unit-', toString(number % 400)),
			['', 'all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5', 'tool-6'][1 + intDiv(number % 3600, 400)] AS tool, if(tool IN ('', 'all'), 325, 20 + cityHash64(number % 400, tool) % 300)
			FROM numbers(365 * 3600)`,
		`INSERT INTO kpi_use SELECT toDate('2025-11-01') + intDiv(number, 3200) AS day, 1, concat('unit-', toString(number % 400)),
			['all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5', 'tool-6'][1 + intDiv(number % 3200, 400)] AS tool,
			3, 8, 15, 1, 120, 5, 5, 5, 400, 900 FROM numbers(365 * 3200)`,
		`INSERT INTO kpi_week SELECT toMonday(toDate('2025-11-01')) + 7 * intDiv(number, 3200) AS day, 1, concat('unit-', toString(number % 400)),
			['all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5', 'tool-6'][1 + intDiv(number % 3200, 400)] AS tool, 1, 6, 2, 2 FROM numbers(53 * 3200)`,
		// Nine of ten people began in the middle of the year, give or take.
		`INSERT INTO kpi_begin SELECT toDate(cityHash64(unit, i) % 256), 1, tool, cityHash64(unit, i), unit, '2025-10-01', toDate(65535), toDate('2025-10-01'),
			if(cityHash64(i, unit, tool) % 10 = 0, toDate(65535), toDate('2025-11-01') + cityHash64(i, unit, tool) % 60 + cityHash64(unit, tool, i) % 70 + cityHash64(tool, i, unit) % 80) AS active, active
			FROM kpi_size ARRAY JOIN range(people) AS i WHERE day = '2025-11-01' AND tool != ''`,
		`INSERT INTO refreshed SELECT 'kpi_begin', toDate(number), 1 FROM numbers(256)`,
		`INSERT INTO kpi_habit SELECT toDate('2026-08-01') + intDiv(number, 3200) AS day, 1, concat('unit-', toString(number % 400)),
			['all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5', 'tool-6'][1 + intDiv(number % 3200, 400)] AS tool, 1, 6, 2, 2 FROM numbers(92 * 3200)`,
		// Some 85 people of each unit act, and 40 contribute, most of them as often as nobody else.
		`INSERT INTO kpi_spread SELECT toDate('2026-08-01') + intDiv(number, 3200) AS day, 1, concat('unit-', toString(number % 400)),
			['all', 'tool-0', 'tool-1', 'tool-2', 'tool-3', 'tool-4', 'tool-5', 'tool-6'][1 + intDiv(number % 3200, 400)] AS tool, 900,
			arrayDistinct(arraySort(arrayMap(i -> 1 + toUInt64(cityHash64(number, i) % 200), range(110)))) AS did, arrayMap(n -> toUInt64(1), did),
			arraySlice(did, 1, 40) AS gave, arrayMap(n -> toUInt64(1), gave) FROM numbers(92 * 3200)`,
		`INSERT INTO refreshed SELECT about, toDate('2026-08-01') + number, 1 FROM numbers(92) ARRAY JOIN ['kpi_habit', 'kpi_spread'] AS about`,
		`INSERT INTO source_day SELECT toDate('2025-11-01') + intDiv(number, 7) AS day, 1, concat('feed-', toString(number % 7)), concat('tool-', toString(number % 7)), 1000, toDateTime64(day, 3), toDateTime64(day, 3) FROM numbers(365 * 7)`,
		`INSERT INTO refreshed SELECT about, toDate('2025-11-01') + number, 1 FROM numbers(365) ARRAY JOIN ['kpi_size', 'kpi_use', 'source_day'] AS about`,
		`INSERT INTO refreshed SELECT 'kpi_week', toMonday(toDate('2025-11-01')) + 7 * number, 1 FROM numbers(53)`,
	} {
		require.NoError(b, db.Exec(ctx, sql))
	}
	now := time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC) // the last day with figures is yesterday, 2026-10-31
	return &Company{DB: db, MinGroup: 5, Now: func() time.Time { return now }}
}

// BenchmarkBank measures questions at bank size, asked for the first time after a refresh unless it says "seen before". It reports the median and the 95th percentile, because a page is as
// fast as its slow requests.
func BenchmarkBank(b *testing.B) {
	c := bankStore(b)
	ctx := context.Background()
	year := AdoptionQuestion{From: day("2025-11-01"), To: day("2026-10-31"), Grain: adoption.ByWeek}
	ask := func(change func(*AdoptionQuestion)) func() error {
		q := year
		change(&q)
		return func() error { _, err := c.Adoption(ctx, q); return err }
	}
	compare := func(unit, against string) func() error {
		return func() error {
			_, err := c.Compare(ctx, CompareQuestion{Unit: unit, Tool: "tool-3", From: day("2026-10-04"), To: day("2026-10-31"), Against: against})
			return err
		}
	}
	diffusion := func(children bool) func() error {
		return func() error {
			_, err := c.Diffusion(ctx, DiffusionQuestion{Tool: "tool-3", To: day("2026-10-31"), Children: children})
			return err
		}
	}
	for _, question := range []struct {
		name string
		ask  func() error
	}{
		{"company by week, a year", ask(func(*AdoptionQuestion) {})},
		{"company and children by week, a year", ask(func(q *AdoptionQuestion) { q.Children = true })},
		{"division and children by week, a year, one tool", ask(func(q *AdoptionQuestion) { q.Unit, q.Tool, q.Children = "unit-3", "tool-3", true })},
		{"team, 28 days", ask(func(q *AdoptionQuestion) { q.Unit, q.Grain, q.From = "unit-33", adoption.ByDay, day("2026-10-04") })},
		{"life cycle of the company and children, 13 weeks", func() error {
			_, err := c.Lifecycle(ctx, AdoptionQuestion{From: day("2026-08-03"), To: day("2026-10-31"), Children: true})
			return err
		}},
		{"pyramid of the company and children by week, a year", func() error { q := year; q.Children = true; _, err := c.Pyramid(ctx, q); return err }},
		{"first use of the company and children by week, a year", func() error { q := year; q.Children = true; _, err := c.FirstUse(ctx, q); return err }},
		{"first use of the company and children by week, a year, seen before", func() error { q := year; q.Children = true; _, err := c.FirstUse(ctx, q); return err }},
		{"first use of a team, 28 days, seen before", func() error {
			_, err := c.FirstUse(ctx, AdoptionQuestion{Unit: "unit-33", From: day("2026-10-04"), To: day("2026-10-31")})
			return err
		}},
		{"diffusion of the company", diffusion(false)},
		{"diffusion of the company and children", diffusion(true)},
		{"diffusion of the company and children, seen before", diffusion(true)},
		{"habits of the company and children, 28 days", func() error {
			_, err := c.Habits(ctx, AdoptionQuestion{From: day("2026-10-04"), To: day("2026-10-31"), Children: true})
			return err
		}},
		{"depth of the company and children, 28 days", func() error {
			c.forgetSpreads()
			_, err := c.Depth(ctx, AdoptionQuestion{From: day("2026-10-04"), To: day("2026-10-31"), Children: true})
			return err
		}},
		{"concentration in a team, 28 days", func() error {
			c.forgetSpreads()
			_, err := c.Concentration(ctx, AdoptionQuestion{Unit: "unit-33", Tool: "tool-3", From: day("2026-10-04"), To: day("2026-10-31")})
			return err
		}},
		{"unit compared with unit", compare("unit-33", "unit:unit-34")},
		{"unit compared with the company", compare("unit-33", AgainstCompany)},
		{"company compared with the year before", compare("", AgainstYear)},
		{"tool compared with tool", compare("unit-33", "tool:tool-4")},
		{"overview", func() error { _, err := c.Overview(ctx, OverviewQuestion{}); return err }},
		{"overview, seen before", func() error { _, err := c.Overview(ctx, OverviewQuestion{}); return err }},
		{"unit page", func() error { _, err := c.UnitPage(ctx, UnitQuestion{Unit: "unit-3"}); return err }},
		{"gauges", func() error { _, err := c.Gauges(ctx); return err }},
		{"trust", func() error { _, err := c.Trust(ctx); return err }},
		{"lists after a refresh", func() error { c.lists.last = nil; _, err := c.Tools(ctx); return err }},
	} {
		b.Run(question.name, func(b *testing.B) {
			var took []time.Duration
			before := processor(b)
			for b.Loop() {
				if c.lists.last != nil && !strings.HasSuffix(question.name, "seen before") {
					c.lists.last.memo.rows, c.lists.last.memo.held = nil, 0
					c.lists.last.begins.rows, c.lists.last.begins.held = nil, 0
					c.begin.tools, c.fits.found = nil, nil
				}
				start := time.Now()
				if err := question.ask(); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64((processor(b)-before).Microseconds())/1000/float64(len(took)), "cpu-ms")
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// forgetSpreads lets the next question about depth or concentration be worked out from its histograms.
func (c *Company) forgetSpreads() {
	if c.lists.last != nil {
		c.lists.last.spreads = memoOf[spreadRow]{}
	}
}

// processor is the processor time that the process, the engine in it, has used: on a busy machine it says more than
// the clock.
func processor(b *testing.B) time.Duration {
	var use syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &use))
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
