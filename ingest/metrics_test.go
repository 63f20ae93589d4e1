package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"uptake/ingest/wire"
)

func TestWhatIsMeasured(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	m := NewMetrics(registry)
	r := openRig(t, rigConfig{})
	m.WatchSpool(registry, r.spool)
	r.door.cfg.Metrics = m
	r.post([]byte(event(1) + "\n{}\n" + with("p1@example.com", "1") + "\n7"))
	r.post([]byte("junk"))
	m.loadedRows(5, time.Second)
	m.loadFailed()
	m.buried()
	require.NoError(t, testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP uptake_ingest_events_accepted_total Events accepted and durable, repeats included, by source.
# TYPE uptake_ingest_events_accepted_total counter
uptake_ingest_events_accepted_total{source="feed"} 1
# HELP uptake_ingest_events_rejected_total Events rejected, by source and by the field at fault.
# TYPE uptake_ingest_events_rejected_total counter
uptake_ingest_events_rejected_total{field="event",source="feed"} 1
uptake_ingest_events_rejected_total{field="time",source="feed"} 1
uptake_ingest_events_rejected_total{field="unknown",source="feed"} 1
# HELP uptake_ingest_requests_total Requests that bring events, by path and status.
# TYPE uptake_ingest_requests_total counter
uptake_ingest_requests_total{path="/v1/events",status="202"} 1
uptake_ingest_requests_total{path="/v1/events",status="400"} 1
uptake_ingest_requests_total{path="/v1/events",status="401"} 0
uptake_ingest_requests_total{path="/v1/events",status="413"} 0
uptake_ingest_requests_total{path="/v1/events",status="429"} 0
uptake_ingest_requests_total{path="/v1/events",status="503"} 0
# HELP uptake_spool_messages Messages in the spool that are not loaded yet.
# TYPE uptake_spool_messages gauge
uptake_spool_messages 1
# HELP uptake_load_rows_total Rows of events written into ClickHouse.
# TYPE uptake_load_rows_total counter
uptake_load_rows_total 5
`), "uptake_ingest_events_accepted_total", "uptake_ingest_events_rejected_total", "uptake_ingest_requests_total", "uptake_spool_messages", "uptake_load_rows_total"))
	problems, err := testutil.GatherAndLint(registry)
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestRefusalsAreCountedInTheTable(t *testing.T) {
	db := testDB(t)
	r := openRig(t, rigConfig{loader: LoaderConfig{DB: db}})
	for range 2 {
		r.post([]byte(event(1) + "\n" + strings.Repeat(with("action", `"dance"`)+"\n", 3) + "{}\n" + with("p1@example.com", "1")))
	}
	require.NoError(t, r.rejects.Flush(t.Context()))
	require.NoError(t, r.rejects.Flush(t.Context()))
	r.settle()
	type counted struct {
		Day    time.Time `ch:"day"`
		Source string    `ch:"source"`
		Field  string    `ch:"field"`
		Reason string    `ch:"reason"`
		Events uint64    `ch:"events"`
	}
	var got []counted
	require.NoError(t, db.Select(t.Context(), &got, "SELECT day, source, field, reason, sum(events) AS events FROM rejected GROUP BY ALL ORDER BY field"))
	day := testNow.Truncate(24 * time.Hour)
	require.Equal(t, []counted{
		{day, "feed", "action", unknownAction, 6}, {day, "feed", "time", missing, 2}, {day, "feed", "unknown", wire.UnknownField, 2}}, got)
}
