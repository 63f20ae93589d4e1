//go:build unix

package refresh_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest/refresh"
	"uptake/migrations"
)

var (
	benchPeople = flag.Int("people", 20_000, "people of the benchmark's company")
	benchTools  = flag.Int("tools", 5, "its tools")
	benchDays   = flag.Int("days", 90, "its days of history")
)

// A company in which each person uses each tool on 29 of 100 days, at random: the store makes it up by itself.
var benchCompany = []string{
	`INSERT INTO identity (hash, person, version) SELECT leftPad(toString(number), 16, 'h'), cityHash64(number), 1 FROM numbers({people:UInt64})`,
	`INSERT INTO people (person, effective_from, unit, location, role, hired_on, version)
		SELECT cityHash64(number), toDate('2020-01-01'), 'unit ' || toString(number % 500), 'city ' || toString(number % 500 % 40), 'role ' || toString(cityHash64(number, 6) % 12),
			toDate('1995-01-01') + cityHash64(number, 7) % 9000, 1 FROM numbers({people:UInt64})`,
	`INSERT INTO licences (person, tool, first_day, version)
		SELECT cityHash64(number % {people:UInt64}), 'tool ' || toString(intDiv(number, {people:UInt64})), toDate('2020-01-01'), 1
		FROM numbers({people:UInt64} * {tools:UInt64}) WHERE cityHash64(number, 1) % 10 < 8`,
	`INSERT INTO events (utc_day, source, id, time, date_only, tool, actor, action, class, quantity, received)
		SELECT {first:Date} + day AS utc_day, 'source', unhex(hex(sipHash128(number))), toDateTime64(utc_day, 3, 'UTC') + cityHash64(number, 2) % 86400, 0,
			'tool ' || toString(tool), leftPad(toString(person), 16, 'h'), '', ['contribute', 'respond', 'share', 'meet', 'consume', 'consume'][1 + cityHash64(number, 3) % 6],
			1 + cityHash64(number, 4) % 9, number + 1
		FROM (SELECT number, number % {people:UInt64} AS person, intDiv(number, {people:UInt64}) % {tools:UInt64} AS tool, intDiv(number, {people:UInt64} * {tools:UInt64}) AS day
			FROM numbers({people:UInt64} * {tools:UInt64} * {days:UInt64}))
		WHERE cityHash64(number, 5) % 100 < 29`,
}

// memory is the most that this process, the engine in it, has ever had resident, in MiB; 0 where that is not told.
func memory() (peak float64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// processor is the processor time that this process, the engine in it, has used so far.
func processor() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// given is how many statements the engine has been given so far.
func given(b *testing.B, db driver.Conn) (n uint64) {
	require.NoError(b, db.QueryRow(b.Context(), "SELECT value FROM system.events WHERE event = 'Query'").Scan(&n))
	return n
}

// BenchmarkRefresh times what arrivals cost at the size that -people, -tools and -days give.
func BenchmarkRefresh(b *testing.B) {
	db := clickhousetest.Open(b)
	require.NoError(b, migrations.Up(b.Context(), db))
	today := day(b, "2026-11-18")
	first := today - adoption.Day(*benchDays) + 1
	ctx := clickhouse.Context(b.Context(), clickhouse.WithParameters(clickhouse.Parameters{
		"people": fmt.Sprint(*benchPeople), "tools": fmt.Sprint(*benchTools), "days": fmt.Sprint(*benchDays), "first": first.String()}))
	for _, sql := range benchCompany {
		require.NoError(b, db.Exec(ctx, sql))
	}
	r := refresh.New(refresh.Config{DB: db, Now: func() time.Time { return today.Time().Add(20 * time.Hour) }})
	b.Logf("built: %.0f MiB", memory())

	// One event more on each day, so that the day is another than before.
	seq := 0
	var used time.Duration
	var asked uint64 // statements
	var times int
	touch := func(b *testing.B, kind refresh.Kind, from, to adoption.Day) {
		b.StopTimer()
		if kind == refresh.Facts {
			seq++
			more := clickhouse.Context(b.Context(), clickhouse.WithParameters(clickhouse.Parameters{"first": from.String(), "days": fmt.Sprint(int(to-from) + 1), "seq": fmt.Sprint(seq)}))
			require.NoError(b, db.Exec(more, `INSERT INTO events (utc_day, source, id, time, tool, actor, class, quantity, received)
				SELECT {first:Date} + number AS utc_day, 'late', unhex(hex(sipHash128(number, {seq:UInt64}))), toDateTime64(utc_day, 3, 'UTC'), 'tool 1', leftPad('1', 16, 'h'), 'share', 1, 1 FROM numbers({days:UInt64})`))
		}
		require.NoError(b, r.Touch(b.Context(), refresh.Span{Kind: kind, From: from, To: to}))
		before, began := given(b, db), processor()
		b.StartTimer()
		require.NoError(b, r.Refresh(b.Context()))
		b.StopTimer()
		used, times = used+processor()-began, times+1
		asked += given(b, db) - before - 1 // not the one that asks
		b.StartTimer()
		b.ReportMetric(memory(), "peak-MiB")
		b.ReportMetric(float64(asked)/float64(times), "statements/op")
		b.ReportMetric(float64(used.Milliseconds())/float64(times), "cpu-ms/op")
	}
	b.Run("everything", func(b *testing.B) {
		used, asked, times = 0, 0, 0
		for b.Loop() {
			touch(b, refresh.Facts, first, today)
		}
	})
	b.Run("today", func(b *testing.B) {
		used, asked, times = 0, 0, 0
		for b.Loop() {
			touch(b, refresh.Facts, today, today)
		}
	})
	b.Run("one_day_four_weeks_ago", func(b *testing.B) {
		used, asked, times = 0, 0, 0
		for b.Loop() {
			touch(b, refresh.Facts, today-28, today-28)
		}
	})
	b.Run("last_28_days", func(b *testing.B) {
		used, asked, times = 0, 0, 0
		for b.Loop() {
			touch(b, refresh.Facts, today-27, today)
		}
	})
	b.Run("directory_last_7_days", func(b *testing.B) {
		used, asked, times = 0, 0, 0
		for b.Loop() {
			touch(b, refresh.KPI, today-6, today)
		}
	})
}
