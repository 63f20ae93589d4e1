package main

import (
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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"uptake/adoption"
)

// What the figures of `make bench-query` are measured with.
const (
	viewers      = 8
	viewerRounds = 10 // how often each viewer asks everything
	aloneTimes   = 12
	viewerPause  = time.Second // of viewers who read while a refresh runs
	bankPairs    = 12_000_000  // interactions in a year
	pairsPeople  = 200_000     // of the company that the questions about interactions are asked of
)

// BenchmarkQuery measures answers and refreshes at the size of a bank: the running program as a process of its own, the
// viewers on the same cores. It prints one table. UPTAKE_TEST_PEOPLE and UPTAKE_TEST_DAYS make another size,
// UPTAKE_TEST_BANK=DIR keeps the companies there for the next run, UPTAKE_TEST_YEAR=1 computes a year anew though they were
// kept, UPTAKE_TEST_PROFILE=DIR writes profiles. Parts can be measured by name (-bench Query/answers).
func BenchmarkQuery(b *testing.B) {
	size := bankSize{People: bankNumber(b, "PEOPLE", 130_000), Days: bankNumber(b, "DAYS", 365), Use: true}
	size.Pairs = bankPairs / 365 * size.People / 130_000
	dir := cmp.Or(os.Getenv("UPTAKE_TEST_BANK"), b.TempDir())
	var t table
	defer func() { // what was measured before a failure, too
		fmt.Printf("\n%d cores, load of the machine %s\n\n%s\n", runtime.NumCPU(), machineLoad(), t.String())
	}()
	k := openBank(b, filepath.Join(dir, "bank"), size)
	t.line("%s people, 400 units in 4 levels, 6 tools, %d days, %s rows of person_day", thousands(k.People), k.Days, thousands(int(k.Rows)))
	for _, part := range []struct {
		name    string
		measure func(*testing.B, *table, *bank)
	}{
		{"year", benchYear}, {"cold", benchCold}, {"answers", benchAnswers}, {"pages", benchPages}, {"refresh", benchTouched},
		{"pairs", func(b *testing.B, t *table, k *bank) {
			benchPairs(b, t, openBank(b, filepath.Join(dir, "pairs"), bankSize{People: k.People * pairsPeople / 130_000, Days: k.Days, Pairs: k.Pairs}))
		}},
	} {
		b.Run(part.name, func(b *testing.B) {
			k.t = b
			part.measure(b, &t, k)
			b.ReportMetric(0, "ns/op")
		})
	}
}

func bankNumber(b *testing.B, name string, otherwise int) int {
	text := os.Getenv("UPTAKE_TEST_" + name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	require.NoError(b, err)
	return n
}

// benchYear tells what it took to compute all figures.
func benchYear(b *testing.B, t *table, k *bank) {
	if os.Getenv("UPTAKE_TEST_YEAR") != "" {
		k.task("touch")
		k.rebuild()
		k.save()
	}
	t.line("all figures of %d days, nobody reading (measured %s, load of the machine %s)", k.Days, k.Rebuilt.At.Format("2006-01-02 15:04"), k.Rebuilt.Load)
	t.figure("rebuild", k.Rebuilt.Wall.Minutes(), "min", "< 10", "%.0f s of CPU", k.Rebuilt.CPU.Seconds())
	t.figure("peak memory of the process", float64(k.Rebuilt.Peak)/1e6, "MB", "< 2,000", "")
}

// prepare has a program ask everything once: what is much work is kept by one that has run for a while, and found by the next.
func (k *bank) prepare(b *testing.B) {
	s := k.serve()
	v := k.viewer(b, s, 2000)
	for _, q := range questions {
		v.ask(q)
	}
	v.ask(question{path: func(*viewer) string {
		return fmt.Sprintf("/api/v1/by?attribute=location&tool=all&from=%s&to=%s", k.Last-181, k.Last)
	}})
	require.Zero(b, s.stop(), "%s", s.log)
}

// benchCold asks each question as the first one after a restart.
func benchCold(b *testing.B, t *table, k *bank) {
	k.prepare(b)
	t.line("the first question after a restart")
	var starts []time.Duration
	for n, q := range questions {
		began := time.Now()
		s := k.serve()
		starts = append(starts, time.Since(began))
		v := k.viewer(b, s, n)
		m := measure(s)
		took := v.ask(q)
		_, cpu, _ := m.since()
		t.figure(q.name, ms(took), "ms", "< 500", "%.0f ms of CPU", ms(cpu))
		require.Zero(b, s.stop(), "%s", s.log)
	}
	slices.Sort(starts)
	t.figure("start of the program, p50", at(starts, 50).Seconds(), "s", "", "")
}

// asked is what was measured of a question.
type asked struct {
	alone, cpu time.Duration // p50, and processor time of the program for one
	bytes      int64
	took       []time.Duration
	given      int // up
}

// givenUp says how many questions were not answered.
func givenUp(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d NOT ANSWERED", n)
}

// benchAnswers has each question asked alone, then all of them by all viewers at once, without a pause.
func benchAnswers(b *testing.B, t *table, k *bank) {
	s := k.serve()
	defer s.kill()
	found := make([]asked, len(questions))
	single := k.viewer(b, s, 1000)
	for i, q := range questions {
		single.ask(q)
		m := measure(s)
		var took []time.Duration
		for range aloneTimes {
			took = append(took, single.ask(q))
			found[i].bytes += single.size / aloneTimes
		}
		_, cpu, _ := m.since()
		slices.Sort(took)
		found[i].alone, found[i].cpu = at(took, 50), cpu/aloneTimes
	}
	k.profile(s, "answers")
	m := measure(s)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for n := range viewers {
		v := k.viewer(b, s, n)
		wg.Go(func() {
			for range viewerRounds {
				for _, i := range v.random.Perm(len(questions)) {
					v.given = 0
					took := v.ask(questions[i])
					mu.Lock()
					found[i].took = append(found[i].took, took)
					found[i].given += v.given
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	wall, cpu, peak := m.since()
	all := viewers * viewerRounds * len(questions)
	t.line("%d viewers at once without a pause, any unit and tool; p95", viewers)
	for i, q := range questions {
		slices.Sort(found[i].took)
		t.figure(q.name, ms(at(found[i].took, 95)), "ms", fmt.Sprintf("< %d", q.aim.Milliseconds()), "p50 %.0f ms; alone p50 %.0f ms, %.0f ms of CPU, %.1f kB%s",
			ms(at(found[i].took, 50)), ms(found[i].alone), ms(found[i].cpu), float64(found[i].bytes)/1000, givenUp(found[i].given))
	}
	t.figure("answers", rate(all, wall), "a second", "", "%.0f ms of CPU each, %.0f %% of both cores", ms(cpu)/float64(all), 100*cpu.Seconds()/wall.Seconds()/float64(runtime.NumCPU()))
	t.figure("peak memory of the process", float64(peak)/1e6, "MB", "< 2,000", "resident at the end %.0f MB", float64(residentMemory(s.cmd.Process.Pid))/1e6)
	require.Zero(b, s.stop(), "%s", s.log)
}

// benchTouched sends an event of a day and looks how long its figures take, while viewers read.
func benchTouched(b *testing.B, t *table, k *bank) {
	s := k.serve()
	defer s.kill()
	k.settled(s, 10*time.Minute)
	k.profile(s, "refresh")
	done := make(chan struct{})
	var mu sync.Mutex
	var took []time.Duration
	given := 0
	var wg sync.WaitGroup
	for n := range viewers {
		v := k.viewer(b, s, 2000+n)
		wg.Go(func() {
			defer func() {
				mu.Lock()
				defer mu.Unlock()
				given += v.given
			}()
			for {
				select {
				case <-done:
					return
				case <-time.After(viewerPause):
				}
				one := v.ask(questions[v.random.IntN(len(questions))])
				mu.Lock()
				took = append(took, one)
				mu.Unlock()
			}
		})
	}
	t.line("from an event's acknowledgement until it is in all figures, %d viewers each asking once a second", viewers)
	for _, touched := range []struct {
		name     string
		from, to adoption.Day
		aim      string
	}{
		{"the last day, first after a start", k.Last, k.Last, ""},
		{"the last day", k.Last, k.Last, "< 5"},
		{"a day four weeks ago", k.Last - 27, k.Last - 27, ""},
		{"the last 28 days", k.Last - 27, k.Last, "< 60"},
	} {
		m := measure(s)
		k.touch(s, touched.from, touched.to)
		acked := time.Now()
		k.settled(s, time.Hour)
		_, cpu, peak := m.since()
		t.figure(touched.name, time.Since(acked).Seconds(), "s", touched.aim, "%.1f s of CPU, answers included; peak memory %.0f MB", cpu.Seconds(), float64(peak)/1e6)
	}
	close(done)
	wg.Wait()
	slices.Sort(took)
	t.figure("answers meanwhile, p95", ms(at(took, 95)), "ms", "", "p50 %.0f ms, %d answers%s", ms(at(took, 50)), len(took), givenUp(given))
	require.Zero(b, s.stop(), "%s", s.log)
}

// touch sends an event of each day from..to, none like it was there before.
func (k *bank) touch(s *server, from, to adoption.Day) {
	k.t.Helper()
	var body strings.Builder
	for day := from; day <= to; day++ {
		fmt.Fprintf(&body, `{"id":"late-%d-%d","time":"%sT10:00:00Z","tool":"chat","actor":"%s","action":"edit"}`+"\n", time.Now().UnixNano(), day, day, personAddress(int(day)%100))
	}
	status, answer, err := s.send(k.Source, "/v1/events", "application/x-ndjson", strings.NewReader(body.String()))
	require.NoError(k.t, err)
	require.Equal(k.t, http.StatusAccepted, status, "%s", answer)
}

// benchPairs asks about interactions in a company that does nothing else.
func benchPairs(b *testing.B, t *table, k *bank) {
	k.t = b
	s := k.serve()
	defer s.kill()
	t.line("%s people with %.1f million interactions in %d days", thousands(k.People), float64(k.Pairs*k.Days)/1e6, k.Days)
	v := k.viewer(b, s, 1)
	for _, days := range []int{28, k.Days} {
		q := question{path: func(v *viewer) string { return v.about("collaboration", days, "&children=1") }}
		first := v.ask(q)
		var took []time.Duration
		for range 40 {
			took = append(took, v.ask(q))
		}
		slices.Sort(took)
		t.figure(fmt.Sprintf("collaboration, %d days, p95", days), ms(at(took, 95)), "ms", "< 100", "p50 %.0f ms; the first %.0f ms", ms(at(took, 50)), ms(first))
	}
	require.Zero(b, s.stop(), "%s", s.log)
}

// residentMemory is VmRSS of a process, in bytes.
func residentMemory(pid int) int64 { return statusMemory(pid, "VmRSS:") }
