package ingest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
	"uptake/clickhouse/clickhousetest"
	"uptake/migrations"
)

// benchEvent looks like what connectors send: an object, a container, one counterpart.
func benchEvent(i int) string {
	return fmt.Sprintf(`{"id":"%d","time":"2026-11-%02dT%02d:%02d:%02d.%03dZ","tool":"mail","actor":"person%d@example.com","action":"send","object":"message %d","object_type":"mail","container":"folder %d","counterparts":["person%d@example.com"],"quantity":1}`,
		i, 1+i%20, i%24, i%60, i/60%60, i%1000, i%5000, i, i%300, (i*7)%5000)
}

// benchRequests are bodies of size events each.
func benchRequests(events, size int) []string {
	requests := make([]string, 0, events/size)
	for i := 0; i < events; i += size {
		var b strings.Builder
		for j := range size {
			b.WriteString(benchEvent(i + j))
			b.WriteByte('\n')
		}
		requests = append(requests, b.String())
	}
	return requests
}

// postAll sends bodies over so many connections and returns how long each took, in order of length.
func (r *rig) postAll(bodies []string, connections int) []time.Duration {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	work := make(chan string)
	took := make([][]time.Duration, connections)
	var group sync.WaitGroup
	for c := range connections {
		group.Go(func() {
			for body := range work {
				begun := time.Now()
				request, err := http.NewRequest(http.MethodPost, r.server.URL, bytes.NewReader([]byte(body)))
				if err != nil {
					panic(err)
				}
				request.Header.Set("Authorization", "Bearer "+r.token)
				response, err := client.Do(request)
				if err != nil {
					panic(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if response.StatusCode != http.StatusAccepted {
					panic(response.Status)
				}
				took[c] = append(took[c], time.Since(begun))
			}
		})
	}
	for _, body := range bodies {
		work <- body
	}
	close(work)
	group.Wait()
	all := slices.Concat(took...)
	slices.Sort(all)
	return all
}

// BenchmarkCheck is the way of a body to the spool's form, without HTTP and disk, on one core.
func BenchmarkCheck(b *testing.B) {
	const size = 100
	body := []byte(benchRequests(size, size)[0])
	w := testWorker(testRules())
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := w.work(Grant{Name: "feed"}, eventsForm, &input{body: body}); err != nil || w.accepted != size {
			b.Fatal(err, w.accepted)
		}
	}
	b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkEventsToClickHouse sends 100 events a request over 16 connections, and compares with the direct insert of
// the same rows in inserts of the same size. The client runs on the same cores.
func BenchmarkEventsToClickHouse(b *testing.B) {
	const events = 400_000
	bodies := benchRequests(events, 100)
	for b.Loop() {
		db := clickhousetest.Open(b)
		require.NoError(b, migrations.Up(b.Context(), db))
		r := openRig(b, rigConfig{loader: LoaderConfig{DB: db, Linger: 500 * time.Millisecond}})
		begun := time.Now()
		r.postAll(bodies, 16)
		acked := time.Since(begun)
		r.settle()
		loaded := time.Since(begun)
		require.EqualValues(b, events, rows(b, db, "SELECT count() FROM events"))
		r.close()

		rowsOf := make([]adoption.Event, 0, events)
		w := testWorker(testRules())
		for _, body := range bodies {
			chunks, err := w.work(Grant{Name: "feed"}, eventsForm, &input{body: []byte(body)})
			require.NoError(b, err)
			rowsOf, err = decodeMessage(appendMessage(nil, 1, chunks...), rowsOf, &interner{})
			require.NoError(b, err)
		}
		other := clickhousetest.Open(b)
		require.NoError(b, migrations.Up(b.Context(), other))
		begun = time.Now()
		for part := range slices.Chunk(rowsOf, 100_000) {
			require.NoError(b, InsertEvents(b.Context(), other, part, ""))
		}
		direct := time.Since(begun)
		b.ReportMetric(events/acked.Seconds(), "acknowledged/s")
		b.ReportMetric(events/loaded.Seconds(), "loaded/s")
		b.ReportMetric(events/direct.Seconds(), "direct/s")
	}
}

// BenchmarkLoneEvents sends one event a request over 64 connections, each made durable before its answer.
func BenchmarkLoneEvents(b *testing.B) {
	bodies := benchRequests(50_000, 1)
	r := openRig(b, rigConfig{})
	for b.Loop() {
		begun := time.Now()
		took := r.postAll(bodies, 64)
		b.ReportMetric(float64(len(bodies))/time.Since(begun).Seconds(), "requests/s")
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	}
}

// BenchmarkLoneAck is one client that waits for each answer.
func BenchmarkLoneAck(b *testing.B) {
	r := openRig(b, rigConfig{})
	bodies := benchRequests(500, 1)
	for b.Loop() {
		took := r.postAll(bodies, 1)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	}
}
