package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// natsServer is a NATS server as a process of its own, on one folder and one port.
type natsServer struct {
	t       testing.TB
	program string
	config  string
	address string
	cmd     *exec.Cmd
	log     *syncBuffer
}

// newNATS builds the NATS server of the version that this module uses, and starts it.
func newNATS(t testing.TB) *natsServer {
	t.Helper()
	dir := t.TempDir()
	n := &natsServer{t: t, program: filepath.Join(dir, "nats-server"), config: filepath.Join(dir, "nats.conf"), log: &syncBuffer{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", n.program, "github.com/nats-io/nats-server/v2")
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n.address = listener.Addr().String()
	require.NoError(t, listener.Close())
	require.NoError(t, os.WriteFile(n.config, []byte(fmt.Sprintf(
		"listen: %q\nmax_payload: 8MB\njetstream { store_dir: %q, sync_interval: always }\n", n.address, filepath.Join(dir, "store"))), 0o600))
	n.start()
	t.Cleanup(n.kill)
	return n
}

func (n *natsServer) start() {
	n.t.Helper()
	n.cmd = exec.CommandContext(context.Background(), n.program, "-c", n.config)
	n.cmd.Stdout, n.cmd.Stderr = n.log, n.log
	require.NoError(n.t, n.cmd.Start())
	require.Eventually(n.t, func() bool {
		conn, err := net.Dial("tcp", n.address)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	}, time.Minute, 10*time.Millisecond, "%s", n.log)
}

// kill ends the server without any chance to tidy up.
func (n *natsServer) kill() {
	_ = n.cmd.Process.Signal(syscall.SIGKILL)
	_ = n.cmd.Wait()
}

var receivesLine = regexp.MustCompile(`receives events at (http://\S+)`)

// node is `uptake ingest` running, with a secret and a spool of its own choice.
func (h *house) node(secret string, env ...string) *server {
	h.t.Helper()
	dir := filepath.Join(h.t.TempDir(), "none") // a node keeps nothing
	node := &house{t: h.t, dir: dir, env: append(append([]string{}, h.env...), append(env, "UPTAKE_DATA="+dir, "UPTAKE_SECRET_FILE="+secret)...)}
	s, out := node.start("ingest", func(*exec.Cmd) {})
	require.Eventually(h.t, func() bool {
		match := receivesLine.FindStringSubmatch(out.String())
		if match != nil {
			s.url = match[1]
		}
		return match != nil || !s.running()
	}, time.Minute, 10*time.Millisecond)
	require.NoDirExists(h.t, dir)
	return s
}

// Two processes receive and one loads, over a NATS server that is a process, too. One that receives, the NATS server
// and the one that loads are killed while events come in. Every acknowledged event is in the figures once.
func TestReceivingProcessesOnAnExternalSpool(t *testing.T) {
	const (
		day     = "2026-11-10"
		batches = 120
		size    = 500
		people  = 40
	)
	queue := newNATS(t)
	h := newHouse(t, "UPTAKE_RETENTION=off", "UPTAKE_SPOOL_URL=nats://"+queue.address)
	s := h.serve()
	token, reader := h.must("token", "create", "--source", "sender", "--directory"), h.must("token", "create", "--reader", "test")
	csv := "email,unit,effective_from\n"
	for i := range people {
		csv += fmt.Sprintf("p%d@example.org,sales,2026-01-01\n", i)
	}
	s.sendDirectory(token, "people", csv)
	secret := filepath.Join(h.dir, "secret")
	nodes := []*server{h.node(secret), h.node(secret)}
	for _, node := range nodes {
		require.NotEmpty(t, node.url, "%s", node.log)
	}

	// Every batch is sent to one process after the other until one acknowledges it, and then never again.
	var acked, turn atomic.Int64
	var refused atomic.Bool // by a process that lived, while the spool was away
	urls := []*server{nodes[0], nodes[1]}
	send := func(batch int) {
		var body bytes.Buffer
		for i := range size {
			fmt.Fprintf(&body, `{"id":"%d-%d","time":"%s","tool":"chat","actor":"p%d@example.org","action":"post"}`+"\n", batch, i, day, i%people)
		}
		for t.Context().Err() == nil {
			status, answer, err := urls[turn.Add(1)%2].send(token, "/v1/events", "application/x-ndjson", bytes.NewReader(body.Bytes()))
			if err == nil && status == http.StatusAccepted {
				acked.Add(1)
				return
			}
			if err == nil {
				require.Equal(t, http.StatusServiceUnavailable, status, "%s", answer)
				refused.Store(true)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	work := make(chan int)
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for batch := range work {
				send(batch)
			}
		})
	}
	for batch := range batches {
		switch batch {
		case batches / 5:
			nodes[0].kill()
		case 2 * batches / 5:
			queue.kill()
			require.Eventually(t, refused.Load, time.Minute, 10*time.Millisecond, "senders hear of it")
			require.Eventually(t, func() bool { return status(nodes[1].url+"/readyz") == http.StatusServiceUnavailable }, time.Minute, 50*time.Millisecond)
			require.Equal(t, http.StatusOK, status(nodes[1].url+"/healthz"))
			queue.start()
		case 3 * batches / 5:
			s.kill()
		case 4 * batches / 5:
			s = h.serve()
		}
		work <- batch
	}
	close(work)
	senders.Wait()
	require.EqualValues(t, batches, acked.Load())

	// The server that loads, and what tells the processes of new tokens, go on by themselves after the spool was away.
	queue.kill()
	queue.start()
	var late string
	require.Eventually(t, func() bool {
		r := h.run("token", "create", "--source", "late")
		late = strings.TrimSpace(r.stdout)
		return r.code == exitOK
	}, time.Minute, 50*time.Millisecond)
	require.Eventually(t, func() bool {
		code, _, err := nodes[1].send(late, "/v1/events", "application/json", strings.NewReader("[]"))
		return err == nil && code == http.StatusAccepted
	}, time.Minute, 50*time.Millisecond)
	require.Equal(t, http.StatusOK, status(nodes[1].url+"/readyz"), "%s", nodes[1].log)
	require.Equal(t, []string{}, degraded(t, nodes[1]))
	require.Contains(t, strings.Join(degraded(t, h.node(secret, "UPTAKE_TIMEZONE=Europe/Berlin")), " "), "differ from the server's: timezone.")

	// What a process without a database refuses is counted, too: it goes the same way.
	code, answer, err := nodes[1].send(token, "/v1/events", "application/json", strings.NewReader(`[{},{},{}]`))
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, code, "%s", answer)
	code, answer, err = nodes[1].send(token, "/v1/directory/people", "text/csv", strings.NewReader(tenPeople()))
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Contains(t, string(answer), "Send the directory to the server")
	require.Equal(t, http.StatusUnauthorized, status(nodes[1].url+"/metrics"))
	require.Equal(t, http.StatusNotFound, status(nodes[1].url+"/"))
	require.Zero(t, nodes[1].stop(), "%s", nodes[1].log)

	s.settle(reader)
	require.Equal(t, batches*size, *s.adoption(reader, "chat", day, false)[0].Actions, "nothing that was acknowledged is missing, and nothing counts twice")
	var trust struct {
		Sources []struct {
			Source   string
			Rejected int
		}
	}
	s.get(reader, "/api/v1/trust", &trust)
	require.Len(t, trust.Sources, 1)
	require.Equal(t, 3, trust.Sources[0].Rejected)
	require.Empty(t, h.must("dead-letters", "list"))
	require.Zero(t, s.stop(), "%s", s.log)
}

// degraded is what a process says that is amiss.
func degraded(t *testing.T, s *server) []string {
	t.Helper()
	var ready struct{ Degraded []string }
	s.get("", "/readyz", &ready)
	return ready.Degraded
}

// status asks an address for nothing but the status of its answer; 0 where nobody answers.
func status(url string) int {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// A process with another secret would make two people of one: it does not start, and says what to do. Nor does one that
// cannot reach the spool, or one whose NATS server takes no message of the size that is needed.
func TestReceivingProcessesThatMustNotStart(t *testing.T) {
	queue := newNATS(t)
	h := newHouse(t, "UPTAKE_SPOOL_URL=nats://"+queue.address)
	h.must("token", "create", "--source", "sender")
	secret := filepath.Join(h.dir, "secret")
	other := writeFile(t, "secret", strings.Repeat("ab", 32)+"\n")
	for _, c := range []struct{ secret, env, says string }{
		{other, "", "is not the one that the events in the spool are hashed under"},
		{filepath.Join(h.dir, "none"), "", "Copy the file DATA/secret of the server"},
		{secret, "UPTAKE_SPOOL_URL=nats://127.0.0.1:1", "cannot be reached"},
	} {
		node := h.node(c.secret, c.env)
		require.False(t, node.running(), c.says)
		require.Equal(t, exitFailed, node.cmd.ProcessState.ExitCode(), "%s", node.log)
		require.Contains(t, node.log.String(), c.says)
	}
	node := h.node(secret, "UPTAKE_SPOOL_URL=")
	require.Equal(t, exitUsage, node.cmd.ProcessState.ExitCode(), "%s", node.log)
	require.Contains(t, node.log.String(), "UPTAKE_SPOOL_URL is missing")
	require.NotEmpty(t, h.node(secret).url)

	require.NoError(t, os.Rename(secret, secret+".lost"))
	r := h.run("token", "list")
	require.Equal(t, exitFailed, r.code, "a server with another secret does not start, either")
	require.Contains(t, r.stderr, "restore it from a backup")

	queue.kill()
	text, err := os.ReadFile(queue.config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(queue.config, bytes.ReplaceAll(text, []byte("8MB"), []byte("1MB")), 0o600))
	queue.start()
	node = h.node(secret + ".lost")
	require.False(t, node.running())
	require.Contains(t, node.log.String(), "Set max_payload: 8MB")
}
