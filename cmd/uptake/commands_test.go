package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// eventLines are n events of people 0 to 9 on a day.
func eventLines(n int, day string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"%s/%d","time":"%s","tool":"wiki","actor":"p%d@example.org","action":"edit"}`+"\n", day, i, day, i%10)
	}
	return b.String()
}

func tenPeople() string {
	csv := "email,unit,effective_from\n"
	for i := range 10 {
		csv += fmt.Sprintf("p%d@example.org,sales,2026-01-01\n", i)
	}
	return csv
}

// Every command does the same with a server and without one, in a directory whose path is longer than a socket's may be.
func TestCommandsWithAndWithoutAServer(t *testing.T) {
	const day = "2026-11-03"
	for _, serving := range []bool{false, true} {
		t.Run(fmt.Sprintf("serving %t", serving), func(t *testing.T) {
			h := newHouse(t)
			h.dir = filepath.Join(h.dir, strings.Repeat("a-long-name/", 10))
			h.env = append(h.env, "UPTAKE_DATA="+h.dir)
			if serving {
				h.serve()
			}
			states := h.must("migrate", "status")
			require.Equal(t, serving, !strings.Contains(states, "not yet"))
			require.NotContains(t, h.must("migrate", "up"), "not yet")

			source, reader := h.must("token", "create", "--source", "wiki"), h.must("token", "create", "--reader", "me")
			require.NotContains(t, source+reader, "\n", "the token alone goes to stdout")
			list := strings.Split(h.must("token", "list"), "\n")
			require.Len(t, list, 3)
			require.NotContains(t, strings.Join(list, ""), source)
			h.must("token", "revoke", strings.Fields(list[2])[0])
			require.Len(t, strings.Split(h.must("token", "list"), "\n"), 2)
			r := h.run("token", "revoke", "nonsense")
			require.Equal(t, exitFailed, r.code)
			require.Contains(t, r.stderr, "uptake token list")
			reader = h.must("token", "create", "--editor", "me") // reads as a reader does

			h.importEverything(t, day)
			if serving {
				return
			}
			s := h.serve()
			rows := s.adoption(reader, "wiki", day, false)
			require.Equal(t, 10, *rows[0].Active1)
			require.Equal(t, 12_000, *rows[0].Actions)
		})
	}
}

func (h *house) importEverything(t *testing.T, day string) {
	t.Helper()
	h.must("import", "people", writeFile(t, "people.csv", tenPeople()))
	h.must("import", "units", writeFile(t, "units.csv", "unit,parent,name\nsales,,Sales\n"))
	h.must("import", "tools", writeFile(t, "tools.csv", "tool,name,category\nwiki,Wiki,wiki\n"))
	h.must("import", "licences", writeFile(t, "licences.csv", "email,tool,from\np1@example.org,other,2026-01-01\n"))

	r := h.run("import", "outcomes", writeFile(t, "outcomes.csv", "unit,date,metric,value\nsales,"+day+",leads,41\n"))
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "1 changed something")
	r = h.run("import", "outcomes", writeFile(t, "wrong.csv", "unit,date,metric,value\nsales,"+day+",leads,42\nnowhere,"+day+",leads,1\n"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, `wrong.csv:3: unit: there is no unit "nowhere"`)

	events := writeFile(t, "events.ndjson", eventLines(12_000, day))
	r = h.run("import", "ndjson", events)
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "12,000 events in, 0 left out")
	require.Contains(t, r.stderr, "The figures are up to date")
	r = h.run("import", "ndjson", events)
	require.Zero(t, r.code)
	require.Contains(t, r.stderr, "was imported already")
	r = h.run("import", "ndjson", "--again", events)
	require.Zero(t, r.code)
	require.Contains(t, r.stderr, "12,000 events in", "read once more, counted once")

	wrong := writeFile(t, "wrong.ndjson", eventLines(2, day)+"nonsense\n"+strings.Replace(eventLines(1, day), "edit", "dance", 1))
	r = h.run("import", "ndjson", "--strict", wrong)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, wrong+":3: The line is no valid JSON.")
	require.Contains(t, r.stderr, wrong+":4: action: It is not known.")
	require.Contains(t, r.stderr, "Nothing was imported")
	r = h.run("import", "ndjson", wrong)
	require.Zero(t, r.code, "without --strict the good lines go in")
	require.Contains(t, r.stderr, "2 events in, 2 left out")

	bad := writeFile(t, "bad.csv", "email,unit,effective_from\nx@example.org,sales,soon\n")
	r = h.run("import", "people", bad)
	require.Zero(t, r.code)
	require.Contains(t, r.stderr, bad+":2: effective_from: ")
	r = h.run("import", "people", "--strict", bad)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, bad+":2: effective_from: ")
	r = h.run("import", "ndjson", filepath.Join(h.dir, "none.ndjson"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no such file")
}

// Standard input is a file like any other, packed or not.
func TestImportFromStandardInput(t *testing.T) {
	h := newHouse(t)
	cmd := h.command(t.Context(), "import", "ndjson", "--source", "pipe", "--no-wait", "-")
	cmd.Stdin = strings.NewReader(string(pack(t, []byte(eventLines(7, "2026-11-03")))))
	r := runCommand(t, cmd)
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "7 events in")
}

// Commands at the same moment wait for each other, and none fails; a server that starts meanwhile waits, too, and
// takes over who comes after it.
func TestCommandsAtTheSameMoment(t *testing.T) {
	h := newHouse(t)
	h.must("migrate", "up")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			r := h.run("token", "create", "--source", fmt.Sprintf("source-%d", i))
			if r.code != 0 || !strings.HasPrefix(r.stdout, "up_") {
				t.Errorf("token %d: %s", i, r.stderr)
			}
		})
	}
	wg.Go(func() {
		file := writeFile(t, "events.ndjson", eventLines(30_000, "2026-11-03"))
		if r := h.run("import", "ndjson", file); r.code != 0 {
			t.Errorf("import: %s", r.stderr)
		}
	})
	s := h.serve()
	wg.Wait()
	require.Len(t, strings.Split(h.must("token", "list"), "\n"), 1+4)
	require.Zero(t, s.stop())
}

// A command that is busy with a server goes on without it when the server ends.
func TestImportOutlivesTheServer(t *testing.T) {
	h := newHouse(t)
	s := h.serve()
	reader := h.must("token", "create", "--reader", "me")
	h.must("import", "people", writeFile(t, "people.csv", tenPeople()))
	file := writeFile(t, "events.ndjson", eventLines(150_000, "2026-11-03"))
	done := make(chan result)
	go func() { done <- h.run("import", "ndjson", file) }()
	time.Sleep(500 * time.Millisecond)
	require.Zero(t, s.stop())
	r := <-done
	require.Zero(t, r.code, r.stderr)
	require.Contains(t, r.stderr, "150,000 events in")
	rows := h.serve().adoption(reader, "wiki", "2026-11-03", false)
	require.Equal(t, 150_000, *rows[0].Actions)
}

// What a killed server left behind is replaced.
func TestStaleSocket(t *testing.T) {
	h := newHouse(t)
	s := h.serve()
	path, err := os.ReadFile(filepath.Join(h.dir, "control"))
	require.NoError(t, err)
	s.kill()
	_, err = net.Dial("unix", strings.TrimSpace(string(path)))
	require.Error(t, err, "nobody answers there any more")
	require.FileExists(t, strings.TrimSpace(string(path)))
	h.must("token", "create", "--source", "x")
	h.serve()
	h.must("token", "create", "--source", "y")
	require.Len(t, strings.Split(h.must("token", "list"), "\n"), 3)
}

// An import that was stopped or killed goes on where it was; what it had sent counts once. One that is stopped by Ctrl-C ends in
// order and says what is kept.
func TestImportGoesOn(t *testing.T) {
	h := newHouse(t)
	reader := h.must("token", "create", "--reader", "me")
	h.must("import", "people", writeFile(t, "people.csv", tenPeople()))
	file := writeFile(t, "events.ndjson", eventLines(100_000, "2026-11-03"))
	kept := func() string { // how far it has come
		states, _ := filepath.Glob(filepath.Join(h.dir, "imports", "*.json"))
		if len(states) == 0 {
			return ""
		}
		state, err := os.ReadFile(states[0])
		require.NoError(t, err)
		return string(state)
	}
	for _, signal := range []os.Signal{os.Interrupt, os.Kill} {
		before, said := kept(), &syncBuffer{}
		cmd := h.command(t.Context(), "import", "ndjson", file)
		cmd.Stderr = said
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool { return kept() != before }, time.Minute, 5*time.Millisecond, "a batch is acknowledged")
		require.NoError(t, cmd.Process.Signal(signal))
		_ = cmd.Wait()
		if signal == os.Interrupt {
			require.Equal(t, exitStopped, cmd.ProcessState.ExitCode(), "%s", said)
			require.Contains(t, said.String(), "uptake: stopped. The events that were acknowledged are kept")
		}
	}
	r := h.run("import", "ndjson", file)
	require.Zero(t, r.code, r.stderr)
	require.NotContains(t, r.stderr, "100,000 events in", "it went on, and did not begin anew")
	rows := h.serve().adoption(reader, "wiki", "2026-11-03", false)
	require.Equal(t, 100_000, *rows[0].Actions)
}
