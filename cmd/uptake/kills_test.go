package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/clickhouse"
	"uptake/ingest"
)

// storedVariable tells this test binary to print the ids of all events that a data directory holds. The engine can be
// on one directory a process, so the test asks another process.
const storedVariable = "UPTAKE_TEST_STORED"

// printStored prints the id of every event on the directory, those twice that stand there twice.
func printStored(dir string) error {
	ctx := context.Background()
	db, err := clickhouse.Open(ctx, clickhouse.Config{DataDir: dir})
	if err != nil {
		return err
	}
	defer db.Close()
	found, err := db.Query(ctx, "SELECT id FROM events FINAL")
	if err != nil {
		return err
	}
	defer found.Close()
	out := bufio.NewWriter(os.Stdout)
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			return err
		}
		fmt.Fprintln(out, hex.EncodeToString([]byte(id)))
	}
	if err := found.Err(); err != nil {
		return err
	}
	return out.Flush()
}

// stored is the ids of the events on the data directory of a server that has ended, as hex.
func (h *house) stored() map[string]bool {
	h.t.Helper()
	cmd := h.command(h.t.Context())
	cmd.Env = append(cmd.Env, storedVariable+"="+h.dir)
	result := runCommand(h.t, cmd)
	require.Zero(h.t, result.code, "%s", result.stderr)
	ids := map[string]bool{}
	for id := range strings.Lines(result.stdout) {
		id = strings.TrimSpace(id)
		require.False(h.t, ids[id], "an event stands twice")
		ids[id] = true
	}
	return ids
}

// A supervisor starts the server whenever it has ended, on the same data directory and address.
type supervisor struct {
	h      *house
	starts int
	log    *syncBuffer
}

// kill starts the server, waits, and kills it. It fails when the server ends by itself before.
func (v *supervisor) kill(wait func()) {
	v.h.t.Helper()
	v.starts++
	cmd := v.h.command(context.Background(), "serve")
	v.log = &syncBuffer{}
	cmd.Stdout, cmd.Stderr = v.log, v.log
	require.NoError(v.h.t, cmd.Start())
	wait()
	require.NoError(v.h.t, cmd.Process.Kill())
	err := cmd.Wait()
	var ended *exec.ExitError
	require.ErrorAs(v.h.t, err, &ended)
	require.Equal(v.h.t, -1, ended.ExitCode(), "start %d ended by itself: %s", v.starts, v.log)
}

// freePort is a port that nothing listens on, below those that the system gives to outgoing connections: a sender that
// dials one of these while nobody listens may be connected to itself.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port := 20000 + rand.IntN(10000)
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			require.NoError(t, l.Close())
			return port
		}
	}
	require.Fail(t, "no port is free")
	return 0
}

const killEvents, killPeople = 20, 40 // of a batch; of the company

// killDays are those whose figures are computed at once, so that it dies computing, too: yesterday and today.
var killDays = []string{time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly), time.Now().UTC().Format(time.DateOnly)}

// killBatch is the batch number seq of a sender, and the ids of its events.
func killBatch(sender, seq int) (body string, ids []string) {
	var b strings.Builder
	for i := range killEvents {
		id := fmt.Sprintf("%d-%d-%d", sender, seq, i)
		ids = append(ids, id)
		fmt.Fprintf(&b, `{"id":"%s","time":"%sT00:00:%02dZ","tool":"chat","actor":"p%d@example.org","action":"post"}`+"\n",
			id, killDays[seq%len(killDays)], i, (sender+seq*killEvents+i)%killPeople)
	}
	return b.String(), ids
}

// killSender sends batch after batch until it is told to stop, each again and again until it is acknowledged, as
// clients do.
type killSender struct {
	number int
	acked  int // batches 0..acked-1 were acknowledged, batch acked was perhaps sent
}

func (k *killSender) run(url, token string, stop <-chan struct{}, told *atomic.Int64) {
	client := &http.Client{Timeout: 30 * time.Second}
	for {
		body, _ := killBatch(k.number, k.acked)
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
			request, err := http.NewRequest(http.MethodPost, url+"/v1/events", strings.NewReader(body))
			if err != nil {
				panic(err) // the URL is the test's own
			}
			request.Header.Set("Authorization", "Bearer "+token)
			response, err := client.Do(request)
			if err != nil {
				continue
			}
			response.Body.Close()
			if response.StatusCode == http.StatusAccepted {
				break
			}
		}
		k.acked++
		told.Add(1)
	}
}

// The server is killed fifty times at random moments, from its first milliseconds on, while senders post. Whatever it
// acknowledged is in ClickHouse once, nothing is there that was not sent, and the figures count the same.
func TestFiftyKillsAtRandomMoments(t *testing.T) {
	const rounds, senders = 50, 4
	port := freePort(t)
	h := newHouse(t, "UPTAKE_RETENTION=off", fmt.Sprintf("UPTAKE_LISTEN=127.0.0.1:%d", port))
	token := h.must("token", "create", "--source", "sender", "--directory")
	reader := h.must("token", "create", "--reader", "test")

	begun, stop := time.Now(), make(chan struct{})
	var group sync.WaitGroup
	var acked atomic.Int64
	all := make([]*killSender, senders)
	for i := range all {
		all[i] = &killSender{number: i}
		group.Go(func() { all[i].run(fmt.Sprintf("http://127.0.0.1:%d", port), token, stop, &acked) })
	}
	v := &supervisor{h: h}
	starting := 500 * time.Millisecond // what a start takes until something is acknowledged, as measured last
	for round := range rounds {
		v.kill(func() {
			if round%2 == 0 { // while it starts
				time.Sleep(50*time.Millisecond + rand.N(starting))
				return
			}
			before, start := acked.Load(), time.Now()
			require.Eventually(t, func() bool { return acked.Load() > before }, time.Minute, 5*time.Millisecond, "start %d serves: %s", v.starts, v.log)
			starting = time.Since(start)
			time.Sleep(rand.N(1500 * time.Millisecond)) // while it receives, loads and computes
		})
	}
	close(stop)
	group.Wait()
	t.Logf("%d rounds in %s, %d events acknowledged", rounds, time.Since(begun).Round(time.Second), acked.Load()*killEvents)

	s := h.serve()
	s.sendDirectory(token, "people", companyOf(killPeople))
	s.settle(reader)
	// A figure looks back over 28 days: that of the last day counts them all.
	actions := *s.adoption(reader, "chat", killDays[len(killDays)-1], false)[0].Actions
	require.Zero(t, s.stop(), "%s", s.log)

	stored := h.stored()
	require.Equal(t, len(stored), actions, "the figures count what is in the table, each event once")
	requireExactly(t, h, all, stored)
}

// requireExactly tells that stored holds all that was acknowledged, and nothing that was never sent.
func requireExactly(t *testing.T, h *house, senders []*killSender, stored map[string]bool) {
	t.Helper()
	secret, err := ingest.LoadSecret(h.dir + "/secret")
	require.NoError(t, err)
	pseudonyms := ingest.NewPseudonymiser(secret)
	sent := 0
	for _, k := range senders {
		for seq := 0; seq <= k.acked; seq++ {
			_, ids := killBatch(k.number, seq)
			for _, id := range ids {
				hash := pseudonyms.ID("sender", id)
				if stored[hex.EncodeToString(hash[:])] {
					sent++
				} else {
					require.Equal(t, k.acked, seq, "acknowledged and lost: %s", id)
				}
			}
		}
	}
	require.Equal(t, sent, len(stored), "something is stored that was never sent")
}
