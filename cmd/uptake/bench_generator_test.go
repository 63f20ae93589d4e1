package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/migrations"
)

// idDigits is how many digits an id in a prepared body has; they are written over before it is sent.
const idDigits = 12

// preparedEvents is how many different events there are. What is sent again bears new ids, so it is new to the program.
const preparedEvents = 200_000

// generator has bodies made beforehand: all that it costs while it runs is writing ids into them and sending them.
type generator struct {
	size   int // events of a body
	bodies []prepared
}

type prepared struct {
	text []byte
	ids  []int // where they stand
}

// fourWeeks is what large requests bring, as a connector does that catches up. What comes one by one is of today.
const fourWeeks = 28 * 24 * time.Hour

var ingestTools = []string{"chat", "wiki", "mail", "meetings", "files"}

// ingestLine is event n as JSON, its id all zeros. Its time lies in the last days before now.
func ingestLine(n int, last time.Duration) string {
	at := time.Now().UTC().Add(-time.Duration(n) * 7919 * time.Second % last)
	counterpart := ""
	if n%2 == 0 {
		counterpart = fmt.Sprintf(`,"counterparts":["person-%d@example.com"]`, n*31%ingestPeople)
	}
	return fmt.Sprintf(`{"id":"%0*d","time":"%s","tool":"%s","actor":"person-%d@example.com","action":"edit","object":"page-%d","object_type":"page","container":"space-%d"%s}`,
		idDigits, 0, at.Format(time.RFC3339), ingestTools[n%len(ingestTools)], n*7919%ingestPeople, n, n%500, counterpart)
}

// newGenerator prepares bodies of size events each, which lie in the last days or hours before now.
func newGenerator(size int, last time.Duration) *generator {
	g := &generator{size: size}
	for n := 0; n < preparedEvents; n += size {
		var body prepared
		for i := n; i < n+size; i++ {
			body.ids = append(body.ids, len(body.text)+len(`{"id":"`))
			body.text = append(append(body.text, ingestLine(i, last)...), '\n')
		}
		g.bodies = append(g.bodies, body)
	}
	return g
}

// number writes a number over an id.
func number(id []byte, n int) {
	for i := len(id) - 1; i >= 0; i-- {
		id[i] = byte('0' + n%10)
		n /= 10
	}
}

// run sends events over so many connections, each with a share of its own, and returns how long each request took,
// sorted.
func (g *generator) run(b *testing.B, s *server, token string, events, connections int) []time.Duration {
	took := make([][]time.Duration, connections)
	began := ownCPU()
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			var err error
			if took[c], err = g.connection(s, token, c, events/connections/g.size, connections); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	b.Logf("the load generator used %s of CPU", ownCPU()-began)
	all := slices.Concat(took...)
	require.Len(b, all, events/g.size)
	slices.Sort(all)
	return all
}

// connection sends requests over one connection, each after the answer to the one before.
func (g *generator) connection(s *server, token string, c, requests, connections int) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	took := make([]time.Duration, 0, requests)
	var request []byte
	id := c
	for i := range requests {
		body := &g.bodies[(i*connections+c)%len(g.bodies)]
		request = fmt.Appendf(request[:0], "POST /v1/events HTTP/1.1\r\nHost: uptake\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n", token, len(body.text))
		head := len(request)
		request = append(request, body.text...)
		for _, at := range body.ids {
			number(request[head+at:head+at+idDigits], id)
			id += connections
		}
		began := time.Now()
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		if err := g.answer(answers); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// answer reads an answer and makes sure that it took all events of a request.
func (g *generator) answer(from *bufio.Reader) error {
	response, err := http.ReadResponse(from, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusAccepted || !bytes.Contains(text, fmt.Appendf(nil, `"accepted":%d,`, g.size)) {
		return fmt.Errorf("%s %s", response.Status, text)
	}
	return nil
}

//go:embed testdata/bench_limit.sql
var limitStatement string

// benchLimit measures what the engine alone makes of the same JSON lines from a file: it reads them, hashes what the
// door would hash, and fills the table events. It returns rows a second.
func benchLimit(b *testing.B, t *table, events int) float64 {
	file := filepath.Join(b.TempDir(), "lines.json")
	g := newGenerator(ingestBatch, fourWeeks)
	out, err := os.Create(file)
	require.NoError(b, err)
	lines := bufio.NewWriterSize(out, 1<<20)
	for id := 0; id < events; {
		body := &g.bodies[id/g.size%len(g.bodies)]
		for _, at := range body.ids {
			number(body.text[at:at+idDigits], id)
			id++
		}
		_, err = lines.Write(body.text)
		require.NoError(b, err)
	}
	require.NoError(b, lines.Flush())
	require.NoError(b, out.Close())

	db, err := clickhouse.Open(b.Context(), clickhouse.Config{DataDir: b.TempDir()})
	require.NoError(b, err)
	require.NoError(b, migrations.Up(b.Context(), db))
	began, used := time.Now(), ownCPU()
	require.NoError(b, db.Exec(context.WithoutCancel(b.Context()), strings.ReplaceAll(limitStatement, "FILE", file)))
	took, cpu := time.Since(began), ownCPU()-used
	var rows uint64
	require.NoError(b, db.QueryRow(b.Context(), "SELECT count() FROM events").Scan(&rows))
	require.EqualValues(b, events, rows)
	require.NoError(b, db.Close()) // its threads must not work beside the program
	t.line("limit: the engine alone, %d of the same JSON lines from a file", events)
	t.figure("rows into the table events", rate(events, took), "rows/s", "", "%.2f s of CPU per million", cpu.Seconds()/float64(events)*1e6)
	return rate(events, took)
}
