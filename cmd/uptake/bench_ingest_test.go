package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What the figures of `make bench-ingest` are measured with.
const (
	ingestBatch       = 100    // events of a large request
	ingestConnections = 16     // that send large requests
	loneConnections   = 64     // that send one event a request
	ingestPeople      = 20_000 // whose events are sent
	loneRequests      = 120_000
	loneAcks          = 500
)

// BenchmarkIngest measures the running program as a process of its own, the load generator on the same cores, and
// prints one table. Its parts can be measured by name (-bench Ingest/load); they share a company, so that what is
// measured later is measured beside the events that were sent before. UPTAKE_TEST_EVENTS says how many events are sent (5,000,000), UPTAKE_TEST_PROFILE into which
// folder profiles of the program are written meanwhile (none).
func BenchmarkIngest(b *testing.B) {
	events := 5_000_000
	if text := os.Getenv("UPTAKE_TEST_EVENTS"); text != "" {
		var err error
		events, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	require.Zero(b, events%(ingestBatch*ingestConnections), "UPTAKE_TEST_EVENTS must be a multiple of %d", ingestBatch*ingestConnections)
	var t table
	defer func() { // what was measured before a failure, too
		fmt.Printf("\n%d cores, load of the machine %s\n\n%s\n", runtime.NumCPU(), machineLoad(), t.String())
	}()
	h := newHouse(b, "UPTAKE_MIN_GROUP=2", "UPTAKE_PPROF_LISTEN=127.0.0.1:0")
	limit := 0.0
	for _, part := range []struct {
		name    string
		measure func(*testing.B)
	}{
		{"limit", func(b *testing.B) { limit = benchLimit(b, &t, min(events, 2_000_000)) }},
		{"load", func(b *testing.B) { benchLoad(b, &t, h, events, limit) }},
		{"lone", func(b *testing.B) { benchLone(b, &t, h) }},
		{"visible", func(b *testing.B) { benchVisible(b, &t, h) }},
	} {
		b.Run(part.name, func(b *testing.B) {
			part.measure(b)
			b.ReportMetric(0, "ns/op")
		})
	}
}

// benchLoad sends all events in large requests, and follows them into ClickHouse and into the figures.
func benchLoad(b *testing.B, t *table, h *house, events int, limit float64) {
	token, reader := h.must("token", "create", "--source", "bench"), h.must("token", "create", "--reader", "bench")
	s := h.serve()
	defer s.kill()
	h.profile(s, "load")
	m := measure(s)
	generator := newGenerator(ingestBatch, fourWeeks)
	took := generator.run(b, s, token, events, ingestConnections)
	acked, ackedCPU, ackedPeak := m.since()
	for s.metric(reader, "uptake_load_rows_total") < float64(events) {
		time.Sleep(50 * time.Millisecond)
	}
	loaded, loadedCPU, _ := m.since()
	threads := m.threads()
	s.settle(reader)
	settled, settledCPU, peak := m.since()
	filePages := statusMemory(s.cmd.Process.Pid, "RssFile:")

	millions := float64(events) / 1e6
	t.line("%d events, %d a request, %d connections", events, ingestBatch, ingestConnections)
	t.figure("acknowledged", rate(events, acked), "events/s", ">= 150,000", "%.2f s of CPU per million, p99 of a request %s", ackedCPU.Seconds()/millions, at(took, 99))
	t.figure("until all are in ClickHouse", rate(events, loaded), "events/s", ">= 100,000", "%.2f s of CPU per million; %s", loadedCPU.Seconds()/millions, threads)
	if limit > 0 {
		t.figure("of the limit", 100*rate(events, loaded)/limit, "%", "aim 50", "")
	}
	t.figure("until all are in the figures", rate(events, settled), "events/s", "", "%.2f s of CPU per million", settledCPU.Seconds()/millions)
	t.figure("peak memory of the process", float64(peak)/1e6, "MB", "< 700", "%.0f MB when all was acknowledged; %.0f MB of it are pages of files, nearly all of the engine's library", float64(ackedPeak)/1e6, float64(filePages)/1e6)
	require.Zero(b, s.stop(), "%s", s.log)
}

// benchLone sends one event a request, from many connections and from one that waits for each answer.
func benchLone(b *testing.B, t *table, h *house) {
	token := h.must("token", "create", "--source", "lone")
	s := h.serve()
	defer s.kill()
	generator := newGenerator(1, time.Minute)
	h.profile(s, "lone")
	m := measure(s)
	took := generator.run(b, s, token, loneRequests/loneConnections*loneConnections, loneConnections)
	wall, used, _ := m.since()
	t.line("one event a request")
	t.figure(fmt.Sprintf("%d connections", loneConnections), rate(len(took), wall), "requests/s", ">= 12,000", "%.0f s of CPU per million", used.Seconds()*1e6/float64(len(took)))
	t.figure("p50", ms(at(took, 50)), "ms", "", "")
	t.figure("p99", ms(at(took, 99)), "ms", "< 50", "")
	time.Sleep(2 * time.Second)
	took = generator.run(b, s, token, loneAcks, 1)
	t.figure("one connection, p50", ms(at(took, 50)), "ms", "< 5", "")
	t.figure("p99", ms(at(took, 99)), "ms", "", "")
}

// The people of benchVisible, how many of them have been active before it begins, and how long it pauses after each.
const (
	visiblePeople = 120
	visibleBefore = 20
	visiblePause  = 500 * time.Millisecond
)

// benchVisible sends today's events of one fresh person after the other and looks how long each needs into the figures.
func benchVisible(b *testing.B, t *table, h *house) {
	token, reader := h.must("token", "create", "--source", "fresh", "--directory"), h.must("token", "create", "--reader", "fresh")
	s := h.serve()
	defer s.kill()
	var people strings.Builder
	people.WriteString("email,unit,effective_from\n")
	for i := range 2 * visiblePeople {
		fmt.Fprintf(&people, "fresh-%d@example.com,sales,2026-01-01\n", i)
	}
	status, answer, err := s.send(token, "/v1/directory/people", "text/csv", strings.NewReader(people.String()))
	require.NoError(b, err)
	require.Equal(b, http.StatusAccepted, status, "%s", answer)
	day := time.Now().UTC().Format(time.DateOnly)
	send := func(i int) time.Time {
		event := fmt.Sprintf(`{"id":"fresh-%d","time":"%s","tool":"board","actor":"fresh-%d@example.com","action":"edit"}`, i, day, i)
		status, answer, err := s.send(token, "/v1/events", "application/json", strings.NewReader(event))
		require.NoError(b, err)
		require.Equal(b, http.StatusAccepted, status, "%s", answer)
		return time.Now()
	}
	active := func() int {
		rows := s.adoption(reader, "board", day, false)
		if len(rows) == 0 || rows[0].Active1 == nil {
			return 0
		}
		return *rows[0].Active1
	}
	for i := range visibleBefore {
		send(i)
	}
	defer func() {
		if b.Failed() {
			b.Logf("the program's log: %s", s.log)
		}
	}()
	s.settle(reader)
	require.Equal(b, visibleBefore, active())

	sent := make([]time.Time, visiblePeople)
	var mu sync.Mutex
	var last int
	go func() {
		for i := visibleBefore; i < visiblePeople; i++ {
			at := send(i)
			mu.Lock()
			sent[i], last = at, i
			mu.Unlock()
			time.Sleep(visiblePause)
		}
	}()
	var waits []time.Duration
	for shown := visibleBefore; shown < visiblePeople; time.Sleep(50 * time.Millisecond) {
		n := active()
		now := time.Now()
		mu.Lock()
		for ; shown < n && shown <= last; shown++ {
			waits = append(waits, now.Sub(sent[shown]))
		}
		if shown <= last {
			require.Less(b, now.Sub(sent[shown]), 2*time.Minute, "an event does not come into the figures: %s", s.log)
		}
		mu.Unlock()
	}
	slices.Sort(waits)
	t.line("today's events, one every %s", visiblePause)
	t.figure("visible in the figures, p50", at(waits, 50).Seconds(), "s", "", "")
	t.figure("p99", at(waits, 99).Seconds(), "s", "< 10", "longest %s", at(waits, 100).Round(time.Millisecond))
}

// profile has the program profiled while it is measured, where that is wanted. What comes of it is named like part.
func (h *house) profile(s *server, part string) {
	dir := os.Getenv("UPTAKE_TEST_PROFILE")
	if dir == "" {
		return
	}
	address := s.profiles()
	save := func(name, query string) {
		response, err := http.Get(address + query)
		if err != nil {
			return // the program has ended before the profile
		}
		defer response.Body.Close()
		var text bytes.Buffer
		if _, err := text.ReadFrom(response.Body); err == nil {
			_ = os.WriteFile(filepath.Join(dir, part+"-"+name+".pprof"), text.Bytes(), 0o600)
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		save("cpu", "profile?seconds=8")
		save("heap", "heap")
	}()
	h.t.Cleanup(func() { <-done })
}

// measurement is of a process, from one moment on.
type measurement struct {
	pid   int
	began time.Time
	cpu   time.Duration
	by    map[string]time.Duration
}

func measure(s *server) *measurement {
	m := &measurement{pid: s.cmd.Process.Pid}
	m.by = threadTimes(m.pid)
	m.began, m.cpu = time.Now(), cpuTime(m.pid)
	return m
}

// since is the time that has passed, the processor time that the process has used, and its peak memory in bytes.
func (m *measurement) since() (wall, cpu time.Duration, peak int64) {
	return time.Since(m.began), cpuTime(m.pid) - m.cpu, peakMemory(m.pid)
}

// threads tells which threads the processor time went to, by their names: the program's own are called like its file,
// all others are the engine's.
func (m *measurement) threads() string {
	type share struct {
		name string
		used time.Duration
	}
	var all []share
	for name, used := range threadTimes(m.pid) {
		all = append(all, share{name, used - m.by[name]})
	}
	slices.SortFunc(all, func(a, b share) int { return cmp.Compare(b.used, a.used) })
	var text []string
	for _, s := range all[:min(len(all), 5)] {
		text = append(text, fmt.Sprintf("%s %.1f s", s.name, s.used.Seconds()))
	}
	return strings.Join(text, ", ")
}

// tick is the unit of processor times in /proc: USER_HZ, 100 a second on every Linux that Go knows.
const tick = 10 * time.Millisecond

func cpuTime(pid int) time.Duration { return statTime(fmt.Sprintf("/proc/%d/stat", pid)) }

// threadTimes is the processor time of the process's threads by their names. A thread that ends takes its time along.
func threadTimes(pid int) map[string]time.Duration {
	times := map[string]time.Duration{}
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	for _, task := range tasks {
		dir := fmt.Sprintf("/proc/%d/task/%s", pid, task.Name())
		name, _ := os.ReadFile(dir + "/comm")
		times[strings.TrimSpace(string(name))] += statTime(dir + "/stat")
	}
	return times
}

// statTime is user and system time of a stat file of /proc, 0 where there is none any more.
func statTime(file string) time.Duration {
	text, _ := os.ReadFile(file)
	_, rest, _ := strings.Cut(string(text), ") ") // the name before it may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick
}

// peakMemory is VmHWM: the most memory that was resident, in bytes.
func peakMemory(pid int) int64 { return statusMemory(pid, "VmHWM:") }

// statusMemory is what a line of a process's status says, in bytes; 0 where there is none.
func statusMemory(pid int, line string) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(text), line)
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kB, _ := strconv.ParseInt(fields[0], 10, 64)
	return kB * 1024
}

// ownCPU is the processor time of this process, the load generator.
func ownCPU() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func machineLoad() string {
	text, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(text), " ")
	return load
}

func rate(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// at is a percentile of sorted times.
func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)*percent/100, len(sorted)-1)]
}

// table gathers figures beside their goals.
type table struct{ strings.Builder }

func (t *table) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

func (t *table) figure(name string, value float64, unit, goal, note string, args ...any) {
	text := strconv.FormatFloat(value, 'f', 1, 64)
	if value >= 1000 {
		text = thousands(int(value))
	}
	fmt.Fprintf(t, "  %-32s %12s %-12s %-12s "+note+"\n", append([]any{name, text, unit, goal}, args...)...)
}
