package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/ingest"
	"uptake/migrations"
)

// The company of the benchmark: its events lie in the last four weeks.
const (
	benchEvents  = 500_000
	benchPeople  = 5_000
	benchBatch   = 5_000 // events of a request
	benchSenders = 4
)

var benchTools = []string{"chat", "wiki", "mail", "meetings", "files"}

// benchEvent is event n: who did it, with which tool, and when.
func benchEvent(n int) (actor, tool string, at time.Time) {
	first := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -28)
	return fmt.Sprintf("person-%d@example.com", n*7919%benchPeople), benchTools[n%len(benchTools)], first.Add(time.Duration(n%(27*86400)) * time.Second)
}

// BenchmarkEvents measures events from POST /v1/events of the running program until they are acknowledged, in
// ClickHouse and in the figures, and beside it the insert of the same rows straight into the same engine.
func BenchmarkEvents(b *testing.B) {
	bodies := make([][]byte, benchEvents/benchBatch)
	for i := range bodies {
		var body bytes.Buffer
		for n := i * benchBatch; n < (i+1)*benchBatch; n++ {
			actor, tool, at := benchEvent(n)
			fmt.Fprintf(&body, `{"id":"%d","time":"%s","tool":"%s","actor":"%s","action":"edit","object":"page-%d","object_type":"page","container":"space-%d"}`+"\n",
				n, at.Format(time.RFC3339), tool, actor, n%1000, n%50)
		}
		bodies[i] = body.Bytes()
	}
	for b.Loop() {
		acked, loaded, figures := benchProgram(b, bodies)
		direct := benchDirect(b)
		for name, took := range map[string]time.Duration{"acked": acked, "loaded": loaded, "in-figures": figures, "direct-insert": direct} {
			b.ReportMetric(benchEvents/took.Seconds(), name+"/s")
		}
		b.ReportMetric(100*direct.Seconds()/loaded.Seconds(), "%-of-direct")
	}
	b.ReportMetric(0, "ns/op")
}

// benchProgram sends all bodies to the program and returns when all was acknowledged, loaded, and in the figures.
func benchProgram(b *testing.B, bodies [][]byte) (acked, loaded, figures time.Duration) {
	h := newHouse(b)
	token, reader := h.must("token", "create", "--source", "bench"), h.must("token", "create", "--reader", "bench")
	s := h.serve()
	defer s.kill()
	began := time.Now()
	work := make(chan []byte)
	var wg sync.WaitGroup
	for range benchSenders {
		wg.Go(func() {
			for body := range work {
				status, answer, err := s.send(token, "/v1/events", "application/x-ndjson", bytes.NewReader(body))
				if err != nil || status != http.StatusAccepted {
					b.Errorf("%d %s %v", status, answer, err)
				}
			}
		})
	}
	for _, body := range bodies {
		work <- body
	}
	close(work)
	wg.Wait()
	acked = time.Since(began)
	for s.metric(reader, "uptake_load_rows_total") < benchEvents {
		time.Sleep(20 * time.Millisecond)
	}
	loaded = time.Since(began)
	s.settle(reader)
	return acked, loaded, time.Since(began)
}

// metric is the value of a metric without labels.
func (s *server) metric(token, name string) float64 {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, s.url+"/metrics", nil)
	require.NoError(s.t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(response.Body)
	require.NoError(s.t, err)
	for line := range strings.Lines(text.String()) {
		if value, found := strings.CutPrefix(line, name+" "); found {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			require.NoError(s.t, err)
			return n
		}
	}
	require.Fail(s.t, "no metric "+name)
	return 0
}

// benchDirect inserts the same rows straight into ClickHouse, in the loader's portions.
func benchDirect(b *testing.B) time.Duration {
	ctx := context.Background()
	db := clickhousetest.Open(b)
	require.NoError(b, migrations.Up(ctx, db))
	pseudonyms := ingest.NewPseudonymiser(bytes.Repeat([]byte{1}, 32))
	events := make([]adoption.Event, benchEvents)
	for n := range events {
		actor, tool, at := benchEvent(n)
		events[n] = adoption.Event{Source: "bench", ID: pseudonyms.ID("bench", strconv.Itoa(n)), Time: at, Tool: tool, Actor: pseudonyms.Address(actor),
			Action: "edit", Class: adoption.Contribute, Object: pseudonyms.Text("object", fmt.Sprint("page-", n%1000)), ObjectType: "page",
			Container: pseudonyms.Text("container", fmt.Sprint("space-", n%50)), Quantity: 1, Received: uint64(n + 1)}
	}
	began := time.Now()
	for part := range slices.Chunk(events, 100_000) {
		require.NoError(b, ingest.InsertEvents(ctx, db, part, ""))
	}
	return time.Since(began)
}

var firstUnit = regexp.MustCompile(`/units/[^"?/]+`)

// BenchmarkPages measures pages and answers of a demo company over HTTP: the manufacturer, or UPTAKE_TEST_PRESET.
func BenchmarkPages(b *testing.B) {
	const password = "correct horse battery"
	preset := cmp.Or(os.Getenv("UPTAKE_TEST_PRESET"), "manufacturer")
	h := newHouse(b, "UPTAKE_ADMIN_PASSWORD="+password, "UPTAKE_DEMO="+preset)
	h.patience = 20 * time.Minute // the bank has 130,000 people
	began := time.Now()
	s := h.serve()
	b.Logf("demo company %s ready after %s", preset, time.Since(began).Round(time.Millisecond))
	client := s.signIn(password)
	unit := firstUnit.FindString(page(b, client, s.url+"/"))
	require.NotEmpty(b, unit, "the overview links to the units")
	to := time.Now().UTC().AddDate(0, 0, -1)
	year := fmt.Sprintf("from=%s&to=%s&grain=week", to.AddDate(-1, 0, 1).Format(time.DateOnly), to.Format(time.DateOnly))
	for _, place := range []struct{ name, path string }{
		{"overview", "/"}, {"unit", unit}, {"trust", "/trust"}, {"metrics", "/metrics"},
		{"adoption-28-days", "/api/v1/adoption"}, {"adoption-a-year-by-week-with-children", "/api/v1/adoption?children=1&" + year},
	} {
		b.Run(place.name, func(b *testing.B) {
			const times = 40
			took := make([]time.Duration, times)
			size := int64(0)
			for i := range took {
				began := time.Now()
				response, err := client.Get(s.url + place.path)
				require.NoError(b, err)
				var body bytes.Buffer
				size, err = body.ReadFrom(response.Body)
				require.NoError(b, err)
				require.NoError(b, response.Body.Close())
				require.Equal(b, http.StatusOK, response.StatusCode)
				took[i] = time.Since(began)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[times/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[times*95/100].Microseconds())/1000, "ms-p95")
			b.ReportMetric(float64(size)/1000, "kB")
			b.ReportMetric(0, "ns/op")
		})
	}
}
